package report

import (
	"cmp"
	"slices"
	"strings"
)

// A plot is a folder of a territory, or several small ones together, as it is drawn: with all below it, as an area.
type plot struct {
	folder   *Folder // nil for several together, and for the whole where no folder is listed
	path     string  // empty for the root
	own      bool    // only the files that lie in the folder itself
	more     int     // so many small folders together
	files    int
	orphaned int
	parts    []plot // none where it is drawn whole
}

// Bounds of what a picture shows; what is smaller stands together.
const (
	plotsMost = 20
	partsMost = 12
)

// A land is the tree of a territory's folders.
type land struct {
	files, orphaned int
	folder          *Folder
	path            string
	below           []*land // most files first, then by path
}

// newLand puts each folder under the nearest one above it that is listed, and all under the root. A folder counts at least as
// many files as those below it together.
func newLand(t *Territory) *land {
	const most = 1 << 40 // no sum overflows, whatever a document says
	count := func(n int) int { return min(max(n, 0), most) }
	root := &land{files: count(t.Files), orphaned: count(t.Orphaned)}
	order := make([]*land, 0, len(t.Folders))
	for i := range t.Folders {
		f := &t.Folders[i]
		if path := strings.Trim(f.Path, "/"); path == "" {
			root.folder = f
		} else {
			order = append(order, &land{files: count(f.Files), orphaned: count(f.Orphaned), folder: f, path: path})
		}
	}
	// A slash sorts before everything else, so that a folder stands before all below it, and these before its neighbours.
	slices.SortStableFunc(order, func(a, b *land) int { return comparePaths(a.path, b.path) })
	order = slices.CompactFunc(order, func(a, b *land) bool { return a.path == b.path })
	above := []*land{root}
	for _, l := range order {
		for len(above) > 1 && !strings.HasPrefix(l.path, above[len(above)-1].path+"/") {
			above = above[:len(above)-1]
		}
		parent := above[len(above)-1]
		parent.below = append(parent.below, l)
		above = append(above, l)
	}
	for _, l := range slices.Backward(append([]*land{root}, order...)) {
		files, orphaned := 0, 0
		for _, b := range l.below {
			files, orphaned = files+b.files, orphaned+b.orphaned
		}
		l.files = max(l.files, files)
		l.orphaned = min(max(l.orphaned, orphaned), l.files)
		slices.SortStableFunc(l.below, func(a, b *land) int { return cmp.Or(cmp.Compare(b.files, a.files), comparePaths(a.path, b.path)) })
	}
	return root
}

// comparePaths orders by parts: "a/b" before "a-b".
func comparePaths(a, b string) int {
	for i := range min(len(a), len(b)) {
		switch x, y := a[i], b[i]; {
		case x == y:
		case x == '/':
			return -1
		case y == '/':
			return 1
		default:
			return cmp.Compare(x, y)
		}
	}
	return cmp.Compare(len(a), len(b))
}

// sole skips folders that hold nothing but one other: "src" for "src/main/java" tells nothing.
func (l *land) sole() *land {
	for len(l.below) == 1 && l.below[0].files == l.files {
		l = l.below[0]
	}
	return l
}

func (l *land) plot() plot {
	return plot{folder: l.folder, path: l.path, files: l.files, orphaned: l.orphaned}
}

// split gives the folders directly below, and the files beside them.
func (l *land) split() (below []*land, own plot) {
	own = l.plot()
	own.own = true
	for _, b := range l.below {
		below = append(below, b.sole())
		own.files -= b.files
		own.orphaned -= b.orphaned
	}
	own.orphaned = min(max(own.orphaned, 0), own.files)
	return below, own
}

// newPlots divides a territory into two levels. The first are the folders at the top; one that holds more than a third of all
// files gives way to those below it, since a picture of few folders tells little.
func newPlots(t *Territory) []plot {
	root := newLand(t).sole()
	if root.files == 0 {
		return nil
	}
	tops, plots := []*land{root}, []plot(nil)
	for {
		i := slices.IndexFunc(tops, func(l *land) bool { return len(l.below) > 0 && (l == root || l.files > root.files/3) })
		if i < 0 || tops[i] != root && len(plots)+len(tops)+len(tops[i].below) > plotsMost {
			break
		}
		below, own := tops[i].split()
		tops = append(slices.Delete(tops, i, i+1), below...)
		if own.files > 0 {
			plots = append(plots, own)
		}
	}
	for _, l := range tops {
		plots = append(plots, l.divided())
	}
	return gather(plots, plotsMost)
}

// divided is the folder with those directly below it as its parts.
func (l *land) divided() plot {
	whole := l.plot()
	if len(l.below) == 0 {
		return whole
	}
	below, own := l.split()
	for _, b := range below {
		whole.parts = append(whole.parts, b.plot())
	}
	if own.files > 0 {
		whole.parts = append(whole.parts, own)
	}
	whole.parts = gather(whole.parts, partsMost)
	return whole
}

// gather orders plots by size and puts the smallest together where there are too many.
func gather(plots []plot, most int) []plot {
	slices.SortStableFunc(plots, func(a, b plot) int {
		return cmp.Or(cmp.Compare(b.files, a.files), comparePaths(a.path, b.path))
	})
	if len(plots) <= most {
		return plots
	}
	rest := plot{more: len(plots) - most + 1}
	for _, p := range plots[most-1:] {
		rest.files, rest.orphaned = rest.files+p.files, rest.orphaned+p.orphaned
	}
	return append(plots[:most-1:most-1], rest)
}

// telling gives the folders to name, in the order of the document (most orphaned files first): those with orphaned files
// below the root, except where more than half of these lie in one folder below, which is named in its place.
func telling(t *Territory) []*Folder {
	tells := map[*Folder]bool{}
	for rest := slices.Clone(newLand(t).below); len(rest) > 0; {
		l := rest[len(rest)-1]
		rest = append(rest[:len(rest)-1], l.below...)
		tells[l.folder] = l.orphaned > 0 && !slices.ContainsFunc(l.below, func(b *land) bool { return 2*b.orphaned > l.orphaned })
	}
	var found []*Folder
	for i := range t.Folders {
		if tells[&t.Folders[i]] {
			found = append(found, &t.Folders[i])
		}
	}
	return found
}
