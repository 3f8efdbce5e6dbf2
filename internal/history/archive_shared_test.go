package history_test

import (
	"path/filepath"
	"sync"
	"testing"

	"github.com/mainstay-oss/mainstay/internal/history"
	"github.com/mainstay-oss/mainstay/internal/need"
)

// archives gives the folders of all shared archives.
func archives(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(need.Shared(t), "data", "histories", "*", "meta.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no archives: %v", err)
	}
	for i, f := range files {
		files[i] = filepath.Dir(f)
	}
	return files
}

// TestReadSharedArchives reads every archive: each table must hold what its meta.json promises.
func TestReadSharedArchives(t *testing.T) {
	t.Parallel()
	commits, pulls := 0, 0
	for _, dir := range archives(t) {
		h, err := history.ReadArchive(dir, "")
		if err != nil {
			t.Errorf("%v", err)
			continue
		}
		commits += len(h.Commits)
		pulls += len(h.Pulls)
		if h.PullsKnown != (len(h.Pulls) > 0) {
			t.Errorf("%s: PullsKnown %v with %d pulls", h.Upstream, h.PullsKnown, len(h.Pulls))
		}
	}
	if commits < 1_000_000 || pulls < 500_000 {
		t.Errorf("%d commits and %d pulls in all", commits, pulls)
	}
}

// BenchmarkReadArchives reads all shared archives on two goroutines.
func BenchmarkReadArchives(b *testing.B) {
	dirs := archives(b)
	for b.Loop() {
		var wait sync.WaitGroup
		next := make(chan string)
		for range 2 {
			wait.Go(func() {
				for dir := range next {
					if _, err := history.ReadArchive(dir, ""); err != nil {
						b.Error(err)
					}
				}
			})
		}
		for _, dir := range dirs {
			next <- dir
		}
		close(next)
		wait.Wait()
	}
}
