package people

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"github.com/mainstay-oss/mainstay/internal/plain"
)

// The parser takes some hundred bytes of memory for each byte of text, and time that grows with the square of the keys of one
// mapping. So a long file is given to it in pieces of a few entries.
const (
	pieceSize = 4 << 10  // entries are put together up to this size
	entrySize = 64 << 10 // what is in one piece may not be larger
	entryKeys = 2000     // nor have more keys
)

// A piece is a part of a file that is YAML by itself.
type piece struct {
	line int // of its first line
	text string
}

// sections takes a file apart at the lines that begin a top-level key.
func sections(text string) ([]piece, error) {
	var starts []int // offsets of sections
	var lines []int
	number, offset, end := 0, 0, len(text)
	for line := range strings.Lines(text) {
		number++
		content := strings.TrimSpace(line)
		marker := strings.TrimRight(line, " \t\n")
		switch {
		case content == "" || content[0] == '#':
		case end < len(text) || marker == "---" && len(starts) > 0:
			return nil, fmt.Errorf("[%d:1] a second document, where a file holds one", number)
		case marker == "...":
			end = offset
		case marker == "---":
		case len(starts) > 0 && text[starts[0]] == '{': // all keys in one pair of braces
		case isDash(content) || strings.ContainsRune(" \t]}", rune(line[0])):
			if len(starts) == 0 {
				return nil, fmt.Errorf("[%d:1] expected one of the keys %s", number, strings.Join(fileKeys, ", "))
			}
		default:
			starts, lines = append(starts, offset), append(lines, number)
		}
		offset += len(line)
	}
	pieces := make([]piece, len(starts))
	for i, start := range starts {
		next := end
		if i+1 < len(starts) {
			next = starts[i+1]
		}
		pieces[i] = piece{lines[i], text[start:next]}
	}
	return pieces, nil
}

func isDash(content string) bool { return content == "-" || strings.HasPrefix(content, "- ") }

// keyAlone is a line with a key and nothing else.
var keyAlone = regexp.MustCompile(`^["']?(\w+)["']?[ \t]*:([ \t]+#.*|[ \t]*)$`)

// entries takes a section apart that is a list in block style, with a dash for each entry under the key; ok is false if it
// is none. In valid YAML nothing that belongs to an entry stands as far to the left as its dash.
func (s piece) entries() (key string, all []piece, ok bool, err error) {
	first, body, _ := strings.Cut(s.text, "\n")
	m := keyAlone.FindStringSubmatch(first)
	if m == nil {
		return "", nil, false, nil
	}
	indent, number, offset, start := -1, s.line, 0, 0
	for line := range strings.Lines(body) {
		number++
		content := strings.TrimSpace(line)
		column := len(line) - len(strings.TrimLeft(line, " "))
		switch {
		case content == "" || content[0] == '#':
		case indent < 0 && !isDash(content):
			return "", nil, false, nil
		case column < indent && content[0] != ']' && content[0] != '}':
			return "", nil, false, fmt.Errorf("[%d:%d] neither under the entry above nor beside it", number, column+1)
		case indent < 0 || column == indent && isDash(content):
			if indent >= 0 {
				all[len(all)-1].text = body[start:offset]
			}
			indent, start = column, offset
			all = append(all, piece{line: number})
		}
		offset += len(line)
	}
	if indent < 0 {
		return "", nil, false, nil
	}
	all[len(all)-1].text = body[start:]
	return m[1], all, true, nil
}

// together joins the entries of one list to pieces of some size. They stand next to each other.
func together(entries []piece) (pieces []piece) {
	var b strings.Builder
	for i, e := range entries {
		if b.Len() == 0 {
			pieces = append(pieces, piece{line: e.line})
		}
		b.WriteString(e.text)
		if i+1 == len(entries) || b.Len()+len(entries[i+1].text) > pieceSize {
			pieces[len(pieces)-1].text = b.String()
			b.Reset()
		}
	}
	return pieces
}

// A value is a part of a parsed piece.
type value struct {
	node  ast.Node // nil for nothing
	shift int      // lines before the piece
}

func (v value) line() int {
	if v.node == nil || v.node.GetToken() == nil {
		return v.shift + 1
	}
	return v.shift + v.node.GetToken().Position.Line
}

// parse reads a piece as YAML. An error names line and column in the file.
func (s piece) parse() (value, error) {
	v := value{shift: s.line - 1}
	tokens, err := plain.Tokens(s.text)
	if err != nil {
		var e *plain.Error
		if errors.As(err, &e) {
			return v, fmt.Errorf("[%d:%d] %s", e.Line+v.shift, e.Column, e.Message)
		}
		return v, err
	}
	keys := 0
	for _, t := range tokens {
		switch t.Type {
		case token.MappingKeyType:
			return v, fmt.Errorf("[%d:%d] keys with ? have no place here", t.Position.Line+v.shift, t.Position.Column)
		case token.MappingValueType:
			keys++
		}
	}
	if keys > entryKeys {
		return v, fmt.Errorf("[%d:1] more than %d keys in one entry", s.line, entryKeys)
	}
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		var e yaml.Error
		if errors.As(err, &e) && e.GetToken() != nil {
			at := e.GetToken().Position
			return v, fmt.Errorf("[%d:%d] %s", at.Line+v.shift, at.Column, printable(e.GetMessage()))
		}
		return v, fmt.Errorf("[%d:1] no YAML", s.line)
	}
	if len(file.Docs) > 0 {
		v.node = file.Docs[0].Body
	}
	return v, nil
}

// text gives a single value; "null" is an empty one. ok is false for collections.
func (v value) text() (s string, ok bool) {
	switch n := v.node.(type) {
	case nil, *ast.NullNode:
		return "", true
	case *ast.LiteralNode:
		return strings.TrimSpace(n.Value.Value), true
	case *ast.StringNode:
		return strings.TrimSpace(n.Value), true
	case ast.ScalarNode:
		return strings.TrimSpace(n.GetToken().Value), true // a number or the like as it stands: 2020 is a date
	}
	return "", false
}

// list gives the values of a list; what is no list is one of a single value, and nothing is none.
func (v value) list() (all []value) {
	switch n := v.node.(type) {
	case nil, *ast.NullNode, *ast.CommentGroupNode:
	case *ast.SequenceNode:
		for _, one := range n.Values {
			all = append(all, value{one, v.shift})
		}
	default:
		all = []value{v}
	}
	return all
}

// A field is one key of a mapping with its value.
type field struct {
	key   string
	line  int
	value value
}

// fields gives the keys of a mapping in their order; ok is false if it is none.
func (v value) fields() (all []field, ok bool) {
	var pairs []*ast.MappingValueNode
	switch n := v.node.(type) {
	case *ast.MappingNode:
		pairs = n.Values
	case *ast.MappingValueNode:
		pairs = []*ast.MappingValueNode{n}
	default:
		return nil, false
	}
	for _, p := range pairs {
		key := value{p.Key, v.shift}
		name, _ := key.text()
		all = append(all, field{name, key.line(), value{p.Value, v.shift}})
	}
	return all, true
}
