package pipeline

import (
	"strings"

	"github.com/mainstay-oss/mainstay/internal/opening"
	"github.com/mainstay-oss/mainstay/internal/report"
	"github.com/mainstay-oss/mainstay/internal/vitals"
)

// openings writes into the document where so many engineers would change most.
func (p *Pipeline) openings(doc *report.Document, r *run, engineers int) {
	var candidates []opening.Candidate
	for _, t := range p.rank(r.targets) {
		if m := t.measured; m != nil && m.features != nil && m.state == vitals.Active {
			candidates = append(candidates, opening.Candidate{Upstream: t.id, Exposure: t.exposure.Score, Features: *m.features})
		}
	}
	doc.Plan = &report.Plan{Engineers: engineers, Openings: []report.Opening{}}
	for _, o := range opening.Plan(p.Model, candidates, engineers) {
		var text []string
		for _, s := range o.Sentences {
			text = append(text, p.Printer.Text(s.Key, s.Args...))
		}
		doc.Plan.Openings = append(doc.Plan.Openings, report.Opening{
			Upstream:   o.Upstream,
			Exposure:   o.Exposure,
			LossBefore: o.Before.Loss,
			LossAfter:  o.After.Loss,
			Fall:       o.Fall,
			Text:       strings.Join(text, " "),
		})
	}
	p.notes(doc)
}

// notes say under a plan what its figures do not say.
func (p *Pipeline) notes(doc *report.Document) {
	if len(doc.Plan.Openings) == 0 {
		doc.Plan.Notes = append(doc.Plan.Notes, p.Printer.Text("plan.none"))
	} else {
		doc.Plan.Notes = append(doc.Plan.Notes, p.Printer.Text("plan.caveat"))
	}
	if n := doc.Summary.Ended; n > 0 {
		doc.Plan.Notes = append(doc.Plan.Notes, p.Printer.Text("plan.ended", n))
	}
}
