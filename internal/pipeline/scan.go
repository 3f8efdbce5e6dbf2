package pipeline

import (
	"context"
	"slices"
	"sort"
	"strings"
	"sync"
	"time"

	"github.com/mainstay-oss/mainstay/internal/dependency"
	"github.com/mainstay-oss/mainstay/internal/report"
	"github.com/mainstay-oss/mainstay/internal/upstream"
)

// first is how many upstreams an answer shows first, and so how many are looked at more closely.
const first = 10

// Scan answers what the request stands on: inventory, upstreams, histories, forecast, attention, and one opening. When ctx
// or the budget ends early the document holds what is known by then. An error means that nothing could be said at all.
func (p *Pipeline) Scan(ctx context.Context, req Request) (*report.Document, error) {
	return p.scan(ctx, req, question{command: "scan", how: wanted{wayIn: true}, finish: func(r *run) *report.Document {
		doc := p.document(r)
		p.openings(doc, r, PlanTerms{Engineers: 1})
		return doc
	}})
}

// A question is what is asked of everything that a request names.
type question struct {
	command string
	how     wanted
	// prepare looks at what must be known before the first target is measured; nil for no such need.
	prepare func(ctx context.Context, r *run)
	// closer looks closer at some targets once all have been measured; nil for no such need.
	closer func(ctx context.Context, r *run)
	finish func(*run) *report.Document
}

// scan gathers what the request asks for and has the question's finish write it down.
func (p *Pipeline) scan(ctx context.Context, req Request, q question) (*report.Document, error) {
	r := &run{command: q.command, cohort: req.Cohort, next: p.next(req), key: Key(req), gaps: slices.Clone(p.Noted)}
	var err error
	switch {
	case req.Cohort != "":
		err = r.enlist(req.Cohort)
	case len(req.Upstreams) > 0:
		r.name(req.Upstreams)
	default:
		err = p.inventory(ctx, r, req)
	}
	if err != nil {
		return nil, err
	}
	// Reading what lies at hand is quick and all else rests on it, so the budget begins here.
	within, cancel := p.withBudget(ctx)
	defer cancel()
	ended := p.watch(r, q.finish)
	defer ended()
	if q.prepare != nil {
		q.prepare(within, r)
	}
	if len(r.targets) == 0 {
		p.resolve(within, r)
	}
	p.gather(within, r, q.how)
	r.mu.Lock()
	p.standIn(r.targets, q.how)
	r.mu.Unlock()
	p.refine(within, r, q.how, func() []*target { return p.shownFirst(r) })
	if q.closer != nil {
		q.closer(within, r)
	}
	r.interrupted = ctx.Err() != nil
	ended()
	return q.finish(r), nil
}

// watch hands Early the answer as it stands when FirstAnswer comes, unless the run has ended by then. ended says that it has,
// and may be called twice.
func (p *Pipeline) watch(r *run, finish func(*run) *report.Document) (ended func()) {
	if p.Early == nil {
		return func() {}
	}
	end := make(chan struct{})
	var watcher sync.WaitGroup
	watcher.Go(func() {
		select {
		case <-end:
		case <-p.FirstAnswer:
			r.mu.Lock()
			doc := finish(r)
			r.mu.Unlock()
			p.Early(doc)
		}
	})
	return sync.OnceFunc(func() {
		close(end)
		watcher.Wait()
	})
}

// withBudget ends a context when the budget is used up.
func (p *Pipeline) withBudget(ctx context.Context) (context.Context, context.CancelFunc) {
	if p.Budget <= 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, p.Budget)
}

// shownFirst gives the targets that the answer shows first.
func (p *Pipeline) shownFirst(r *run) []*target {
	var out []*target
	for _, t := range p.rank(r.targets) {
		if len(out) == first {
			break
		}
		out = append(out, t.target)
	}
	return out
}

// enlist makes a target of each member of a cohort.
func (r *run) enlist(name string) error {
	members, err := upstream.Cohort(name)
	if err != nil {
		return err
	}
	r.inventory.Subjects = []dependency.Subject{{ID: name, Path: name, Kind: "cohort"}}
	for _, m := range members {
		r.targets = append(r.targets, &target{
			id: m.Upstream, url: "https://" + m.Upstream, weight: m.Weight, depths: map[string]int{name: 1},
		})
	}
	return nil
}

// name makes a target of each upstream that the user named.
func (r *run) name(ids []string) {
	for _, id := range ids {
		r.inventory.Subjects = append(r.inventory.Subjects, dependency.Subject{ID: id, Path: id, Kind: "upstream"})
		r.targets = append(r.targets, &target{id: id, url: "https://" + id, depths: map[string]int{id: 1}})
	}
}

// inventory reads the packages of a path, or takes them from purls.
func (p *Pipeline) inventory(ctx context.Context, r *run, req Request) error {
	p.tell(Step{Stage: "inventory"})
	var err error
	if req.Path != "" {
		r.inventory, err = dependency.Read(ctx, req.Path, dependency.Options{Exclude: p.Exclude})
	} else {
		r.inventory, err = dependency.FromPURLs(req.PURLs)
	}
	if err != nil {
		return err
	}
	r.gaps = append(r.gaps, r.inventory.Gaps...)
	r.packages = r.inventory.Graph().Nodes
	return nil
}

// resolve connects the packages of Go projects, whose edges lie in other modules' files, finds the upstream of every
// package, and makes a target of each upstream.
func (p *Pipeline) resolve(ctx context.Context, r *run) {
	gaps := r.inventory.Connect(ctx, p.Resolver, 8)
	packages := r.inventory.Graph().Nodes
	p.tell(Step{Stage: "upstreams", Total: len(packages)})
	resolutions, unresolved := p.Resolver.Resolve(ctx, queries(packages))

	r.mu.Lock()
	defer r.mu.Unlock()
	r.packages, r.resolutions = packages, resolutions
	r.gaps = append(append(r.gaps, gaps...), unresolved...)
	byID := map[string]*target{}
	for i := range r.packages {
		n := &r.packages[i]
		res, ok := r.resolutions[n.PURL]
		if !ok || res.Upstream == "" {
			continue
		}
		t := byID[res.Upstream]
		if t == nil {
			t = &target{id: res.Upstream, url: res.URL, depths: map[string]int{}}
			byID[res.Upstream] = t
			r.targets = append(r.targets, t)
		}
		t.packages = append(t.packages, n.PURL)
		for subject, d := range n.Depth {
			if old, known := t.depths[subject]; !known || d < old {
				t.depths[subject] = d
			}
		}
	}
	deprecated := upstream.DeprecatedUpstreams(r.resolutions)
	for _, t := range r.targets {
		t.registry = deprecated.Of(t.id)
	}
	sort.Slice(r.targets, func(i, j int) bool { return r.targets[i].id < r.targets[j].id })
}

func queries(packages []dependency.Node) []upstream.Query {
	out := make([]upstream.Query, len(packages))
	for i, n := range packages {
		out[i] = upstream.Query{PURL: n.PURL, Name: n.Name, Version: n.Version, Hints: n.Hints, Said: n.Said, Direct: n.Direct}
	}
	return out
}

// next gives commands to try after this one, with the same sources.
func (p *Pipeline) next(req Request) []string {
	what := p.repeat(slices.Concat(words(req), p.Place))
	return []string{
		"mainstay plan --engineers 2 " + what,
		"mainstay scan " + what + " -o report.html",
		"mainstay scan " + what + " --as-of " + p.AsOf.AddDate(-1, 0, 0).Format(time.DateOnly),
	}
}

// words are the arguments that make up a request.
func words(req Request) []string {
	switch {
	case req.Cohort != "":
		return []string{"--cohort", req.Cohort}
	case req.Path != "":
		return []string{req.Path}
	}
	return slices.Concat(req.PURLs, req.Upstreams)
}

// repeat writes words and the flags of the sources as a shell takes them.
func (p *Pipeline) repeat(words []string) string {
	quoted := make([]string, 0, len(words)+len(p.Sources))
	for _, w := range slices.Concat(words, p.Sources) {
		quoted = append(quoted, report.ShellWord(w))
	}
	return strings.Join(quoted, " ")
}
