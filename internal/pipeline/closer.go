package pipeline

import (
	"context"

	"github.com/mainstay-oss/mainstay/internal/gap"
	"github.com/mainstay-oss/mainstay/internal/history"
	"github.com/mainstay-oss/mainstay/internal/opening"
	"github.com/mainstay-oss/mainstay/internal/vitals"
)

// closer is what is said of an upstream to who is sent there.
type closer struct {
	undone opening.Undone
	seat   opening.WayToSeat
}

const (
	mostPulls  = 5   // that no commit names are looked at; a plan names fewer
	patience   = 7   // days that a pull may wait before somebody new looks at it
	freshPulls = 200 // at most so many younger ones stand before those
)

// newCloser gathers what lies undone, and how people come to have a say.
func newCloser(m *measured, meter *vitals.Meter) *closer {
	t := m.asOf.Unix()
	c := &closer{undone: opening.Undone{
		CommitsSinceRelease: m.load.CommitsSinceRelease,
		ReleaseBacklog:      m.load.ReleaseBacklog,
		Regulars:            m.load.Regulars12m,
	}}
	if m.survey != nil {
		for _, f := range m.survey.Folders {
			c.undone.Folders = append(c.undone.Folders, opening.Folder{Path: f.Path, Files: f.Files, Orphaned: f.Orphaned})
		}
	}
	for _, pull := range meter.OpenPulls(t, mostPulls+freshPulls) {
		if days := int((t - pull.Authored) / vitals.Day); days >= patience {
			c.undone.Pulls = append(c.undone.Pulls, opening.Pull{Number: int(pull.Number), Days: days})
		}
	}
	if m.roll != nil {
		if now := m.roll.Now; now != nil {
			c.undone.Listed, c.undone.ActiveListed = &now.Listed, &now.Active
		}
		c.seat.Files = m.roll.files
		c.seat.Days, c.seat.Median = m.roll.daysToSeat, m.roll.medianToSeat
	}
	if m.wayIn != nil {
		c.seat.Newcomers, c.seat.Stayed = m.wayIn.Newcomers, m.wayIn.Stayed
	}
	return c
}

// lookCloser measures the targets that a plan sends somebody to once more, with their files and pull heads. What cannot be had
// is a gap, and what was measured before stands.
func (p *Pipeline) lookCloser(ctx context.Context, r *run, targets []*target) {
	how := wanted{wayIn: true, governance: true, territory: true, closer: true}
	p.each(targets, func(t *target) {
		m, gaps, err := p.findCloser(ctx, t, how)
		r.mu.Lock()
		defer r.mu.Unlock()
		if err != nil {
			t.gaps = append(t.gaps, failure(t.id, err).Gap())
			return
		}
		m.source, m.fit = t.measured.source, t.measured.fit
		t.measured, t.gaps = m, gaps
		p.settle(t)
		p.tell(Step{Stage: "histories", What: t.id})
	})
}

// findCloser finds a history with its pull heads, if they can be had.
func (p *Pipeline) findCloser(ctx context.Context, t *target, how wanted) (*measured, []gap.Gap, error) {
	if t.measured.source == fromReference {
		return nil, nil, &history.Error{Kind: gap.NoHistory, Upstream: t.id}
	}
	if fetched := t.measured.source == history.Network || t.measured.source == history.Cache; fetched && !t.measured.pullsKnown && ctx.Err() == nil {
		if m, gaps, err := p.findWithPulls(ctx, t, how); err == nil {
			return m, gaps, nil
		}
	}
	return p.find(ctx, t, how)
}
