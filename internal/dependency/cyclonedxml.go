package dependency

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// cycloneDXSpace begins the namespace of every version of CycloneDX in XML; the version ends it.
const cycloneDXSpace = "http://cyclonedx.org/schema/bom/"

// parseCycloneDXML reads a CycloneDX SBOM in XML, of any version 1.x (schemas: cyclonedx.org/schema/bom-1.6.xsd and those
// before it). It says the same as [parseCycloneDX] of the same SBOM in JSON. Elements of other namespaces are extensions
// and passed over.
func parseCycloneDXML(data []byte, _ *memory) (File, problems) {
	var file File
	text, fatal := guardText(data)
	if fatal != nil {
		return file, problems{list: []problem{*fatal}}
	}
	b := xmlBOM{bom: bom{bad: &problems{}, refs: map[string]int32{}}, x: newXMLReader(text)}
	b.root.ref = unknownRef
	return b.file(b.read(&file), file)
}

// isCycloneDXML says whether the beginning of an XML file is that of a CycloneDX SBOM.
func isCycloneDXML(prefix []byte) bool {
	text := bytes.TrimLeft(bytes.TrimPrefix(prefix, []byte("\xEF\xBB\xBF")), " \t\r\n")
	return bytes.HasPrefix(text, []byte("<")) && bytes.Contains(text, []byte(cycloneDXSpace))
}

// xmlBOM fills a bom from XML.
type xmlBOM struct {
	bom
	x *xmlReader
}

func (b *xmlBOM) read(file *File) *problem {
	root, ok := b.x.root()
	if !ok {
		return b.x.bad
	}
	version, ours := strings.CutPrefix(root.Name.Space, cycloneDXSpace)
	switch {
	case !ours || root.Name.Local != "bom":
		return &problem{kind: gap.Unsupported, line: b.x.line(), detail: "no bom of CycloneDX"}
	case !strings.HasPrefix(version, "1."):
		return &problem{kind: gap.Unsupported, line: b.x.line(), detail: "version " + short(version)}
	}
	b.x.space = root.Name.Space
	b.fields(func(e xml.StartElement) {
		switch e.Name.Local {
		case "metadata":
			b.bom.root, b.parts, file.Root = component{ref: unknownRef}, nil, ""
			b.fields(func(e xml.StartElement) {
				if e.Name.Local != "component" {
					b.x.skip()
					return
				}
				b.parts = nil
				b.bom.root, file.Root = b.component(e, &b.parts)
			})
		case "components":
			b.bom.components, b.plain = nil, nil
			b.nested(&b.bom.components)
		case "dependencies":
			b.pairs = nil
			b.x.children(b.dependency)
		default:
			b.x.skip()
		}
	})
	b.x.end()
	if b.tooMany != "" {
		return &problem{kind: gap.TooLarge, detail: b.tooMany}
	}
	return b.x.bad
}

// fields calls f at each child, none of which may stand twice.
func (b *xmlBOM) fields(f func(e xml.StartElement)) {
	var seen []string
	b.x.children(func(e xml.StartElement) {
		if slices.Contains(seen, e.Name.Local) {
			line := b.x.line()
			b.bad.add(gap.DuplicateKeys, func() (int, string, string) {
				return line, "", fmt.Sprintf("the element %.80q stands twice in one place; the last one counts", e.Name.Local)
			})
		} else if len(seen) < mostFields {
			seen = append(seen, e.Name.Local)
		}
		f(e)
	})
}

// mostFields is how many different children of one element are watched for doubles. The schema has under 40.
const mostFields = 64

func (b *xmlBOM) nested(in *[]component) {
	b.x.children(func(e xml.StartElement) {
		if e.Name.Local != "component" || b.tooMany != "" {
			b.x.skip()
			return
		}
		c, _ := b.component(e, in)
		b.store(c, in)
	})
}

// component reads one component, and gives it and its name.
func (b *xmlBOM) component(e xml.StartElement, nested *[]component) (component, string) {
	c := component{ref: unknownRef, scope: Runtime, line: b.x.line()}
	d := declared{start: c.line}
	if ref := attribute(e, "bom-ref"); ref != "" {
		c.ref = b.refID([]byte(ref))
	}
	b.fields(func(e xml.StartElement) {
		switch e.Name.Local {
		case "group":
			d.group = b.x.text()
		case "name":
			d.name = b.x.text()
		case "version":
			d.version = b.x.text()
		case "scope":
			d.scope = b.x.text()
		case "purl":
			c.line, d.hasPURL = b.x.line(), true
			d.purl = b.x.text()
		case "externalReferences":
			b.x.children(func(e xml.StartElement) { c.hints = b.reference(attribute(e, "type"), c.hints) })
		case "properties":
			b.x.children(func(e xml.StartElement) { d.dev = marksDevelopment(attribute(e, "name"), b.x.text()) || d.dev })
		case "components":
			b.nested(nested)
		default:
			b.x.skip()
		}
	})
	if b.x.bad == nil { // what is cut off says nothing
		b.complete(&c, d)
	}
	return c, d.name
}

func (b *xmlBOM) reference(kind string, hints []Hint) []Hint {
	address := ""
	b.x.children(func(e xml.StartElement) {
		if e.Name.Local == "url" {
			address = b.x.text()
		} else {
			b.x.skip()
		}
	})
	return appendReference(hints, kind, address)
}

// dependency reads one entry of the dependency graph.
func (b *xmlBOM) dependency(e xml.StartElement) {
	ref := attribute(e, "ref")
	if e.Name.Local != "dependency" || ref == "" || b.tooMany != "" {
		b.x.skip()
		return
	}
	from := b.refID([]byte(ref))
	b.x.children(func(e xml.StartElement) {
		if to := attribute(e, "ref"); e.Name.Local == "dependency" && to != "" {
			b.pair(from, []byte(to))
		}
		b.x.skip()
	})
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Space == "" && a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// An xmlReader reads a text in UTF-8 once and in order, knows the line it is at, and stops at the first fault. Entities
// that the text defines itself are a fault: nothing is expanded.
type xmlReader struct {
	d     *xml.Decoder
	data  []byte
	space string // elements of other namespaces are passed over
	start int    // where the token read last begins
	depth int
	bad   *problem

	counted, lines int // newlines before the offset counted
}

func newXMLReader(text []byte) *xmlReader {
	return &xmlReader{d: xml.NewDecoder(bytes.NewReader(text)), data: text}
}

// line gives the 1-based line where the token read last begins.
func (x *xmlReader) line() int {
	x.lines += bytes.Count(x.data[x.counted:x.start], []byte{'\n'})
	x.counted = x.start
	return x.lines + 1
}

// next gives the next token, or nil at the end or behind a fault.
func (x *xmlReader) next() xml.Token {
	if x.bad != nil {
		return nil
	}
	x.start = int(x.d.InputOffset())
	token, err := x.d.Token()
	var syntax *xml.SyntaxError
	switch {
	case err == io.EOF:
		return nil
	case errors.As(err, &syntax) && syntax.Msg == "unexpected EOF":
		x.bad = &problem{kind: gap.Truncated, line: lineOf(x.data, len(x.data)), detail: "ends within the document"}
		return nil
	case err != nil:
		detail, at := err.Error(), min(int(x.d.InputOffset()), len(x.data))
		if syntax != nil {
			detail = syntax.Msg
		}
		x.bad = &problem{kind: gap.Syntax, line: lineOf(x.data, at), detail: short(detail)}
		return nil
	}
	switch token.(type) {
	case xml.StartElement:
		if x.depth++; x.depth > deepestJSON {
			x.bad = &problem{kind: gap.TooDeep, line: x.line(), detail: fmt.Sprintf("more than %d levels", deepestJSON)}
			return nil
		}
	case xml.EndElement:
		x.depth--
	}
	return token
}

// root gives the outermost element.
func (x *xmlReader) root() (xml.StartElement, bool) {
	for token := x.next(); token != nil; token = x.next() {
		if e, ok := token.(xml.StartElement); ok {
			return e, true
		}
	}
	if x.bad == nil {
		x.bad = &problem{kind: gap.Truncated, line: lineOf(x.data, len(x.data)), detail: "no element"}
	}
	return xml.StartElement{}, false
}

// end holds that nothing but blanks and comments follows the outermost element.
func (x *xmlReader) end() {
	for token := x.next(); token != nil; token = x.next() {
		text, isText := token.(xml.CharData)
		_, isElement := token.(xml.StartElement)
		if isElement || isText && len(bytes.TrimSpace(text)) > 0 {
			x.bad = &problem{kind: gap.Syntax, line: x.line(), detail: "something after the end"}
		}
	}
}

// children calls f at each child of the element begun last, in its namespace; f must read it, by whatever method.
func (x *xmlReader) children(f func(e xml.StartElement)) {
	for token := x.next(); token != nil; token = x.next() {
		switch e := token.(type) {
		case xml.EndElement:
			return
		case xml.StartElement:
			if e.Name.Space == x.space {
				f(e)
			} else {
				x.skip()
			}
		}
	}
}

// text gives the text of the element begun last, without that of its children.
func (x *xmlReader) text() string {
	var b []byte
	for token := x.next(); token != nil; token = x.next() {
		switch e := token.(type) {
		case xml.CharData:
			b = append(b, e...)
		case xml.StartElement:
			x.skip()
		case xml.EndElement:
			return string(bytes.TrimSpace(b))
		}
	}
	return ""
}

// skip passes over what is left of the element begun last.
func (x *xmlReader) skip() {
	for depth := 1; depth > 0; {
		switch x.next().(type) {
		case nil:
			return
		case xml.StartElement:
			depth++
		case xml.EndElement:
			depth--
		}
	}
}
