package report

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/message"
)

// Options say how a document is shown. They change no figure. The zero value writes English, 80 columns wide, without colour.
type Options struct {
	Printer message.Printer
	Width   int  // cells of the terminal, for the format table; default 80, at least 40
	Color   bool // colours and bold, for the format table; what they say is always said in words too
}

func (o Options) withDefaults() Options {
	if o.Width == 0 {
		o.Width = 80
	}
	o.Width = max(o.Width, 40)
	return o
}

// formats are the views of the document, the default first. A further format is one more row.
var formats = []struct {
	name   string
	ending string // of a file's name that asks for it
	write  func(*bytes.Buffer, *Document, Options) error
}{
	{"table", "table", writeTable},
	{"json", "json", writeJSON},
	{"csv", "csv", writeCSV},
	{"md", "md", writeMarkdown},
	{"html", "html", writeHTML},
	{"badge", "svg", writeBadge},
}

// Formats lists the names that Write knows, the default first.
func Formats() []string {
	names := make([]string, len(formats))
	for i, f := range formats {
		names[i] = f.name
	}
	return names
}

// FormatOf gives the format that a file's ending, without its dot, asks for; empty where none does.
func FormatOf(ending string) string {
	for _, f := range formats {
		if f.ending == ending {
			return f.name
		}
	}
	return ""
}

// Write writes the document in one of Formats. It normalises the document, and hands w the whole text at once: an error
// before that leaves w untouched.
func Write(w io.Writer, doc *Document, format string, opts Options) error {
	for _, f := range formats {
		if f.name != format {
			continue
		}
		Normalise(doc)
		var b bytes.Buffer
		if err := f.write(&b, doc, opts.withDefaults()); err != nil {
			return fmt.Errorf("writing format %s: %w", format, err)
		}
		_, err := w.Write(b.Bytes())
		return err
	}
	return fmt.Errorf("unknown format %q; known formats: %s", format, strings.Join(Formats(), ", "))
}
