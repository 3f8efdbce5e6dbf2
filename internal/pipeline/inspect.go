package pipeline

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/mainstay-oss/mainstay/internal/dependency"
	"github.com/mainstay-oss/mainstay/internal/gap"
	"github.com/mainstay-oss/mainstay/internal/history"
	"github.com/mainstay-oss/mainstay/internal/report"
	"github.com/mainstay-oss/mainstay/internal/upstream"
)

// A Look says what an inspection looks at that costs more than a history.
type Look struct {
	Territory bool // which parts of the code somebody at work knows
}

func (l Look) wanted() wanted {
	return wanted{portrait: true, wayIn: true, governance: true, territory: l.Territory}
}

// Inspect answers for one upstream in depth: by id and address, or through the package that it makes.
//
// Beyond the measures it tells who is listed and how outsiders have fared, and with look.Territory who knows which code.
func (p *Pipeline) Inspect(ctx context.Context, id, url, purl string, look Look) (*report.Document, error) {
	how := look.wanted()
	r := &run{command: "inspect", gaps: slices.Clone(p.Noted)}
	within, cancel := p.withBudget(ctx)
	defer cancel()
	if purl != "" {
		if err := p.inventory(ctx, r, Request{PURLs: []string{purl}}); err != nil {
			return nil, err
		}
		p.resolve(within, r)
		if len(r.targets) == 0 {
			return p.inspected(r), nil
		}
	} else {
		r.targets = []*target{{id: id, url: url, depths: map[string]int{id: 1}}}
		r.inventory.Subjects = []dependency.Subject{{ID: id, Path: id, Kind: "upstream"}}
	}
	p.gather(within, r, how)
	p.standIn(r.targets, how)
	p.refine(within, r, how, func() []*target { return r.targets })
	r.interrupted = ctx.Err() != nil
	return p.inspected(r), nil
}

// InspectHistory answers for a history that is at hand, such as that of a repository on this machine; asked is how the user
// named it.
func (p *Pipeline) InspectHistory(ctx context.Context, h *history.History, repo *history.Repository, asked string, look Look) *report.Document {
	m, gaps := p.measure(ctx, h, func() (*history.Repository, error) {
		if repo == nil {
			return nil, &history.Error{Kind: gap.NoHistory, Upstream: h.Upstream}
		}
		return repo, nil
	}, nil, look.wanted())
	r := &run{command: "inspect", asked: asked, gaps: slices.Clone(p.Noted), targets: []*target{{id: h.Upstream, depths: map[string]int{h.Upstream: 1}, done: true, measured: m, gaps: gaps}}}
	r.inventory.Subjects = []dependency.Subject{{ID: h.Upstream, Path: h.Upstream, Kind: "upstream"}}
	return p.inspected(r)
}

func (p *Pipeline) inspected(r *run) *report.Document {
	if len(r.targets) == 0 {
		doc := p.document(r)
		doc.Summary.Sentence = p.Printer.Text("summary.inspect.unknown")
		return doc
	}
	t := r.targets[0]
	what := p.repeat([]string{cmp.Or(r.asked, t.id)})
	seen := p.AsOf
	if t.measured != nil {
		seen = t.measured.asOf
	}
	r.next = []string{
		"mainstay inspect " + what + " --as-of " + seen.AddDate(-1, 0, 0).Format(time.DateOnly),
		"mainstay inspect " + what + " -o report.html",
	}
	doc := p.document(r)
	doc.Summary.Sentence = p.portrait(t)
	return doc
}

var _ Resolver = (*upstream.Resolver)(nil)
