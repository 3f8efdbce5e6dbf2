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
	var before *token.Token
	for _, t := range tokens {
		column := t.Position.Column
		refuse := func(message string) (token.Tokens, error) {
			return nil, &Error{t.Position.Line, t.Position.Column, message}
		}
		switch t.Type {
		case token.AnchorType, token.AliasType, token.MergeKeyType:
			return refuse("anchors and aliases have no place in settings")
		case token.TagType:
			return refuse("tags have no place in settings")
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
			return refuse(fmt.Sprintf("nested deeper than %d levels", maxDepth))
		}
		before = t
	}
	return tokens, nil
}
