package report

import (
	"github.com/mainstay-oss/mainstay/internal/message"
)

// A drillView is a succession drill: what would stop if somebody left.
type drillView struct {
	Counts        []drillCount
	Rows          []drillRow
	Threshold     px // of chanceWidth
	ThresholdText string
	Legend        string
	Subjects      []drillSubjectView
	More          string // how many subjects are not shown
	Others        string // the subjects that rest on none of it
	Notes         []string
}

type drillCount struct{ Verdict, Word, Value string }

type drillRow struct {
	Before, Last, Link        string
	Verdict, Word             string
	People, Share             string
	Text                      string // the figures in words, where there is no room for columns
	ShareSure, ShareOpen      string // path data on 100 × 8: what is theirs, and what may be
	Now, Without              string
	Known, HasNow             bool
	Low, Wide, Threshold, Dot px // of chanceWidth
}

type drillSubjectView struct {
	Name           string
	Stops, MayStop []nameView
	More           string // how many upstreams are not named
}

// Bounds of the page: how many subjects it shows, and how many upstreams of each verdict it names below one.
const (
	subjectsOnPage = 60
	namedMost      = 12
)

type nameView struct{ Before, Last, Link string }

func newDrill(doc *Document, p message.Printer) *drillView {
	d := doc.Drill
	v := &drillView{Threshold: chanceX(unit(d.Threshold)), ThresholdText: p.Text("drill.chart.threshold", d.Threshold), Legend: drillLegend(d, p), Notes: pageTexts(d.Notes)}
	counts := map[string]int{}
	all, _ := drilled(d, len(d.Upstreams))
	for _, u := range all {
		verdict := verdictOf(u)
		counts[verdict]++
		row := drillRow{Link: forgeLink(u.Upstream), Verdict: verdict, Word: verdictText(verdict, p), People: peopleText(u.People), Share: rangeText(u.Share, p),
			Now: shareText(u.Before), Without: rangeText(u.Probability, p), Threshold: v.Threshold}
		row.Before, row.Last = splitID(u.Upstream)
		row.Text = pageText(drillText(u, p))
		if len(u.Share) == 2 {
			row.ShareSure, row.ShareOpen = unitBar(0, u.Share[0]), unitBar(u.Share[0], u.Share[1])
		}
		if u.Before != nil {
			row.Dot, row.HasNow = chanceX(unit(*u.Before)), true
		}
		if len(u.Probability) == 2 {
			const least = 4 // an interval of no width is still seen
			row.Known = true
			row.Low = chanceX(unit(u.Probability[0]))
			row.Wide = max(chanceX(unit(u.Probability[1]))-row.Low, least)
		}
		v.Rows = append(v.Rows, row)
	}
	for _, verdict := range drillVerdicts {
		if n := counts[verdict]; n > 0 || verdict == "stops" {
			v.Counts = append(v.Counts, drillCount{verdict, verdictText(verdict, p), message.Int(n)})
		}
	}
	for _, s := range d.Subjects[:min(len(d.Subjects), subjectsOnPage)] {
		view := drillSubjectView{Name: drillSubjectName(doc, s.Subject, p), Stops: names(s.Stops), MayStop: names(s.MayStop)}
		if more := len(s.Stops) + len(s.MayStop) - len(view.Stops) - len(view.MayStop); more > 0 {
			view.More = p.Text("drill.subject.more", more)
		}
		v.Subjects = append(v.Subjects, view)
	}
	if more := len(d.Subjects) - len(v.Subjects); more > 0 {
		v.More = p.Text("drill.subjects.more", more)
	}
	if others := len(doc.Subjects) - len(d.Subjects); others > 0 && len(d.Subjects) > 0 {
		v.Others = p.Text("drill.subjects.others", others)
	}
	return v
}

func names(ids []string) []nameView {
	views := make([]nameView, min(len(ids), namedMost))
	for i, id := range ids[:len(views)] {
		views[i].Before, views[i].Last = splitID(id)
		views[i].Link = forgeLink(id)
	}
	return views
}
