package dependency

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// parseNuGetLock reads a packages.lock.json of version 1 or 2, as NuGet's PackagesLockFileFormat writes it: for each target
// framework, and for each with a runtime ("net8.0/linux-x64"), which holds only what differs, the packages that were
// resolved. Version 2 adds CentralTransitive, a transitive package whose version is managed centrally. A Project entry is
// a project of the same solution: it is no package, and what it names is direct. Names are the same in any case. The file
// does not tell what is for development.
//
// See "PackageReference in project files" of NuGet's documentation, chapter "Locking dependencies".
func parseNuGetLock(data []byte, seen *memory) (File, problems) {
	text, bad, fatal := guardJSON(data)
	if fatal != nil {
		return File{}, problems{list: []problem{*fatal}}
	}
	lock := nugetLock{r: jsonReader{data: text}, bad: &bad}
	if p := lock.read(); p != nil {
		bad.list = append(bad.list, *p)
		return File{}, bad
	}
	packages := newPackages()
	lock.declare(packages)
	packages.connect(lock.edges())
	return File{Packages: packages.sorted(), Edges: true}, bad
}

// nugetEntry is one package, or project of the solution, of one target.
type nugetEntry struct {
	name, version, kind string
	line                int
	needs               []string // lower case
	index               int32    // among the packages, or own or absent
}

// nugetTarget is a target framework, with or without a runtime.
type nugetTarget struct {
	entries []*nugetEntry
	at      map[string]*nugetEntry // by name in lower case
	base    *nugetTarget           // of a target with a runtime: the one without
}

func (t *nugetTarget) find(name string) *nugetEntry {
	if e := t.at[name]; e != nil || t.base == nil {
		return e
	}
	return t.base.at[name]
}

type nugetLock struct {
	r       jsonReader
	bad     *problems
	targets []*nugetTarget
	names   []string // of the targets
	entries int
	needs   int
}

func (l *nugetLock) read() *problem {
	if c := l.r.peek(); c == 'n' {
		return &problem{kind: gap.Empty, line: 1, detail: "null"}
	} else if c != '{' {
		return &problem{kind: gap.Syntax, line: 1, detail: "not an object"}
	}
	version, versionLine, dependenciesLine, ok := "", 1, 0, true
	l.r.object(func(key []byte) {
		switch string(key) {
		case "version":
			versionLine = l.r.line()
			start := l.r.pos
			l.r.skip()
			version = string(l.r.data[start:min(l.r.pos, start+20)])
		case "dependencies":
			dependenciesLine = l.r.line()
			l.targets, l.names = nil, nil
			ok = l.r.object(l.target)
		default:
			l.r.skip()
		}
	})
	switch {
	case version == "" && dependenciesLine == 0:
		return &problem{kind: gap.Empty, line: 1, detail: "no \"dependencies\""}
	case version != "1" && version != "2":
		detail := "version " + version
		if version == "" {
			detail = "no version"
		}
		return &problem{kind: gap.Unsupported, line: versionLine, detail: detail}
	case l.entries >= mostEntries || l.needs >= mostNeeds:
		return &problem{kind: gap.TooLarge, detail: fmt.Sprintf("over %d entries or %d needs", mostEntries, mostNeeds)}
	case dependenciesLine == 0:
		return &problem{kind: gap.Empty, line: 1, detail: "no \"dependencies\""}
	case !ok:
		return &problem{kind: gap.Syntax, line: dependenciesLine, detail: "\"dependencies\" is not an object"}
	}
	l.base()
	return nil
}

// target reads the packages of one target. Of two of one name the last counts; the guard has told of them.
func (l *nugetLock) target(key []byte) {
	if l.entries >= mostEntries {
		l.r.skip()
		return
	}
	l.entries++ // targets are bounded with them
	t, name, line := &nugetTarget{at: map[string]*nugetEntry{}}, string(key), l.r.line()
	if !l.r.object(func(key []byte) { l.entry(t, key) }) {
		l.bad.add(gap.Syntax, func() (int, string, string) { return line, short(name), "not an object of packages" })
		return
	}
	l.targets, l.names = append(l.targets, t), append(l.names, name)
}

func (l *nugetLock) entry(t *nugetTarget, key []byte) {
	if l.entries >= mostEntries {
		l.r.skip()
		return
	}
	l.entries++
	e := &nugetEntry{name: string(key), line: l.r.line(), index: absent}
	ok := l.r.object(func(key []byte) {
		switch string(key) {
		case "type":
			e.kind = l.r.text()
		case "resolved":
			e.version = l.r.text()
		case "dependencies":
			e.needs = nil
			l.r.object(func(key []byte) {
				if l.needs < mostNeeds {
					l.needs++
					e.needs = append(e.needs, strings.ToLower(string(key)))
				}
				l.r.skip()
			})
		default:
			l.r.skip()
		}
	})
	if !ok {
		l.bad.add(gap.Syntax, func() (int, string, string) { return e.line, short(e.name), "not an object" })
		return
	}
	name := strings.ToLower(e.name)
	if have := t.at[name]; have != nil {
		*have = *e
		return
	}
	t.at[name] = e
	t.entries = append(t.entries, e)
}

// base gives each target with a runtime the one without. Of two targets of one name the last counts.
func (l *nugetLock) base() {
	byName := map[string]*nugetTarget{}
	for i, t := range l.targets {
		byName[l.names[i]] = t
	}
	kept := l.targets[:0]
	for i, t := range l.targets {
		if byName[l.names[i]] != t {
			continue
		}
		if framework, _, ok := strings.Cut(l.names[i], "/"); ok {
			t.base = byName[framework]
		}
		kept = append(kept, t)
	}
	l.targets = kept
}

// declare adds the packages of all targets.
func (l *nugetLock) declare(packages *packageSet) {
	direct := map[*nugetEntry]bool{}
	for _, t := range l.targets {
		for _, e := range t.entries {
			if !strings.EqualFold(e.kind, "Project") {
				continue
			}
			e.index = own
			for _, name := range e.needs {
				if to := t.find(name); to != nil {
					direct[to] = true
				}
			}
		}
	}
	for _, t := range l.targets {
		for _, e := range t.entries {
			if e.index == own {
				continue
			}
			if e.version == "" {
				l.bad.add(gap.Syntax, func() (int, string, string) { return e.line, short(e.name), "no \"resolved\" version" })
				continue
			}
			id, err := nugetPURL(e.name, e.version)
			if err != nil {
				l.bad.add(gap.BadPURL, func() (int, string, string) { return e.line, short(e.name), err.Error() })
				continue
			}
			if id.escapes {
				l.bad.add(gap.PathEscape, func() (int, string, string) {
					return e.line, short(e.name), "a name or version that leaves its folder"
				})
				continue
			}
			e.index = int32(packages.add(id.key, Package{
				PURL: id.purl, Name: id.name, Version: id.version, Scope: Runtime, Line: e.line,
				Direct: direct[e] || strings.EqualFold(e.kind, "Direct"),
			}))
		}
	}
}

func (l *nugetLock) edges() [][2]int32 {
	var edges [][2]int32
	for _, t := range l.targets {
		for _, e := range t.entries {
			if e.index < 0 {
				continue
			}
			for _, name := range e.needs {
				if to := t.find(name); to != nil && to.index >= 0 {
					edges = append(edges, [2]int32{e.index, to.index})
				}
			}
		}
	}
	return edges
}

var (
	nugetName    = regexp.MustCompile(`^[\pL\pN_.-]+$`)
	nugetVersion = regexp.MustCompile(`^([0-9A-Za-z.+-]+)?$`)
)

func nugetPURL(name, version string) (identity, error) {
	switch {
	case !nugetName.MatchString(name):
		return identity{}, errors.New("not a NuGet package name")
	case !nugetVersion.MatchString(version):
		return identity{}, errors.New("not a NuGet version")
	}
	return newPURL("nuget", "", name, version)
}
