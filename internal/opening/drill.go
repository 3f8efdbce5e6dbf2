package opening

import (
	"math/bits"
	"sort"

	"github.com/mainstay-oss/mainstay/internal/forecast"
	"github.com/mainstay-oss/mainstay/internal/vitals"
)

// A Departure says how an upstream would stand if some of its people left tomorrow.
type Departure struct {
	People int     // how many of those with human commits in 365 days leave
	Share  float64 // of these commits, 0 to 1
	Stop   float64 // probability that maintenance stops without them
	Nobody bool    // all of those people leave: Stop is then at least emptyStop
}

// emptyStop is how often maintenance stopped where none of a year's people was there in the second year after: in 331 of 539
// project-quarters of the training data. Newcomers had taken over elsewhere, which they had two years to do.
const emptyStop = 0.61

// mostShare is the share of the year's work from which on leastStop has a say.
const mostShare = 0.6

// leastStop is the least probability of a stop where several leave with most of the work, or all do: it rises evenly to emptyStop.
// The model asks what becomes of a project that keeps the size it had, and has seen hardly one of any size that lost nearly
// everybody at once.
func (d *Departure) leastStop() float64 {
	switch {
	case d.Nobody:
		return emptyStop
	case d.People < 2: // what the model says of one is calibrated
		return 0
	}
	return emptyStop * max(0, (d.Share-mostShare)/(1-mostShare))
}

// A crew is the people of an upstream who were at work in the year up to a date, and what they did.
type crew struct {
	t        int64
	features forecast.Features
	people   []hand  // busiest first
	work     []stint // human commits of the year, oldest first
}

// A hand is one of the crew.
type hand struct {
	person  int32
	commits int
	days    float64 // since their last commit
	months  int     // of the twelve stretches, those with work of theirs
	tenure  float64 // years since their first commit
}

// A stint is a human commit of the year, by its age in seconds.
type stint struct {
	ago int64
	who int // index into the crew's people
}

// crewAt gives the people at work as of t; false where no outlook applies.
func crewAt(m *vitals.Meter, t int64) (*crew, bool) {
	f, active := forecast.FeaturesAt(m, t)
	if !active {
		return nil, false
	}
	c := &crew{t: t, features: f}
	place := map[int32]int{}
	for i, p := range m.People(t) {
		place[p.Person] = i
		c.people = append(c.people, hand{
			person: p.Person, commits: p.Commits12m,
			days: float64(t-p.Last) / vitals.Day, tenure: float64(t-p.First) / vitals.Year,
		})
	}
	h, persons := m.History(), m.Persons(t)
	months := make([]uint16, len(c.people))
	from := sort.Search(len(h.Commits), func(i int) bool { return h.Commits[i].Committed > t-vitals.Year })
	for i := from; i < len(h.Commits) && h.Commits[i].Committed <= t; i++ {
		if !h.Human(&h.Commits[i]) {
			continue
		}
		who, ago := place[persons.Of(h.Commits[i].Author)], t-h.Commits[i].Committed
		c.work = append(c.work, stint{ago, who})
		months[who] |= 1 << (ago / vitals.Month)
	}
	for i := range c.people {
		c.people[i].months = bits.OnesCount16(months[i])
	}
	return c, true
}

// against is how much somebody stands against everybody leaving, were they silent for so many days.
func (p *hand) against(days float64) float64 {
	return forecast.AgainstLeavingOf(forecast.Features{BusiestDays: days, BusiestMonths: float64(p.months), BusiestTenure: p.tenure})
}

// lastingOf is how many of the busiest count in forecast.Features.Lasting.
const lastingOf = 12

// Leave says how the upstream would stand as of t if the persons (as numbered by meter.Persons(t)) left; false where no outlook
// applies. It judges by m as it is given: for a project that m was trained on, give forecast.Model.For.
//
// Two questions are asked of the model, about features recomputed from the commits; the higher answer counts.
//
// If the leavers together made at least as much of the year's work as its busiest person, they count as one busiest person who leaves,
// and the probability is the fragility: of what is left, who would carry on, and how much stands against their leaving too. Of the
// leavers the busiest's recent work stays in, as where fragility was learnt; the others' is gone. If only the busiest leaves, it is
// the fragility as it stands.
//
// And however little they made, the probability is at least that of a stop without their recent work: as if they, but the
// upstream's busiest, had been silent for half a year.
//
// It is never under leastStop. Only terms move that help or harm by a rule of sign in training (and the departed share, whose weight a test watches), so that
// one more who leaves never lowers the probability. What is measured stays the yardstick: forecast.Features.Measured.
func Leave(m *forecast.Model, meter *vitals.Meter, t int64, leaves func(person int32) bool) (Departure, bool) {
	c, active := crewAt(meter, t)
	if !active {
		return Departure{}, false
	}
	return c.without(m, leaves), true
}

func (c *crew) without(m *forecast.Model, leaves func(person int32) bool) Departure {
	gone := make([]bool, len(c.people))
	var d Departure
	commits, first := 0, -1
	for i := range c.people {
		if gone[i] = leaves(c.people[i].person); gone[i] {
			d.People++
			commits += c.people[i].commits
			if first < 0 {
				first = i // the busiest of the leavers
			}
		}
	}
	d.Share = float64(commits) / c.features.Commits12m
	d.Nobody = d.People == len(c.people)
	d.Stop = max(c.judged(m, gone, commits, first), d.leastStop())
	return d
}

// judged is the model's word on the leavers, of whom first is the busiest, -1 if there is none.
func (c *crew) judged(m *forecast.Model, gone []bool, commits, first int) float64 {
	silent, _, _ := m.Chances(c.silent(gone))
	if first < 0 || commits < c.people[0].commits {
		return silent
	}
	_, _, together := m.Chances(c.asOne(gone, first))
	return max(silent, together)
}

// silent supposes that the leavers, but the upstream's busiest, have been silent for half a year.
func (c *crew) silent(gone []bool) forecast.Features {
	minor := append([]bool{false}, gone[1:]...)
	f := c.features
	share := 0.0
	for i := range c.people {
		p := &c.people[i]
		if !minor[i] {
			continue
		}
		share += float64(p.commits) / f.Commits12m
		f.Contributors12m--
		if i < lastingOf {
			f.Lasting = max(0, f.Lasting+p.against(max(p.days, goneDays))-p.against(p.days))
		}
	}
	if share == 0 {
		return c.features
	}
	if f.Departed == f.Departed { // a number
		f.Departed += (1 - f.Departed) * share
	}
	f.SecondCommits = 0
	if i := c.next(minor, 1); i >= 0 {
		f.SecondCommits = float64(c.people[i].commits)
	}
	c.recent(&f, minor)
	return f
}

// asOne supposes that the leavers, of whom first is the busiest, are one person, the busiest of all.
func (c *crew) asOne(gone []bool, first int) forecast.Features {
	f := c.features
	commits, most := 0, 0.0
	others := make([]bool, len(gone))
	for i := range c.people {
		if p := &c.people[i]; gone[i] {
			commits += p.commits
			others[i] = i != first
			if i < lastingOf {
				f.Lasting -= p.against(p.days)
				most = max(most, p.against(p.days))
			}
			if others[i] {
				f.Contributors12m--
			}
		}
	}
	f.Lasting = max(0, f.Lasting+most)
	f.BusiestPrev += (float64(commits) - f.BusiestCommits) / f.Commits12m // the change against the year before stays what it was
	f.BusiestCommits = float64(commits)
	f.SecondCommits = 0
	if i := c.next(gone, 0); i >= 0 {
		f.SecondCommits = float64(c.people[i].commits)
	}
	c.recent(&f, others)
	return f
}

// next is the busiest from a place on who does not leave, -1 if none is left.
func (c *crew) next(gone []bool, from int) int {
	for i := from; i < len(gone); i++ {
		if !gone[i] {
			return i
		}
	}
	return -1
}

// recent counts the recent work anew without that of some in the last half year, and keeps in f what was measured.
func (c *crew) recent(f *forecast.Features, gone []bool) {
	measured := c.features
	f.Measured = &measured
	f.Commits3m, f.Commits1m, f.Weeks3m = 0, 0, 0
	var weeks [vitals.Months3 / (7 * vitals.Day)]bool
	last := int64(vitals.Year)
	for _, w := range c.work {
		if gone[w.who] && w.ago < goneDays*vitals.Day {
			continue
		}
		last = min(last, w.ago)
		if w.ago < 30*vitals.Day {
			f.Commits1m++
		}
		if w.ago < vitals.Months3 {
			f.Commits3m++
			weeks[w.ago/(7*vitals.Day)] = true
		}
	}
	for _, worked := range weeks {
		if worked {
			f.Weeks3m++
		}
	}
	f.DaysSinceCommit = float64(last) / vitals.Day
}
