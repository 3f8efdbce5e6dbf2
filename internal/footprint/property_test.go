package footprint

import (
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mainstay-oss/mainstay/internal/history"
	"github.com/mainstay-oss/mainstay/internal/need"
	"github.com/mainstay-oss/mainstay/internal/people"
	"github.com/mainstay-oss/mainstay/internal/vitals"
)

// TestIntervals: ends in order, ranks in their range, and what is somebody's, nobody's and open makes the whole.
func TestIntervals(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	asked := [][]string{{"acme"}, {"bolt"}, {"core"}, {"dust"}, {"u", "unknown"}, {"noreply"}}
	ranked := 0
	for round := range 200 {
		h := randomWorld(r, "host/o/n")
		u := upstreamOf(h, nil)
		at := date("2022-07-01") + r.Int64N(600)*vitals.Day
		m := Measure(u, asked, at)
		alone := map[string]int{} // by period
		for i := range h.Commits {
			if c := &h.Commits[i]; h.Human(c) && c.Committed <= at && u.Claims.Commit(i).Known() && u.Claims.Commit(i).Organisation < 0 {
				for _, p := range m.Standings[0].all() {
					if p.Name == "12m" && c.Committed > p.From || p.Name != "12m" && c.Committed >= p.From && c.Committed < min(p.Until, at) {
						alone[p.Name]++
					}
				}
			}
		}
		lower := map[string]int{}
		for g := range asked {
			for _, p := range m.Standings[g].all() {
				lower[p.Name] += p.Commits
				if p.Share != nil && !(0 <= p.Share[0] && p.Share[0] <= p.Share[1] && p.Share[1] <= 1) || (p.Share == nil) != (p.CommitsAll == 0) {
					t.Errorf("round %d: %s", round, &p)
				}
				if n := p.RankRange; n != nil && (n[0] < 1 || n[0] > n[1]) {
					t.Errorf("round %d: %s", round, &p)
				}
				if p.Rank != nil {
					ranked++
					if *p.Rank < p.RankRange[0] || *p.Rank > p.RankRange[1] || *p.Rank > p.Organisations {
						t.Errorf("round %d: %s", round, &p)
					}
				}
				if p.People > p.PeopleAll || p.PeopleOpen > p.PeopleAll || p.FirstTimers > min(p.People, p.FirstTimersAll) ||
					p.Stayed != nil && (*p.Stayed > p.FirstTimers || *p.StayedAll > p.FirstTimersAll || *p.Stayed > *p.StayedAll) {
					t.Errorf("round %d: %s", round, &p)
				}
			}
		}
		for _, p := range m.Standings[0].all() {
			if lower[p.Name]+alone[p.Name] > p.CommitsAll || lower[p.Name]+alone[p.Name]+p.CommitsOpen != p.CommitsAll {
				t.Errorf("round %d, %s: %d and %d of nobody and %d open are not %d", round, p.Name, lower[p.Name], alone[p.Name], p.CommitsOpen, p.CommitsAll)
			}
		}
		sum := 0
		for _, q := range m.Standings[0].Quarters {
			sum += q.CommitsAll
		}
		for _, y := range m.Standings[0].Years {
			sum -= y.CommitsAll
		}
		if sum != 0 {
			t.Errorf("round %d: %d commits more in quarters than in years", round, sum)
		}
	}
	if ranked < 100 {
		t.Errorf("only %d ranks were looked at", ranked)
	}
}

// known are claims in which one person's open commits have become somebody's.
type known struct {
	Claims
	h       *history.History
	persons *people.Persons
	person  int32
	claim   people.Claim
}

func (k *known) Of(identity int32, at int64) people.Claim {
	if c := k.Claims.Of(identity, at); c.Known() || k.persons.Of(identity) != k.person {
		return c
	}
	return k.claim
}

func (k *known) Commit(i int) people.Claim {
	if c := k.Claims.Commit(i); c.Known() || k.persons.Of(k.h.Commits[i].Author) != k.person {
		return c
	}
	return k.claim
}

// TestKnowingMoreNeverWidens: for whomever an unknown person turns out to have worked, every interval and every range of
// ranks lies within what it was.
func TestKnowingMoreNeverWidens(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 6))
	asked := [][]string{{"acme", "bolt"}, {"bolt"}, {"core"}, {"zero"}}
	narrower := 0
	for round := range 150 {
		h := randomWorld(r, "host/o/n")
		at := date("2022-07-01") + r.Int64N(600)*vitals.Day
		u := upstreamOf(h, nil)
		persons := people.NewIndex(h).At(at)
		var unknown []int32
		for i := range h.Commits {
			if c := &h.Commits[i]; c.Committed <= at && h.Human(c) && !u.Claims.Commit(i).Known() {
				unknown = append(unknown, persons.Of(c.Author))
			}
		}
		if len(unknown) == 0 {
			continue
		}
		other := *u
		claim := people.Claim{Organisation: int32(r.IntN(len(u.Organisations)+1)) - 1, Evidence: people.FromList, Confidence: 0.5}
		other.Claims = &known{u.Claims, h, persons, unknown[r.IntN(len(unknown))], claim}
		// Together with a second upstream, on which others work, in all as well.
		elsewhere := randomWorld(r, "host/o/m")
		for i := range elsewhere.Identities {
			elsewhere.Identities[i].Email = fmt.Sprint("m", i, "@elsewhere")
		}
		second := Measure(upstreamOf(elsewhere, nil), asked, at)
		before, after := Measure(u, asked, at), Measure(&other, asked, at)
		for _, pair := range [][2]*Result{{before, after}, {Total([]*Result{before, second}, asked), Total([]*Result{after, second}, asked)}} {
			if pair[1].Attribution.Attributed < pair[0].Attribution.Attributed {
				t.Errorf("round %d: %s, then %s", round, &pair[0].Attribution, &pair[1].Attribution)
			}
			for g := range asked {
				was, is := pair[0].Standings[g].all(), pair[1].Standings[g].all()
				for i := range was {
					a, b := &was[i], &is[i]
					if a.Share != nil && (b.Share[0] < a.Share[0] || b.Share[1] > a.Share[1]) {
						t.Errorf("round %d: %s, then %s", round, a, b)
					}
					if b.RankRange != nil && (b.RankRange[0] < a.RankRange[0] || b.RankRange[1] > a.RankRange[1]) {
						t.Errorf("round %d: %s, then %s", round, a, b)
					}
					if a.Share != nil && b.Share[1]-b.Share[0] < a.Share[1]-a.Share[0] {
						narrower++
					}
				}
			}
		}
	}
	if narrower < 1000 {
		t.Errorf("only %d intervals got narrower", narrower)
	}
}

// TestInAllAddsUp: commits in all are the sum over upstreams; people are at most that.
func TestInAllAddsUp(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(7, 8))
	fewer := 0
	for round := range 60 {
		var results []*Result
		for i := range 2 + r.IntN(4) {
			results = append(results, Measure(upstreamOf(randomWorld(r, fmt.Sprint("host/o/", i)), nil), randomAsked, date("2022-07-01")))
		}
		total := Total(results, randomAsked)
		for g := range randomAsked {
			type sums struct{ commits, open, all, people, everybody int }
			var each = map[string]sums{}
			for _, m := range results {
				for _, p := range m.Standings[g].all() {
					s := each[p.Name]
					each[p.Name] = sums{s.commits + p.Commits, s.open + p.CommitsOpen, s.all + p.CommitsAll, s.people + p.People, s.everybody + p.PeopleAll}
				}
			}
			for _, p := range total.Standings[g].all() {
				s := each[p.Name]
				if p.Commits != s.commits || p.CommitsOpen != s.open || p.CommitsAll != s.all || p.People > s.people || p.PeopleAll > s.everybody {
					t.Errorf("round %d: %s, the sums are %+v", round, &p, s)
				}
				if p.PeopleAll < s.everybody {
					fewer++
				}
			}
		}
		attributed, commits := 0, 0
		for _, m := range results {
			attributed += m.Attribution.Attributed
			commits += m.Attribution.Commits
		}
		if total.Attribution.Attributed != attributed || total.Attribution.Commits != commits {
			t.Errorf("round %d: %s", round, &total.Attribution)
		}
	}
	if fewer == 0 {
		t.Error("nobody worked on two upstreams")
	}
}

// TestOrderOfEqualTimesDoesNotMatter, and neither does anything after the date.
func TestOrderOfEqualTimesDoesNotMatter(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(9, 10))
	for round := range 100 {
		h := randomWorld(r, "host/o/n")
		at := date("2019-07-01") + r.Int64N(1200)*vitals.Day
		other := *h
		other.Commits = slices.Clone(h.Commits)
		other.Pulls = slices.Clone(h.Pulls)
		for i := range other.Commits {
			if c := &other.Commits[i]; c.Committed > at {
				c.Committed += r.Int64N(500) * vitals.Day
				c.Author = int32(r.IntN(len(h.Identities)))
				c.Parents = 1
			}
		}
		for i := range other.Pulls {
			if p := &other.Pulls[i]; p.Authored > at {
				p.Author = int32(r.IntN(len(h.Identities)))
			}
		}
		r.Shuffle(len(other.Commits), func(i, j int) { other.Commits[i], other.Commits[j] = other.Commits[j], other.Commits[i] })
		slices.SortStableFunc(other.Commits, func(a, b history.Commit) int { return int(a.Committed - b.Committed) })
		confidence := map[string]float32{"acme": 0.1, "bolt": 0.7, "core": 0.9}
		want, got := Measure(upstreamOf(h, confidence), randomAsked, at), Measure(upstreamOf(&other, confidence), randomAsked, at)
		if !reflect.DeepEqual(want.Standings, got.Standings) || !reflect.DeepEqual(want.Attribution, got.Attribution) {
			t.Errorf("round %d: %v and %v", round, want.Standings, got.Standings)
		}
	}
}

// TestElephantIsThatOfTheVitals: where domains alone tell, attribution and vitals say the same.
func TestElephantIsThatOfTheVitals(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(11, 12))
	some := 0
	for round := range 300 {
		h := randomWorld(r, "host/o/n")
		for i := range h.Identities {
			id := &h.Identities[i]
			id.Domain = []string{"redhat.com", "ibm.com", "us.ibm.com", "deis.com", "apache.org", "google.com"}[r.IntN(6)]
		}
		at := date("2019-07-01") + r.Int64N(1200)*vitals.Day
		u := domainsAlone(h, at)
		m, v := Measure(u, nil, at), u.Meter.At(at)
		if maybe(m.Attribution.ElephantFactor) != maybe(v.ElephantFactor) || m.Attribution.Commits != v.Commits12m {
			t.Errorf("round %d: %s, in the vitals %s of %d", round, &m.Attribution, maybe(v.ElephantFactor), v.Commits12m)
		}
		if v.ElephantFactor != nil {
			some++
		}
	}
	if some < 100 {
		t.Errorf("only %d elephant factors", some)
	}
}

// TestSettlersAreTheFewest compares with every set of people.
func TestSettlersAreTheFewest(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(13, 14))
	for round := range 200 {
		var lines []string
		known := r.IntN(12)
		all := known
		for range known {
			lines = append(lines, "commit 2020-01-01 ann@acme")
		}
		var each []int
		for i := range r.IntN(8) {
			each = append(each, 1+r.IntN(6))
			all += each[i]
			lines = append(lines, fmt.Sprintf("commit 2020-01-0%d p%d@open x%d", i+1, i, each[i]))
		}
		if all == 0 {
			continue
		}
		fewest := math.MaxInt
		for set := range 1 << len(each) {
			n, reached := 0, known
			for i := range each {
				if set>>i&1 == 1 {
					n++
					reached += each[i]
				}
			}
			if float64(reached)/float64(all) >= 0.6 {
				fewest = min(fewest, n)
			}
		}
		m := Measure(upstreamOf(world("host/o/n", strings.Join(lines, "\n")), nil), nil, date("2020-07-01"))
		if n := m.Attribution.ToSettle; n == nil || *n != fewest || len(m.Attribution.People) != fewest {
			t.Errorf("round %d: %s, want %d", round, &m.Attribution, fewest)
		}
	}
}

// agreesWithVitals compares what both packages count.
func agreesWithVitals(t *testing.T, what string, u *Upstream, at int64) {
	t.Helper()
	m := Measure(u, [][]string{{"acme"}}, at)
	v, p := u.Meter.At(at), &m.Standings[0].Last12m
	if p.CommitsAll != v.Commits12m || p.PeopleAll != v.Contributors12m || p.FirstTimersAll != v.Newcomers12m || m.Attribution.Commits != v.Commits12m {
		t.Errorf("%s, %s: %s, in the vitals %d commits by %d, %d of them new", what, day(at), p, v.Commits12m, v.Contributors12m, v.Newcomers12m)
	}
	if total := Total([]*Result{m}, [][]string{{"acme"}}); total.Standings[0].Last12m.CommitsAll != v.Commits12m {
		t.Errorf("%s, %s: in all %s, in the vitals %d commits", what, day(at), &total.Standings[0].Last12m, v.Commits12m)
	}
}

func TestAgreesWithTheVitals(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(15, 16))
	for round := range 200 {
		u := upstreamOf(randomWorld(r, "host/o/n"), nil)
		agreesWithVitals(t, fmt.Sprint("round ", round), u, date("2019-07-01")+r.Int64N(1200)*vitals.Day)
	}
}

// TestArchivesAgreeWithTheVitals does so on real histories.
func TestArchivesAgreeWithTheVitals(t *testing.T) {
	t.Parallel()
	dirs, err := filepath.Glob(filepath.Join(need.Shared(t), "data", "histories", "*", "meta.json"))
	if err != nil || len(dirs) < 285 {
		t.Fatalf("%d archives: %v", len(dirs), err)
	}
	for i, meta := range dirs {
		if i%4 != 0 { // every fourth is enough
			continue
		}
		h, err := history.ReadArchive(filepath.Dir(meta), "")
		if err != nil {
			t.Error(err)
			continue
		}
		until := vitals.AsOf(h, time.Unix(date("2026-07-01"), 0)).Unix()
		u := domainsAlone(h, until)
		for _, at := range []int64{date("2016-04-01"), date("2021-10-01"), until} {
			if at <= until {
				agreesWithVitals(t, h.Upstream, u, at)
			}
		}
	}
}
