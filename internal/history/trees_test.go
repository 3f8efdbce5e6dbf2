package history_test

import (
	"context"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mainstay-oss/mainstay/internal/gap"
	"github.com/mainstay-oss/mainstay/internal/gittest"
	"github.com/mainstay-oss/mainstay/internal/history"
)

const filesWorld = `
	file pump.c
	| a pump
	2020-01-02 Ada <ada@example.org>
	move pump.c src/pump.c
	2020-03-01 Bob <bob@example.org>
	tag v1.0
	pull 8 2020-04-01 Cy <cy@example.org>
`

// files asks a new Finder, as the next run of the program would, for the files and how many changes led to them.
func (p *place) files(ctx context.Context, asOf time.Time) (files []string, changes int, err error) {
	p.t.Helper()
	f := history.NewFinder(p.config)
	r, err := f.Repository(ctx, pump)
	if err != nil {
		return nil, 0, err
	}
	s, err := r.Tree(ctx, asOf)
	if err != nil {
		return nil, 0, err
	}
	h, err := f.Local(ctx, pump)
	if err != nil {
		p.t.Fatal(err)
	}
	err = r.Changes(ctx, h, asOf, func(history.Change) error {
		changes++
		return nil
	})
	return s.Files, changes, err
}

// mustFiles is files, wanting an answer, and so many requests as were planned at most; none if none were.
func (p *place) mustFiles(asOf string, changes int, want ...string) (requests int) {
	p.t.Helper()
	plan := history.NewFinder(p.config).PlanTrees([]string{pump, strings.ToUpper(pump)})
	before := len(p.server.Requests())
	files, n, err := p.files(p.t.Context(), day(p.t, asOf))
	if err != nil {
		p.t.Fatal(err)
	}
	if !slices.Equal(files, want) || n != changes {
		p.t.Errorf("%s: files %q after %d changes, want %q after %d", asOf, files, n, want, changes)
	}
	requests = len(p.server.Requests()) - before
	if planned := plan["github.com"]; requests > planned || requests > 0 && planned > 4*requests {
		p.t.Errorf("%s: %d requests, %v planned: %q", asOf, requests, plan, p.server.Requests()[before:])
	}
	return requests
}

func TestTrees(t *testing.T) {
	t.Parallel()
	p := newPlace(t, filesWorld)
	if _, _, err := p.files(t.Context(), p.now); kind(t, err) != gap.NoHistory {
		t.Errorf("before it was found: %v", err)
	}
	p.mustFind(history.Network, 2)
	if n := p.mustFiles("2020-12-31", 2, "src/pump.c"); n == 0 {
		t.Error("trees without a request")
	}
	// What was fetched are trees, and of the default branch only; the first and src are the same.
	clone := filepath.Join(p.config.CacheDir, filepath.FromSlash(pump)+".git.trees")
	out, err := exec.Command("git", "--git-dir="+clone, "cat-file", "--batch-check=%(objecttype)", "--batch-all-objects", "--unordered").Output()
	if err != nil {
		t.Fatal(err)
	}
	if got := slices.Sorted(slices.Values(strings.Fields(string(out)))); !slices.Equal(got, []string{"commit", "commit", "tree", "tree"}) {
		t.Errorf("objects of the clone: %q", got)
	}
	// From now on it is there, for any date up to that day, with the network and without.
	p.config.Offline = true
	p.mustFiles("2020-12-31", 2, "src/pump.c")
	p.mustFiles("2020-02-01", 1, "pump.c")
	p.config.Offline = false
	if n := p.mustFiles("2020-12-31", 2, "src/pump.c"); n != 0 {
		t.Errorf("%d requests for what is there", n)
	}

	// A later date, with nothing new: the commits that the entry has are there, so nothing is asked.
	p.now = p.now.AddDate(0, 0, 5)
	p.config.AsOf = day(t, "2020-12-31")
	p.mustFind(history.Cache, 2)
	if n := p.mustFiles("2021-01-05", 2, "src/pump.c"); n != 0 {
		t.Errorf("%d requests though nothing is new", n)
	}
	p.config.AsOf = time.Time{}
	// With something new only that is fetched; without the network it is said, and old dates are answered.
	os.RemoveAll(p.repository())
	gittest.BuildAt(t, p.repository(), filesWorld+"file valve.c\n| a valve\n2021-01-03 Dee <dee@example.org>\n")
	p.mustFind(history.Network, 3)
	p.config.Offline = true
	if _, _, err := p.files(t.Context(), day(t, "2021-01-05")); kind(t, err) != gap.Offline {
		t.Errorf("older trees than commits: %v", err)
	}
	if plan := history.NewFinder(p.config).PlanTrees([]string{pump}); len(plan) > 0 {
		t.Errorf("plan %v", plan)
	}
	p.mustFiles("2020-02-01", 1, "pump.c")
	p.config.Offline = false
	if n := p.mustFiles("2021-01-05", 3, "src/pump.c", "valve.c"); n == 0 {
		t.Error("new trees without a request")
	}
}

func TestTreesOffline(t *testing.T) {
	t.Parallel()
	p := newPlace(t, filesWorld)
	p.mustFind(history.Network, 2)
	p.config.Offline = true
	requests := len(p.server.Requests())
	if _, _, err := p.files(t.Context(), p.now); kind(t, err) != gap.Offline {
		t.Errorf("no trees: %v", err)
	}
	if n := len(p.server.Requests()); n != requests {
		t.Errorf("%d requests offline", n-requests)
	}
}

// TestTreesBroken: what was cut off counts as absent, what is damaged is told once and made anew.
func TestTreesBroken(t *testing.T) {
	t.Parallel()
	p := newPlace(t, filesWorld)
	p.mustFind(history.Network, 2)
	clone := filepath.Join(p.config.CacheDir, filepath.FromSlash(pump)+".git.trees")
	ctx, cancel := context.WithCancel(t.Context())
	p.server.Hold(func(r *http.Request) {
		if r.Method == http.MethodPost {
			cancel()
		}
	})
	if _, _, err := p.files(ctx, p.now); kind(t, err) != gap.OutOfBudget {
		t.Errorf("cut off: %v", err)
	}
	p.server.Hold(nil)
	if _, err := os.Stat(clone); err == nil {
		t.Error("a part of a clone stands where the whole belongs")
	}
	if err := os.MkdirAll(filepath.Join(clone, "objects"), 0o755); err != nil { // as a run that was killed could leave it
		t.Fatal(err)
	}
	p.mustFiles("2020-12-31", 2, "src/pump.c")
	for _, left := range entries(t, filepath.Dir(clone)) {
		if strings.Contains(left, ".new-") {
			t.Errorf("left behind: %s", left)
		}
	}
	if err := os.RemoveAll(filepath.Join(clone, "objects", "pack")); err != nil {
		t.Fatal(err)
	}
	if _, _, err := p.files(t.Context(), day(t, "2020-12-31")); kind(t, err) != gap.Corrupt {
		t.Errorf("damaged: %v", err)
	}
	p.mustFiles("2020-12-31", 2, "src/pump.c")
	// The host is gone, and with it what is new.
	os.RemoveAll(p.repository())
	p.now = p.now.AddDate(0, 1, 0)
	p.mustFiles("2020-12-31", 2, "src/pump.c")
}

// TestTreesOfMirrors: of a mirror nothing is ever fetched. One without files will do, one without trees is said to be one.
func TestTreesOfMirrors(t *testing.T) {
	t.Parallel()
	p := newPlace(t, filesWorld)
	requests := 0
	for _, c := range []struct {
		option string
		want   gap.Kind
	}{{"--filter=blob:none", ""}, {"--filter=tree:0", gap.NoHistory}, {"--depth=1", gap.Shallow}} {
		mirrors := t.TempDir()
		p.config.Mirrors = []string{mirrors}
		if out, err := exec.Command("git", "clone", "-q", "--bare", c.option, p.server.URL+"/acme/pump.git", filepath.Join(mirrors, pump+".git")).CombinedOutput(); err != nil {
			t.Fatalf("%v %s", err, out)
		}
		requests = len(p.server.Requests())
		files, changes, err := p.files(t.Context(), p.now)
		switch {
		case c.want == "" && (err != nil || changes != 2 || !slices.Equal(files, []string{"src/pump.c"})):
			t.Errorf("%s: files %q after %d changes, %v", c.option, files, changes, err)
		case c.want != "" && kind(t, err) != c.want:
			t.Errorf("%s: %v", c.option, err)
		}
		if n := len(p.server.Requests()); n != requests {
			t.Errorf("%s: %d requests", c.option, n-requests)
		}
		if plan := history.NewFinder(p.config).PlanTrees([]string{pump}); len(plan) > 0 {
			t.Errorf("%s: plan %v", c.option, plan)
		}
	}
}
