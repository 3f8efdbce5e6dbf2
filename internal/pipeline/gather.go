package pipeline

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"

	"github.com/mainstay-oss/mainstay/internal/gap"
	"github.com/mainstay-oss/mainstay/internal/history"
)

// target is one upstream on its way through the pipeline.
type target struct {
	id, url  string
	packages []string // purls of the packages it makes, sorted
	depths   map[string]int
	weight   float64 // in a cohort; 0 elsewhere

	done     bool // looked for, with or without success
	measured *measured
	gaps     []gap.Gap
	failure  *history.Error // why there is no measured, once done
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

// gather reads the histories of the targets, what is nearest to the subjects first, Workers side by side, until all are
// read or ctx ends. It calls early once if firstAnswer comes before that.
func (p *Pipeline) gather(ctx context.Context, targets []*target, how depth, early func()) {
	order := slices.Clone(targets)
	slices.SortStableFunc(order, func(a, b *target) int {
		return cmp.Or(cmp.Compare(a.nearest(), b.nearest()), cmp.Compare(len(b.depths), len(a.depths)), cmp.Compare(a.id, b.id))
	})

	var mu sync.Mutex // guards the targets' results and done
	done := 0
	todo := make(chan *target)
	var workers sync.WaitGroup
	for range max(p.Workers, 1) {
		workers.Add(1)
		go func() {
			defer workers.Done()
			for t := range todo {
				m, gaps, err := p.find(ctx, t.id, t.url, how)
				mu.Lock()
				t.done, t.measured, t.gaps, t.failure = true, m, gaps, failure(t.id, err)
				done++
				p.tell(Step{Stage: "histories", Done: done, Total: len(order), What: t.id})
				mu.Unlock()
			}
		}()
	}

	finished := make(chan struct{})
	go func() {
		defer close(finished)
		defer workers.Wait()
		defer close(todo)
		for _, t := range order {
			select {
			case todo <- t:
			case <-ctx.Done():
				return
			}
		}
	}()
	if early != nil {
		select {
		case <-finished:
		case <-p.FirstAnswer:
			mu.Lock()
			early()
			mu.Unlock()
		}
	}
	<-finished
}

// failure gives the error of a search as what the gaps are made of.
func failure(id string, err error) *history.Error {
	if err == nil {
		return nil
	}
	var known *history.Error
	switch {
	case errors.As(err, &known):
		return known
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return &history.Error{Kind: gap.OutOfBudget, Upstream: id}
	}
	return &history.Error{Kind: gap.NoHistory, Upstream: id, Detail: err.Error()}
}

// refine fetches the pull heads of the upstreams that are shown first and measures those again. Heads cost many times what
// the commits cost, so the others go without; what is not known of them stays null.
func (p *Pipeline) refine(ctx context.Context, targets []*target, how depth) {
	for _, t := range targets {
		if ctx.Err() != nil {
			return
		}
		if t.measured == nil || t.measured.pullsKnown || t.measured.source != history.Network && t.measured.source != history.Cache {
			continue
		}
		h, err := p.Histories.Find(ctx, t.id, t.url)
		if err != nil {
			continue
		}
		if h, err = p.Histories.Pulls(ctx, h); err != nil {
			continue // the measures without pull heads stand
		}
		m, gaps := p.measure(h, how)
		m.source = t.measured.source
		t.measured, t.gaps = m, gaps
		p.tell(Step{Stage: "histories", What: t.id})
	}
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
