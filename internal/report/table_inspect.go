package report

import (
	"math"
	"strconv"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/message"
)

// A fact is a measure's name and its value.
type fact struct{ name, value string }

// inspect writes one upstream in depth.
func (t *sheet) inspect(doc *Document, u *Upstream) {
	t.line(shorten(brief(u.ID), t.width))
	t.text(0, bold, headline(doc, t.p), 0)
	t.state(doc, u)
	if unborn(u) {
		t.provenance(u)
		return
	}
	t.vitals(u)
	t.quarters(u.Series)
	t.people(u)
	if u.Vitals != nil {
		t.seats(u)
		t.wayIn(u)
	}
	t.outlook(u)
	t.fragility(u)
	t.whatIf(u)
	t.load(u)
	t.territory(u)
	t.notices(u)
	t.provenance(u)
}

// state says how the upstream stands, and of which day the figures are.
func (t *sheet) state(doc *Document, u *Upstream) {
	word := stateName("state."+u.State, t.p)
	if u.QuietKind != nil {
		word = t.p.Text("table.quiet", stateName("quiet."+*u.QuietKind, t.p))
	}
	if unborn(u) {
		word = t.p.Text("report.not_begun")
	}
	asOf := doc.AsOf
	if u.Vitals != nil && u.Vitals.AsOf != "" {
		asOf = u.Vitals.AsOf
	}
	t.text(0, dim, word+" · "+t.p.Text("report.as_of", brief(asOf)), 0)
}

// facts writes columns: a name and a value each, two side by side where there is room.
func (t *sheet) facts(facts []fact) {
	const indent, gap = 2, 4
	side := (min(t.width, paragraphWidth) - indent - gap) / 2
	for _, f := range facts {
		if width(f.name)+1+width(f.value) > side {
			side = 0
			break
		}
	}
	perLine := 2
	if side == 0 {
		side, perLine = min(t.width, paragraphWidth)-indent, 1
	}
	half := (len(facts) + perLine - 1) / perLine
	for i := range half {
		line := strings.Repeat(" ", indent)
		for j := i; j < len(facts); j += half {
			if j > i {
				line += strings.Repeat(" ", gap)
			}
			f := facts[j]
			line += f.name + padLeft(f.value, max(1, side-width(f.name)))
		}
		t.line(line)
	}
}

// vitals writes the measures.
func (t *sheet) vitals(u *Upstream) {
	v := u.Vitals
	if v == nil {
		return // the section on its history says why
	}
	t.heading(t.p.Text("report.section.vitals"), t.p.Text("table.days_365"))
	t.facts(vitalsFacts(v, t.p))
}

// vitalsFacts lists the measures with their names.
func vitalsFacts(v *Vitals, p message.Printer) []fact {
	return []fact{
		{p.Text("table.commits"), message.Int(v.Commits12m)},
		{p.Text("table.commits_3m"), message.Int(v.Commits3m)},
		{p.Text("table.contributors"), message.Int(v.Contributors12m)},
		{p.Text("table.newcomers"), message.Int(v.Newcomers12m)},
		{p.Text("report.measure.contributor_absence_factor_12m"), whole(v.ContributorAbsenceFactor)},
		{p.Text("report.measure.top_share_12m"), percent(v.TopShare)},
		{p.Text("report.measure.elephant_factor_12m"), whole(v.ElephantFactor)},
		{p.Text("report.measure.departed_share"), percent(v.DepartedShare)},
		{p.Text("table.releases"), message.Int(v.Releases12m)},
		{p.Text("report.measure.days_since_release"), whole(v.DaysSinceRelease)},
		{p.Text("table.pulls_opened"), whole(v.PullsOpened12m)},
		{p.Text("table.pulls_merged"), message.Int(v.PullsMerged12m)},
		{p.Text("report.measure.first_commit"), word(v.FirstCommit)},
		{p.Text("report.measure.last_commit"), word(v.LastCommit)},
	}
}

// quarters draws the life of the upstream, a character for each quarter, with the years below.
func (t *sheet) quarters(series []Point) {
	if len(series) < 2 {
		return
	}
	names := []string{
		t.p.Text("table.commits"), t.p.Text("table.contributors"), t.p.Text("table.absence_factor"),
		t.p.Text("table.busiest"), t.p.Text("table.stop"), t.p.Text("report.measure.fragility"),
	}
	nameWidth := 0
	for _, n := range names {
		nameWidth = max(nameWidth, width(n))
	}
	const value = 8
	room := min(t.width, paragraphWidth) - 2 - nameWidth - 2 - 2*value
	if room < 8 {
		return
	}
	series = series[max(0, len(series)-room):]
	last := series[len(series)-1]
	count := func(v *float64) string {
		if v == nil {
			return dash
		}
		return message.Int(int(*v))
	}
	rows := []struct {
		of   func(Point) *float64
		show func(*float64) string
	}{
		{func(p Point) *float64 { return ptr(float64(p.Commits12m)) }, count},
		{func(p Point) *float64 { return ptr(float64(p.Contributors12m)) }, count},
		{func(p Point) *float64 { return asFloat(p.ContributorAbsenceFactor) }, count},
		{func(p Point) *float64 { return p.TopShare }, percent},
		{func(p Point) *float64 { return p.Probability12m }, percent},
		{func(p Point) *float64 { return p.Fragility }, percent},
	}
	t.heading(t.p.Text("report.section.pulse"), t.p.Text("table.quarters", brief(series[0].AsOf), brief(last.AsOf)))
	for i, r := range rows {
		values := make([]float64, len(series))
		var peak *float64
		for j, point := range series {
			values[j] = math.NaN()
			if v := r.of(point); v != nil {
				values[j] = *v
				if peak == nil || *v > *peak {
					peak = v
				}
			}
		}
		if peak != nil { // the peak gives the scale, so that a small chance does not look like a large one
			t.line("  ", pad(names[i], nameWidth), "  ", spark(values), padLeft(r.show(r.of(last)), value), padLeft(r.show(peak), value))
		}
	}
	t.line(strings.Repeat(" ", 2+nameWidth+2), t.style(dim, pad(years(series), len(series))+
		padLeft(t.p.Text("table.now"), value)+padLeft(t.p.Text("table.peak"), value)))
}

// years writes a scale below a row of quarters: the year's last two digits where it begins, as far as they do not touch.
func years(series []Point) string {
	scale := []byte(strings.Repeat(" ", len(series)))
	free := 0
	for i, p := range series {
		if len(p.AsOf) < 10 || i < free || i+3 > len(scale) {
			continue
		}
		if i == 0 || series[i-1].AsOf[:min(4, len(series[i-1].AsOf))] != p.AsOf[:4] {
			if p.AsOf[5:7] > "03" { // a series that begins within a year: the scale begins with the next one
				continue
			}
			copy(scale[i:], "'"+brief(p.AsOf[2:4])[:2])
			free = i + 4
		}
	}
	return strings.TrimRight(string(scale), " ")
}

// people draws the share of each of the busiest, and says what the others did together.
func (t *sheet) people(u *Upstream) {
	if len(u.People) == 0 {
		return
	}
	t.heading(t.p.Text("report.section.people"), t.p.Text("table.days_365"))
	shown := u.People[:min(len(u.People), first)]
	names, facts := make([]string, len(shown)), make([]string, len(shown))
	nameWidth, factWidth := 0, 0
	for i, person := range shown {
		names[i] = strconv.Itoa(i + 1)
		if person.Name != nil {
			names[i] = cells.Truncate(brief(*person.Name), 24, "…")
		}
		since := brief(person.Since)
		if len(since) == len("2006-01-02") {
			since = since[:len("2006-01")]
		}
		facts[i] = t.p.Text("table.person", person.Commits12m, since)
		nameWidth, factWidth = max(nameWidth, width(names[i])), max(factWidth, width(facts[i]))
	}
	commits, rest := 0, 1.0
	const shareWidth = 6
	bars := min(t.width-2-nameWidth-2-shareWidth-2-2-factWidth, 24)
	for i, person := range shown {
		line := "  " + pad(names[i], nameWidth) + "  " + padLeft(message.Percent(person.Share), shareWidth)
		if bars >= 4 {
			line += "  " + pad(bar(person.Share, bars), bars) + "  " + facts[i]
		}
		t.line(line)
		commits += person.Commits12m
		rest -= person.Share
	}
	if u.Vitals == nil {
		return
	}
	if others := u.Vitals.Contributors12m - len(shown); others > 0 && u.Vitals.Commits12m >= commits {
		line := t.p.Text("table.others", others, max(0, rest), u.Vitals.Commits12m-commits)
		t.text(2, dim, line, 0)
	}
}

// outlook writes the forecast with its reasons.
func (t *sheet) outlook(u *Upstream) {
	o := u.Outlook
	if o == nil || o.Probability12m == nil {
		if u.State != "unknown" {
			t.heading(t.p.Text("report.section.outlook"), "")
			t.text(2, "", t.p.Text("table.no_outlook"), 0)
		}
		return
	}
	word, probability := standing(u, t.p)
	t.heading(t.p.Text("report.section.outlook"), "")
	chance := probability
	if len(o.Interval) == 2 {
		chance = t.p.Text("table.interval", probability, o.Interval[0], o.Interval[1])
	}
	for i, line := range wrap(word+": "+chance, min(t.width, paragraphWidth)-2) {
		if i == 0 {
			line = t.style(standingStyle(u), word) + strings.TrimPrefix(line, word)
		}
		t.line("  ", line)
	}
	t.text(2, dim, t.p.Text("report.explain.probability_12m"), 0)
	if o.Collapse12m != nil {
		t.text(2, "", t.p.Text("table.collapse", *o.Collapse12m), 0)
	}
	for _, r := range o.Reasons {
		mark := "+"
		if r.Weight < 0 {
			mark = "-"
		}
		t.bullet(2, mark, r.Text)
	}
	for _, p := range o.Precedents {
		t.bullet(2, "=", p.Text)
	}
	if len(o.Reasons) > 0 {
		t.text(2, dim, t.p.Text("table.signs"), 0)
	}
}

// fragility says what rides on the busiest person.
func (t *sheet) fragility(u *Upstream) {
	f := u.Fragility
	if f == nil {
		return
	}
	t.heading(t.p.Text("report.section.fragility"), "")
	if f.Score != nil {
		t.text(2, "", t.p.Text("table.fragility", *f.Score), 0)
	}
	facts := []fact{
		{t.p.Text("report.measure.key_share"), percent(f.KeyShare)},
		{t.p.Text("report.measure.second_share"), percent(f.SecondShare)},
	}
	if f.AbsenceFactor24mAgo != nil {
		facts = append(facts, fact{t.p.Text("report.measure.absence_factor_24m_ago"), whole(f.AbsenceFactor24mAgo)})
	}
	if f.ListedMaintainers != nil {
		facts = append(facts, fact{t.p.Text("table.maintainers"), whole(f.ActiveMaintainers) + " / " + whole(f.ListedMaintainers)})
	}
	t.facts(facts)
}

// notices lists the published ends.
func (t *sheet) notices(u *Upstream) {
	if len(u.Notices) == 0 {
		return
	}
	t.heading(t.p.Text("report.section.notices"), "")
	for _, n := range u.Notices {
		t.text(2, "", strings.Join(present(n.Date, n.Kind, n.Text), " · "), 0)
		if n.Source != "" {
			t.text(4, dim, n.Source, 0)
		}
	}
}

// provenance says where the history was read.
func (t *sheet) provenance(u *Upstream) {
	t.heading(t.p.Text("report.section.history"), "")
	if u.History == nil {
		t.text(2, "", t.p.Text("table.no_vitals"), 0)
	} else {
		t.text(2, "", t.p.Text("table.history", stateName("report.source."+u.History.Source, t.p), u.History.Commits,
			brief(u.History.ObservedUntil)), 0)
	}
}

// present drops empty texts.
func present(texts ...string) []string {
	var found []string
	for _, s := range texts {
		if s != "" {
			found = append(found, s)
		}
	}
	return found
}

const dash = "–"

func whole(n *int) string {
	if n == nil {
		return dash
	}
	return message.Int(*n)
}

func percent(f *float64) string {
	if f == nil {
		return dash
	}
	return message.Percent(*f)
}

func word(s *string) string {
	if s == nil {
		return dash
	}
	return brief(*s)
}

func ptr[T any](v T) *T { return &v }

func asFloat(n *int) *float64 {
	if n == nil {
		return nil
	}
	return ptr(float64(*n))
}
