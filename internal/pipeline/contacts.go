package pipeline

import (
	"cmp"
	"context"
	"io/fs"
	"slices"
	"sync"

	"github.com/mainstay-oss/mainstay/internal/upstream"
)

// A Contact is a host that a run would ask.
type Contact struct {
	Host     string
	Requests int    // at most
	For      string // registry or git
}

// A Planner tells what would be asked, sending nothing.
type Planner struct {
	Packages     func([]upstream.Query) map[string]int          // look-ups of packages by host
	ModuleFile   func(path, version string) (host string)       // where a Go module's file would come from
	Repositories func(ids []string, refined int) map[string]int // repositories to fetch by host; of refined the pull heads too
}

// Contacts tells, sending nothing, which hosts an answer to the request would ask: registries about packages, and git hosts
// for the upstreams that are known without asking.
func (p *Pipeline) Contacts(ctx context.Context, req Request, plan Planner) ([]Contact, error) {
	r := &run{}
	ids := slices.Clone(req.Upstreams)
	registries := map[string]int{}
	switch {
	case req.Cohort != "":
		if err := r.enlist(req.Cohort); err != nil {
			return nil, err
		}
	case req.Path != "" || len(req.PURLs) > 0:
		if err := p.inventory(ctx, r, req); err != nil {
			return nil, err
		}
		modules := &wantedModules{host: plan.ModuleFile, counts: registries}
		r.inventory.Connect(ctx, modules, 1)
		for host, n := range plan.Packages(queries(r.packages)) {
			registries[host] += n
		}
		p.resolve(ctx, r)
	}
	for _, t := range r.targets {
		ids = append(ids, t.id)
	}
	var out []Contact
	for host, n := range registries {
		out = append(out, Contact{Host: host, Requests: n, For: "registry"})
	}
	for host, n := range plan.Repositories(ids, first*refineRounds) {
		out = append(out, Contact{Host: host, Requests: n, For: "git"})
	}
	slices.SortFunc(out, func(a, b Contact) int {
		return cmp.Or(cmp.Compare(a.For, b.For), cmp.Compare(a.Host, b.Host))
	})
	return out, nil
}

// wantedModules counts the module files that would be asked for, and gives none.
type wantedModules struct {
	host   func(path, version string) string
	mu     sync.Mutex
	counts map[string]int
}

func (w *wantedModules) GoMod(_ context.Context, path, version string) ([]byte, error) {
	if host := w.host(path, version); host != "" {
		w.mu.Lock()
		w.counts[host]++
		w.mu.Unlock()
	}
	return nil, fs.ErrNotExist
}
