package report

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// outline writes plots as text, a line each: path, orphaned of files.
func outline(plots []plot) string {
	var b strings.Builder
	write := func(indent string, l plot) {
		name := l.path
		switch {
		case l.more > 0:
			name = fmt.Sprintf("+%d", l.more)
		case l.own:
			name += "/*"
		}
		fmt.Fprintf(&b, "%s%s %d/%d\n", indent, name, l.orphaned, l.files)
	}
	for _, l := range plots {
		write("", l)
		for _, part := range l.parts {
			write("  ", part)
		}
	}
	return b.String()
}

func folders(text string) *Territory {
	t := &Territory{}
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		var f Folder
		if _, err := fmt.Sscanf(strings.TrimSpace(line), "%s %d/%d", &f.Path, &f.Orphaned, &f.Files); err != nil {
			panic(err)
		}
		if f.Path == "." {
			f.Path, t.Files, t.Orphaned = "", f.Files, f.Orphaned
		}
		t.Folders = append(t.Folders, f)
	}
	return t
}

func TestPlots(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, folders, want string }{
		{"two levels, and the files beside folders", `
			. 12/40
			a 6/12
			a/x 5/6
			a/y 1/4
			b 2/12
			c 4/12
			c/z 0/3`, `
a 6/12
  a/x 5/6
  a/y 1/4
  a/* 0/2
b 2/12
c 4/12
  c/* 4/9
  c/z 0/3
/* 0/4
`},
		{"a folder that holds nothing but one other gives way to it", `
			. 3/9
			src 3/9
			src/main 3/9
			src/main/java 3/9
			src/main/java/p 1/3
			src/main/java/q 2/6`, `
src/main/java/q 2/6
src/main/java/p 1/3
`},
		{"a folder that holds more than a third is divided", `
			. 10/90
			big 9/60
			big/a 5/25
			big/a/deep 5/20
			big/b 4/25
			small 1/20`, `
big/a 5/25
  big/a/deep 5/20
  big/a/* 0/5
big/b 4/25
small 1/20
/* 0/10
big/* 0/10
`},
		{"a hyphen sorts after a slash, and names that begin alike are no parents", `
			. 0/9
			a 0/3
			a-b 0/3
			ab 0/3
			ab/c 0/2`, `
a 0/3
a-b 0/3
ab 0/3
  ab/c 0/2
  ab/* 0/1
`},
		{"folders whose parents are not listed", `
			. 2/6
			x/y/z 1/4
			p/q 1/2`, `
x/y/z 1/4
p/q 1/2
`},
		{"counts that do not agree: at least what lies below", `
			. 0/1
			a 9/2
			a/b 3/5`, `
a/b 3/5
`},
		{"nothing", ". 0/0", "\n"},
	} {
		if diff := cmp.Diff(strings.TrimLeft(c.want, "\n"), outline(newPlots(folders(c.folders)))); diff != "" {
			t.Errorf("%s (- want, + got):\n%s", c.name, diff)
		}
	}
}

// TestPlotsGather: what is too small to be seen stands together, and nothing is lost.
func TestPlotsGather(t *testing.T) {
	t.Parallel()
	land := &Territory{}
	for i := range 50 {
		land.Folders = append(land.Folders, Folder{Path: fmt.Sprintf("d%02d", i), Files: 100 - i, Orphaned: i})
		for j := range 30 {
			land.Folders = append(land.Folders, Folder{Path: fmt.Sprintf("d%02d/e%02d", i, j), Files: 1, Orphaned: 1})
		}
	}
	plots := newPlots(land)
	if len(plots) != plotsMost || plots[plotsMost-1].more != 50-plotsMost+1 {
		t.Errorf("%d plots, the last of %d", len(plots), plots[len(plots)-1].more)
	}
	files, orphaned := 0, 0
	for _, l := range plots {
		files, orphaned = files+l.files, orphaned+l.orphaned
		if len(l.parts) > partsMost {
			t.Errorf("%s has %d parts", l.path, len(l.parts))
		}
	}
	if want := newLand(land); files != want.files || orphaned != want.orphaned {
		t.Errorf("%d of %d files, want %d of %d", orphaned, files, want.orphaned, want.files)
	}
}

// TestPlotsKeepEveryFile: over random trees, the plots hold all files once, their parts likewise, and the order in which the
// folders stand in the document changes nothing.
func TestPlotsKeepEveryFile(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(5, 5))
	for range 200 {
		counts := map[string]*Folder{"": {}}
		for range 1 + random.IntN(60) {
			path := ""
			for range random.IntN(5) {
				path += fmt.Sprintf("/%c", 'a'+random.IntN(3))
			}
			path = strings.TrimPrefix(path, "/")
			files := 1 + random.IntN(20)
			orphaned := random.IntN(files + 1)
			for {
				if counts[path] == nil {
					counts[path] = &Folder{Path: path}
				}
				counts[path].Files += files
				counts[path].Orphaned += orphaned
				if path == "" {
					break
				}
				path = path[:max(strings.LastIndexByte(path, '/'), 0)]
			}
		}
		land := &Territory{Files: counts[""].Files, Orphaned: counts[""].Orphaned}
		for _, f := range counts {
			land.Folders = append(land.Folders, *f)
		}
		plots := newPlots(land)
		files, orphaned := 0, 0
		for _, l := range plots {
			files, orphaned = files+l.files, orphaned+l.orphaned
			inFiles, inOrphaned := 0, 0
			for _, part := range l.parts {
				inFiles, inOrphaned = inFiles+part.files, inOrphaned+part.orphaned
			}
			if len(l.parts) > 0 && (inFiles != l.files || inOrphaned != l.orphaned) {
				t.Fatalf("the parts of %s hold %d of %d files, want %d of %d", l.path, inOrphaned, inFiles, l.orphaned, l.files)
			}
		}
		if files != land.Files || orphaned != land.Orphaned {
			t.Fatalf("the plots hold %d of %d files, want %d of %d:\n%s", orphaned, files, land.Orphaned, land.Files, outline(plots))
		}
		random.Shuffle(len(land.Folders), func(i, j int) { land.Folders[i], land.Folders[j] = land.Folders[j], land.Folders[i] })
		if again := newPlots(land); outline(again) != outline(plots) {
			t.Fatalf("another order gives other plots:\n%s\n%s", outline(plots), outline(again))
		}
	}
}

// TestTelling: a folder whose orphaned files lie mostly in one below it gives way to that one.
func TestTelling(t *testing.T) {
	t.Parallel()
	land := folders(`
		. 30/60
		a 20/30
		a/b 19/20
		a/b/c 9/10
		a/b/d 9/9
		e 10/10
		clean 0/20`)
	var got []string
	for _, f := range telling(land) {
		got = append(got, f.Path)
	}
	if want := []string{"a/b", "a/b/c", "a/b/d", "e"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if before := folders(". 0/1"); len(telling(before)) != 0 || !reflect.DeepEqual(before, folders(". 0/1")) {
		t.Error("nothing orphaned is told of, or the territory was changed")
	}
}

// TestLandOfEndlessPaths: a path of a hundred thousand parts costs no more than its length.
func TestLandOfEndlessPaths(t *testing.T) {
	t.Parallel()
	land := &Territory{Files: 3, Orphaned: 3, Folders: []Folder{
		{Path: strings.Repeat("a/", 100_000) + "b", Files: 1, Orphaned: 1}, {Path: strings.Repeat("a/", 100_000), Files: 2, Orphaned: 2}, {Path: "//", Files: 1},
	}}
	if n := len(newPlots(land)); n == 0 {
		t.Error("nothing is drawn")
	}
}
