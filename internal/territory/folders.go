package territory

import (
	"cmp"
	"slices"
	"strings"
)

// What is told of folders. A folder that holds nothing but one other folder is that folder: src/main/java/org/acme counts as
// one level.
const (
	minFolderFiles = 3   // files that a folder has at least
	maxFolderDepth = 4   // levels below the root
	maxFolders     = 200 // folders
	maxSuccessors  = 3   // persons of a folder
	maxNesting     = 32  // folders of one path that are looked at: no path of a project is deeper, one of an attacker may be
)

// A node is a folder being measured.
type node struct {
	folder
	path     string
	children []*node
	byName   map[string]*node
}

type folder struct {
	files, orphaned int
	last            int64
	people          map[int32]*stake // persons at work
}

// A stake is what one person at work has in a folder.
type stake struct {
	files, authored int
	last            int64
	identity        int32
}

// folders measures the folders of some files: the root first of equals, most orphaned files first, then by path. more tells
// how many there are beyond the limit.
func folders(files []sourceFile, working []bool) (list []Folder, more int) {
	root := &node{}
	for i := range files {
		root.add(&files[i], working)
	}
	if root.files == 0 {
		return nil, 0
	}
	list = append(list, root.measured())
	root.list(0, func(n *node) { list = append(list, n.measured()) })
	slices.SortFunc(list, func(a, b Folder) int {
		return cmp.Or(cmp.Compare(b.Orphaned, a.Orphaned), strings.Compare(a.Path, b.Path))
	})
	more = max(0, len(list)-maxFolders)
	return list[:len(list)-more], more
}

// add counts a file in every folder that holds it.
func (n *node) add(f *sourceFile, working []bool) {
	n.count(f, working)
	start := 0
	for range maxNesting {
		slash := strings.IndexByte(f.path[start:], '/')
		if slash < 0 {
			break
		}
		name := f.path[start : start+slash]
		child := n.byName[name]
		if child == nil {
			child = &node{path: f.path[:start+slash]}
			if n.byName == nil {
				n.byName = make(map[string]*node)
			}
			n.byName[name] = child
			n.children = append(n.children, child)
		}
		n = child
		n.count(f, working)
		start += slash + 1
	}
}

func (n *folder) count(f *sourceFile, working []bool) {
	n.files++
	if f.orphaned {
		n.orphaned++
	}
	for i := range f.shares {
		s := &f.shares[i]
		n.last = max(n.last, s.last)
		if !working[s.person] {
			continue
		}
		st := n.people[s.person]
		if st == nil {
			if n.people == nil {
				n.people = make(map[int32]*stake)
			}
			st = &stake{}
			n.people[s.person] = st
		}
		st.files++
		if s.last > st.last || s.last == st.last && (st.files == 1 || s.identity < st.identity) {
			st.last, st.identity = s.last, s.identity
		}
	}
	for _, p := range f.authors {
		if working[p] {
			n.people[p].authored++
		}
	}
}

// list visits the folders below n, which stands so many levels below the root, that are told of.
func (n *node) list(depth int, visit func(*node)) {
	if depth == maxFolderDepth {
		return
	}
	for _, c := range n.children {
		for len(c.children) == 1 && c.children[0].files == c.files {
			c = c.children[0]
		}
		if c.files < minFolderFiles {
			continue
		}
		visit(c)
		c.list(depth+1, visit)
	}
}

func (n *node) measured() Folder {
	f := Folder{Path: n.path, Files: n.files, Orphaned: n.orphaned, LastChange: n.last}
	for p, st := range n.people {
		if st.authored > 0 {
			f.Knowing++
		}
		f.Successors = append(f.Successors, Successor{Person: p, Identity: st.identity, Files: st.files, LastChange: st.last})
	}
	slices.SortFunc(f.Successors, func(a, b Successor) int {
		return cmp.Or(cmp.Compare(b.Files, a.Files), cmp.Compare(b.LastChange, a.LastChange), cmp.Compare(a.Person, b.Person))
	})
	f.Successors = slices.Clone(f.Successors[:min(len(f.Successors), maxSuccessors)])
	return f
}
