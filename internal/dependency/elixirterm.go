package dependency

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// Bounds of one Elixir term. Real ones stay under 10,000 values and 8 levels.
const (
	mostTerms   = 1_000_000
	deepestTerm = 50
)

// A term is an Elixir literal of the kinds that Mix writes.
type term struct {
	kind  termKind
	line  int32
	text  string // of a string, an atom, or a word such as a number
	items []term // of a tuple, a list, or a map
	keys  []term // of a map or a keyword list, beside its items; nil if there are none
}

type termKind uint8

const (
	termWord termKind = iota
	termString
	termAtom
	termTuple
	termList
	termMap
)

// at gives an item, or nothing.
func (t *term) at(i int) *term {
	if i < len(t.items) {
		return &t.items[i]
	}
	return &term{}
}

// get gives the value of a key, or nothing.
func (t *term) get(key string) *term {
	for i := range t.keys {
		if t.keys[i].text == key {
			return &t.items[i]
		}
	}
	return &term{}
}

// readTerm reads a text that holds one Elixir term: maps, tuples, lists, strings, atoms, numbers and words. Nothing is run.
//
// https://hexdocs.pm/elixir/syntax-reference.html
func readTerm(text string) (term, *problem) {
	r := termReader{text: text, line: 1}
	t := r.term(0)
	r.space()
	if r.fail == nil && r.pos < len(r.text) {
		r.stop(gap.Syntax, glyph([]byte(r.text[r.pos:]))+" after the end")
	}
	return t, r.fail
}

type termReader struct {
	text  string
	pos   int
	line  int32
	total int
	fail  *problem
}

func (r *termReader) stop(kind gap.Kind, detail string) {
	if r.fail == nil {
		r.fail = &problem{kind: kind, line: int(r.line), detail: detail}
	}
}

func (r *termReader) unexpected(want string) {
	if r.pos >= len(r.text) {
		r.stop(gap.Truncated, "ends before "+want)
		return
	}
	r.stop(gap.Syntax, fmt.Sprintf("%s where %s belongs", glyph([]byte(r.text[r.pos:])), want))
}

// space passes over blanks and comments.
func (r *termReader) space() {
	for r.pos < len(r.text) {
		switch r.text[r.pos] {
		case '\n':
			r.line++
		case ' ', '\t', '\r':
		case '#':
			for r.pos+1 < len(r.text) && r.text[r.pos+1] != '\n' {
				r.pos++
			}
		default:
			return
		}
		r.pos++
	}
}

// next says whether a text stands next, and passes over it.
func (r *termReader) next(text string) bool {
	if !strings.HasPrefix(r.text[r.pos:], text) {
		return false
	}
	r.pos += len(text)
	return true
}

func (r *termReader) term(depth int) term {
	r.space()
	t := term{line: r.line}
	if r.total++; r.total > mostTerms {
		r.stop(gap.TooLarge, fmt.Sprintf("more than %d values", mostTerms))
	}
	if depth > deepestTerm {
		r.stop(gap.TooDeep, fmt.Sprintf("more than %d levels", deepestTerm))
	}
	switch {
	case r.fail != nil:
	case r.next("%{"):
		t.kind = termMap
		r.items(&t, "}", depth)
	case r.next("{"):
		t.kind = termTuple
		r.items(&t, "}", depth)
	case r.next("["):
		t.kind = termList
		r.items(&t, "]", depth)
	case r.next(`:"`):
		t.kind, t.text = termAtom, r.quoted()
	case r.next(`"`):
		t.kind, t.text = termString, r.quoted()
	case r.next(":"):
		t.kind, t.text = termAtom, r.word()
	default:
		t.text = r.word()
	}
	return t
}

// items reads what stands in brackets: values, or "key: value" and "key => value".
func (r *termReader) items(t *term, end string, depth int) {
	for {
		if r.space(); r.fail != nil || r.next(end) {
			return
		}
		item := r.term(depth + 1)
		// The colon of a key follows it at once.
		isKey := (item.kind == termWord || item.kind == termString) && r.fail == nil && r.next(":")
		if r.space(); !isKey && t.kind == termMap && r.fail == nil {
			isKey = r.next("=>")
		}
		switch {
		case isKey:
			if len(t.keys) < len(t.items) {
				r.stop(gap.Syntax, "a key behind a value without one")
			}
			t.keys = append(t.keys, item)
			item = r.term(depth + 1)
		case t.kind == termMap, len(t.keys) > 0:
			r.unexpected("the sign behind a key")
		}
		t.items = append(t.items, item)
		if r.space(); r.fail != nil || r.next(end) {
			return
		}
		if !r.next(",") {
			r.unexpected(`"," or "` + end + `"`)
		}
	}
}

// word reads a bare name or a number.
func (r *termReader) word() string {
	start := r.pos
	for r.pos < len(r.text) {
		c, n := utf8.DecodeRuneInString(r.text[r.pos:])
		if !unicode.IsLetter(c) && !unicode.IsDigit(c) && !strings.ContainsRune("_@.?!-", c) {
			break
		}
		r.pos += n
	}
	if r.pos == start {
		r.unexpected("a value")
	}
	return r.text[start:r.pos]
}

// quoted reads the rest of a string up to the quote that ends it. Of escapes it knows those of single characters; one that
// computes something ("#{…}") ends the reading.
func (r *termReader) quoted() string {
	var b strings.Builder
	for r.pos < len(r.text) {
		switch c := r.text[r.pos]; {
		case c == '"':
			r.pos++
			return b.String()
		case c == '#' && strings.HasPrefix(r.text[r.pos:], "#{"):
			r.stop(gap.Syntax, "a string that computes something")
			return ""
		case c == '\\' && r.pos+1 < len(r.text):
			r.pos++
			switch e := r.text[r.pos]; e {
			case 'n':
				b.WriteByte('\n')
			case 't':
				b.WriteByte('\t')
			case 'r':
				b.WriteByte('\r')
			case 'x', 'u':
				r.stop(gap.Syntax, "a character given by its number")
				return ""
			default:
				b.WriteByte(e)
			}
			if r.text[r.pos] == '\n' {
				r.line++
			}
		default:
			if c == '\n' {
				r.line++
			}
			b.WriteByte(c)
		}
		r.pos++
	}
	r.unexpected(`the end of a string`)
	return ""
}
