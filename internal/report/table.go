package report

import (
	"bytes"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/message"
)

// first is how many upstreams the table and Markdown show: the ten to look at first.
const first = 10

// writeTable writes the document for a terminal.
func writeTable(b *bytes.Buffer, doc *Document, opts Options) error {
	t := &sheet{b: b, p: opts.Printer, width: opts.Width, color: opts.Color}
	switch {
	case doc.Command == "inspect" && len(doc.Upstreams) > 0:
		t.inspect(doc, &doc.Upstreams[0])
	case doc.Command == "plan":
		t.masthead(doc)
		t.plan(doc)
	default:
		t.masthead(doc)
		t.ranking(doc)
		t.opening(doc)
	}
	t.unread(doc)
	t.next(doc)
	return nil
}

// masthead writes the sentence and, below it, the counts of each state.
func (t *sheet) masthead(doc *Document) {
	t.text(0, bold, headline(doc, t.p), 0)
	s := doc.Summary
	counts := t.p.Text("table.counts", s.Active, s.Quiet, s.Ended, s.Unknown, s.Packages, s.Direct)
	t.text(0, dim, counts+" · "+t.p.Text("report.as_of", clean(doc.AsOf)), 0)
}

// ranked gives the upstreams to look at first.
func ranked(doc *Document) []*Upstream {
	var found []*Upstream
	for i := range doc.Upstreams {
		if doc.Upstreams[i].Attention != nil && len(found) < first {
			found = append(found, &doc.Upstreams[i])
		}
	}
	return found
}

// ranking writes the ten to look at first: a row each, with the reason below it.
func (t *sheet) ranking(doc *Document) {
	rows := ranked(doc)
	if len(rows) == 0 {
		if len(doc.Upstreams) > 0 {
			t.blank()
			t.text(0, "", t.p.Text("table.nothing_ranked"), 0)
		}
		return
	}
	wordWidth, cellWidth := 0, 0
	words, chances := make([]string, len(rows)), make([]string, len(rows))
	chanceWidth := 0
	for i, u := range rows {
		words[i], chances[i] = standing(u, t.p)
		if chances[i] == "" {
			cellWidth = max(cellWidth, width(words[i]))
			continue
		}
		wordWidth = max(wordWidth, width(words[i]))
		chanceWidth = max(chanceWidth, width(chances[i]))
	}
	if chanceWidth > 0 {
		cellWidth = max(cellWidth, wordWidth+1+chanceWidth)
	}
	months := t.months()
	const rank = 4
	idWidth := t.width - rank - 2 - cellWidth
	if months > 0 {
		idWidth -= 2 + months
	}
	idWidth = max(idWidth, 12)
	if t.width > textWidth { // no wider than the longest
		longest := 0
		for _, u := range rows {
			longest = max(longest, width(clean(u.ID)))
		}
		idWidth = min(idWidth, max(longest, 36))
	}

	remark := ""
	if months > 0 {
		remark = t.p.Text("table.pulse", 24)
	}
	t.headingAt(t.p.Text("report.section.first"), remark, rank+idWidth+2+cellWidth+2+months)
	for i, u := range rows {
		cell := padLeft(chances[i], cellWidth-wordWidth-1)
		if chances[i] == "" {
			cell = t.style(standingStyle(u), pad(words[i], cellWidth))
		} else {
			cell = t.style(standingStyle(u), pad(words[i], wordWidth)+" "+cell)
		}
		pulse := ""
		if months > 0 {
			pulse = "  " + t.pulse(u, months)
		}
		t.line(padLeft(message.Int(u.Attention.Rank), 2), "  ",
			t.style(bold, pad(shorten(clean(u.ID), idWidth), idWidth)), "  ", cell, pulse)
		t.text(rank, "", strings.Join(u.Attention.Why, "; "), 3)
	}
	t.rest(doc, len(rows))
}

// headingAt writes a heading whose remark ends at a column.
func (t *sheet) headingAt(title, remark string, end int) {
	whole := t.width
	t.width = min(whole, end)
	t.heading(title, remark)
	t.width = whole
}

// months is how many cells the pulse takes: a month each, or two months each in a narrow terminal, or none.
func (t *sheet) months() int {
	switch {
	case t.width >= 72:
		return 24
	case t.width >= 56:
		return 12
	}
	return 0
}

// pulse draws the commits of 24 months in n cells.
func (t *sheet) pulse(u *Upstream, n int) string {
	if u.Vitals == nil || len(u.Vitals.Months) == 0 {
		return t.style(dim, t.p.Text("table.no_history"))
	}
	months := u.Vitals.Months
	sums := make([]float64, n)
	for i, commits := range months {
		sums[i*n/len(months)] += float64(commits)
	}
	return spark(sums)
}

// rest says how many upstreams are not shown, and where they are.
func (t *sheet) rest(doc *Document, shown int) {
	ranked, unranked := doc.Summary.Ranked-shown, doc.Summary.Upstreams-doc.Summary.Ranked
	note := t.p.Text("table.note")
	switch {
	case ranked > 0 && unranked > 0:
		note = t.p.Text("table.rest_both", ranked, unranked) + " " + note
	case ranked > 0:
		note = t.p.Text("table.rest_ranked", ranked) + " " + note
	case unranked > 0:
		note = t.p.Text("table.rest_unranked", unranked) + " " + note
	}
	t.blank()
	t.text(0, dim, note, 0)
}

// opening writes the one place where help would change most.
func (t *sheet) opening(doc *Document) {
	if doc.Plan == nil || len(doc.Plan.Openings) == 0 {
		return
	}
	t.heading(t.p.Text("report.section.opening"), "")
	t.text(2, "", doc.Plan.Openings[0].Text, 0)
}

// unread writes the one honest line on what was not read, and what was passed over on purpose.
func (t *sheet) unread(doc *Document) {
	var passed []string
	for _, p := range doc.Passed {
		passed = append(passed, t.p.Text("table.passed_one", clean(p.Reason), p.Count))
	}
	t.heading(t.p.Text("report.section.gaps"), "")
	if doc.Summary.NotRead == "" {
		t.text(2, "", t.p.Text("table.all_read"), 0)
	} else {
		t.text(2, "", doc.Summary.NotRead, 0)
	}
	if len(passed) > 0 {
		t.text(2, dim, t.p.Text("table.passed", strings.Join(passed, ", ")), 0)
	}
}

// next writes the commands to try, unbroken so that they can be copied.
func (t *sheet) next(doc *Document) {
	if len(doc.Next) == 0 {
		return
	}
	t.heading(t.p.Text("report.section.next"), "")
	for _, command := range doc.Next {
		t.line("  ", clean(command))
	}
}
