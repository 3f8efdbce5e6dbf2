package report

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/message"
)

// writeMarkdown writes the document for a pull request or an issue, in GitHub-flavoured Markdown: the sentence, the ten to
// look at first, the opening or the plan, and what was not read.
func writeMarkdown(b *bytes.Buffer, doc *Document, opts Options) error {
	p := opts.Printer
	line := func(parts ...string) {
		for _, s := range parts {
			b.WriteString(s)
		}
		b.WriteByte('\n')
	}
	line("## ", mdText(headline(doc, p)))
	line()
	if doc.Command == "footprint" {
		markdownFootprint(line, doc, p)
		markdownGaps(line, doc, p)
		return nil
	}
	switch {
	case doc.Command == "inspect":
		line(mdText(p.Text("report.as_of", doc.AsOf)))
	case doc.Command == "drill" && doc.Drill != nil:
		line(mdText(p.Text("page.kind.drill", drillOf(doc.Drill, p))), " · ", mdText(p.Text("report.as_of", doc.AsOf)))
	default:
		line(mdText(stateCounts(doc, p)), " · ", mdText(p.Text("report.as_of", doc.AsOf)))
	}
	switch {
	case doc.Command == "inspect" && len(doc.Upstreams) > 0:
		markdownFacts(line, &doc.Upstreams[0], p)
	case doc.Command == "drill" && doc.Drill != nil:
		markdownDrill(line, doc, p)
	default:
		markdownChanges(line, doc, p)
		look := newFirstLook(doc)
		markdownEnded(line, look, p)
		markdownRanking(line, doc, look.rows, p)
		if doc.Command != "plan" {
			markdownPackageNotices(line, doc, p)
		}
	}

	switch {
	case doc.Plan == nil:
	case doc.Command == "plan":
		markdownPlan(line, doc, p)
	case len(doc.Plan.Openings) > 0:
		o := &doc.Plan.Openings[0]
		text := mdText(o.Text)
		if old := oldFigures(doc, upstreamOf(doc, o.Upstream), p); old != "" {
			text = "**" + mdText(old) + "** " + text
		}
		line()
		line("### ", p.Text("report.section.opening"))
		line()
		line(mdCode(o.Upstream), ": ", text)
	}
	markdownGaps(line, doc, p)
	return nil
}

// markdownGaps says what was not read, and why.
func markdownGaps(line func(...string), doc *Document, p message.Printer) {
	line()
	line("### ", p.Text("report.section.gaps"))
	line()
	line(mdText(notRead(doc, p)))
	if len(doc.Gaps) > 0 {
		line()
		line("| ", p.Text("report.column.place"), " | ", p.Text("report.column.what"), " | ", p.Text("report.column.gap_why"),
			" | ", p.Text("report.column.hint"), " | ", p.Text("report.column.count"), " |")
		line("|---|---|---|---|--:|")
		for i, g := range doc.Gaps {
			if i == maxGaps {
				line()
				line(mdText(p.Text("table.more_gaps", len(doc.Gaps)-maxGaps)))
				break
			}
			line("| ", mdCode(place(g)), " | ", mdCode(g.What), " | ", mdText(g.Why), " | ", mdText(g.Hint), " | ", strconv.Itoa(g.Count), " |")
		}
	}
}

// markdownEnded lists what has ended, where that is much.
func markdownEnded(line func(...string), look firstLook, p message.Printer) {
	shown := look.shownEnded()
	if len(shown) == 0 {
		return
	}
	line()
	line("### ", p.Text("report.section.ended"))
	line()
	for _, u := range shown {
		line("- ", strconv.Itoa(u.Attention.Rank), ": ", mdCode(u.ID), " ", mdText(endOf(u, p)))
	}
	if more := len(look.ended) - len(shown); more > 0 {
		line()
		line(mdText(p.Text("table.ended_more", more)))
	}
}

// markdownRanking writes the upstreams to look at first as a table.
func markdownRanking(line func(...string), doc *Document, rows []*Upstream, p message.Printer) {
	if len(rows) == 0 {
		return
	}
	line()
	line("### ", p.Text("report.section.first"))
	line()
	line("| ", p.Text("report.column.rank"), " | ", p.Text("report.column.upstream"), " | ", p.Text("report.column.outlook"), " | ",
		p.Text("report.column.loss"), " | ", p.Text("report.column.pulse"), " | ", p.Text("report.column.why"), " |")
	line("|--:|---|---|--:|---|---|")
	for _, u := range rows {
		name, probability := standing(u, p)
		pulse, order := "", ""
		if u.Vitals != nil {
			pulse = mdCode(spark(floats(u.Vitals.Months)))
		}
		if date := figuresOf(doc, u); date != "" {
			pulse = strings.TrimSpace(pulse + " " + mdText(p.Text("report.as_of", date)))
		}
		if u.Loss != nil {
			order = twoDecimals(u.Exposure.Score) + " × " + twoDecimals(*u.Loss)
		}
		line("| ", strconv.Itoa(u.Attention.Rank), " | ", mdCode(u.ID), " | ", mdText(strings.TrimSpace(name+" "+probability)),
			" | ", order, " | ", pulse, " | ", mdText(strings.Join(u.Attention.Why, "; ")), " |")
	}
	line()
	line(mdText(p.Text("table.note")))
}

// markdownFacts writes one upstream in depth: how it stands, why, and its measures.
func markdownFacts(line func(...string), u *Upstream, p message.Printer) {
	name, probability := standing(u, p)
	line()
	line("### ", mdCode(u.ID))
	if unborn(u) {
		return // the headline says so
	}
	line()
	if o := u.Outlook; o != nil && o.Probability12m != nil && len(o.Interval) == 2 {
		probability = p.Text("table.interval", probability, o.Interval[0], o.Interval[1])
	}
	line("**", mdText(name), "** ", mdText(probability))
	if u.Outlook != nil && len(u.Outlook.Reasons) > 0 {
		line()
		for _, r := range u.Outlook.Reasons {
			mark := "↑"
			if r.Weight < 0 {
				mark = "↓"
			}
			line("- ", mark, " ", mdText(r.Text))
		}
	}
	if u.Vitals == nil {
		return
	}
	line()
	line("| ", p.Text("report.section.vitals"), " | ", p.Text("table.days_365"), " |")
	line("|---|--:|")
	for _, f := range vitalsFacts(u.Vitals, p) {
		line("| ", mdText(f.name), " | ", mdText(f.value), " |")
	}
	if u.Fragility != nil && u.Fragility.Score != nil {
		line("| ", p.Text("report.measure.fragility"), " | ", mdText(percent(u.Fragility.Score)), " |")
	}
	markdownStanding(line, u, p)
	markdownTerritory(line, u, p)
}

// maxGaps keeps a comment on a pull request readable; the JSON document has all of them.
const maxGaps = 20

// place is where a gap lies: "file:line"; empty where no file is concerned.
func place(g Gap) string {
	switch {
	case g.File == "":
		return ""
	case g.Line == nil:
		return g.File
	}
	return g.File + ":" + strconv.Itoa(*g.Line)
}

func floats(counts []int) []float64 {
	values := make([]float64, len(counts))
	for i, n := range counts {
		values[i] = float64(n)
	}
	return values
}

// mdCode shows an outside string exactly, as code: nothing in it is a link, a mention or markup.
func mdCode(s string) string {
	s = strings.TrimSpace(brief(s))
	switch {
	case s == "":
		return ""
	case strings.ContainsAny(s, "`|\\"): // readers of tables disagree on how these are escaped inside a code span
		return "<code>" + mdText(s) + "</code>"
	}
	return "`" + s + "`"
}

var markup = strings.NewReplacer(
	"\\", "&#92;", "|", "&#124;", // never a backslash before a bar: readers of tables disagree on what it means
	"`", "\\`", "*", "\\*", "_", "\\_", "~", "\\~", "[", "\\[", "]", "\\]", "!", "\\!", "$", "\\$",
	"<", "&lt;", ">", "&gt;", "&", "&amp;",
	// What a forge turns into links and notifications though it is no markup: an empty comment cuts it in two.
	"@", "@<!-- -->", "#", "#<!-- -->", "://", ":<!-- -->//", "www.", "www<!-- -->.", "WWW.", "WWW<!-- -->.",
)

var listItem = regexp.MustCompile(`^(\d{1,9})([.)])`)

// mdText shows a sentence, which may carry outside names, as text alone: no markup, lists, links, HTML or mentions.
func mdText(s string) string {
	s = markup.Replace(strings.TrimSpace(brief(s)))
	if s != "" && strings.ContainsRune("-+=", rune(s[0])) {
		return `\` + s
	}
	return listItem.ReplaceAllString(s, `$1\$2`)
}
