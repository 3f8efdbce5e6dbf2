package dependency

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/goccy/go-yaml/scanner"
	"github.com/goccy/go-yaml/token"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// Bounds of one YAML text, far above real lockfiles (some 3 MB, 150,000 nodes, 6 levels). The scanner takes some 500 bytes
// for each character that has a meaning.
const (
	mostYAMLBytes = 8 << 20
	mostYAMLMarks = 1_000_000 // of these characters
	mostYAMLNodes = 1_000_000 // with all aliases expanded
	deepestYAML   = 50
)

// readYAML reads the documents of a YAML text with their lines. Doubled keys leave it readable (the last one counts) and
// come as problems beside; anything else is fatal, as are aliases that expand without end.
//
// It builds on the scanner of goccy/go-yaml and not on its parser, which takes three times as long and ten times the memory,
// calls itself once a level and fails at the first doubled key. Of YAML it lacks what lockfiles never have: collections as
// keys, aliases as keys, and tags that mean anything.
func readYAML(data []byte) (docs []*yamlNode, doubled problems, fatal *problem) {
	text, fatal := guardYAML(data)
	if fatal != nil {
		return nil, doubled, fatal
	}
	if doc, ok := readNarrowYAML(text); ok {
		return []*yamlNode{doc}, doubled, nil
	}
	return scanYAML(text)
}

// guardYAML checks a text as guardText does, and bounds what the scanner will meet.
func guardYAML(data []byte) (string, *problem) {
	text, fatal := guardText(data)
	if fatal != nil {
		return "", fatal
	}
	marks := 0
	for i, c := range text {
		if isYAMLMark[c] || c == '-' && i+1 < len(text) && text[i+1] == ' ' {
			marks++
		}
	}
	if marks > mostYAMLMarks {
		return "", &problem{kind: gap.TooLarge, detail: fmt.Sprintf("more than %d marks", mostYAMLMarks)}
	}
	return string(text), nil
}

// scanYAML reads the documents of any text.
func scanYAML(text string) (docs []*yamlNode, doubled problems, fatal *problem) {
	r := yamlReader{anchors: map[string]*yamlNode{}, lines: int32(strings.Count(text, "\n") + 1)}
	r.scanner.Init(text)
	for {
		r.directives()
		if r.peek().Type == token.DocumentHeaderType {
			r.next()
		}
		if r.fail == nil && !r.ended() || r.peek().Type == token.DocumentHeaderType || len(docs) == 0 {
			docs = append(docs, r.block(1, 0))
		}
		if r.fail == nil && !r.ended() {
			r.stop(gap.Syntax, fmt.Sprintf("%s where a document ends", shown(r.peek())))
		}
		if r.fail != nil {
			return nil, r.doubled, r.fail
		}
		for r.peek().Type == token.DocumentEndType {
			r.next()
		}
		if r.peek() == endOfYAML {
			return docs, r.doubled, nil
		}
		clear(r.anchors)
	}
}

// isYAMLMark holds the characters that can end one token and begin another.
var isYAMLMark = func() (is [256]bool) {
	for _, c := range []byte(":,[]{}?&*!|>#%\"'\n") {
		is[c] = true
	}
	return is
}()

type yamlReader struct {
	scanner scanner.Scanner
	queue   []*token.Token
	lines   int32 // of the text
	total   int32
	anchors map[string]*yamlNode
	doubled problems
	fail    *problem
}

// endOfYAML stands behind the last token.
var endOfYAML = &token.Token{Position: &token.Position{}}

// peekAt gives the token that is n places ahead.
func (r *yamlReader) peekAt(n int) *token.Token {
	for len(r.queue) <= n {
		tokens, err := r.scanner.Scan()
		if errors.Is(err, io.EOF) {
			return endOfYAML
		}
		for _, t := range tokens {
			switch t.Type {
			case token.CommentType, token.SpaceType:
			case token.InvalidType:
				err = errors.New(t.Error)
			default:
				r.queue = append(r.queue, t)
			}
		}
		if err != nil {
			line := r.lines
			if len(tokens) > 0 {
				line = min(line, int32(tokens[len(tokens)-1].Position.Line))
			}
			kind := gap.Syntax
			if strings.Contains(err.Error(), "could not find end character") {
				kind = gap.Truncated
			}
			if r.fail == nil {
				r.fail = &problem{kind: kind, line: int(line), detail: short(err.Error())}
			}
		}
		if r.fail != nil {
			return endOfYAML
		}
	}
	return r.queue[n]
}

func (r *yamlReader) peek() *token.Token {
	if r.fail != nil {
		return endOfYAML
	}
	return r.peekAt(0)
}

func (r *yamlReader) next() *token.Token {
	t := r.peek()
	if t != endOfYAML {
		r.queue = r.queue[1:]
	}
	return t
}

// ended says whether the document ends here.
func (r *yamlReader) ended() bool {
	t := r.peek()
	return t == endOfYAML || t.Type == token.DocumentHeaderType || t.Type == token.DocumentEndType
}

// stop ends the reading at the next token.
func (r *yamlReader) stop(kind gap.Kind, detail string) {
	if r.fail != nil {
		return
	}
	t := r.peek()
	if r.fail != nil {
		return
	}
	line := r.lines
	if t != endOfYAML {
		line = min(line, int32(t.Position.Line))
	} else if kind == gap.Syntax {
		kind = gap.Truncated
	}
	r.fail = &problem{kind: kind, line: int(line), detail: short(detail)}
}

func shown(t *token.Token) string {
	if t == endOfYAML {
		return "the end"
	}
	return fmt.Sprintf("%.40q", t.Value)
}

// directives passes over lines that begin with "%".
func (r *yamlReader) directives() {
	for r.peek().Type == token.DirectiveType {
		line := r.next().Position.Line
		for t := r.peek(); t != endOfYAML && t.Position.Line == line; t = r.peek() {
			r.next()
		}
	}
}

func (r *yamlReader) node(kind yamlKind, line int) *yamlNode {
	r.count(1)
	return &yamlNode{kind: kind, size: 1, line: min(int32(line), r.lines)}
}

// count bounds the nodes.
func (r *yamlReader) count(n int32) {
	if r.total += n; r.total <= mostYAMLNodes {
		return
	}
	if n > 1 || len(r.anchors) > 0 {
		r.stop(gap.AliasBomb, fmt.Sprintf("aliases expand to more than %d values", mostYAMLNodes))
	}
	r.stop(gap.TooLarge, fmt.Sprintf("more than %d values", mostYAMLNodes))
	r.total = mostYAMLNodes
}

// block reads the value that begins at the next token, if that stands in the given column or right of it; else there is
// a null. Columns count from 1.
func (r *yamlReader) block(column, depth int) *yamlNode {
	t := r.peek()
	if r.ended() || t.Position.Column < column {
		return r.node(yamlNull, t.Position.Line)
	}
	if depth > deepestYAML {
		r.stop(gap.TooDeep, fmt.Sprintf("more than %d levels", deepestYAML))
		return r.node(yamlNull, 0)
	}
	switch t.Type {
	case token.AnchorType, token.TagType:
		line, name := t.Position.Line, r.property()
		if r.opensMapping() && r.peek().Position.Line == line {
			r.stop(gap.Unsupported, "an anchor or a tag at a key")
		}
		n := r.block(column, depth+1)
		if name != "" {
			r.anchors[name] = n
		}
		return n
	case token.SequenceEntryType:
		return r.sequence(depth)
	}
	if r.opensMapping() {
		return r.mapping(depth)
	}
	return r.inline(depth)
}

// property reads an anchor or a tag, and gives the anchor's name.
func (r *yamlReader) property() string {
	if r.next().Type == token.TagType {
		return ""
	}
	return r.next().Value
}

// opensMapping says whether a key stands next.
func (r *yamlReader) opensMapping() bool {
	t := r.peek()
	if t.Type == token.MappingKeyType {
		return true
	}
	if !isScalar(t) && t.Type != token.MergeKeyType {
		return false
	}
	colon := r.peekAt(1)
	return colon.Type == token.MappingValueType && colon.Position.Line == t.Position.Line
}

func isScalar(t *token.Token) bool {
	switch t.Type {
	case token.SingleQuoteType, token.DoubleQuoteType, token.StringType, token.BoolType,
		token.NullType, token.InfinityType, token.NanType,
		token.IntegerType, token.BinaryIntegerType, token.OctetIntegerType, token.HexIntegerType, token.FloatType:
		return true
	}
	return false
}

// sequence reads entries that begin with "-" in the next token's column.
func (r *yamlReader) sequence(depth int) *yamlNode {
	column := r.peek().Position.Column
	n := r.node(yamlSequence, r.peek().Position.Line)
	for t := r.peek(); t.Type == token.SequenceEntryType && t.Position.Column == column && r.fail == nil; t = r.peek() {
		r.next()
		item := r.block(column+1, depth+1)
		n.items = append(n.items, item)
		n.size += item.size
	}
	if !r.ended() && r.peek().Position.Column > column {
		r.stop(gap.Syntax, fmt.Sprintf("%s in no column that is open", shown(r.peek())))
	}
	return n
}

// mapping reads the keys in the next token's column, with their values.
func (r *yamlReader) mapping(depth int) *yamlNode {
	column := r.peek().Position.Column
	n := r.node(yamlMapping, r.peek().Position.Line)
	b := mappingBuilder{r: r, node: n}
	for !r.ended() && r.peek().Position.Column == column && r.fail == nil {
		explicit := r.peek().Type == token.MappingKeyType
		if explicit {
			r.next()
		}
		key := r.next()
		if !isScalar(key) && key.Type != token.MergeKeyType {
			r.stop(gap.Syntax, fmt.Sprintf("%s where a key belongs", shown(key)))
			break
		}
		colon := r.peek()
		if colon.Type != token.MappingValueType {
			if explicit && (r.ended() || colon.Position.Column <= column) {
				b.add(key, r.node(yamlNull, key.Position.Line))
				continue
			}
			r.stop(gap.Syntax, fmt.Sprintf("%s where the \":\" of a key belongs", shown(colon)))
			break
		}
		r.next()
		b.add(key, r.value(column, colon, explicit, depth))
	}
	if !r.ended() && r.peek().Position.Column > column {
		r.stop(gap.Syntax, fmt.Sprintf("%s in no column that is open", shown(r.peek())))
	}
	b.merge()
	return n
}

// value reads the value of a key in a column, behind its colon.
func (r *yamlReader) value(column int, colon *token.Token, explicit bool, depth int) *yamlNode {
	name := ""
	for t := r.peek(); t.Type == token.AnchorType || t.Type == token.TagType; t = r.peek() {
		if t.Position.Line != colon.Position.Line && t.Position.Column <= column {
			break
		}
		if anchor := r.property(); anchor != "" {
			name = anchor
		}
	}
	t := r.peek()
	var n *yamlNode
	switch {
	case r.ended():
		n = r.node(yamlNull, colon.Position.Line)
	case t.Position.Line != colon.Position.Line || explicit:
		if t.Type == token.SequenceEntryType {
			n = r.block(column, depth+1) // it may stand below its key
		} else {
			n = r.block(column+1, depth+1)
		}
	case t.Type == token.SequenceEntryType, r.opensMapping():
		r.stop(gap.Syntax, fmt.Sprintf("%s behind a key", shown(t)))
		n = r.node(yamlNull, 0)
	default:
		n = r.inline(depth)
	}
	if name != "" {
		r.anchors[name] = n
	}
	return n
}

// inline reads a scalar, an alias, or a collection in brackets.
func (r *yamlReader) inline(depth int) *yamlNode {
	if depth > deepestYAML {
		r.stop(gap.TooDeep, fmt.Sprintf("more than %d levels", deepestYAML))
		return r.node(yamlNull, 0)
	}
	t := r.next()
	line := t.Position.Line
	switch {
	case t.Type == token.NullType:
		return r.node(yamlNull, line)
	case isScalar(t):
		n := r.node(yamlScalar, line)
		n.text = t.Value
		return n
	case t.Type == token.LiteralType, t.Type == token.FoldedType:
		n := r.node(yamlScalar, line)
		if r.peek().Type == token.StringType { // the scanner puts an empty one where there is nothing
			n.text = r.next().Value
		}
		return n
	case t.Type == token.AliasType:
		n := r.anchors[r.peek().Value]
		if n == nil {
			r.stop(gap.Syntax, "an alias of nothing")
			return r.node(yamlNull, line)
		}
		r.next()
		r.count(n.size)
		return n
	case t.Type == token.MappingStartType:
		return r.flowMapping(line, depth)
	case t.Type == token.SequenceStartType:
		return r.flowSequence(line, depth)
	}
	r.stop(gap.Syntax, fmt.Sprintf("%s where a value belongs", shown(t)))
	return r.node(yamlNull, line)
}
