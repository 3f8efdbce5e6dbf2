package dependency

import (
	"fmt"
	"maps"
	"slices"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// A lockGraph is what a lockfile says, entry by entry, where the file itself says which entry needs which.
type lockGraph struct {
	nodes []lockNode
	roots []lockNeed // what the project, and each of its workspace members, names
	needs int        // of all nodes and roots
}

// A lockNode is one entry.
type lockNode struct {
	id    identity
	hints []Hint
	line  int
	said  Said
	own   bool // of the project itself, a folder or archive in it: no package
	needs []lockNeed
}

// A lockNeed leads to an entry that is needed.
type lockNeed struct {
	to    int32
	scope Scope // of this need alone
	peer  bool  // whoever installs the package provides it: not an edge
}

// need adds a need to a list, unless there are too many.
func (g *lockGraph) need(list []lockNeed, n lockNeed) []lockNeed {
	if n.to < 0 || g.needs >= mostNeeds {
		return list
	}
	g.needs++
	return append(list, n)
}

// full says whether there were more needs than any real lockfile holds.
func (g *lockGraph) full() bool { return g.needs >= mostNeeds }

// orphans gives needs of all entries that no other needs and that the roots do not lead to.
func (g *lockGraph) orphans() []lockNeed {
	needed := make([]bool, len(g.nodes))
	for i := range g.nodes {
		for _, n := range g.nodes[i].needs {
			needed[n.to] = needed[n.to] || int(n.to) != i
		}
	}
	reached := g.scopes(g.roots)
	var found []lockNeed
	for i := range g.nodes {
		if !needed[i] && reached[i] == "" {
			found = append(found, lockNeed{to: int32(i), scope: Runtime})
		}
	}
	return found
}

// scopes gives each entry's scope: the widest over all ways to it, the narrowest on each way; none where no way leads.
func (g *lockGraph) scopes(roots []lockNeed) []Scope {
	scopes := make([]Scope, len(g.nodes))
	var waiting [4][]int32 // by breadth
	reach := func(n lockNeed, from Scope) {
		if breadth(from) > breadth(n.scope) {
			n.scope = from
		}
		if have := scopes[n.to]; have == "" || breadth(n.scope) < breadth(have) {
			scopes[n.to] = n.scope
			waiting[breadth(n.scope)] = append(waiting[breadth(n.scope)], n.to)
		}
	}
	for _, n := range roots {
		reach(n, Runtime)
	}
	for at := range waiting { // what is reached from one scope is in it or in a narrower one
		for len(waiting[at]) > 0 {
			last := len(waiting[at]) - 1
			i := waiting[at][last]
			waiting[at] = waiting[at][:last]
			if breadth(scopes[i]) < at {
				continue // reached more widely since
			}
			for _, n := range g.nodes[i].needs {
				reach(n, scopes[i])
			}
		}
	}
	return scopes
}

// packages gives the packages, sorted. What the roots and the project's own entries need is direct. An entry that no way
// leads to counts as needed at runtime: nothing says that it is not.
func (g *lockGraph) packages() []Package {
	scopes := g.scopes(g.roots)
	direct := make([]bool, len(g.nodes))
	mark := func(needs []lockNeed) {
		for _, n := range needs {
			direct[n.to] = true
		}
	}
	mark(g.roots)
	for i := range g.nodes {
		if g.nodes[i].own {
			mark(g.nodes[i].needs)
		}
	}
	packages := newPackages()
	packages.grow(len(g.nodes))
	index := slices.Repeat([]int32{own}, len(g.nodes))
	for i := range g.nodes {
		n := &g.nodes[i]
		if n.own {
			continue
		}
		scope := scopes[i]
		if scope == "" {
			scope = Runtime
		}
		index[i] = int32(packages.add(n.id.key, Package{PURL: n.id.purl, Name: n.id.name, Version: n.id.version, Direct: direct[i], Scope: scope, Line: n.line, Hints: n.hints, Said: n.said}))
	}
	var edges [][2]int32
	for i := range g.nodes {
		for _, n := range g.nodes[i].needs {
			if !n.peer && index[i] >= 0 && index[n.to] >= 0 {
				edges = append(edges, [2]int32{index[i], index[n.to]})
			}
		}
	}
	packages.connect(edges)
	return packages.sorted()
}

// refused tells of an entry that names no package, or one that leaves its folder.
func refused(bad *problems, err error, id identity, entry string, line int) bool {
	switch {
	case err != nil:
		bad.add(gap.BadPURL, func() (int, string, string) { return line, short(entry), err.Error() })
	case id.escapes:
		bad.add(gap.PathEscape, func() (int, string, string) { return line, short(entry), "a name or version that leaves its folder" })
	default:
		return false
	}
	return true
}

// lostNames are names that a lockfile needs and has no entry for: its writer always makes one, so the file is cut or
// was edited.
type lostNames struct {
	lines map[string]int
}

func (l *lostNames) add(name string, line int) {
	if l.lines == nil {
		l.lines = map[string]int{}
	}
	if have, ok := l.lines[name]; !ok && len(l.lines) < mostNames || ok && line < have {
		l.lines[name] = line
	}
}

// tell adds a problem for each name that is lost and not one of the project's own.
func (l *lostNames) tell(bad *problems, members map[string]bool) {
	for _, name := range slices.Sorted(maps.Keys(l.lines)) {
		if members[name] {
			continue
		}
		bad.add(gap.Truncated, func() (int, string, string) { return l.lines[name], short(name), "needed, and not in the file" })
	}
}

// checkEnd tells of a text that ends in the middle of a line or, in YAML, behind a key: no package manager writes so.
func checkEnd(data []byte, doc *yamlNode, bad *problems) {
	why := ""
	for n := doc; n != nil && n.kind == yamlMapping && len(n.pairs) > 0; {
		last := n.pairs[len(n.pairs)-1]
		if n = last.value; n.kind == yamlNull {
			why = fmt.Sprintf("ends behind the key %.80q", last.key)
		}
	}
	if data[len(data)-1] != '\n' {
		why = "the last line does not end"
	}
	if why != "" {
		bad.add(gap.Truncated, func() (int, string, string) { return lineOf(data, len(data)-1), "", why })
	}
}
