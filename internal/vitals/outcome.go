package vitals

import (
	"slices"
	"time"

	"github.com/mainstay-oss/mainstay/internal/people"
)

// An Outcome is what came after a date: what a forecast is trained for and judged by. A field is nil where the history
// was not observed long enough to tell.
type Outcome struct {
	Stop        *bool // fewer than 3 human commits in (T+365 d, T+730 d], or retired in (T, T+365 d]
	Collapse    *bool // a stop, or fewer than 20 % of Commits12m in (T+365 d, T+730 d]
	BusiestLeft *bool // the busiest person of the last year made no human commit in (T+365 d, T+730 d]; nil without one
}

// Outcome looks past t. retired is the date on which the upstream was retired (Unix seconds), nil if it was not; with such
// a date silence means an end even where nobody watched on.
func (m *Meter) Outcome(t int64, retired *int64) Outcome {
	end := t + 2*Year
	if m.h.ObservedUntil.Unix() < end && retired == nil {
		return Outcome{}
	}
	second := m.human[m.upTo(t+Year):m.upTo(end)]
	before := m.human[m.upTo(t-Year):m.upTo(t)]

	stop := len(second) < 3 || retired != nil && t < *retired && *retired <= t+Year
	collapse := stop || 5*len(second) < len(before)
	out := Outcome{Stop: &stop, Collapse: &collapse}

	if len(before) > 0 {
		persons := m.index.At(t)
		key := m.busiest(m.count(persons, before), before, persons)
		if m.later == nil {
			m.later = people.NewIndex(m.h)
		}
		left := gone(key, persons, before, second, m.later.At(end))
		out.BusiestLeft = &left
	}
	return out
}

// gone tells whether a person of t, who has commits before it, is without commits in the second year. later are the persons
// as they can be told apart at the end of it: who went on under a new address has not left.
func gone(person int32, persons *people.Persons, before, second []work, later *people.Persons) bool {
	now := int32(-1)
	for _, w := range before {
		if persons.Of(w.author) == person {
			now = later.Of(w.author)
			break
		}
	}
	for _, w := range second {
		if later.Of(w.author) == now {
			return false
		}
	}
	return true
}

// MinCommits is the number of commits of any kind under which a history does not count in training and backtests.
const MinCommits = 50

// endOfQuarters bounds the quarters of a history whose dates are not to be believed.
const endOfQuarters = 2100

// Quarters lists the first days of quarters, from 2012-01-01 on, that count in training and backtests: those of
// ActiveQuarters whose outcome is known.
func (m *Meter) Quarters(retired *int64) []int64 {
	return slices.DeleteFunc(m.ActiveQuarters(retired), func(t int64) bool { return !m.ObservedOutcome(t, retired) })
}

// ActiveQuarters lists the first days of quarters, from 2012-01-01 on, at which the upstream was active, not yet retired and
// still watched, whether or not what came after is known. A history of fewer than MinCommits has none.
func (m *Meter) ActiveQuarters(retired *int64) []int64 {
	if len(m.h.Commits) < MinCommits || len(m.human) == 0 {
		return nil
	}
	last := m.human[len(m.human)-1].at + activeSilence
	var quarters []int64
	for d := time.Date(2012, 1, 1, 0, 0, 0, 0, time.UTC); d.Unix() <= last && d.Year() < endOfQuarters; d = d.AddDate(0, 3, 0) {
		t := d.Unix()
		if retired != nil && *retired <= t {
			break
		}
		watched := retired != nil || t <= m.h.ObservedUntil.Unix()
		if watched && m.active(t) {
			quarters = append(quarters, t)
		}
	}
	return quarters
}

// ObservedOutcome tells whether what came after t is known.
func (m *Meter) ObservedOutcome(t int64, retired *int64) bool {
	return retired != nil || m.h.ObservedUntil.Unix() >= t+2*Year
}
