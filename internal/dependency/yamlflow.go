package dependency

import (
	"fmt"

	"github.com/goccy/go-yaml/token"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// flowValue reads a value between brackets; none before a comma or the bracket that closes.
func (r *yamlReader) flowValue(depth int) *yamlNode {
	name := ""
	for t := r.peek(); t.Type == token.AnchorType || t.Type == token.TagType; t = r.peek() {
		if anchor := r.property(); anchor != "" {
			name = anchor
		}
	}
	var n *yamlNode
	switch t := r.peek(); t.Type {
	case token.CollectEntryType, token.MappingEndType, token.SequenceEndType:
		n = r.node(yamlNull, t.Position.Line)
	default:
		n = r.inline(depth + 1)
	}
	if name != "" {
		r.anchors[name] = n
	}
	return n
}

func (r *yamlReader) flowMapping(line, depth int) *yamlNode {
	n := r.node(yamlMapping, line)
	b := mappingBuilder{r: r, node: n}
	for r.fail == nil && !r.closes(token.MappingEndType) {
		key := r.next()
		if !isScalar(key) && key.Type != token.MergeKeyType {
			r.stop(gap.Syntax, fmt.Sprintf("%s where a key belongs", shown(key)))
			break
		}
		value := r.node(yamlNull, key.Position.Line)
		if r.peek().Type == token.MappingValueType {
			r.next()
			value = r.flowValue(depth)
		}
		b.add(key, value)
		r.comma(token.MappingEndType)
	}
	b.merge()
	return n
}

func (r *yamlReader) flowSequence(line, depth int) *yamlNode {
	n := r.node(yamlSequence, line)
	for r.fail == nil && !r.closes(token.SequenceEndType) {
		item := r.flowValue(depth)
		n.items = append(n.items, item)
		n.size += item.size
		r.comma(token.SequenceEndType)
	}
	return n
}

// closes passes over the bracket that closes a collection, if it stands next.
func (r *yamlReader) closes(bracket token.Type) bool {
	if r.peek().Type != bracket {
		return false
	}
	r.next()
	return true
}

// comma passes over the comma between two entries.
func (r *yamlReader) comma(bracket token.Type) {
	switch t := r.peek(); t.Type {
	case bracket:
	case token.CollectEntryType:
		r.next()
	default:
		r.stop(gap.Syntax, fmt.Sprintf("%s where \",\" or a bracket belongs", shown(t)))
	}
}
