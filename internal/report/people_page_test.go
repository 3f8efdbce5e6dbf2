package report

import (
	"strings"
	"testing"

	"github.com/mainstay-oss/mainstay/internal/message"
)

// TestPeopleOnPageAddUp: hidden names are not called names, and those beyond the shown ones are counted.
func TestPeopleOnPageAddUp(t *testing.T) {
	t.Parallel()
	for _, lang := range pageLanguages {
		p := message.Printer{Lang: lang}
		doc := makeInspection(lang)
		u := &doc.Upstreams[0]
		shown := 0
		for _, person := range u.People {
			shown += person.Commits12m
		}
		u.Vitals.Contributors12m, u.Vitals.Commits12m = len(u.People)+31, shown+40
		people := textOf(byID(parsePage(t, renderPage(t, doc, lang)), "people"))
		if strings.Contains(people, p.Text("report.column.name")) || !strings.Contains(people, p.Text("report.column.contributor")) {
			t.Errorf("%s: hidden names are called names: %s", lang, people)
		}
		if !strings.Contains(people, p.Text("page.people.others", 31)+"8.0 %40") {
			t.Errorf("%s: the others do not stand in the table: %s", lang, people)
		}
		u.People[0].Name = some("Kim")
		if people = textOf(byID(parsePage(t, renderPage(t, doc, lang)), "people")); !strings.Contains(people, p.Text("report.column.name")) {
			t.Errorf("%s: names are not called names", lang)
		}
		u.Vitals.Commits12m = shown - 1
		if newOthers(u, make([]personView, len(u.People)), p) != nil {
			t.Error("the others have fewer than no commits")
		}
	}
}

// TestSeriesFillTheirScale: a small chance is drawn on a scale of its own, whose top is written beside it.
func TestSeriesFillTheirScale(t *testing.T) {
	t.Parallel()
	points := []Point{{AsOf: "2024-01-01", Probability12m: some(0.004)}, {AsOf: "2024-04-01", Probability12m: some(0.017)}}
	for _, c := range newSeries(points, nil, message.Printer{}) {
		if c.Title != (message.Printer{}).Text("report.measure.probability_12m") {
			continue
		}
		if c.Max != "2.0 %" || c.Now != "1.7 %" {
			t.Errorf("the scale reaches to %s, now %s", c.Max, c.Now)
		}
		if c.DotY > seriesTop+20 {
			t.Errorf("the highest point lies at %v, near the ground", c.DotY)
		}
		return
	}
	t.Error("the forecast is not drawn")
}

// TestReproduceRepeatsTheCommand: what was typed, with the date and the language that it left open.
func TestReproduceRepeatsTheCommand(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"mainstay scan . -f html":                          "mainstay scan . -f html --as-of 2025-07-01 --lang ko",
		"mainstay scan . --as-of=2025-07-01 --lang ko":     "mainstay scan . --as-of=2025-07-01 --lang ko",
		"mainstay inspect a --as-of 2025-07-01":            "mainstay inspect a --as-of 2025-07-01 --lang ko",
		"mainstay scan '--language' --mirrors 'a b' -q -f": "mainstay scan '--language' --mirrors 'a b' -q -f --as-of 2025-07-01 --lang ko",
	} {
		if got := reproduce(&Document{Command: "scan", AsOf: "2025-07-01", Invocation: typed}, "ko"); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

// TestPaperIsNotWasted: on paper no section starts a page of its own, and no heading ends one.
func TestPaperIsNotWasted(t *testing.T) {
	t.Parallel()
	_, paper, ok := strings.Cut(pageStyle, "@media print")
	if !ok || strings.Contains(paper, "break-before: page") {
		t.Error("a section starts a page of its own, however empty the one before")
	}
	for _, rule := range []string{"h2 { font-size: 14pt; break-after: avoid", ".foot section { break-inside: avoid }", ".shares, thead { break-after: avoid }"} {
		if !strings.Contains(paper, rule) {
			t.Errorf("the style for paper lacks %q", rule)
		}
	}
}
