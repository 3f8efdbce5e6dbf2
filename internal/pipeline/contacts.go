package pipeline

import (
	"cmp"
	"context"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"github.com/mainstay-oss/mainstay/internal/upstream"
)

// A Contact is a host that a run would ask.
type Contact struct {
	Host     string
	Requests int    // at most
	For      string // registry or git
	More     bool   // what POMs lead to, which is known only once they are there, comes to it: up to dependency.MostPOMs
}

// A Planner tells what would be asked, sending nothing.
type Planner struct {
	Packages     func([]upstream.Query) map[string]int          // look-ups of packages by host
	Moved        func([]upstream.Query) map[string]int          // questions where repositories live now, by host
	ModuleFile   func(path, version string) (host string)       // where a Go module's file would come from
	POM          func(group, artifact, version string) string   // the host that a POM would come from
	Repositories func(ids []string, refined int) map[string]int // repositories to fetch by host; of refined the pull heads too

	// What a command asks for beyond that; nil for what it does not.
	Files  func(ids []string) map[string]int             // files that list maintainers
	Trees  func(ids []string) map[string]int             // trees, for territory
	Reach  func(queries []upstream.Query) map[string]int // what registries count
	Closer int                                           // of how many upstreams files and trees are asked for; 0 for all
}

// Contacts tells, sending nothing, which hosts an answer to the request would ask: registries about packages, and git hosts
// for the upstreams that are known without asking.
func (p *Pipeline) Contacts(ctx context.Context, req Request, plan Planner) ([]Contact, error) {
	r := &run{}
	ids := slices.Clone(req.Upstreams)
	registries := map[string]int{}
	var further map[string]bool
	switch {
	case req.Cohort != "":
		if err := r.enlist(req.Cohort); err != nil {
			return nil, err
		}
	case req.Path != "" || len(req.PURLs) > 0:
		if err := p.inventory(ctx, r, req); err != nil {
			return nil, err
		}
		modules := &wantedModules{host: plan.ModuleFile, pom: plan.POM, counts: registries}
		r.inventory.Connect(ctx, modules, 1)
		for host, n := range plan.Packages(queries(r.packages)) {
			registries[host] += n
		}
		further = modules.poms
		p.resolve(ctx, r)
	}
	for _, t := range r.targets {
		ids = append(ids, t.id)
	}
	var out []Contact
	if plan.Reach != nil {
		for host, n := range plan.Reach(p.toCount(r)) {
			registries[host] += n
		}
	}
	for host, n := range registries {
		out = append(out, Contact{Host: host, Requests: n, For: "registry", More: further[host]})
	}
	git := plan.Repositories(ids, first*refineRounds+plan.Closer)
	if plan.Moved != nil {
		for host, n := range plan.Moved(queries(r.packages)) {
			git[host] += n
		}
	}
	for _, more := range []func([]string) map[string]int{plan.Files, plan.Trees} {
		for host, n := range plan.few(more, ids) {
			git[host] += n
		}
	}
	for host, n := range git {
		out = append(out, Contact{Host: host, Requests: n, For: "git"})
	}
	slices.SortFunc(out, func(a, b Contact) int {
		return cmp.Or(cmp.Compare(a.For, b.For), cmp.Compare(a.Host, b.Host))
	})
	return out, nil
}

// few counts requests for all upstreams or, where a command looks closer at some that are not known before, for as many of each
// host as it could be: the dearest ones.
func (plan *Planner) few(count func([]string) map[string]int, ids []string) map[string]int {
	if count == nil {
		return nil
	}
	if plan.Closer == 0 {
		return count(ids)
	}
	byHost := map[string][]string{}
	for _, id := range ids {
		if host, _, _ := strings.Cut(id, "/"); len(count([]string{id})) > 0 {
			byHost[host] = append(byHost[host], id)
		}
	}
	all := map[string]int{}
	for host, ids := range byHost {
		all[host] += count(ids[:min(len(ids), plan.Closer)])[host]
	}
	return all
}

// wantedModules counts the module files and POMs that would be asked for, and gives none. What POMs lead to is not known before
// they are there.
type wantedModules struct {
	host   func(path, version string) string
	pom    func(group, artifact, version string) string
	mu     sync.Mutex
	counts map[string]int
	poms   map[string]bool // hosts that would be asked for POMs
}

func (w *wantedModules) GoMod(_ context.Context, path, version string) ([]byte, error) {
	return w.want(w.host(path, version))
}

func (w *wantedModules) POM(_ context.Context, group, artifact, version string) ([]byte, error) {
	host := w.pom(group, artifact, version)
	if host != "" {
		w.mu.Lock()
		if w.poms == nil {
			w.poms = map[string]bool{}
		}
		w.poms[host] = true
		w.mu.Unlock()
	}
	return w.want(host)
}

func (w *wantedModules) want(host string) ([]byte, error) {
	if host != "" {
		w.mu.Lock()
		w.counts[host]++
		w.mu.Unlock()
	}
	return nil, fs.ErrNotExist
}
