package report

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/mainstay-oss/mainstay/internal/message"
)

// An organisationView is one organisation: a row of the table, and a section with its pictures.
type organisationView struct {
	ID, Name, Includes, Text         string
	Share                            intervalView
	Rank, RankRemark, RankOrder      string
	People, New, Stayed, Commits     string
	Seats, SeatsRemark, Paper        string
	SeatsOrder, PaperOrder, OutOrder string
	Outsiders                        string
	Figures                          []figureView
	Wide, Thin                       columnChart
	Charts                           []columnChart
	Reach                            bool
	Running                          string // the quarter that is not over
	Places                           []placeView
	NoPlaces, MorePlaces             string
	PlacesTitle                      string
	PeriodHead                       []string
	Periods                          [][]string
}

// A placeView is one upstream in the table of an organisation.
type placeView struct {
	Before, Last, Link          string
	Share                       intervalView
	TrendLow, TrendHigh         string // path data into 72 × 16
	Commits, All                string
	People, New                 string
	Seats, SeatsRemark          string
	SeatsOrder                  string
	Rank, RankRemark, RankOrder string
	Outsiders, OutOrder         string
}

// rankCells are the texts of a rank, and what its cell sorts by.
func rankCells(o *Presence, p message.Printer) (place, remark, order string) {
	place, remark = rankLong(o, p)
	if o.Rank != nil {
		order = strconv.Itoa(*o.Rank)
	}
	return place, remark, order
}

// seatsCells are the seats as text, with what is said of them, and what their cell sorts by.
func seatsCells(s *Standing, p message.Printer) (text, remark, order string) {
	seats := latestSeats(s)
	if seats == nil {
		return p.Text("footprint.unknown"), "", ""
	}
	return seatsShort(s, p), p.Text("footprint.seats.split", seats.Active, seats.Paper), strconv.Itoa(seats.Seats)
}

// outsiderCells are the pull authors from outside in the last whole quarter.
func outsiderCells(s *Standing, p message.Printer) (text, order string) {
	if r := lastReach(s); r != nil {
		return message.Int(*r.PullAuthors), strconv.Itoa(*r.PullAuthors)
	}
	return p.Text("footprint.unknown"), ""
}

func newOrganisation(i int, o *Organisation, p message.Printer) organisationView {
	now := &o.InAll.Last12m
	v := organisationView{
		ID: "o" + strconv.Itoa(i+1), Name: cmp.Or(clipName(o.Name), dash), Includes: pageText(includes(o, p)), Text: pageText(o.Text),
		Share: newInterval(now.Share, p), People: p.Text("footprint.of", message.Int(now.People), message.Int(now.PeopleAll)),
		New: message.Int(now.FirstTimers), Stayed: stayedLong(&o.InAll, p), Commits: message.Int(now.Commits),
	}
	v.Rank, v.RankRemark, v.RankOrder = rankCells(now, p)
	v.Seats, v.SeatsRemark, v.SeatsOrder = seatsCells(&o.InAll, p)
	v.Outsiders, v.OutOrder = outsiderCells(&o.InAll, p)
	return v
}

// addDepth adds what the section of an organisation shows beyond its row.
func (v *organisationView) addDepth(o *Organisation, doc *Document, axis timeAxis, p message.Printer) {
	s := &o.InAll
	if v.Text == pageText(doc.Summary.Sentence) {
		v.Text = "" // the page's headline says so
	}
	v.Figures = organisationFigures(s, p)
	if axis.len() > 0 && len(s.Quarters) > 0 {
		v.Wide, v.Thin = newShareChart(s, axis, wideColumns, 0, p), newShareChart(s, axis, thinColumns, 0, p)
		v.Charts = append(v.Charts, newPeopleChart(s, axis, p))
	}
	if len(s.Years) > 0 {
		v.Charts = append(v.Charts, newNewcomersChart(s, p))
	}
	if len(s.Seats) > 0 {
		v.Charts = append(v.Charts, newSeatsChart(s, axis, p))
	}
	reach := newReachCharts(s, axis, p)
	v.Charts, v.Reach = append(v.Charts, reach...), len(reach) > 0
	if n := len(s.Quarters); n > 0 && !s.Quarters[n-1].Whole {
		v.Running = p.Text("footprint.running", clipName(s.Quarters[n-1].Period))
	}
	v.PlacesTitle = p.Text("footprint.section.places", v.Name)
	for i := range o.Upstreams[:min(len(o.Upstreams), placesOnPage)] {
		v.Places = append(v.Places, newPlace(&o.Upstreams[i], p))
	}
	if len(o.Upstreams) == 0 {
		v.NoPlaces = p.Text("footprint.places.none", v.Name)
	}
	if more := len(o.Upstreams) - placesOnPage; more > 0 {
		v.MorePlaces = p.Text("footprint.places.more", more)
	}
	v.PeriodHead, v.Periods = newPeriods(s, p)
}

// organisationFigures are the figures by which an organisation's standing is known at a glance.
func organisationFigures(s *Standing, p message.Printer) []figureView {
	now := &s.Last12m
	f := func(field, value string) figureView {
		return figureView{Name: p.Text("footprint.measure." + field), Value: value, Explain: p.Text("footprint.explain." + field)}
	}
	seats, _, _ := seatsCells(s, p)
	figures := []figureView{
		f("people", p.Text("footprint.of", span(now.People, now.PeopleOpen, p), message.Int(now.PeopleAll))),
		f("first_timers", p.Text("footprint.of", message.Int(now.FirstTimers), message.Int(now.FirstTimersAll))),
		f("stayed", stayedLong(s, p)),
		f("seats", seats),
	}
	if latestSeats(s) != nil {
		figures = append(figures, f("paper", paperShort(s)))
	}
	outsiders, _ := outsiderCells(s, p)
	figures = append(figures, f("pull_authors", outsiders))
	if r := lastLookup(s); r != nil {
		for _, kind := range reachKinds[1:] {
			if n := kind.value(r); n != nil {
				figures = append(figures, f(kind.field, message.Int(*n)))
			}
		}
	}
	if now.Confidence != nil {
		figures = append(figures, f("confidence", twoDecimals(*now.Confidence)))
	}
	return figures
}

func newPlace(s *Standing, p message.Printer) placeView {
	now := &s.Last12m
	v := placeView{Link: forgeLink(s.Upstream), Share: newInterval(now.Share, p), Commits: message.Int(now.Commits), All: message.Int(now.CommitsAll),
		People: message.Int(now.People), New: message.Int(now.FirstTimers)}
	v.Before, v.Last = splitID(s.Upstream)
	v.TrendLow, v.TrendHigh = trendPaths(s.Quarters)
	v.Rank, v.RankRemark, v.RankOrder = rankCells(now, p)
	v.Seats, v.SeatsRemark, v.SeatsOrder = seatsCells(s, p)
	v.Outsiders, v.OutOrder = outsiderCells(s, p)
	return v
}

// newPeriods are the years and quarters as a table, so that no figure stands in a picture alone. Of the reach, what was never
// looked up has no column; the pull authors always have one.
func newPeriods(s *Standing, p message.Printer) (head []string, rows [][]string) {
	const most = 200
	for _, key := range []string{"period", "share", "commits", "open", "all", "people", "new", "stayed", "rank", "seats", "paper"} {
		head = append(head, p.Text("footprint.column."+key))
	}
	var kinds []func(*Reach) *int
	for i, kind := range reachKinds {
		if i == 0 || slices.ContainsFunc(s.Reach, func(r Reach) bool { return kind.value(&r) != nil }) {
			head, kinds = append(head, p.Text("footprint.measure."+kind.field)), append(kinds, kind.value)
		}
	}
	seats, reach := map[string]*Seats{}, map[string]*Reach{}
	for i := range s.Seats {
		seats[s.Seats[i].AsOf] = &s.Seats[i]
	}
	for i := range s.Reach {
		reach[s.Reach[i].Quarter] = &s.Reach[i]
	}
	for _, stretches := range [][]Presence{s.Years, s.Quarters} {
		for _, o := range stretches[max(len(stretches)-most, 0):] {
			name := clipName(o.Period)
			if !o.Whole {
				name = p.Text("footprint.period.running", name)
			}
			row := []string{name, shareRange(o.Share, p), message.Int(o.Commits), message.Int(o.CommitsOpen), message.Int(o.CommitsAll),
				p.Text("footprint.of", message.Int(o.People), message.Int(o.PeopleAll)), message.Int(o.FirstTimers), whole(o.Stayed), rankShort(&o, p), dash, dash}
			if q := seats[o.From]; q != nil {
				row[9], row[10] = p.Text("footprint.of", span(q.Seats, q.Open, p), message.Int(q.Listed)), message.Int(q.Paper)
			}
			for _, value := range kinds {
				cell := dash
				if r := reach[o.Period]; r != nil {
					cell = whole(value(r))
				}
				row = append(row, cell)
			}
			rows = append(rows, row)
		}
	}
	return head, rows
}
