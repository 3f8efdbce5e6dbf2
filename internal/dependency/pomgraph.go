package dependency

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// Bounds of what one project needs. The largest real ones stay under 3,000 packages.
const (
	mostMavenNodes = 20_000
	mostMavenEdges = 500_000
	mostWalked     = 2_000_000 // nodes of all projects together
	mostMoves      = 10        // of one artefact
)

// A mavenWalk finds what a project needs as Maven does (https://maven.apache.org/guides/introduction/introduction-to-dependency-mechanism.html):
// of several versions of one artefact the nearest counts, and of equally near ones the first; the project's own
// dependency management goes before all but its own dependencies. It goes as far as POMs are at hand.
type mavenWalk struct {
	all     *poms
	root    *pomModel
	nodes   []mavenNode
	at      map[pomKey]int // → index in nodes
	edges   [][2]int32     // between nodes
	bad     problems
	pending bool    // POMs are needed that can still be asked for; the walk ended there
	without []pomID // POMs that are not to be had
	blind   bool    // one of a direct package is among them
}

type mavenNode struct {
	pomID
	pom        *pom // once at hand
	local      bool // a project of the scanned folder: no package, but a way to others
	moved      bool // not direct, and its POM says that it is to be had under another name: as local
	apart      bool // management gives it a scope that nobody inherits; that counts once it has moved
	identity   identity
	line       int
	direct     bool
	scope      Scope // what it is for if it is fixed, else found out in the end
	fixed      bool
	exclusions *pomExclusions
}

// pomExclusions are those on the way to a node.
type pomExclusions struct {
	list []pomExclusion
	rest *pomExclusions
}

func (e *pomExclusions) with(list []pomExclusion) *pomExclusions {
	if len(list) == 0 {
		return e
	}
	return &pomExclusions{list, e}
}

func (e *pomExclusions) hold(d *pomDependency) bool {
	for ; e != nil; e = e.rest {
		for _, x := range e.list {
			if (x.group == "*" || x.group == d.group) && (x.artifact == "*" || x.artifact == d.artifact) {
				return true
			}
		}
	}
	return false
}

// walk walks from one project.
func (m *mavenProject) walk() *mavenWalk {
	w := &mavenWalk{all: m.all, root: m.all.model(m.pom), at: map[pomKey]int{}}
	if w.root.pending {
		w.pending = true
		return w
	}
	w.needs(-1, w.root.dependencies())
	for from := 0; from < len(w.nodes) && !w.pending; {
		to := len(w.nodes)
		for i := from; i < to; i++ {
			w.find(&w.nodes[i])
		}
		for ; from < to && !w.pending; from++ { // all of one depth are known before the next counts
			n := w.nodes[from]
			if n.pom == nil {
				continue
			}
			if to := n.pom.relocated; to != nil {
				w.nodes[from].moved = !n.direct
				if n.apart && !n.direct {
					continue
				}
				w.needs(from, []pomDependency{{pomID: n.movedTo(to), written: true}})
				continue
			}
			w.needs(from, w.all.model(n.pom).dependencies())
		}
	}
	return w
}

// movedTo gives where an artefact has moved; what a relocation does not say stays as it was.
func (n *mavenNode) movedTo(to *pomID) pomID {
	return pomID{cmp.Or(to.group, n.group), cmp.Or(to.artifact, n.artifact), cmp.Or(to.version, n.version)}
}

// find looks for the POM of a node.
func (w *mavenWalk) find(n *mavenNode) {
	if !n.local {
		n.pom = w.all.fetched[n.pomID]
		if n.pom == nil {
			w.pending = w.all.want(n.pomID) || w.pending
			w.without = append(w.without, n.pomID)
			w.blind = w.blind || n.direct
		}
	}
	if n.pom == nil {
		return
	}
	m := w.all.model(n.pom)
	w.pending = w.pending || m.pending
	if !n.local {
		for _, l := range m.lacks {
			w.without = append(w.without, l.pomID)
		}
	}
}

// needs adds what a node, or the project itself, needs.
func (w *mavenWalk) needs(from int, list []pomDependency) {
	var on *pomExclusions
	if from >= 0 {
		on = w.nodes[from].exclusions
	}
	for i := range list {
		d := &list[i]
		switch {
		case d.scope == "system", d.scope == "import": // a file on disk; what Maven takes for a mistake
			continue
		case from >= 0 && (d.optional || d.scope == "test" || d.scope == "provided" || on.hold(d)):
			continue
		}
		if len(w.nodes) >= mostMavenNodes || len(w.edges) >= mostMavenEdges || from >= 0 && w.all.walked >= w.all.mostWalked {
			w.tooMany(d.line)
			return
		}
		w.all.walked++
		n := mavenNode{pomID: d.pomID, direct: from < 0, exclusions: on.with(d.exclusions)}
		says := w.root.managedAs(d.key())
		if says != nil {
			n.exclusions = n.exclusions.with(says.exclusions) // beside its own, unlike what dependencies takes over
		}
		switch {
		case from < 0:
			n.scope, n.fixed = d.mavenScope(), true
		case says != nil:
			n.version = cmp.Or(says.version, n.version)
			n.apart = says.scope == "test" || says.scope == "provided"
			if says.scope == "test" {
				n.scope, n.fixed = Test, true
			}
		}
		n.version = mavenPinned(n.version)
		to, known := w.at[d.key()]
		if !known {
			if to, known = w.node(n, d); !known {
				continue
			}
		}
		if from >= 0 {
			w.edges = append(w.edges, [2]int32{int32(from), int32(to)})
		}
	}
}

// node adds a node, unless it has no name.
func (w *mavenWalk) node(n mavenNode, d *pomDependency) (at int, ok bool) {
	n.pom, n.local = w.all.member(d, n.version)
	if !n.local {
		var err error
		n.identity, err = w.all.identify(d, n.version)
		kind, detail := gap.BadPURL, ""
		switch {
		case err != nil:
			detail = err.Error()
		case n.identity.escapes:
			kind, detail = gap.PathEscape, "a name or version that leaves its folder"
		}
		if detail != "" {
			if n.direct {
				w.bad.add(kind, func() (int, string, string) { return d.line, short(d.String()), detail })
			}
			return 0, false
		}
		if n.direct {
			n.line = d.line
		}
	}
	w.nodes = append(w.nodes, n)
	w.at[d.key()] = len(w.nodes) - 1
	return len(w.nodes) - 1, true
}

func (w *mavenWalk) tooMany(line int) {
	if !slices.ContainsFunc(w.bad.list, func(p problem) bool { return p.kind == gap.TooLarge }) {
		w.bad.add(gap.TooLarge, func() (int, string, string) {
			return line, "", fmt.Sprintf("over %d packages, %d edges, or %d packages of all projects; the rest was not read", mostMavenNodes, mostMavenEdges, w.all.mostWalked)
		})
	}
}

// scopes gives every node its scope: its own if the project fixes it, else the widest of those that need it.
func (w *mavenWalk) scopes() {
	next := make([][]int32, len(w.nodes))
	for _, e := range w.edges {
		next[e[0]] = append(next[e[0]], e[1])
	}
	for _, scope := range []Scope{Runtime, Optional, Test} {
		var queue []int32
		for i := range w.nodes {
			if w.nodes[i].fixed && w.nodes[i].scope == scope {
				queue = append(queue, int32(i))
			}
		}
		for head := 0; head < len(queue); head++ {
			for _, to := range next[queue[head]] {
				if n := &w.nodes[to]; n.scope == "" {
					n.scope = scope
					queue = append(queue, to)
				}
			}
		}
	}
}

// apply takes what a walk found for the file's packages. It tells what is wrong, and which POMs were not to be had.
func (m *mavenProject) apply(f *File) (bad problems, without []pomID) {
	w := m.walk()
	w.scopes()
	packages := newPackages()
	at := make([]int32, len(w.nodes))
	next := map[int32]int32{} // where what has moved is now
	for i := range w.nodes {
		n := &w.nodes[i]
		at[i] = -1
		if !n.local && !n.moved {
			at[i] = int32(packages.add(n.identity.key, Package{
				PURL: n.identity.purl, Name: n.identity.name, Version: n.identity.version, Direct: n.direct, Scope: n.scope, Line: n.line,
			}))
		}
	}
	for _, e := range w.edges {
		if w.nodes[e[0]].moved {
			next[e[0]] = e[1]
		}
	}
	var edges [][2]int32
	for _, e := range w.edges {
		from, to := e[0], e[1]
		for moves := 0; w.nodes[to].moved && moves < mostMoves; moves++ {
			now, known := next[to]
			if !known {
				break
			}
			to = now
		}
		if at[from] >= 0 && at[to] >= 0 {
			edges = append(edges, [2]int32{at[from], at[to]})
		}
	}
	packages.connect(edges)
	f.Root = ""
	if id := w.root.id(); id.group != "" && id.artifact != "" {
		f.Root = id.group + ":" + id.artifact
	}
	f.Packages, f.Edges = packages.sorted(), !w.blind
	return w.bad, w.without
}
