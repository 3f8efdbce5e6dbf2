package pipeline

import (
	"context"
	"slices"
	"time"

	"github.com/mainstay-oss/mainstay/internal/footprint"
	"github.com/mainstay-oss/mainstay/internal/gap"
	"github.com/mainstay-oss/mainstay/internal/governance"
	"github.com/mainstay-oss/mainstay/internal/history"
	"github.com/mainstay-oss/mainstay/internal/report"
	"github.com/mainstay-oss/mainstay/internal/vitals"
)

// A roll is who is listed at an upstream, now and over time.
type roll struct {
	*governance.Series
	files        []string
	daysToSeat   []int // of the last who came to a seat
	medianToSeat *int
}

// governance reads who is listed.
func (p *Pipeline) governance(ctx context.Context, m *measured, h *history.History, repo repository) []gap.Gap {
	r, err := repo()
	if err != nil {
		return nil // as from an archive: that seats are not known is said where they would stand
	}
	series, gaps, err := governance.History(ctx, r, h, m.asOf)
	if err != nil {
		return []gap.Gap{noFiles(h.Upstream, err)}
	}
	for i := range gaps {
		gaps[i].Stage = gap.People
	}
	if series.Now == nil && len(series.Points) == 0 {
		return gaps
	}
	m.roll = &roll{Series: series}
	if series.Now != nil {
		m.roll.files = series.Now.Files
	}
	var listings []vitals.Listing
	for _, f := range series.First {
		listings = append(listings, vitals.Listing{FirstCommit: f.FirstCommit, Listed: f.Listed})
	}
	m.roll.daysToSeat, m.roll.medianToSeat = vitals.DaysToSeat(listings)
	return gaps
}

// rolls gives who held a seat at each quarter and now, as package footprint counts it. Where a quarter starts now there is one
// roll of the two.
func (m *measured) rolls() []footprint.Roll {
	if m.roll == nil {
		return nil
	}
	all := m.roll.Points
	if m.roll.Now != nil {
		if n := len(all); n > 0 && all[n-1].At == m.roll.Now.At {
			all = all[:n-1]
		}
		all = append(all[:len(all):len(all)], *m.roll.Now)
	}
	var out []footprint.Roll
	for _, r := range all {
		roll := footprint.Roll{At: r.At}
		for _, s := range r.Seats {
			if !s.Review {
				roll.Seats = append(roll.Seats, footprint.Seat{Identity: s.Identity, Address: s.Address, Active: s.Active()})
			}
		}
		out = append(out, roll)
	}
	return out
}

// heldBy dates the newest of an upstream's seats as the answer is: histories were last observed on different days, and a sum by day
// would leave out all but the newest.
func (m *measured) heldBy(seats []footprint.Seats, asOf time.Time) []footprint.Seats {
	if m.roll == nil || m.roll.Now == nil || len(seats) == 0 {
		return seats
	}
	seats = slices.Clone(seats)
	seats[len(seats)-1].At = asOf.Unix()
	return seats
}

func governanceRow(m *measured) *report.Governance {
	if m.roll == nil {
		return nil
	}
	row := &report.Governance{AsOf: m.asOf.Format(time.DateOnly), Files: m.roll.files}
	if now := m.roll.Now; now != nil {
		row.Listed, row.Active, row.Paper, row.Unmatched = now.Listed, now.Active, now.Paper, now.Unmatched
	}
	for _, r := range m.roll.Points {
		row.Series = append(row.Series, report.SeatsPoint{
			AsOf: day(r.At), Listed: r.Listed, Active: r.Active, Paper: r.Paper, Unmatched: r.Unmatched,
		})
	}
	return row
}
