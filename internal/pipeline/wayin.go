package pipeline

import "github.com/mainstay-oss/mainstay/internal/report"

// wayInRow tells how outsiders have fared.
func wayInRow(m *measured) *report.WayIn {
	w := m.wayIn
	if w == nil {
		return nil
	}
	row := &report.WayIn{
		OutsidePulls:  w.OutsidePulls,
		OutsideMerged: w.OutsideMerged,
		MergedShare:   w.MergedShare,
		Newcomers:     w.Newcomers,
		Stayed:        w.Stayed,
		StayedShare:   w.StayedShare,
		Tractability:  w.Tractability,
	}
	if m.roll != nil {
		row.DaysToSeat, row.MedianToSeat = m.roll.daysToSeat, m.roll.medianToSeat
	}
	return row
}
