package vitals

import (
	"math"
	"slices"
	"sort"
	"time"

	"github.com/mainstay-oss/mainstay/internal/history"
	"github.com/mainstay-oss/mainstay/internal/people"
)

// A Meter measures one history. Asked for rising dates it takes time in proportion to the commits of two years before
// each date; a fall costs a little more. It is not safe for concurrent use.
type Meter struct {
	h     *history.History
	index *people.Index // as of the dates asked for
	later *people.Index // as of the ends of outcomes; made when the first is asked for

	human   []work      // human commits, oldest first
	opened  []int64     // author dates of pull heads, oldest first
	merged  []naming    // commits that name a pull, oldest first
	first   []int64     // by identity: date of its first human commit, never if there is none
	orgs    [][]orgSpan // by identity, earliest end first
	taken   []int64     // by pull: when it was taken, never if it was not; made when first asked for
	address []int32     // by identity: the first one with the same address; made when first asked for

	orgCount int

	counts scratch // by person
	recent scratch // by person
	byOrg  scratch
	named  map[int32]struct{}
}

const never = math.MaxInt64

// work is a human commit.
type work struct {
	at     int64
	author int32
}

// naming is a commit whose subject names a pull.
type naming struct {
	at   int64
	pull int32
}

// orgSpan is an organisation for which an identity's address spoke, -1 if none, and until when.
type orgSpan struct {
	org   int32
	until int64
}

// NewMeter prepares h, which it does not change.
func NewMeter(h *history.History) *Meter {
	m := &Meter{h: h, index: people.NewIndex(h), first: make([]int64, len(h.Identities)), named: map[int32]struct{}{}}
	for i := range m.first {
		m.first[i] = never
	}
	for i := range h.Commits {
		c := &h.Commits[i]
		if h.Human(c) {
			m.human = append(m.human, work{c.Committed, c.Author})
			m.first[c.Author] = min(m.first[c.Author], c.Committed)
		}
		if c.Pull > 0 {
			m.merged = append(m.merged, naming{c.Committed, c.Pull})
		}
	}
	for i := range h.Pulls {
		m.opened = append(m.opened, h.Pulls[i].Authored)
	}
	slices.Sort(m.opened)
	m.affiliate()
	return m
}

// affiliate finds the organisations of every identity once.
func (m *Meter) affiliate() {
	m.orgs = make([][]orgSpan, len(m.h.Identities))
	domains := map[string][]orgSpan{}
	numbers := map[string]int32{}
	for i := range m.h.Identities {
		domain := m.h.Identities[i].Domain
		spans, known := domains[domain]
		if !known {
			for _, a := range people.Affiliations(domain) {
				span := orgSpan{-1, a.Until}
				if a.Kind != people.Community {
					n, numbered := numbers[a.Organisation]
					if !numbered {
						n = int32(len(numbers))
						numbers[a.Organisation] = n
					}
					span.org = n
				}
				spans = append(spans, span)
			}
			domains[domain] = spans
		}
		m.orgs[i] = spans
	}
	m.orgCount = len(numbers)
}

// At measures the history as of t: Unix seconds, by rule 00:00 UTC of a day. Commits, tags and pull heads dated after t
// have no influence.
func (m *Meter) At(t int64) Vitals {
	v := Vitals{Busiest: -1}
	upTo := m.upTo(t)
	if upTo > 0 {
		v.FirstCommit, v.LastCommit = m.human[0].at, m.human[upTo-1].at
		v.DaysSinceCommit = days(t - v.LastCommit)
	}
	year := m.human[m.upTo(t-Year):upTo]
	v.Commits12m = len(year)
	v.Commits3m = upTo - m.upTo(t-Months3)
	for _, w := range m.human[m.upTo(t-24*Month):upTo] {
		v.Months[23-(t-w.at)/Month]++
	}

	persons := m.index.At(t)
	counts := m.count(persons, year)
	if len(year) > 0 {
		shares := m.shares(counts)
		v.Contributors12m = len(shares)
		v.ContributorAbsenceFactor = absence(shares)
		v.TopShare = share(shares[0], len(year))
		second := 0
		if len(shares) > 1 {
			second = shares[1]
		}
		v.SecondShare = share(second, len(year))
		v.Busiest = m.busiest(counts, year, persons)
		v.ElephantFactor = m.elephant(year)
	}
	v.Newcomers12m = m.newcomers(persons, t, counts)
	v.DepartedShare = m.departed(persons, t)

	tag := m.tagsUpTo(t)
	v.Releases12m = tag - m.tagsUpTo(t-Year)
	if tag > 0 {
		v.DaysSinceRelease = days(t - m.h.Tags[tag-1].Created)
	}
	if m.h.PullsKnown {
		opened := after(m.opened, t) - after(m.opened, t-Year)
		v.PullsOpened12m = &opened
	}
	v.PullsMerged12m = m.pullsMerged(t)
	return v
}

// At measures h as of t; for several dates make a Meter or call Series.
func At(h *history.History, t int64) Vitals { return NewMeter(h).At(t) }

// Series measures h as of each date. Rising dates are fastest.
func Series(h *history.History, dates []int64) []Vitals {
	m := NewMeter(h)
	series := make([]Vitals, len(dates))
	for i, t := range dates {
		series[i] = m.At(t)
	}
	return series
}

// AsOf is the date that a history can be measured for when t is asked for: t, or the day on which the history was last
// observed if that is earlier. Both are cut to 00:00 UTC. An old copy is old, not dead.
func AsOf(h *history.History, t time.Time) time.Time {
	t = t.UTC().Truncate(24 * time.Hour)
	if seen := h.ObservedUntil.UTC().Truncate(24 * time.Hour); seen.Before(t) {
		return seen
	}
	return t
}

// Persons gives the persons that can be told apart as of t.
func (m *Meter) Persons(t int64) *people.Persons { return m.index.At(t) }

// History gives the history that is measured.
func (m *Meter) History() *history.History { return m.h }

// upTo is the number of human commits up to t.
func (m *Meter) upTo(t int64) int {
	return sort.Search(len(m.human), func(i int) bool { return m.human[i].at > t })
}

func (m *Meter) tagsUpTo(t int64) int {
	return sort.Search(len(m.h.Tags), func(i int) bool { return m.h.Tags[i].Created > t })
}

// after is the number of dates up to t.
func after(dates []int64, t int64) int {
	return sort.Search(len(dates), func(i int) bool { return dates[i] > t })
}

func (m *Meter) pullsMerged(t int64) int {
	clear(m.named)
	from := sort.Search(len(m.merged), func(i int) bool { return m.merged[i].at > t-Year })
	for _, n := range m.merged[from:] {
		if n.at > t {
			break
		}
		m.named[n.pull] = struct{}{}
	}
	return len(m.named)
}

func days(seconds int64) *int {
	d := int(seconds / Day)
	return &d
}

func share(part, whole int) *float64 {
	s := float64(part) / float64(whole)
	return &s
}
