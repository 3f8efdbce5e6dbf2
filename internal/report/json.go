package report

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"reflect"
	"unicode/utf8"
)

// Schema is the JSON Schema (draft 2020-12) of the document. It lets unknown fields pass, since new fields do not raise
// the schema version.
//
//go:embed schema.json
var Schema []byte

// writeJSON writes the document itself. Fields stand in the order of the Go types. Characters that a terminal would obey
// or that reverse the reading direction are written as \u escapes, which every reader decodes to the same string.
func writeJSON(b *bytes.Buffer, doc *Document, _ Options) error { return encodeJSON(b, doc) }

// encodeJSON writes a normalised document, given by its pointer.
func encodeJSON(b *bytes.Buffer, doc any) error {
	if bad := notFinite(reflect.ValueOf(doc), ""); bad != "" {
		return fmt.Errorf("%s is not a finite number", bad)
	}
	var plain bytes.Buffer
	enc := json.NewEncoder(&plain)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(doc); err != nil {
		return err
	}
	escapeInvisible(b, plain.Bytes())
	return nil
}

// escapeInvisible copies JSON text. A character beyond ASCII can only stand inside a string there, as can DEL.
func escapeInvisible(b *bytes.Buffer, text []byte) {
	b.Grow(len(text))
	for len(text) > 0 {
		n := 0
		for n < len(text) && text[n] < 0x7f {
			n++
		}
		b.Write(text[:n])
		if text = text[n:]; len(text) == 0 {
			return
		}
		r, size := utf8.DecodeRune(text)
		switch {
		case !invisible(r):
			b.Write(text[:size])
		case r > 0xffff: // as a surrogate pair
			r -= 0x10000
			fmt.Fprintf(b, `\u%04x\u%04x`, 0xd800+r>>10, 0xdc00+r&0x3ff)
		default:
			fmt.Fprintf(b, `\u%04x`, r)
		}
		text = text[size:]
	}
}
