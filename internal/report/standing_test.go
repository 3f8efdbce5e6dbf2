package report

import (
	"encoding/csv"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/mainstay-oss/mainstay/internal/message"
)

// views are those that people read.
var views = []string{"table", "md", "html"}

// plainText is a view without markup and with its lines joined, so that words can be looked for in it.
func plainText(t *testing.T, doc *Document, view string, p message.Printer) string {
	t.Helper()
	text := render(t, doc, view, Options{Printer: p, Width: 100})
	if view == "html" {
		text = textOf(elements(parsePage(t, text), "body")[0])
		text = strings.NewReplacer("\u00a0", " ", "\u2011", "-").Replace(text)
	}
	if view == "md" {
		text = strings.ReplaceAll(text, `\`, "")
	}
	return strings.Join(strings.Fields(text), " ")
}

// inspectWith is the inspection with one thing said of its upstream.
func inspectWith(p message.Printer, set func(*Upstream)) *Document {
	doc := inspect(p)
	set(&doc.Upstreams[0])
	return doc
}

// TestUnknownIsSaidInWords: what nobody knows is never shown as nothing or as zero.
func TestUnknownIsSaidInWords(t *testing.T) {
	t.Parallel()
	for _, p := range languages {
		for _, c := range []struct {
			name string
			doc  *Document
			want []string
		}{
			{"no governance files", inspectWith(p, func(u *Upstream) {}), []string{p.Text("seats.unknown"), p.Text("wayin.unknown")}},
			{"nobody listed", inspectWith(p, func(u *Upstream) { u.Governance = &Governance{AsOf: "2025-07-01", Files: []string{"OWNERS"}} }), []string{p.Text("seats.none")}},
			{"nothing known of the way in", inspectWith(p, func(u *Upstream) { u.WayIn = &WayIn{} }),
				[]string{p.Text("wayin.pulls_unknown"), p.Text("wayin.none"), p.Text("wayin.no_seat")}},
			{"no pulls of outsiders", inspectWith(p, func(u *Upstream) { u.WayIn = &WayIn{OutsidePulls: ptr(0), OutsideMerged: ptr(0)} }), []string{p.Text("wayin.none")}},
			{"some not found in git", inspectWith(p, func(u *Upstream) { u.Governance = &Governance{Listed: 5, Active: 1, Paper: 2, Unmatched: 2} }),
				[]string{p.Text("seats.text_unmatched", 1, 5, 2, 2)}},
			{"no source files", inspectWith(p, func(u *Upstream) { u.Territory = &Territory{AsOf: "2025-07-01"} }), []string{p.Text("territory.none"), p.Text("report.measure.truck_factor")}},
			{"nothing orphaned", inspectWith(p, func(u *Upstream) { u.Territory = &Territory{Files: 3, Folders: []Folder{{Files: 3}}} }), []string{p.Text("territory.whole")}},
			{"nobody knows a folder", inspectWith(p, func(u *Upstream) {
				u.Territory = &Territory{Files: 2, Orphaned: 2, Folders: []Folder{{Path: "a", Files: 2, Orphaned: 2}}}
			}),
				[]string{p.Text("territory.text", 2, 2, 1.0), p.Text("territory.successors.none")}},
		} {
			for _, view := range views {
				text := plainText(t, c.doc, view, p)
				for _, want := range c.want {
					if !strings.Contains(text, want) {
						t.Errorf("%s, %s, %s: the view lacks %q", c.name, view, p.Lang, want)
					}
				}
			}
		}
	}
}

// TestTerritoryNotAskedForIsNotShown: without --territory there is no section on it.
func TestTerritoryNotAskedForIsNotShown(t *testing.T) {
	t.Parallel()
	for _, view := range views {
		if text := plainText(t, inspect(languages[0]), view, languages[0]); strings.Contains(text, "Territory") {
			t.Errorf("%s has a section on territory", view)
		}
	}
}

// TestSuccessorsAreNamedOnlyByTheDocument: with names withheld, each is told by what they changed.
func TestSuccessorsAreNamedOnlyByTheDocument(t *testing.T) {
	t.Parallel()
	p := languages[0]
	f := &Folder{Path: "a", Files: 10, Orphaned: 4, Successors: []Successor{{Files: 3, Share: 0.3, LastChange: "2025-01-02"}, {Name: ptr("Kim"), Files: 1, Share: 0.1, LastChange: "2025-02-03"}}}
	want := []string{"one with 3 files (30 %, last 2025-01-02)", "Kim with 1 file (10 %, last 2025-02-03)"}
	if got := successorTexts(f, clipName, p); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestPlanNamesItsGoal: a plan for becoming known says so, and reach takes the place of exposure in what it maximises.
func TestPlanNamesItsGoal(t *testing.T) {
	t.Parallel()
	for _, p := range languages {
		for _, view := range views {
			most, standing := plainText(t, planned(p), view, p), plainText(t, known(p), view, p)
			if !strings.Contains(most, p.Text("page.plan.title", 3)) || !strings.Contains(standing, p.Text("page.plan.title.standing", 3)) {
				t.Errorf("%s %s does not name the goal", view, p.Lang)
			}
			if !strings.Contains(standing, p.Text("report.plan.legend.standing")) || strings.Contains(most, p.Text("report.plan.legend.standing")) {
				t.Errorf("%s %s does not say what is maximised", view, p.Lang)
			}
		}
	}
}

// TestPlanTellsAllOfAnOpening: whatever the document says of an opening stands in each view.
func TestPlanTellsAllOfAnOpening(t *testing.T) {
	t.Parallel()
	for _, p := range languages {
		doc := planned(p)
		for _, view := range views {
			text := plainText(t, doc, view, p)
			for _, o := range doc.Plan.Openings {
				wants := append([]string{o.Text, o.Idle, p.Text("table.engineers", o.Engineers), twoDecimals(o.FallInterval[0]), twoDecimals(o.FallInterval[1]), worthText(o.Worth)}, o.Explain...)
				for _, task := range o.First {
					wants = append(wants, p.Text("task."+task.Kind), task.Where, task.Text)
				}
				for _, want := range append(wants, o.Seat) {
					if !strings.Contains(strings.ReplaceAll(text, "<!-- -->", ""), strings.ReplaceAll(want, `\`, "")) {
						t.Errorf("%s %s lacks %q", view, p.Lang, want)
					}
				}
			}
			if !strings.Contains(text, "Acme Cloud") || !strings.Contains(text, p.Text("report.plan.days", 60)) || !strings.Contains(text, p.Text("report.plan.seat.none")) {
				t.Errorf("%s %s lacks the terms of the plan, or that a way to a seat is not known", view, p.Lang)
			}
		}
	}
}

// TestScanKeepsItsOpeningShort: the one opening at the end of a scan is a paragraph.
func TestScanKeepsItsOpeningShort(t *testing.T) {
	t.Parallel()
	p := languages[0]
	doc := scan(p)
	o := planned(p).Plan.Openings[0]
	doc.Plan.Openings = []Opening{o}
	for _, view := range views {
		if text := plainText(t, doc, view, p); !strings.Contains(text, o.Text) || strings.Contains(text, o.Idle) || strings.Contains(text, o.First[0].Text) {
			t.Errorf("%s: the opening of a scan is not one paragraph", view)
		}
	}
}

// TestDrillVerdicts: a verdict is a word and a mark; without a probability none is given, whatever the document says.
func TestDrillVerdicts(t *testing.T) {
	t.Parallel()
	known := []float64{0.1, 0.2}
	for _, c := range []struct {
		u    DrillUpstream
		want string
	}{
		{DrillUpstream{Probability: known, Verdict: "stops"}, "stops"}, {DrillUpstream{Probability: known, Verdict: "may-stop"}, "may-stop"},
		{DrillUpstream{Probability: known, Verdict: "goes-on"}, "goes-on"}, {DrillUpstream{Verdict: "goes-on"}, "unknown"},
		{DrillUpstream{Probability: known[:1], Verdict: "stops"}, "unknown"}, {DrillUpstream{Probability: known, Verdict: "perhaps"}, "unknown"},
	} {
		if got := verdictOf(&c.u); got != c.want {
			t.Errorf("%+v: %s, want %s", c.u, got, c.want)
		}
	}
	marks := map[string]bool{}
	for _, v := range drillVerdicts {
		marks[verdictMark(v)] = true
	}
	if len(marks) != len(drillVerdicts) {
		t.Errorf("verdicts share a mark: %v", marks)
	}
}

// TestDrillTellsEveryVerdict: each upstream stands in each view with its verdict, its figures and what rests on it.
func TestDrillTellsEveryVerdict(t *testing.T) {
	t.Parallel()
	for _, p := range languages {
		doc := drill(p)
		for _, view := range views {
			text := plainText(t, doc, view, p)
			for i := range doc.Drill.Upstreams[:4] {
				u := &doc.Drill.Upstreams[i]
				_, last := splitID(u.Upstream)
				for _, want := range []string{last, p.Text("drill.verdict." + verdictOf(u)), rangeText(u.Probability, p)} {
					if !strings.Contains(text, want) {
						t.Errorf("%s %s lacks %q", view, p.Lang, want)
					}
				}
			}
			for _, want := range []string{doc.Drill.Text, doc.Drill.Notes[0], "storefront", drillLegend(doc.Drill, p)} {
				if !strings.Contains(text, want) {
					t.Errorf("%s %s lacks %q", view, p.Lang, want)
				}
			}
		}
	}
}

func TestDrillOfNobody(t *testing.T) {
	t.Parallel()
	for _, p := range languages {
		doc := &Document{Command: "drill", AsOf: "2025-07-01", Drill: &Drill{Who: "busiest", Threshold: 0.25}}
		doc.Summary.Sentence = "Nothing would stop."
		for _, view := range views {
			text := plainText(t, doc, view, p)
			for _, want := range []string{p.Text("drill.none"), p.Text("drill.subjects.none"), p.Text("report.drill.busiest"), "Nothing would stop."} {
				if !strings.Contains(text, want) {
					t.Errorf("%s %s lacks %q", view, p.Lang, want)
				}
			}
		}
		if text := render(t, doc, "csv", Options{}); strings.Count(text, "\n") != 1 {
			t.Errorf("CSV of nothing: %q", text)
		}
	}
	// A drill that could not be made is no drill: the scan below it is shown.
	if text := render(t, &Document{Command: "drill", AsOf: "2025-07-01"}, "table", Options{}); strings.Contains(text, "[") {
		t.Errorf("a document without a drill:\n%s", text)
	}
}

func TestDrillCSV(t *testing.T) {
	t.Parallel()
	doc := drill(languages[0])
	records, err := csv.NewReader(strings.NewReader(render(t, doc, "csv", Options{}))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(records) != 1+len(doc.Drill.Upstreams) {
		t.Fatalf("%d records of %d upstreams", len(records), len(doc.Drill.Upstreams))
	}
	cell := func(row int, name string) string { return records[row+1][slices.Index(records[0], name)] }
	for _, c := range []struct {
		row        int
		name, want string
	}{
		{0, "people_high", "3"}, {0, "share_low", "0.624"}, {0, "subjects", "storefront; ."}, {0, "threshold", "0.25"}, {1, "subjects", "storefront"},
		{2, "subjects", ""}, {3, "share_low", ""}, {3, "before", ""}, {3, "probability_high", ""}, {4, "before", ""},
	} {
		if got := cell(c.row, c.name); got != c.want {
			t.Errorf("%s of row %d is %q, want %q", c.name, c.row, got, c.want)
		}
	}
	if got := cell(4, "verdict"); !strings.HasPrefix(got, "'=") {
		t.Errorf("a formula stands in the cell %q", got)
	}
}

func TestIntervalBar(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		ends      []float64
		threshold float64
		want      string
	}{
		{[]float64{0.5, 0.9}, 0.25, "··│··━━━━━"}, {[]float64{0.1, 0.3}, 0.25, "·━┿━······"}, {nil, 0.25, "··│·······"}, {[]float64{0, 0}, 1, "━········│"},
		{[]float64{-5, 9}, 0.25, "━━┿━━━━━━━"}, {[]float64{0.9, 0.1}, 0.25, "··│·······"},
	} {
		if got := intervalBar(c.ends, c.threshold, 10); got != c.want {
			t.Errorf("%v: %q, want %q", c.ends, got, c.want)
		}
	}
}

// TestSeatsDifferByShape: who is at work, on paper, or not found is drawn by signs and patterns of their own.
func TestSeatsDifferByShape(t *testing.T) {
	t.Parallel()
	for _, lang := range pageLanguages {
		page := parsePage(t, renderPage(t, makeInspection(lang), lang))
		shapes := map[string]string{}
		for _, s := range elements(byID(page, "seats"), "svg") {
			kind, ok := strings.CutPrefix(attr(s, "class"), "seat ")
			if !ok {
				continue
			}
			var b strings.Builder
			for _, name := range []string{"path", "circle"} {
				for _, shape := range elements(s, name) {
					b.WriteString(name + attr(shape, "d") + attr(shape, "r"))
				}
			}
			shapes[b.String()] = kind
		}
		if len(shapes) != 3 {
			t.Errorf("%s: the shapes are %v", lang, shapes)
		}
	}
	chart := newSeatsChart(governance().Series, message.Printer{})
	if chart == nil || chart.Work == "" || chart.Paper == "" || chart.Lost == "" || len(chart.Hovers) != 22 || len(chart.Years) < 4 {
		t.Errorf("the chart is %+v", chart)
	}
	if newSeatsChart(governance().Series[:1], message.Printer{}) != nil || newSeatsChart([]SeatsPoint{{}, {}}, message.Printer{}) != nil {
		t.Error("a chart without a course, or without anybody")
	}
}

var numberInPicture = regexp.MustCompile(`^-?\d+(\.\d)?$`)

// TestMapTellsFoldersWithoutColour: each area has its folder and share as words for who cannot see it, a pattern beside its
// colour, and leads to its row below where it has one; what is written in it has room.
func TestMapTellsFoldersWithoutColour(t *testing.T) {
	t.Parallel()
	for _, lang := range pageLanguages {
		doc := makeInspection(lang)
		page := parsePage(t, renderPage(t, doc, lang))
		section := byID(page, "territory")
		rows := elements(section, "tbody")[0]
		if n := len(elements(rows, "tr")); n != foldersListed {
			t.Errorf("%d folders are listed", n)
		}
		maps := 0
		for _, picture := range elements(section, "svg") {
			if attr(picture, "role") != "group" {
				continue
			}
			maps++
			if byID(picture, attr(picture, "aria-labelledby")) == nil || byID(picture, attr(picture, "aria-describedby")) == nil {
				t.Error("the map has no title or no description")
			}
			cells, links := 0, 0
			for _, r := range elements(picture, "rect") {
				level, ok := strings.CutPrefix(attr(r, "class"), "c")
				if !ok {
					continue
				}
				cells++
				if titles := elements(r, "title"); len(titles) != 1 || !strings.Contains(textOf(titles[0]), "\n") {
					t.Error("an area has no words")
				}
				for _, key := range []string{"x", "y", "width", "height"} {
					if !numberInPicture.MatchString(attr(r, key)) {
						t.Errorf("%s is %q", key, attr(r, key))
					}
				}
				if level != "0" && !strings.Contains(pageStyle, fmt.Sprintf("#%s-%s)", strings.TrimSuffix(attr(byID(picture, attr(picture, "aria-labelledby")), "id"), "-t"), level)) {
					t.Errorf("level %s has no pattern", level)
				}
				if r.Parent.Data == "a" {
					links++
					if target := byID(rows, strings.TrimPrefix(attr(r.Parent, "href"), "#")); target == nil {
						t.Errorf("an area leads to %s", attr(r.Parent, "href"))
					}
				}
			}
			if cells < 25 || links < 8 {
				t.Errorf("%d areas, %d of them lead to a row", cells, links)
			}
		}
		if maps != 2 {
			t.Errorf("%d maps", maps)
		}
	}
}

func TestOrphanLevel(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ orphaned, files, want int }{{0, 9, 0}, {-1, 9, 0}, {1, 100, 1}, {24, 100, 1}, {25, 100, 2}, {50, 100, 3}, {75, 100, 4}, {100, 100, 4}, {9, 2, 4}, {3, 0, 1}} {
		if got := orphanLevel(c.orphaned, c.files); got != c.want {
			t.Errorf("%d of %d: level %d, want %d", c.orphaned, c.files, got, c.want)
		}
	}
}

// TestPagesOfHostileWords: the documents with hostile words in every new field make harmless pages, each id once.
func TestPagesOfHostileWords(t *testing.T) {
	t.Parallel()
	for _, p := range languages {
		for command, document := range documents {
			page := render(t, document(p), "html", Options{Printer: p})
			if err := balanced(page); err != nil {
				t.Errorf("%s: %v", command, err)
			}
			checkHarmless(t, page)
			ids := map[string]bool{}
			for n := range parsePage(t, page).Descendants() {
				if n.Type != html.ElementNode || attr(n, "id") == "" {
					continue
				}
				if ids[attr(n, "id")] {
					t.Errorf("%s %s: the id %q stands twice", command, p.Lang, attr(n, "id"))
				}
				ids[attr(n, "id")] = true
			}
		}
	}
}

// TestNewWordsWithoutEnd: a text of ten megabytes in any new field does not hang a view.
func TestNewWordsWithoutEnd(t *testing.T) {
	t.Parallel()
	endless := strings.Repeat("가/x ", 2<<20)
	p := languages[0]
	doc := standingCase(p)
	u := &doc.Upstreams[0]
	u.Governance.Files = []string{endless, endless, endless, endless, endless}
	u.Territory.Folders = u.Territory.Folders[:4]
	for i := range u.Territory.Folders {
		f := &u.Territory.Folders[i]
		f.Path, f.LastChange, f.Successors = fmt.Sprint(endless, i), endless, []Successor{{Name: &endless, Files: 1, LastChange: endless}}
	}
	plan := planned(p)
	plan.Plan.Organisation, plan.Plan.Notes = endless, []string{endless}
	o := &plan.Plan.Openings[0]
	o.Text, o.Seat, o.Idle, o.Explain, o.First = endless, endless, endless, []string{endless}, []Task{{endless, endless, endless}}
	away := drill(p)
	d := away.Drill
	d.Who, d.Text, d.Notes = endless, endless, []string{endless}
	d.Upstreams[0].Upstream, d.Subjects = endless, []DrillSubject{{endless, []string{endless}, []string{endless}}}
	for _, doc := range []*Document{doc, plan, away} {
		for _, view := range views {
			if text := render(t, doc, view, Options{Printer: p}); len(text) > 400_000 {
				t.Errorf("%s %s: %d bytes", doc.Command, view, len(text))
			}
		}
	}
}

// TestUnknownHasNoBar: a figure that is not known draws nothing that could be taken for a figure.
func TestUnknownHasNoBar(t *testing.T) {
	t.Parallel()
	p := languages[0]
	page := parsePage(t, render(t, planned(p), "html", Options{Printer: p}))
	found := false
	for _, d := range elements(byID(page, "plan"), "div") {
		if len(elements(d, "dt")) != 1 || textOf(elements(d, "dt")[0]) != p.Text("report.measure.fit") || textOf(elements(d, "b")[0]) != dash {
			continue
		}
		found = true
		if paths := elements(d, "path"); len(paths) != 1 || attr(paths[0], "class") != "ax" {
			t.Error("an unknown fit is drawn")
		}
	}
	if !found {
		t.Error("no opening says that its fit is not known")
	}
	if strings.Contains(pageStyle, "path:last-child") {
		t.Error("a style takes the ground of a bar for the bar")
	}
}
