package pipeline

import (
	"testing"
	"time"

	"github.com/mainstay-oss/mainstay/internal/footprint"
	"github.com/mainstay-oss/mainstay/internal/governance"
)

// On the first day of a quarter the list of that quarter and the list of now are one list, not two to add up.
func TestRollsOnFirstDayOfQuarter(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		points []int64
		now    *governance.Roll
		want   []int64
	}{
		{"within a quarter", []int64{10, 20}, &governance.Roll{At: 25}, []int64{10, 20, 25}},
		{"on its first day", []int64{10, 20}, &governance.Roll{At: 20}, []int64{10, 20}},
		{"no list any more", []int64{10, 20}, nil, []int64{10, 20}},
		{"a new list", nil, &governance.Roll{At: 20}, []int64{20}},
	} {
		series := &governance.Series{Now: c.now}
		for _, at := range c.points {
			series.Points = append(series.Points, governance.Roll{At: at})
		}
		rolls := (&measured{roll: &roll{Series: series}}).rolls()
		var got []int64
		for _, r := range rolls {
			got = append(got, r.At)
		}
		if len(got) != len(c.want) {
			t.Errorf("%s: rolls at %v, want %v", c.name, got, c.want)
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%s: rolls at %v, want %v", c.name, got, c.want)
			}
		}
	}
}

// Upstreams that were last observed on different days are all in the sum of today's seats.
func TestSeatsOfAllObservedOnDifferentDays(t *testing.T) {
	t.Parallel()
	asOf := time.Unix(100, 0)
	held := func(at int64, now bool) []footprint.Seats {
		m := &measured{roll: &roll{Series: &governance.Series{}}}
		if now {
			m.roll.Now = &governance.Roll{At: at}
		}
		return m.heldBy([]footprint.Seats{{At: 50, Listed: 1, Seats: 1}, {At: at, Listed: 2, Seats: 1, Open: 1}}, asOf)
	}
	total := footprint.TotalSeats([][]footprint.Seats{held(80, true), held(100, true), held(90, false)})
	last := total[len(total)-1]
	if last.At != 100 || last.Listed != 4 || last.Seats != 2 || last.Open != 2 {
		t.Errorf("now %+v, want 4 listed, 2 held and 2 open at 100", last)
	}
	if first := total[0]; first.At != 50 || first.Listed != 3 {
		t.Errorf("at first %+v, want 3 listed at 50", first)
	}
}
