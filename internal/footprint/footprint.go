// Package footprint measures the standing of organisations: their share of the commits, people and seats of upstreams over
// time, as intervals. The definitions are in doc/measures.md, section Footprint.
//
// [Measure] measures one upstream in one pass over its commits and a few over what it keeps of them; [Total] measures all
// upstreams together from what it kept.
package footprint

import (
	"math"
	"slices"

	"github.com/mainstay-oss/mainstay/internal/history"
	"github.com/mainstay-oss/mainstay/internal/people"
	"github.com/mainstay-oss/mainstay/internal/vitals"
)

// attributed is the share of the commits, in percent, that must be attributed for a rank or an elephant factor.
const attributed = 60

// Claims say for whom the people of one history worked; *people.Attribution does.
type Claims interface {
	Commit(i int) people.Claim                // by index in History.Commits
	Of(identity int32, at int64) people.Claim // by author string and time, Unix seconds
}

// An Upstream is what is known of one upstream: its history, and for whom its people worked.
type Upstream struct {
	Meter         *vitals.Meter
	Claims        Claims                       // as of the date of the measures
	Organisations []string                     // what Claim.Organisation is an index into
	OptedOut      func(*history.Identity) bool // who does not want to be attributed; nil if nobody
}

// A Result is the standing of the organisations asked for in one upstream, or in all.
type Result struct {
	Upstream    string     // empty for all together
	AsOf        int64      // date of the measures, Unix seconds; of all together the latest
	Standings   []Standing // in the order of the question
	Attribution Attribution

	// Of all together, for notes on what the figures do not say.
	Hashed       int // upstreams with work whose addresses cannot be read: their people count once for each
	PullsUnknown int // upstreams with work whose pull heads are not known

	work lane
}

// Standing is the work of one organisation. What is by calendar begins with the quarter of the first human commit.
type Standing struct {
	Last12m     Presence
	Years       []Presence // oldest first
	Quarters    []Presence // oldest first
	PullAuthors []*int     // by quarter: people outside the organisation who opened pulls; nil where pull heads are not known
}

// Measure measures the standing of organisations as of a date (Unix seconds, by rule 00:00 UTC of a day and no later than
// the history was observed: vitals.AsOf). Each organisation is given by its own name and those of its subsidiaries.
func Measure(u *Upstream, asked [][]string, asOf int64) *Result {
	r := &Result{Upstream: u.Meter.History().Upstream, AsOf: asOf, work: u.lane(asOf)}
	t := newTally([]*lane{&r.work}, nil, asked)
	r.Standings = t.standings()
	var people []settler
	r.Attribution, people = t.attribution()
	r.Attribution.People = t.named(people, u.Meter.History())
	return r
}

// A deed is a human commit.
type deed struct {
	at           int64
	person       int32
	organisation int32 // index into lane.organisations, independent or open
	confidence   int32 // of the claim, in millionths: whole numbers add up to the same sum in every order
	author       int32 // index into History.Identities
}

// Organisations of deeds and asks that have none.
const (
	independent = -1 // the evidence says that it is no organisation's
	open        = -2 // there is no evidence
)

// An ask is a pull opened by somebody who is no bot.
type ask struct {
	at           int64
	person       int32
	organisation int32
}

// A lane is the work on one upstream up to the date of its measures.
type lane struct {
	asOf          int64
	deeds         []deed // oldest first
	year          int    // deeds[year:] lie in the 365 days up to asOf
	calendar      calendar
	asks          []ask // up to asOf, oldest first
	pullsKnown    bool
	organisations []string // those of the deeds and asks, sorted
	persons       int      // people by number: those of people.Persons, then who has opened pulls alone
	optedOut      []bool   // by person; nil if nobody has
	hashed        bool
	addresses     []address // by which people are known in other upstreams
}

func (u *Upstream) lane(asOf int64) lane {
	h := u.Meter.History()
	persons := u.Meter.Persons(asOf)
	l := lane{asOf: asOf, pullsKnown: h.PullsKnown, persons: persons.Count(), hashed: h.Hashed}
	for i := range h.Commits {
		c := &h.Commits[i]
		if c.Committed > asOf {
			break
		}
		if !h.Human(c) {
			continue
		}
		claim := u.Claims.Commit(i)
		l.deeds = append(l.deeds, deed{
			at: c.Committed, person: persons.Of(c.Author), organisation: organisation(claim),
			confidence: int32(math.Round(float64(claim.Confidence) * millionths)), author: c.Author,
		})
		if c.Committed <= asOf-vitals.Year {
			l.year = len(l.deeds)
		}
	}
	l.calendar = newCalendar(l.deeds, asOf)
	u.asks(&l, persons)
	l.compact(u.Organisations)
	if !h.Hashed {
		l.addresses = append(l.addresses, addresses(h, persons)...)
	}
	if u.OptedOut != nil {
		l.optedOut = make([]bool, l.persons)
		for i := range h.Identities {
			if p := persons.Of(int32(i)); p >= 0 && u.OptedOut(&h.Identities[i]) {
				l.optedOut[p] = true
			}
		}
	}
	return l
}

const millionths = 1e6

func organisation(c people.Claim) int32 {
	switch {
	case !c.Known():
		return open
	case c.Organisation == people.Nobody:
		return independent
	}
	return c.Organisation
}

// compact numbers the organisations that have work here anew, by name, so that nothing grows with the number of those that
// are known anywhere.
func (l *lane) compact(names []string) {
	number := map[int32]int32{}
	for i := range l.deeds {
		number[l.deeds[i].organisation] = 0
	}
	for i := range l.asks {
		number[l.asks[i].organisation] = 0
	}
	for n := range number {
		if n >= 0 {
			l.organisations = append(l.organisations, names[n])
		}
	}
	slices.Sort(l.organisations)
	for n := range number {
		number[n] = n
		if n >= 0 {
			i, _ := slices.BinarySearch(l.organisations, names[n])
			number[n] = int32(i)
		}
	}
	for i := range l.deeds {
		l.deeds[i].organisation = number[l.deeds[i].organisation]
	}
	for i := range l.asks {
		l.asks[i].organisation = number[l.asks[i].organisation]
	}
}
