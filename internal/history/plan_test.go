package history_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mainstay-oss/mainstay/internal/gittest"
	"github.com/mainstay-oss/mainstay/internal/history"
)

// TestPlanHolds runs what was planned, as a scan and an inspection do, and counts: a plan is never too low, and not more
// than four times too high, as for a repository whose newest files did not change.
func TestPlanHolds(t *testing.T) {
	t.Parallel()
	p := newPlace(t, pumpWorld)
	ids := []string{pump}
	for i := range 3 {
		name := fmt.Sprintf("valve%d", i)
		gittest.BuildAt(t, filepath.Join(p.root, "acme", name+".git"), pumpWorld)
		ids = append(ids, "github.com/acme/"+name)
	}
	// run finds all and fetches the pull heads of the first so many, as the next run of the program would.
	run := func(name string, ids []string, refined int) {
		t.Helper()
		plan := history.NewFinder(p.config).Plan(slices.Concat(ids, []string{strings.ToUpper(ids[0])}), refined)
		before := len(p.server.Requests())
		f := history.NewFinder(p.config)
		for i, id := range ids {
			h, err := f.Find(t.Context(), id, p.server.URL+strings.TrimPrefix(id, "github.com")+".git")
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if i < refined {
				if h, err = f.Pulls(t.Context(), h); err != nil || !h.PullsKnown {
					t.Fatalf("%s: %v, pulls %v", name, err, h.PullsKnown)
				}
			}
		}
		sent := p.server.Requests()[before:]
		t.Logf("%s: %d planned, %d sent", name, plan["github.com"], len(sent))
		if got := plan["github.com"]; got < len(sent) || got > 4*len(sent) || len(plan) > 1 || got == 0 && len(plan) > 0 {
			t.Errorf("%s: plan %v for %d requests: %q", name, plan, len(sent), sent)
		}
	}
	later := func() { p.now = p.now.AddDate(0, 0, 2) }
	rebuild := func(more string) {
		for _, id := range ids {
			dir := filepath.Join(p.root, filepath.FromSlash(strings.TrimPrefix(id, "github.com"))+".git")
			os.RemoveAll(dir)
			gittest.BuildAt(t, dir, pumpWorld+more)
		}
	}
	run("cold, nothing looked at again", ids[:1], 0)
	run("fresh", ids[:1], 0)
	run("fresh, inspected", ids[:1], 1)
	run("fresh with pull heads, inspected", ids[:1], 1)
	run("scan, partly fresh", ids, 2)
	later()
	rebuild("2021-01-02 Dee <dee@example.org> repeat 3 every 1h\npull 9 2021-01-02 Dee <dee@example.org>\n")
	run("stale", ids, 2)
	run("fresh, more looked at again", ids, 3)
	p.config.CacheDir = t.TempDir()
	run("cold, inspected", ids[:1], 1)
	p.config.CacheDir = t.TempDir()
	run("cold scan", ids, 10)
}

// TestPlanOfTheMoved: a host that redirects to where the repository went gets no more requests than planned either.
func TestPlanOfTheMoved(t *testing.T) {
	t.Parallel()
	p := newPlace(t, pumpWorld)
	asked := 0
	moved := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++ // git asks one thing at a time
		http.Redirect(w, r, p.server.URL+strings.Replace(r.URL.RequestURI(), "/old/", "/acme/", 1), http.StatusMovedPermanently)
	}))
	f := history.NewFinder(p.config)
	plan := f.Plan([]string{"github.com/old/pump"}, 1)
	h, err := f.Find(t.Context(), "github.com/old/pump", moved+"/old/pump.git")
	if err == nil {
		h, err = f.Pulls(t.Context(), h)
	}
	if err != nil || !h.PullsKnown {
		t.Fatalf("%v", err)
	}
	if sent := asked + len(p.server.Requests()); asked == 0 || plan["github.com"] < sent {
		t.Errorf("plan %v for %d requests, %d of them redirected", plan, sent, asked)
	}
}

// TestPlanByHost: pull heads are counted with each host that could get them; what lies at hand is not counted.
func TestPlanByHost(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	gittest.BuildAt(t, filepath.Join(root, "github.com", "acme", "pump.git"), pumpWorld)
	c := history.Config{Mirrors: []string{root}, CacheDir: t.TempDir()}
	plan := func(refined int, ids ...string) map[string]int { return history.NewFinder(c).Plan(ids, refined) }
	none := plan(0, pump, "github.com/acme/valve", "gitlab.com/a/a", "gitlab.com/a/b", "not an id")
	two := plan(2, pump, "github.com/acme/valve", "gitlab.com/a/a", "gitlab.com/a/b")
	many := plan(99, pump, "github.com/acme/valve", "gitlab.com/a/a", "gitlab.com/a/b")
	if len(none) != 2 || none["github.com"] == 0 || none["gitlab.com"] <= none["github.com"] {
		t.Errorf("plan %v", none)
	}
	each := two["github.com"] - none["github.com"]
	if each <= 0 || two["gitlab.com"]-none["gitlab.com"] != 2*each || fmt.Sprint(many) != fmt.Sprint(two) {
		t.Errorf("plans %v, %v, %v", none, two, many)
	}
	if own := plan(9, pump); len(own) != 0 {
		t.Errorf("plan %v for a mirror", own)
	}
}
