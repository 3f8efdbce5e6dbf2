package vitals

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mainstay-oss/mainstay/internal/history"
)

func TestWindowsAreOpenOnTheLeft(t *testing.T) {
	t.Parallel()
	v := At(world(`
		commit 635 ann@x // first second outside: 1000-365
		commit 635+1 ann@x
		commit 909 ann@x // outside the 91 days
		commit 909+1 bob@x
		commit 1000 bob@x // the last moment counts
		commit 1000+1 cho@x // one second later does not
		commit 950 bob@x merge // no merge
		commit 950 bot@x // no bot
		tag 635 v1
		tag 635+1 v2
		tag 1000 v3
		tag 1000+1 v4
		pull 635 ann@x
		pull 635+1 ann@x
		pull 1000 bot@x // heads of bots count
		pull 1000+1 ann@x
		commit 635 bot@x #1
		commit 635+1 bot@x #2 // whoever made it
		commit 700 ann@x merge #2 // named twice, merged once
		commit 1000 bot@x #3
		commit 1000+1 bot@x #4
	`), on(1000))
	want := Vitals{
		Commits12m: 4, Commits3m: 2, Contributors12m: 2, ContributorAbsenceFactor: ptr(1), TopShare: ptr(0.5), SecondShare: ptr(0.5),
		Newcomers12m: 1, DepartedShare: ptr(0.0), DaysSinceCommit: ptr(0), Releases12m: 2, DaysSinceRelease: ptr(0),
		PullsOpened12m: ptr(2), PullsMerged12m: 2, FirstCommit: on(635), LastCommit: on(1000), Busiest: 2, // the bot is person 1
	}
	want.Months[11] = 1 // 1000-365 is the last moment of the stretch before the year
	want.Months[12] = 1
	want.Months[21] = 2 // from 91.25 to 60.83 days ago
	want.Months[23] = 1
	if diff := cmp.Diff(want, v); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func ptr[T any](v T) *T { return &v }

func TestWhatCannotBeComputedIsNil(t *testing.T) {
	t.Parallel()
	for name, h := range map[string]*history.History{
		"empty":     {},
		"only bots": world("commit 10 bot@x\ncommit 20 bot@x merge"),
		"to come":   world("commit 2000 ann@x\ntag 2000 v1"),
	} {
		h.PullsKnown = false
		if diff := cmp.Diff(Vitals{Busiest: -1}, At(h, on(1000))); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", name, diff)
		}
	}
}

func TestAbsenceFactor(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		shares []int
		want   int
	}{
		{[]int{1000, 202, 90, 33, 332, 343, 42, 433}, 2},
		{[]int{1}, 1},
		{[]int{5, 5}, 1}, // half is reached
		{[]int{4, 3, 3}, 2},
		{[]int{1, 1, 1, 1, 1}, 3},
	} {
		slices.SortFunc(c.shares, func(a, b int) int { return b - a })
		if got := absence(c.shares); got == nil || *got != c.want {
			t.Errorf("%v: %v, want %d", c.shares, got, c.want)
		}
	}
	if absence(nil) != nil {
		t.Error("nobody has an absence factor")
	}
}

func TestElephantFactor(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, world string
		want        *int
	}{
		{"one organisation under two domains", "commit 900 a@ibm.com x3\ncommit 900 b@us.ibm.com x3\ncommit 900 c@redhat.com x5", ptr(1)},
		{"two organisations", "commit 900 a@ibm.com x4\ncommit 900 b@redhat.com x3\ncommit 900 c@suse.com x3", ptr(2)},
		{"just enough attributed", "commit 900 a@ibm.com x6\ncommit 900 b@freemail x4", ptr(1)},
		{"too little attributed", "commit 900 a@ibm.com x599\ncommit 900 b@freemail x401", nil},
		{"a community is no employer", "commit 900 a@apache.org x9\ncommit 900 b@ibm.com", nil},
	} {
		if diff := cmp.Diff(c.want, At(world(c.world), on(1000)).ElephantFactor); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", c.name, diff)
		}
	}
	// coreos.com spoke for CoreOS until 2018-01-30, 701 days before day 0.
	h := world("commit 1 a@coreos.com x9")
	for i := range h.Commits {
		h.Commits[i].Committed = on(-701) - 1 + int64(i/5) // five before, four after
	}
	if got := At(h, on(-701)+1).ElephantFactor; got != nil {
		t.Errorf("5 of 9 commits are attributed, elephant factor %d", *got)
	}
	if got := At(h, on(-701)-1).ElephantFactor; got == nil || *got != 1 {
		t.Errorf("5 of 5 commits are attributed, elephant factor %v", got)
	}
}

func TestDepartedShare(t *testing.T) {
	t.Parallel()
	v := At(world(`
		commit 270 old@x x9 // too old: 1000-730
		commit 270+1 gone@x x3
		commit 817 gone@x // 1000-183: still in the past
		commit 500 stays@x x4
		commit 817+1 stays@x // the recent half-year
	`), on(1000))
	if diff := cmp.Diff(ptr(0.5), v.DepartedShare); diff != "" {
		t.Error(diff)
	}
}

func TestNewcomersKeepTheirPast(t *testing.T) {
	t.Parallel()
	h := world("commit 100 ann@x\ncommit 900 ann@y\ncommit 900 bob@x\ncommit 100 bot@z\ncommit 900 eve@x merge")
	if v := At(h, on(1000)); v.Contributors12m != 2 || v.Newcomers12m != 1 {
		t.Errorf("%d of %d are new; Ann worked before under another address", v.Newcomers12m, v.Contributors12m)
	}
}

func TestBusiestAmongEquals(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, world, want string }{
		{"most", "commit 900 ann@x x3\ncommit 950 bob@x x2", "ann"},
		{"the later last commit", "commit 900 ann@x x2\ncommit 800 bob@x\ncommit 950 bob@x", "bob"},
		{"then the earlier first", "commit 900 ann@x x2\ncommit 900 bob@x x2\ncommit 100 bob@x", "bob"},
	} {
		m := NewMeter(world(c.world))
		v, list := m.At(on(1000)), m.People(on(1000))
		if got := m.h.Identities[list[0].Identity].Name; got != c.want || list[0].Person != v.Busiest {
			t.Errorf("%s: %s, want %s; person %d in the list, %d in the vitals", c.name, got, c.want, list[0].Person, v.Busiest)
		}
	}
}

func TestPeople(t *testing.T) {
	t.Parallel()
	m := NewMeter(world(`
		commit 100 ann@x
		commit 700 ann@x x2
		commit 800 ann@y x2
		commit 950 ann@z
		commit 990 bob@x
	`))
	want := []Contributor{
		{Person: 0, Identity: 1, Commits12m: 5, Commits3m: 1, Share: 5.0 / 6, First: on(100), Last: on(950)},
		{Person: 1, Identity: 3, Commits12m: 1, Commits3m: 1, Share: 1.0 / 6, First: on(990), Last: on(990)},
	}
	if diff := cmp.Diff(want, m.People(on(1000))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got := m.People(on(50)); got != nil {
		t.Errorf("people before the first commit: %v", got)
	}
}

func TestAsOf(t *testing.T) {
	t.Parallel()
	h := &history.History{ObservedUntil: time.Date(2024, 5, 6, 7, 8, 9, 0, time.FixedZone("", 9*3600))}
	for _, c := range []struct {
		asked time.Time
		want  string
	}{
		{time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC), "2024-05-01"},
		{time.Date(2024, 5, 7, 0, 0, 0, 0, time.UTC), "2024-05-05"}, // 07:08 in Seoul is the day before in UTC
		{time.Date(2024, 5, 5, 0, 0, 0, 0, time.UTC), "2024-05-05"},
	} {
		if got := AsOf(h, c.asked).Format(time.DateTime); got != c.want+" 00:00:00" {
			t.Errorf("asked for %v: %s, want %s", c.asked, got, c.want)
		}
	}
}

// everything is what a Meter says of a date.
func everything(m *Meter, at int64) string {
	state, kind := m.State(at, nil)
	return fmt.Sprint(cmp.Diff(Vitals{}, m.At(at)), cmp.Diff(Load{}, m.Load(at)), cmp.Diff(WayIn{}, m.WayIn(at)), m.OpenPulls(at, 9), m.People(at), state, kind)
}

func TestNothingAfterTheDateMatters(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 6))
	for round := range 300 {
		h := randomWorld(r)
		at := on(100 + r.Int64N(1300))
		want := everything(NewMeter(h), at)

		// The future is cut off, made anew by others, and moved about.
		other := *h
		keep := 0
		for keep < len(h.Commits) && h.Commits[keep].Committed <= at {
			keep++
		}
		other.Commits = slices.Clone(h.Commits[:keep])
		other.Identities = append(slices.Clone(h.Identities), history.Identity{Name: "Ann", Email: "u1@ibm.com"}, history.Identity{Name: "Bob", Email: "u1@ibm.com"})
		for range r.IntN(200) {
			other.Commits = append(other.Commits, history.Commit{
				Committed: at + 1 + r.Int64N(900*Day), Author: int32(r.IntN(len(other.Identities))), Pull: int32(r.IntN(9)),
			})
		}
		other.Tags = append(slices.Clone(h.Tags), history.Tag{Created: at + 1})
		other.Pulls = slices.Clone(h.Pulls)
		for i := range other.Pulls {
			if other.Pulls[i].Authored > at {
				other.Pulls[i].Authored = at + 1 + r.Int64N(900*Day)
				other.Pulls[i].Author = int32(r.IntN(len(other.Identities)))
			}
		}
		other.Aliases = []history.Alias{{Email: h.Identities[0].Email, OldEmail: h.Identities[1].Email}}
		inOrder(&other)

		if diff := cmp.Diff(want, everything(NewMeter(&other), at)); diff != "" {
			t.Fatalf("round %d: the future changed the past (-before +after)\n%s", round, diff)
		}
	}
}

func TestOrderOfEqualTimesDoesNotMatter(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(7, 8))
	for round := range 300 {
		h := randomWorld(r)
		other := *h
		other.Commits = slices.Clone(h.Commits)
		r.Shuffle(len(other.Commits), func(i, j int) { other.Commits[i], other.Commits[j] = other.Commits[j], other.Commits[i] })
		inOrder(&other)
		a, b := NewMeter(h), NewMeter(&other)
		for _, d := range []int64{300, 700, 1100, 1500} {
			x, y := a.At(on(d)), b.At(on(d))
			if diff := cmp.Diff(x, y); diff != "" {
				t.Fatalf("round %d: (-one order +another)\n%s", round, diff)
			}
			if diff := cmp.Diff(a.Outcome(on(d), nil), b.Outcome(on(d), nil)); diff != "" {
				t.Fatalf("round %d: outcome (-one order +another)\n%s", round, diff)
			}
		}
	}
}

func TestSeriesAgreesWithSingleDates(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(9, 10))
	for range 50 {
		h := randomWorld(r)
		dates := []int64{on(400), on(491), on(1600), on(200), on(900), on(900)}
		series := Series(h, dates)
		for i, d := range dates {
			if diff := cmp.Diff(At(h, d), series[i]); diff != "" {
				t.Fatalf("(-alone +in a series)\n%s", diff)
			}
		}
	}
}

func TestMeasuresStayInTheirRange(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(11, 12))
	active := 0
	for round := range 400 {
		h := randomWorld(r)
		at := on(r.Int64N(1700))
		m := NewMeter(h)
		v := m.At(at)
		fail := func(what string) { t.Fatalf("round %d: %s in %+v", round, what, v) }

		sum, lastYear := 0, 0
		for i, n := range v.Months {
			sum += n
			if i >= 12 {
				lastYear += n
			}
		}
		if lastYear != v.Commits12m || sum < lastYear || v.Commits3m > v.Commits12m {
			fail("months")
		}
		if v.Contributors12m > v.Commits12m || v.Newcomers12m > v.Contributors12m || v.Newcomers12m < 0 {
			fail("contributors")
		}
		if v.DepartedShare != nil && (*v.DepartedShare < 0 || *v.DepartedShare > 1) {
			fail("departed share")
		}
		if v.ElephantFactor != nil && *v.ElephantFactor < 1 {
			fail("elephant factor")
		}
		if (v.Commits12m == 0) != (v.TopShare == nil) || (v.TopShare == nil) != (v.ContributorAbsenceFactor == nil) {
			fail("null rules")
		}
		if v.Commits12m == 0 {
			continue
		}
		active++
		if *v.TopShare <= 0 || *v.TopShare > 1 || *v.SecondShare > *v.TopShare || *v.TopShare+*v.SecondShare > 1+1e-12 {
			fail("shares")
		}
		if f := *v.ContributorAbsenceFactor; f < 1 || f > v.Contributors12m || (f == 1) != (*v.TopShare >= 0.5) {
			fail("absence factor")
		}
		people := m.People(at)
		commits, share := 0, 0.0
		for _, p := range people {
			commits += p.Commits12m
			share += p.Share
			if p.First > p.Last || p.Last > at || p.Last <= at-Year || h.Identities[p.Identity].Bot {
				fail(fmt.Sprintf("person %+v", p))
			}
		}
		if len(people) != v.Contributors12m || commits != v.Commits12m || share < 1-1e-9 || share > 1+1e-9 || people[0].Person != v.Busiest {
			fail("people")
		}
	}
	if active < 100 {
		t.Errorf("only %d rounds had commits", active)
	}
}

func TestJoiningNeverRaisesContributors(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(13, 14))
	for range 300 {
		h := randomWorld(r)
		at := on(1600) // the day of observation, on which .mailmap is evidence
		before := At(h, at)
		i, j := r.IntN(len(h.Identities)), r.IntN(len(h.Identities))
		h.Aliases = []history.Alias{{Name: h.Identities[i].Name, Email: h.Identities[i].Email, OldEmail: h.Identities[j].Email}}
		after := At(h, at)
		if after.Contributors12m > before.Contributors12m || after.Newcomers12m > before.Newcomers12m {
			t.Fatalf("%d contributors, %d after joining two", before.Contributors12m, after.Contributors12m)
		}
		if before.TopShare != nil && (*after.TopShare < *before.TopShare || *after.ContributorAbsenceFactor > *before.ContributorAbsenceFactor) {
			t.Fatal("joining spread the work")
		}
	}
}
