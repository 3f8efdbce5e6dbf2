package upstream

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// A count is one request to a registry, and how its answer is read.
type count struct {
	registry string // base address
	request  request
	read     func([]byte) (Reach, error) // without counts if the answer has none of the package
}

// A countJob is what is asked about one package, whatever its versions.
type countJob struct {
	purls  []string
	counts []count
	reach  Reach
	err    error
}

// countJobs gathers what is to be asked, in the order of the queries; of the rest no registry counts anything.
func (r *Resolver) countJobs(queries []Query) (jobs []*countJob, rest []string) {
	byName := make(map[string]*countJob)
	for _, q := range queries {
		kind, name := countable(q)
		ask := counters[kind]
		if ask == nil {
			rest = append(rest, q.PURL)
			continue
		}
		j := byName[kind+" "+name]
		if j == nil {
			j = &countJob{}
			if len(jobs) < ReachPerRun {
				j.counts = ask(r, name, q)
			} else {
				j.err = errTooMany
			}
			byName[kind+" "+name] = j
			jobs = append(jobs, j)
		}
		j.purls = append(j.purls, q.PURL)
	}
	return jobs, rest
}

var (
	errTooMany = fmt.Errorf("more than %d packages", ReachPerRun)
	errNoPlace = errors.New("your configuration names no place to ask")
)

// Reach looks up what registries count of packages. The result has an entry for each that was looked up, without counts where
// no registry counts; one that could not be is missing, which a gap explains. At most ReachPerRun packages are asked about:
// choose with Counted.
func (r *Resolver) Reach(ctx context.Context, queries []Query) (map[string]Reach, []gap.Gap) {
	jobs, rest := r.countJobs(queries)
	var without searchless
	var g errgroup.Group
	g.SetLimit(reachParallel)
	for i, j := range jobs {
		if j.err != nil {
			continue
		}
		if i == 0 { // alone: if its registry has no search, the others need not ask there
			j.reach, j.err = r.count(ctx, j.counts, &without)
			continue
		}
		g.Go(func() error {
			j.reach, j.err = r.count(ctx, j.counts, &without)
			return nil
		})
	}
	_ = g.Wait() // never an error

	out := make(map[string]Reach, len(queries))
	for _, purl := range rest {
		out[purl] = Reach{}
	}
	var open gaps
	for _, j := range jobs {
		if j.err != nil {
			open.uncounted(j.err)
			continue
		}
		for _, purl := range j.purls {
			out[purl] = j.reach
		}
	}
	return out, open.list()
}

// count asks until a registry knows something of the package. The error is the gravest on the way, if none did.
func (r *Resolver) count(ctx context.Context, counts []count, without *searchless) (Reach, error) {
	if len(counts) == 0 {
		if r.offline {
			return Reach{}, ErrOffline
		}
		return Reach{}, errNoPlace
	}
	var worst error
	for _, c := range counts {
		if without.has(c.registry) {
			continue
		}
		reach, err := r.countAt(ctx, c, without)
		if reach.known() {
			return reach, nil
		}
		if err != nil && (worst == nil || gravity(err) > gravity(worst)) {
			worst = err
		}
	}
	return Reach{}, worst
}

// countAt asks one registry.
func (r *Resolver) countAt(ctx context.Context, c count, without *searchless) (Reach, error) {
	resp, err := r.fetch.get(ctx, c.request)
	if err != nil {
		return Reach{}, err
	}
	if noSearch(resp.status) {
		without.add(c.registry)
		return Reach{}, nil
	}
	u, _ := url.Parse(c.request.url)
	if err := statusError(resp.status); err != nil {
		return Reach{}, fmt.Errorf("%s %w", u.Host, err)
	}
	reach, err := c.read(resp.body)
	if err != nil {
		return Reach{}, fmt.Errorf("%s: %w", u.Host, err)
	}
	if reach.known() {
		reach.Source, reach.On = u.Host, resp.at.UTC().Format(time.DateOnly)
	}
	return reach, nil
}

// PlanReach gives, per host, how many requests Reach would send at most for these queries. Nothing is sent.
func (r *Resolver) PlanReach(queries []Query) map[string]int {
	hosts := make(map[string]int)
	if r.offline {
		return hosts
	}
	jobs, _ := r.countJobs(queries)
	var without searchless
	for _, j := range jobs {
		for _, c := range j.counts {
			if without.has(c.registry) {
				continue
			}
			e, _, enough := r.fetch.cached(c.request)
			if !enough {
				if u, err := url.Parse(c.request.url); err == nil {
					hosts[u.Host]++
				}
				continue
			}
			if noSearch(e.Status) {
				without.add(c.registry)
			} else if reach, err := c.read(e.Body); err == nil && reach.known() {
				break
			}
		}
	}
	return hosts
}

// noSearch tells from the status of an answer that a registry has no search: mirrors and private ones often have none.
func noSearch(status int) bool {
	switch status {
	case http.StatusBadRequest, http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusGone, http.StatusNotImplemented:
		return true
	}
	return false
}

// searchless are the registries that have turned out to have no search.
type searchless struct {
	mu  sync.Mutex
	set map[string]bool
}

func (s *searchless) add(registry string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.set == nil {
		s.set = make(map[string]bool)
	}
	s.set[registry] = true
}

func (s *searchless) has(registry string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.set[registry]
}

// uncounted adds a package whose reach could not be looked up, to those with the same cause.
func (g *gaps) uncounted(err error) {
	one := gap.Gap{Stage: gap.Upstream, Kind: gap.NoReach, Detail: err.Error(), Count: 1}
	var he *hostError
	if errors.As(err, &he) {
		one.What, one.Detail = he.host, he.cause.Error()
	}
	key := string(one.Kind) + " " + one.What
	if one.What == "" {
		key += " " + one.Detail
	}
	if g.shared == nil {
		g.shared = make(map[string]*gap.Gap)
	}
	if old := g.shared[key]; old != nil {
		old.Count++
		old.Detail = min(old.Detail, one.Detail)
		return
	}
	g.shared[key] = &one
}
