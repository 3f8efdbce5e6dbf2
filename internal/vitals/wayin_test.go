package vitals

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/mainstay-oss/mainstay/internal/history"
)

// All as of day 2000: pulls count from (1270, 1910], newcomers from (540, 1270].
func TestOutsidePulls(t *testing.T) {
	t.Parallel()
	const base = "commit 10 ann@x x30\n"
	for _, c := range []struct {
		name, world    string
		opened, merged int
	}{
		{"none", base, 0, 0},
		{"both ends", base + "pull 1270 a@x\npull 1270+1 a@x\npull 1910 a@x\npull 1910+1 a@x\n", 2, 0},
		{"taken by number", base + "pull 1300 a@x\npull 1300 a@x\ncommit 1310 ann@x #2\n", 2, 1},
		{"taken by head", base + "pull 1300 a@x\ncommit 1300 a@x\n", 1, 1},
		{"taken later than the date", base + "pull 1300 a@x\ncommit 2000+1 ann@x #1\n", 1, 0},
		{"taken on the date", base + "pull 1300 a@x\ncommit 2000 ann@x #1\n", 1, 1},
		{"an insider's and a bot's", base + "pull 1300 ann@x\npull 1300 bot@x\n", 0, 0},
		{"who has joined since", base + "commit 11 ann@x x99\npull 1300 a@x\ncommit 1310 a@x #1\ncommit 1320 a@x x8\npull 1330 a@x\ncommit 1340 a@x\npull 1350 a@x\n", 2, 1},
		{"a tenth of all, once", "commit 10 ann@x x5\ncommit 20 a@x\npull 30 a@x\ncommit 40 ann@x x25\npull 1300 a@x\n", 1, 0},
		{"a tenth of all", "commit 10 ann@x x5\ncommit 20 a@x\npull 1300 a@x\n", 0, 0},
		{"before any commit", "pull 1300 a@x\ncommit 1301 a@x x20\n", 1, 0},
	} {
		w := NewMeter(world(c.world)).WayIn(on(2000))
		if *w.OutsidePulls != c.opened || *w.OutsideMerged != c.merged {
			t.Errorf("%s: %d opened, %d merged, want %d and %d", c.name, *w.OutsidePulls, *w.OutsideMerged, c.opened, c.merged)
		}
	}
}

func TestNewcomersWhoStay(t *testing.T) {
	t.Parallel()
	m := NewMeter(world(`
		commit 540 old@x       // four years old
		commit 1000 old@x
		commit 540+1 a@x       // the second year after is (905, 1270], of seconds as of days
		commit 1270 a@x
		commit 600 b@x
		commit 965 b@x         // a year later to the second: not yet the second year
		commit 601 c@x
		commit 1331+1 c@x      // past the second year
		commit 602 d@x
		commit 1100 d@x merge  // a merge is no work
		commit 1270 e@x        // not yet known what became of them until today
		commit 2000 e@x
		commit 1270+1 f@x      // too young
		commit 2000 f@x
		commit 700 bot@x
		commit 1200 bot@x
	`))
	w := m.WayIn(on(2000))
	if w.Newcomers != 5 || w.Stayed != 2 || w.StayedShare == nil || *w.StayedShare != 0.4 {
		t.Errorf("%d newcomers, %d stayed: %+v; want 5, 2", w.Newcomers, w.Stayed, w)
	}
	if w := m.WayIn(on(1999)); w.Newcomers != 5 || w.Stayed != 2 { // old comes in, who stayed; e falls out, who did too
		t.Errorf("a day earlier: %d newcomers, %d stayed", w.Newcomers, w.Stayed)
	}
}

func TestTractability(t *testing.T) {
	t.Parallel()
	near := func(got *float64, want float64) bool { return got != nil && abs(*got-want) < 1e-12 }
	const base = "commit 10 ann@x x30\n"
	five := strings.Repeat("pull 1300 a@x\n", 5)

	w := NewMeter(world(base)).WayIn(on(2000))
	if w.Tractability != nil || w.MergedShare != nil || w.StayedShare != nil {
		t.Errorf("of nothing: %+v", w)
	}
	unknown := world(base + five)
	unknown.PullsKnown = false
	if w := NewMeter(unknown).WayIn(on(2000)); w.OutsidePulls != nil || w.OutsideMerged != nil || w.MergedShare != nil || w.Tractability != nil {
		t.Errorf("without pull heads: %+v", w)
	}
	// Five pulls and none ever taken: work comes by other ways, and the pulls say nothing.
	if w := NewMeter(world(base + five)).WayIn(on(2000)); *w.OutsidePulls != 5 || w.MergedShare != nil || w.Tractability != nil {
		t.Errorf("where pulls say nothing: %+v", w)
	}
	if w := NewMeter(world(base + five + "commit 1310 ann@x #1\n")).WayIn(on(2000)); w.MergedShare == nil || *w.MergedShare != 0.2 ||
		!near(w.Tractability, (1+0.62*6)/11*0.75) {
		t.Errorf("one of five: %+v", w)
	}
	if w := NewMeter(world(base + five[:len(five)/5*4] + "commit 1310 ann@x #1\n")).WayIn(on(2000)); w.MergedShare != nil ||
		!near(w.Tractability, (1+0.62*6)/10*0.75) {
		t.Errorf("one of four: %+v", w)
	}
	if !near(tractability(0, 0, 10, 10), 0.62*(1+(10+0.125*11)/21/((10+0.125*11)/21+0.125))/2) {
		t.Errorf("where all stay: %v", *tractability(0, 0, 10, 10))
	}
	if abs(CommonTractability-*tractability(1e9, 0.62e9, 1e9, 0.125e9)) > 1e-9 {
		t.Errorf("the common tractability is %v", CommonTractability)
	}
}

func abs(x float64) float64 { return max(x, -x) }

// TestTractabilityIsMonotone asks that one more pull taken, one more newcomer who stays, never lowers it, that one more refused or
// lost never raises it, and that it stays within 0 and 1.
func TestTractabilityIsMonotone(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(31, 32))
	for range 2000 {
		opened, newcomers := r.IntN(50), r.IntN(50)
		merged, stayed := r.IntN(opened+1), r.IntN(newcomers+1)
		at := tractability(opened, merged, newcomers, stayed)
		if at == nil {
			continue
		}
		for _, up := range []*float64{tractability(opened+1, merged+1, newcomers, stayed), tractability(opened, merged, newcomers+1, stayed+1)} {
			if *up <= *at || *up >= 1 {
				t.Fatalf("%d of %d, %d of %d: %v rises to %v", merged, opened, stayed, newcomers, *at, *up)
			}
		}
		for _, down := range []*float64{tractability(opened+1, merged, newcomers, stayed), tractability(opened, merged, newcomers+1, stayed)} {
			if *down >= *at || *down <= 0 {
				t.Fatalf("%d of %d, %d of %d: %v falls to %v", merged, opened, stayed, newcomers, *at, *down)
			}
		}
	}
}

func TestOpenPulls(t *testing.T) {
	t.Parallel()
	numbers := func(pulls []history.Pull) (n []int32) {
		for _, p := range pulls {
			n = append(n, p.Number)
		}
		return n
	}
	m := NewMeter(world(`
		commit 10 ann@x x30
		pull 1500 a@x
		pull 1700 b@x          // taken by number
		pull 1600 c@x          // taken by head
		pull 1800 bot@x
		pull 1800 ann@x
		pull 1800 d@x          // opened at the same moment: the higher number first
		pull 2000+1 e@x        // later
		pull 1900 f@x          // taken later
		commit 1750 ann@x #2
		commit 1600 c@x
		commit 2000+1 ann@x #8
	`))
	if got := numbers(m.OpenPulls(on(2000), 3)); !slices.Equal(got, []int32{8, 6, 5}) {
		t.Errorf("three: %v", got)
	}
	if got := numbers(m.OpenPulls(on(2000), 99)); !slices.Equal(got, []int32{8, 6, 5, 1}) {
		t.Errorf("all: %v", got)
	}
	if got := m.OpenPulls(on(2000), 0); len(got) != 0 {
		t.Errorf("none: %v", got)
	}
	mute := world("commit 10 ann@x x30\n" + strings.Repeat("pull 1300 a@x\n", 5))
	if got := NewMeter(mute).OpenPulls(on(2000), 3); got != nil {
		t.Errorf("where no commit ever names a pull: %v", got)
	}
	mute.PullsKnown = false
	if got := NewMeter(mute).OpenPulls(on(2000), 3); got != nil {
		t.Errorf("where pull heads are not known: %v", got)
	}
}

func TestDaysToSeat(t *testing.T) {
	t.Parallel()
	pairs := func(days ...int64) (l []Listing) {
		for i := 0; i < len(days); i += 2 {
			l = append(l, Listing{on(days[i]), on(days[i+1])})
		}
		return l
	}
	for _, c := range []struct {
		name     string
		listings []Listing
		want     []int
		median   int
	}{
		{"one", pairs(100, 465), []int{365}, 365},
		{"two", pairs(100, 200, 100, 301), []int{201, 100}, 150},
		{"newest first", pairs(0, 10, 0, 30, 0, 20), []int{30, 20, 10}, 20},
		{"the last five", pairs(0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6), []int{6, 5, 4, 3, 2}, 4},
		{"listed at once", pairs(90, 100, 10, 100, 80, 100, 20, 100, 70, 100, 30, 100), []int{90, 80, 70, 30, 20}, 70},
		{"listed before any commit", pairs(100, 50), []int{0}, 0},
	} {
		before := slices.Clone(c.listings)
		got, median := DaysToSeat(c.listings)
		if !slices.Equal(got, c.want) || median == nil || *median != c.median {
			t.Errorf("%s: %v, %v; want %v, %d", c.name, got, median, c.want, c.median)
		}
		if !reflect.DeepEqual(before, c.listings) {
			t.Errorf("%s: the argument was moved", c.name)
		}
	}
	if got, median := DaysToSeat(nil); got != nil || median != nil {
		t.Errorf("of nobody: %v, %v", got, median)
	}
}
