package report

import (
	"math"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/message"
)

// footprint writes the standing of organisations: side by side, by quarter, by upstream; then how much is attributed.
func (t *sheet) footprint(doc *Document) {
	f := footprintOf(doc)
	t.text(0, bold, headline(doc, t.p), 0)
	t.text(0, dim, footprintFacts(doc, t.p), 0)
	if len(f.Organisations) == 0 {
		t.blank()
		t.text(0, "", t.p.Text("footprint.organisations.none"), 0)
	} else {
		t.organisations(doc, f)
		drawn := f.Organisations[:min(len(f.Organisations), organisationsDrawn)]
		t.shares(drawn)
		used := false
		for i := range drawn {
			t.places(&drawn[i], placesShown(len(drawn)))
			if reach := reachLine(&drawn[i].InAll, t.p); reach != "" {
				t.text(2, "", reach, 0)
				used = true
			}
		}
		if used {
			t.text(2, dim, t.p.Text("footprint.reach.caveat"), 0)
		}
	}
	if a := attributionOfAll(f); a != nil {
		t.heading(t.p.Text("footprint.section.attribution"), t.p.Text("table.days_365"))
		t.text(2, "", attributionText(a, t.p), 0)
	}
	if len(f.Notes) > 0 {
		t.heading(t.p.Text("footprint.section.notes"), "")
		for _, n := range f.Notes {
			t.bullet(2, "-", n)
		}
	}
}

// placesShown is how many upstreams of an organisation a view without scrolling lists: ten, fewer where several
// organisations share the room.
func placesShown(organisations int) int {
	if organisations > 1 {
		return first / 2
	}
	return first
}

// organisations sets the organisations side by side, each with its standing in a sentence below it.
func (t *sheet) organisations(doc *Document, f *Footprint) {
	title := "footprint.section.organisations"
	if len(f.Organisations) == 1 {
		title = "footprint.section.standing"
	}
	t.heading(t.p.Text(title), t.p.Text("table.days_365"))
	g := grid{head: []string{"footprint.column.share", "footprint.column.rank", "footprint.column.people", "footprint.column.new", "footprint.column.seats", "footprint.column.paper"}}
	for i := range f.Organisations {
		o := &f.Organisations[i]
		now := &o.InAll.Last12m
		row := gridRow{name: t.shortName(o), share: now.Share, cells: []string{
			shareRange(now.Share, t.p), rankShort(now, t.p), t.p.Text("footprint.of", message.Int(now.People), message.Int(now.PeopleAll)),
			message.Int(now.FirstTimers), seatsShort(&o.InAll, t.p), paperShort(&o.InAll)}}
		if o.Text != doc.Summary.Sentence {
			row.below = present(strings.TrimSpace(o.Text))
		}
		if with := includes(o, t.p); with != "" {
			row.below = append(row.below, with)
		}
		g.rows = append(g.rows, row)
	}
	legend := "footprint.legend"
	if t.grid(g) {
		legend = "footprint.legend.bars"
	}
	t.text(2, dim, t.p.Text(legend), 0)
}

// places lists the upstreams where an organisation works most.
func (t *sheet) places(o *Organisation, most int) {
	name := t.shortName(o)
	t.heading(cells.Truncate(t.p.Text("footprint.section.places", name), t.width, "…"), t.p.Text("table.days_365"))
	if len(o.Upstreams) == 0 {
		t.text(2, "", t.p.Text("footprint.places.none", name), 0)
		return
	}
	g := grid{head: []string{"footprint.column.share", "footprint.column.commits", "footprint.column.people", "footprint.column.seats", "footprint.column.rank"}}
	for i := range o.Upstreams[:min(len(o.Upstreams), most)] {
		s := &o.Upstreams[i]
		now := &s.Last12m
		g.rows = append(g.rows, gridRow{name: brief(s.Upstream), id: true, share: now.Share, cells: []string{
			shareRange(now.Share, t.p), message.Int(now.Commits), message.Int(now.People), seatsShort(s, t.p), rankShort(now, t.p)}})
	}
	t.grid(g)
	if more := len(o.Upstreams) - most; more > 0 {
		t.text(2, dim, t.p.Text("footprint.places.more", more), 0)
	}
}

// A grid is a table whose rows have a name, a share drawn as a bar, and figures below their headings.
type grid struct {
	head []string // keys of the headings
	rows []gridRow
}

type gridRow struct {
	name  string
	id    bool // of an upstream
	share []float64
	cells []string
	below []string // sentences under the row
}

// grid writes a grid. Where a line has no room for a name, its bar and its figures, the bar goes; where it has none for name
// and figures either, the figures stand under the name, each with its heading. It tells whether there are bars.
func (t *sheet) grid(g grid) bool {
	const least, barMost = 14, 24
	heads, widths := make([]string, len(g.head)), make([]int, len(g.head))
	room, longest := min(t.width, paragraphWidth)-2, 0
	for i, key := range g.head {
		heads[i] = t.p.Text(key)
		widths[i] = width(heads[i])
		for _, r := range g.rows {
			widths[i] = max(widths[i], width(r.cells[i]))
		}
		room -= gutter + widths[i]
	}
	for _, r := range g.rows {
		longest = max(longest, width(r.name))
	}
	if room < min(longest, least) {
		t.stacked(g, heads)
		return false
	}
	names := min(longest, room)
	bars := min(room-names-gutter, barMost)
	if bars < 6 && room >= least+gutter+6 { // a name can give way, to a readable end
		bars = 6
		names = min(longest, room-gutter-bars)
	}
	if bars < 6 {
		bars = 0
	}
	lead := pad("", names)
	if bars > 0 {
		lead += strings.Repeat(" ", gutter+bars)
	}
	t.line("  ", t.style(dim, lead+columnsOf(heads, widths)))
	for _, r := range g.rows {
		name := cells.Truncate(r.name, names, "…")
		if r.id {
			name = shorten(r.name, names)
		}
		line := t.style(bold, pad(name, names))
		if bars > 0 {
			line += strings.Repeat(" ", gutter) + pad(t.interval(r.share, bars), bars)
		}
		t.line("  ", line, columnsOf(r.cells, widths))
		t.below(r)
	}
	return bars > 0
}

// stacked writes a grid for a narrow terminal.
func (t *sheet) stacked(g grid, heads []string) {
	for _, r := range g.rows {
		name := r.name
		if r.id {
			name = shorten(name, t.width-2)
		}
		t.line("  ", t.style(bold, cells.Truncate(name, t.width-2, "…")))
		figures := make([]string, len(r.cells))
		for i, c := range r.cells {
			figures[i] = heads[i] + " " + c
		}
		t.text(4, "", strings.Join(figures, " · "), 0)
		t.below(r)
	}
}

func (t *sheet) below(r gridRow) {
	for _, s := range r.below {
		t.text(4, dim, s, 0)
	}
}

func columnsOf(texts []string, widths []int) string {
	var b strings.Builder
	for i, s := range texts {
		b.WriteString(strings.Repeat(" ", gutter) + padLeft(s, widths[i]))
	}
	return b.String()
}

// interval draws a share as an interval; blanks where it is not known.
func (t *sheet) interval(share []float64, n int) string {
	low, high, ok := ends(share)
	if !ok {
		return strings.Repeat(" ", n)
	}
	return rangeBar(low, high, n)
}

// A shareRows lays out the rows of shares: the names of the organisations, where they stand beside their rows, then which end
// of the interval a row is, a character for each quarter, the newest figure, the highest.
type shareRows struct {
	*sheet
	names, words, quarters int // widths; names is 0 where a name stands on a line of its own, or nowhere
	top                    float64
}

const shareFigure = 8 // width of a figure at the end of a row

// shares draws both ends of each organisation's share by quarter, all on one scale.
func (t *sheet) shares(drawn []Organisation) {
	low, high := t.p.Text("footprint.end.low"), t.p.Text("footprint.end.high")
	r := shareRows{sheet: t, words: max(width(low), width(high))}
	var longest []Presence
	names := 0
	for i := range drawn {
		quarters := drawn[i].InAll.Quarters
		if len(quarters) > len(longest) {
			longest = quarters
		}
		names = max(names, width(t.shortName(&drawn[i])))
	}
	room := min(t.width, paragraphWidth) - 2 - r.words - gutter - 2*shareFigure
	if beside := room - names - gutter; len(drawn) > 1 && beside >= min(len(longest), 12) {
		r.names, room = names, beside
	}
	longest = longest[max(0, len(longest)-max(room, 0)):]
	r.quarters = len(longest)
	for i := range drawn {
		for _, q := range r.shown(drawn[i].InAll.Quarters) {
			if _, high, ok := ends(q.Share); ok {
				r.top = max(r.top, high)
			}
		}
	}
	if r.quarters < 2 || r.top == 0 || room < 8 {
		return
	}
	t.heading(t.p.Text("footprint.section.quarters"), t.p.Text("footprint.quarters", brief(longest[0].Period), brief(longest[len(longest)-1].Period)))
	for i := range drawn {
		name := t.style(bold, pad(t.shortName(&drawn[i]), r.names))
		if len(drawn) == 1 {
			name = ""
		} else if r.names == 0 {
			t.line("  ", name)
			name = ""
		}
		r.row(name, low, drawn[i].InAll.Quarters, func(low, _ float64) float64 { return low })
		r.row("", high, drawn[i].InAll.Quarters, func(_, high float64) float64 { return high })
	}
	points := make([]Point, len(longest))
	for i, q := range longest {
		points[i].AsOf = q.From
	}
	t.line("  ", r.lead(""), strings.Repeat(" ", r.words+gutter), t.style(dim, pad(years(points), r.quarters)+
		padLeft(t.p.Text("table.now"), shareFigure)+padLeft(t.p.Text("table.peak"), shareFigure)))
}

// lead fills the column of names; a name comes padded.
func (r shareRows) lead(name string) string {
	switch {
	case r.names == 0:
		return ""
	case name == "":
		return strings.Repeat(" ", r.names+gutter)
	}
	return name + strings.Repeat(" ", gutter)
}

// shown are the last quarters, as many as a row draws.
func (r shareRows) shown(quarters []Presence) []Presence {
	return quarters[max(0, len(quarters)-r.quarters):]
}

// row draws one end of a share. All rows end with the same quarter.
func (r shareRows) row(name, word string, quarters []Presence, of func(low, high float64) float64) {
	quarters = r.shown(quarters)
	values := make([]float64, len(quarters))
	var now, peak *float64
	for i, q := range quarters {
		values[i], now = math.NaN(), nil
		if low, high, ok := ends(q.Share); ok {
			values[i] = of(low, high)
			now = &values[i]
			if peak == nil || values[i] > *peak {
				peak = now
			}
		}
	}
	r.line("  ", r.lead(name), pad(word, r.words+gutter), padLeft(sparkTo(r.top, values), r.quarters),
		padLeft(percent(now), shareFigure), padLeft(percent(peak), shareFigure))
}

// shortName is the name of an organisation as a row has room for it.
func (t *sheet) shortName(o *Organisation) string { return cells.Truncate(brief(o.Name), 28, "…") }
