package pipeline

import (
	"strings"
	"time"

	"github.com/mainstay-oss/mainstay/internal/opening"
	"github.com/mainstay-oss/mainstay/internal/report"
	"github.com/mainstay-oss/mainstay/internal/vitals"
)

// tooOld is the age from which figures are no ground to send somebody anywhere.
const tooOld = 365 * 24 * time.Hour

// openings writes into the document where so many engineers would change most.
func (p *Pipeline) openings(doc *report.Document, r *run, engineers int) {
	var candidates []opening.Candidate
	old := 0
	for _, t := range p.rank(r.targets) {
		if m := t.measured; m != nil && m.features != nil && m.state == vitals.Active {
			if p.AsOf.Sub(m.asOf) > tooOld {
				old++
				continue
			}
			candidates = append(candidates, opening.Candidate{Upstream: t.id, Exposure: t.exposure.Score, Features: *m.features})
		}
	}
	doc.Plan = &report.Plan{Engineers: engineers, Goal: "exposure", Openings: []report.Opening{}}
	for _, o := range opening.Plan(p.Model, candidates, engineers, opening.RegularRhythm) {
		var text []string
		for _, s := range o.Sentences {
			text = append(text, p.Printer.Text(s.Key, s.Args...))
		}
		doc.Plan.Openings = append(doc.Plan.Openings, report.Opening{
			Upstream:     o.Upstream,
			Engineers:    o.Engineers,
			Exposure:     o.Exposure,
			LossBefore:   o.Before.Loss,
			LossAfter:    o.After.Loss,
			Fall:         o.Fall,
			FallInterval: o.FallInterval[:],
			Weight:       o.Weight,
			Tractability: o.Factors.Tractability,
			Fit:          o.Factors.Fit,
			Worth:        o.Worth,
			Text:         strings.Join(text, " "),
		})
	}
	p.notes(doc, old)
}

// notes say under a plan what its figures do not say, and how many upstreams were too old to be judged.
func (p *Pipeline) notes(doc *report.Document, old int) {
	if len(doc.Plan.Openings) == 0 {
		doc.Plan.Notes = append(doc.Plan.Notes, p.Printer.Text("plan.none"))
	} else {
		doc.Plan.Notes = append(doc.Plan.Notes, p.Printer.Text("plan.caveat"))
	}
	if n := doc.Summary.Ended; n > 0 {
		doc.Plan.Notes = append(doc.Plan.Notes, p.Printer.Text("plan.ended", n))
	}
	if old > 0 {
		doc.Plan.Notes = append(doc.Plan.Notes, p.Printer.Text("plan.old", old))
	}
}
