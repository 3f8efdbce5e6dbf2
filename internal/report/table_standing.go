package report

import (
	"strings"

	"github.com/mainstay-oss/mainstay/internal/message"
)

// seats writes who is listed as having a say, and by quarter who of them is at work.
func (t *sheet) seats(u *Upstream) {
	g, remark := u.Governance, ""
	if g != nil && g.AsOf != "" {
		remark = t.p.Text("report.as_of", brief(g.AsOf))
	}
	t.heading(t.p.Text("report.section.seats"), remark)
	t.text(2, "", seatsText(g, t.p), 0)
	if g == nil {
		return
	}
	t.seatQuarters(g.Series)
	t.text(2, dim, seatFiles(g, t.p), 0)
}

// seatQuarters draws the seats by quarter on one scale, so that those at work compare with those on paper.
func (t *sheet) seatQuarters(series []SeatsPoint) {
	rows := []struct {
		name string
		of   func(SeatsPoint) int
	}{
		{t.p.Text("report.measure.listed"), func(s SeatsPoint) int { return s.Listed }},
		{t.p.Text("report.measure.at_work"), func(s SeatsPoint) int { return s.Active }},
		{t.p.Text("report.measure.paper"), func(s SeatsPoint) int { return s.Paper }},
		{t.p.Text("report.measure.unmatched"), func(s SeatsPoint) int { return s.Unmatched }},
	}
	nameWidth := 0
	for _, r := range rows {
		nameWidth = max(nameWidth, width(r.name))
	}
	const value = 8
	room := min(t.width, paragraphWidth) - 2 - nameWidth - 2 - 2*value
	if len(series) < 2 || room < 8 {
		return
	}
	series = series[max(0, len(series)-room):]
	top, dates := 0, make([]Point, len(series))
	for i, s := range series {
		top, dates[i].AsOf = max(top, s.Listed), s.AsOf
	}
	for _, r := range rows {
		counts, peak := make([]int, len(series)), 0
		for i, s := range series {
			counts[i] = r.of(s)
			peak = max(peak, counts[i])
		}
		if peak > 0 {
			t.line("  ", pad(r.name, nameWidth), "  ", sparkTo(float64(top), floats(counts)),
				padLeft(message.Int(counts[len(counts)-1]), value), padLeft(message.Int(peak), value))
		}
	}
	t.line(strings.Repeat(" ", 2+nameWidth+2), t.style(dim, pad(years(dates), len(series))+
		padLeft(t.p.Text("table.now"), value)+padLeft(t.p.Text("table.peak"), value)))
}

// wayIn writes how outsiders fared who wanted to join.
func (t *sheet) wayIn(u *Upstream) {
	t.heading(t.p.Text("report.section.way_in"), "")
	if u.WayIn == nil {
		t.text(2, "", t.p.Text("wayin.unknown"), 0)
		return
	}
	var pairs []fact
	for _, f := range wayFacts(u.WayIn, t.p) {
		pairs = append(pairs, fact{t.p.Text("report.measure." + f.field), f.said()})
	}
	t.pairs(pairs)
	t.text(2, dim, lastSeats(u.WayIn, t.p), 0)
}

// pairs writes a name and what is said of it in a line each; where that is narrow, the latter below.
func (t *sheet) pairs(pairs []fact) {
	const least = 24 // cells for what is said
	nameWidth := 0
	for _, f := range pairs {
		nameWidth = max(nameWidth, width(f.name))
	}
	room := min(t.width, paragraphWidth) - 2 - nameWidth - 2
	for _, f := range pairs {
		if room < least {
			t.text(2, "", f.name, 0)
			t.text(4, "", f.value, 0)
			continue
		}
		for i, l := range wrap(brief(f.value), room) {
			name := f.name
			if i > 0 {
				name = ""
			}
			t.line("  ", pad(name, nameWidth), "  ", l)
		}
	}
}
