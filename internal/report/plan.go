package report

import (
	"strconv"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/message"
)

// What every view says of a plan.

// planTitle names the goal: where the engineers would change most, or where one would become known.
func planTitle(plan *Plan, p message.Printer) string {
	if plan.Goal == "standing" {
		return p.Text("page.plan.title.standing", plan.Engineers)
	}
	return p.Text("page.plan.title", plan.Engineers)
}

// planTerms are the day of a plan, whose engineers they are and how much of their time they have.
func planTerms(doc *Document, p message.Printer) string {
	terms := []string{p.Text("report.as_of", clipName(doc.AsOf))}
	if doc.Plan.Organisation != "" {
		terms = append(terms, p.Text("report.plan.whose", clipName(doc.Plan.Organisation)))
	}
	if doc.Plan.Days != nil {
		terms = append(terms, p.Text("report.plan.days", *doc.Plan.Days))
	}
	return strings.Join(terms, " · ")
}

// planLegend says what the figures of a plan mean.
func planLegend(plan *Plan, p message.Printer) string {
	if plan.Goal == "standing" {
		return p.Text("report.plan.legend.standing")
	}
	return p.Text("report.plan.legend")
}

// openingFigures are what changes at an opening, and the day of the figures unless that is the document's.
func openingFigures(doc *Document, o *Opening, u *Upstream, p message.Printer) string {
	figures := []string{p.Text("table.engineers", o.Engineers)}
	if o.Weight != nil {
		figures = append(figures, p.Text("report.plan.reach", twoDecimals(*o.Weight)))
	}
	figures = append(figures, p.Text("report.plan.exposure", twoDecimals(o.Exposure)),
		p.Text("report.plan.loss", twoDecimals(o.LossBefore), twoDecimals(o.LossAfter)), fallText(o, p))
	if date := figuresOf(doc, u); date != "" && oldFigures(doc, u, p) == "" {
		figures = append(figures, p.Text("report.as_of", date))
	}
	return strings.Join(figures, " · ")
}

func fallText(o *Opening, p message.Printer) string {
	if len(o.FallInterval) == 2 {
		return p.Text("report.plan.fall_interval", twoDecimals(o.Fall), twoDecimals(o.FallInterval[0]), twoDecimals(o.FallInterval[1]))
	}
	return p.Text("report.plan.fall", twoDecimals(o.Fall))
}

// openingGrounds are what else decides where engineers go.
func openingGrounds(o *Opening, u *Upstream, p message.Printer) string {
	tractability, fit := p.Text("report.plan.tractability", twoDecimals(o.Tractability)), p.Text("report.plan.fit_unknown")
	if commonTractability(u) {
		tractability = p.Text("report.plan.tractability_common", twoDecimals(o.Tractability))
	}
	if o.Fit != nil {
		fit = p.Text("report.plan.fit", twoDecimals(*o.Fit))
	}
	return strings.Join([]string{tractability, fit, p.Text("report.plan.worth", worthText(o.Worth))}, " · ")
}

// commonTractability tells whether nothing is known of the way in, so that the common value stands for it.
func commonTractability(u *Upstream) bool {
	return u != nil && (u.WayIn == nil || u.WayIn.Tractability == nil)
}

// worthText keeps two significant digits of a small product.
func worthText(f float64) string {
	if finite(f) && f > 0 && f < 0.1 {
		return strconv.FormatFloat(f, 'f', 3, 64)
	}
	return twoDecimals(f)
}

// taskText names what to pick up: its kind, its place and what to do.
func taskText(task *Task, p message.Printer) (about, text string) {
	kind := ""
	if task.Kind != "" {
		kind = wordOr(p, "task.", task.Kind)
	}
	return strings.Join(present(kind, taskPlace(task)), " "), task.Text
}

// taskPlace is a folder, or the number of a pull request as one writes it.
func taskPlace(task *Task) string {
	place := clipName(task.Where)
	if place != "" && strings.Trim(place, "0123456789") == "" {
		return "#" + place
	}
	return place
}

// seatWay is the way to a seat, or that it is not known.
func seatWay(o *Opening, p message.Printer) string {
	if o.Seat == "" {
		return p.Text("report.plan.seat.none")
	}
	return o.Seat
}
