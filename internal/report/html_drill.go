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
}

type nameView struct{ Before, Last, Link string }

func newDrill(doc *Document, p message.Printer) *drillView {
	d := doc.Drill
	v := &drillView{Threshold: chanceX(unit(d.Threshold)), ThresholdText: p.Text("drill.chart.threshold", d.Threshold), Legend: drillLegend(d, p), Notes: pageTexts(d.Notes)}
	counts := map[string]int{}
	for i := range d.Upstreams {
		u := &d.Upstreams[i]
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
	for _, s := range d.Subjects {
		v.Subjects = append(v.Subjects, drillSubjectView{drillSubjectName(doc, s.Subject, p), names(s.Stops), names(s.MayStop)})
	}
	if others := len(doc.Subjects) - len(d.Subjects); others > 0 && len(d.Subjects) > 0 {
		v.Others = p.Text("drill.subjects.others", others)
	}
	return v
}

func names(ids []string) []nameView {
	views := make([]nameView, len(ids))
	for i, id := range ids {
		views[i].Before, views[i].Last = splitID(id)
		views[i].Link = forgeLink(id)
	}
	return views
}
