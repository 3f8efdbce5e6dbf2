package pipeline

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"slices"
	"time"

	"github.com/mainstay-oss/mainstay/internal/dependency"
	"github.com/mainstay-oss/mainstay/internal/gap"
	"github.com/mainstay-oss/mainstay/internal/opening"
	"github.com/mainstay-oss/mainstay/internal/store"
	"github.com/mainstay-oss/mainstay/internal/upstream"
)

// ReachStore keeps from run to run what was observed of reach.
type ReachStore interface {
	Append(ctx context.Context, all []store.Observation) error
	Series(ctx context.Context, key string, asOf time.Time) (map[string][]store.Observation, []store.Problem, error)
}

// Counters look up what registries count of packages.
type Counters interface {
	Reach(ctx context.Context, queries []upstream.Query) (map[string]upstream.Reach, []gap.Gap)
}

// lookUpReach looks up what registries count of the packages of the targets, keeps it with what the scan itself counts, and
// gives each target its series. An answer for an earlier day looks nothing up: registries count for today alone.
func (p *Pipeline) lookUpReach(ctx context.Context, r *run) {
	if p.Kept == nil || r.key == "" {
		return
	}
	var gaps []gap.Gap
	if !p.AsOf.Before(p.Today) {
		seen, uncounted := p.observe(ctx, r)
		gaps = uncounted
		// What was looked up is kept though time is up.
		if err := p.Kept.Append(context.WithoutCancel(ctx), seen); err != nil {
			gaps = append(gaps, storeGap(err))
		}
	}
	series, problems, err := p.Kept.Series(context.WithoutCancel(ctx), r.key, p.AsOf)
	if err != nil {
		gaps = append(gaps, storeGap(err))
	}
	for _, bad := range problems {
		gaps = append(gaps, gap.Gap{Stage: gap.People, Kind: gap.BadEntry, File: bad.File, Line: bad.Line, Detail: bad.Detail, Count: 1})
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.gaps = append(r.gaps, gaps...)
	for _, t := range r.targets {
		t.reach = store.Quarters(series[t.id])
	}
}

// observe gives today's observation of every target that makes packages of the subjects, and what could not be looked up.
func (p *Pipeline) observe(ctx context.Context, r *run) (seen []store.Observation, gaps []gap.Gap) {
	targets := nearestFirst(r.targets)
	chosen := r.counted(targets)
	found := map[string]upstream.Reach{}
	if p.Counters != nil {
		found, gaps = p.Counters.Reach(ctx, slices.Concat(chosen...))
	}
	for i, t := range targets {
		o := store.Observation{Date: p.Today.Format(time.DateOnly), Key: r.key, Upstream: t.id}
		if len(t.packages) > 0 {
			subjects, packages := len(t.depths), len(t.packages)
			o.Subjects, o.Packages = &subjects, &packages
		}
		if len(chosen[i]) > 0 {
			counted := upstream.Together(found, chosen[i])
			// What a registry said longer ago is no observation of today.
			if counted.On >= p.Today.AddDate(0, 0, -1).Format(time.DateOnly) {
				o.Downloads, o.Dependents = counted.Downloads, counted.Dependents
			}
		}
		if o.Subjects != nil || o.Downloads != nil || o.Dependents != nil {
			seen = append(seen, o)
		}
	}
	return seen, gaps
}

// counted chooses the packages of targets whose reach is looked up.
func (r *run) counted(targets []*target) [][]upstream.Query {
	asked := make([][]upstream.Query, len(targets))
	for i, t := range targets {
		for _, purl := range t.packages {
			asked[i] = append(asked[i], r.query(purl))
		}
	}
	return upstream.Counted(asked)
}

// toCount lists what would be asked about.
func (p *Pipeline) toCount(r *run) []upstream.Query {
	return slices.Concat(r.counted(nearestFirst(r.targets))...)
}

// Key is the key under which is kept what is asked about; empty if it has none.
func Key(req Request) string {
	switch {
	case req.Cohort != "" && slices.Contains(upstream.Cohorts, req.Cohort):
		return store.NamesKey("cohort", req.Cohort)
	case req.Cohort != "" || req.Path != "":
		key, err := store.PathKey(cmp.Or(req.Cohort, req.Path))
		if err != nil { // no folder to count a relative path from
			return ""
		}
		return key
	case len(req.PURLs) > 0:
		return store.NamesKey("purls", req.PURLs...)
	}
	return store.NamesKey("upstreams", req.Upstreams...)
}

// query asks about a package as the resolver did.
func (r *run) query(purl string) upstream.Query {
	i, found := slices.BinarySearchFunc(r.packages, purl, func(n dependency.Node, purl string) int { return cmp.Compare(n.PURL, purl) })
	if !found {
		return upstream.Query{PURL: purl}
	}
	return queries(r.packages[i : i+1])[0]
}

func storeGap(err error) gap.Gap {
	g := gap.Gap{Stage: gap.People, Kind: gap.Unreadable, Detail: err.Error(), Count: 1}
	var path *fs.PathError
	var kept *store.Error
	switch {
	case errors.As(err, &path):
		g.File, g.Detail = path.Path, path.Err.Error()
	case errors.As(err, &kept):
		g.File, g.Detail = kept.File, kept.Err.Error()
	}
	return g
}

// reached is what is known of who uses an upstream and who comes to it.
func (p *Pipeline) reached(t *target) opening.Reached {
	r := opening.Reached{Audience: t.measured.audience}
	if n := len(t.reach); n > 0 && t.reach[n-1].Date > p.AsOf.Add(-tooOld).Format(time.DateOnly) {
		r.Downloads, r.Dependents = t.reach[n-1].Downloads, t.reach[n-1].Dependents
	}
	return r
}
