package dependency

import (
	"bytes"
	"fmt"
	"hash/maphash"
	"unicode/utf8"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// deepestJSON bounds how many objects and arrays may stand one in another. Real lockfiles and SBOMs stay under 30.
const deepestJSON = 200

// mostKeys bounds the keys of large objects that are open at one place, which the guard must remember.
const mostKeys = 1_000_000

// A problem is one thing wrong with a file, before it is known which file.
type problem struct {
	kind   gap.Kind
	line   int // 1-based, 0 if not known
	what   string
	detail string
	file   string // where it is in a file that this one includes: the path from this one's folder
	unread bool   // nothing of the file was read, whatever the kind says
}

// guardJSON checks that data is one well-formed JSON text (RFC 8259) in UTF-8 that two readers cannot understand in two
// ways. It gives the text without byte order mark, ready for a [jsonReader], which trusts it. Doubled keys leave it
// readable (the last one counts, as in JavaScript) and come as problems beside; anything else is fatal.
// Time is linear; memory is bounded by mostKeys.
func guardJSON(data []byte) (text []byte, doubled problems, fatal *problem) {
	text, fatal = guardText(data)
	if fatal != nil {
		return nil, doubled, fatal
	}
	g := guard{data: text, seed: maphash.MakeSeed()}
	g.space()
	if err := g.value(0); err != nil {
		return nil, doubled, err
	}
	g.space()
	if g.pos < len(text) {
		return nil, doubled, g.fail(gap.Syntax, fmt.Sprintf("%s after the end", glyph(text[g.pos:])))
	}
	return text, g.doubled, nil
}

// guardText checks that data is text in UTF-8 and not blank, and takes off the byte order mark.
func guardText(data []byte) ([]byte, *problem) {
	switch {
	case bytes.HasPrefix(data, []byte{0xFF, 0xFE}), bytes.HasPrefix(data, []byte{0xFE, 0xFF}):
		return nil, &problem{kind: gap.Encoding, line: 1, detail: "UTF-16, not UTF-8"}
	case len(data) >= 2 && (data[0] == 0) != (data[1] == 0):
		return nil, &problem{kind: gap.Encoding, line: 1, detail: "a zero byte: UTF-16 without a mark, or not text"}
	}
	data = bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF"))
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, &problem{kind: gap.Empty}
	}
	if utf8.Valid(data) {
		return data, nil
	}
	for i := 0; ; {
		r, n := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && n <= 1 {
			p := &problem{kind: gap.Encoding, line: lineOf(data, i), detail: fmt.Sprintf("byte 0x%02x is not UTF-8", data[i])}
			if !utf8.FullRune(data[i:]) {
				p.kind, p.detail = gap.Truncated, "ends within a character"
			}
			return nil, p
		}
		i += n
	}
}

// lineOf gives the 1-based line of an offset. It is linear: for single places only.
func lineOf(data []byte, offset int) int { return bytes.Count(data[:offset], []byte{'\n'}) + 1 }

// glyph names the character that data begins with.
func glyph(data []byte) string {
	r, _ := utf8.DecodeRune(data)
	return fmt.Sprintf("%q", r)
}

type guard struct {
	data    []byte
	pos     int
	keys    [][]byte // of the open small objects, innermost last
	tabled  int      // keys of the open large objects
	seed    maphash.Seed
	doubled problems
}

func (g *guard) fail(kind gap.Kind, detail string) *problem {
	return &problem{kind: kind, line: lineOf(g.data, min(g.pos, len(g.data))), detail: detail}
}

// unexpected fails at the current place: truncated at the end of the file, a syntax error before.
func (g *guard) unexpected(want string) *problem {
	if g.pos >= len(g.data) {
		return g.fail(gap.Truncated, "ends before "+want)
	}
	return g.fail(gap.Syntax, fmt.Sprintf("%s where %s belongs", glyph(g.data[g.pos:]), want))
}

func (g *guard) space() { g.pos = skipSpace(g.data, g.pos) }

func skipSpace(data []byte, pos int) int {
	for pos < len(data) && (data[pos] == ' ' || data[pos] == '\n' || data[pos] == '\r' || data[pos] == '\t') {
		pos++
	}
	return pos
}

func (g *guard) value(depth int) *problem {
	if g.pos >= len(g.data) {
		return g.unexpected("a value")
	}
	switch c := g.data[g.pos]; c {
	case '{', '[':
		if depth == deepestJSON {
			return g.fail(gap.TooDeep, fmt.Sprintf("more than %d levels", deepestJSON))
		}
		if c == '{' {
			return g.object(depth + 1)
		}
		return g.array(depth + 1)
	case '"':
		_, err := g.text()
		return err
	case 't':
		return g.word("true")
	case 'f':
		return g.word("false")
	case 'n':
		return g.word("null")
	default:
		return g.number()
	}
}

func (g *guard) word(w string) *problem {
	for i := range len(w) {
		if g.pos >= len(g.data) || g.data[g.pos] != w[i] {
			return g.unexpected(w)
		}
		g.pos++
	}
	return nil
}

func (g *guard) digits() bool {
	start := g.pos
	for g.pos < len(g.data) && '0' <= g.data[g.pos] && g.data[g.pos] <= '9' {
		g.pos++
	}
	return g.pos > start
}

func (g *guard) at(chars string) bool {
	return g.pos < len(g.data) && bytes.IndexByte([]byte(chars), g.data[g.pos]) >= 0
}

func (g *guard) number() *problem {
	start := g.pos
	if g.at("-") {
		g.pos++
	}
	if g.at("0") {
		g.pos++
	} else if !g.digits() {
		if g.pos == start {
			return g.unexpected("a value")
		}
		return g.unexpected("a digit")
	}
	if g.at(".") {
		g.pos++
		if !g.digits() {
			return g.unexpected("a digit")
		}
	}
	if g.at("eE") {
		g.pos++
		if g.at("+-") {
			g.pos++
		}
		if !g.digits() {
			return g.unexpected("a digit")
		}
	}
	return nil
}

// text reads a string and gives what stands between its quotes.
func (g *guard) text() ([]byte, *problem) {
	g.pos++ // the quote
	start := g.pos
	for g.pos < len(g.data) {
		switch c := g.data[g.pos]; {
		case c == '"':
			g.pos++
			return g.data[start : g.pos-1], nil
		case c < 0x20:
			return nil, g.fail(gap.Syntax, fmt.Sprintf("%s within a string", glyph(g.data[g.pos:])))
		case c != '\\':
			g.pos++
		default:
			g.pos++
			if g.at("u") {
				g.pos++
				for range 4 {
					if !g.at("0123456789abcdefABCDEF") {
						return nil, g.unexpected("a hexadecimal digit")
					}
					g.pos++
				}
			} else if g.at(`"\/bfnrt`) {
				g.pos++
			} else {
				return nil, g.unexpected("an escape")
			}
		}
	}
	return nil, g.unexpected("the end of a string")
}

func (g *guard) array(depth int) *problem {
	g.pos++
	g.space()
	if g.at("]") {
		g.pos++
		return nil
	}
	for {
		if err := g.value(depth); err != nil {
			return err
		}
		g.space()
		switch {
		case g.at("]"):
			g.pos++
			return nil
		case g.at(","):
			g.pos++
			g.space()
		default:
			return g.unexpected("\",\" or \"]\"")
		}
	}
}

// fewKeys is the number of keys up to which comparing each with each is faster than a table.
const fewKeys = 12

func (g *guard) object(depth int) *problem {
	g.pos++
	g.space()
	if g.at("}") {
		g.pos++
		return nil
	}
	base := len(g.keys)
	var table map[uint64][]byte // by hash, once the object is large
	defer func() {
		g.keys = g.keys[:base]
		g.tabled -= len(table)
	}()
	for {
		if !g.at(`"`) {
			return g.unexpected("a key")
		}
		start := g.pos
		key, err := g.text()
		if err != nil {
			return err
		}
		if bytes.IndexByte(key, '\\') >= 0 {
			key = unescape(key)
		}
		if g.tabled > mostKeys {
			return g.fail(gap.TooLarge, fmt.Sprintf("more than %d keys", mostKeys))
		}
		if g.seen(key, g.keys[base:], &table) {
			g.doubled.add(gap.DuplicateKeys, func() (int, string, string) {
				return lineOf(g.data, start), "", fmt.Sprintf("the key %.80q stands twice in one object; the last one counts", key)
			})
		} else if table == nil {
			g.keys = append(g.keys, key)
		}
		g.space()
		if !g.at(":") {
			return g.unexpected("\":\"")
		}
		g.pos++
		g.space()
		if err := g.value(depth); err != nil {
			return err
		}
		g.space()
		switch {
		case g.at("}"):
			g.pos++
			return nil
		case g.at(","):
			g.pos++
			g.space()
		default:
			return g.unexpected("\",\" or \"}\"")
		}
	}
}

// seen says whether a key is among those before it, and moves these to a table when they become many.
func (g *guard) seen(key []byte, before [][]byte, table *map[uint64][]byte) bool {
	if *table == nil && len(before) < fewKeys {
		for _, k := range before {
			if bytes.Equal(k, key) {
				return true
			}
		}
		return false
	}
	if *table == nil {
		*table = make(map[uint64][]byte, 4*fewKeys)
		for _, k := range before {
			(*table)[maphash.Bytes(g.seed, k)] = k
		}
		g.tabled += len(*table)
	}
	// Two keys of one 64-bit hash: one chance in 10^7 for a million keys, and then a doubled key may go unseen.
	h := maphash.Bytes(g.seed, key)
	if k, ok := (*table)[h]; ok {
		return bytes.Equal(k, key)
	}
	(*table)[h] = key
	g.tabled++
	return false
}
