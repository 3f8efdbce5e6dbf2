package opening

import (
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
// It is never under leastStop. Only terms move that help or harm by a rule of sign in training (and the departed share, whose weight
// a test watches), so that one more who leaves never lowers the probability. What is measured stays the yardstick:
// forecast.Features.Measured.
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
