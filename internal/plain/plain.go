// Package plain keeps hostile YAML from the parser: of the language it lets through only as much as files need that people
// write by hand.
package plain

import (
	"fmt"

	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/token"
)

// maxDepth bounds how deep collections may stand in each other. Our files need four levels; the parser calls itself once a
// level and takes memory that grows with the square of the depth.
const maxDepth = 10

// An Error says what does not belong into a text, and where.
type Error struct {
	Line, Column int // both from 1
	Message      string
}

func (e *Error) Error() string { return fmt.Sprintf("[%d:%d] %s", e.Line, e.Column, e.Message) }

// Tokens takes a text apart and checks, without parsing, that it is plain: no anchors and aliases, whose value may be
// exponentially larger than the text, no tags, and no deep nesting. An error is an *Error.
func Tokens(text string) (token.Tokens, error) {
	tokens := lexer.Tokenize(text)
	var blocks []int // columns of the block collections that are open
	flow := 0        // brackets and braces that are open
	chain := 0       // keys and dashes in them with nothing that parts them
	var before *token.Token
	for _, t := range tokens {
		column := t.Position.Column
		refuse := func(message string) (token.Tokens, error) {
			return nil, &Error{t.Position.Line, t.Position.Column, message}
		}
		switch t.Type {
		case token.AnchorType, token.AliasType, token.MergeKeyType:
			return refuse("anchors and aliases have no place here")
		case token.TagType:
			return refuse("tags have no place here")
		case token.SequenceStartType, token.MappingStartType:
			flow, chain = flow+1, 0
		case token.SequenceEndType, token.MappingEndType:
			flow, chain = max(flow-1, 0), 0
		case token.CollectEntryType:
			chain = 0
		case token.DocumentHeaderType, token.DocumentEndType:
			blocks = blocks[:0]
		case token.MappingValueType, token.SequenceEntryType, token.MappingKeyType:
			if flow > 0 { // columns mean nothing there
				chain++
				break
			}
			// A mapping stands where its key does.
			if t.Type == token.MappingValueType && before != nil && before.Position.Line == t.Position.Line {
				column = before.Position.Column
			}
			for len(blocks) > 0 && blocks[len(blocks)-1] > column {
				blocks = blocks[:len(blocks)-1]
			}
			if len(blocks) == 0 || blocks[len(blocks)-1] < column {
				blocks = append(blocks, column)
			}
		}
		if len(blocks)+flow+chain > maxDepth {
			return refuse(fmt.Sprintf("nested deeper than %d levels", maxDepth))
		}
		before = t
	}
	return tokens, nil
}
