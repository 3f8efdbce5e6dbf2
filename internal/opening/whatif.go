package opening

import (
	"math"

	"github.com/mainstay-oss/mainstay/internal/forecast"
	"github.com/mainstay-oss/mainstay/internal/vitals"
)

// RegularRhythm is the work of a regular contributor that plans suppose: 48 human commits a year, four a month. In the
// training data the second busiest person of a project-quarter makes 25 (median) to 58 (mean).
const RegularRhythm = 48

// WithContributor tells how the features of an upstream would stand if one more person had worked on it through the last
// year, evenly, with so many commits a year, but no more than its busiest person: help joins a project, it does not take it over.
//
// It is the same project with one more pair of hands. What tells of its past stays as it was: commits of earlier years and
// the change against them, who left, newcomers, releases, pulls. Commits12m stays too, as the yardstick that a collapse
// is measured by. So the effect is rather under- than overstated. It compares with projects that have such a person; it is
// no proof that hiring one has this effect.
func WithContributor(f forecast.Features, rhythm float64) forecast.Features {
	m := min(rhythm, f.BusiestCommits)
	if !(m > 0) {
		return f
	}
	if f.Measured == nil {
		measured := f
		f.Measured = &measured
	}
	f.Added += m
	f.Commits3m += m * 91 / 365
	f.Commits1m += m * 30 / 365
	f.DaysSinceCommit = min(f.DaysSinceCommit, 365/m)
	f.Weeks3m += (13 - f.Weeks3m) * min(1, m/52) // weeks with work, if the two do not coordinate
	f.Contributors12m++
	f.Regulars12m++
	f.SecondCommits = max(f.SecondCommits, m)
	f.Lasting += forecast.AgainstLeaving(m)
	return f
}

// goneDays is since when the busiest person is supposed to have been silent: as long as it takes to count as departed.
const goneDays = 183

// WithoutBusiest tells how the features of an upstream would stand if its busiest person had been silent for half a year and
// the others had gone on as they did. Recent work is theirs alone, at the share of the year that they made; who left
// counts among the departed. The year's commits and the shares stay, as the yardstick that a collapse is measured by.
//
// Features do not say who made which commit, so three figures are guesses at the others' rhythm: their part of the recent
// commits is their part of the year's; their weeks are those in which work that falls at random at that rate would fall; and
// if the last commit is the busiest person's, theirs is as old as their average gap.
func WithoutBusiest(f forecast.Features) forecast.Features {
	share := f.BusiestCommits / f.Commits12m
	others := f.Commits12m - f.BusiestCommits
	if !(share > 0 && share <= 1) {
		return f
	}
	if f.Measured == nil {
		measured := f
		f.Measured = &measured
	}
	f.Commits3m *= 1 - share
	f.Commits1m *= 1 - share
	f.Weeks3m = min(f.Weeks3m, 13*(1-math.Exp(-f.Commits3m/13)))
	if f.BusiestDays <= f.DaysSinceCommit+0.01 { // tables keep two digits
		f.DaysSinceCommit = max(f.DaysSinceCommit, 365/max(others, 1))
	}
	if !math.IsNaN(f.Departed) {
		f.Departed += (1 - f.Departed) * share
	}
	f.Contributors12m = max(f.Contributors12m-1, 0)
	f.Contributors6m = max(f.Contributors6m-1, 0)
	f.Monthly6m = max(f.Monthly6m-min(1, f.BusiestMonths/12), 0)
	f.Lasting = max(f.Lasting-forecast.AgainstLeavingOf(f), 0)
	f.BusiestDays = max(f.BusiestDays, goneDays)
	f.Lasting += forecast.AgainstLeavingOf(f)
	return f
}

// A Supposed is what the model says of an upstream in a supposed case.
type Supposed struct {
	Case
	Stop, Collapse float64
	// Interval is the 80 % interval of Stop; nil where the busiest leaves, for which none is computed.
	Interval *[2]float64
	// Fragility is nil where the busiest leaves: Stop is then what it was, and who is busiest after them is another question.
	Fragility *float64
	Loss      float64
}

// Suppose judges a case.
//
// Where people join, everything is the model's word on the features with them. Where the busiest leaves, the chance of a stop is
// the fragility, which is just that and calibrated as such. The chance of a collapse is that of the features without their
// recent work, and the loss is that chance: the leaving, which an active upstream's loss puts at a common rate, has happened.
// All three are never under what they are if the busiest stays. If they leave and others join, the others join what is left.
func Suppose(m *forecast.Model, f forecast.Features, c Case) Supposed {
	joined := c.join(f)
	s := Supposed{Case: c}
	if !c.Leaves {
		o := m.Outlook(joined)
		s.Stop, s.Collapse, s.Interval, s.Fragility = o.Stop, o.Collapse, &o.Interval, &o.Fragility
		s.Loss = *Loss(vitals.Active, "", s.Collapse, o.Fragility)
		return s
	}
	stays := stand(m, joined)
	_, collapse, _ := m.Chances(c.join(WithoutBusiest(f)))
	s.Stop = max(stays.Stop, stays.Fragility)
	s.Collapse = max(stays.Collapse, collapse, s.Stop)
	s.Loss = max(stays.Loss, s.Collapse)
	return s
}
