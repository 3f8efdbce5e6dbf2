package report

import (
	"strconv"

	"github.com/mainstay-oss/mainstay/internal/message"
)

// plan writes one paragraph for each opening, with its figures above it.
func (t *sheet) plan(doc *Document) {
	if doc.Plan == nil {
		return
	}
	if len(doc.Plan.Openings) == 0 {
		t.notes(doc.Plan)
		return
	}
	t.heading(t.p.Text("report.section.plan"), t.p.Text("table.engineers", doc.Plan.Engineers)+" · "+t.p.Text("report.as_of", brief(doc.AsOf)))
	for i, o := range doc.Plan.Openings {
		if i > 0 {
			t.blank()
		}
		u := upstreamOf(doc, o.Upstream)
		t.line(padLeft(message.Int(i+1), 2), "  ", t.style(bold, shorten(brief(o.Upstream), t.width-4)))
		t.text(4, dim, openingFigures(doc, &o, u, t.p), 0)
		if old := oldFigures(doc, u, t.p); old != "" {
			t.text(4, yellow, old, 0)
		}
		t.text(4, "", o.Text, 0)
	}
	t.notes(doc.Plan)
}

// openingFigures are the figures that an opening rests on, and their day unless that is the document's.
func openingFigures(doc *Document, o *Opening, u *Upstream, p message.Printer) string {
	figures := p.Text("table.opening", decimal(o.Exposure), decimal(o.LossBefore), decimal(o.LossAfter), decimal(o.Fall))
	if date := figuresOf(doc, u); date != "" && oldFigures(doc, u, p) == "" {
		figures += " · " + p.Text("report.as_of", date)
	}
	return figures
}

// notes writes what the figures of a plan do not say.
func (t *sheet) notes(p *Plan) {
	for _, n := range p.Notes {
		t.blank()
		t.text(0, dim, n, 0)
	}
}

// decimal shows a score between 0 and 1.
func decimal(f float64) string { return strconv.FormatFloat(f, 'f', 2, 64) }
