package report

import (
	"strings"

	"github.com/mainstay-oss/mainstay/internal/message"
)

// plan writes for each opening what changes, what to pick up first, the way to a seat and the price of doing nothing.
func (t *sheet) plan(doc *Document) {
	if doc.Plan == nil {
		return
	}
	if len(doc.Plan.Openings) == 0 {
		t.notes(doc.Plan.Notes)
		return
	}
	t.blank()
	t.text(0, bold, planTitle(doc.Plan, t.p), 0)
	t.text(0, dim, planTerms(doc, t.p), 0)
	for i := range doc.Plan.Openings {
		if i > 0 {
			t.blank()
		}
		t.planned(doc, i)
	}
	t.blank()
	t.text(0, dim, planLegend(doc.Plan, t.p), 0)
	t.notes(doc.Plan.Notes)
}

// planned writes one opening of a plan.
func (t *sheet) planned(doc *Document, i int) {
	o := &doc.Plan.Openings[i]
	u := upstreamOf(doc, o.Upstream)
	t.line(padLeft(message.Int(i+1), 2), "  ", t.style(bold, shorten(brief(o.Upstream), t.width-4)))
	t.text(4, dim, openingFigures(doc, o, u, t.p), 0)
	t.text(4, dim, openingGrounds(o, u, t.p), 0)
	if old := oldFigures(doc, u, t.p); old != "" {
		t.text(4, yellow, old, 0)
	}
	t.text(4, "", o.Text, 0)
	if len(o.First) == 0 {
		t.text(4, "", t.p.Text("report.plan.first.none"), 0)
	} else {
		t.text(4, "", t.p.Text("report.plan.first")+":", 0)
	}
	for k := range o.First {
		about, text := taskText(&o.First[k], t.p)
		t.bullet(6, "[ ]", strings.Join(present(about, brief(text)), ": "))
	}
	t.text(4, "", t.p.Text("report.plan.seat")+": "+seatWay(o, t.p), 0)
	if o.Idle != "" {
		t.text(4, "", t.p.Text("report.plan.idle")+": "+o.Idle, 0)
	}
	if len(o.Explain) > 0 {
		t.text(4, "", t.p.Text("report.plan.explain")+":", 0)
	}
	for _, l := range o.Explain {
		t.text(6, dim, l, 0)
	}
}

// notes writes what the figures do not say.
func (t *sheet) notes(notes []string) {
	for _, n := range notes {
		t.blank()
		t.text(0, dim, n, 0)
	}
}
