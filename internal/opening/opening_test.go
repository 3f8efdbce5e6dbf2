package opening

import (
	"bytes"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"sync"
	"testing"

	"github.com/mainstay-oss/mainstay/internal/forecast"
	"github.com/mainstay-oss/mainstay/internal/vitals"
)

func TestLoss(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name                string
		state               vitals.State
		quiet               vitals.QuietKind
		collapse, fragility float64
		want                float64
	}{
		{"ended", vitals.Ended, "", 0.1, 0.1, 1},
		{"active and safe", vitals.Active, "", 0, 0, 0},
		{"active, rests on one", vitals.Active, "", 0, 1, 0.27},
		{"active", vitals.Active, "", 0.2, 0.5, 1 - 0.8*0.865},
		{"active and lost", vitals.Active, "", 1, 0, 1},
		{"waiting", vitals.Quiet, vitals.Waiting, 0, 0, 0.5},
		{"unsure", vitals.Quiet, vitals.Unsure, 0, 0, 0.25},
		{"quiet of no kind", vitals.Quiet, "", 0, 0, 0.25},
		{"finished", vitals.Quiet, vitals.Finished, 0.9, 0.9, 0.05},
	} {
		got := Loss(c.state, c.quiet, c.collapse, c.fragility)
		if got == nil || math.Abs(*got-c.want) > 1e-12 {
			t.Errorf("%s: loss %v, want %v", c.name, got, c.want)
		}
	}
	if got := Loss(vitals.Unknown, "", 0.5, 0.5); got != nil {
		t.Errorf("the loss of an unknown upstream is %v", *got)
	}
}

func TestExposures(t *testing.T) {
	t.Parallel()
	rides := []Ride{
		{Upstream: "a", Subject: "web", Depth: 1},
		{Upstream: "a", Subject: "api", Depth: 2},
		{Upstream: "a", Subject: "api", Depth: 4}, // the shallowest counts
		{Upstream: "b", Subject: "api", Depth: 3},
		{Upstream: "c", Subject: "web", Depth: 0}, // no depth known: direct
	}
	want := map[string]Exposure{
		"a": {Score: 1, Direct: true, Depth: 1, Subjects: 2},
		"b": {Score: 1.0 / 3 / 1.5, Direct: false, Depth: 3, Subjects: 1},
		"c": {Score: 1 / 1.5, Direct: true, Depth: 1, Subjects: 1},
	}
	if got := Exposures(rides); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	cohort := Exposures([]Ride{
		{Upstream: "a", Subject: "ai", Depth: 1, Weight: 0.5}, {Upstream: "b", Subject: "ai", Depth: 1},
		{Upstream: "c", Subject: "ai", Depth: 1, Weight: math.NaN()}, {Upstream: "d", Subject: "ai", Depth: 1, Weight: -3},
	})
	if cohort["a"].Score != 0.5 || cohort["b"].Score != 1 || cohort["c"].Score != 1 || cohort["d"].Score != 1 {
		t.Errorf("a cohort's weights: %v", cohort)
	}
	if got := Exposures(nil); len(got) != 0 {
		t.Errorf("no rides: %v", got)
	}
}

// TestExposuresAgreeWithTheDefinition compares with the sum written out, whatever the order of the rides.
func TestExposuresAgreeWithTheDefinition(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 1))
	names := []string{"a", "b", "c", "d"}
	for range 200 {
		var rides []Ride
		for range 1 + random.IntN(30) {
			rides = append(rides, Ride{Upstream: names[random.IntN(4)], Subject: names[random.IntN(4)], Depth: 1 + random.IntN(6)})
		}
		sums, largest := map[string]float64{}, 0.0
		for _, u := range names {
			for _, s := range names {
				best := 0
				for _, r := range rides {
					if r.Upstream == u && r.Subject == s && (best == 0 || r.Depth < best) {
						best = r.Depth
					}
				}
				if best > 0 {
					sums[u] += 1 / float64(best)
				}
			}
			largest = max(largest, sums[u])
		}
		got := Exposures(rides)
		random.Shuffle(len(rides), func(i, j int) { rides[i], rides[j] = rides[j], rides[i] })
		if again := Exposures(rides); !reflect.DeepEqual(got, again) {
			t.Fatalf("the order of the rides matters: %v, %v", got, again)
		}
		for u, sum := range sums {
			if math.Abs(got[u].Score-sum/largest) > 1e-12 {
				t.Fatalf("%s: %v, want %v of %v", u, got[u].Score, sum/largest, rides)
			}
		}
	}
}

func TestRank(t *testing.T) {
	t.Parallel()
	loss := func(f float64) *float64 { return &f }
	stakes := []Stake{
		{"zeta", 0.5, loss(0.4)},
		{"unknown", 1, nil},
		{"alpha", 0.5, loss(0.4)},
		{"ended", 0.2, loss(1)},
		{"top", 1, loss(0.3)},
		{"unused", 0, loss(1)},
	}
	want := []string{"top", "ended", "alpha", "zeta", "unused"}
	for range 3 {
		got := Rank(stakes)
		for i, a := range got {
			if a.Upstream != want[i] || a.Rank != i+1 {
				t.Errorf("rank %d is %+v, want %s", i+1, a, want[i])
			}
		}
		if len(got) != len(want) {
			t.Fatalf("%d ranked, want %d", len(got), len(want))
		}
		slices.Reverse(stakes)
	}
	if stakes[0].Upstream != "unused" {
		t.Error("Rank moved its argument")
	}
}

var table = sync.OnceValues(func() ([]forecast.Row, error) {
	data, err := os.ReadFile(filepath.Join("..", "forecast", "table.csv"))
	if err != nil {
		return nil, err
	}
	return forecast.ReadTable(bytes.NewReader(data))
})

func rows(t testing.TB) []forecast.Row {
	t.Helper()
	rows, err := table()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// TestHelpNeverHurts goes over the whole table: one more contributor, of any rhythm, and one more again, raise neither
// loss nor any of its parts; and the embedded model's help is worth something somewhere.
func TestHelpNeverHurts(t *testing.T) {
	t.Parallel()
	m := forecast.Default()
	helped := 0
	for _, r := range rows(t) {
		for _, rhythm := range []float64{1, 12, RegularRhythm, 200} {
			f := r.Features
			before := stand(m, f)
			for range 2 {
				f = WithContributor(f, rhythm)
				after := stand(m, f)
				if after.Loss > before.Loss || after.Stop > before.Stop || after.Collapse > before.Collapse || after.Fragility > before.Fragility {
					t.Fatalf("%s %s: %g commits a year make %+v of %+v", r.Repo, r.AsOf, rhythm, after, before)
				}
				if before.Loss-after.Loss > 0.01 {
					helped++
				}
				before = after
			}
		}
	}
	if helped < 1000 {
		t.Errorf("help lowers loss by a point in only %d cases", helped)
	}
}

func TestWithContributor(t *testing.T) {
	t.Parallel()
	f := forecast.Features{
		Commits12m: 100, Commits3m: 10, Commits1m: 2, CommitsPrev12m: 200, DaysSinceCommit: 20, Weeks3m: 4,
		Contributors12m: 3, Newcomers12m: 1, BusiestCommits: 80, SecondCommits: 15, Regulars12m: 1,
	}
	got := WithContributor(f, 52)
	want := f
	want.Added = 52
	want.Commits3m = 10 + 52*91.0/365
	want.Commits1m = 2 + 52*30.0/365
	want.DaysSinceCommit = 365.0 / 52
	want.Weeks3m = 13
	want.Contributors12m = 4
	want.Regulars12m = 2
	want.SecondCommits = 52
	want.Lasting = forecast.AgainstLeaving(52)
	if got.Measured == nil || *got.Measured != f || WithContributor(got, 6).Measured != got.Measured {
		t.Errorf("what was measured is not kept: %+v", got)
	}
	if got.Measured = nil; got != want {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
	if got := WithContributor(f, 1000); got.Added != 80 || got.SecondCommits != 80 {
		t.Errorf("help takes the project over: %+v", got)
	}
	for _, rhythm := range []float64{0, -5, math.NaN()} {
		if got := WithContributor(f, rhythm); got != f {
			t.Errorf("rhythm %v changed the features", rhythm)
		}
	}
}

func median(values []float64) float64 {
	values = slices.Sorted(slices.Values(values))
	return values[len(values)/2]
}
