package upstream

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// searches are made by hand after what the npm registry answers: counts stand beside the package, dependents now as a number,
// now as a text, and what is found need not be what was asked for.
const searches = `
-- registry.example/-/v1/search?text=pump&size=20 --
{"objects":[
 {"downloads":{"monthly":900,"weekly":200},"dependents":"7","updated":"2025-06-01T00:00:00.000Z","searchScore":99.5,"package":{"name":"pump-cli","version":"1.0.0"},"score":{"final":99.5},"flags":{"insecure":0}},
 {"downloads":{"monthly":415621,"weekly":105531},"dependents":"1038","updated":"2025-06-01T00:00:00.000Z","searchScore":88.5,"package":{"name":"pump","version":"2.0.0","maintainers":[{"username":"ada","email":"ada@example.org"}]}}
],"total":2,"time":"2025-06-15T00:00:00.000Z"}
-- registry.example/-/v1/search?text=valve&size=20 --
{"objects":[{"downloads":{"monthly":0,"weekly":0},"dependents":0,"package":{"name":"valve"}}],"total":1}
-- registry.example/-/v1/search?text=%40acme%2Ftap&size=20 --
{"objects":[{"downloads":{"monthly":12},"package":{"name":"@acme/tap"}}]}
-- registry.example/-/v1/search?text=old&size=20 --
{"objects":[{"package":{"name":"old","version":"1.0.0"},"score":{"final":0.3,"detail":{"popularity":0.1}},"searchScore":0.1}],"total":1}
-- registry.example/-/v1/search?text=other&size=20 --
{"objects":[{"downloads":{"all":5000},"dependents":null,"package":{"name":"other"}}]}
-- registry.example/-/v1/search?text=plain&size=20 --
{"objects":[{"downloads":5000,"dependents":-3,"package":{"name":"plain"}}]}
-- registry.example/-/v1/search?text=Pump&size=20 --
{"objects":[{"downloads":{"monthly":1},"dependents":1,"package":{"name":"pump"}}]}
-- registry.example/-/v1/search?text=none&size=20 --
{"objects":[],"total":0}
-- registry.example/-/v1/search?text=torn&size=20 --
{"objects":[{"downloads":{"monthly":1
-- registry.example/-/v1/search?text=page&size=20 --
<html>Sign in</html>
`

// counted writes a reach in one line.
func counted(r Reach) string {
	n := func(p *int) string {
		if p == nil {
			return "-"
		}
		return strconv.Itoa(*p)
	}
	return strings.TrimSpace(n(r.Downloads) + " " + n(r.Dependents) + " " + r.Source)
}

var atRegistry = []string{"npm_config_registry=https://registry.example/"}

func TestReach(t *testing.T) {
	t.Parallel()
	w := newWorld(searches)
	r := w.resolver(t, Config{Environ: atRegistry})
	for name, want := range map[string]string{
		"pump":      "415621 1038 registry.example",
		"valve":     "0 0 registry.example", // a counted nothing is a count
		"@acme/tap": "12 - registry.example",
		"old":       "- -", // a registry that does not count
		"other":     "- -", // one that counts something else
		"plain":     "- -",
		"Pump":      "- -", // names differ by their case
		"none":      "- -",
	} {
		q := npm(name, "1.0.0", "")
		got, gaps := r.Reach(t.Context(), []Query{q})
		reach, ok := got[q.PURL]
		if s := counted(reach); s != want || !ok || len(gaps) != 0 {
			t.Errorf("%s: %s (%v), want %s; gaps %+v", name, s, ok, want, gaps)
		}
		if day := r.fetch.now().UTC().Format("2006-01-02"); reach.known() && reach.On != day || !reach.known() && reach.On != "" {
			t.Errorf("%s: counted on %q", name, reach.On)
		}
	}
	for name, detail := range map[string]string{"torn": "registry.example: unexpected end of JSON input", "page": "registry.example: invalid character '<'"} {
		got, gaps := r.Reach(t.Context(), []Query{npm(name, "1.0.0", "")})
		if len(got) != 0 || len(gaps) != 1 || gaps[0].Kind != gap.NoReach || gaps[0].Count != 1 || !strings.HasPrefix(gaps[0].Detail, detail) {
			t.Errorf("%s: %v, gaps %+v", name, got, gaps)
		}
	}
}

// Versions of a package are one question; what no registry counts is none.
func TestReachAsksOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(searches)
	r := w.resolver(t, Config{Environ: atRegistry})
	queries := []Query{npm("pump", "1.0.0", ""), npm("pump", "2.0.0", ""), gomod("github.com/acme/pump", "v1.0.0"), hint("pkg:pypi/pump@1"), hint("no purl")}
	plan := r.PlanReach(queries)
	got, gaps := r.Reach(t.Context(), queries)
	if len(got) != 5 || len(gaps) != 0 || got[queries[0].PURL].Downloads == nil || got[queries[1].PURL].Downloads == nil || got[queries[2].PURL].known() {
		t.Errorf("%v, gaps %+v", got, gaps)
	}
	if diff := cmp.Diff([]string{"registry.example/-/v1/search?text=pump&size=20"}, w.sent()); diff != "" {
		t.Errorf("sent (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]int{"registry.example": 1}, plan); diff != "" {
		t.Errorf("plan (-want +got):\n%s", diff)
	}
}

// A lockfile that names the registry of a package is believed: no other hears of it, unless the user set one for all.
func TestReachKeepsPrivateNames(t *testing.T) {
	t.Parallel()
	w := newWorld("")
	r := w.resolver(t, Config{Run: func(context.Context, string, ...string) (string, error) { return "https://registry.example/\n", nil }})
	r.Reach(t.Context(), []Query{npm("secret", "1.0.0", "https://npm.acme.example/secret/-/secret-1.0.0.tgz"), npm("pump", "1.0.0", "")})
	if diff := cmp.Diff([]string{"npm.acme.example/-/v1/search?text=secret&size=20", "registry.example/-/v1/search?text=pump&size=20"}, w.sent()); diff != "" {
		t.Errorf("sent (-want +got):\n%s", diff)
	}
	// Names that could lead elsewhere in the registry are not sent.
	for _, name := range []string{"..", "a/../b", "a b", "a&size=9"} {
		n := len(w.sent())
		if got, gaps := r.Reach(t.Context(), []Query{npm(name, "1.0.0", "")}); len(got) != 0 || len(gaps) != 1 || len(w.sent()) != n {
			t.Errorf("%q: %v, gaps %+v, %d requests", name, got, gaps, len(w.sent())-n)
		}
	}
}

// A login goes with the search as with every other request to the registry.
func TestReachLogsIn(t *testing.T) {
	t.Parallel()
	w := newWorld(searches)
	home := t.TempDir()
	write(t, home+"/.npmrc", "registry=https://registry.example/\n//registry.example/:_authToken=s3cret\n")
	r := w.resolver(t, Config{Environ: []string{"npm_config_userconfig=" + home + "/.npmrc"}})
	r.Reach(t.Context(), []Query{npm("pump", "1.0.0", "")})
	if got := w.auth["registry.example/-/v1/search?text=pump&size=20"]; got != "Bearer s3cret" {
		t.Errorf("Authorization: %q", got)
	}
}

// A registry without a search is asked once, whatever the number of packages, and knows nothing; that is no gap. With the
// answer kept, it is not asked at all.
func TestReachWithoutSearch(t *testing.T) {
	t.Parallel()
	var queries []Query
	for i := range 30 {
		queries = append(queries, npm(fmt.Sprintf("p%d", i), "1.0.0", ""))
	}
	for _, status := range []int{400, 404, 405, 410, 501} {
		w := newWorld("")
		w.hook["registry.example"] = func(out http.ResponseWriter, _ *http.Request) { out.WriteHeader(status) }
		c := Config{Environ: atRegistry, Cache: t.TempDir()}
		got, gaps := w.resolver(t, c).Reach(t.Context(), queries)
		if len(got) != 30 || got[queries[29].PURL].known() || len(gaps) != 0 || len(w.sent()) != 1 {
			t.Errorf("%d: %d answers, gaps %+v, %d requests", status, len(got), gaps, len(w.sent()))
		}
		if status != 404 {
			continue
		}
		again := w.resolver(t, c)
		if plan := again.PlanReach(queries); len(plan) != 0 {
			t.Errorf("plan %v", plan)
		}
		if again.Reach(t.Context(), queries); len(w.sent()) != 1 {
			t.Errorf("%d requests the second time", len(w.sent())-1)
		}
	}
}

// A registry that refuses is a gap, and what it refused is not known.
func TestReachRefused(t *testing.T) {
	t.Parallel()
	for status, detail := range map[int]string{401: "answers 401 Unauthorized", 503: "answers 503 Service Unavailable", 500: "answers 500 Internal Server Error"} {
		w := newWorld("")
		w.hook["registry.example"] = func(out http.ResponseWriter, _ *http.Request) { out.WriteHeader(status) }
		r := w.resolver(t, Config{Environ: atRegistry})
		got, gaps := r.Reach(t.Context(), []Query{npm("a", "1", ""), npm("b", "1", "")})
		want := []gap.Gap{{Stage: gap.Upstream, Kind: gap.NoReach, Detail: "registry.example " + detail, Count: 2}}
		if diff := cmp.Diff(want, gaps); diff != "" || len(got) != 0 {
			t.Errorf("%d: %v, gaps (-want +got):\n%s", status, got, diff)
		}
	}
}

// A second registry is asked where the first knows nothing, and what it says counts.
func TestReachAsksOn(t *testing.T) {
	t.Parallel()
	w := newWorld(strings.ReplaceAll(searches, "registry.example/", "late.example/"))
	w.hook["npm.acme.example"] = func(out http.ResponseWriter, _ *http.Request) {
		_, _ = out.Write([]byte(`{"objects":[{"package":{"name":"pump"}}]}`))
	}
	r := w.resolver(t, Config{Environ: []string{"npm_config_registry=https://late.example/"}})
	q := npm("pump", "1.0.0", "https://npm.acme.example/pump/-/pump-1.0.0.tgz")
	plan := r.PlanReach([]Query{q})
	got, gaps := r.Reach(t.Context(), []Query{q})
	if s := counted(got[q.PURL]); s != "415621 1038 late.example" || len(gaps) != 0 {
		t.Errorf("%s, gaps %+v", s, gaps)
	}
	if diff := cmp.Diff(map[string]int{"npm.acme.example": 1, "late.example": 1}, plan); diff != "" {
		t.Errorf("plan (-want +got):\n%s", diff)
	}
}

func TestReachOffline(t *testing.T) {
	t.Parallel()
	w := newWorld(searches)
	c := Config{Environ: atRegistry, Cache: t.TempDir(), Offline: true}
	queries := []Query{npm("pump", "1.0.0", ""), npm("valve", "1.0.0", ""), gomod("github.com/acme/pump", "v1.0.0")}
	r := w.resolver(t, c)
	got, gaps := r.Reach(t.Context(), queries)
	if len(got) != 1 || len(gaps) != 1 || gaps[0].Kind != gap.NoReach || gaps[0].Count != 2 || len(r.PlanReach(queries)) != 0 {
		t.Errorf("%v, gaps %+v, plan %v", got, gaps, r.PlanReach(queries))
	}
	if n := len(w.sent()); n != 0 {
		t.Fatalf("%d requests were sent: %s", n, w.sent())
	}
	// What was kept online counts offline, as of the day on which it was said.
	c.Offline = false
	online, _ := w.resolver(t, c).Reach(t.Context(), queries)
	if plan := w.resolver(t, c).PlanReach(queries); len(w.sent()) != 2 || len(plan) != 0 {
		t.Fatalf("%d requests online; plan with all kept %v", len(w.sent()), plan)
	}
	c.Offline = true
	again, gaps := w.resolver(t, c).Reach(t.Context(), queries)
	if diff := cmp.Diff(online, again); diff != "" || len(gaps) != 0 || len(w.sent()) != 2 {
		t.Errorf("offline after online: %s\ngaps %+v, %d requests", diff, gaps, len(w.sent()))
	}
}

func TestReachContextEnds(t *testing.T) {
	t.Parallel()
	w := newWorld(searches)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	got, gaps := w.resolver(t, Config{Environ: atRegistry}).Reach(ctx, []Query{npm("pump", "1.0.0", ""), gomod("github.com/acme/pump", "v1")})
	if len(got) != 1 || len(gaps) != 1 || gaps[0].Detail != context.Canceled.Error() || len(w.sent()) != 0 {
		t.Errorf("%v, gaps %+v, sent %s", got, gaps, w.sent())
	}
}

// However many packages there are, a run asks about so many, and so many side by side.
func TestReachIsBounded(t *testing.T) {
	t.Parallel()
	w := newWorld("")
	var mu sync.Mutex
	now, most := 0, 0
	w.hook["registry.example"] = func(out http.ResponseWriter, r *http.Request) {
		mu.Lock()
		now++
		most = max(most, now)
		mu.Unlock()
		name := r.URL.Query().Get("text")
		_, _ = fmt.Fprintf(out, `{"objects":[{"package":{"name":%q},"downloads":{"monthly":3},"dependents":"2"}]}`, name)
		mu.Lock()
		now--
		mu.Unlock()
	}
	var queries []Query
	for i := range ReachPerRun + 13 {
		queries = append(queries, npm(fmt.Sprintf("p%d", i), "1.0.0", ""))
	}
	r := w.resolver(t, Config{Environ: atRegistry})
	plan := r.PlanReach(queries)
	got, gaps := r.Reach(t.Context(), queries)
	if len(got) != ReachPerRun || len(w.sent()) != ReachPerRun || most > reachParallel || plan["registry.example"] != ReachPerRun {
		t.Errorf("%d answers of %d requests, %d at once, planned %v", len(got), len(w.sent()), most, plan)
	}
	if len(gaps) != 1 || gaps[0].Count != 13 || !strings.Contains(gaps[0].Detail, strconv.Itoa(ReachPerRun)) {
		t.Errorf("gaps %+v", gaps)
	}
}

func TestCounted(t *testing.T) {
	t.Parallel()
	many := func(prefix string, n int) []Query {
		var all []Query
		for i := range n {
			all = append(all, npm(fmt.Sprintf("%s%d", prefix, i), "1.0.0", ""))
		}
		return all
	}
	upstreams := [][]Query{
		{gomod("github.com/acme/pump", "v1.0.0"), npm("b", "2.0.0", ""), npm("a", "1.0.0", ""), npm("b", "1.0.0", "")},
		many("x", 9),
		nil,
		{gomod("github.com/acme/valve", "v1.0.0")},
	}
	for i := range 8 {
		upstreams = append(upstreams, many(fmt.Sprint("y", i), 5))
	}
	upstreams = append(upstreams, many("z", 5), many("w", 3)) // z is too large for the three that are left
	var got []string
	total := 0
	for _, chosen := range Counted(upstreams) {
		var names []string
		for _, q := range chosen {
			names = append(names, q.Name+"@"+q.Version)
		}
		total += len(chosen)
		got = append(got, strings.Join(names, " "))
	}
	if total != ReachPerRun || len(got) != len(upstreams) {
		t.Errorf("%d packages of %d upstreams", total, len(got))
	}
	for i, want := range map[int]string{
		0: "b@2.0.0 a@1.0.0", 1: "x0@1.0.0 x1@1.0.0 x2@1.0.0 x3@1.0.0 x4@1.0.0", 2: "", 3: "", 11: "y70@1.0.0 y71@1.0.0 y72@1.0.0 y73@1.0.0 y74@1.0.0",
		12: "", 13: "w0@1.0.0 w1@1.0.0 w2@1.0.0",
	} {
		if got[i] != want {
			t.Errorf("upstream %d: %q, want %q", i, got[i], want)
		}
	}
}

func TestTogether(t *testing.T) {
	t.Parallel()
	n := func(i int) *int { return &i }
	a, b, c := npm("a", "1", ""), npm("b", "1", ""), npm("c", "1", "")
	found := map[string]Reach{
		a.PURL: {Downloads: n(100), Dependents: n(7), Source: "registry.example", On: "2025-06-15"},
		b.PURL: {Downloads: n(20), Dependents: n(9), Source: "registry.example", On: "2025-06-14"},
		c.PURL: {},
	}
	for _, c := range []struct {
		chosen   []Query
		want, on string
	}{
		{[]Query{a, b}, "120 9 registry.example", "2025-06-14"},
		{[]Query{c, a}, "100 7 registry.example", "2025-06-15"},
		{[]Query{c}, "- -", ""},
		{nil, "- -", ""},
		{[]Query{a, npm("missing", "1", "")}, "- -", ""},
	} {
		got := Together(found, c.chosen)
		if s := counted(got); s != c.want || got.On != c.on {
			t.Errorf("%v: %s on %q, want %s on %q", c.chosen, s, got.On, c.want, c.on)
		}
	}
	huge := map[string]Reach{a.PURL: {Downloads: n(int(^uint(0) >> 1))}, b.PURL: {Downloads: n(5)}}
	if got := Together(huge, []Query{a, b}); *got.Downloads != int(^uint(0)>>1) {
		t.Errorf("the sum ran over: %d", *got.Downloads)
	}
	if *found[a.PURL].Downloads != 100 || *found[a.PURL].Dependents != 7 {
		t.Error("what was found has changed")
	}
}

func FuzzNPMSearch(f *testing.F) {
	for name, body := range newWorld(searches).files {
		f.Add([]byte(body), strings.TrimSuffix(strings.TrimPrefix(name, "registry.example/-/v1/search?text="), "&size=20"))
	}
	f.Add([]byte(`{"objects":[{"downloads":{"monthly":"99999999999999999999"},"dependents":"","package":{"name":"x"}}]}`), "x")
	f.Fuzz(func(t *testing.T, body []byte, name string) {
		got, err := readNPMSearch(body, name)
		if err != nil && got.known() {
			t.Errorf("counts and an error: %v", err)
		}
		if got.Downloads != nil && *got.Downloads < 0 || got.Dependents != nil && *got.Dependents < 0 {
			t.Errorf("negative: %s", counted(got))
		}
		if got.known() && !json.Valid(body) {
			t.Error("counts out of what is no JSON")
		}
	})
}
