package opening

import (
	"math/bits"
	"sort"

	"github.com/mainstay-oss/mainstay/internal/forecast"
	"github.com/mainstay-oss/mainstay/internal/vitals"
)

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
	f.SecondCommits = c.next(minor, 1)
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
	f.SecondCommits = c.next(gone, 0)
	c.recent(&f, others)
	return f
}

// next gives the commits of the busiest, from a place on, who does not leave.
func (c *crew) next(gone []bool, from int) float64 {
	for i := from; i < len(gone); i++ {
		if !gone[i] {
			return float64(c.people[i].commits)
		}
	}
	return 0
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
