package territory

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mainstay-oss/mainstay/internal/gap"
	"github.com/mainstay-oss/mainstay/internal/gittest"
	"github.com/mainstay-oss/mainstay/internal/history"
	"github.com/mainstay-oss/mainstay/internal/people"
)

func TestDegree(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		created     bool
		own, others int32
		want        float64
	}{
		{true, 0, 0, 4.391},
		{false, 1, 0, 3.457},
		{false, 1, 1, 3.457 - 0.321*math.Ln2},
		{true, 3, 9, 3.293 + 1.098 + 0.492 - 0.321*math.Ln10},
		{false, 0, 0, 3.293},
	} {
		if got := degree(c.created, c.own, c.others); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("degree(%v, %d, %d) is %v, want %v", c.created, c.own, c.others, got, c.want)
		}
	}
}

func TestAuthorsOf(t *testing.T) {
	t.Parallel()
	creator := func(changes int32) share { return share{person: 0, created: true, changes: changes} }
	other := func(person, changes int32) share { return share{person: person, changes: changes} }
	for _, c := range []struct {
		name   string
		shares []share
		want   []int32
	}{
		{"nobody", nil, nil},
		{"who created it", []share{creator(0)}, []int32{0}},
		// 3.293 + 1.098 − 0.321·ln 2 = 4.168; 3.293 + 0.164 = 3.457, which is 0.829 of it.
		{"one change beside the creator", []share{creator(0), other(1, 1)}, []int32{0, 1}},
		// 4.391 + 5·0.164 − 0.321·ln 2 = 4.988; 3.457 − 0.321·ln 6 = 2.882, under 3.293.
		{"one change beside a creator who works on", []share{creator(5), other(1, 1)}, []int32{0}},
		// 4.391 + 20·0.164 − 0.321·ln 5 = 7.154; 3.293 + 4·0.164 − 0.321·ln 21 = 2.972.
		{"few changes beside many", []share{creator(20), other(1, 4)}, []int32{0}},
		// 4.391 − 0.321·ln 31 = 3.289 < 3.293; 3.293 + 30·0.164 = 8.213.
		{"a creator outdone by thirty changes", []share{creator(0), other(1, 30)}, []int32{1}},
		// 4.391 − 0.321·ln 30 = 3.299; the other 8.049: the creator has 0.41 of it.
		{"a creator over the bar, but far from the first", []share{creator(0), other(1, 29)}, []int32{1}},
		// Twenty people with one change each: 3.457 − 0.321·ln 20 = 2.495.
		{"a file of many hands", func() (s []share) {
			for p := range int32(20) {
				s = append(s, other(p, 1))
			}
			return s
		}(), nil},
	} {
		if got := authorsOf(c.shares); !slices.Equal(got, c.want) {
			t.Errorf("%s: authors %v, want %v", c.name, got, c.want)
		}
	}
}

func TestTruckFactor(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		authors [][]int32
		want    []int32
	}{
		{"no files", nil, nil},
		{"no authors", [][]int32{nil, nil}, nil},
		{"one", [][]int32{{3}}, []int32{3}},
		{"half is not more than half", [][]int32{{0}, {0}, {1}, {1}}, []int32{0, 1}},
		{"more than half", [][]int32{{0}, {0}, {0}, {1}, {1}}, []int32{0}},
		{"two know all", [][]int32{{0, 1}, {0, 1}, {0, 1}}, []int32{0, 1}},
		{"more than half without from the start", [][]int32{nil, nil, nil, {0}, {1}}, nil},
		{"files without author count", [][]int32{nil, nil, {0}, {1}, {1}}, []int32{1}},
		{"an orphan more", [][]int32{nil, {0}, {0}, {1}, {1}}, []int32{0}},
		{"who has most, though others are left", [][]int32{{0, 1}, {0, 1}, {0, 1}, {2}, {2}}, []int32{0, 1}},
	} {
		if got := truckFactor(c.authors); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// TestTruckFactorHolds: before the last is taken away at least half of the files have an author, after it fewer; nobody is
// taken away twice; and taking anybody from work never gives a file back.
func TestTruckFactorHolds(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		persons := 1 + random.IntN(12)
		authors := make([][]int32, 1+random.IntN(40))
		for i := range authors {
			for p := range int32(persons) {
				if random.IntN(persons+2) < 2 {
					authors[i] = append(authors[i], p)
				}
			}
		}
		gone := truckFactor(authors)
		working := make([]bool, persons)
		for i := range working {
			working[i] = true
		}
		without := func() (n int) {
			for _, of := range authors {
				if orphaned(of, working) {
					n++
				}
			}
			return n
		}
		if len(gone) > len(fileCounts(authors)) {
			t.Fatalf("%d of %d authors in %v", len(gone), len(fileCounts(authors)), authors)
		}
		last := without()
		for i, p := range gone {
			if 2*last > len(authors) || !working[p] {
				t.Fatalf("%v of %v: needless from %d on", gone, authors, i)
			}
			working[p] = false
			now := without()
			if now < last {
				t.Fatalf("%v: %d orphaned, and %d once %d is gone", authors, last, now, p)
			}
			last = now
		}
		if len(gone) > 0 && 2*last <= len(authors) {
			t.Fatalf("%v of %v: %d without author are not more than half", gone, authors, last)
		}
	}
}

// world measures a world. Persons are told by the first name of their first author string.
func world(t testing.TB, text, asOf string) (*Territory, func(int32) string) {
	t.Helper()
	return measured(t, gittest.Build(t, text), asOf)
}

func measured(t testing.TB, dir, asOf string) (*Territory, func(int32) string) {
	t.Helper()
	at, err := time.Parse(time.DateOnly, asOf)
	if err != nil {
		t.Fatal(err)
	}
	f := history.NewFinder(history.Config{Offline: true, IsBot: people.IsBot})
	h, err := f.At(t.Context(), dir, "github.com/acme/pump")
	if err != nil {
		t.Fatal(err)
	}
	persons := people.NewIndex(h).At(at.Unix())
	territory, err := Measure(t.Context(), f.RepositoryAt(dir, h.Upstream), h, persons, at)
	if err != nil {
		t.Fatal(err)
	}
	return territory, func(p int32) string {
		for i := range h.Identities {
			if persons.Of(int32(i)) == p {
				name, _, _ := strings.Cut(h.Identities[i].Name, " ")
				return name
			}
		}
		return "nobody"
	}
}

// plain gives a territory as lines of text.
func plain(t *Territory, name func(int32) string) (lines []string) {
	var gone []string
	for _, p := range t.TruckFactor {
		gone = append(gone, name(p))
	}
	lines = append(lines, fmt.Sprintf("files %d, passed over %d, authors %d, truck factor %v, orphaned %d", t.Files, t.PassedOver, t.Authors, gone, t.Orphaned))
	day := func(at int64) string { return time.Unix(at, 0).UTC().Format(time.DateOnly) }
	for _, f := range t.Folders {
		l := fmt.Sprintf("%q %d files, %d orphaned, %d knowing, changed %s;", f.Path, f.Files, f.Orphaned, f.Knowing, day(f.LastChange))
		for _, s := range f.Successors {
			l += fmt.Sprintf(" %s %d %s", name(s.Person), s.Files, day(s.LastChange))
		}
		lines = append(lines, l)
	}
	return lines
}

const pumpWorld = `
	file src/pump/a.c
	| a
	file src/pump/b.c
	| b
	file src/pump/c.c
	| c
	file README.md
	| a pump
	file vendor/x/x.c
	| x
	2018-01-01 Ada <ada@example.org>
	file src/pump/c.c
	| c, mended
	2019-12-01 Bob <bob@example.org>
	file src/valve/d.c
	| d
	file src/valve/e.c
	| e
	file src/valve/f.c
	| f
	file main.c
	| main
	2019-12-05 Cy <cy@example.org>
	file src/valve/d.c
	| d, by a machine
	2019-12-09 dependabot[bot] <support@dependabot.com>
	2019-12-10 Ada <ada@example.org> merge
`

func TestMeasure(t *testing.T) {
	t.Parallel()
	got := plain(world(t, pumpWorld, "2020-01-01"))
	// Ada, who only merges, is not at work: a.c and b.c are orphaned; c.c is Ada's and Bob's. src holds all but main.c.
	want := []string{
		"files 7, passed over 2, authors 3, truck factor [Cy], orphaned 2",
		`"" 7 files, 2 orphaned, 2 knowing, changed 2019-12-05; Cy 4 2019-12-05 Bob 1 2019-12-01`,
		`"src" 6 files, 2 orphaned, 2 knowing, changed 2019-12-05; Cy 3 2019-12-05 Bob 1 2019-12-01`,
		`"src/pump" 3 files, 2 orphaned, 1 knowing, changed 2019-12-01; Bob 1 2019-12-01`,
		`"src/valve" 3 files, 0 orphaned, 1 knowing, changed 2019-12-05; Cy 3 2019-12-05`,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	// Two years earlier all was Ada's, who was at work; nothing later matters.
	got = plain(world(t, pumpWorld, "2018-06-01"))
	want = []string{
		"files 3, passed over 2, authors 1, truck factor [Ada], orphaned 0",
		`"" 3 files, 0 orphaned, 1 knowing, changed 2018-01-01; Ada 3 2018-01-01`,
		`"src/pump" 3 files, 0 orphaned, 1 knowing, changed 2018-01-01; Ada 3 2018-01-01`,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("2018 (-want +got):\n%s", d)
	}
}

// TestFilesAreFollowed: whose a file is after renames, deletions and merges.
func TestFilesAreFollowed(t *testing.T) {
	t.Parallel()
	const begin = "file a.c\n| a\n2020-01-01 Ada <ada@example.org>\n"
	for _, c := range []struct{ name, world, want string }{
		{"moved", begin + "move a.c src/b.c\n2020-01-02 Bob <bob@example.org>\n", "authors 1, truck factor [Ada]"},
		{"moved twice and back", begin + "move a.c b.c\n2020-01-02 Bob <bob@example.org>\nmove b.c c.c\n2020-01-03 Bob <bob@example.org>\nmove c.c a.c\n2020-01-04 Bob <bob@example.org>\n",
			"authors 1, truck factor [Ada]"},
		{"moved by a bot", begin + "move a.c b.c\n2020-01-02 renovate[bot] <bot@renovateapp.com>\n", "authors 1, truck factor [Ada]"},
		{"moved, and another takes its place", begin + "move a.c b.c\n2020-01-02 Bob <bob@example.org>\nfile a.c\n| new\ndelete b.c\n2020-01-03 Cy <cy@example.org>\n",
			"authors 1, truck factor [Cy]"},
		{"deleted and written anew", begin + "delete a.c\n2020-01-02 Bob <bob@example.org>\nfile a.c\n| new\n2020-01-03 Cy <cy@example.org>\n", "authors 2, truck factor [Ada Cy]"},
		{"deleted", begin + "file b.c\n| b\n2020-01-02 Bob <bob@example.org>\ndelete a.c\n2020-01-02 Bob <bob@example.org>\n", "authors 1, truck factor [Bob]"},
		{"changed on a side branch under the old name", begin + "file a.c\n| better\n2020-01-02 Cy <cy@example.org> side\nmove a.c b.c\n2020-01-03 Bob <bob@example.org>\n" +
			"file b.c\n| better\ndelete a.c\n2020-01-04 Bob <bob@example.org> merge\n", "authors 2, truck factor [Ada Cy]"},
		{"made on a side branch", begin + "file b.c\n| b\n2020-01-02 Bob <bob@example.org> side\n2020-01-03 Ada <ada@example.org> merge\n", "authors 2, truck factor [Ada Bob]"},
		{"made by a merge, as nobody's", begin + "2020-01-02 Bob <bob@example.org> side\nfile b.c\n| b\nfile c.c\n| c\n2020-01-03 Cy <cy@example.org> merge\n", "authors 1, truck factor []"},
		{"made by a bot, as nobody's", "file a.c\n| a\n2020-01-01 renovate[bot] <bot@renovateapp.com>\n2020-01-02 Ada <ada@example.org>\n", "authors 0, truck factor []"},
		{"of one person with two addresses", begin + "file b.c\n| b\n2020-01-02 Ada <ada@home.example>\n", "authors 1, truck factor [Ada]"},
	} {
		got := plain(world(t, c.world, "2020-02-01"))[0]
		if !strings.Contains(got, c.want) {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// TestCrowdedFiles: of a file that hundreds have changed everybody keeps one share.
func TestCrowdedFiles(t *testing.T) {
	t.Parallel()
	l := newLineage(nil, nil)
	files := [...]int32{l.newFile(), l.newFile()}
	for range 3 {
		for p := range int32(5 * crowded) {
			for _, f := range files {
				l.share(f, p).changes += f + 1
			}
		}
	}
	for _, f := range files {
		for i, s := range l.files[f] {
			if s.person != int32(i) || s.changes != 3*(f+1) || len(l.files[f]) != 5*crowded {
				t.Fatalf("share %d of %d in file %d: %+v", i, len(l.files[f]), f, s)
			}
		}
	}
}

// TestFoldersAddUp: in random worlds the folders add up to the root, and every figure keeps to its range.
func TestFoldersAddUp(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		random := rand.New(rand.NewPCG(seed, 7))
		repository := &gittest.Repository{}
		var paths []string
		for i := range 120 {
			name := fmt.Sprintf("P%d", random.IntN(9))
			c := gittest.Commit{Author: gittest.Person{Name: name, Email: name + "@example.org"}, Parents: 1}
			c.Authored = 1500000000 + int64(i)*8*86400
			c.Committed = c.Authored
			c.Committer = c.Author
			for range 1 + random.IntN(4) {
				if len(paths) > 0 && random.IntN(3) == 0 {
					path := paths[random.IntN(len(paths))]
					c.Files = append(c.Files, gittest.File{Path: path, Content: fmt.Sprint(seed, i, random.Uint64())})
					continue
				}
				var parts []string
				for range random.IntN(7) {
					parts = append(parts, string(rune('a'+random.IntN(3))))
				}
				path := strings.Join(append(parts, fmt.Sprintf("f%d.go", len(paths))), "/")
				paths = append(paths, path)
				c.Files = append(c.Files, gittest.File{Path: path, Content: path})
			}
			repository.Commits = append(repository.Commits, c)
		}
		dir := t.TempDir() + "/random.git"
		repository.Build(t, dir)
		got, _ := measured(t, dir, "2020-06-01")
		if got.Files != len(paths) || got.PassedOver != 0 || len(got.TruckFactor) > got.Authors || got.Orphaned > got.Files || len(got.Folders) == 0 {
			t.Fatalf("seed %d: %d files of %d, %d passed over, %d authors, %d orphaned, truck factor %v", seed, got.Files, len(paths), got.PassedOver, got.Authors, got.Orphaned, got.TruckFactor)
		}
		byPath := map[string]Folder{}
		for i, f := range got.Folders {
			byPath[f.Path] = f
			if i > 0 && f.Orphaned > got.Folders[i-1].Orphaned {
				t.Errorf("seed %d: %q has more orphans than the one before", seed, f.Path)
			}
			if f.Path != "" && f.Files < minFolderFiles || f.Orphaned > f.Files || len(f.Successors) > maxSuccessors || f.Knowing == 0 && f.Orphaned < f.Files {
				t.Errorf("seed %d: %+v", seed, f)
			}
			for j, s := range f.Successors {
				if s.Files < 1 || s.Files > f.Files || s.LastChange > f.LastChange || j > 0 && s.Files > f.Successors[j-1].Files {
					t.Errorf("seed %d: successor %+v of %+v", seed, s, f)
				}
			}
		}
		if root := byPath[""]; root.Files != got.Files || root.Orphaned != got.Orphaned {
			t.Errorf("seed %d: root %+v", seed, root)
		}
		// Every folder has the files below its path, and what its folders hold besides is its own.
		for path, f := range byPath {
			n := 0
			for _, p := range paths {
				if path == "" || strings.HasPrefix(p, path+"/") {
					n++
				}
			}
			if n != f.Files {
				t.Errorf("seed %d: %q has %d files, want %d", seed, path, f.Files, n)
			}
			inner, orphans := 0, 0
			for _, g := range got.Folders {
				if g.Path == path || !below(g.Path, path) {
					continue
				}
				nested := false
				for other := range byPath {
					nested = nested || other != path && other != g.Path && below(other, path) && below(g.Path, other)
				}
				if !nested {
					inner, orphans = inner+g.Files, orphans+g.Orphaned
				}
			}
			if inner > f.Files || orphans > f.Orphaned {
				t.Errorf("seed %d: the folders of %q hold %d files, %d orphaned, it has %d and %d", seed, path, inner, orphans, f.Files, f.Orphaned)
			}
		}
	}
}

func below(path, folder string) bool {
	return path != "" && (folder == "" || strings.HasPrefix(path, folder+"/"))
}

func TestFolders(t *testing.T) {
	t.Parallel()
	var files []sourceFile
	for _, path := range []string{
		"pom.java", "x/src/main/java/org/acme/a/1.java", "x/src/main/java/org/acme/a/2.java", "x/src/main/java/org/acme/a/3.java", "x/src/main/java/org/acme/b/1.java",
		"few/1.c", "few/2.c", "p/q/r/s/t/u/1.c", "p/q/r/s/t/u/2.c", "p/q/r/s/t/u/3.c", "p/q/r/s/t/1.c", "p/q/r/s/1.c", "p/q/r/1.c", "p/q/1.c", "p/1.c",
	} {
		files = append(files, sourceFile{path: path, orphaned: strings.HasPrefix(path, "x/")})
	}
	list, more := folders(files, nil)
	var got []string
	for _, f := range list {
		got = append(got, fmt.Sprintf("%s %d %d", f.Path, f.Files, f.Orphaned))
	}
	want := []string{" 15 4", "x/src/main/java/org/acme 4 4", "x/src/main/java/org/acme/a 3 3", "p 8 0", "p/q 7 0", "p/q/r 6 0", "p/q/r/s 5 0"}
	if d := cmp.Diff(want, got); d != "" || more != 0 {
		t.Errorf("%d more (-want +got):\n%s", more, d)
	}
	files = nil
	for i := range 3 * 250 {
		files = append(files, sourceFile{path: fmt.Sprintf("d%03d/%d.c", i/3, i), orphaned: true})
	}
	files = append(files, sourceFile{path: strings.Repeat("deep/", 800) + "x.c"})
	list, more = folders(files, nil)
	if len(list) != maxFolders || more != 51 || list[0].Path != "" || list[1].Path != "d000" {
		t.Errorf("%d folders and %d more, from %q", len(list), more, list[0].Path)
	}
	if list, more := folders(nil, nil); list != nil || more != 0 {
		t.Errorf("of nothing: %v", list)
	}
}

func TestMeasureErrors(t *testing.T) {
	t.Parallel()
	dir := gittest.Build(t, pumpWorld)
	f := history.NewFinder(history.Config{Offline: true})
	h, err := f.At(t.Context(), dir, "github.com/acme/pump")
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	_, err = Measure(t.Context(), f.RepositoryAt(dir, h.Upstream), h, people.NewIndex(h).At(at.Unix()), at)
	if e, ok := err.(*history.Error); !ok || e.Kind != gap.EmptyRepository {
		t.Errorf("before the first commit: %v", err)
	}
}
