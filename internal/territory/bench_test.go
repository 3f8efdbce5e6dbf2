package territory

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/mainstay-oss/mainstay/internal/gittest"
	"github.com/mainstay-oss/mainstay/internal/history"
	"github.com/mainstay-oss/mainstay/internal/people"
)

// grown makes a repository of many commits: a thousand people, three changes a commit, a folder for every fifty files, and
// every hundredth commit moves one.
func grown(commits int) *gittest.Repository {
	r := &gittest.Repository{}
	var paths []string
	state := uint64(1)
	next := func(n int) int { // the same numbers with every version of Go
		state = state*6364136223846793005 + 1442695040888963407
		return int(state>>33) % n
	}
	for i := range commits {
		name := fmt.Sprintf("Person %d", min(next(1000), next(1000)))
		who := gittest.Person{Name: name, Email: name + "@example.org"}
		at := 1_200_000_000 + int64(i)*3600
		c := gittest.Commit{Author: who, Committer: who, Authored: at, Committed: at, Parents: 1, Subject: "change"}
		if i%100 == 99 {
			n := next(len(paths))
			old := paths[n]
			paths[n] = fmt.Sprintf("moved/d%d/f%d.go", i/5000, i)
			c.Files = append(c.Files, gittest.File{Old: old, Path: paths[n]})
		}
		touched := map[int]bool{}
		for range 3 {
			n := len(paths)
			if i%10 != 0 && n > 10 {
				n = next(n)
			}
			if touched[n] || n < len(paths) && len(c.Files) > 0 && c.Files[0].Path == paths[n] {
				continue
			}
			touched[n] = true
			if n == len(paths) {
				paths = append(paths, fmt.Sprintf("src/part%d/area%d/f%d.go", n/2500, n/50, n))
			}
			c.Files = append(c.Files, gittest.File{Path: paths[n], Content: fmt.Sprint(i, n)})
		}
		r.Commits = append(r.Commits, c)
	}
	return r
}

// benchmarked are the repository of 100,000 commits, and those that MAINSTAY_REPOSITORIES lists, separated as in PATH.
func benchmarked(b *testing.B, f func(b *testing.B, dir string)) {
	b.Run("100000 commits", func(b *testing.B) {
		dir := filepath.Join(b.TempDir(), "grown.git")
		grown(100_000).Build(b, dir)
		f(b, dir)
	})
	for _, dir := range filepath.SplitList(os.Getenv("MAINSTAY_REPOSITORIES")) {
		b.Run(filepath.Base(dir), func(b *testing.B) { f(b, dir) })
	}
}

func read(b *testing.B, dir string) (*history.History, *history.Repository) {
	f := history.NewFinder(history.Config{Offline: true, IsBot: people.IsBot})
	h, err := f.At(b.Context(), dir, "github.com/acme/pump")
	if err != nil {
		b.Fatal(err)
	}
	return h, f.RepositoryAt(dir, h.Upstream)
}

// BenchmarkChanges reads all changes. heap-bytes is the most that was in use meanwhile, beyond the history; that of git is not in it.
func BenchmarkChanges(b *testing.B) {
	benchmarked(b, func(b *testing.B, dir string) {
		h, r := read(b, dir)
		before, most, changes := inUse(), uint64(0), 0
		for b.Loop() {
			changes = 0
			if err := r.Changes(b.Context(), h, h.ObservedUntil, func(history.Change) error {
				if changes++; changes%20_000 == 0 {
					most = max(most, inUse())
				}
				return nil
			}); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(changes), "changes")
		b.ReportMetric(float64(most-min(most, before)), "heap-bytes")
		runtime.KeepAlive(h)
	})
}

// BenchmarkMeasure measures a territory, with people and all. heap-bytes is what is in use before folders are counted.
func BenchmarkMeasure(b *testing.B) {
	benchmarked(b, func(b *testing.B, dir string) {
		h, r := read(b, dir)
		asOf := h.ObservedUntil.Truncate(24 * time.Hour)
		var t *Territory
		for b.Loop() {
			var err error
			if t, err = Measure(b.Context(), r, h, people.NewIndex(h).At(asOf.Unix()), asOf); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(t.Files), "files")
		b.StopTimer()
		before := inUse()
		persons := people.NewIndex(h).At(asOf.Unix())
		l := newLineage(h, persons)
		if err := r.Changes(b.Context(), h, asOf, l.add); err != nil {
			b.Fatal(err)
		}
		after := inUse()
		b.ReportMetric(float64(after-min(after, before)), "heap-bytes")
		runtime.KeepAlive(l)
		runtime.KeepAlive(h)
	})
}

// inUse gives the memory in use.
func inUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// TestGrown: the repository that is measured holds what it is said to.
func TestGrown(t *testing.T) {
	t.Parallel()
	r := grown(2000)
	authors := map[string]bool{}
	moves := 0
	for _, c := range r.Commits {
		authors[c.Author.Name] = true
		if slices.ContainsFunc(c.Files, func(f gittest.File) bool { return f.Old != "" }) {
			moves++
		}
	}
	if len(authors) < 500 || moves != 20 {
		t.Errorf("%d authors, %d moves", len(authors), moves)
	}
}
