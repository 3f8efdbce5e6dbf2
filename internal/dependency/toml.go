package dependency

import (
	"errors"
	"fmt"
	"strings"

	"github.com/BurntSushi/toml"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// What one TOML file may hold. The decoder keeps up to a kilobyte for each key, takes time for each part of one that
// grows with the parts before it, and recurses into what stands one in another. A uv.lock of 1 MB holds 50,000 values by
// this count, and real files stay under 6 levels.
const (
	mostTOMLValues = 1_000_000 // statements, parts of keys, and signs between values
	deepestTOML    = 64        // brackets one in another
	mostKeyParts   = 32        // a.b.c
)

// A tomlTable is a decoded table. It is lenient in types: a value that is not what was asked for is as if absent.
type tomlTable map[string]any

func (t tomlTable) text(key string) string {
	s, _ := t[key].(string)
	return s
}

func (t tomlTable) truth(key string) bool {
	b, _ := t[key].(bool)
	return b
}

func (t tomlTable) table(key string) tomlTable { return asTable(t[key]) }

// tables gives an array of tables, however it is written; elements that are no table are nil.
func (t tomlTable) tables(key string) []tomlTable { return asTables(t[key]) }

// list gives the elements of an array.
func (t tomlTable) list(key string) []any {
	list, _ := t[key].([]any)
	return list
}

// texts gives the strings of an array.
func (t tomlTable) texts(key string) []string {
	var texts []string
	for _, v := range t.list(key) {
		if s, ok := v.(string); ok {
			texts = append(texts, s)
		}
	}
	return texts
}

func asTable(v any) tomlTable {
	m, _ := v.(map[string]any)
	return m
}

func asTables(v any) []tomlTable {
	switch v := v.(type) {
	case []map[string]any: // [[key]]
		tables := make([]tomlTable, len(v))
		for i, m := range v {
			tables[i] = m
		}
		return tables
	case []any: // key = [{…}]
		tables := make([]tomlTable, len(v))
		for i, m := range v {
			tables[i] = asTable(m)
		}
		return tables
	}
	return nil
}

// A tomlFile is a TOML file, decoded, and its text, for the lines that the decoder does not give.
type tomlFile struct {
	tomlTable
	content string
}

// readTOML decodes a TOML file (https://toml.io/en/v1.0.0) in bounded memory. Doubled keys are fatal, as the
// specification wants it.
func readTOML(data []byte) (tomlFile, *problem) {
	data, fatal := guardText(data)
	if fatal != nil {
		return tomlFile{}, fatal
	}
	f := tomlFile{tomlTable: tomlTable{}, content: string(data)}
	s := tomlScanner{text: f.content, line: 1}
	if fatal := s.scan(); fatal != nil {
		return tomlFile{}, fatal
	}
	_, err := toml.Decode(f.content, (*map[string]any)(&f.tomlTable))
	if err != nil {
		return tomlFile{}, tomlProblem(f.content, err)
	}
	return f, nil
}

// tomlProblem says where and why a file is not TOML.
func tomlProblem(text string, err error) *problem {
	p := &problem{kind: gap.Syntax, detail: short(err.Error()), unread: true}
	var parse toml.ParseError
	if !errors.As(err, &parse) {
		return p
	}
	p.line = min(max(parse.Position.Line, 0), strings.Count(text, "\n")+1)
	p.detail = short(parse.Message)
	switch {
	case strings.Contains(parse.Message, "already been defined"), strings.Contains(parse.Message, "already created"):
		p.kind, p.detail = gap.DuplicateKeys, short(parse.Message+" No two readers need agree on such a file: nothing of it was read.")
	case strings.Contains(parse.Message, "EOF"), strings.Contains(parse.Message, "end of file"),
		strings.Contains(parse.Message, `\x00`) && !strings.Contains(text, "\x00"): // how the lexer shows the end
		p.kind = gap.Truncated
	}
	return p
}

// headers gives the lines of the tables [[name]], in order.
func (f tomlFile) headers(name string) []int {
	var lines []int
	s := tomlScanner{text: f.content, line: 1, header: func(table string, array bool, line int) {
		if array && table == name {
			lines = append(lines, line)
		}
	}}
	s.scan()
	return lines
}

// lastLine gives the number of the last line.
func (f tomlFile) lastLine() int { return strings.Count(f.content, "\n") + 1 }

// entries gives the tables of an array of tables, with the line of each; 0 where the array is written inline.
func (f tomlFile) entries(name string) (tables []tomlTable, lines []int) {
	tables, lines = f.tables(name), f.headers(name)
	if len(lines) != len(tables) {
		lines = make([]int, len(tables))
	}
	return tables, lines
}

// A tomlPlace names a value of a file: a key of a table, and one of the strings that stand behind it, or none.
type tomlPlace struct{ table, key, text string }

// places gives the line of each key, and of each short string in its value; of the same twice, the first.
func (f tomlFile) places() map[tomlPlace]int {
	lines := map[tomlPlace]int{}
	table := ""
	note := func(p tomlPlace, line int) {
		if _, ok := lines[p]; !ok {
			lines[p] = line
		}
	}
	s := tomlScanner{
		text:   f.content,
		line:   1,
		header: func(name string, _ bool, _ int) { table = name },
		key:    func(key string, line int) { note(tomlPlace{table: table, key: key}, line) },
		value:  func(key, text string, line int) { note(tomlPlace{table, key, text}, line) },
	}
	s.scan()
	return lines
}

// A tomlScanner goes through a TOML text once, to bound what the decoder will meet and to tell lines. It trusts nothing
// and checks nothing else: a text that is not TOML is for the decoder to refuse.
type tomlScanner struct {
	text string
	pos  int
	line int

	header func(table string, array bool, line int)
	key    func(key string, line int)
	value  func(key, text string, line int) // a string without escapes
}

const longestPlace = 1024 // bytes of a string that value is told of

func (s *tomlScanner) scan() *problem {
	depth, values, dots := 0, 0, 0
	key, start := "", true // start: a statement begins here
	for s.pos < len(s.text) {
		c := s.text[s.pos]
		switch {
		case c == '\n':
			s.line++
			s.pos++
			start = start || depth == 0
			continue
		case c == ' ', c == '\t', c == '\r':
			s.pos++
			continue
		case c == '#':
			s.pos = s.endOfLine()
			continue
		}
		if start {
			start = false
			name, parts := s.statement()
			if parts > mostKeyParts {
				return s.tooDeep(fmt.Sprintf("a key of more than %d parts", mostKeyParts))
			}
			if values += 1 + parts; values > mostTOMLValues {
				return s.tooMany()
			}
			if c != '[' {
				key = name
			}
			continue
		}
		switch c {
		case '"', '\'':
			line := s.line
			text := s.quoted()
			if s.value != nil && len(text) <= longestPlace && (c == '\'' || !strings.Contains(text, `\`)) {
				s.value(key, text, line)
			}
			continue
		case '[', '{':
			if depth++; depth > deepestTOML {
				return s.tooDeep(fmt.Sprintf("more than %d levels", deepestTOML))
			}
			dots = 0
		case ']', '}':
			depth, dots = max(0, depth-1), 0
		case ',', '=':
			values++
			dots = 0
		case '.': // between the parts of a key within an inline table; a number has one at most
			values++
			if dots++; dots > mostKeyParts {
				return s.tooDeep(fmt.Sprintf("a key of more than %d parts", mostKeyParts))
			}
		}
		if values > mostTOMLValues {
			return s.tooMany()
		}
		s.pos++
	}
	return nil
}

func (s *tomlScanner) tooMany() *problem {
	return &problem{kind: gap.TooLarge, line: s.line, detail: fmt.Sprintf("over %d keys and values", mostTOMLValues), unread: true}
}

func (s *tomlScanner) tooDeep(detail string) *problem {
	return &problem{kind: gap.TooDeep, line: s.line, detail: detail, unread: true}
}

// statement reads the header of a table, to the end of its line, or a key.
func (s *tomlScanner) statement() (name string, parts int) {
	line := s.line
	if s.text[s.pos] != '[' {
		if name, parts = s.keyParts(); s.key != nil && parts > 0 {
			s.key(name, line)
		}
		return name, parts
	}
	array := strings.HasPrefix(s.text[s.pos:], "[[")
	s.pos++
	if array {
		s.pos++
	}
	name, parts = s.keyParts()
	s.pos = s.endOfLine()
	if s.header != nil {
		s.header(name, array, line)
	}
	return name, parts
}

// keyParts reads the parts of a key, and gives them joined by points and without quotes.
func (s *tomlScanner) keyParts() (name string, parts int) {
	for s.pos < len(s.text) {
		switch c := s.text[s.pos]; {
		case c == ' ', c == '\t', c == '.':
			s.pos++
			continue
		case c == '"', c == '\'':
			name = joinKey(name, s.quoted())
		case isBare(c):
			start := s.pos
			for s.pos < len(s.text) && isBare(s.text[s.pos]) {
				s.pos++
			}
			name = joinKey(name, s.text[start:s.pos])
		default:
			return name, parts
		}
		if parts++; parts > mostKeyParts {
			return name, parts
		}
	}
	return name, parts
}

func joinKey(name, part string) string {
	if name == "" {
		return part
	}
	return name + "." + part
}

func isBare(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '-'
}

func (s *tomlScanner) endOfLine() int {
	if n := strings.IndexByte(s.text[s.pos:], '\n'); n >= 0 {
		return s.pos + n
	}
	return len(s.text)
}

// quoted moves behind a string of any of the four kinds, and gives what stands between its quotes.
func (s *tomlScanner) quoted() string {
	quote := s.text[s.pos : s.pos+1]
	long := strings.HasPrefix(s.text[s.pos:], quote+quote+quote)
	if long {
		quote += quote + quote
	}
	s.pos += len(quote)
	start := s.pos
	for s.pos < len(s.text) {
		switch c := s.text[s.pos]; {
		case strings.HasPrefix(s.text[s.pos:], quote):
			inner := s.text[start:s.pos]
			s.pos += len(quote)
			for long && s.pos < len(s.text) && s.text[s.pos] == quote[0] { // """text"""" ends in a quote of its own
				s.pos++
			}
			return inner
		case c == '\\' && quote[0] == '"' && s.pos+1 < len(s.text) && s.text[s.pos+1] != '\n':
			s.pos += 2
			continue
		case c == '\n' && !long:
			return s.text[start:s.pos]
		case c == '\n':
			s.line++
		}
		s.pos++
	}
	return s.text[start:]
}
