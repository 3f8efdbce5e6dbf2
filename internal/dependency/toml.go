package dependency

import (
	"errors"
	"strings"

	"github.com/BurntSushi/toml"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// What one TOML file may hold. The decoder keeps up to a kilobyte for each key, takes time for each part of one that
// grows with the parts before it, and recurses into what stands one in another. A uv.lock of 1 MB holds 40,000 values by
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
func readTOML(data []byte) (tomlFile, *problem) { return decodeTOML(data, nil) }

// decodeTOML is readTOML without the archives that stand under some keys, for lines that are the same.
func decodeTOML(data []byte, without []string) (tomlFile, *problem) {
	data, fatal := guardText(data)
	if fatal != nil {
		return tomlFile{}, fatal
	}
	f := tomlFile{tomlTable: tomlTable{}, content: string(data)}
	s := tomlScanner{text: f.content, line: 1, without: without}
	if fatal := s.scan(); fatal != nil {
		return tomlFile{}, fatal
	}
	if s.from > 0 {
		s.kept.WriteString(f.content[s.from:])
		f.content = s.kept.String()
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
