package report

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/message"
)

// An upstreamView is one upstream in full: a card among the first ten, or a page of its own.
type upstreamView struct {
	rank                 int
	Rank, Row            string
	Before, Last, Link   string
	Tone, State, Dated   string
	Why                  []string
	Pulse                *pulseChart
	Figures              []figureView
	Chance               *chanceChart
	Reasons              []reasonView
	Notices              []string
	Ways                 []wayView
	MoreWays             int
	History              string
	Precedents           []string
	WhatIf               []caseView
	Seats                *seatsView
	WayIn                *wayInView
	Land                 *landView
	Series               []seriesChart
	SeriesHead           []string
	SeriesRows           [][]string
	People               []personView
	Others               *personView // all beyond those shown
	PeopleHead           string
	PeopleRest           px
	PeopleRestX          px
	Vitals               []figureView
	SeriesFrom, SeriesTo string
}

type figureView struct {
	Name, Value, Explain string
	Alarm                bool
}

type reasonView struct {
	Text, Sign string
	X, W       px // of a bar around the middle of reasonWidth
	Raises     bool
}

// A wayView is how a package comes to be among the dependencies.
type wayView struct {
	Steps []string // from the subject to the package
	Place string   // file and line
}

type personView struct {
	Name, Share, Commits, Since, Last string
	X, W                              px // of 1000
	Bar                               px // of 100, for the largest
	Shade                             int
}

const reasonWidth = 96.0

func newUpstream(u *Upstream, p message.Printer, ways []wayView) upstreamView {
	const waysShown = 3
	v := upstreamView{
		rank: rankOf(u), Link: forgeLink(u.ID), Tone: toneOf(u), State: toneText(u, p), Pulse: newPulse(u.Vitals, p),
		Chance: newChance(u.Outlook, p), Ways: ways[:min(len(ways), waysShown)], MoreWays: max(len(ways)-waysShown, 0),
		Figures: cardFigures(u, p),
	}
	if v.rank > 0 {
		v.Rank = strconv.Itoa(v.rank)
	}
	v.Before, v.Last = splitID(u.ID)
	if u.Attention != nil {
		v.Why = pageTexts(newFacts(u))
	}
	if u.Outlook != nil {
		v.Reasons = newReasons(u.Outlook.Reasons, p)
		for _, pr := range u.Outlook.Precedents {
			v.Precedents = append(v.Precedents, pageText(cmp.Or(pr.Text, pr.Upstream)))
		}
	}
	for _, n := range u.Notices {
		v.Notices = append(v.Notices, noticeText(n, p))
	}
	if h := u.History; h != nil {
		v.History = p.Text("page.history", wordOr(p, "report.source.", h.Source), h.Commits, clipName(h.ObservedUntil))
	}
	return v
}

// noticeText puts what is known of a notice in one line.
func noticeText(n Notice, p message.Printer) string {
	var parts []string
	for _, s := range []string{n.Date, n.Text, n.Source} {
		if s != "" {
			parts = append(parts, pageText(s))
		}
	}
	if len(parts) == 0 {
		return clipName(n.Kind)
	}
	return strings.Join(parts, " · ")
}

// cardFigures are the figures by which an upstream is known at a glance.
func cardFigures(u *Upstream, p message.Printer) []figureView {
	v := u.Vitals
	if v == nil {
		return nil
	}
	figures := []figureView{
		figure(p, "contributor_absence_factor_12m", countText(v.ContributorAbsenceFactor)),
		figure(p, "top_share_12m", shareText(v.TopShare)),
		figure(p, "contributors_12m", message.Int(v.Contributors12m)),
		figure(p, "commits_12m", message.Int(v.Commits12m)),
	}
	figures[0].Alarm = v.ContributorAbsenceFactor != nil && *v.ContributorAbsenceFactor == 1
	figures[1].Alarm = v.TopShare != nil && *v.TopShare >= 0.6
	if f := u.Fragility; f != nil && f.Score != nil {
		figures = append(figures, figure(p, "fragility", shareText(f.Score)))
		figures[4].Alarm = *f.Score >= crackedFrom
	}
	return append(figures, figure(p, "exposure", twoDecimals(u.Exposure.Score)))
}

func figure(p message.Printer, field, value string) figureView {
	return figureView{Name: p.Text("report.measure." + field), Value: value, Explain: p.Text("report.explain." + field)}
}

// newFacts gives the because-clauses that the reasons of the forecast, listed below them with their weights, do not repeat.
func newFacts(u *Upstream) []string {
	if u.Outlook == nil {
		return u.Attention.Why
	}
	return slices.DeleteFunc(slices.Clone(u.Attention.Why), func(why string) bool {
		return slices.ContainsFunc(u.Outlook.Reasons, func(r Reason) bool { return r.Text == why })
	})
}

func newReasons(reasons []Reason, p message.Printer) []reasonView {
	const most = 6
	top := 0.0
	for _, r := range reasons[:min(len(reasons), most)] {
		if finite(r.Weight) {
			top = max(top, math.Abs(r.Weight))
		}
	}
	var views []reasonView
	for _, r := range reasons[:min(len(reasons), most)] {
		weight := r.Weight
		if !finite(weight) {
			weight = 0
		}
		v := reasonView{Text: pageText(r.Text), Raises: weight > 0}
		if top > 0 {
			v.W = px(math.Abs(weight) / top * reasonWidth / 2)
		}
		v.X = reasonWidth/2 - v.W
		v.Sign = p.Text("page.reason.lowers", signed(weight))
		if v.Raises {
			v.X = reasonWidth / 2
			v.Sign = p.Text("page.reason.raises", signed(weight))
		}
		views = append(views, v)
	}
	return views
}

func signed(f float64) string {
	s := strconv.FormatFloat(math.Abs(f), 'f', 1, 64)
	if f < 0 {
		return "−" + s
	}
	return "+" + s
}

// newWays tells for each package of an upstream, the nearest first, which way it came.
func newWays(doc *Document, u *Upstream, packages map[string]*Package, p message.Printer) []wayView {
	var found []*Package
	for _, purl := range u.Packages {
		if pkg := packages[purl]; pkg != nil {
			found = append(found, pkg)
		}
	}
	slices.SortStableFunc(found, func(a, b *Package) int { return cmp.Compare(len(a.Path), len(b.Path)) })
	const most = 7 // steps shown of a way
	ways := make([]wayView, 0, len(found))
	for _, pkg := range found {
		var w wayView
		if len(pkg.Subjects) > 0 {
			w.Steps = append(w.Steps, clipName(pkg.Subjects[0]))
			for _, s := range doc.Subjects {
				if s.ID == pkg.Subjects[0] {
					w.Steps[0] = subjectName(s, p)
				}
			}
			if n := len(pkg.Subjects) - 1; n > 0 {
				w.Steps[0] = p.Text("page.more", w.Steps[0], n)
			}
		}
		way := append(slices.Clone(pkg.Path), pkg.PURL)
		for i, purl := range way {
			switch {
			case len(way) > most && i == most-2:
				w.Steps = append(w.Steps, "…")
			case len(way) <= most || i < most-2 || i == len(way)-1:
				w.Steps = append(w.Steps, shortPURL(purl))
			}
		}
		if w.Place = clipName(pkg.File); w.Place != "" && pkg.Line != nil {
			w.Place += ":" + strconv.Itoa(*pkg.Line)
		}
		ways = append(ways, w)
	}
	return ways
}

// addDepth adds what only a page on one upstream shows: its life by quarters, its people, all its measures.
func (v *upstreamView) addDepth(u *Upstream, p message.Printer) {
	if unborn(u) {
		v.State, v.Pulse, v.Figures = p.Text("report.not_begun"), nil, nil
		return
	}
	if n := len(v.Figures); n > 0 {
		v.Figures = v.Figures[:n-1] // exposure says nothing where there is one upstream
	}
	v.Series = newSeries(u.Series, u.Notices, p)
	v.WhatIf = newCases(u, p)
	if u.Vitals != nil {
		v.Seats, v.WayIn = newSeats(u.Governance, p), newWayIn(u.WayIn, p)
	}
	v.Land = newLandView(u.Territory, p)
	if n := len(u.Series); n > 0 {
		v.SeriesFrom, v.SeriesTo = unbroken(u.Series[0].AsOf), unbroken(u.Series[n-1].AsOf)
	}
	for _, k := range seriesKinds {
		v.SeriesHead = append(v.SeriesHead, p.Text("report.measure."+k.field))
	}
	for _, q := range slices.Backward(u.Series) {
		row := []string{clipName(q.AsOf), wordOr(p, "state.", q.State)}
		for _, k := range seriesKinds {
			s := "–"
			if f, ok := k.value(q); ok && finite(f) {
				s = k.show(f)
			}
			row = append(row, s)
		}
		v.SeriesRows = append(v.SeriesRows, row)
	}
	v.People, v.PeopleRestX, v.PeopleRest = newPeople(u.People, p)
	v.Others = newOthers(u, v.People, p)
	v.PeopleHead = p.Text("report.column.contributor")
	for _, person := range u.People {
		if person.Name != nil && *person.Name != "" {
			v.PeopleHead = p.Text("report.column.name")
		}
	}
	if u.Vitals != nil {
		v.Vitals = allVitals(u, p)
	}
}

// unbroken writes a date within a sentence so that no line ends inside it.
func unbroken(date string) string { return strings.ReplaceAll(clipName(date), "-", "\u2011") }

// newPeople shares 1000 among the busiest people; the rest is one part.
func newPeople(people []Person, p message.Printer) (views []personView, restX, rest px) {
	const most = 12
	x, top := 0.0, 0.0
	for _, person := range people[:min(len(people), most)] {
		top = max(top, person.Share)
	}
	for i, person := range people[:min(len(people), most)] {
		v := personView{Name: p.Text("page.person", i+1), Share: message.Percent(person.Share), Commits: message.Int(person.Commits12m),
			Since: clipName(person.Since), Last: clipName(person.LastCommit), Shade: min(i, 5)}
		if person.Name != nil && *person.Name != "" {
			v.Name = clipName(*person.Name)
		}
		w := min(max(person.Share, 0)*1000, 1000-x)
		v.X, v.W, v.Bar = px(x), px(max(w-2, 0.5)), peopleBar(person.Share, top)
		x += w
		views = append(views, v)
	}
	return views, px(x), px(max(1000-x-2, 0))
}

// newOthers sums up the people beyond those shown; nil where there are none, or where the figures do not agree.
func newOthers(u *Upstream, shown []personView, p message.Printer) *personView {
	if u.Vitals == nil || len(shown) == 0 || u.Vitals.Contributors12m <= len(shown) {
		return nil
	}
	commits, share, top := u.Vitals.Commits12m, 1.0, 0.0
	for _, person := range u.People[:len(shown)] {
		commits -= person.Commits12m
		share -= person.Share
		top = max(top, person.Share)
	}
	if commits < 0 || share < -1e-9 {
		return nil
	}
	share = max(share, 0)
	return &personView{Name: p.Text("page.people.others", u.Vitals.Contributors12m-len(shown)), Share: message.Percent(share),
		Commits: message.Int(commits), Since: "–", Last: "–", Bar: peopleBar(share, top)}
}

// peopleBar is how long a share is drawn where the largest takes 100.
func peopleBar(share, top float64) px {
	if top <= 0 || !finite(share) {
		return 0
	}
	return px(min(max(share/top, 0), 1) * 100)
}

func allVitals(u *Upstream, p message.Printer) []figureView {
	v := u.Vitals
	figures := []figureView{
		figure(p, "commits_12m", message.Int(v.Commits12m)),
		figure(p, "commits_3m", message.Int(v.Commits3m)),
		figure(p, "contributors_12m", message.Int(v.Contributors12m)),
		figure(p, "contributor_absence_factor_12m", countText(v.ContributorAbsenceFactor)),
		figure(p, "elephant_factor_12m", countText(v.ElephantFactor)),
		figure(p, "top_share_12m", shareText(v.TopShare)),
		figure(p, "newcomers_12m", message.Int(v.Newcomers12m)),
		figure(p, "departed_share", shareText(v.DepartedShare)),
		figure(p, "days_since_commit", countText(v.DaysSinceCommit)),
		figure(p, "releases_12m", message.Int(v.Releases12m)),
		figure(p, "days_since_release", countText(v.DaysSinceRelease)),
		figure(p, "pulls_opened_12m", countText(v.PullsOpened12m)),
		figure(p, "pulls_merged_12m", message.Int(v.PullsMerged12m)),
		figure(p, "first_commit", dateText(v.FirstCommit)),
		figure(p, "last_commit", dateText(v.LastCommit)),
	}
	if f := u.Fragility; f != nil {
		figures = append(figures,
			figure(p, "second_share", shareText(f.SecondShare)),
			figure(p, "absence_factor_24m_ago", countText(f.AbsenceFactor24mAgo)),
			figure(p, "listed_maintainers", countText(f.ListedMaintainers)),
			figure(p, "active_maintainers", countText(f.ActiveMaintainers)))
	}
	if u.Load != nil {
		figures = append(figures, loadFigures(u.Load, p)...)
	}
	if o := u.Outlook; o != nil {
		figures = append(figures, figure(p, "collapse_12m", shareText(o.Collapse12m)))
	}
	figures = append(figures, figure(p, "loss", "–"))
	if u.Loss != nil {
		figures[len(figures)-1].Value = twoDecimals(*u.Loss)
	}
	return figures
}

// A rowView is one upstream in the table of all.
type rowView struct {
	ID                                        string
	Rank, Before, Last, Link, Tone, State     string
	Order                                     int // of the tone
	Spark                                     string
	Chance, Fragility, Top, Factor, People    string
	Commits, LastCommit, Exposure, Depth, Pkg string
	Dated                                     string // the day of its figures, where that is not the page's
}

func newRowView(i int, u *Upstream, p message.Printer) rowView {
	tone := toneOf(u)
	r := rowView{
		ID: rowHref(i)[1:], Link: forgeLink(u.ID), Tone: tone, State: toneText(u, p), Order: slices.Index(tones, tone), Rank: "–",
		Spark: sparkLine(u.Vitals), Chance: "–", Fragility: "–", Top: "–", Factor: "–", People: "–", Commits: "–", LastCommit: "–",
		Exposure: twoDecimals(u.Exposure.Score), Depth: message.Int(u.Exposure.Depth), Pkg: message.Int(len(u.Packages)),
	}
	r.Before, r.Last = splitID(u.ID)
	if n := rankOf(u); n > 0 {
		r.Rank = message.Int(n)
	}
	if u.Outlook != nil {
		r.Chance = shareText(u.Outlook.Probability12m)
	}
	if u.Fragility != nil {
		r.Fragility = shareText(u.Fragility.Score)
	}
	if v := u.Vitals; v != nil {
		r.Top, r.Factor, r.People = shareText(v.TopShare), countText(v.ContributorAbsenceFactor), message.Int(v.Contributors12m)
		r.Commits, r.LastCommit = message.Int(v.Commits12m), dateText(v.LastCommit)
	}
	return r
}

func rankOf(u *Upstream) int {
	if u.Attention == nil {
		return 0
	}
	return u.Attention.Rank
}

func rowHref(i int) string     { return "#u" + strconv.Itoa(i+1) }
func cardHref(rank int) string { return "#c" + strconv.Itoa(rank) }

// toneOf is what an upstream is coloured by: its state, and its band while it is active.
func toneOf(u *Upstream) string {
	switch u.State {
	case "ended", "quiet":
		return u.State
	case "active":
		if u.Outlook != nil {
			return bandTone(u.Outlook.Band)
		}
		return "unsure"
	}
	return "unknown"
}

func bandTone(band string) string {
	switch band {
	case "calm", "watch", "high", "severe":
		return band
	}
	return "unsure"
}

func toneKey(tone string) string {
	switch tone {
	case "ended", "quiet", "unknown":
		return "state." + tone
	}
	return "band." + tone
}

// toneText names the tone of an upstream, and the kind where it is quiet.
func toneText(u *Upstream, p message.Printer) string {
	s := p.Text(toneKey(toneOf(u)))
	if u.State == "quiet" && u.QuietKind != nil && message.Has("quiet."+*u.QuietKind) {
		s += " · " + p.Text("quiet."+*u.QuietKind)
	}
	return s
}

func countText(n *int) string {
	if n == nil {
		return "–"
	}
	return message.Int(*n)
}

func shareText(f *float64) string {
	if f == nil {
		return "–"
	}
	return message.Percent(*f)
}

func dateText(s *string) string {
	if s == nil || *s == "" {
		return "–"
	}
	return clipName(*s)
}

// decimal writes a figure between 0 and 1 with two decimals.
func twoDecimals(f float64) string {
	if !finite(f) {
		return "–"
	}
	return strconv.FormatFloat(f, 'f', 2, 64)
}
