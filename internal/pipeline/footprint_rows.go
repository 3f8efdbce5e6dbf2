package pipeline

import (
	"cmp"
	"slices"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/footprint"
	"github.com/mainstay-oss/mainstay/internal/report"
)

// Rows of the document for what package footprint measures.

func standingRow(id string, s *footprint.Standing, seats []footprint.Seats) report.Standing {
	row := report.Standing{Upstream: id, Last12m: presenceRow(&s.Last12m)}
	for i := range s.Years {
		row.Years = append(row.Years, presenceRow(&s.Years[i]))
	}
	for i := range s.Quarters {
		row.Quarters = append(row.Quarters, presenceRow(&s.Quarters[i]))
	}
	for _, at := range seats {
		row.Seats = append(row.Seats, report.Seats{
			AsOf: day(at.At), Listed: at.Listed, Seats: at.Seats, Open: at.Open, Share: at.Share, Active: at.Active, Paper: at.Paper,
		})
	}
	return row
}

func presenceRow(p *footprint.Presence) report.Presence {
	return report.Presence{
		Period:         p.Name,
		From:           day(p.From),
		Until:          day(p.Until),
		Whole:          p.Whole,
		Commits:        p.Commits,
		CommitsOpen:    p.CommitsOpen,
		CommitsAll:     p.CommitsAll,
		Share:          p.Share,
		Confidence:     p.Confidence,
		People:         p.People,
		PeopleOpen:     p.PeopleOpen,
		PeopleAll:      p.PeopleAll,
		FirstTimers:    p.FirstTimers,
		FirstTimersAll: p.FirstTimersAll,
		Stayed:         p.Stayed,
		StayedAll:      p.StayedAll,
		Rank:           p.Rank,
		RankRange:      p.RankRange,
		Organisations:  p.Organisations,
	}
}

// sortStandings puts the most commits of 365 days first, then the most ever, then by id.
func sortStandings(rows []report.Standing) {
	ever := func(s *report.Standing) (n int) {
		for _, y := range s.Years {
			n += y.Commits
		}
		return n
	}
	slices.SortFunc(rows, func(a, b report.Standing) int {
		return cmp.Or(cmp.Compare(b.Last12m.Commits, a.Last12m.Commits), cmp.Compare(ever(&b), ever(&a)), strings.Compare(a.Upstream, b.Upstream))
	})
}

// attributionRow tells how much is attributed; names are those of the people to settle, where they may be shown.
func attributionRow(id string, a *footprint.Attribution, s *standings) report.Attribution {
	row := report.Attribution{
		Upstream: id, Commits: a.Commits, Attributed: a.Attributed, Share: a.Share, ElephantFactor: a.ElephantFactor, ToSettle: a.ToSettle,
	}
	for i, o := range a.People {
		open := report.Open{Commits: o.Commits}
		if s != nil && i < len(s.open) && s.open[i].Name != "" {
			open.Name = &s.open[i].Name
		}
		row.People = append(row.People, open)
	}
	return row
}

// pullAuthors makes the reach of all upstreams together, of which only who opened pulls can be added up.
func pullAuthors(s *footprint.Standing) []report.Reach {
	var rows []report.Reach
	for i, n := range s.PullAuthors {
		rows = append(rows, report.Reach{Quarter: s.Quarters[i].Name, PullAuthors: n})
	}
	return rows
}

// reachRows puts what was looked up, in this run and earlier ones, beside who opened pulls.
func (p *Pipeline) reachRows(t *target, s *footprint.Standing) []report.Reach {
	rows := pullAuthors(s)
	for _, seen := range t.reach {
		i := slices.IndexFunc(rows, func(r report.Reach) bool { return r.Quarter == seen.Name })
		if i < 0 {
			rows = append(rows, report.Reach{Quarter: seen.Name})
			i = len(rows) - 1
		}
		r := &rows[i]
		r.ObservedOn = seen.Date
		r.Subjects, r.Packages, r.Downloads, r.Dependents = seen.Subjects, seen.Packages, seen.Downloads, seen.Dependents
	}
	slices.SortStableFunc(rows, func(a, b report.Reach) int { return strings.Compare(a.Quarter, b.Quarter) })
	return rows
}
