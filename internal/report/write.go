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
	name  string
	write func(*bytes.Buffer, *Document, Options) error
}{
	{"table", writeTable},
	{"json", writeJSON},
	{"csv", writeCSV},
	{"md", writeMarkdown},
	{"html", writeHTML},
}

// Formats lists the names that Write knows, the default first.
func Formats() []string {
	names := make([]string, len(formats))
	for i, f := range formats {
		names[i] = f.name
	}
	return names
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
