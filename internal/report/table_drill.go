package report

import (
	"math"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/message"
)

// drill writes what would stop if somebody left: a verdict for each upstream that they work on, then what rests on it.
func (t *sheet) drill(doc *Document) {
	d := doc.Drill
	t.text(0, bold, headline(doc, t.p), 0)
	t.text(0, dim, t.p.Text("page.kind.drill", drillOf(d, t.p))+" · "+t.p.Text("report.as_of", brief(doc.AsOf)), 0)
	if len(d.Upstreams) == 0 {
		t.blank()
		t.text(0, "", t.p.Text("drill.none"), 0)
	} else {
		t.verdicts(d)
	}
	t.restsOn(doc)
	t.notes(d.Notes)
}

// verdicts writes a row for each upstream, below it who leaves and what that does.
func (t *sheet) verdicts(d *Drill) {
	const scale = 20 // cells of a bar
	t.heading(t.p.Text("drill.title"), "")
	shown, more := drilled(d, drilledMost)
	wordWidth := 0
	for _, u := range shown {
		wordWidth = max(wordWidth, width(verdictText(verdictOf(u), t.p)))
	}
	idWidth := min(t.width, paragraphWidth) - 4 - wordWidth - gutter
	bars := idWidth-gutter-scale >= 30
	if bars {
		idWidth -= gutter + scale
	}
	for _, u := range shown {
		verdict := verdictOf(u)
		line := "  " + t.style(verdictStyle(verdict), verdictMark(verdict)+" "+pad(verdictText(verdict, t.p), wordWidth)) +
			strings.Repeat(" ", gutter) + t.style(bold, pad(shorten(brief(u.Upstream), idWidth), idWidth))
		if bars {
			line += strings.Repeat(" ", gutter) + intervalBar(u.Probability, d.Threshold, scale)
		}
		t.line(line)
		t.text(4, "", drillText(u, t.p), 0)
	}
	if more > 0 {
		t.text(2, "", t.p.Text("drill.more", more), 0)
	}
	t.blank()
	note := drillLegend(d, t.p)
	if bars {
		note += " " + t.p.Text("drill.scale", d.Threshold)
	}
	t.text(0, dim, note, 0)
}

// verdictStyle is the colour of a verdict; the mark and the word beside it say the same.
func verdictStyle(verdict string) string {
	switch verdict {
	case "stops":
		return red
	case "may-stop":
		return yellow
	case "goes-on":
		return green
	}
	return ""
}

// intervalBar draws an interval between 0 and 1 in n cells, with a stroke at a threshold; dots alone where it is not known.
func intervalBar(ends []float64, threshold float64, n int) string {
	at := func(f float64) int { return min(max(int(math.Floor(f*float64(n))), 0), n-1) }
	line := []rune(strings.Repeat("·", n))
	if finite(threshold) {
		line[at(threshold)] = '│'
	}
	if len(ends) == 2 && finite(ends[0]) && finite(ends[1]) {
		for i := at(ends[0]); i <= at(ends[1]); i++ {
			if line[i] = '━'; finite(threshold) && i == at(threshold) {
				line[i] = '┿'
			}
		}
	}
	return string(line)
}

// restsOn writes for each subject which of its upstreams would stop.
func (t *sheet) restsOn(doc *Document) {
	t.heading(t.p.Text("drill.subjects"), "")
	if len(doc.Drill.Subjects) == 0 {
		t.text(2, "", t.p.Text("drill.subjects.none"), 0)
	}
	for _, s := range doc.Drill.Subjects[:min(len(doc.Drill.Subjects), subjectsMost)] {
		t.line("  ", t.style(bold, cells.Truncate(drillSubjectName(doc, s.Subject, t.p), t.width-2, "…")))
		if len(s.Stops) > 0 {
			t.bullet(4, verdictMark("stops"), t.p.Text("drill.subject.stops", upstreamList(s.Stops, t.p)))
		}
		if len(s.MayStop) > 0 {
			t.bullet(4, verdictMark("may-stop"), t.p.Text("drill.subject.may_stop", upstreamList(s.MayStop, t.p)))
		}
	}
	if more := len(doc.Drill.Subjects) - subjectsMost; more > 0 {
		t.text(2, "", t.p.Text("drill.subjects.more", more), 0)
	}
}

// listedMost is how many upstreams a line of text names.
const listedMost = 12

func upstreamList(ids []string, p message.Printer) string {
	shown := make([]string, 0, listedMost)
	for _, id := range ids[:min(len(ids), listedMost)] {
		shown = append(shown, clipName(id))
	}
	all := strings.Join(shown, ", ")
	if more := len(ids) - listedMost; more > 0 {
		return p.Text("page.more", all, more)
	}
	return all
}
