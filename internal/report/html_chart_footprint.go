package report

import (
	"fmt"

	"github.com/mainstay-oss/mainstay/internal/message"
)

// newShareChart draws both ends of a share by quarter: the attributed part solid, what is attributable to nobody hatched above
// it. A scale of 0 is chosen by what is drawn.
func newShareChart(s *Standing, axis timeAxis, frame columnFrame, scale float64, p message.Printer) columnChart {
	said := map[int]pile{}
	top := 0.0
	var now *Presence
	for i := range s.Quarters {
		o := &s.Quarters[i]
		q, ok := quarterOf(o.Period)
		if !ok || q < axis.from {
			continue
		}
		v := pile{whole: o.Whole, tip: p.Text("footprint.no_commits")}
		if low, high, ok := ends(o.Share); ok {
			v.parts, v.known = []float64{low, high - low}, true
			v.tip = p.Text("footprint.tip.share", shareRange(o.Share, p), o.Commits, o.CommitsOpen, o.CommitsAll)
			top = max(top, high)
		}
		said[q] = v
		if o.Whole || now == nil {
			now = o
		}
	}
	if scale == 0 {
		scale = shareTop(top)
	}
	c := newColumns(frame, axis.piles(p, said), axis.labels(), []string{"own", "open"}, scale)
	c.Max, c.Mid = message.Percent(scale), message.Percent(scale/2)
	c.Title, c.Explain = p.Text("footprint.chart.share"), p.Text("footprint.explain.share")
	c.newest(now, func(o *Presence) string { return shareRange(o.Share, p) }, p)
	c.legend(p, "own", "footprint.legend.own", "open", "footprint.legend.open", "none", "footprint.legend.none")
	return c
}

// newPanels draws the share of each organisation on one scale, so that they can be compared.
func newPanels(drawn []Organisation, axis timeAxis, p message.Printer) []columnChart {
	top := 0.0
	for i := range drawn {
		for _, o := range drawn[i].InAll.Quarters {
			if _, high, ok := ends(o.Share); ok {
				top = max(top, high)
			}
		}
	}
	var panels []columnChart
	for i := range drawn {
		if axis.len() == 0 || len(drawn[i].InAll.Quarters) == 0 {
			continue
		}
		c := newShareChart(&drawn[i].InAll, axis, smallColumns, shareTop(top), p)
		c.Title, c.Explain = clipName(drawn[i].Name), ""
		c.Label = c.Title + " · " + c.Label
		panels = append(panels, c)
	}
	return panels
}

// newPeopleChart draws how many people are attributed to the organisation, and how many more may be.
func newPeopleChart(s *Standing, axis timeAxis, p message.Printer) columnChart {
	said := map[int]pile{}
	var now *Presence
	for i := range s.Quarters {
		o := &s.Quarters[i]
		if q, ok := quarterOf(o.Period); ok && q >= axis.from {
			said[q] = pile{parts: []float64{float64(o.People), float64(o.PeopleOpen)}, known: true, whole: o.Whole,
				tip: p.Text("footprint.tip.people", o.People, o.PeopleOpen, o.PeopleAll)}
			if o.Whole || now == nil {
				now = o
			}
		}
	}
	piles := axis.piles(p, said)
	top := niceTop(topOf(1, piles))
	c := newColumns(smallColumns, piles, axis.labels(), []string{"own", "open"}, top)
	c.Max = message.Int(int(top))
	c.Title, c.Explain = p.Text("footprint.measure.people"), p.Text("footprint.explain.people")
	c.newest(now, func(o *Presence) string { return span(o.People, o.PeopleOpen, p) }, p)
	c.legend(p, "own", "footprint.legend.own", "open", "footprint.legend.open")
	return c
}

// newNewcomersChart draws the first-time contributors of each year, and how many of them stayed, as soon as that is known.
func newNewcomersChart(s *Standing, p message.Printer) columnChart {
	const most = 30
	years := s.Years[max(len(s.Years)-most, 0):]
	piles, labels := make([]pile, len(years)), make([]string, len(years))
	for i, o := range years {
		came := float64(o.FirstTimers)
		piles[i] = pile{parts: []float64{0, 0, came}, known: true, whole: o.Whole, tip: clipName(o.Period) + " · " + p.Text("footprint.tip.early", o.FirstTimers)}
		if o.Stayed != nil {
			piles[i].parts = []float64{float64(*o.Stayed), came - float64(*o.Stayed), 0}
			piles[i].tip = clipName(o.Period) + " · " + p.Text("footprint.tip.stayed", o.FirstTimers, *o.Stayed)
		}
		labels[i] = clip(o.Period, 8)
	}
	top := niceTop(topOf(1, piles))
	c := newColumns(smallColumns, piles, labels, []string{"own", "left", "early"}, top)
	c.Max = message.Int(int(top))
	c.Title, c.Explain = p.Text("footprint.chart.newcomers"), p.Text("footprint.explain.stayed")
	c.Now = stayedLong(s, p)
	c.Label = c.Title + ": " + c.Now
	c.legend(p, "own", "footprint.legend.stayed", "left", "footprint.legend.left", "early", "footprint.legend.early")
	return c
}

// newSeatsChart draws the seats at the start of each quarter: who holds them and is at work, who is on paper alone, and who
// may belong to the organisation.
func newSeatsChart(s *Standing, axis timeAxis, p message.Printer) columnChart {
	said := map[int]pile{}
	for _, q := range s.Seats {
		if n, ok := quarterOf(q.AsOf); ok && n >= axis.from {
			said[n] = pile{parts: []float64{float64(q.Active), float64(q.Paper), float64(q.Open)}, known: true, whole: true,
				tip: p.Text("footprint.tip.seats", q.Seats, q.Listed, q.Active, q.Paper, q.Open)}
		}
	}
	piles := axis.piles(p, said)
	top := niceTop(topOf(1, piles))
	c := newColumns(smallColumns, piles, axis.labels(), []string{"own", "paper", "open"}, top)
	c.Max = message.Int(int(top))
	c.Title, c.Explain = p.Text("footprint.measure.seats"), p.Text("footprint.explain.seats")
	last := latestSeats(s)
	c.Now, c.Remark = seatsShort(s, p), clipName(last.AsOf)
	c.Label = p.Text("footprint.label", c.Title, c.Now, c.Remark)
	c.legend(p, "own", "footprint.legend.active", "paper", "footprint.legend.paper", "open", "footprint.legend.open", "none", "footprint.unknown")
	return c
}

// reachKinds are what is told of the reach beyond the pull authors, by their field in the JSON document.
var reachKinds = []struct {
	field string
	value func(*Reach) *int
}{
	{"pull_authors", func(r *Reach) *int { return r.PullAuthors }},
	{"dependents", func(r *Reach) *int { return r.Dependents }},
	{"downloads", func(r *Reach) *int { return r.Downloads }},
	{"subjects", func(r *Reach) *int { return r.Subjects }},
	{"packages", func(r *Reach) *int { return r.Packages }},
}

// newReachCharts draws what others use, beside the work: always the pull authors, also where they are not known; the others
// as soon as two look-ups make a series.
func newReachCharts(s *Standing, axis timeAxis, p message.Printer) []columnChart {
	var charts []columnChart
	running := runningQuarters(s)
	for _, kind := range reachKinds {
		said := map[int]pile{}
		looks := 0
		var last *Reach
		for i := range s.Reach {
			r := &s.Reach[i]
			q, ok := quarterOf(r.Quarter)
			if !ok || q < axis.from {
				continue
			}
			v := pile{whole: !running[r.Quarter]}
			if n := kind.value(r); n != nil {
				v.parts, v.known, v.tip = []float64{float64(*n)}, true, message.Int(*n)
				looks++
				if v.whole || kind.field != "pull_authors" {
					last = r
				}
			}
			said[q] = v
		}
		if len(said) == 0 || looks < 2 && kind.field != "pull_authors" {
			continue
		}
		piles := axis.piles(p, said)
		top := niceTop(topOf(1, piles))
		c := newColumns(smallColumns, piles, axis.labels(), []string{"used"}, top)
		c.Max = message.Int(int(top))
		c.Title, c.Explain, c.Now = p.Text("footprint.measure."+kind.field), p.Text("footprint.explain."+kind.field), p.Text("footprint.unknown")
		if last != nil {
			c.Now, c.Remark = message.Int(*kind.value(last)), clipName(last.Quarter)
			if last.ObservedOn != "" && kind.field != "pull_authors" {
				c.Remark = clipName(last.ObservedOn)
			}
		}
		c.Label = p.Text("footprint.label", c.Title, c.Now, c.Remark)
		c.legend(p, "none", "footprint.unknown")
		charts = append(charts, c)
	}
	return charts
}

// newest names the newest whole stretch and its figure.
func (c *columnChart) newest(o *Presence, show func(*Presence) string, p message.Printer) {
	c.Now = dash
	if o != nil {
		c.Now, c.Remark = show(o), clipName(o.Period)
	}
	c.Label = p.Text("footprint.label", c.Title, c.Now, c.Remark)
}

// legend explains those classes, given with their keys, that the chart holds.
func (c *columnChart) legend(p message.Printer, pairs ...string) {
	for i := 0; i+1 < len(pairs); i += 2 {
		held := pairs[i] == "none" && c.Unknown != ""
		for _, l := range c.Layers {
			held = held || l.Class == pairs[i]
		}
		if held {
			c.Legend = append(c.Legend, legendView{pairs[i], p.Text(pairs[i+1])})
		}
	}
}

// trendPaths draw both ends of the last quarters' shares as steps into 72 × 16, for a row of a table: what is under the lower
// end, and what is under the upper one.
func trendPaths(quarters []Presence) (low, high string) {
	const most, height = 24, 16.0
	quarters = quarters[max(len(quarters)-most, 0):]
	top := 0.0
	for _, q := range quarters {
		if _, h, ok := ends(q.Share); ok {
			top = max(top, h)
		}
	}
	if top == 0 {
		return "", ""
	}
	step := 72.0 / float64(len(quarters))
	path := func(of func(low, high float64) float64) string {
		var d []byte
		for i, q := range quarters {
			l, h, ok := ends(q.Share)
			if v := of(l, h); ok && v > 0 {
				d = fmt.Appendf(d, "M%s %sV%sh%sV%sz", tenth(float64(i)*step), tenth(height), tenth(height-v/top*height), tenth(step), tenth(height))
			}
		}
		return string(d)
	}
	return path(func(l, _ float64) float64 { return l }), path(func(_, h float64) float64 { return h })
}
