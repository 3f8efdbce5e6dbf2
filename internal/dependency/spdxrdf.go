package dependency

import (
	"bytes"
	"strings"
	"unicode"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// parseSPDXRDF reads an SPDX 2.x document in RDF/XML (spdx.org/rdf/ontology/spdx-2-3, and the RDF rows of the fields in
// spdx.github.io/spdx-spec/v2.3): the same facts as [parseSPDXJSON]. Elements stand where they are first spoken of, one within
// another, or are named by their address. Nodes that are written as rdf:Description with a type are not read.
func parseSPDXRDF(data []byte, _ *memory) (File, problems) {
	var file File
	root, fatal := readXML(data, "RDF")
	if fatal != nil {
		return file, problems{list: []problem{*fatal}}
	}
	d := newSPDX(&problems{})
	return d.file(d.readRDF(root, &file), file)
}

func (d *spdx) readRDF(root *xmlElement, file *File) *problem {
	document := root.child("SpdxDocument")
	for _, e := range root.children { // or within the element that the file begins with
		if document == nil {
			document = e.find("SpdxDocument")
		}
	}
	if document == nil {
		return &problem{kind: gap.Unsupported, line: root.line, detail: "no SpdxDocument"}
	}
	version := document.child("specVersion")
	if version == nil || !strings.HasPrefix(version.text, "SPDX-2.") {
		p := &problem{kind: gap.Unsupported, line: document.line, detail: "no specVersion"}
		if version != nil {
			p.line, p.detail = version.line, "specVersion "+short(version.text)
		}
		return p
	}
	file.Root = document.value("name")
	d.nodeRDF(root, "", document.address())
	if d.tooMany != "" {
		return &problem{kind: gap.TooLarge, detail: d.tooMany}
	}
	d.settle()
	return nil
}

// nodeRDF reads an element with all within it. about is the address of the node that it belongs to.
func (d *spdx) nodeRDF(e *xmlElement, about, document string) {
	name := func(address string) string {
		if address == document && document != "" {
			return spdxDocument
		}
		return address
	}
	switch e.name {
	case "SpdxDocument", "Package", "File", "Snippet", "SpdxElement":
		about = name(e.address())
		if e.name == "Package" && d.tooMany == "" {
			d.packageRDF(e, about)
		}
	case "Relationship":
		if to := e.child("relatedSpdxElement"); to != nil {
			d.relate(about, relationshipRDF(e.child("relationshipType")), name(to.node()))
		}
	case "describesPackage": // of SPDX 2.0 and before
		if to := e.node(); to != "" {
			d.described[d.refID([]byte(name(to)))] = true
		}
	}
	for _, c := range e.children {
		d.nodeRDF(c, about, document)
	}
}

func (d *spdx) packageRDF(e *xmlElement, about string) {
	c := component{ref: unknownRef, scope: Runtime, line: e.line}
	says := declared{start: e.line, name: e.value("name"), version: e.value("versionInfo")}
	if about != "" {
		c.ref = d.refID([]byte(about))
	}
	c.hints = appendHint(c.hints, "website", e.child("homepage").node())
	c.hints = appendSPDXLocation(c.hints, e.child("downloadLocation").node())
	c.said.Released = dayOf(e.value("releaseDate"))
	for _, property := range e.children {
		ref := property.child("ExternalRef")
		if property.name != "externalRef" || ref == nil {
			continue
		}
		locator := ref.child("referenceLocator")
		if locator != nil && isPURLReference(ref.child("referenceType").node()) && !says.hasPURL {
			c.line, says.hasPURL, says.purl = locator.line, true, locator.text
		}
	}
	d.complete(&c, says)
	d.store(c, &d.components)
}

// address gives what names a node.
func (e *xmlElement) address() string {
	if a := e.attr("about"); a != "" {
		return a
	}
	return e.attr("nodeID")
}

// node gives what a property names: an address, a node within it, or a text.
func (e *xmlElement) node() string {
	if e == nil {
		return ""
	}
	if a := e.attr("resource"); a != "" {
		return a
	}
	if a := e.attr("nodeID"); a != "" {
		return a
	}
	if len(e.children) > 0 {
		return e.children[0].address()
	}
	return e.text
}

// find gives the first element of a name in one.
func (e *xmlElement) find(name string) *xmlElement {
	if e.name == name {
		return e
	}
	for _, c := range e.children {
		if found := c.find(name); found != nil {
			return found
		}
	}
	return nil
}

// relationshipRDF gives a kind of relationship as the other forms write it: "…#relationshipType_dependsOn" is DEPENDS_ON.
func relationshipRDF(property *xmlElement) string {
	_, kind, _ := strings.Cut(property.node(), "#relationshipType_")
	var b strings.Builder
	for _, r := range kind {
		if unicode.IsUpper(r) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToUpper(r))
	}
	return b.String()
}

func isNamedSPDXRDF(base string) bool {
	base = strings.ToLower(base)
	return strings.HasSuffix(base, ".spdx.rdf") || strings.HasSuffix(base, ".spdx.rdf.xml")
}

// isSPDXRDF says whether the beginning of an XML file is that of an SPDX document in RDF.
func isSPDXRDF(prefix []byte) bool {
	return bytes.Contains(prefix, []byte("spdx.org/rdf/terms")) && bytes.Contains(prefix, []byte(":RDF"))
}
