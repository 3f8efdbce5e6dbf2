package report

import (
	"strings"

	"github.com/mainstay-oss/mainstay/internal/message"
)

// markdownDrill writes what would stop as a table, then what rests on it.
func markdownDrill(line func(...string), doc *Document, p message.Printer) {
	d := doc.Drill
	shown, more := drilled(d, drilledMost)
	line()
	line("### ", p.Text("drill.title"))
	line()
	if len(d.Upstreams) == 0 {
		line(mdText(p.Text("drill.none")))
	} else {
		line("| ", p.Text("drill.column.verdict"), " | ", p.Text("report.column.upstream"), " | ", p.Text("drill.column.people"), " | ",
			p.Text("drill.column.share"), " | ", p.Text("drill.column.before"), " | ", p.Text("drill.column.without"), " |")
		line("|---|---|--:|--:|--:|--:|")
		for _, u := range shown {
			verdict := verdictOf(u)
			line("| ", verdictMark(verdict), " ", mdText(verdictText(verdict, p)), " | ", mdCode(u.Upstream), " | ", peopleText(u.People), " | ",
				mdText(rangeText(u.Share, p)), " | ", mdText(percent(u.Before)), " | ", mdText(rangeText(u.Probability, p)), " |")
		}
		if more > 0 {
			line()
			line(mdText(p.Text("drill.more", more)))
		}
		line()
		line(mdText(drillLegend(d, p)))
	}
	line()
	line("### ", p.Text("drill.subjects"))
	line()
	if len(d.Subjects) == 0 {
		line(mdText(p.Text("drill.subjects.none")))
	} else {
		line("| ", p.Text("drill.column.subject"), " | ", p.Text("drill.column.stops"), " | ", p.Text("drill.column.may_stop"), " |")
		line("|---|---|---|")
		for _, s := range d.Subjects[:min(len(d.Subjects), subjectsMost)] {
			line("| ", mdCode(drillSubjectName(doc, s.Subject, p)), " | ", markdownList(s.Stops, p), " | ", markdownList(s.MayStop, p), " |")
		}
		if more := len(d.Subjects) - subjectsMost; more > 0 {
			line()
			line(mdText(p.Text("drill.subjects.more", more)))
		}
	}
	for _, n := range d.Notes {
		line()
		line(mdText(n))
	}
}

func markdownList(ids []string, p message.Printer) string {
	shown := make([]string, 0, listedMost)
	for _, id := range ids[:min(len(ids), listedMost)] {
		shown = append(shown, mdCode(clipName(id)))
	}
	all := strings.Join(shown, ", ")
	if more := len(ids) - listedMost; more > 0 {
		return p.Text("page.more", all, more)
	}
	return all
}
