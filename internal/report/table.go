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
	if doc.Command == "scan" && s.Ranked == 0 { // elsewhere the first heading says so
		counts += " · " + t.p.Text("report.as_of", brief(doc.AsOf))
	}
	t.text(0, dim, counts, 0)
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
	months := t.months()
	room := t.width - rankWidth - gutter // for id and standing
	if months > 0 {
		room -= gutter + months
	}
	longest := 0
	for _, u := range rows {
		longest = max(longest, width(brief(u.ID)))
	}
	stand := t.standings(rows, true)
	if longest+width(stand[0]) > room { // the ids are what the next command needs
		stand = t.standings(rows, false)
	}
	idWidth := max(room-width(stand[0]), 12)
	if t.width > paragraphWidth {
		idWidth = min(idWidth, max(longest, 36))
	}

	remark := t.p.Text("report.as_of", brief(doc.AsOf))
	end := rankWidth + idWidth + gutter + width(stand[0])
	if months > 0 {
		remark = t.p.Text("table.pulse", 24, brief(doc.AsOf))
		end += gutter + months
	}
	t.headingAt(t.p.Text("report.section.first"), remark, end)
	shared := oneSource(rows)
	for i, u := range rows {
		pulse := ""
		if months > 0 {
			pulse = strings.Repeat(" ", gutter) + t.pulse(u, months)
		}
		t.line(padLeft(message.Int(u.Attention.Rank), rankWidth-2), "  ",
			t.style(bold, pad(shorten(brief(u.ID), idWidth), idWidth)), strings.Repeat(" ", gutter),
			t.style(standingStyle(u), stand[i]), pulse)
		t.text(rankWidth, "", strings.Join(u.Attention.Why, "; ")+t.origin(doc, u, shared), 3)
	}
	t.rest(doc, len(rows), shared)
}

const (
	rankWidth = 4
	gutter    = 2
)

// standings gives the standing of each row, all of one width: words to the left, percentages below each other to the
// right. What a quiet upstream is like is said only in the long form.
func (t *sheet) standings(rows []*Upstream, long bool) []string {
	words, chances := make([]string, len(rows)), make([]string, len(rows))
	wordWidth, chanceWidth, whole := 0, 0, 0
	for i, u := range rows {
		words[i], chances[i] = standing(u, t.p)
		if u.State == "quiet" && !long {
			words[i] = stateName("state.quiet", t.p)
		}
		if chances[i] == "" {
			whole = max(whole, width(words[i]))
			continue
		}
		wordWidth, chanceWidth = max(wordWidth, width(words[i])), max(chanceWidth, width(chances[i]))
	}
	if chanceWidth > 0 {
		whole = max(whole, wordWidth+1+chanceWidth)
	}
	for i, w := range words {
		words[i] = pad(w, whole-width(chances[i])) + chances[i]
	}
	return words
}

// oneSource gives where all rows were read, or "" where they differ.
func oneSource(rows []*Upstream) string {
	source := ""
	for _, u := range rows {
		switch {
		case u.History == nil:
		case source == "":
			source = u.History.Source
		case source != u.History.Source:
			return ""
		}
	}
	return source
}

// origin says where a row's history was read, unless all share one source, and of which day its figures are, unless that is
// the document's.
func (t *sheet) origin(doc *Document, u *Upstream, shared string) string {
	said := ""
	if u.History != nil && shared == "" {
		said += " · " + stateName("report.source."+u.History.Source, t.p)
	}
	if u.Vitals != nil && u.Vitals.AsOf != "" && u.Vitals.AsOf != doc.AsOf {
		said += " · " + t.p.Text("report.as_of", brief(u.Vitals.AsOf))
	}
	return said
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

// rest says how many upstreams are not shown and where they are, how to read the rows, and where their histories are from.
func (t *sheet) rest(doc *Document, shown int, source string) {
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
	if source != "" {
		note += " " + t.p.Text("table.one_source", stateName("report.source."+source, t.p))
	}
	t.blank()
	t.text(0, dim, note, 0)
}

// opening writes the one place where help would change most.
func (t *sheet) opening(doc *Document) {
	if doc.Plan == nil || len(doc.Plan.Openings) == 0 {
		return
	}
	o := &doc.Plan.Openings[0]
	t.heading(t.p.Text("report.section.opening"), "")
	t.line("  ", t.style(bold, shorten(brief(o.Upstream), t.width-2)))
	t.text(2, "", o.Text, 0)
}

// unread writes the one honest line on what was not read, and what was passed over on purpose.
func (t *sheet) unread(doc *Document) {
	var passed []string
	for _, p := range doc.Passed {
		passed = append(passed, t.p.Text("table.passed_one", passedReason(p.Reason, t.p), p.Count))
	}
	t.heading(t.p.Text("report.section.gaps"), "")
	if doc.Summary.NotRead == "" {
		t.text(2, "", t.p.Text("table.all_read"), 0)
	} else {
		t.text(2, "", doc.Summary.NotRead, 0)
	}
	if doc.Command == "inspect" {
		for _, g := range doc.Gaps[:min(len(doc.Gaps), 5)] {
			t.bullet(2, "-", strings.Join(present(g.What, place(g), g.Why, g.Hint), " · "))
		}
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
		t.line("  ", brief(command))
	}
}
