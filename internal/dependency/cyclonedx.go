package dependency

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// What one SBOM may hold, far above real ones, so that memory is bounded.
const (
	mostComponents = 200_000   // with a package URL
	mostRefs       = 500_000   // different bom-refs
	mostPairs      = 2_000_000 // entries of dependsOn, in all
)

// parseCycloneDX reads a CycloneDX SBOM in JSON, of any version 1.x: the components with a package URL, nested ones too,
// but for the subject itself (metadata.component and what is nested in it). Direct is what the subject depends on; a
// component without a package URL that it depends on counts as part of it, as the modules of a build do. If the subject
// depends on nothing, as in SBOMs of file systems, those are direct that nothing else in the file depends on.
//
// The reader is not cyclonedx-go's: that drops the lines and doubled keys that gaps must name.
func parseCycloneDX(data []byte, _ *memory) (File, problems) {
	var file File
	text, bad, fatal := guardJSON(data)
	if fatal != nil {
		return file, problems{list: []problem{*fatal}}
	}
	b := bom{r: jsonReader{data: text}, bad: &bad}
	return b.file(b.read(&file), file)
}

// file makes the file of what was read, unless a problem spoils the whole.
func (b *bom) file(fatal *problem, file File) (File, problems) {
	if fatal != nil {
		b.bad.list = append(b.bad.list, *fatal)
		return File{}, *b.bad
	}
	packages := newPackages()
	b.declare(packages)
	packages.connect(b.edges())
	file.Packages = packages.sorted()
	file.Edges = len(b.pairs) > 0
	return file, *b.bad
}

// component is one component with a package URL, or a part of the subject.
type component struct {
	id     identity
	ref    int32
	line   int
	scope  Scope
	hints  []Hint
	said   Said
	parsed bool // has a good package URL
}

type bom struct {
	r          jsonReader
	bad        *problems
	root       component   // metadata.component
	parts      []component // nested in it: the modules of a build
	components []component
	plain      []int32          // refs of components without a good package URL
	refs       map[string]int32 // bom-ref → number; made by components and by dependencies
	pairs      [][2]int32       // refs: the first depends on the second
	tooMany    string

	packageOf []int32 // ref → index among the packages, or one of the below
}

const (
	unknownRef int32 = -1 // points at nothing
	plainRef   int32 = -2 // a component without package URL
	subjectRef int32 = -3 // the subject itself, or part of it
)

func (b *bom) read(file *File) *problem {
	switch b.r.peek() {
	case '{':
	case 'n':
		return &problem{kind: gap.Empty, line: 1, detail: "null"}
	default:
		return &problem{kind: gap.Syntax, line: 1, detail: "not an object"}
	}
	b.refs = map[string]int32{}
	b.root.ref = unknownRef
	format, version, versionLine, rootName := "", "", 0, ""
	var badShape *problem
	list := func(name string, f func()) {
		line, null := b.r.line(), b.r.peek() == 'n'
		if !b.r.array(f) && !null && badShape == nil {
			badShape = &problem{kind: gap.Syntax, line: line, detail: fmt.Sprintf("%q is not an array", name)}
		}
	}
	b.r.object(func(key []byte) {
		switch string(key) {
		case "bomFormat":
			format = b.r.text()
		case "specVersion":
			versionLine, version = b.r.line(), b.r.text()
		case "metadata":
			b.root, b.parts, rootName = component{ref: unknownRef}, nil, ""
			b.r.object(func(key []byte) {
				if string(key) == "component" {
					b.parts = nil
					b.root, rootName = b.component(&b.parts)
				} else {
					b.r.skip()
				}
			})
		case "components":
			b.components, b.plain = nil, nil
			list("components", func() { b.keep(&b.components) })
		case "dependencies":
			b.pairs = nil
			list("dependencies", b.dependency)
		default:
			b.r.skip()
		}
	})
	switch {
	case format != "CycloneDX":
		return &problem{kind: gap.Unsupported, line: 1, detail: "no CycloneDX bomFormat"}
	case version != "" && !strings.HasPrefix(version, "1."):
		return &problem{kind: gap.Unsupported, line: versionLine, detail: "specVersion " + short(version)}
	case badShape != nil:
		return badShape
	case b.tooMany != "":
		return &problem{kind: gap.TooLarge, detail: b.tooMany}
	}
	file.Root = rootName
	return nil
}

// refID numbers a bom-ref.
func (b *bom) refID(ref []byte) int32 {
	id, ok := b.refs[string(ref)]
	if !ok {
		if len(b.refs) >= mostRefs {
			b.tooMany = fmt.Sprintf("over %d bom-refs", mostRefs)
			return 0
		}
		id = int32(len(b.refs))
		b.refs[string(ref)] = id
	}
	return id
}

// keep reads one component and keeps it with those nested in it, if it can matter. The guard has bounded the depth.
func (b *bom) keep(in *[]component) {
	if b.tooMany != "" {
		b.r.skip()
		return
	}
	c, _ := b.component(in)
	b.store(c, in)
}

func (b *bom) store(c component, in *[]component) {
	switch {
	case !c.parsed && c.ref == unknownRef:
	case len(*in) >= mostComponents:
		b.tooMany = fmt.Sprintf("over %d components", mostComponents)
	case c.parsed, in == &b.parts:
		*in = append(*in, c)
	case len(b.plain) < mostRefs:
		b.plain = append(b.plain, c.ref)
	}
}

// declared is what a component says of itself, before it is judged.
type declared struct {
	group, name, version, scope, purl string
	hasPURL, dev                      bool
	start                             int // line
}

// component reads one component, and gives it and its name.
func (b *bom) component(nested *[]component) (component, string) {
	c := component{ref: unknownRef, scope: Runtime, line: b.r.line()}
	d := declared{start: c.line}
	b.r.object(func(key []byte) {
		switch string(key) {
		case "bom-ref":
			if ref, ok := b.r.bytes(); ok {
				c.ref = b.refID(ref)
			}
		case "group":
			d.group = b.r.text()
		case "name":
			d.name = b.r.text()
		case "version":
			d.version = b.r.text()
		case "scope":
			d.scope = b.r.text()
		case "purl":
			c.line, d.hasPURL = b.r.line(), true
			d.purl = b.r.text()
		case "externalReferences":
			b.r.array(func() { c.hints = b.reference(c.hints) })
		case "properties":
			b.r.array(func() { d.dev = b.development() || d.dev })
		case "components":
			b.r.array(func() { b.keep(nested) })
		default:
			b.r.skip()
		}
	})
	b.complete(&c, d)
	return c, d.name
}

// complete judges what a component says of itself.
func (b *bom) complete(c *component, d declared) {
	if climbs(d.group) || climbs(d.name) || climbs(d.version) {
		b.bad.add(gap.PathEscape, func() (int, string, string) {
			return d.start, short(strings.Trim(d.group+"/"+d.name, "/")), "the name or version of a component leads out of its folder"
		})
	}
	switch d.scope {
	case "optional":
		c.scope = Optional
	case "excluded":
		c.scope = Dev
	}
	if d.dev {
		c.scope = Dev
	}
	if d.hasPURL {
		id, err := parsePURL(d.purl)
		if err != nil {
			b.bad.add(gap.BadPURL, func() (int, string, string) { return c.line, short(d.purl), short(err.Error()) })
		} else {
			c.id, c.parsed = id, true
			if full := strings.Trim(d.group+"/"+d.name, "/"); id.name != full && strings.EqualFold(id.name, full) {
				c.id.name = intern(full) // tools write the purl in lower case and the name as it is
			}
			for _, h := range id.hints {
				c.hints = appendHint(c.hints, h.Kind, h.URL)
			}
			if id.escapes {
				b.bad.add(gap.PathEscape, func() (int, string, string) {
					return c.line, short(d.purl), "the package URL leads out of its folder"
				})
			}
			if c.ref == unknownRef {
				c.ref = b.refID([]byte(d.purl)) // some tools leave the bom-ref out and refer by package URL
			}
		}
	}
}

// reference reads one external reference.
func (b *bom) reference(hints []Hint) []Hint {
	var kind, address string
	b.r.object(func(key []byte) {
		switch string(key) {
		case "type":
			kind = b.r.text()
		case "url":
			address = b.r.text()
		default:
			b.r.skip()
		}
	})
	return appendReference(hints, kind, address)
}

// appendReference adds an external reference, if it is of a kind that leads to a repository or an artefact.
func appendReference(hints []Hint, kind, address string) []Hint {
	switch kind {
	case "vcs", "website", "distribution":
		return appendHint(hints, kind, address)
	case "source-distribution":
		return appendHint(hints, "distribution", address)
	}
	return hints
}

// development reads one property and says whether it marks a component as for development: what the generators for npm
// and Composer write.
func (b *bom) development() bool {
	var name, value string
	b.r.object(func(key []byte) {
		switch string(key) {
		case "name":
			name = b.r.text()
		case "value":
			value = b.r.text()
		default:
			b.r.skip()
		}
	})
	return marksDevelopment(name, value)
}

func marksDevelopment(name, value string) bool {
	return value == "true" && (name == "cdx:npm:package:development" || name == "cdx:composer:package:isDevRequirement")
}

// dependency reads one entry of the dependency graph.
func (b *bom) dependency() {
	if b.tooMany != "" {
		b.r.skip()
		return
	}
	from := unknownRef
	first := len(b.pairs)
	b.r.object(func(key []byte) {
		switch string(key) {
		case "ref":
			if ref, ok := b.r.bytes(); ok {
				from = b.refID(ref)
			}
		case "dependsOn":
			b.r.array(func() {
				ref, ok := b.r.bytes()
				if ok {
					b.pair(unknownRef, ref)
				}
			})
		default:
			b.r.skip()
		}
	})
	if from == unknownRef {
		b.pairs = b.pairs[:first]
	}
	for i := first; i < len(b.pairs); i++ {
		b.pairs[i][0] = from
	}
}

// pair notes that a component depends on another.
func (b *bom) pair(from int32, to []byte) {
	if len(b.pairs) >= mostPairs {
		b.tooMany = fmt.Sprintf("over %d dependencies", mostPairs)
		return
	}
	b.pairs = append(b.pairs, [2]int32{from, b.refID(to)})
}

// declare adds the packages, and finds the direct ones.
func (b *bom) declare(packages *packageSet) {
	b.packageOf = slices.Repeat([]int32{unknownRef}, len(b.refs))
	for _, c := range b.components {
		what := subjectRef
		if !b.root.parsed || c.id.key != b.root.id.key {
			what = int32(packages.add(c.id.key, Package{PURL: c.id.purl, Name: c.id.name, Version: c.id.version, Scope: c.scope, Line: c.line, Hints: c.hints, Said: c.said}))
		}
		b.refer(c.ref, what)
	}
	for _, ref := range b.plain {
		b.refer(ref, plainRef)
	}
	for _, c := range b.parts {
		b.refer(c.ref, subjectRef)
	}
	if b.root.ref != unknownRef {
		b.packageOf[b.root.ref] = subjectRef
	}
	b.markDirect(packages)
}

// refer says what a bom-ref stands for. Where two components claim one, which is not valid, the first package wins.
func (b *bom) refer(ref, what int32) {
	if ref != unknownRef && (b.packageOf[ref] == unknownRef || b.packageOf[ref] == plainRef) {
		b.packageOf[ref] = what
	}
}

func (b *bom) markDirect(packages *packageSet) {
	// The subject, and the components without package URL that it depends on, and theirs.
	next := map[int32][]int32{}
	for _, pair := range b.pairs {
		if what := b.packageOf[pair[0]]; what == subjectRef || what == plainRef {
			next[pair[0]] = append(next[pair[0]], pair[1])
		}
	}
	var queue []int32
	reached := map[int32]bool{}
	for ref, what := range b.packageOf {
		if what == subjectRef {
			queue = append(queue, int32(ref))
		}
	}
	found := false
	for len(queue) > 0 {
		ref := queue[0]
		queue = queue[1:]
		for _, to := range next[ref] {
			if reached[to] {
				continue
			}
			reached[to] = true
			if i := b.packageOf[to]; i >= 0 {
				packages.list[i].Direct = true
				found = true
			} else if i == plainRef {
				queue = append(queue, to)
			}
		}
	}
	if found {
		return
	}
	needed := map[int32]bool{}
	for _, e := range b.edges() {
		if e[0] != e[1] {
			needed[e[1]] = true
		}
	}
	for i := range packages.list {
		packages.list[i].Direct = !needed[int32(i)]
	}
}

// edges gives the pairs of packages where the first needs the second.
func (b *bom) edges() [][2]int32 {
	var edges [][2]int32
	for _, pair := range b.pairs {
		from, to := b.packageOf[pair[0]], b.packageOf[pair[1]]
		if from >= 0 && to >= 0 && from != to {
			edges = append(edges, [2]int32{from, to})
		}
	}
	return edges
}

// isCycloneDX says whether the beginning of a JSON file is that of a CycloneDX SBOM.
func isCycloneDX(prefix []byte) bool {
	return bytes.Contains(prefix, []byte(`"bomFormat"`)) && bytes.Contains(prefix, []byte("CycloneDX"))
}
