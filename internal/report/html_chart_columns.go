package report

import (
	"regexp"
	"strconv"
	"time"

	"github.com/mainstay-oss/mainstay/internal/message"
)

// A columnChart draws a stack for each quarter or year. What is known exactly is solid, what may be more is hatched above it,
// and what is not known is marked over the whole height: never a nought, never a line through it.
type columnChart struct {
	Title, Explain string
	Now, Remark    string // the newest figure, and of when it is
	Label          string // the chart in words
	Class          string
	Width, Height  px
	Base, Tick     px // the ground, and where its labels stand
	Lines          []px
	Max, Mid       string // what the top and the middle of the scale stand for; the latter may be empty
	Layers         []layerPath
	Unknown        string // path data
	Running        px     // where the stretch begins that is not over
	HasRunning     bool
	Years          []yearMark
	Hovers         []hover
	Legend         []legendView
}

type layerPath struct{ Class, Path string }

// A pile is one column: its layers from the ground up, in the order of the chart's classes.
type pile struct {
	parts []float64
	tip   string
	known bool
	whole bool
}

// A columnFrame is the room that a chart has, and the class by which the style knows it.
type columnFrame struct {
	class            string
	width, top, base float64
}

var (
	smallColumns = columnFrame{"small", 340, 8, 104}
	wideColumns  = columnFrame{"wide", 760, 10, 200}
	thinColumns  = columnFrame{"thin", 340, 10, 140}
)

// newColumns draws piles on a scale that ends at top; labels are those of the columns' years, empty where there is none.
func newColumns(f columnFrame, piles []pile, labels, classes []string, top float64) columnChart {
	c := columnChart{Class: f.class, Width: px(f.width + 12), Height: px(f.base + 20), Base: px(f.base), Tick: px(f.base + 15), Lines: []px{px(f.top), px((f.top + f.base) / 2)}}
	paths := make([]svgPath, len(classes))
	var unknown svgPath
	each := f.width / float64(max(len(piles), 1))
	each = min(each, f.width/6) // a single quarter is no wall
	gap := min(2, each*0.15)
	free := -100.0
	for i, s := range piles {
		x := float64(i) * each
		y := f.base
		sum := 0.0
		for j, v := range s.parts[:min(len(s.parts), len(classes))] {
			if !finite(v) || v <= 0 || !s.known {
				continue
			}
			h := min(v/top*(f.base-f.top), y-f.top)
			paths[j].rect(x, y-h, each-gap, h)
			y -= h
			sum += v
		}
		if s.known && sum == 0 && len(s.parts) > 0 {
			paths[0].rect(x, f.base-1.5, each-gap, 1.5) // nought is a figure
		}
		if !s.known {
			unknown.rect(x, f.top, each-gap, f.base-f.top)
		}
		if !s.whole && !c.HasRunning {
			c.Running, c.HasRunning = px(x-gap/2), true
		}
		if labels[i] != "" && x-free >= 44 && x <= f.width-24 {
			c.Years = append(c.Years, yearMark{px(x), labels[i]})
			free = x
		}
		if s.tip != "" {
			c.Hovers = append(c.Hovers, hover{px(x), px(each), s.tip})
		}
	}
	for j, class := range classes {
		if d := paths[j].String(); d != "" {
			c.Layers = append(c.Layers, layerPath{class, d})
		}
	}
	c.Unknown = unknown.String()
	return c
}

var quarterName = regexp.MustCompile(`^([0-9]{4})-Q([1-4])$`)

// quarterOf counts quarters from the year 0, for a date or for a name such as `2025-Q2`.
func quarterOf(s string) (int, bool) {
	if m := quarterName.FindStringSubmatch(s); m != nil {
		year, _ := strconv.Atoi(m[1])
		quarter, _ := strconv.Atoi(m[2])
		return year*4 + quarter - 1, true
	}
	t, err := time.Parse(time.DateOnly, s)
	return t.Year()*4 + (int(t.Month())-1)/3, err == nil
}

func quarterText(q int) string {
	return strconv.Itoa(q/4) + "-Q" + strconv.Itoa(q%4+1)
}

// A timeAxis is the quarters that several charts share, so that what stands above each other is of the same time.
type timeAxis struct{ from, until int }

// axisQuarters is how many quarters a chart has room for: thirty years.
const axisQuarters = 120

// newAxis spans all quarters in which anything is known of the standings; the last ones where they are too many.
func newAxis(standings ...*Standing) timeAxis {
	a := timeAxis{from: 1 << 30, until: -1}
	see := func(s string) {
		if q, ok := quarterOf(s); ok {
			a.from, a.until = min(a.from, q), max(a.until, q)
		}
	}
	for _, s := range standings {
		for _, q := range s.Quarters {
			see(q.Period)
		}
		for _, q := range s.Seats {
			see(q.AsOf)
		}
		for _, q := range s.Reach {
			see(q.Quarter)
		}
	}
	a.from = max(a.from, a.until-axisQuarters+1)
	return a
}

func (a timeAxis) len() int { return max(a.until-a.from+1, 0) }

// labels names the first quarter of each year.
func (a timeAxis) labels() []string {
	names := make([]string, a.len())
	for i := range names {
		if (a.from+i)%4 == 0 {
			names[i] = strconv.Itoa((a.from + i) / 4)
		}
	}
	return names
}

// piles places what is said of single quarters on the axis. Those before the last one that are missing are not known; what
// comes after it has not begun.
func (a timeAxis) piles(p message.Printer, said map[int]pile) []pile {
	last := -1
	for q := range said {
		last = max(last, q)
	}
	all := make([]pile, a.len())
	for i := range all {
		q := a.from + i
		v, ok := said[q]
		switch {
		case q > last:
			all[i] = pile{known: true, whole: true}
			continue
		case !ok:
			v.whole = true
		}
		if !v.known && v.tip == "" {
			v.tip = p.Text("footprint.unknown")
		}
		v.tip = quarterText(q) + " · " + v.tip
		all[i] = v
	}
	return all
}

// topOf is the highest pile; at least least.
func topOf(least float64, piles []pile) float64 {
	for _, s := range piles {
		sum := 0.0
		for _, v := range s.parts {
			if finite(v) && s.known {
				sum += max(v, 0)
			}
		}
		least = max(least, sum)
	}
	return least
}

// shareTop rounds the top of a scale of shares up, so that bands fill their chart.
func shareTop(v float64) float64 {
	for _, top := range []float64{0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8} {
		if v <= top*(1+1e-9) {
			return top
		}
	}
	return 1
}
