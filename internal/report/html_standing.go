package report

import (
	"github.com/mainstay-oss/mainstay/internal/message"
)

// A seatsView is who is listed as having a say: now as signs, over the quarters as bars.
type seatsView struct {
	Text, Files string
	Kinds       []seatKind
	Chart       *seatsChart
	Head        []string
	Rows        [][]string // newest quarter first
}

// A seatKind is the seats of one kind: at work, on paper, or not found.
type seatKind struct {
	Kind, Name, Value, Explain string
	Signs                      []struct{} // as many as are drawn
}

// signsMost is how many seats of a kind are drawn one by one.
const signsMost = 24

func newSeats(g *Governance, p message.Printer) *seatsView {
	v := &seatsView{Text: seatsText(g, p), Files: seatFiles(g, p)}
	if g == nil {
		return v
	}
	kind := func(name, field string, n int) seatKind {
		return seatKind{Kind: name, Name: p.Text("report.measure." + field), Value: message.Int(n), Explain: p.Text("report.explain." + field), Signs: make([]struct{}, min(max(n, 0), signsMost))}
	}
	v.Kinds = []seatKind{kind("work", "at_work", g.Active), kind("paper", "paper", g.Paper), kind("lost", "unmatched", g.Unmatched)}
	v.Chart = newRollChart(g.Series, p)
	v.Head = []string{p.Text("report.column.quarter"), p.Text("report.measure.listed"), p.Text("report.measure.at_work"), p.Text("report.measure.paper"), p.Text("report.measure.unmatched")}
	for i := range g.Series {
		s := &g.Series[len(g.Series)-1-i]
		v.Rows = append(v.Rows, []string{clipName(s.AsOf), message.Int(s.Listed), message.Int(s.Active), message.Int(s.Paper), message.Int(s.Unmatched)})
	}
	return v
}

// A seatsChart stacks the seats of each quarter: those at work below, those on paper above them, those not found on top.
type seatsChart struct {
	Work, Paper, Lost string // path data
	Max               string
	Years             []yearMark
	Hovers            []hover
}

// quartersMost is how many quarters have room.
const quartersMost = 60

// newRollChart draws into the room of a series chart; nil where there is no course to show.
func newRollChart(series []SeatsPoint, p message.Printer) *seatsChart {
	series = series[max(0, len(series)-quartersMost):]
	top := 0
	for _, s := range series {
		top = max(top, stacked(s))
	}
	if len(series) < 2 || top <= 0 {
		return nil
	}
	c := &seatsChart{Max: message.Int(top)}
	pitch := seriesWidth / float64(len(series))
	gap := min(pitch*0.25, 4)
	var work, paper, lost svgPath
	points := make([]Point, len(series))
	for i, s := range series {
		x, y := float64(i)*pitch, seriesBase
		for _, part := range []struct {
			n int
			d *svgPath
		}{{s.Active, &work}, {s.Paper, &paper}, {s.Unmatched, &lost}} {
			if h := float64(max(part.n, 0)) / float64(top) * (seriesBase - seriesTop); h > 0 {
				y -= h
				part.d.rect(x+gap/2, y, pitch-gap, h)
			}
		}
		points[i].AsOf = s.AsOf
		c.Hovers = append(c.Hovers, hover{px(x), px(pitch), p.Text("seats.hover", clipName(s.AsOf), s.Listed, s.Active, s.Paper, s.Unmatched)})
	}
	c.Work, c.Paper, c.Lost = work.String(), paper.String(), lost.String()
	c.Years = yearMarks(points, func(i int) float64 { return (float64(i) + 0.5) * pitch })
	return c
}

// stacked is how high the bar of a quarter reaches; as many as are listed, unless the figures do not agree.
func stacked(s SeatsPoint) int {
	const most = 1 << 40
	clamp := func(n int) int { return min(max(n, 0), most) }
	return clamp(s.Active) + clamp(s.Paper) + clamp(s.Unmatched)
}

// A wayInView is how outsiders fared.
type wayInView struct {
	Unknown string
	Facts   []wayFactView
}

type wayFactView struct {
	Name, Value, Detail, Explain string
	Bar                          string // path data on 100 × 8, for a share
	Dots                         []px   // of 100, for days
	Median                       px
	HasMedian                    bool
	From, To                     string // ends of the scale of days
}

func newWayIn(w *WayIn, p message.Printer) *wayInView {
	v := &wayInView{}
	if w == nil {
		v.Unknown = p.Text("wayin.unknown")
	}
	for _, f := range wayFacts(w, p) {
		view := wayFactView{Name: p.Text("report.measure." + f.field), Value: f.value, Detail: f.of + f.why, Explain: p.Text("report.explain." + f.field)}
		if view.Value == "" {
			view.Value = dash
		}
		if f.share != nil {
			view.Bar = unitBar(0, *f.share)
		}
		switch f.field {
		case "days_to_seat":
			view.addDays(w, p)
		case "tractability":
			if w.Tractability != nil {
				view.Bar = unitBar(0, *w.Tractability)
			}
		}
		v.Facts = append(v.Facts, view)
	}
	return v
}

// addDays draws a stroke for each of the last who were listed.
func (v *wayFactView) addDays(w *WayIn, p message.Printer) {
	days := w.DaysToSeat[:min(len(w.DaysToSeat), 5)]
	longest := 0
	for _, n := range days {
		longest = max(longest, n)
	}
	if longest <= 0 {
		return
	}
	at := func(n int) px { return px(unit(float64(n)/float64(longest)) * 98) }
	for _, n := range days {
		v.Dots = append(v.Dots, at(n))
	}
	if w.MedianToSeat != nil {
		v.Median, v.HasMedian = at(*w.MedianToSeat), true
	}
	v.From, v.To, v.Detail = "0", message.Int(longest), lastSeats(w, p)
}
