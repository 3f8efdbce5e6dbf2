package report

import (
	"fmt"
	"math"
	"strconv"

	"github.com/mainstay-oss/mainstay/internal/message"
)

// A px is a length in a picture, written with at most one decimal.
type px float64

func (p px) String() string { return tenth(float64(p)) }

// A pulseChart shows the commits of 24 months as bars; the last three stand out.
type pulseChart struct {
	Before, Recent string // path data
	Max            string // the largest month
	Base           px
	Text           string // the same in words
	From, To       string // YYYY-MM
}

const pulseRecent = 3

// newPulse draws into 264 × 60, the bars 11 apart; nil without months.
func newPulse(v *Vitals, p message.Printer) *pulseChart {
	if v == nil || len(v.Months) == 0 || len(v.Months) > 24 {
		return nil
	}
	const base, top, pitch, bar = 60.0, 56.0, 11.0, 8.0
	most, sum := 0, 0
	for _, n := range v.Months {
		most = max(most, n)
		sum += max(n, 0)
	}
	var before, recent svgPath
	for i, n := range v.Months {
		h := 1.0
		if n > 0 {
			h = max(float64(n)/float64(most)*top, 2)
		}
		d := &before
		if i >= len(v.Months)-pulseRecent {
			d = &recent
		}
		d.rect(float64(i)*pitch, base-h, bar, h)
	}
	from, to := monthSpan(v.AsOf)
	return &pulseChart{
		Before: before.String(), Recent: recent.String(), Base: base, From: from, To: to,
		Max: message.Int(most), Text: p.Text("page.pulse.text", sum, most),
	}
}

// monthSpan gives the first and the last month of the 24 up to a date, as YYYY-MM.
func monthSpan(asOf string) (from, to string) {
	if len(asOf) < 7 {
		return "", ""
	}
	year, err := strconv.Atoi(asOf[:4])
	if err != nil {
		return "", ""
	}
	return fmt.Sprintf("%04d%s", year-2, asOf[4:7]), asOf[:7]
}

// sparkLine draws the months as a line into 69 × 16, for a row of the table.
func sparkLine(v *Vitals) string {
	if v == nil || len(v.Months) == 0 || len(v.Months) > 24 {
		return ""
	}
	most := 1
	for _, n := range v.Months {
		most = max(most, n)
	}
	d := []byte("M0 15")
	last := 15
	for i, n := range v.Months {
		y := 15 - int(math.Round(float64(max(n, 0))/float64(most)*14))
		if i == 0 {
			d = fmt.Appendf(d, "V%d", y)
		} else {
			d = fmt.Appendf(d, "l3 %d", y-last)
		}
		last = y
	}
	return string(append(d, "V15z"...))
}

// A chanceChart shows a probability and its interval over the bands, on a square-root scale from 0 to 100 %.
type chanceChart struct {
	Low, Wide, High px // interval
	Dot             px
	Value, Range    string
	Tone            string
}

const chanceWidth = 240

func chanceX(p float64) px { return px(math.Sqrt(min(max(p, 0), 1)) * chanceWidth) }

func newChance(o *Outlook, p message.Printer) *chanceChart {
	if o == nil || o.Probability12m == nil {
		return nil
	}
	c := &chanceChart{Dot: chanceX(*o.Probability12m), Value: message.Percent(*o.Probability12m), Tone: bandTone(o.Band)}
	c.Low, c.High = c.Dot, c.Dot
	if len(o.Interval) == 2 {
		c.Low = chanceX(o.Interval[0])
		c.High = max(chanceX(o.Interval[1]), c.Low)
		c.Wide = c.High - c.Low
		c.Range = p.Text("page.interval", o.Interval[0], o.Interval[1])
	}
	return c
}

// A seriesChart is one measure over the quarters of an upstream's life.
type seriesChart struct {
	Title, Explain string
	Now, Max       string // the latest value, the top of the scale
	Area, Line     string // path data
	DotX, DotY     px
	HasDot         bool
	Years          []yearMark
	Ends           []px // notices
	Hovers         []hover
}

type yearMark struct {
	X    px
	Text string
}

type hover struct {
	X, W px
	Tip  string
}

// Room of a series chart: the plot lies between these.
const seriesWidth, seriesTop, seriesBase = 340.0, 8.0, 104.0

type seriesKind struct {
	field string // of the JSON document; names and explanations are filed under it
	value func(Point) (float64, bool)
	show  func(float64) string
	least float64 // the scale reaches at least this high, so that there is one where all is zero
	step  bool
}

func wholeText(f float64) string { return message.Int(int(f)) }

var seriesKinds = []seriesKind{
	{"commits_12m", func(q Point) (float64, bool) { return float64(q.Commits12m), true }, wholeText, 1, false},
	{"contributors_12m", func(q Point) (float64, bool) { return float64(q.Contributors12m), true }, wholeText, 1, false},
	{"contributor_absence_factor_12m", func(q Point) (float64, bool) { return intOr(q.ContributorAbsenceFactor) }, wholeText, 1, true},
	{"top_share_12m", func(q Point) (float64, bool) { return floatOr(q.TopShare) }, message.Percent, 0.01, false},
	{"probability_12m", func(q Point) (float64, bool) { return floatOr(q.Probability12m) }, message.Percent, 0.001, false},
	{"fragility", func(q Point) (float64, bool) { return floatOr(q.Fragility) }, message.Percent, 0.001, false},
}

func intOr(n *int) (float64, bool) {
	if n == nil {
		return 0, false
	}
	return float64(*n), true
}

func floatOr(f *float64) (float64, bool) {
	if f == nil {
		return 0, false
	}
	return *f, true
}

// newSeries draws every measure of which at least one quarter is known.
func newSeries(points []Point, notices []Notice, p message.Printer) []seriesChart {
	if len(points) < 2 {
		return nil
	}
	x := func(i int) float64 { return float64(i) / float64(len(points)-1) * seriesWidth }
	var charts []seriesChart
	for _, kind := range seriesKinds {
		c := seriesChart{Title: p.Text("report.measure." + kind.field), Explain: p.Text("report.explain." + kind.field), Now: "–"}
		top, known := kind.least, false
		for _, q := range points {
			if v, ok := kind.value(q); ok && finite(v) {
				top, known = max(top, v), true
			}
		}
		if !known {
			continue
		}
		top = niceTop(top)
		c.Max = kind.show(top)
		y := func(v float64) float64 { return seriesBase - min(max(v/top, 0), 1)*(seriesBase-seriesTop) }
		var line, area svgPath
		var run []float64
		flush := func() {
			if len(run) >= 2 {
				line.line(run...)
				area.poly(append(append([]float64{run[0], seriesBase}, run...), run[len(run)-2], seriesBase)...)
			}
			run = run[:0]
		}
		for i, q := range points {
			v, ok := kind.value(q)
			if !ok || !finite(v) {
				flush()
				continue
			}
			if n := len(run); kind.step && n > 0 {
				run = append(run, x(i), run[n-1])
			}
			run = append(run, x(i), y(v))
			if i == len(points)-1 {
				c.Now, c.DotX, c.DotY, c.HasDot = kind.show(v), px(x(i)), px(y(v)), true
			}
			half := seriesWidth / float64(len(points)-1) / 2
			left, right := max(x(i)-half, 0), min(x(i)+half, seriesWidth)
			c.Hovers = append(c.Hovers, hover{px(left), px(right - left), clipName(q.AsOf) + " · " + kind.show(v)})
		}
		flush()
		c.Line, c.Area = line.String(), area.String()
		c.Years = yearMarks(points, x)
		for _, n := range notices {
			if pos, ok := datePosition(points, n.Date); ok && n.Kind != "seeking-maintainers" {
				c.Ends = append(c.Ends, px(pos*seriesWidth))
			}
		}
		charts = append(charts, c)
	}
	return charts
}

// niceTop rounds the top of a scale up to 1, 2, 2.5 or 5 times a power of ten.
func niceTop(v float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(v)))
	for _, m := range []float64{1, 2, 2.5, 5} {
		if v <= m*power*(1+1e-9) {
			return m * power
		}
	}
	return 10 * power
}

// yearMarks marks the first quarter of each year, fewer where they would touch.
func yearMarks(points []Point, x func(int) float64) []yearMark {
	var marks []yearMark
	last := -100.0
	for i, q := range points {
		if len(q.AsOf) != 10 || q.AsOf[5:7] != "01" || x(i)-last < 44 || x(i) > seriesWidth-16 {
			continue
		}
		last = x(i)
		marks = append(marks, yearMark{px(last), clipName(q.AsOf[:4])})
	}
	return marks
}

// datePosition places a date among the quarters, 0 for the first and 1 for the last.
func datePosition(points []Point, date string) (float64, bool) {
	n := len(points)
	if date < points[0].AsOf || date > points[n-1].AsOf {
		return 0, false
	}
	for i := 1; i < n; i++ {
		if date <= points[i].AsOf {
			return float64(i) / float64(n-1), true
		}
	}
	return 0, false
}
