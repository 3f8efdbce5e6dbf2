package report

import (
	"strconv"

	"github.com/mainstay-oss/mainstay/internal/message"
)

// What every view says of a succession drill.

// drillVerdicts are what a drill says of an upstream, in the order in which people read them: what is not known comes before
// what goes on, since it is not counted as healthy.
var drillVerdicts = []string{"stops", "may-stop", "unknown", "goes-on"}

// Bounds of what a terminal and Markdown show; the JSON document has all.
const (
	drilledMost  = 20
	subjectsMost = 20
)

// drilled are the upstreams of a drill, the worst verdict first, as many as a view shows; and how many more there are.
func drilled(d *Drill, most int) (shown []*DrillUpstream, more int) {
	for _, verdict := range drillVerdicts {
		for i := range d.Upstreams {
			if verdictOf(&d.Upstreams[i]) == verdict {
				shown = append(shown, &d.Upstreams[i])
			}
		}
	}
	more = max(len(shown)-most, 0)
	return shown[:len(shown)-more], more
}

// verdictOf is the verdict on an upstream. What has no probability is never said to go on.
func verdictOf(u *DrillUpstream) string {
	if len(u.Probability) != 2 {
		return "unknown"
	}
	for _, v := range drillVerdicts {
		if u.Verdict == v {
			return v
		}
	}
	return "unknown"
}

// verdictMark is a sign for a verdict, so that it is told by more than its colour.
func verdictMark(verdict string) string {
	switch verdict {
	case "stops":
		return "✗"
	case "may-stop":
		return "?"
	case "goes-on":
		return "✓"
	}
	return dash
}

func verdictText(verdict string, p message.Printer) string { return p.Text("drill.verdict." + verdict) }

// drillOf names who leaves.
func drillOf(d *Drill, p message.Printer) string {
	if d.Who == "busiest" {
		return p.Text("report.drill.busiest")
	}
	return clipName(d.Who)
}

// drillSentence is the answer.
func drillSentence(doc *Document) string {
	if doc.Drill.Text != "" {
		return doc.Drill.Text
	}
	return doc.Summary.Sentence
}

// drillLegend says what the verdicts mean.
func drillLegend(d *Drill, p message.Printer) string {
	if d.Who == "busiest" {
		return p.Text("report.drill.legend.busiest", d.Threshold)
	}
	return p.Text("report.drill.legend", d.Threshold)
}

// leavingText tells how many leave, and their share of the commits.
func leavingText(u *DrillUpstream, p message.Printer) (people, share string) {
	switch {
	case len(u.People) != 2:
		people = dash
	case u.People[0] == u.People[1]:
		people = p.Text("drill.people", u.People[0])
	default:
		people = p.Text("drill.people_range", u.People[0], u.People[1])
	}
	switch {
	case len(u.Share) != 2:
		share = p.Text("drill.share_unknown")
	case message.Percent(u.Share[0]) == message.Percent(u.Share[1]):
		share = p.Text("drill.share", u.Share[0])
	default:
		share = p.Text("drill.share_range", u.Share[0], u.Share[1])
	}
	return people, share
}

// rangeText writes both ends of a probability or share, or one where they show alike.
func rangeText(ends []float64, p message.Printer) string {
	switch {
	case len(ends) != 2 || !finite(ends[0]) || !finite(ends[1]):
		return dash
	case message.Percent(ends[0]) == message.Percent(ends[1]):
		return message.Percent(ends[0])
	}
	return p.Text("page.interval", ends[0], ends[1])
}

// peopleText writes both ends of a number of people.
func peopleText(ends []int) string {
	switch {
	case len(ends) != 2:
		return dash
	case ends[0] == ends[1]:
		return strconv.Itoa(ends[0])
	}
	return strconv.Itoa(ends[0]) + "–" + strconv.Itoa(ends[1])
}

// drillSubjectName names a subject of the drill as the document does elsewhere.
func drillSubjectName(doc *Document, id string, p message.Printer) string {
	for _, s := range doc.Subjects {
		if s.ID == id {
			return subjectName(s, p)
		}
	}
	return clipName(id)
}

// drillText tells who leaves an upstream and what that does.
func drillText(u *DrillUpstream, p message.Printer) string {
	people, share := leavingText(u, p)
	return people + " · " + share + " · " + p.Text("drill.stop", percent(u.Before), rangeText(u.Probability, p))
}
