package report

import (
	"cmp"

	"github.com/mainstay-oss/mainstay/internal/message"
)

// leastCase is the room, in cells, from which a case stands beside its figures.
const leastCase = 20

// whatIf writes how the upstream would stand in supposed cases, under how it stands.
func (t *sheet) whatIf(u *Upstream) {
	cases := newCases(u, t.p)
	if len(cases) == 0 {
		return
	}
	t.heading(t.p.Text("report.section.whatif"), "")
	head := caseView{t.p.Text("whatif.column.case"), t.p.Text("whatif.column.stop"), "", t.p.Text("whatif.column.collapse"), t.p.Text("whatif.column.fragility"), t.p.Text("whatif.column.loss")}
	columns := []func(caseView) string{
		func(c caseView) string { return c.Stop }, func(c caseView) string { return c.Collapse },
		func(c caseView) string { return c.Fragility }, func(c caseView) string { return c.Loss },
	}
	rows := append([]caseView{head}, cases...)
	widths := make([]int, len(columns))
	room := min(t.width, paragraphWidth) - 2
	for i, of := range columns {
		for _, c := range rows {
			widths[i] = max(widths[i], width(of(c)))
		}
		room -= widths[i] + 2
	}
	beside := room >= leastCase
	if !beside { // the figures stand under the case
		room = min(t.width, paragraphWidth) - 2
	}
	for i, c := range rows {
		figures := ""
		for k, of := range columns {
			figures += "  " + padLeft(of(c), widths[k])
		}
		lines := wrap(c.Text, room)
		if len(lines) == 0 { // a text of blanks
			lines = []string{dash}
		}
		if beside {
			last := len(lines) - 1
			lines[last] = pad(lines[last], room) + figures
		} else {
			lines = append(lines, figures)
		}
		for _, line := range lines {
			if i == 0 {
				line = t.style(dim, line)
			}
			t.line("  ", line)
		}
	}
	t.text(2, dim, t.p.Text("whatif.caveat"), 0)
}

// A caseView is one supposed case, or how the upstream stands, with its figures as text.
type caseView struct {
	Text, Stop, Range, Collapse, Fragility, Loss string
}

// newCases gives the cases with how the upstream stands before them; nothing where there are none.
func newCases(u *Upstream, p message.Printer) []caseView {
	const most = 20
	if len(u.WhatIf) == 0 || u.Outlook == nil {
		return nil
	}
	now := WhatIf{Text: p.Text("whatif.now"), Probability12m: u.Outlook.Probability12m, Interval: u.Outlook.Interval, Collapse12m: u.Outlook.Collapse12m, Loss: u.Loss}
	if u.Fragility != nil {
		now.Fragility = u.Fragility.Score
	}
	views := []caseView{newCase(now, p)}
	for _, w := range u.WhatIf[:min(len(u.WhatIf), most)] {
		views = append(views, newCase(w, p))
	}
	return views
}

// newCase writes a case's figures as text; the case itself is never empty.
func newCase(w WhatIf, p message.Printer) caseView {
	v := caseView{pageText(cmp.Or(w.Text, w.Case, "–")), shareText(w.Probability12m), "–", shareText(w.Collapse12m), shareText(w.Fragility), "–"}
	if len(w.Interval) == 2 {
		v.Range = p.Text("page.interval", w.Interval[0], w.Interval[1])
	}
	if w.Loss != nil {
		v.Loss = twoDecimals(*w.Loss)
	}
	return v
}
