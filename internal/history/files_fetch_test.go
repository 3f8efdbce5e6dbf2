package history_test

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/mainstay-oss/mainstay/internal/gap"
	"github.com/mainstay-oss/mainstay/internal/gittest"
	"github.com/mainstay-oss/mainstay/internal/history"
)

// ruled gives what a full copy holds at the dates of these tests.
func (p *place) ruled(at []int64) []history.Snapshot {
	p.t.Helper()
	want, err := repositoryOf(p.repository()).FilesAt(p.t.Context(), at, owners)
	if err != nil {
		p.t.Fatal(err)
	}
	return want
}

// filesAt asks a new Finder for files of the cached entry.
func (p *place) filesAt(at []int64) []history.Snapshot {
	p.t.Helper()
	r, err := history.NewFinder(p.config).Repository(p.t.Context(), pump)
	if err != nil {
		p.t.Fatal(err)
	}
	got, err := r.FilesAt(p.t.Context(), at, owners)
	if err != nil {
		p.t.Fatal(err)
	}
	return got
}

// lacking tells whether each snapshot with a commit lacks something for the given reason and holds no file; the newest root
// folder comes with the history itself, so that of the newest state other folders and files are what is missing.
func lacking(snapshots []history.Snapshot, want gap.Kind) bool {
	return !slices.ContainsFunc(snapshots, func(s history.Snapshot) bool {
		return s.Commit != "" && (len(s.Lacks) == 0 || len(s.Files) > 0 || slices.ContainsFunc(s.Lacks, func(l history.Lack) bool { return l.Kind != want }))
	})
}

func TestFilesAtFromTheCache(t *testing.T) {
	t.Parallel()
	p := newPlace(t, ruledWorld)
	at := dates(t, "2020-01-01", "2020-02-02", "2020-03-02", "2020-04-02", "2021-01-01")
	want := p.ruled(at)
	p.mustFind(history.Network, 5)

	// Offline nothing is sent, and what is missing is told.
	p.config.Offline = true
	before := len(p.server.Requests())
	if got := p.filesAt(at); !lacking(got, gap.Offline) {
		t.Errorf("offline: %+v", got)
	}
	if plan := history.NewFinder(p.config).PlanFiles([]string{pump}); len(plan) > 0 {
		t.Errorf("offline: plan %v", plan)
	}
	if n := len(p.server.Requests()); n != before {
		t.Errorf("%d requests offline", n-before)
	}

	// Then all comes in three fetches at most, whatever the number of dates.
	p.config.Offline = false
	var told []string
	p.config.Fetching = func(upstream string) { told = append(told, upstream) }
	plan := history.NewFinder(p.config).PlanFiles([]string{strings.ToUpper(pump), pump})
	got := p.filesAt(at)
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("fetched: %s", diff)
	}
	sent := p.server.Requests()[before:]
	fetches := 0
	for _, r := range sent {
		if strings.HasPrefix(r, http.MethodGet) {
			fetches++ // each command asks for the references once
		}
	}
	if fetches > 4 { // the first question to the host among them
		t.Errorf("%d git commands reached the host: %q", fetches, sent)
	}
	if len(plan) != 1 || plan["github.com"] < len(sent) || plan["github.com"] > 4*len(sent) {
		t.Errorf("plan %v for %d requests", plan, len(sent))
	}
	if !slices.Equal(told, []string{pump}) {
		t.Errorf("told of %v", told)
	}

	// From now on the cache serves, online and offline, and the history is read as before.
	for _, p.config.Offline = range []bool{false, true} {
		if diff := cmp.Diff(want, p.filesAt(at), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("kept: %s", diff)
		}
	}
	if n := len(p.server.Requests()); n != before+len(sent) {
		t.Errorf("%d requests for what is there", n-before-len(sent))
	}
	p.mustFind(history.Cache, 5)
}

// TestFilesAtOfAVanished: what cannot be fetched is told, once for all three requests, and what is here is still given.
func TestFilesAtOfAVanished(t *testing.T) {
	t.Parallel()
	p := newPlace(t, ruledWorld)
	at := dates(t, "2020-02-02", "2020-03-02", "2021-01-01")
	p.mustFind(history.Network, 5)
	if err := os.Rename(p.repository(), p.repository()+".gone"); err != nil {
		t.Fatal(err)
	}
	before := len(p.server.Requests())
	if got := p.filesAt(at); !lacking(got, gap.Vanished) {
		t.Errorf("%+v", got)
	}
	if n := len(p.server.Requests()) - before; n > 2 {
		t.Errorf("%d requests", n)
	}
}

// TestFilesAtOfAPartialMirror: a mirror is the user's, so nothing is fetched into it although git would know from where.
func TestFilesAtOfAPartialMirror(t *testing.T) {
	t.Parallel()
	p := newPlace(t, ruledWorld)
	root := t.TempDir()
	mirror := filepath.Join(root, filepath.FromSlash(pump)+".git")
	if out, err := exec.Command("git", "clone", "-q", "--bare", "--filter=tree:0", p.server.URL+"/acme/pump.git", mirror).CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	before := len(p.server.Requests())
	f := history.NewFinder(history.Config{Mirrors: []string{root}, CacheDir: t.TempDir()})
	r, err := f.Repository(t.Context(), pump)
	if err != nil {
		t.Fatal(err)
	}
	got, err := r.FilesAt(t.Context(), dates(t, "2020-02-02", "2020-03-02", "2021-01-01"), owners)
	if err != nil {
		t.Fatal(err)
	}
	if !lacking(got, gap.NoHistory) || got[0].Commit == "" {
		t.Errorf("%+v", got)
	}
	if n := len(p.server.Requests()) - before; n != 0 {
		t.Errorf("%d requests", n)
	}
	if plan := f.PlanFiles([]string{pump}); len(plan) > 0 {
		t.Errorf("plan %v for a mirror", plan)
	}
}

// TestFilesAtOfAPartlyFetched: what the cache holds is found behind what it lacks, and only the latter is fetched.
func TestFilesAtOfAPartlyFetched(t *testing.T) {
	t.Parallel()
	p := newPlace(t, ruledWorld)
	p.mustFind(history.Network, 5)
	march := dates(t, "2020-03-02")
	wantMarch := p.filesAt(march) // fetched
	both := dates(t, "2020-02-02", "2020-03-02")
	p.config.Offline = true
	got := p.filesAt(both)
	if !lacking(got[:1], gap.Offline) || len(wantMarch[0].Files) != 3 {
		t.Errorf("offline: %+v", got)
	}
	if diff := cmp.Diff(wantMarch, got[1:], cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("offline: %s", diff)
	}
	p.config.Offline = false
	if diff := cmp.Diff(p.ruled(both), p.filesAt(both), cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
}

// TestFilesAtOfAPlainServer: a server without partial clone has sent everything, and nothing is left to fetch.
func TestFilesAtOfAPlainServer(t *testing.T) {
	t.Parallel()
	p := newPlace(t, ruledWorld)
	p.server = gittest.Serve(t, p.root, "uploadpack.allowFilter=false")
	at := dates(t, "2020-02-02", "2020-04-02", "2021-01-01")
	want := p.ruled(at)
	p.mustFind(history.Network, 5)
	before := len(p.server.Requests())
	if diff := cmp.Diff(want, p.filesAt(at), cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
	if n := len(p.server.Requests()) - before; n != 0 {
		t.Errorf("%d requests", n)
	}
}
