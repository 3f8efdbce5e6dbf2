package config

import (
	"fmt"

	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/token"
)

// maxDepth bounds how deep collections may stand in each other. The settings need two levels; the parser calls itself once a
// level and takes memory that grows with the square of the depth.
const maxDepth = 10

// plain checks, without parsing, that a text uses only as much of YAML as settings need: no anchors and aliases, whose
// value may be exponentially larger than the text, no tags, and no deep nesting.
func plain(text string) error {
	var blocks []int // columns of the block collections that are open
	flow := 0        // brackets and braces that are open
	var before *token.Token
	for _, t := range lexer.Tokenize(text) {
		column := t.Position.Column
		switch t.Type {
		case token.AnchorType, token.AliasType, token.MergeKeyType:
			return fmt.Errorf("[%d:%d] anchors and aliases have no place in settings", t.Position.Line, column)
		case token.TagType:
			return fmt.Errorf("[%d:%d] tags have no place in settings", t.Position.Line, column)
		case token.SequenceStartType, token.MappingStartType:
			flow++
		case token.SequenceEndType, token.MappingEndType:
			flow = max(flow-1, 0)
		case token.DocumentHeaderType, token.DocumentEndType:
			blocks = blocks[:0]
		case token.MappingValueType: // the collection stands where its key does
			if before != nil && before.Position.Line == t.Position.Line {
				column = before.Position.Column
			}
			fallthrough
		case token.SequenceEntryType, token.MappingKeyType:
			for len(blocks) > 0 && blocks[len(blocks)-1] > column {
				blocks = blocks[:len(blocks)-1]
			}
			if len(blocks) == 0 || blocks[len(blocks)-1] < column {
				blocks = append(blocks, column)
			}
		}
		if len(blocks)+flow > maxDepth {
			return fmt.Errorf("[%d:%d] nested deeper than %d levels", t.Position.Line, t.Position.Column, maxDepth)
		}
		before = t
	}
	return nil
}
