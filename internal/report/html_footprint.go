package report

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/message"
)

// A footprintView is the standing of organisations as the page shows it.
type footprintView struct {
	Work          []workPart // all work of the last 365 days in one strip
	Organisations []organisationView
	Heading       string // over the table of organisations
	Drawn         []organisationView
	Panels        []columnChart // their shares on one scale; for several organisations only
	More          string        // organisations that stand in the table alone
	Attribution   attributionView
	Notes         []string
}

// A workPart is one part of the strip.
type workPart struct {
	Class, Name, Value string
	X, W               px // of 1000
}

// An intervalView is a share as a bar of 120: solid up to the lower end, hatched from there to the upper one.
type intervalView struct {
	Low, Wide px
	Text      string
	Known     bool
	Order     string // what the cell sorts by; empty where it is not known
}

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

type attributionView struct {
	Text  string
	Share intervalView
	Rows  []attributionRow
	Who   bool // some are named, or their commits told
	More  string
}

type attributionRow struct {
	Before, Last, Link   string
	Share                intervalView
	Commits              string
	Elephant, ElephantAs string
	Settle, SettleAs     string
	Who                  []string
}

// Longest tables of the page; CSV and JSON have all of it.
const (
	placesOnPage      = 100
	attributionOnPage = 300
	peopleOnPage      = 12
)

// addFootprint fills the page of a footprint.
func (v *pageView) addFootprint(doc *Document, p message.Printer) {
	f := footprintOf(doc)
	n, all := covered(doc)
	v.Ranked = coversText(doc, p)
	v.Measures = footprintTerms(p)
	v.Counts = footprintCounts(f, n, all, p)
	fv := &footprintView{Heading: p.Text("footprint.section.organisations"), Work: newWork(f, p)}
	v.Footprint = fv
	if len(f.Organisations) == 1 {
		fv.Heading = p.Text("footprint.section.standing")
	}
	drawn := f.Organisations[:min(len(f.Organisations), organisationsDrawn)]
	standings := make([]*Standing, len(drawn))
	for i := range drawn {
		standings[i] = &drawn[i].InAll
	}
	axis := newAxis(standings...)
	for i := range f.Organisations {
		o := newOrganisation(i, &f.Organisations[i], p)
		if i < len(drawn) {
			o.addDepth(&f.Organisations[i], doc, axis, p)
			fv.Drawn = append(fv.Drawn, o)
		}
		fv.Organisations = append(fv.Organisations, o)
	}
	if len(drawn) > 1 {
		fv.Panels = newPanels(drawn, axis, p)
	}
	if more := len(f.Organisations) - len(drawn); more > 0 {
		fv.More = p.Text("footprint.organisations.more", more)
	}
	fv.Attribution = newAttribution(f, p)
	for _, note := range f.Notes {
		fv.Notes = append(fv.Notes, pageText(note))
	}
}

// newWork shares 1000 among the organisations drawn, all others, and what is attributable to nobody. Where the organisations
// overlap, as a parent with its subsidiary, they stand in the table alone.
func newWork(f *Footprint, p message.Printer) []workPart {
	a := attributionOfAll(f)
	if a == nil || a.Commits <= 0 || a.Attributed < 0 || a.Attributed > a.Commits {
		return nil
	}
	var parts []workPart
	x := 0.0
	add := func(class, name string, commits int) {
		if commits <= 0 {
			return
		}
		w := float64(commits) / float64(a.Commits) * 1000
		parts = append(parts, workPart{class, name, p.Text("footprint.work.commits", commits), px(x), px(max(w-2, 1))})
		x += w
	}
	rest := a.Attributed
	drawn := f.Organisations[:min(len(f.Organisations), organisationsDrawn)]
	for i := range drawn {
		rest -= max(drawn[i].InAll.Last12m.Commits, 0)
	}
	if rest >= 0 {
		for i := range drawn {
			add("g"+strconv.Itoa(i), clipName(drawn[i].Name), drawn[i].InAll.Last12m.Commits)
		}
		add("others", p.Text("footprint.work.others"), rest)
	} else {
		add("others", p.Text("footprint.work.attributed"), a.Attributed)
	}
	add("open", p.Text("footprint.work.open"), a.Commits-a.Attributed)
	return parts
}

func footprintCounts(f *Footprint, n, all int, p message.Printer) []countView {
	upstreams := message.Int(n)
	if n < all {
		upstreams = p.Text("footprint.of", upstreams, message.Int(all))
	}
	counts := []countView{{upstreams, p.Text("page.count.upstreams", max(n, all)), ""}}
	a := attributionOfAll(f)
	if a == nil {
		return counts
	}
	counts = append(counts, countView{message.Int(a.Commits), p.Text("footprint.count.commits", a.Commits), ""})
	if len(f.Organisations) > 0 {
		people := f.Organisations[0].InAll.Last12m.PeopleAll
		counts = append(counts, countView{message.Int(people), p.Text("footprint.count.people", people), ""})
	}
	share, elephant := countView{shareText(a.Share), p.Text("footprint.count.attributed"), ""}, countView{whole(a.ElephantFactor), p.Text("report.measure.elephant_factor_12m"), ""}
	if a.ElephantFactor == nil {
		elephant.Label = p.Text("footprint.count.no_elephant")
	}
	return append(counts, share, elephant)
}

func newInterval(share []float64, p message.Printer) intervalView {
	low, high, ok := ends(share)
	if !ok {
		return intervalView{Text: p.Text("footprint.no_commits")}
	}
	v := intervalView{Text: shareRange(share, p), Known: true, Low: px(low * 120), Wide: px((high - low) * 120)}
	if low > 0 {
		v.Low = max(v.Low, 1)
	}
	if high > low {
		v.Wide = max(v.Wide, 1)
	}
	v.Order = strconv.FormatFloat(low+high/1000, 'f', 6, 64) // by the attributed part, then by what it may be
	return v
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
	v.Periods = newPeriods(s, p)
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

// newPeriods are the years and quarters as rows of a table, so that no figure stands in a picture alone.
func newPeriods(s *Standing, p message.Printer) [][]string {
	const most = 200
	seats, reach := map[string]*Seats{}, map[string]*Reach{}
	for i := range s.Seats {
		seats[s.Seats[i].AsOf] = &s.Seats[i]
	}
	for i := range s.Reach {
		reach[s.Reach[i].Quarter] = &s.Reach[i]
	}
	var rows [][]string
	for _, stretches := range [][]Presence{s.Years, s.Quarters} {
		for _, o := range stretches[max(len(stretches)-most, 0):] {
			name := clipName(o.Period)
			if !o.Whole {
				name = p.Text("footprint.period.running", name)
			}
			row := []string{name, shareRange(o.Share, p), message.Int(o.Commits), message.Int(o.CommitsOpen), message.Int(o.CommitsAll),
				p.Text("footprint.of", message.Int(o.People), message.Int(o.PeopleAll)), message.Int(o.FirstTimers), whole(o.Stayed), rankShort(&o, p), dash, dash, dash}
			if q := seats[o.From]; q != nil {
				row[9], row[10] = p.Text("footprint.of", span(q.Seats, q.Open, p), message.Int(q.Listed)), message.Int(q.Paper)
			}
			if r := reach[o.Period]; r != nil {
				row[11] = whole(r.PullAuthors)
			}
			rows = append(rows, row)
		}
	}
	return rows
}

func newAttribution(f *Footprint, p message.Printer) attributionView {
	var v attributionView
	if a := attributionOfAll(f); a != nil {
		v.Text = pageText(attributionText(a, p))
	}
	shown := 0
	for i := range f.Attribution {
		a := &f.Attribution[i]
		if a.Upstream == "" {
			continue
		}
		if shown++; shown > attributionOnPage {
			continue
		}
		row := attributionRow{Link: forgeLink(a.Upstream), Commits: message.Int(a.Commits), Elephant: p.Text("footprint.unknown"), Who: whoOf(a, p)}
		row.Before, row.Last = splitID(a.Upstream)
		if a.Share != nil {
			row.Share = newInterval([]float64{*a.Share, *a.Share}, p)
		} else {
			row.Share = newInterval(nil, p)
		}
		if a.ElephantFactor != nil {
			row.Elephant, row.ElephantAs = message.Int(*a.ElephantFactor), strconv.Itoa(*a.ElephantFactor)
		}
		switch {
		case a.Share == nil:
			row.Settle = dash
		case a.ToSettle == nil:
			row.Settle = p.Text("footprint.settle.never")
		case *a.ToSettle == 0:
			row.Settle, row.SettleAs = p.Text("footprint.settle.nobody"), "0"
		default:
			row.Settle, row.SettleAs = p.Text("footprint.settle.people", *a.ToSettle), strconv.Itoa(*a.ToSettle)
		}
		v.Who = v.Who || len(row.Who) > 0
		v.Rows = append(v.Rows, row)
	}
	if shown > attributionOnPage {
		v.More = p.Text("footprint.attribution.more", shown-attributionOnPage)
	}
	return v
}

// whoOf tells whose affiliations would settle an upstream: by name where the document holds one, else by their commits.
func whoOf(a *Attribution, p message.Printer) []string {
	var who, unnamed []string
	for _, o := range a.People[:min(len(a.People), peopleOnPage)] {
		if o.Name != nil && *o.Name != "" {
			who = append(who, p.Text("footprint.settle.named", clipName(*o.Name), o.Commits))
		} else {
			unnamed = append(unnamed, message.Int(o.Commits))
		}
	}
	if len(unnamed) > 0 {
		who = append(who, p.Text("footprint.settle.unnamed", strings.Join(unnamed, ", ")))
	}
	if more := len(a.People) - peopleOnPage; more > 0 {
		who = append(who, p.Text("footprint.settle.others", more))
	}
	return who
}

// footprintMeasures are the measures that the page of a footprint explains.
var footprintMeasures = []string{"share", "people", "first_timers", "stayed", "rank", "seats", "paper", "pull_authors", "dependents", "downloads", "confidence", "attributed"}

func footprintTerms(p message.Printer) []termView {
	var all []termView
	for _, m := range footprintMeasures {
		all = append(all, termView{"def-" + m, p.Text("footprint.measure." + m), p.Text("footprint.explain." + m)})
	}
	return append(all, termView{"def-elephant_factor_12m", p.Text("report.measure.elephant_factor_12m"), p.Text("report.explain.elephant_factor_12m")})
}

// organisationNames names the organisations of a footprint, the first three by name.
func organisationNames(doc *Document, p message.Printer) string {
	const most = 3
	var names []string
	all := footprintOf(doc).Organisations
	for _, o := range all[:min(len(all), most)] {
		names = append(names, clipName(o.Name))
	}
	if more := len(all) - most; more > 0 {
		return p.Text("footprint.includes.more", strings.Join(names, ", "), more)
	}
	return strings.Join(names, ", ")
}

// footprintEyebrow says whose footprint the page shows, and in what.
func footprintEyebrow(doc *Document, p message.Printer) string {
	names, subjects := organisationNames(doc, p), subjectNames(doc, p)
	switch {
	case names == "":
		return p.Text("footprint.bare")
	case subjects == "":
		return p.Text("footprint.kind", names)
	}
	return p.Text("footprint.kind.in", names, subjects)
}
