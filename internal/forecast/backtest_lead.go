package forecast

import (
	"math"
	"slices"

	"github.com/mainstay-oss/mainstay/internal/vitals"
)

// Lead says how long before a stop a method raised its alarm: the first of two quarters in a row, of which both scored at or
// above the threshold of 5 % false alarms. Days are negative for alarms after the last commit. The threshold is that of all
// project-quarters, whatever the group that is looked at: a user has one.
type Lead struct {
	Stops   int    // stops of the group
	Alarmed int    // of these, the ones with an alarm before they were over
	Median  Spread // days from alarm to stop, over those with an alarm
	Lower   Spread // the first quartile of the same
	Upper   Spread // the third quartile
	// Ahead is the share of all stops whose alarm came 365 days ahead or more.
	Ahead Spread
	// Held is the same share, counting only alarms that were raised in every quarter from the first on until the stop: an
	// alarm that had lapsed is of little use to anybody.
	Held Spread
}

// LeastStops is how many stops, of that many projects, there must be to say anything about leads.
const LeastStops = 5

// quarterDays is more than any quarter has, and less than two.
const quarterDays = 100 * vitals.Day

// alarms gives the days by which the first pair of alarms came before a stop, and those by which the last unbroken row of
// alarms did. They are NaN where there is none.
func (s *stop) alarms(cases []Case, scores []float64, threshold float64) (first, held float64) {
	first, held = math.NaN(), math.NaN()
	ahead := func(i int) float64 { return float64(s.date-cases[i].AsOf) / vitals.Day }
	pair := func(i int) bool {
		return cases[i+1].AsOf-cases[i].AsOf < quarterDays && scores[i] >= threshold && scores[i+1] >= threshold
	}
	for i := s.from; i < s.last; i++ {
		if pair(i) {
			first = ahead(i)
			break
		}
	}
	for i := s.last - 1; i >= s.from && pair(i); i-- {
		held = ahead(i)
	}
	return first, held
}

// A stopAlarm is one stop as one method saw it.
type stopAlarm struct {
	project     int32
	first, held float64
}

// leads sum up stops: how many there are and were alarmed, days, shares.
type leads struct {
	stops, alarmed       int
	median, lower, upper float64
	ahead, held          float64
}

// leadOf sums up. times is how often each project was drawn, once if nil.
func leadOf(stops []stopAlarm, times []int32) leads {
	var days []float64
	l := leads{median: math.NaN(), lower: math.NaN(), upper: math.NaN()}
	ahead, held := 0, 0
	for _, s := range stops {
		n := 1
		if times != nil {
			n = int(times[s.project])
		}
		l.stops += n
		if s.first >= 365 {
			ahead += n
		}
		if s.held >= 365 {
			held += n
		}
		if !math.IsNaN(s.first) {
			days = append(days, slices.Repeat([]float64{s.first}, n)...)
		}
	}
	l.alarmed = len(days)
	l.ahead, l.held = float64(ahead)/float64(l.stops), float64(held)/float64(l.stops) // NaN without a stop
	if len(days) > 0 {
		slices.Sort(days)
		l.median, l.lower, l.upper = quantile(days, 0.5), quantile(days, 0.25), quantile(days, 0.75)
	}
	return l
}
