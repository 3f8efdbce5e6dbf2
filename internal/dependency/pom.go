package dependency

import (
	"bytes"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// mostPOMEntries bounds the dependencies of one POM, those that it manages among them. The largest BOMs have some 5,000.
const mostPOMEntries = 20_000

// A pomID names a POM, and the artefact that it describes.
type pomID struct{ group, artifact, version string }

func (id pomID) String() string { return id.group + ":" + id.artifact + ":" + id.version }

// A pom is what one POM says itself, as written: with ${properties}, and without what it inherits.
type pom struct {
	pomID
	at           string // path in the scanned folder; empty for one from elsewhere
	place        string // the same as the user would write it
	packaging    string
	parent       *pomParent
	properties   map[string]string // of profiles that are active too
	dependencies []pomDependency
	managed      []pomDependency
	byArtifact   map[string][]int // artifactId → indexes in managed; those that a property names are under ""
	relocated    *pomID
	leftOut      []pomProfile
}

// A pomParent is the parent that a POM names.
type pomParent struct {
	pomID
	path string // relative path to its file; empty: it is not to be looked for on disk
	said bool   // the path stands there
	line int
}

// A pomDependency is a dependency as written, or, where a pomModel gives it, with what properties and management say.
type pomDependency struct {
	pomID
	kind, classifier string // kind: <type>
	scope            string
	optional         bool
	exclusions       []pomExclusion
	line             int  // 0: it stands in another file
	written          bool // the version stands there as it is, not as a property
}

type pomExclusion struct{ group, artifact string }

// A pomProfile is a profile that counts for nothing here.
type pomProfile struct {
	line         int
	dependencies int
}

// readPOM reads a POM. The form is that of https://maven.apache.org/pom.html, and https://maven.apache.org/ref/current/maven-model/maven.html.
func readPOM(data []byte) (*pom, problems, *problem) {
	var bad problems
	root, fatal := readXML(fromLatin1(data), "project")
	if fatal != nil {
		return nil, bad, fatal
	}
	p := &pom{pomID: idOf(root), packaging: root.textOf("packaging"), properties: map[string]string{}}
	if e := root.child("parent"); e != nil {
		p.parent = &pomParent{pomID: idOf(e), path: "../pom.xml", line: e.line}
		if at := e.child("relativePath"); at != nil {
			p.parent.path, p.parent.said = strings.ReplaceAll(at.text, `\`, "/"), true
		}
	}
	if e := root.child("distributionManagement"); e != nil && e.child("relocation") != nil {
		id := idOf(e.child("relocation"))
		p.relocated = &id
	}
	byDefault, unasked, rest := profiles(root)
	if len(unasked) > 0 {
		rest, byDefault = append(rest, byDefault...), nil
	}
	for _, profile := range rest {
		if n := len(profile.all("dependencies", "dependency")); n > 0 {
			p.leftOut = append(p.leftOut, pomProfile{line: profile.line, dependencies: n})
		}
	}
	active := slices.Concat([]*xmlElement{root}, byDefault, unasked)
	for _, e := range active {
		p.add(e, &bad)
	}
	if n := len(p.dependencies) + len(p.managed); n > mostPOMEntries {
		return nil, bad, &problem{kind: gap.TooLarge, line: root.line, detail: fmt.Sprintf("%d dependencies, limit %d", n, mostPOMEntries)}
	}
	p.index()
	return p, bad, nil
}

// profiles sorts the profiles of a project: those that are active unless others are; those that are active because a property
// is not set, as none is where nobody asks for one; and the rest, on which a JDK, a system, a file or the user decides.
func profiles(root *xmlElement) (byDefault, unasked, rest []*xmlElement) {
	for _, profile := range root.all("profiles", "profile") {
		activation := profile.child("activation")
		if activation == nil {
			activation = &xmlElement{}
		}
		conditions := slices.DeleteFunc(slices.Clone(activation.children), func(c *xmlElement) bool { return c.name == "activeByDefault" })
		switch {
		case len(conditions) == 1 && conditions[0].name == "property" &&
			(strings.HasPrefix(conditions[0].textOf("name"), "!") || strings.HasPrefix(conditions[0].textOf("value"), "!")):
			unasked = append(unasked, profile)
		case activation.textOf("activeByDefault") == "true":
			byDefault = append(byDefault, profile)
		default:
			rest = append(rest, profile)
		}
	}
	return byDefault, unasked, rest
}

// add adds what the project, or after it a profile, says: the later counts more.
func (p *pom) add(e *xmlElement, bad *problems) {
	if list := e.child("properties"); list != nil {
		for _, c := range list.children {
			p.properties[intern(c.name)] = intern(c.text)
		}
	}
	for _, d := range e.all("dependencies", "dependency") {
		p.dependencies = append(p.dependencies, dependencyOf(d, bad))
	}
	if m := e.child("dependencyManagement"); m != nil {
		var managed []pomDependency
		for _, d := range m.all("dependencies", "dependency") {
			managed = append(managed, dependencyOf(d, bad))
		}
		p.managed = append(managed, p.managed...) // the first of them counts
	}
}

func (p *pom) index() {
	p.byArtifact = make(map[string][]int, len(p.managed))
	for i, d := range p.managed {
		name := d.artifact
		if strings.Contains(name, "${") {
			name = ""
		}
		p.byArtifact[name] = append(p.byArtifact[name], i)
	}
}

func idOf(e *xmlElement) pomID {
	return pomID{intern(e.textOf("groupId")), intern(e.textOf("artifactId")), intern(e.textOf("version"))}
}

func dependencyOf(e *xmlElement, bad *problems) pomDependency {
	d := pomDependency{
		pomID: idOf(e), kind: intern(e.textOf("type")), classifier: intern(e.textOf("classifier")), scope: intern(e.textOf("scope")),
		optional: e.textOf("optional") == "true", line: e.line,
	}
	for _, x := range e.all("exclusions", "exclusion") {
		d.exclusions = append(d.exclusions, pomExclusion{intern(x.textOf("groupId")), intern(x.textOf("artifactId"))})
	}
	for i, c := range e.children { // few: what is not a real POM is not worth a map
		if i < 50 && e.child(c.name) != c {
			bad.add(gap.DuplicateKeys, func() (int, string, string) {
				return c.line, short(d.artifact), short(fmt.Sprintf("<%s> twice in one dependency; the first counts", c.name))
			})
			break
		}
	}
	return d
}

var latin1 = regexp.MustCompile(`(?i)^\s*<\?xml[^>]{0,100}\bencoding\s*=\s*["'](iso-8859-1|iso-8859-15|latin1|windows-1252|us-ascii)["']`)

// fromLatin1 gives a text that says to be in Latin 1, or nearly so, as UTF-8. In what counts here these differ in nothing.
func fromLatin1(data []byte) []byte {
	if !latin1.Match(data[:min(len(data), 200)]) {
		return data
	}
	var b bytes.Buffer
	b.Grow(len(data))
	for _, c := range data {
		b.WriteRune(rune(c))
	}
	return b.Bytes()
}

// isPOM says whether a file begins as a POM, whatever its name.
func isPOM(prefix []byte) bool { return bytes.Contains(prefix, []byte("http://maven.apache.org/POM/")) }

// mostNearParents bounds the parents that lie in files of other names.
const mostNearParents = 16

// parsePOM reads a pom.xml: what the project declares and inherits, with the versions that properties and dependency
// management give, as Maven's model builder does (https://maven.apache.org/ref/current/maven-model-builder). Parents and
// BOMs count where they lie in the scanned folder ([reading.joinMaven]), or where [Inventory.Connect] gets them. Of profiles
// those count that are active where nobody asks for any. Plugins, their dependencies and build extensions do not count.
func parsePOM(data []byte, near nearby) (File, problems) {
	p, bad, fatal := readPOM(data)
	if fatal != nil {
		return File{}, problems{list: []problem{*fatal}}
	}
	if p.artifact == "" {
		bad.add(gap.Syntax, func() (int, string, string) { return 1, "", "no <artifactId>" })
	}
	project := &mavenProject{pom: p, near: map[string]*pom{}, later: p.parent != nil}
	project.readNear(near, p, ".", &bad)
	project.all = newPOMs()
	project.all.add("pom.xml", p)
	for at, q := range project.near {
		project.all.add(at, q)
	}
	project.all.settle()
	file := File{maven: project}
	wrong, _ := project.apply(&file)
	if project.told = !project.later; project.told {
		for _, w := range wrong.list {
			bad.add(w.kind, func() (int, string, string) { return w.line, w.what, w.detail })
		}
	}
	return file, bad
}

// readNear reads the parent where it lies in a file that no walk over the folder finds, or below this one.
func (m *mavenProject) readNear(near nearby, p *pom, dir string, bad *problems) {
	for range mostNearParents {
		if p.parent == nil || p.parent.path == "" || near.open == nil {
			return
		}
		if path.IsAbs(p.parent.path) || strings.Contains(p.parent.path, ":") {
			if dir == "." {
				bad.add(gap.PathEscape, func() (int, string, string) {
					return p.parent.line, short(p.parent.path), "the parent's path is not relative"
				})
			}
			return
		}
		at := path.Join(dir, p.parent.path)
		if path.Base(at) == "pom.xml" && strings.HasPrefix(at, "../") || m.near[at] != nil {
			return // the walk reads it
		}
		data, err := near.read(at)
		if err != nil {
			at = path.Join(at, "pom.xml")
			if data, err = near.read(at); err != nil {
				return
			}
		}
		q, _, fatal := readPOM(data)
		if fatal != nil {
			bad.addIn(at, fatal.kind, func() (int, string, string) { return fatal.line, fatal.what, fatal.detail })
			return
		}
		m.near[at] = q
		p, dir = q, path.Dir(at)
	}
}
