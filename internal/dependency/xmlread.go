package dependency

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

const (
	mostXMLBytes    = 8 << 20
	deepestXML      = 200
	mostXMLElements = 200_000
)

// xmlElement is an element with what a project file can say with it; namespaces are passed over.
type xmlElement struct {
	name     string
	line     int
	attrs    []xml.Attr
	text     string // its own, without that of its children, trimmed
	children []*xmlElement
}

// readXML reads a document, whose root must have one of the names. Entities of a DTD are unknown, and so an error.
func readXML(data []byte, roots ...string) (*xmlElement, *problem) {
	text, fatal := guardText(data)
	if fatal != nil {
		return nil, fatal
	}
	d := xml.NewDecoder(bytes.NewReader(text))
	d.Entity = xml.HTMLEntity                                                                  // one character each; Maven knows them without a DTD
	d.CharsetReader = func(_ string, input io.Reader) (io.Reader, error) { return input, nil } // it is UTF-8: the guard has seen to that
	var root *xmlElement
	var open []*xmlElement
	var texts [][]byte // of the open elements
	elements := 0
	line := func() int { n, _ := d.InputPos(); return n }
	for {
		at := line()
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			var syntax *xml.SyntaxError
			if errors.As(err, &syntax) {
				kind := gap.Syntax
				if syntax.Msg == "unexpected EOF" {
					kind = gap.Truncated
				}
				return nil, &problem{kind: kind, line: line(), detail: short(syntax.Msg)}
			}
			return nil, &problem{kind: gap.Syntax, line: line(), detail: short(err.Error())}
		}
		switch token := token.(type) {
		case xml.StartElement:
			e := &xmlElement{name: token.Name.Local, line: at, attrs: token.Attr}
			elements++
			switch {
			case len(open) == deepestXML:
				return nil, &problem{kind: gap.TooDeep, line: at, detail: fmt.Sprintf("more than %d levels", deepestXML)}
			case elements > mostXMLElements:
				return nil, &problem{kind: gap.TooLarge, line: at, detail: fmt.Sprintf("over %d elements", mostXMLElements)}
			case len(open) > 0:
				above := open[len(open)-1]
				above.children = append(above.children, e)
			case root != nil:
				return nil, &problem{kind: gap.Syntax, line: at, detail: "a second root element"}
			default:
				root = e
			}
			open, texts = append(open, e), append(texts, nil)
		case xml.EndElement:
			last := len(open) - 1
			open[last].text = string(bytes.TrimSpace(texts[last]))
			open, texts = open[:last], texts[:last]
		case xml.CharData:
			if len(open) > 0 {
				texts[len(texts)-1] = append(texts[len(texts)-1], token...)
			}
		}
	}
	if root == nil {
		return nil, &problem{kind: gap.Truncated, line: line(), detail: "no element"}
	}
	for _, name := range roots {
		if root.name == name {
			return root, nil
		}
	}
	return nil, &problem{kind: gap.Unsupported, line: root.line, detail: short(fmt.Sprintf("<%s> where <%s> belongs", root.name, roots[0]))}
}

// attr gives the value of an attribute; MSBuild and NuGet tell names apart by case, and so does this.
func (e *xmlElement) attr(name string) string {
	for _, a := range e.attrs {
		if a.Name.Local == name {
			return strings.TrimSpace(a.Value)
		}
	}
	return ""
}

// child gives the first child of a name, or nothing.
func (e *xmlElement) child(name string) *xmlElement {
	for _, c := range e.children {
		if c.name == name {
			return c
		}
	}
	return nil
}

// value gives an attribute, or else the text of the child of that name: MSBuild takes either.
func (e *xmlElement) value(name string) string {
	if v := e.attr(name); v != "" {
		return v
	}
	if c := e.child(name); c != nil {
		return c.text
	}
	return ""
}

// textOf gives the text of the first child of a name.
func (e *xmlElement) textOf(name string) string {
	if c := e.child(name); c != nil {
		return c.text
	}
	return ""
}

// all gives the children of a name in the first child of another: <dependencies><dependency>.
func (e *xmlElement) all(list, name string) []*xmlElement {
	var found []*xmlElement
	if l := e.child(list); l != nil {
		for _, c := range l.children {
			if c.name == name {
				found = append(found, c)
			}
		}
	}
	return found
}
