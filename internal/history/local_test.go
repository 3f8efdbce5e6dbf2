package history_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/mainstay-oss/mainstay/internal/gap"
	"github.com/mainstay-oss/mainstay/internal/gittest"
	"github.com/mainstay-oss/mainstay/internal/history"
)

// TestLocal: what lies on the disk is given whatever its age, and nothing is sent.
func TestLocal(t *testing.T) {
	t.Parallel()
	p := newPlace(t, pumpWorld)
	local := func() (*history.History, error) {
		return history.NewFinder(p.config).Local(t.Context(), "GitHub.com/Acme/Pump")
	}
	if _, err := local(); kind(t, err) != gap.NoHistory {
		t.Errorf("nothing here: %v", err)
	}
	if _, err := history.NewFinder(p.config).Local(t.Context(), "../../etc"); kind(t, err) != gap.NoHistory {
		t.Errorf("no id: %v", err)
	}
	p.mustFind(history.Network, 6)
	requests := len(p.server.Requests())
	p.now = p.now.AddDate(3, 0, 0) // by far too old for Find
	h, err := local()
	if err != nil || h.Source != history.Cache || len(h.Commits) != 6 || !h.ObservedUntil.Equal(day(t, "2021-01-01")) {
		t.Fatalf("cache: %+v, %v", h, err)
	}

	// After the budget Find gives up, and Local still has it.
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	f := history.NewFinder(p.config)
	if _, err := f.Find(ended, pump, p.server.URL+"/acme/pump.git"); kind(t, err) != gap.OutOfBudget {
		t.Errorf("find after the end: %v", err)
	}
	if h, err := f.Local(t.Context(), pump); err != nil || len(h.Commits) != 6 {
		t.Errorf("local after that: %v", err)
	}

	// An archive goes before the cache, a mirror before both; damaged ones are passed over.
	archives, mirrors := t.TempDir(), t.TempDir()
	a := randomHistory(1)
	a.Upstream = pump
	if err := history.WriteArchive(filepath.Join(archives, "a"), a, testKey, history.ArchiveOptions{}); err != nil {
		t.Fatal(err)
	}
	p.config.Archives = []string{archives}
	if h, err := local(); err != nil || h.Source != history.Archive {
		t.Errorf("archive: %v", err)
	}
	mirror := filepath.Join(mirrors, filepath.FromSlash(pump)+".git")
	gittest.BuildAt(t, mirror, pumpWorld)
	p.config.Mirrors = []string{mirrors}
	if h, err := local(); err != nil || h.Source != history.Mirror {
		t.Errorf("mirror: %v", err)
	}
	for _, dir := range []string{filepath.Join(mirror, "objects", "pack", "*.pack"), filepath.Join(archives, "a", "commits.tsv.gz")} {
		files, _ := filepath.Glob(dir)
		for _, file := range files {
			os.Chmod(file, 0o600)
			if err := os.Truncate(file, 40); err != nil {
				t.Fatal(err)
			}
		}
	}
	if h, err := local(); err != nil || h.Source != history.Cache {
		t.Errorf("cache after damage: %v", err)
	}
	p.config.CacheDir = ""
	if _, err := local(); kind(t, err) != gap.Corrupt {
		t.Errorf("all damaged: %v", err)
	}
	p.config.Mirrors, p.config.Archives, p.config.Offline = nil, nil, true
	if _, err := local(); kind(t, err) != gap.Offline {
		t.Errorf("offline, nothing here: %v", err)
	}
	if n := len(p.server.Requests()); n != requests {
		t.Errorf("%d requests", n-requests)
	}
}
