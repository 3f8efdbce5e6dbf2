package pipeline

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/mainstay-oss/mainstay/internal/dependency"
	"github.com/mainstay-oss/mainstay/internal/gap"
	"github.com/mainstay-oss/mainstay/internal/report"
	"github.com/mainstay-oss/mainstay/internal/upstream"
)

// first is how many upstreams an answer shows first, and so how many are looked at more closely.
const first = 10

// Scan answers what the request stands on: inventory, upstreams, histories, forecast, attention, and one opening. When ctx
// ends early the document holds what is known by then. An error means that nothing could be said at all.
func (p *Pipeline) Scan(ctx context.Context, req Request) (*report.Document, error) {
	r, err := p.scan(ctx, req, "scan")
	if err != nil {
		return nil, err
	}
	doc := p.document(r)
	p.openings(doc, r, 1)
	return doc, nil
}

// Plan scans and says where so many engineers would change most.
func (p *Pipeline) Plan(ctx context.Context, req Request, engineers int) (*report.Document, error) {
	r, err := p.scan(ctx, req, "plan")
	if err != nil {
		return nil, err
	}
	doc := p.document(r)
	p.openings(doc, r, engineers)
	doc.Summary.Sentence = p.Printer.Text("plan.none")
	if n := len(doc.Plan.Openings); n > 0 {
		var places []string
		for _, o := range doc.Plan.Openings {
			if !slices.Contains(places, o.Upstream) {
				places = append(places, o.Upstream)
			}
		}
		doc.Summary.Sentence = p.Printer.Text("summary.plan", engineers, strings.Join(places, ", "))
	}
	return doc, nil
}

func (p *Pipeline) scan(ctx context.Context, req Request, command string) (*run, error) {
	r := &run{command: command, cohort: req.Cohort, next: p.next(req)}
	var err error
	if req.Cohort != "" {
		err = r.enlist(req.Cohort)
	} else {
		err = p.inventory(ctx, r, req)
	}
	if err != nil {
		return nil, err
	}
	// Reading what lies at hand is quick and all else rests on it, so the budget begins here.
	ctx, cancel := p.withBudget(ctx)
	defer cancel()
	if req.Cohort == "" {
		p.resolve(ctx, r)
	}
	var early func()
	if p.Early != nil {
		early = func() {
			doc := p.document(r)
			p.openings(doc, r, 1)
			p.Early(doc)
		}
	}
	p.gather(ctx, r.targets, brief, early)
	p.standIn(r.targets, brief)
	p.refine(ctx, p.shownFirst(r), brief)
	return r, nil
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
	r.gaps = append(r.gaps, r.inventory.Connect(ctx, p.Resolver, 8)...)
	r.packages = r.inventory.Graph().Nodes
	p.tell(Step{Stage: "upstreams", Total: len(r.packages)})
	var gaps []gap.Gap
	r.resolutions, gaps = p.Resolver.Resolve(ctx, r.queries())
	r.gaps = append(r.gaps, gaps...)

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
	sort.Slice(r.targets, func(i, j int) bool { return r.targets[i].id < r.targets[j].id })
}

func (r *run) queries() []upstream.Query {
	queries := make([]upstream.Query, len(r.packages))
	for i, n := range r.packages {
		queries[i] = upstream.Query{PURL: n.PURL, Name: n.Name, Version: n.Version, Hints: n.Hints}
	}
	return queries
}

// next gives three commands to try after this one.
func (p *Pipeline) next(req Request) []string {
	var words []string
	for _, w := range append(slices.Clone(req.PURLs), req.Path) {
		if w != "" {
			words = append(words, report.ShellWord(w))
		}
	}
	if req.Cohort != "" {
		words = []string{"--cohort", report.ShellWord(req.Cohort)}
	}
	what := strings.Join(words, " ")
	return []string{
		fmt.Sprintf("mainstay plan --engineers 2 %s", what),
		fmt.Sprintf("mainstay scan %s -f html -o report.html", what),
		fmt.Sprintf("mainstay scan %s --as-of %s", what, p.AsOf.AddDate(-1, 0, 0).Format(time.DateOnly)),
	}
}
