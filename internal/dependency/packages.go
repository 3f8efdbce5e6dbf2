package dependency

import (
	"cmp"
	"slices"
)

// A packageSet gathers the packages of one file, each once.
type packageSet struct {
	list  []Package
	byKey map[string]int // canonical purl without qualifiers → index in list
}

func newPackages() *packageSet { return &packageSet{byKey: map[string]int{}} }

// grow makes room for n more.
func (s *packageSet) grow(n int) { s.list = slices.Grow(s.list, n) }

// add adds a package, or widens the one that is there, and gives its index. It does not touch Requires.
func (s *packageSet) add(key string, p Package) int {
	i, ok := s.byKey[key]
	if !ok {
		s.byKey[key] = len(s.list)
		s.list = append(s.list, p)
		return len(s.list) - 1
	}
	have := &s.list[i]
	have.PURL = min(have.PURL, p.PURL) // of several builds always the same one, whatever their order
	have.Name = min(have.Name, p.Name)
	have.Direct = have.Direct || p.Direct
	have.tool = have.tool || p.tool
	have.Scope = widest(have.Scope, p.Scope)
	have.Said = have.Said.Or(p.Said)
	if p.Line > 0 && (have.Line == 0 || p.Line < have.Line) {
		have.Line = p.Line
	}
	for _, h := range p.Hints {
		if len(have.Hints) < mostHints && !slices.Contains(have.Hints, h) {
			have.Hints = append(have.Hints, h)
		}
	}
	return i
}

// connect turns edges between indexes of the list into Requires: sorted, each once, none to itself.
func (s *packageSet) connect(edges [][2]int32) {
	slices.SortFunc(edges, func(a, b [2]int32) int {
		return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1]))
	})
	edges = slices.Compact(edges)
	for _, e := range edges {
		if e[0] != e[1] {
			s.list[e[0]].Requires = append(s.list[e[0]].Requires, s.list[e[1]].PURL)
		}
	}
	for i := range s.list {
		slices.Sort(s.list[i].Requires)
	}
}

// sorted gives the packages by purl.
func (s *packageSet) sorted() []Package {
	for i := range s.list {
		sortHints(s.list[i].Hints)
	}
	slices.SortFunc(s.list, func(a, b Package) int { return cmp.Compare(a.PURL, b.PURL) })
	return s.list
}

// breadth orders scopes, widest first.
func breadth(s Scope) int { return slices.Index([]Scope{Runtime, Optional, Dev, Test}, s) }

func widest(a, b Scope) Scope {
	if breadth(b) < breadth(a) {
		return b
	}
	return a
}
