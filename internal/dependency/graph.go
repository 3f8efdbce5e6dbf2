package dependency

import (
	"cmp"
	"maps"
	"slices"
)

// longestPath bounds [Node.Path]: of a longer way, its beginning and its end are kept. Real ones are under 20.
const longestPath = 64

// A Graph is the packages of an inventory, each once, and how far each is from the subjects.
type Graph struct {
	Nodes []Node // sorted by purl
}

// A Node is one distinct package: purls that differ only in qualifiers are one, and one of them stands for all. The
// fields of Package are merged over all files: Direct if direct anywhere, the widest Scope, the union of Requires and of
// Hints, what any of them Said. Line belongs to File.
type Node struct {
	Package
	File     string         // path of the first file that declares it: direct declarations first, those with a line before others, then by path
	Subjects []string       // ids, sorted
	Depth    map[string]int // subject id → distance: 1 for direct, 2 where no edges lead to it
	Path     []string       // purls of a shortest way, from a subject's direct package down to the one that needs this; empty if direct, or if no way is known
}

// Graph merges all files. Time is linear in packages and edges.
func (inv Inventory) Graph() Graph {
	m := merger{byKey: map[string]int{}}
	files := make([]fileNodes, len(inv.Files))
	for i := range inv.Files {
		files[i] = m.merge(&inv.Files[i])
	}
	m.link(inv.Files, files)
	for i := range inv.Files {
		m.measure(&inv.Files[i], files[i])
	}
	return m.graph()
}

// fileNodes are the nodes of a file's packages, in its order.
type fileNodes []int32

type merger struct {
	nodes []Node
	byKey map[string]int // canonical purl without qualifiers → index in nodes
	best  []way          // per node: its shortest way so far
}

// way is how a node is reached in one file.
type way struct {
	depth int // 0: not reached by edges
	path  []int32
}

// merge adds the packages of a file.
func (m *merger) merge(f *File) fileNodes {
	ids := make(fileNodes, len(f.Packages))
	for i := range f.Packages {
		p := &f.Packages[i]
		key := withoutQualifiers(p.PURL)
		n, ok := m.byKey[key]
		if !ok {
			n = len(m.nodes)
			m.byKey[key] = n
			m.nodes = append(m.nodes, Node{Package: *p, File: f.Path, Depth: map[string]int{}})
			m.nodes[n].Requires, m.nodes[n].Hints, m.nodes[n].Said = nil, nil, Said{}
		}
		node := &m.nodes[n]
		if p.Direct && (!node.Direct || node.Line == 0 && p.Line > 0) {
			node.File, node.Line = f.Path, p.Line
		}
		node.PURL, node.Name = min(node.PURL, p.PURL), min(node.Name, p.Name)
		node.Direct = node.Direct || p.Direct
		node.Scope = widest(node.Scope, p.Scope)
		node.Said = node.Said.Or(p.Said.from(f.Path))
		for _, h := range p.Hints {
			if len(node.Hints) < mostHints && !slices.Contains(node.Hints, h) {
				node.Hints = append(node.Hints, h)
			}
		}
		ids[i] = int32(n)
	}
	return ids
}

// edges gives the edges of a file's packages as positions in the file.
func (f *File) edges() [][]int32 {
	at := make(map[string]int32, len(f.Packages))
	for i := range f.Packages {
		at[f.Packages[i].PURL] = int32(i)
	}
	edges := make([][]int32, len(f.Packages))
	for i := range f.Packages {
		for _, purl := range f.Packages[i].Requires {
			if to, ok := at[purl]; ok {
				edges[i] = append(edges[i], to)
			}
		}
	}
	return edges
}

// link joins what the files say a package needs.
func (m *merger) link(files []File, ids []fileNodes) {
	all := make([][]int32, len(m.nodes))
	for i := range files {
		for from, tos := range files[i].edges() {
			n := ids[i][from]
			for _, to := range tos {
				all[n] = append(all[n], ids[i][to])
			}
		}
	}
	for n, tos := range all {
		slices.Sort(tos)
		for _, to := range slices.Compact(tos) {
			m.nodes[n].Requires = append(m.nodes[n].Requires, m.nodes[to].PURL)
		}
		slices.Sort(m.nodes[n].Requires)
	}
	m.best = make([]way, len(m.nodes))
}

// measure finds how far the packages of one file are from its project, breadth first.
func (m *merger) measure(f *File, ids fileNodes) {
	edges := f.edges()
	depth := make([]int, len(ids))
	parent := make([]int32, len(ids))
	turn := make([]int32, len(ids)) // of a way longer than longestPath: where its first half ends
	var queue []int32
	for i := range f.Packages {
		if f.Packages[i].Direct {
			depth[i], parent[i] = 1, -1
			queue = append(queue, int32(i))
		}
	}
	for head := 0; head < len(queue); head++ {
		at := queue[head]
		for _, to := range edges[at] {
			if depth[to] == 0 {
				depth[to], parent[to] = depth[at]+1, at
				if turn[to] = turn[at]; depth[to] <= longestPath/2 {
					turn[to] = to
				}
				queue = append(queue, to)
			}
		}
	}
	for i, n := range ids {
		node := &m.nodes[n]
		distance := depth[i]
		if distance == 0 {
			distance = 2
		}
		if have, ok := node.Depth[f.Subject]; !ok || distance < have {
			node.Depth[f.Subject] = distance
		}
		if best := &m.best[n]; depth[i] > 0 && (best.depth == 0 || depth[i] < best.depth) {
			*best = way{depth: depth[i], path: wayTo(ids, parent, turn, int32(i), depth[i]-1)}
		}
	}
}

// wayTo follows the parents up and gives the nodes on the way, the first of them direct.
func wayTo(ids fileNodes, parent, turn []int32, to int32, length int) []int32 {
	path := make([]int32, min(length, longestPath))
	at := parent[to]
	for i := len(path) - 1; i >= 0; i-- {
		if length > longestPath && i == longestPath/2-1 {
			at = turn[to]
		}
		path[i] = ids[at]
		at = parent[at]
	}
	return path
}

// graph puts the nodes in order.
func (m *merger) graph() Graph {
	for i := range m.nodes {
		n := &m.nodes[i]
		n.Subjects = slices.Sorted(maps.Keys(n.Depth))
		sortHints(n.Hints)
		for _, on := range m.best[i].path {
			n.Path = append(n.Path, m.nodes[on].PURL)
		}
	}
	slices.SortFunc(m.nodes, func(a, b Node) int { return cmp.Compare(a.PURL, b.PURL) })
	return Graph{Nodes: m.nodes}
}
