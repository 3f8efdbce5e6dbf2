package history_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mainstay-oss/mainstay/internal/gap"
	"github.com/mainstay-oss/mainstay/internal/gittest"
	"github.com/mainstay-oss/mainstay/internal/history"
)

// silent has no way to send anything: what it finds, it finds on this machine.
func silent(c history.Config) *history.Finder {
	c.Offline = true
	if c.Now == nil {
		c.Now = func() time.Time { return time.Unix(2_000_000_000, 0) } // 2033-05-18
	}
	return history.NewFinder(c)
}

func TestMirrors(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	gittest.BuildAt(t, filepath.Join(root, "GitHub.com", "Acme", "Pump.git"), pumpWorld+"fetched 2020-06-01\n")
	elsewhere := filepath.Join(t.TempDir(), "valve.git")
	gittest.BuildAt(t, elsewhere, pumpWorld+"fetched 2020-06-01\nloose\n")
	deep := filepath.Join(root, "gitlab.example", "acme", "tools")
	if err := os.MkdirAll(deep, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(elsewhere, filepath.Join(deep, "Valve.git")); err != nil {
		t.Skipf("links: %v", err)
	}
	f := silent(history.Config{Mirrors: []string{filepath.Join(root, "absent"), root}})
	for _, id := range []string{"github.com/acme/pump", "GITHUB.com/aCME/PUMP", "gitlab.example/acme/tools/valve"} {
		h, err := f.Find(t.Context(), id, "")
		if err != nil {
			t.Errorf("%v", err)
			continue
		}
		if h.Source != history.Mirror || len(h.Commits) != 6 || !h.PullsKnown || len(h.Pulls) != 2 || h.Upstream != strings.ToLower(id) {
			t.Errorf("%s: %s from %s, %d commits, %d pulls", id, h.Upstream, h.Source, len(h.Commits), len(h.Pulls))
		}
		if want := day(t, "2020-06-01"); !h.ObservedUntil.Equal(want) {
			t.Errorf("%s: observed until %s, want %s", id, h.ObservedUntil, want)
		}
	}
	for _, id := range []string{"github.com/acme/pumps", "github.com/acme", "github.com/acme/pump.git", "gitlab.example/acme/tools"} {
		if _, err := f.Find(t.Context(), id, ""); err == nil {
			t.Errorf("%s was found", id)
		}
	}
}

// TestObserved: a mirror counts as observed when last fetched, and at least up to its newest commit that can be true.
func TestObserved(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, world, want string }{
		{"fetched after the newest commit", "2020-01-02 Ada <a@example.org>\nfetched 2020-05-01", "2020-05-01"},
		{"fetched before the newest commit", "2020-01-02 Ada <a@example.org>\nfetched 2019-05-01", "2020-01-02"},
		{"pull head after all", "2020-01-02 Ada <a@example.org>\npull 1 2020-07-01 Bob <b@example.org>\nfetched 2019-05-01", "2020-07-01"},
		{"a commit of 2100", "2020-01-02 Ada <a@example.org>\n2100-01-01 Ada <a@example.org>\nfetched 2020-05-01", "2020-05-01"},
		{"a fetch in the future", "2020-01-02 Ada <a@example.org>\nfetched 2090-05-01", "2023-11-15"},
		{"1970", "1970-01-01 Ada <a@example.org>\nfetched 2020-05-01", "2020-05-01"},
	} {
		root := t.TempDir()
		gittest.BuildAt(t, filepath.Join(root, filepath.FromSlash(pump)+".git"), c.world+"\n")
		f := silent(history.Config{Mirrors: []string{root}, Now: func() time.Time { return day(t, "2023-11-15") }})
		h, err := f.Find(t.Context(), pump, "")
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if want := day(t, c.want); !h.ObservedUntil.Equal(want) {
			t.Errorf("%s: observed until %s, want %s", c.name, h.ObservedUntil, want)
		}
	}
}

// TestOrder: mirrors come before archives; what is damaged is passed over, and reported if nothing else is left.
func TestOrder(t *testing.T) {
	t.Parallel()
	mirrors, archives := t.TempDir(), t.TempDir()
	h := randomHistory(1)
	h.Upstream = pump
	if err := history.WriteArchive(filepath.Join(archives, "any-name"), h, testKey, history.ArchiveOptions{}); err != nil {
		t.Fatal(err)
	}
	c := history.Config{Mirrors: []string{mirrors}, Archives: []string{filepath.Join(archives, "absent"), archives}}
	find := func(id string) (*history.History, error) { return silent(c).Find(t.Context(), id, "") }

	if got, err := find("GitHub.com/Acme/Pump"); err != nil || got.Source != history.Archive || got.Upstream != pump {
		t.Fatalf("archive: %v", err)
	}
	mirror := filepath.Join(mirrors, filepath.FromSlash(pump)+".git")
	gittest.BuildAt(t, mirror, pumpWorld)
	if got, err := find(pump); err != nil || got.Source != history.Mirror {
		t.Fatalf("mirror: %v", err)
	}
	packs, err := filepath.Glob(filepath.Join(mirror, "objects", "pack", "*.pack"))
	if err != nil || len(packs) != 1 {
		t.Fatalf("%v %v", packs, err)
	}
	if err := os.Chmod(packs[0], 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(packs[0], 40); err != nil {
		t.Fatal(err)
	}
	if got, err := find(pump); err != nil || got.Source != history.Archive {
		t.Fatalf("archive after a corrupt mirror: %v", err)
	}
	commits := filepath.Join(archives, "any-name", "commits.tsv.gz")
	if err := os.Truncate(commits, 100); err != nil {
		t.Fatal(err)
	}
	if _, err := find(pump); kind(t, err) != gap.Corrupt || !strings.Contains(err.Error(), "pump.git") {
		t.Errorf("both damaged: %v", err)
	}
	c.Mirrors = nil
	if _, err := find(pump); kind(t, err) != gap.Corrupt || !strings.Contains(err.Error(), "commits.tsv.gz") {
		t.Errorf("the archive is damaged: %v", err)
	}
	// An archive without a readable meta.json is known by its folder's name.
	named := filepath.Join(archives, "Acme+Valve")
	if err := os.Rename(filepath.Join(archives, "any-name"), named); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(named, "meta.json"), []byte("{"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := find("github.com/acme/valve"); kind(t, err) != gap.Corrupt || !strings.Contains(err.Error(), "meta.json") {
		t.Errorf("meta.json is damaged: %v", err)
	}
	if _, err := find("github.com/acme/other"); kind(t, err) != gap.Offline {
		t.Errorf("nothing there: %v", err)
	}
}

func TestCaseInTwoFolders(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	for _, owner := range []string{"ACME", "Acme"} {
		name := map[string]string{"ACME": "valve", "Acme": "pump"}[owner]
		gittest.BuildAt(t, filepath.Join(root, "github.com", owner, name+".git"), pumpWorld)
	}
	f := silent(history.Config{Mirrors: []string{root}})
	for _, id := range []string{"github.com/acme/pump", "github.com/acme/valve"} {
		if _, err := f.Find(t.Context(), id, ""); err != nil {
			t.Errorf("%v", err)
		}
	}
}
