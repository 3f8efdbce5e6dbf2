package report

import (
	"github.com/mainstay-oss/mainstay/internal/message"
)

// A planView is the plan, or the one opening that a scan ends with.
type planView struct {
	Title, Terms, Legend string
	Openings             []openingView
	Notes                []string
}

type openingView struct {
	Number              int
	Before, Last, Link  string
	Text                string
	LossBefore, LossNow string
	Dated, Old          string // the day of its figures, where that is not the page's; a warning where they are old
	Was, Is             px     // of chanceWidth
	Href                string

	// In a plan only.
	Crew       string
	Tasks      []taskView
	Seat, Idle string
	Changes    []changeView
	Explain    []string
}

type taskView struct{ Kind, Place, Text string }

// A changeView is one figure of an opening, between 0 and 1, as a bar of 100.
type changeView struct {
	Name, Value, Note, Explain string
	Class                      string
	Bar                        string // path data; empty where it is not known
}

func newPlan(doc *Document, p message.Printer) *planView {
	if doc.Plan == nil || len(doc.Plan.Openings) == 0 && doc.Command != "plan" {
		return nil
	}
	v := &planView{Title: p.Text("report.section.opening")}
	if doc.Command == "plan" {
		v.Title, v.Terms, v.Legend = planTitle(doc.Plan, p), planTerms(doc, p), planLegend(doc.Plan, p)
	}
	v.Notes = pageTexts(doc.Plan.Notes)
	rows := map[string]string{}
	for i := range doc.Upstreams {
		rows[doc.Upstreams[i].ID] = rowHref(i)
	}
	for i := range doc.Plan.Openings {
		o := &doc.Plan.Openings[i]
		u := upstreamOf(doc, o.Upstream)
		view := openingView{Number: i + 1, Text: pageText(o.Text), LossBefore: twoDecimals(o.LossBefore), LossNow: twoDecimals(o.LossAfter), Link: forgeLink(o.Upstream), Href: rows[o.Upstream]}
		view.Was, view.Is = px(unit(o.LossBefore)*chanceWidth), px(unit(o.LossAfter)*chanceWidth)
		view.Before, view.Last = splitID(o.Upstream)
		if date := figuresOf(doc, u); date != "" {
			view.Dated = p.Text("report.as_of", unbroken(date))
		}
		if view.Old = pageText(oldFigures(doc, u, p)); view.Old != "" {
			view.Dated = ""
		}
		if doc.Command == "plan" {
			view.addPlan(o, u, p)
		}
		v.Openings = append(v.Openings, view)
	}
	return v
}

// addPlan adds what only a plan says of an opening.
func (v *openingView) addPlan(o *Opening, u *Upstream, p message.Printer) {
	const tasksMost, linesMost = 20, 40
	v.Crew = p.Text("table.engineers", o.Engineers)
	v.Seat, v.Idle = pageText(seatWay(o, p)), pageText(o.Idle)
	for i := range o.First[:min(len(o.First), tasksMost)] {
		task := &o.First[i]
		view := taskView{Place: taskPlace(task), Text: pageText(task.Text)}
		if task.Kind != "" {
			view.Kind = wordOr(p, "task.", task.Kind)
		}
		v.Tasks = append(v.Tasks, view)
	}
	v.Explain = pageTexts(o.Explain[:min(len(o.Explain), linesMost)])

	change := func(class, field, name string, f float64) changeView {
		return changeView{Class: class, Name: name, Value: twoDecimals(f), Explain: p.Text("report.explain." + field), Bar: unitBar(0, f)}
	}
	before := change("was", "loss", p.Text("page.plan.before"), o.LossBefore)
	after := change("now", "loss", p.Text("page.plan.after", o.Engineers), o.LossAfter)
	fall := change("fell", "interval", p.Text("page.plan.fall"), o.Fall)
	if len(o.FallInterval) == 2 {
		fall.Bar = intervalMark(o.FallInterval[0], o.FallInterval[1], o.Fall)
		fall.Note = p.Text("page.plan.interval", twoDecimals(o.FallInterval[0]), twoDecimals(o.FallInterval[1]))
	}
	v.Changes = []changeView{before, after, fall}
	measure := func(field string, f float64) changeView {
		return change("factor", field, p.Text("report.measure."+field), f)
	}
	if o.Weight != nil {
		v.Changes = append(v.Changes, measure("weight", *o.Weight))
	}
	tractability := measure("tractability", o.Tractability)
	if commonTractability(u) {
		tractability.Note = p.Text("page.plan.common")
	}
	fit := changeView{Class: "factor", Name: p.Text("report.measure.fit"), Value: dash, Explain: p.Text("report.explain.fit"), Note: p.Text("page.plan.no_fit")}
	if o.Fit != nil {
		fit = measure("fit", *o.Fit)
	}
	worth := measure("worth", o.Worth)
	worth.Class, worth.Value = "worth", worthText(o.Worth)
	v.Changes = append(v.Changes, measure("exposure", o.Exposure), tractability, fit, worth)
}

// unit brings a figure between 0 and 1; what is no number becomes 0.
func unit(f float64) float64 {
	if !finite(f) {
		return 0
	}
	return min(max(f, 0), 1)
}

// unitBar draws from one figure between 0 and 1 to another, on 100 × 8.
func unitBar(from, to float64) string {
	var d svgPath
	d.rect(unit(from)*100, 0, max(unit(to)-unit(from), 0)*100, 8)
	return d.String()
}

// intervalMark draws an interval as a thin bar with a stroke at its figure, on 100 × 8.
func intervalMark(low, high, at float64) string {
	var d svgPath
	d.rect(unit(low)*100, 2.5, max(unit(high)-unit(low), 0.01)*100, 3)
	d.rect(unit(at)*100-0.8, 0, 1.6, 8)
	return d.String()
}
