package pipeline

import (
	"context"
	"fmt"
	"time"

	"github.com/mainstay-oss/mainstay/internal/dependency"
	"github.com/mainstay-oss/mainstay/internal/history"
	"github.com/mainstay-oss/mainstay/internal/report"
	"github.com/mainstay-oss/mainstay/internal/upstream"
)

// Inspect answers for one upstream in depth: by id and address, or through the package that it makes.
func (p *Pipeline) Inspect(ctx context.Context, id, url, purl string) (*report.Document, error) {
	r := &run{command: "inspect"}
	ctx, cancel := p.withBudget(ctx)
	defer cancel()
	if purl != "" {
		if err := p.inventory(ctx, r, Request{PURLs: []string{purl}}); err != nil {
			return nil, err
		}
		p.resolve(ctx, r)
		if len(r.targets) == 0 {
			return p.inspected(r), nil
		}
	} else {
		r.targets = []*target{{id: id, url: url, depths: map[string]int{id: 1}}}
		r.inventory.Subjects = []dependency.Subject{{ID: id, Path: id, Kind: "upstream"}}
	}
	p.gather(ctx, r.targets, inFull, nil)
	p.standIn(r.targets, inFull)
	p.refine(ctx, r.targets, inFull)
	return p.inspected(r), nil
}

// InspectHistory answers for a history that is at hand, such as that of a repository on this machine.
func (p *Pipeline) InspectHistory(h *history.History) *report.Document {
	m, gaps := p.measure(h, inFull)
	r := &run{command: "inspect", targets: []*target{{id: h.Upstream, depths: map[string]int{h.Upstream: 1}, done: true, measured: m, gaps: gaps}}}
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
	r.next = []string{
		fmt.Sprintf("mainstay inspect %s --as-of %s", t.id, p.AsOf.AddDate(-1, 0, 0).Format(time.DateOnly)),
		fmt.Sprintf("mainstay inspect %s -f html -o report.html", t.id),
		"mainstay scan .",
	}
	doc := p.document(r)
	doc.Summary.Sentence = p.portrait(t)
	return doc
}

var _ Resolver = (*upstream.Resolver)(nil)
