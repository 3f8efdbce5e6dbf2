package dependency

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// A pythonEntry is one package of a lockfile for Python.
type pythonEntry struct {
	name    string // normal
	version string
	line    int
	source  pythonSource
	own     bool     // of the project itself: no package, and what it needs is direct
	scope   Scope    // as the file says; empty: by who needs it
	extras  []string // pdm: the extras that this entry stands for, beside another one of the package
	needs   []pythonNeed
	day     string // of its release, if the file tells it

	index int32 // among the packages, or own or absent
}

// A pythonNeed is one package that another needs.
type pythonNeed struct {
	name    string   // normal
	version string   // where the file names which of several it is
	from    string   // likewise, by source: an address
	extras  []string // of the needed package, wanted
	under   string   // an extra of the needing package: needed only with that; empty: always (a group of the project: see ofGroup)
	scope   Scope    // of what the project itself needs
}

// A pythonLock finds what is direct, the scopes and the edges of a lockfile. The formats differ only in how they say these.
type pythonLock struct {
	entries []pythonEntry
	roots   []pythonNeed // what the project itself needs, beside what entries of its own do
	rooted  bool         // roots are known, were it none; else those are direct that nothing else needs
	bad     *problems

	missing func(from *pythonEntry, need *pythonNeed) // called where a need is not in the file, from nil for the project's; may be nil

	byName map[string][]int32
	visits map[pythonVisit]bool
	direct []bool
	edges  [][2]int32 // of entries
	steps  int        // taken by targets
	full   bool       // over mostNeeds or mostSteps: what was found until then stands
}

// mostSteps bounds the search among many entries of one name. Real files have under ten of a name.
const mostSteps = 8 * mostNeeds

// A pythonVisit is an entry reached plain, or with one of its extras.
type pythonVisit struct {
	entry int32
	extra string
}

// into makes the packages of the file.
func (l *pythonLock) into(file *File) {
	l.byName = make(map[string][]int32, len(l.entries))
	for i := range l.entries {
		l.byName[l.entries[i].name] = append(l.byName[l.entries[i].name], int32(i))
	}
	l.walk()
	packages := newPackages()
	packages.grow(len(l.entries))
	for i := range l.entries {
		l.declare(packages, int32(i))
	}
	edges := make([][2]int32, 0, len(l.edges))
	for _, e := range l.edges {
		if from, to := l.entries[e[0]].index, l.entries[e[1]].index; from >= 0 && to >= 0 {
			edges = append(edges, [2]int32{from, to})
		}
	}
	packages.connect(edges)
	file.Packages, file.Edges = packages.sorted(), true
	if l.full {
		l.bad.add(gap.TooLarge, func() (int, string, string) { return 0, "", fmt.Sprintf("over %d needs", mostNeeds) })
	}
}

// targets gives the entries that a need means: those of its name, and of them those of its version, source and extras.
func (l *pythonLock) targets(n *pythonNeed) []int32 {
	all := l.byName[n.name]
	if l.steps += len(all); l.steps > mostSteps {
		l.full = true
		return nil
	}
	if len(all) == 1 && l.entries[all[0]].extras == nil {
		return all
	}
	var some []int32
	for _, i := range all {
		if l.entries[i].meets(n) {
			some = append(some, i)
		}
	}
	return some
}

func (e *pythonEntry) meets(n *pythonNeed) bool {
	return (n.version == "" || n.version == e.version) &&
		(n.from == "" || n.from == e.source.git || n.from == e.source.download || n.from == e.source.index) &&
		(e.extras == nil || slices.ContainsFunc(e.extras, func(x string) bool { return slices.Contains(n.extras, x) }))
}

// walk goes from what the project needs to all that this needs, widest scope first, so that each entry has the widest
// that reaches it.
func (l *pythonLock) walk() {
	l.visits = make(map[pythonVisit]bool, len(l.entries))
	l.direct = make([]bool, len(l.entries))
	roots := l.roots
	for i := range l.entries {
		if l.entries[i].own {
			roots = append(roots, l.entries[i].needs...)
			l.rooted = true
		}
	}
	if !l.rooted {
		l.walkFromTops()
		return
	}
	for _, scope := range []Scope{Runtime, Optional, Dev, Test} {
		for i := range roots {
			if roots[i].scope != scope {
				continue
			}
			targets := l.targets(&roots[i])
			if len(targets) == 0 && l.missing != nil {
				l.missing(nil, &roots[i])
			}
			for _, to := range targets {
				l.direct[to] = true
				l.reach(to, roots[i].extras, scope)
			}
		}
	}
	// What nothing leads to is in the file all the same, and so is what it needs.
	for i := range l.entries {
		l.reach(int32(i), nil, Runtime)
	}
}

// walkFromTops does without roots: an entry that no other needs must be there for the project's sake.
func (l *pythonLock) walkFromTops() {
	needed := make([]bool, len(l.entries))
	for i := range l.entries {
		for k := range l.entries[i].needs {
			for _, to := range l.targets(&l.entries[i].needs[k]) {
				needed[to] = needed[to] || l.entries[to].name != l.entries[i].name
			}
		}
	}
	for i := range l.entries {
		l.direct[i] = !needed[i]
	}
	for _, direct := range []bool{true, false} {
		for i := range l.entries {
			if l.direct[i] == direct {
				l.reach(int32(i), nil, Runtime)
			}
		}
	}
}

// reach visits an entry, with extras, and all that it needs.
func (l *pythonLock) reach(entry int32, extras []string, scope Scope) {
	queue := l.visit(nil, entry, extras)
	for len(queue) > 0 {
		at := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		e := &l.entries[at.entry]
		if e.scope == "" {
			e.scope = scope
		}
		for i := range e.needs {
			need := &e.needs[i]
			if need.under != at.extra {
				continue
			}
			targets := l.targets(need)
			if len(targets) == 0 && l.missing != nil && !e.own {
				l.missing(e, need)
			}
			for _, to := range targets {
				if len(l.edges) >= mostNeeds {
					l.full = true
					return
				}
				if !e.own {
					l.edges = append(l.edges, [2]int32{at.entry, to})
				}
				queue = l.visit(queue, to, need.extras)
			}
		}
	}
}

// visit adds an entry, and each extra of it, to the queue, unless it was there before.
func (l *pythonLock) visit(queue []pythonVisit, entry int32, extras []string) []pythonVisit {
	for i := -1; i < len(extras); i++ {
		v := pythonVisit{entry: entry}
		if i >= 0 {
			v.extra = extras[i]
		}
		if !l.visits[v] {
			l.visits[v] = true
			queue = append(queue, v)
		}
	}
	return queue
}

// ofGroup marks a need of a group of the project: it comes with no extra, and not with the project where that is needed.
func ofGroup(group string) string { return "group:" + group }

// declare makes the package of an entry.
func (l *pythonLock) declare(packages *packageSet, i int32) {
	e := &l.entries[i]
	if e.index = own; e.own {
		return
	}
	e.index = absent
	id, hints, err := e.source.identity(e.name, e.version)
	if err != nil {
		l.bad.add(gap.BadPURL, func() (int, string, string) { return e.line, short(e.name), err.Error() })
		return
	}
	if id.escapes {
		l.bad.add(gap.PathEscape, func() (int, string, string) {
			return e.line, short(e.name), "a name or version that leaves its folder"
		})
		return
	}
	e.index = int32(packages.add(id.key, Package{PURL: id.purl, Name: id.name, Version: id.version, Direct: l.direct[i], Scope: e.scope, Line: e.line, Hints: hints, Said: Said{Released: e.day}}))
}

// A lockedTable is an entry and the table that it is read from.
type lockedTable struct {
	*pythonEntry
	tomlTable
}

// read makes an entry of each table of an array, with its name and version.
func (l *pythonLock) read(f tomlFile, array string) []lockedTable {
	tables, lines := f.entries(array)
	if len(tables) > mostEntries {
		tables = tables[:mostEntries]
		l.bad.add(gap.TooLarge, func() (int, string, string) {
			return lines[mostEntries], "", fmt.Sprintf("over %d packages; the rest was not read", mostEntries)
		})
	}
	if _, ok := f.tomlTable[array].([]map[string]any); !ok && f.tomlTable[array] != nil && f.list(array) == nil {
		l.bad.add(gap.Syntax, func() (int, string, string) { return 0, "", fmt.Sprintf("%q is not an array of tables", array) })
	}
	l.entries = make([]pythonEntry, 0, len(tables))
	list := make([]lockedTable, 0, len(tables))
	for i, t := range tables {
		name := t.text("name")
		if name == "" {
			l.bad.add(gap.Syntax, func() (int, string, string) { return lines[i], "", "a package without a name" })
			continue
		}
		version, isText := t["version"].(string)
		if !isText && t["version"] != nil {
			l.bad.add(gap.Syntax, func() (int, string, string) { return lines[i], short(name), "a version that is no string" })
		}
		l.entries = append(l.entries, pythonEntry{name: normalName(name), version: version, line: lines[i]})
		list = append(list, lockedTable{&l.entries[len(l.entries)-1], t})
	}
	return list
}

// project takes the roots from the project's manifest, if it could be read.
func (l *pythonLock) project(p pythonProject) {
	l.rooted = p.read
	for _, d := range p.needs {
		l.roots = append(l.roots, pythonNeed{name: normalName(d.name), extras: d.extras, scope: d.scope})
	}
}

func sortNeeds(needs []pythonNeed) {
	slices.SortFunc(needs, func(a, b pythonNeed) int { return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.under, b.under)) })
}
