package report

import (
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

// newInterval draws a share; one that is not known is said to be without commits.
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
