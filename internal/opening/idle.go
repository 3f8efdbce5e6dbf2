package opening

import "github.com/mainstay-oss/mainstay/internal/forecast"

// Idle is the price of doing nothing at an upstream: what rides on it, and how likely it is to fail.
type Idle struct {
	Exposure float64
	Subjects int // that ride on it
	Packages int // of theirs that it makes; 0 in a cohort, where nothing rides on anything
	Outlook  forecast.Outlook
}

// Sentence tells it.
func (i Idle) Sentence() Sentence {
	o := &i.Outlook
	if i.Packages == 0 {
		return Sentence{"plan.idle.cohort", []any{o.Stop, o.Interval[0], o.Interval[1], o.Fragility, leaveRate}}
	}
	return Sentence{"plan.idle", []any{i.Subjects, i.Packages, i.Exposure, o.Stop, o.Interval[0], o.Interval[1], o.Fragility, leaveRate}}
}
