package report

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// told writes changes down, a line each.
func told(c *Changes) (all []string) {
	or := func(s *string) string {
		if s == nil {
			return "-"
		}
		return *s
	}
	for _, u := range c.Upstreams {
		all = append(all, fmt.Sprintln(u.Upstream, u.Kind, or(u.Before)+"→"+or(u.After), u.Direction, u.Doubt))
	}
	for _, n := range c.Packages {
		all = append(all, fmt.Sprintln(n.Kind, n.PURL, or(n.Before)+"→"+or(n.After), n.Direct, n.Doubt))
	}
	for _, g := range c.Gaps {
		all = append(all, fmt.Sprintln(g.Kind, g.Stage, g.Gap, g.File, g.What))
	}
	for i, s := range all {
		all[i] = strings.Join(strings.Fields(strings.ReplaceAll(s, hostile, "HOSTILE")), " ")
	}
	return append(all, c.Caveats...)
}

// TestCompare: every kind of change, in the order in which they are told.
func TestCompare(t *testing.T) {
	t.Parallel()
	want := []string{
		"github.com/gorilla/mux state active→ended worse notice", // it was archived in 2022
		"github.com/example/old notice -→deprecated worse notice",
		"github.com/kubernetes/ingress-nginx band watch→severe worse",
		"github.com/mattn/go-runewidth band calm→high worse source",
		"github.com/pkg/errors state active→quiet worse",
		"github.com/spf13/pflag rank 19→7 worse",
		"github.com/example/HOSTILE new -→active",
		"go.googlesource.com/text new -→active",
		"git.example.org/lost/one state active→unknown source",
		"github.com/example/silent state unknown→quiet source",
		"github.com/example/removed gone quiet→-",
		"notice pkg:npm/%40acme/valve@2.0.1 -→deprecated true",
		"notice pkg:pypi/pump@1.0.0 -→HOSTILE false",
		"notice pkg:pypi/pump@1.0.0 -→yanked false",
		"updated pkg:golang/github.com/gorilla/mux@v1.8.1 v1.8.0→v1.8.1 true",
		"new pkg:npm/%40acme/valve@2.0.1 -→2.0.1 true",
		"new pkg:npm/HOSTILE → false",
		"new pkg:pypi/pump@1.0.0 -→1.0.0 false",
		"gone pkg:npm/%40example/part-0@1.0.0 1.0.0→- false",
		"gone pkg:npm/%40example/part-1@1.1.0 1.1.0→- false",
		"gone pkg:npm/%40example/part-2@1.2.0 1.2.0→- false",
		"gone pkg:npm/%40example/part-3@1.3.0 1.3.0→- false",
		"gone pkg:npm/%40example/part-4@1.4.0 1.4.0→- false",
		"gone pkg:npm/%40example/part-5@1.5.0 1.5.0→- false",
		"gone pkg:npm/%40example/part-6@1.6.0 1.6.0→- true",
		"new inventory bad-purl HOSTILE HOSTILE",
		"new inventory truncated web/package-lock.json",
		"resolved resolution unresolved pkg:npm/private",
		"version", "source",
	}
	for i, s := range want {
		if strings.HasPrefix(s, "new pkg:npm/HOSTILE") {
			_, version := splitPURL("pkg:npm/" + hostile)
			want[i] = strings.Join(strings.Fields("new pkg:npm/HOSTILE -→"+version+" false"), " ")
		}
	}
	if diff := cmp.Diff(want, told(changed(languages[0]).Changes)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	since := changed(languages[0]).Changes.Since
	if diff := cmp.Diff(Since{Source: "store", AsOf: "2025-06-01", Ran: ptr("2025-06-02"), Version: "0.0.9"}, since); diff != "" {
		t.Errorf("since (-want +got):\n%s", diff)
	}
}

// TestCompareTheSame: nothing is new in what is the same, whatever the language, and then no caveat is of use.
func TestCompareTheSame(t *testing.T) {
	t.Parallel()
	a, b := scan(languages[0]), scan(languages[1])
	a.Tool.Version, a.AsOf = "0.0.9", "2025-06-01"
	slices.Reverse(a.Upstreams)
	slices.Reverse(a.Packages)
	slices.Reverse(a.Gaps)
	a.Gaps[0].Count++
	for i := range a.Gaps {
		if a.Gaps[i].File == "web/package-lock.json" {
			a.Gaps[i].Line = nil
		}
	}
	if c := Compare(a, b, Since{Source: "store"}); c.Count() != 0 || len(c.Caveats) != 0 {
		t.Errorf("%q", told(c))
	}
	if c := Compare(&Document{}, &Document{}, Since{}); c.Count() != 0 || len(c.Caveats) != 0 {
		t.Errorf("of nothing: %q", told(c))
	}
}

// TestCompareUpstream: of one upstream what weighs most is told, and where knowledge may have changed it is marked.
func TestCompareUpstream(t *testing.T) {
	t.Parallel()
	of := func(state, band string, rank int, source string, notices ...Notice) *Document {
		u := Upstream{ID: "github.com/acme/pump", State: state, Notices: notices}
		if band != "" {
			u.Outlook = &Outlook{Band: band}
		}
		if rank > 0 {
			u.Attention = &Attention{Rank: rank}
		}
		if source != "" {
			u.History = &History{Source: source}
		}
		return &Document{AsOf: "2025-06-01", Upstreams: []Upstream{u}}
	}
	archived := Notice{Kind: "archived", Date: "2025-06-10", Source: "x"}
	seeking := Notice{Kind: "seeking-maintainers", Date: "2025-05-01", Source: "x"}
	for _, c := range []struct {
		before, after *Document
		want          string
	}{
		{of("active", "calm", 5, "mirror"), of("ended", "", 1, "mirror", archived), "state active→ended worse"},
		{of("active", "calm", 5, "mirror"), of("ended", "", 1, "", archived), "state active→ended worse source"},
		{of("ended", "", 1, "mirror", archived), of("active", "calm", 5, "mirror"), "state ended→active better"},
		{of("active", "calm", 5, "mirror"), of("active", "severe", 1, "cache", seeking), "notice -→seeking-maintainers worse notice"},
		{of("active", "calm", 5, "mirror", seeking), of("active", "watch", 1, "mirror", seeking), "band calm→watch worse"},
		{of("active", "severe", 1, "cache"), of("active", "watch", 2, "network"), "band severe→watch better"}, // the cache holds what the network gave
		{of("active", "severe", 1, "cache"), of("active", "unsure", 2, "cache"), "band severe→unsure"},
		{of("active", "", 1, "cache"), of("active", "calm", 2, "cache"), "band →calm"},
		{of("unknown", "", 0, ""), of("active", "calm", 12, "network"), "state unknown→active source"},
		{of("quiet", "", 12, "cache"), of("active", "severe", 2, "cache"), "state quiet→active better"},
		{of("active", "calm", 12, "cache"), of("active", "calm", 10, "cache"), ""},
		{of("active", "calm", 13, "cache"), of("active", "calm", 10, "cache"), "rank 13→10 worse"},
		{of("active", "calm", 10, "cache"), of("active", "calm", 13, "cache"), "rank 10→13 better"},
		{of("active", "calm", 9, "cache"), of("active", "calm", 1, "cache"), ""},
		{of("active", "calm", 0, "cache"), of("active", "calm", 1, "cache"), ""},
	} {
		got := told(Compare(c.before, c.after, Since{}))
		var want []string
		if c.want != "" {
			want = []string{"github.com/acme/pump " + c.want}
			if strings.HasSuffix(c.want, " source") || strings.HasSuffix(c.want, " notice") {
				want = append(want, "source")
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.want, diff)
		}
	}
}

func TestComparePackages(t *testing.T) {
	t.Parallel()
	of := func(purls ...string) (all []Package) {
		for _, p := range purls {
			all = append(all, Package{PURL: p})
		}
		return all
	}
	said := func(purl string, asked bool, kind, date string) []Package {
		p := Package{PURL: purl, Notices: []Notice{{Kind: kind, Date: date, Source: "registry.example"}}}
		if asked {
			p.Registry = &Registry{}
		}
		return []Package{p}
	}
	for _, c := range []struct {
		before, after []Package
		want          []string
	}{
		{of("pkg:npm/a@1"), of("pkg:npm/a@1"), nil},
		{of("pkg:npm/a@1"), of("pkg:npm/a@2"), []string{"updated pkg:npm/a@2 1→2 false"}},
		{of("pkg:npm/a@1", "pkg:npm/a@2"), of("pkg:npm/a@2", "pkg:npm/a@3"), []string{"updated pkg:npm/a@3 1→3 false"}},
		{of("pkg:npm/a@1"), of("pkg:npm/a@1", "pkg:npm/a@2"), []string{"new pkg:npm/a@2 -→2 false"}},
		{of("pkg:npm/a@1", "pkg:npm/a@2"), of("pkg:npm/a@3"), []string{"updated pkg:npm/a@3 1→3 false", "gone pkg:npm/a@2 2→- false"}},
		{of("pkg:npm/%40a/b@1"), of("pkg:npm/%40c/b@1"), []string{"new pkg:npm/%40c/b@1 -→1 false", "gone pkg:npm/%40a/b@1 1→- false"}},
		{of("pkg:deb/debian/curl@7.50?arch=i386"), of("pkg:deb/debian/curl@7.51?arch=i386"), []string{"updated pkg:deb/debian/curl@7.51?arch=i386 7.50→7.51 false"}},
		{of("pkg:deb/debian/curl@7.50?arch=i386"), of("pkg:deb/debian/curl@7.50?arch=amd64"), []string{"new pkg:deb/debian/curl@7.50?arch=amd64 -→7.50 false", "gone pkg:deb/debian/curl@7.50?arch=i386 7.50→- false"}},
		{of("pkg:golang/example.com/m@v1#cmd/x"), of("pkg:golang/example.com/m@v2#cmd/x"), []string{"updated pkg:golang/example.com/m@v2#cmd/x v1→v2 false"}},
		{of("pkg:npm/a"), of("pkg:npm/a@1"), []string{"updated pkg:npm/a@1 →1 false"}},
		{of("pkg:npm/a@1", "pkg:npm/a@1"), of(), []string{"gone pkg:npm/a@1 1→- false"}},
		{of("pkg:npm/a@1"), said("pkg:npm/a@1", true, "deprecated", "2025-06-02"), []string{"notice pkg:npm/a@1 -→deprecated false source"}},
		{of("pkg:npm/a@1"), said("pkg:npm/a@1", false, "deprecated", "2025-06-02"), []string{"notice pkg:npm/a@1 -→deprecated false"}},
		{of("pkg:npm/a@1"), said("pkg:npm/a@1", true, "deprecated", "2025-06-01"), []string{"notice pkg:npm/a@1 -→deprecated false notice"}},
		{of("pkg:npm/b@1"), append(of("pkg:npm/b@1"), said("pkg:npm/a@1", true, "deprecated", "2024-06-01")...), []string{"notice pkg:npm/a@1 -→deprecated false", "new pkg:npm/a@1 -→1 false"}},
		{said("pkg:npm/a@1", true, "deprecated", "2024-06-01"), said("pkg:npm/a@2", true, "deprecated", "2024-06-01"), []string{"updated pkg:npm/a@2 1→2 false"}},
		{said("pkg:npm/a@1", true, "yanked", "2024-06-01"), said("pkg:npm/a@2", true, "yanked", "2024-06-01"), []string{"notice pkg:npm/a@2 -→yanked false", "updated pkg:npm/a@2 1→2 false"}},
		{said("pkg:npm/a@1", true, "yanked", "2024-06-01"), said("pkg:npm/a@1", true, "yanked", "2024-07-01"), nil},
		{said("pkg:npm/a@1", true, "yanked", "2024-06-01"), of("pkg:npm/a@1"), nil},
		{of("pkg:npm/@a/b@1"), of("pkg:npm/@a/b@2"), []string{"updated pkg:npm/@a/b@2 1→2 false"}},
	} {
		if diff := cmp.Diff(c.want, told(&Changes{Packages: comparePackages(&Document{AsOf: "2025-06-01", Packages: c.before}, &Document{Packages: c.after})})); diff != "" {
			t.Errorf("%+v → %+v (-want +got):\n%s", c.before, c.after, diff)
		}
	}
}

// TestCompareBothWays: what is new one way is gone the other, whatever the order of the rows.
func TestCompareBothWays(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 2))
	random := func() *Document {
		doc := &Document{AsOf: "2025-06-01"}
		for i := range 12 {
			if rng.IntN(3) > 0 {
				doc.Packages = append(doc.Packages, Package{PURL: fmt.Sprintf("pkg:npm/p%d@%d", i%7, rng.IntN(3)*7+i)})
			}
			if rng.IntN(3) > 0 {
				doc.Upstreams = append(doc.Upstreams, Upstream{ID: fmt.Sprint("github.com/acme/", i), State: []string{"active", "quiet", "ended", "unknown"}[rng.IntN(4)]})
			}
			if rng.IntN(3) == 0 {
				doc.Gaps = append(doc.Gaps, Gap{Kind: "offline", What: fmt.Sprint(i)})
			}
		}
		return doc
	}
	count := func(c *Changes) map[string]int {
		n := map[string]int{}
		for _, u := range c.Upstreams {
			n[u.Kind]++
			n[u.Direction]++
		}
		for _, p := range c.Packages {
			n["package "+p.Kind]++
		}
		for _, g := range c.Gaps {
			n["gap "+g.Kind]++
		}
		return n
	}
	for range 300 {
		a, b := random(), random()
		there := Compare(a, b, Since{})
		shuffled := *b
		shuffled.Upstreams, shuffled.Packages, shuffled.Gaps = slices.Clone(b.Upstreams), slices.Clone(b.Packages), slices.Clone(b.Gaps)
		rng.Shuffle(len(b.Upstreams), func(i, j int) {
			shuffled.Upstreams[i], shuffled.Upstreams[j] = shuffled.Upstreams[j], shuffled.Upstreams[i]
		})
		rng.Shuffle(len(b.Packages), func(i, j int) {
			shuffled.Packages[i], shuffled.Packages[j] = shuffled.Packages[j], shuffled.Packages[i]
		})
		if diff := cmp.Diff(there, Compare(a, &shuffled, Since{})); diff != "" {
			t.Fatalf("the order of the rows matters:\n%s", diff)
		}
		m, n := count(there), count(Compare(b, a, Since{}))
		for one, other := range map[string]string{"new": "gone", "state": "state", "worse": "better", "package new": "package gone", "package updated": "package updated", "gap new": "gap resolved"} {
			if m[one] != n[other] || m[other] != n[one] {
				t.Fatalf("%s %d and %d, %s %d and %d", one, m[one], n[one], other, m[other], n[other])
			}
		}
	}
}
