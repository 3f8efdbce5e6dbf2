package pipeline

import (
	"github.com/mainstay-oss/mainstay/internal/forecast/reference"
	"github.com/mainstay-oss/mainstay/internal/gap"
	"github.com/mainstay-oss/mainstay/internal/history"
	"github.com/mainstay-oss/mainstay/internal/vitals"
)

// fromReference is the source of figures that no history was read for: those of the embedded cohort. It is a source of the
// report's rows alone; no finder of histories gives it.
const fromReference history.Source = "reference"

// standIn lets the embedded cohort answer for its own projects among the targets for which no history could be had. Why there is
// none stays reported. A repository that was read and is empty has a history, of nothing.
func (p *Pipeline) standIn(targets []*target, how wanted) {
	if p.Reference == nil {
		return
	}
	for _, t := range targets {
		if t.measured != nil || t.failure != nil && t.failure.Kind == gap.EmptyRepository {
			continue
		}
		if e, ok := p.Reference.At(t.id, p.AsOf); ok {
			t.measured = p.recall(t.id, e, how)
			p.settle(t)
		}
	}
}

// recall makes of an entry of the cohort what measure makes of a history. Load and people are not in it.
func (p *Pipeline) recall(id string, e reference.Entry, how wanted) *measured {
	m := &measured{
		source:        fromReference,
		commits:       e.Commits,
		observedUntil: e.ObservedUntil,
		pullsKnown:    e.Vitals.PullsOpened12m != nil,
		asOf:          e.AsOf,
		vitals:        e.Vitals,
		state:         e.State,
		quiet:         e.Quiet,
	}
	if p.ended(id, p.AsOf) {
		m.state, m.quiet = vitals.Ended, ""
	}
	factor := func(months int) *int {
		if back, ok := p.Reference.Back(e, months); ok {
			return back.Vitals.ContributorAbsenceFactor
		}
		return nil
	}
	m.factorAgo, m.factor24 = factor(18), factor(24)
	if m.state == vitals.Active && e.Features != nil {
		p.foresee(m, id, *e.Features, how)
	}
	if !how.portrait {
		return m
	}
	for _, q := range p.Reference.Quarters(e) {
		pt := point{at: q.AsOf, vitals: q.Vitals, state: q.State}
		if p.ended(id, q.AsOf) {
			pt.state = vitals.Ended
		}
		if pt.state == vitals.Active && q.Features != nil {
			stop, _, fragility := p.Model.For(id).Chances(*q.Features)
			pt.stop, pt.fragility = &stop, &fragility
		}
		m.series = append(m.series, pt)
	}
	return m
}
