package dependency

import (
	"fmt"

	"github.com/goccy/go-yaml/token"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// A yamlNode is a value of a YAML text. Aliases share the node that they name.
type yamlNode struct {
	kind  yamlKind
	line  int32
	size  int32      // nodes in it, aliases expanded
	text  string     // of a scalar, as it is written: no type is guessed
	pairs []yamlPair // of a mapping, in the order of the text, each key once
	items []*yamlNode
}

type yamlKind uint8

const (
	yamlNull yamlKind = iota
	yamlScalar
	yamlMapping
	yamlSequence
)

type yamlPair struct {
	key   string
	line  int32
	value *yamlNode
}

// get gives the value of a key, or a null.
func (n *yamlNode) get(key string) *yamlNode {
	for i := range n.pairs {
		if n.pairs[i].key == key {
			return n.pairs[i].value
		}
	}
	return &yamlNode{}
}

// A mappingBuilder adds pairs to a mapping, each key once.
type mappingBuilder struct {
	r      *yamlReader
	node   *yamlNode
	table  map[string]int // key → index in pairs, once there are many
	merged []*yamlNode    // values of "<<"
}

func (b *mappingBuilder) find(key string) int {
	pairs := b.node.pairs
	if b.table == nil && len(pairs) < fewKeys {
		for i := range pairs {
			if pairs[i].key == key {
				return i
			}
		}
		return -1
	}
	if b.table == nil {
		b.table = make(map[string]int, 4*fewKeys)
		for i := range pairs {
			b.table[pairs[i].key] = i
		}
	}
	if i, ok := b.table[key]; ok {
		return i
	}
	return -1
}

func (b *mappingBuilder) append(p yamlPair) {
	if b.table != nil {
		b.table[p.key] = len(b.node.pairs)
	}
	b.node.pairs = append(b.node.pairs, p)
	b.node.size += p.value.size
}

func (b *mappingBuilder) add(key *token.Token, value *yamlNode) {
	if key.Type == token.MergeKeyType {
		b.merged = append(b.merged, value)
		return
	}
	p := yamlPair{key: key.Value, line: min(int32(key.Position.Line), b.r.lines), value: value}
	i := b.find(p.key)
	if i < 0 {
		b.append(p)
		return
	}
	b.node.size += value.size - b.node.pairs[i].value.size
	b.node.pairs[i] = p
	b.r.doubled.add(gap.DuplicateKeys, func() (int, string, string) {
		return int(p.line), "", fmt.Sprintf("the key %.80q stands twice in one mapping; the last one counts", p.key)
	})
}

// merge adds what "<<" names, where the mapping does not have the key itself.
func (b *mappingBuilder) merge() {
	for _, from := range b.merged {
		list := []*yamlNode{from}
		if from.kind == yamlSequence {
			list = from.items
		}
		for _, m := range list {
			b.r.count(int32(len(m.pairs)))
			if b.r.fail != nil {
				return
			}
			for _, p := range m.pairs {
				if b.find(p.key) < 0 {
					b.append(p)
				}
			}
		}
	}
}
