package report

import (
	"bytes"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/message"
)

// writeTable writes the document for a terminal.
func writeTable(b *bytes.Buffer, doc *Document, opts Options) error {
	t := &sheet{b: b, p: opts.Printer, width: opts.Width, color: opts.Color}
	switch {
	case doc.Command == "inspect" && len(doc.Upstreams) > 0:
		t.inspect(doc, &doc.Upstreams[0])
	case doc.Command == "drill" && doc.Drill != nil:
		t.drill(doc)
	case doc.Command == "plan":
		t.masthead(doc)
		t.plan(doc)
	case doc.Command == "footprint":
		t.footprint(doc)
	default:
		t.masthead(doc)
		t.changes(doc)
		t.ranking(doc)
		t.packageNotices(doc)
		t.opening(doc)
	}
	t.unread(doc)
	t.next(doc)
	return nil
}

// masthead writes the sentence and, below it, the counts of each state.
func (t *sheet) masthead(doc *Document) {
	t.text(0, bold, headline(doc, t.p), 0)
	counts := stateCounts(doc, t.p)
	if doc.Command == "scan" && doc.Summary.Ranked == 0 { // elsewhere the first heading says so
		counts += " · " + t.p.Text("report.as_of", brief(doc.AsOf))
	}
	t.text(0, dim, counts, 0)
}

// ranking writes the ten to look at first: a row each, below it why it stands there. The ended come before them where they
// are many.
func (t *sheet) ranking(doc *Document) {
	look := newFirstLook(doc)
	if len(look.rows)+len(look.ended) == 0 {
		if len(doc.Upstreams) > 0 {
			t.blank()
			t.text(0, "", t.p.Text("table.nothing_ranked"), 0)
		}
		return
	}
	t.ended(look)
	rows := look.rows
	shared := oneSource(rows)
	if len(rows) > 0 {
		t.rows(doc, rows, shared)
	}
	t.rest(doc, len(rows)+len(look.ended), shared)
}

// ended lists what has ended, a line each.
func (t *sheet) ended(look firstLook) {
	shown := look.shownEnded()
	if len(shown) == 0 {
		return
	}
	t.heading(t.p.Text("report.section.ended"), "")
	longest := 0
	for _, u := range shown {
		longest = max(longest, width(brief(u.ID)))
	}
	ends := make([]string, len(shown))
	endWidth := 0
	for i, u := range shown {
		ends[i] = cells.Truncate(endOf(u, t.p), 32, "…")
		endWidth = max(endWidth, width(ends[i]))
	}
	idWidth := max(min(longest, t.width-rankWidth-gutter-endWidth), 12)
	for i, u := range shown {
		t.line(padLeft(message.Int(u.Attention.Rank), rankWidth-2), "  ", t.style(bold, pad(shorten(brief(u.ID), idWidth), idWidth)),
			strings.Repeat(" ", gutter), ends[i])
	}
	if more := len(look.ended) - len(shown); more > 0 {
		t.text(rankWidth, dim, t.p.Text("table.ended_more", more), 0)
	}
}

// rows writes a row for each upstream, below it what its place in the order rests on, and why.
func (t *sheet) rows(doc *Document, rows []*Upstream, shared string) {
	months := t.months()
	room := t.width - rankWidth - gutter // for id and standing
	if months > 0 {
		room -= gutter + months
	}
	longest := 0
	for _, u := range rows {
		longest = max(longest, width(brief(u.ID)))
	}
	long := true
	stand := t.standings(rows, long)
	if longest+width(stand[0]) > room { // the ids are what the next command needs
		long = false
		stand = t.standings(rows, long)
	}
	idWidth := max(room-width(stand[0]), 12)
	if t.width > paragraphWidth {
		idWidth = min(idWidth, max(longest, 36))
	}

	remark := t.p.Text("report.as_of", brief(doc.AsOf))
	end := rankWidth + idWidth + gutter + width(stand[0])
	if months > 0 {
		remark = t.p.Text("table.pulse_each", 24)
		if date := commonDate(doc, rows); date != "" {
			remark = t.p.Text("table.pulse", 24, date)
		}
		end += gutter + months
	}
	t.headingAt(t.p.Text("report.section.first"), remark, end)
	for i, u := range rows {
		pulse := ""
		if months > 0 {
			pulse = strings.Repeat(" ", gutter) + t.pulse(u, months)
		}
		t.line(padLeft(message.Int(u.Attention.Rank), rankWidth-2), "  ",
			t.style(bold, pad(shorten(brief(u.ID), idWidth), idWidth)), strings.Repeat(" ", gutter),
			t.style(standingStyle(u), stand[i]), pulse)
		t.text(rankWidth, dim, t.grounds(doc, u, shared, !long), 0)
		t.text(rankWidth, "", t.because(u), becauseLines)
	}
}

// becauseLines is how many lines the reasons of a row take at most.
const becauseLines = 2

// because gives as many of a row's reasons, the strongest first, as fit its lines whole.
func (t *sheet) because(u *Upstream) string {
	why := u.Attention.Why
	room := min(t.width, paragraphWidth) - rankWidth
	for n := len(why); n > 1; n-- {
		if all := strings.Join(why[:n], "; "); len(all) < maxShown && len(wrap(brief(all), room)) <= becauseLines {
			return all
		}
	}
	return strings.Join(why[:min(len(why), 1)], "")
}

// grounds says what a row's place in the order rests on, of which day its figures are, unless that is the document's, where
// its history was read, unless all share one source, and what a quiet upstream is like, where its standing does not.
func (t *sheet) grounds(doc *Document, u *Upstream, shared string, kind bool) string {
	var parts []string
	if kind && u.State == "quiet" && u.QuietKind != nil {
		parts = append(parts, stateName("quiet."+*u.QuietKind, t.p))
	}
	if u.Loss != nil {
		parts = append(parts, t.p.Text("table.order", twoDecimals(u.Exposure.Score), twoDecimals(*u.Loss)))
	}
	if date := figuresOf(doc, u); date != "" {
		parts = append(parts, t.p.Text("report.as_of", date))
	}
	if u.History != nil && shared == "" {
		parts = append(parts, stateName("report.source."+u.History.Source, t.p))
	}
	return strings.Join(parts, " · ")
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
	u := upstreamOf(doc, o.Upstream)
	remark, old := "", oldFigures(doc, u, t.p)
	if date := figuresOf(doc, u); date != "" && old == "" {
		remark = t.p.Text("report.as_of", date)
	}
	t.heading(t.p.Text("report.section.opening"), remark)
	t.line("  ", t.style(bold, shorten(brief(o.Upstream), t.width-2)))
	if old != "" {
		t.text(2, yellow, old, 0)
	}
	t.text(2, "", o.Text, 0)
}

// gapsShown is how many gaps a terminal names; the JSON document has all of them.
const gapsShown = 5

// unread writes the one honest line on what was not read, names the first gaps with what to do about the very first, and
// counts what was passed over on purpose.
func (t *sheet) unread(doc *Document) {
	t.heading(t.p.Text("report.section.gaps"), "")
	t.text(2, "", notRead(doc, t.p), 0)
	for i, g := range doc.Gaps[:min(len(doc.Gaps), gapsShown)] {
		t.bullet(2, "-", gapLine(g, t.p))
		if i == 0 && g.Hint != "" {
			t.text(4, dim, t.p.Text("table.gap_hint", g.Hint), 0)
		}
	}
	if more := len(doc.Gaps) - gapsShown; more > 0 {
		t.text(2, "", t.p.Text("table.more_gaps", more), 0)
	}
	var passed []string
	for _, p := range doc.Passed {
		passed = append(passed, t.p.Text("table.passed_one", passedReason(p.Reason, t.p), p.Count))
	}
	if len(passed) > 0 {
		t.text(2, dim, t.p.Text("table.passed", strings.Join(passed, ", ")), 0)
	}
}

// notRead is the one honest line. It says that all was read only where no gap says otherwise.
func notRead(doc *Document, p message.Printer) string {
	switch {
	case doc.Summary.NotRead != "":
		return doc.Summary.NotRead
	case len(doc.Gaps) > 0:
		return p.Text("table.some_read")
	}
	return p.Text("table.all_read")
}

// gapLine names the place of a gap, or what is missing, or the stage that met it; its cause; and how many things it stands
// for.
func gapLine(g Gap, p message.Printer) string {
	about := present(g.What, place(g))
	if len(about) == 0 {
		about = []string{stateName("report.stage."+g.Stage, p)}
	}
	line := strings.Join(append(about, present(g.Why)...), " · ")
	if g.Count > 1 {
		line = p.Text("table.gap_count", line, g.Count)
	}
	return line
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
