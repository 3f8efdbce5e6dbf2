package dependency

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// Bounds of one model. Real chains of parents have under 10 links.
const (
	mostParents = 32
	mostImports = 500
	deepestBOM  = 16
)

// A pomModel is a POM with what it inherits: what Maven calls the effective model, as far as dependencies go.
type pomModel struct {
	all     *poms
	chain   []*pom // itself, its parent, and so on up
	lacks   []pomLack
	pending bool        // something that it needs was not asked for yet
	imports []*pomModel // BOMs, in the order in which they count
	depth   int         // how many BOMs import one another down to this

	values  map[string]string // properties, expanded
	open    map[string]bool   // properties that are being expanded
	managed map[pomKey]*pomDependency
	list    []pomDependency // dependencies, once computed
}

// A pomLack is a parent or BOM that is not at hand.
type pomLack struct {
	pomID
	in      *pom // that names it
	line    int
	why     string
	managed bool // it would say nothing but versions: a BOM, or a parent of one
}

// A pomKey is what dependency management finds a dependency by.
type pomKey struct{ group, artifact, kind, classifier string }

func (d *pomDependency) key() pomKey {
	return pomKey{d.group, d.artifact, cmp.Or(d.kind, "jar"), d.classifier}
}

// newModel begins a model, which knows no dependency management yet.
func newModel(s *poms, chain []*pom) *pomModel {
	return &pomModel{all: s, chain: chain, values: map[string]string{}, open: map[string]bool{}, managed: map[pomKey]*pomDependency{}}
}

// id gives the coordinates.
func (m *pomModel) id() pomID {
	group, version := m.coordinates()
	g, _ := m.expand(group)
	a, _ := m.expand(m.chain[0].artifact)
	v, _ := m.expand(version)
	return pomID{g, a, v}
}

// coordinates gives group and version as written. Where a POM leaves them to the path of its parent, as Maven 4 allows, they
// are the parent's.
func (m *pomModel) coordinates() (group, version string) {
	for _, p := range m.chain {
		g, v := p.ownCoordinates()
		group, version = cmp.Or(group, g), cmp.Or(version, v)
	}
	return group, version
}

// ownCoordinates gives group and version as written, in the POM itself or where it names its parent.
func (p *pom) ownCoordinates() (group, version string) {
	group, version = p.group, p.version
	if p.parent != nil {
		group, version = cmp.Or(group, p.parent.group), cmp.Or(version, p.parent.version)
	}
	return group, version
}

var pomProperty = regexp.MustCompile(`\$\{([^{}$]+)\}`)

// expand puts in the values of properties; known says whether all of them are known.
func (m *pomModel) expand(text string) (expanded string, known bool) {
	if !strings.Contains(text, "${") {
		return text, true
	}
	if len(text) > longestPURL {
		return text, false
	}
	size := 0
	expanded = pomProperty.ReplaceAllStringFunc(text, func(use string) string {
		value, ok := m.value(use[2 : len(use)-1])
		size += len(value)
		if !ok || size > longestPURL {
			return use
		}
		return value
	})
	return intern(expanded), !strings.Contains(expanded, "${")
}

// value gives the value of a property: what the model says of the project itself, then the nearest <properties>, then the
// names of the model without "project." before them. One that leads back to itself has none, and so has one that Maven takes
// from the machine: java.version, env.HOME.
func (m *pomModel) value(name string) (string, bool) {
	if v, ok := m.values[name]; ok {
		return v, !strings.Contains(v, "${")
	}
	if m.open[name] || len(m.open) > 100 {
		return "", false
	}
	raw, ok := m.field(name, "project.", "pom.")
	for i := 0; !ok && i < len(m.chain); i++ {
		raw, ok = m.chain[i].properties[name]
	}
	if !ok {
		if raw, ok = m.field("project."+name, "project."); !ok {
			return "", false
		}
	}
	m.open[name] = true
	v, known := m.expand(raw)
	delete(m.open, name)
	m.values[name] = v // not known either way if it leads to itself
	return v, known
}

// field gives what a POM says in its own elements.
func (m *pomModel) field(name string, prefixes ...string) (string, bool) {
	p := m.chain[0]
	for _, prefix := range prefixes {
		field, ok := strings.CutPrefix(name, prefix)
		if !ok {
			continue
		}
		group, version := m.coordinates()
		v := ""
		switch field {
		case "groupId":
			v = group
		case "artifactId":
			v = p.artifact
		case "version":
			v = version
		case "packaging":
			v = cmp.Or(p.packaging, "jar")
		}
		if p.parent != nil {
			switch field {
			case "parent.groupId":
				v = p.parent.group
			case "parent.artifactId":
				v = p.parent.artifact
			case "parent.version":
				v = p.parent.version
			}
		}
		if v != "" {
			return v, true
		}
	}
	return "", false
}

// resolve puts in the properties of a dependency.
func (m *pomModel) resolve(d pomDependency) pomDependency {
	d.written = d.version != "" && !strings.Contains(d.version, "${")
	d.group, _ = m.expand(d.group)
	d.artifact, _ = m.expand(d.artifact)
	d.version, _ = m.expand(d.version)
	d.kind, _ = m.expand(d.kind)
	d.classifier, _ = m.expand(d.classifier)
	d.scope, _ = m.expand(d.scope)
	return d
}

// managedAs gives what dependency management says of a dependency: the nearest POM first, and what it says itself before
// what its BOMs say.
func (m *pomModel) managedAs(key pomKey) *pomDependency {
	if d, ok := m.managed[key]; ok {
		return d
	}
	m.managed[key] = nil // a BOM that imports itself finds nothing there
	d := m.managedItself(key)
	for i := 0; d == nil && i < len(m.imports); i++ {
		d = m.imports[i].managedAs(key)
	}
	m.managed[key] = d
	return d
}

func (m *pomModel) managedItself(key pomKey) *pomDependency {
	for _, p := range m.chain {
		at := p.byArtifact[key.artifact]
		if more := p.byArtifact[""]; len(more) > 0 && key.artifact != "" {
			at = slices.Sorted(slices.Values(slices.Concat(at, more)))
		}
		for _, i := range at {
			if p.managed[i].scope == "import" {
				continue
			}
			if d := m.resolve(p.managed[i]); d.key() == key {
				return &d
			}
		}
	}
	return nil
}

// dependencies gives what the project declares and inherits, with what management says where a dependency says nothing. Of
// two about the same the nearest counts, and in one file the last.
func (m *pomModel) dependencies() []pomDependency {
	if m.list != nil {
		return m.list
	}
	list := []pomDependency{}
	at := map[pomKey]int{}
	for i, p := range m.chain {
		inherited := len(list)
		for _, d := range p.dependencies {
			d = m.resolve(d)
			if i > 0 {
				d.line = 0
			}
			have, twice := at[d.key()]
			switch {
			case !twice:
				at[d.key()] = len(list)
				list = append(list, d)
			case have >= inherited:
				list[have] = d
			}
		}
	}
	for i := range list {
		d := &list[i]
		says := m.managedAs(d.key())
		if says == nil {
			continue
		}
		if d.version == "" {
			d.version, d.written = says.version, says.written
		}
		d.scope = cmp.Or(d.scope, says.scope)
		if len(d.exclusions) == 0 {
			d.exclusions = says.exclusions
		}
	}
	m.list = list
	return list
}
