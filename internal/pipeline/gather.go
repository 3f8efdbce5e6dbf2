package pipeline

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"github.com/mainstay-oss/mainstay/internal/gap"
	"github.com/mainstay-oss/mainstay/internal/history"
	"github.com/mainstay-oss/mainstay/internal/store"
	"github.com/mainstay-oss/mainstay/internal/upstream"
)

// target is one upstream on its way through the pipeline.
type target struct {
	id, url  string
	packages []string // purls of the packages it makes, sorted
	depths   map[string]int
	weight   float64           // in a cohort; 0 elsewhere
	registry []upstream.Notice // by registries, which say that its packages are deprecated

	done     bool // looked for, with or without success
	refined  bool // pull heads were looked for
	measured *measured
	gaps     []gap.Gap
	failure  *history.Error // why there is no measured, once done

	reach []store.Quarter // what was observed of its reach, by quarter; only where asked for
}

// nearest is the depth of the shallowest package over all subjects, 1 for direct.
func (t *target) nearest() int {
	least := 0
	for _, d := range t.depths {
		if least == 0 || d < least {
			least = d
		}
	}
	return max(least, 1)
}

// gather reads the histories of the targets, what is nearest to the subjects first, Workers side by side. When within, which
// carries the budget, has ended, what lies at hand is still read: only the network is given up.
func (p *Pipeline) gather(within context.Context, r *run, how wanted) {
	order := nearestFirst(r.targets)
	done := 0
	p.each(order, func(t *target) {
		m, gaps, err := p.find(within, t, how)
		r.mu.Lock()
		defer r.mu.Unlock()
		t.done, t.measured, t.gaps, t.failure = true, m, gaps, failure(t.id, err)
		p.settle(t)
		done++
		p.tell(Step{Stage: "histories", Done: done, Total: len(order), What: t.id})
	})
}

// nearestFirst puts what is nearest to the subjects first, then what most of them ride on.
func nearestFirst(targets []*target) []*target {
	order := slices.Clone(targets)
	slices.SortStableFunc(order, func(a, b *target) int {
		return cmp.Or(cmp.Compare(a.nearest(), b.nearest()), cmp.Compare(len(b.depths), len(a.depths)), cmp.Compare(a.id, b.id))
	})
	return order
}

// each does something with every target, Workers side by side.
func (p *Pipeline) each(targets []*target, do func(*target)) {
	todo := make(chan *target)
	var workers sync.WaitGroup
	for range max(p.Workers, 1) {
		workers.Go(func() {
			for t := range todo {
				do(t)
			}
		})
	}
	for _, t := range targets {
		todo <- t
	}
	close(todo)
	workers.Wait()
}

// failure gives the error of a search as what the gaps are made of.
func failure(id string, err error) *history.Error {
	if err == nil {
		return nil
	}
	var known *history.Error
	if errors.As(err, &known) {
		return known
	}
	return &history.Error{Kind: gap.NoHistory, Upstream: id, Err: err}
}

// refineRounds bounds how often the first of the ranking are looked at again, as a closer look can bring others there.
const refineRounds = 3

// refine fetches the pull heads of the upstreams that pick names, and measures those again. Heads cost many times what the
// commits cost, so the others go without; what is not known of them stays null.
func (p *Pipeline) refine(within context.Context, r *run, how wanted, pick func() []*target) {
	for range refineRounds {
		var again []*target
		for _, t := range pick() {
			if t.measured != nil && !t.measured.pullsKnown && !t.refined && (t.measured.source == history.Network || t.measured.source == history.Cache) {
				t.refined = true
				again = append(again, t)
			}
		}
		if len(again) == 0 || within.Err() != nil {
			return
		}
		p.each(again, func(t *target) {
			m, gaps, err := p.findWithPulls(within, t, how)
			r.mu.Lock()
			defer r.mu.Unlock()
			if err != nil { // the measures without pull heads stand
				g := failure(t.id, err).Gap()
				g.Detail = strings.TrimSuffix("pull request heads: "+g.Detail, ": ")
				t.gaps = append(t.gaps, g)
				return
			}
			m.source = t.measured.source
			t.measured, t.gaps = m, gaps
			p.settle(t)
			p.tell(Step{Stage: "histories", What: t.id})
		})
	}
}

func (p *Pipeline) findWithPulls(ctx context.Context, t *target, how wanted) (*measured, []gap.Gap, error) {
	h, err := p.Histories.Find(ctx, t.id, t.url)
	if err != nil {
		return nil, nil, err
	}
	if h, err = p.Histories.Pulls(ctx, h); err != nil {
		return nil, nil, err
	}
	m, gaps := p.measure(ctx, h, p.repositoryOf(ctx, t.id), t.packages, how)
	return m, gaps, nil
}

// historyGaps tells why upstreams have no history: causes that concern many are one gap each, with their number.
func historyGaps(targets []*target) []gap.Gap {
	type cause struct {
		kind gap.Kind
		host string
	}
	many := map[cause]int{}
	var gaps []gap.Gap
	for _, t := range targets {
		gaps = append(gaps, t.gaps...)
		if !t.done {
			many[cause{kind: gap.OutOfBudget}]++
			continue
		}
		if t.failure == nil {
			continue
		}
		switch g := t.failure.Gap(); g.Kind {
		case gap.HostUnreachable:
			many[cause{g.Kind, g.What}]++
		case gap.Offline, gap.OutOfBudget:
			many[cause{kind: g.Kind}]++
		default:
			gaps = append(gaps, g)
		}
	}
	for c, n := range many {
		gaps = append(gaps, gap.Gap{Stage: gap.History, Kind: c.kind, What: c.host, Count: n})
	}
	gap.Sort(gaps)
	return gaps
}
