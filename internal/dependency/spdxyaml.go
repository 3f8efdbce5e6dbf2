package dependency

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// parseSPDXYAML reads an SPDX 2.x document in YAML, which has the shape of the JSON form (spdx.github.io/spdx-spec/v2.3/conformance):
// the same facts as [parseSPDXJSON].
func parseSPDXYAML(data []byte, _ *memory) (File, problems) {
	var file File
	docs, bad, fatal := readYAML(data)
	if fatal != nil {
		bad.list = append(bad.list, *fatal)
		return file, bad
	}
	checkEnd(data, docs[0], &bad)
	d := newSPDX(&bad)
	return d.file(d.readYAML(docs[0], &file), file)
}

func (d *spdx) readYAML(doc *yamlNode, file *File) *problem {
	switch version := doc.get("spdxVersion"); {
	case doc.kind == yamlNull:
		return &problem{kind: gap.Empty, line: 1}
	case doc.kind != yamlMapping:
		return &problem{kind: gap.Syntax, line: 1, detail: "not a mapping"}
	case !strings.HasPrefix(version.text, "SPDX-2."):
		return &problem{kind: gap.Unsupported, line: max(1, int(version.line)), detail: "spdxVersion " + short(version.text)}
	}
	file.Root = doc.get("name").text
	for _, name := range []string{"documentDescribes", "packages", "relationships"} {
		if list := doc.get(name); list.kind != yamlSequence && list.kind != yamlNull {
			return &problem{kind: gap.Syntax, line: int(list.line), detail: fmt.Sprintf("%q is not a sequence", name)}
		}
	}
	for _, ref := range doc.get("documentDescribes").items {
		d.described[d.refID([]byte(ref.text))] = true
	}
	for _, p := range doc.get("packages").items {
		d.packageYAML(p)
	}
	for _, r := range doc.get("relationships").items {
		d.relate(r.get("spdxElementId").text, r.get("relationshipType").text, r.get("relatedSpdxElement").text)
	}
	if d.tooMany != "" {
		return &problem{kind: gap.TooLarge, detail: d.tooMany}
	}
	d.settle()
	return nil
}

func (d *spdx) packageYAML(p *yamlNode) {
	if d.tooMany != "" {
		return
	}
	c := component{ref: unknownRef, scope: Runtime, line: int(p.line)}
	says := declared{start: c.line, name: p.get("name").text, version: p.get("versionInfo").text}
	if id := p.get("SPDXID").text; id != "" {
		c.ref = d.refID([]byte(id))
	}
	c.hints = appendHint(c.hints, "website", p.get("homepage").text)
	c.hints = appendSPDXLocation(c.hints, p.get("downloadLocation").text)
	c.said.Released = dayOf(p.get("releaseDate").text)
	for _, ref := range p.get("externalRefs").items {
		locator := ref.get("referenceLocator")
		if isPURLReference(ref.get("referenceType").text) && !says.hasPURL {
			c.line, says.hasPURL, says.purl = max(int(ref.line), int(locator.line)), true, locator.text
		}
	}
	d.complete(&c, says)
	d.store(c, &d.components)
}

func isNamedSPDXYAML(base string) bool {
	base = strings.ToLower(base)
	return strings.HasSuffix(base, ".spdx.yml") || strings.HasSuffix(base, ".spdx.yaml")
}

var spdxYAMLVersion = regexp.MustCompile(`(?m)^spdxVersion\s*:`)

// isSPDXYAML says whether the beginning of a file is that of an SPDX document in YAML.
func isSPDXYAML(prefix []byte) bool { return spdxYAMLVersion.Match(prefix) }
