package dependency

import (
	"cmp"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	packageurl "github.com/package-url/packageurl-go"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// A mavenProject is a POM among those that it may need.
type mavenProject struct {
	pom  *pom
	near map[string]*pom // parents in files that a walk does not find, by path from the folder of this one
	all  *poms

	later bool // what is wrong with names is told by Connect, when it is known what the parents say
	told  bool // what is wrong with names has been told
	full  bool // so has that there is too much
}

// tell gives the gaps of what is wrong, each once.
func (m *mavenProject) tell(wrong problems) []gap.Gap {
	wrong.list = slices.DeleteFunc(wrong.list, func(p problem) bool {
		if p.kind == gap.TooLarge {
			return m.full
		}
		return m.told || m.later
	})
	m.full = m.full || slices.ContainsFunc(wrong.list, func(p problem) bool { return p.kind == gap.TooLarge })
	if m.told || m.later {
		wrong.more = nil
	}
	m.told = m.told || !m.later
	return wrong.gaps(m.pom.place)
}

// joinMaven tells each pom.xml what the others of the scanned folder say: they are its parents, BOMs and fellow modules. One
// that only gathers modules, or manages versions, says nothing on its own.
func (r *reading) joinMaven() {
	all := newPOMs()
	for i := range r.files {
		f := &r.files[i]
		if f.maven == nil {
			continue
		}
		f.maven.all = all
		all.add(f.Path, f.maven.pom)
		f.maven.pom.place = r.place(f.Path)
	}
	for i := range r.files {
		f := &r.files[i]
		if f.maven == nil {
			continue
		}
		for near, p := range f.maven.near {
			at := path.Join(path.Dir(f.Path), near)
			if all.disk[at] == nil {
				all.add(at, p)
				p.place = path.Join(path.Dir(f.maven.pom.place), near)
			}
		}
	}
	if len(all.disk) == 0 {
		return
	}
	all.settle()
	var leftOut []string
	dependencies, telling := 0, 0
	for i := range r.files {
		f := &r.files[i]
		if f.maven == nil {
			continue
		}
		p := f.maven.pom
		wrong, _ := f.maven.apply(f)
		f.maven.later = len(all.line(p).lacks) > 0
		f.maven.told = p.parent == nil // by parsePOM
		r.gaps = append(r.gaps, f.maven.tell(wrong)...)
		if !f.maven.gathers(f) {
			telling++
		}
		for _, l := range p.leftOut {
			dependencies += l.dependencies
		}
		if len(p.leftOut) > 0 {
			leftOut = append(leftOut, fmt.Sprintf("%s:%d", p.place, p.leftOut[0].line))
		}
	}
	if telling > 0 {
		r.drop(func(f *File) bool { return f.maven != nil && f.maven.gathers(f) })
	}
	if len(leftOut) > 0 {
		r.gaps = append(r.gaps, gap.Gap{
			Stage: gap.Inventory, Kind: gap.Unsupported, What: "profiles of pom.xml", Count: len(leftOut),
			Detail: fmt.Sprintf("%d dependencies in profiles that are not active unless asked for, e.g. %s", dependencies, leftOut[0]),
		})
	}
}

// gathers says whether a project has no dependencies and makes nothing.
func (m *mavenProject) gathers(f *File) bool {
	return len(f.Packages) == 0 && m.pom.packaging == "pom"
}

// member gives the project of the scanned folder that a dependency means. It may have no file there: what has the group and
// the version of a project, and takes the version from a property, is built together with it.
func (s *poms) member(d *pomDependency, version string) (p *pom, ours bool) {
	for _, p := range s.named[[2]string{d.group, d.artifact}] {
		if id := s.id(p); version == "" || id.version == version || strings.Contains(id.version, "${") {
			return p, true
		}
	}
	return nil, s.own[[2]string{d.group, version}] && (!d.written || strings.HasSuffix(version, "-SNAPSHOT"))
}

// mavenPinned gives the version that a requirement names, or nothing for a range, for a word that stands for whatever is
// newest, or for a property that nothing gives.
func mavenPinned(requirement string) string {
	version := strings.TrimSpace(requirement)
	if exact, ok := strings.CutPrefix(version, "["); ok && strings.HasSuffix(exact, "]") {
		version = strings.TrimSpace(strings.TrimSuffix(exact, "]"))
	}
	if strings.Contains(version, "${") || strings.ContainsAny(version, "[](),") || version == "LATEST" || version == "RELEASE" {
		return ""
	}
	return version
}

// builtAs is what an identity is made of.
type builtAs struct {
	pomKey
	version string
}

type madeIdentity struct {
	identity
	err error
}

// identify is [pomDependency.identify] for all projects, which mostly need the same.
func (s *poms) identify(d *pomDependency, version string) (identity, error) {
	as := builtAs{d.key(), version}
	made, ok := s.identities[as]
	if !ok {
		made.identity, made.err = d.identify(version)
		s.identities[as] = made
	}
	return made.identity, made.err
}

// identify gives the package of a dependency, at a version.
func (d *pomDependency) identify(version string) (identity, error) {
	if strings.Contains(d.group+d.artifact, "${") {
		return identity{}, errors.New("a name that no property gives")
	}
	if d.group == "" || d.artifact == "" {
		return identity{}, errors.New("no <groupId>, or no <artifactId>")
	}
	id, err := mavenPURL(d.group + ":" + d.artifact + ":" + version)
	kind, classifier := d.kind, d.classifier
	if kind == "test-jar" {
		classifier = cmp.Or(classifier, "tests")
	}
	qualifiers := map[string]string{}
	if kind != "" && kind != "jar" && !strings.Contains(kind, "${") {
		qualifiers["type"] = kind
	}
	if classifier != "" && !strings.Contains(classifier, "${") {
		qualifiers["classifier"] = classifier
	}
	if err != nil || len(qualifiers) == 0 {
		return id, err
	}
	p := packageurl.PackageURL{Type: "maven", Namespace: d.group, Name: d.artifact, Version: version, Qualifiers: packageurl.QualifiersFromMap(qualifiers)}
	if err := p.Normalize(); err != nil {
		return id, err
	}
	built, err := identify(p)
	if err != nil {
		return id, nil // what is wrong with the kind takes nothing from the package
	}
	built.name = id.name
	return built, nil
}

// mavenScope gives the scope of a dependency that a project names itself.
func (d *pomDependency) mavenScope() Scope {
	switch {
	case d.scope == "test":
		return Test
	case d.optional:
		return Optional
	}
	return Runtime // provided too: the project is built against it
}
