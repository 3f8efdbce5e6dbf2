package dependency

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// parseSPDXJSON reads an SPDX 2.x document in JSON (spdx.github.io/spdx-spec/v2.3, and its JSON schema): the packages with a
// package URL among their external references, but for the subject: the package that the document describes, or of several those that need others.
// DEPENDS_ON, CONTAINS and the relationships of scope, in both directions, are the edges.
func parseSPDXJSON(data []byte, _ *memory) (File, problems) {
	var file File
	text, bad, fatal := guardJSON(data)
	if fatal != nil {
		return file, problems{list: []problem{*fatal}}
	}
	d := newSPDX(&bad)
	d.r = jsonReader{data: text}
	return d.file(d.read(&file), file)
}

// spdx fills a bom from an SPDX document.
type spdx struct {
	bom
	described map[int32]bool
	scopes    []scopeOf
}

func newSPDX(bad *problems) spdx {
	d := spdx{bom: bom{bad: bad, refs: map[string]int32{}}, described: map[int32]bool{}}
	d.root.ref = unknownRef
	return d
}

// scopeOf is what a relationship says a package is for.
type scopeOf struct {
	ref   int32
	scope Scope
}

// spdxDocument is the identifier of the document itself.
const spdxDocument = "SPDXRef-DOCUMENT"

func (d *spdx) read(file *File) *problem {
	if d.r.peek() == 'n' {
		return &problem{kind: gap.Empty, line: 1, detail: "null"}
	}
	version, versionLine := "", 1
	var badShape *problem
	list := func(name string, f func()) {
		line, null := d.r.line(), d.r.peek() == 'n'
		if !d.r.array(f) && !null && badShape == nil {
			badShape = &problem{kind: gap.Syntax, line: line, detail: fmt.Sprintf("%q is not an array", name)}
		}
	}
	isObject := d.r.object(func(key []byte) {
		switch string(key) {
		case "spdxVersion":
			versionLine, version = d.r.line(), d.r.text()
		case "name":
			file.Root = d.r.text()
		case "documentDescribes":
			list("documentDescribes", func() {
				if ref, ok := d.r.bytes(); ok {
					d.described[d.refID(ref)] = true
				}
			})
		case "packages":
			d.components, d.plain = nil, nil
			list("packages", d.onePackage)
		case "relationships":
			d.pairs, d.scopes = nil, nil
			list("relationships", d.relationship)
		default:
			d.r.skip()
		}
	})
	switch {
	case !isObject:
		return &problem{kind: gap.Syntax, line: 1, detail: "not an object"}
	case !strings.HasPrefix(version, "SPDX-2."):
		return &problem{kind: gap.Unsupported, line: versionLine, detail: "spdxVersion " + short(version)}
	case badShape != nil:
		return badShape
	case d.tooMany != "":
		return &problem{kind: gap.TooLarge, detail: d.tooMany}
	}
	d.settle()
	return nil
}

func (d *spdx) onePackage() {
	if d.tooMany != "" {
		d.r.skip()
		return
	}
	c := component{ref: unknownRef, scope: Runtime, line: d.r.line()}
	says := declared{start: c.line}
	d.r.object(func(key []byte) {
		switch string(key) {
		case "SPDXID":
			if ref, ok := d.r.bytes(); ok {
				c.ref = d.refID(ref)
			}
		case "name":
			says.name = d.r.text()
		case "versionInfo":
			says.version = d.r.text()
		case "homepage":
			c.hints = appendHint(c.hints, "website", d.r.text())
		case "downloadLocation":
			c.hints = appendSPDXLocation(c.hints, d.r.text())
		case "releaseDate":
			c.said.Released = dayOf(d.r.text())
		case "externalRefs":
			d.r.array(func() { d.externalRef(&c, &says) })
		default:
			d.r.skip()
		}
	})
	d.complete(&c, says)
	d.store(c, &d.components)
}

// externalRef reads one external reference; of several package URLs the first counts.
func (d *spdx) externalRef(c *component, says *declared) {
	kind, locator, line := "", "", d.r.line()
	d.r.object(func(key []byte) {
		switch string(key) {
		case "referenceType":
			kind = d.r.text()
		case "referenceLocator":
			line, locator = d.r.line(), d.r.text()
		default:
			d.r.skip()
		}
	})
	if isPURLReference(kind) && !says.hasPURL {
		c.line, says.hasPURL, says.purl = line, true, locator
	}
}

// isPURLReference says whether a reference type is purl, by name or by its address.
func isPURLReference(kind string) bool { return kind == "purl" || strings.HasSuffix(kind, "/purl") }

// appendSPDXLocation adds a download location: an artefact, or a repository as git+ADDRESS@REVISION#PATH.
func appendSPDXLocation(hints []Hint, location string) []Hint {
	if !strings.HasPrefix(location, "git+") && !strings.HasPrefix(location, "git:") {
		return appendHint(hints, "download", location)
	}
	location, _, _ = strings.Cut(location, "#")
	if i := strings.LastIndexByte(location, '@'); i > strings.LastIndexByte(location, '/') {
		location = location[:i]
	}
	return appendHint(hints, "vcs", location)
}

func (d *spdx) relationship() {
	var from, kind, to string
	d.r.object(func(key []byte) {
		switch string(key) {
		case "spdxElementId":
			from = d.r.text()
		case "relationshipType":
			kind = d.r.text()
		case "relatedSpdxElement":
			to = d.r.text()
		default:
			d.r.skip()
		}
	})
	d.relate(from, kind, to)
}

// relate notes what one relationship of an SPDX 2.x document says.
func (d *spdx) relate(from, kind, to string) {
	if from == "" || to == "" || d.tooMany != "" {
		return
	}
	scope := Runtime
	switch kind {
	case "DESCRIBES":
		if from == spdxDocument {
			d.described[d.refID([]byte(to))] = true
		}
		return
	case "DESCRIBED_BY":
		if to == spdxDocument {
			d.described[d.refID([]byte(from))] = true
		}
		return
	case "DEPENDS_ON", "CONTAINS":
	case "DEPENDENCY_OF", "CONTAINED_BY", "RUNTIME_DEPENDENCY_OF":
		from, to = to, from
	case "OPTIONAL_DEPENDENCY_OF":
		from, to, scope = to, from, Optional
	case "DEV_DEPENDENCY_OF", "BUILD_DEPENDENCY_OF":
		from, to, scope = to, from, Dev
	case "TEST_DEPENDENCY_OF":
		from, to, scope = to, from, Test
	default:
		return
	}
	needed := d.refID([]byte(to))
	d.pair(d.refID([]byte(from)), []byte(to))
	d.scopes = append(d.scopes, scopeOf{needed, scope})
}

// settle parts the subject from the packages, and gives these the widest scope that a relationship states.
func (d *spdx) settle() {
	stated := map[int32]Scope{}
	for _, s := range d.scopes {
		if have, ok := stated[s.ref]; ok {
			s.scope = widest(have, s.scope)
		}
		stated[s.ref] = s.scope
	}
	needs := map[int32]bool{}
	for _, pair := range d.pairs {
		needs[pair[0]] = true
	}
	// A document that describes several packages is a list of them; those that need others are projects of the user's own.
	subject := func(ref int32) bool { return d.described[ref] && (len(d.described) == 1 || needs[ref]) }
	kept := d.components[:0]
	for _, c := range d.components {
		if subject(c.ref) {
			d.parts = append(d.parts, c)
			continue
		}
		if scope, ok := stated[c.ref]; ok {
			c.scope = scope
		}
		kept = append(kept, c)
	}
	d.components = kept
	for _, ref := range d.plain {
		if subject(ref) {
			d.parts = append(d.parts, component{ref: ref})
		}
	}
}

// isSPDXJSON says whether the beginning of a JSON file is that of an SPDX 2.x document.
func isSPDXJSON(prefix []byte) bool { return bytes.Contains(prefix, []byte(`"spdxVersion"`)) }
