package report

import (
	"strconv"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/message"
)

// markdownPlan writes a plan as a numbered list, with what to pick up first as boxes to tick.
func markdownPlan(line func(...string), doc *Document, p message.Printer) {
	plan := doc.Plan
	if len(plan.Openings) > 0 {
		line()
		line("### ", mdText(planTitle(plan, p)))
		line()
		line(mdText(planTerms(doc, p)))
	}
	for i := range plan.Openings {
		markdownOpening(line, doc, i, p)
	}
	if len(plan.Openings) > 0 {
		line()
		line(mdText(planLegend(plan, p)))
	}
	for _, n := range plan.Notes {
		line()
		line(mdText(n))
	}
}

func markdownOpening(line func(...string), doc *Document, i int, p message.Printer) {
	const indent = "   "
	o := &doc.Plan.Openings[i]
	u := upstreamOf(doc, o.Upstream)
	text := mdText(o.Text)
	if old := oldFigures(doc, u, p); old != "" {
		text = "**" + mdText(old) + "** " + text
	}
	line()
	line(strconv.Itoa(i+1), ". ", mdCode(o.Upstream), "  ")
	line(indent, mdText(openingFigures(doc, o, u, p)), "  ")
	line(indent, mdText(openingGrounds(o, u, p)), "  ")
	line(indent, text)
	line()
	if len(o.First) == 0 {
		line(indent, mdText(p.Text("report.plan.first.none")))
	} else {
		line(indent, "**", p.Text("report.plan.first"), "**")
		line()
	}
	for k := range o.First {
		line(indent, "- [ ] ", markdownTask(&o.First[k], p))
	}
	line()
	line(indent, "**", p.Text("report.plan.seat"), "**: ", mdText(seatWay(o, p)))
	if o.Idle != "" {
		line()
		line(indent, "**", p.Text("report.plan.idle"), "**: ", mdText(o.Idle))
	}
	if len(o.Explain) > 0 {
		line()
		line(indent, "**", p.Text("report.plan.explain"), "**")
		line()
	}
	for _, l := range o.Explain {
		line(indent, "- ", mdText(l))
	}
}

// markdownTask names a task's kind and place, and what to do. A folder is code; the number of a pull request is none, so that
// it reads as one.
func markdownTask(task *Task, p message.Printer) string {
	kind, place := "", mdText(taskPlace(task))
	if task.Kind != "" {
		kind = mdText(wordOr(p, "task.", task.Kind))
	}
	if taskPlace(task) == clipName(task.Where) {
		place = mdCode(task.Where)
	}
	return strings.Join(present(strings.Join(present(kind, place), " "), mdText(task.Text)), ": ")
}
