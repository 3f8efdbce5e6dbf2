package report

import (
	"strconv"

	"github.com/mainstay-oss/mainstay/internal/message"
)

// loadFacts lists the measures of load beside those of the vitals, with their fields.
func loadFacts(l *Load) []fact {
	return []fact{
		{"commits_since_release", whole(l.CommitsSinceRelease)},
		{"commits_per_release", oneDecimal(l.CommitsPerRelease)},
		{"release_backlog", oneDecimal(l.ReleaseBacklog)},
		{"regulars_12m", message.Int(l.Regulars12m)},
		{"new_outsiders_12m", whole(l.NewOutsiders12m)},
		{"new_outsiders_per_regular", oneDecimal(l.OutsidersPerRegular)},
		{"waiting_outsiders", whole(l.WaitingOutsiders)},
		{"waiting_pulls", whole(l.WaitingPulls)},
		{"waiting_days", whole(l.WaitingDays)},
	}
}

// load writes what is asked of the people.
func (t *sheet) load(u *Upstream) {
	if u.Load == nil {
		return
	}
	t.heading(t.p.Text("report.section.load"), t.p.Text("table.days_365"))
	facts := loadFacts(u.Load)
	for i := range facts {
		facts[i].name = t.p.Text("report.measure." + facts[i].name)
	}
	t.facts(facts)
}

// loadFigures are the same for the page.
func loadFigures(l *Load, p message.Printer) (figures []figureView) {
	for _, f := range loadFacts(l) {
		figures = append(figures, figure(p, f.name, f.value))
	}
	return figures
}

// oneDecimal writes a ratio; a dash where it is not known.
func oneDecimal(f *float64) string {
	if f == nil || !finite(*f) {
		return dash
	}
	return strconv.FormatFloat(*f, 'f', 1, 64)
}
