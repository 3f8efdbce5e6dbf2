package report

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io/fs"
	"path"

	"github.com/mainstay-oss/mainstay/internal/message"
)

// The page is one file: style, script and pictures stand in it, and its content security policy lets the browser run and
// load nothing else.
//
//go:embed page
var pageFiles embed.FS

var (
	pageStyle  = mustReadStyles()
	pageScript = mustReadPage("page.js")

	// Of footprints alone: its classes have short names that other parts use too.
	footprintStyle = mustReadPage(footprintCSS)

	pageTemplate = template.Must(template.New("page.html").
			Funcs(template.FuncMap{"t": func(string, ...any) string { return "" }}).
			ParseFS(pageFiles, "page/*.html"))
)

const footprintCSS = "footprint.css"

// mustReadStyles joins the style sheets: that of the whole page, then those of its parts by name.
func mustReadStyles() string {
	files, err := fs.Glob(pageFiles, "page/*.css")
	if err != nil {
		panic(err)
	}
	style := mustReadPage("page.css")
	for _, f := range files {
		if name := path.Base(f); name != "page.css" && name != footprintCSS {
			style += mustReadPage(name)
		}
	}
	return style
}

func mustReadPage(file string) string {
	data, err := pageFiles.ReadFile("page/" + file)
	if err != nil {
		panic(err)
	}
	return string(bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n")))
}

// policy allows exactly one style sheet and one script, by their hashes, and no request at all.
func policy(style, script string) string {
	return fmt.Sprintf("default-src 'none'; style-src '%s'; script-src '%s'; base-uri 'none'; form-action 'none'", sourceHash(style), sourceHash(script))
}

func sourceHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// writeHTML writes the document as one self-contained page for the screen and for paper. Everything in the document is
// taken as text of unknown origin: html/template escapes it, and only an upstream on a known forge becomes a link.
func writeHTML(b *bytes.Buffer, doc *Document, opts Options) error {
	return newPage(doc, opts.Printer).write(b, opts.Printer)
}

func (v *pageView) write(b *bytes.Buffer, p message.Printer) error {
	t, err := pageTemplate.Clone()
	if err != nil {
		return err
	}
	return t.Funcs(template.FuncMap{"t": p.Text}).Execute(b, v)
}
