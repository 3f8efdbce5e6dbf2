package footprint

import (
	"fmt"
	"sort"
	"time"

	"github.com/mainstay-oss/mainstay/internal/vitals"
)

// A Period is a stretch of time.
type Period struct {
	Name        string // `2025`, `2025-Q2` or `12m`
	From, Until int64  // first day and first day after it, Unix seconds
	Whole       bool   // it lies before the date of the measures
}

// A calendar parts the deeds of a lane by quarter. Quarters are numbered from year 0, four a year; the last is the one that
// holds the second before the date of the measures. A commit of the very moment of that date lies in no quarter: where a
// quarter begins with it, there would be one of a second's length.
type calendar struct {
	first int   // number of the first quarter
	cut   []int // first deed of each quarter, and behind the last the first deed not before its end
}

// newCalendar begins with the first deed, but not before 1970: git's dates begin there, and one absurd date must not make
// endless quarters.
func newCalendar(deeds []deed, asOf int64) calendar {
	begin := sort.Search(len(deeds), func(i int) bool { return deeds[i].at >= 0 })
	end := sort.Search(len(deeds), func(i int) bool { return deeds[i].at >= asOf })
	if begin >= end {
		return calendar{}
	}
	c := calendar{first: quarterOf(deeds[begin].at)}
	at := begin
	for q := c.first; q <= quarterOf(asOf-1); q++ {
		c.cut = append(c.cut, at)
		for until := quarterStart(q + 1); at < end && deeds[at].at < until; {
			at++
		}
	}
	c.cut = append(c.cut, at)
	return c
}

func (c *calendar) empty() bool { return len(c.cut) == 0 }

// part gives the deeds of the quarters [from, until) as a range of indexes.
func (c *calendar) part(from, until int) (lo, hi int) {
	if c.empty() {
		return 0, 0
	}
	at := func(q int) int { return c.cut[min(max(q-c.first, 0), len(c.cut)-1)] }
	return at(from), at(until)
}

func quarterOf(at int64) int {
	t := time.Unix(at, 0).UTC()
	return 4*t.Year() + (int(t.Month())-1)/3
}

func quarterStart(q int) int64 {
	return time.Date(q/4, time.Month(1+q%4*3), 1, 0, 0, 0, 0, time.UTC).Unix()
}

// A stretch is a period together with the quarters that it is made of, none for the last 365 days.
type stretch struct {
	Period
	from, until int
}

// stretches lists the last 365 days, then the years, then the quarters of all lanes.
func stretches(lanes []*lane, asOf int64) (list []stretch, years int) {
	list = append(list, stretch{Period: Period{Name: "12m", From: asOf - vitals.Year, Until: asOf, Whole: true}})
	first, none := 0, true
	for _, l := range lanes {
		if !l.calendar.empty() && (none || l.calendar.first < first) {
			first, none = l.calendar.first, false
		}
	}
	if none {
		return list, 0
	}
	last := quarterOf(asOf - 1)
	period := func(name string, from, until int) stretch {
		p := Period{Name: name, From: quarterStart(from), Until: quarterStart(until)}
		p.Whole = p.Until <= asOf
		return stretch{p, from, until}
	}
	for y := first / 4; y <= last/4; y++ {
		list = append(list, period(fmt.Sprintf("%04d", y), 4*y, 4*y+4))
	}
	years = len(list) - 1
	for q := first; q <= last; q++ {
		list = append(list, period(fmt.Sprintf("%04d-Q%d", q/4, 1+q%4), q, q+1))
	}
	return list, years
}

// deeds gives the deeds of a lane in a stretch.
func (s *stretch) deeds(l *lane) []deed {
	if s.until == 0 {
		return l.deeds[l.year:]
	}
	lo, hi := l.calendar.part(s.from, s.until)
	return l.deeds[lo:hi]
}
