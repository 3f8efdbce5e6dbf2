package dependency

import (
	"bytes"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// parseSPDX3 reads an SPDX 3.0 document in JSON-LD as its schema binds it (spdx.github.io/spdx-spec/v3.0.1): a flat list
// @graph. Packages are those with a package URL, as property or external identifier; root elements are the subject;
// dependsOn and contains are the edges.
func parseSPDX3(data []byte, _ *memory) (File, problems) {
	var file File
	text, bad, fatal := guardJSON(data)
	if fatal != nil {
		return file, problems{list: []problem{*fatal}}
	}
	d := spdx{bom: bom{r: jsonReader{data: text}, bad: &bad, refs: map[string]int32{}}, described: map[int32]bool{}}
	d.root.ref = unknownRef
	return d.file(d.readGraph(), file)
}

func (d *spdx) readGraph() *problem {
	found, isList := false, false
	d.r.object(func(key []byte) {
		if string(key) != "@graph" {
			d.r.skip()
			return
		}
		d.components, d.plain, d.pairs, d.scopes, d.described = nil, nil, nil, nil, map[int32]bool{}
		found, isList = true, d.r.array(d.element)
	})
	switch {
	case !found:
		return &problem{kind: gap.Unsupported, line: 1, detail: "no @graph of SPDX 3"}
	case !isList:
		return &problem{kind: gap.Syntax, line: 1, detail: "\"@graph\" is not an array"}
	case d.tooMany != "":
		return &problem{kind: gap.TooLarge, detail: d.tooMany}
	}
	d.settle()
	return nil
}

// element reads one element of the graph: its type may stand behind all else.
func (d *spdx) element() {
	if d.tooMany != "" {
		d.r.skip()
		return
	}
	c := component{ref: unknownRef, scope: Runtime, line: d.r.line()}
	says := declared{start: c.line}
	var id, kind, relation, scope, from string
	var to, roots []string
	texts := func(in *[]string) {
		d.r.array(func() { *in = append(*in, d.r.text()) })
	}
	d.r.object(func(key []byte) {
		switch string(key) {
		case "spdxId":
			id = d.r.text()
		case "type":
			kind = d.r.text()
		case "name":
			says.name = d.r.text()
		case "software_packageVersion":
			says.version = d.r.text()
		case "software_packageUrl":
			c.line, says.hasPURL = d.r.line(), true
			says.purl = d.r.text()
		case "releaseTime":
			c.said.Released = dayOf(d.r.text())
		case "externalIdentifier":
			d.r.array(func() { d.identifier(&c, &says) })
		case "software_homePage":
			c.hints = appendHint(c.hints, "website", d.r.text())
		case "software_downloadLocation":
			c.hints = appendSPDXLocation(c.hints, d.r.text())
		case "rootElement":
			texts(&roots)
		case "relationshipType":
			relation = d.r.text()
		case "scope":
			scope = d.r.text()
		case "from":
			from = d.r.text()
		case "to":
			texts(&to)
		default:
			d.r.skip()
		}
	})
	switch kind {
	case "software_Package":
		if id != "" {
			c.ref = d.refID([]byte(id))
		}
		d.complete(&c, says)
		d.store(c, &d.components)
	case "SpdxDocument", "software_Sbom", "Bom":
		for _, root := range roots {
			d.described[d.refID([]byte(root))] = true
		}
	case "Relationship", "LifecycleScopedRelationship":
		for _, one := range to {
			switch {
			case relation == "contains":
				d.relate(from, "CONTAINS", one)
			case relation == "dependsOn" && scope == "test":
				d.relate(one, "TEST_DEPENDENCY_OF", from)
			case relation == "dependsOn" && (scope == "development" || scope == "build"):
				d.relate(one, "DEV_DEPENDENCY_OF", from)
			case relation == "dependsOn":
				d.relate(from, "DEPENDS_ON", one)
			}
		}
	}
}

// identifier reads one external identifier; the property software_packageUrl goes before it.
func (d *spdx) identifier(c *component, says *declared) {
	kind, value, line := "", "", d.r.line()
	d.r.object(func(key []byte) {
		switch string(key) {
		case "externalIdentifierType":
			kind = d.r.text()
		case "identifier":
			line, value = d.r.line(), d.r.text()
		default:
			d.r.skip()
		}
	})
	if kind == "packageUrl" && !says.hasPURL {
		c.line, says.hasPURL, says.purl = line, true, value
	}
}

func isSPDX3(prefix []byte) bool { return bytes.Contains(prefix, []byte("spdx.org/rdf/3")) }
