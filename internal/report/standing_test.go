package report

import (
	"fmt"
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
	chart := newRollChart(governance().Series, message.Printer{})
	if chart == nil || chart.Work == "" || chart.Paper == "" || chart.Lost == "" || len(chart.Hovers) != 22 || len(chart.Years) < 4 {
		t.Errorf("the chart is %+v", chart)
	}
	if newRollChart(governance().Series[:1], message.Printer{}) != nil || newRollChart([]SeatsPoint{{}, {}}, message.Printer{}) != nil {
		t.Error("a chart without a course, or without anybody")
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
