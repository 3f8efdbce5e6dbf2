package report

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/mainstay-oss/mainstay/internal/message"
)

// ranking makes a document of ranked upstreams from a word: e for ended, a for active.
func ranking(states string) *Document {
	doc := scan(languages[0])
	active, ended := doc.Upstreams[0], doc.Upstreams[1]
	doc.Upstreams, doc.Plan = nil, nil
	for i, s := range states {
		u := active
		if s == 'e' {
			u = ended
		}
		u.ID = fmt.Sprintf("github.com/example/%c%d", s, i+1)
		u.Attention = &Attention{Rank: i + 1, Why: u.Attention.Why}
		doc.Upstreams = append(doc.Upstreams, u)
	}
	doc.Summary.Upstreams, doc.Summary.Ranked = len(states), len(states)
	return doc
}

// TestManyEndedStandApart: up to three ended keep their places among the ten; more of them leave the ten to the living.
func TestManyEndedStandApart(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		states      string
		rows, ended []int
	}{
		{"", nil, nil},
		{"eeeaaaaaaaaa", []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, nil},
		{"eeaeaeaaaaaaaae", []int{3, 5, 7, 8, 9, 10, 11, 12, 13, 14}, []int{1, 2, 4, 6, 15}},
		{"aaaaaaaaaaeeee", []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, nil},
		{"eeee", nil, []int{1, 2, 3, 4}},
		{"eaee", []int{1, 2, 3, 4}, nil},
	} {
		doc := ranking(c.states)
		look := newFirstLook(doc)
		ranks := func(all []*Upstream) (found []int) {
			for _, u := range all {
				found = append(found, u.Attention.Rank)
			}
			return found
		}
		if got := ranks(look.rows); !slices.Equal(got, c.rows) {
			t.Errorf("%q: rows %v, want %v", c.states, got, c.rows)
		}
		if got := ranks(look.ended); !slices.Equal(got, c.ended) {
			t.Errorf("%q: ended %v, want %v", c.states, got, c.ended)
		}
		for _, format := range []string{"table", "md", "html"} {
			text := render(t, doc, format, Options{})
			title := languages[0].Text("report.section.ended")
			if strings.Contains(text, title) != (len(c.ended) > 0) {
				t.Errorf("%q as %s: the ended stand apart: %v", c.states, format, strings.Contains(text, title))
			}
			for _, u := range append(look.rows, look.shownEnded()...) {
				if _, name := splitID(u.ID); !strings.Contains(text, name) {
					t.Errorf("%q as %s: %s is not told", c.states, format, u.ID)
				}
			}
		}
	}
	if text := render(t, ranking(strings.Repeat("e", 25)), "table", Options{}); !strings.Contains(text, "15 more have ended") {
		t.Errorf("what is not listed is not counted:\n%s", text)
	}
}

// TestEveryRowTellsItsDate: however long the reasons, a row whose figures are of another day says of which.
func TestEveryRowTellsItsDate(t *testing.T) {
	t.Parallel()
	for _, p := range languages {
		for _, w := range []int{40, 60, 80, 140} {
			doc := scan(p)
			var dates []string
			for i := range doc.Upstreams {
				u := &doc.Upstreams[i]
				if u.Vitals != nil && u.Attention != nil && u.Attention.Rank <= first {
					u.Vitals.AsOf = fmt.Sprintf("2025-03-%02d", i+1)
					u.Attention.Why = []string{strings.Repeat("long reasons ", 60), "and more"}
					dates = append(dates, u.Vitals.AsOf)
				}
			}
			table, md := render(t, doc, "table", Options{Printer: p, Width: w}), render(t, doc, "md", Options{Printer: p})
			for _, d := range dates {
				if !strings.Contains(table, d) {
					t.Errorf("%s, %d cells: no row says %s:\n%s", p.Lang, w, d, table)
				}
				if !strings.Contains(md, d) {
					t.Errorf("%s: no row of Markdown says %s", p.Lang, d)
				}
			}
			if strings.Contains(table, p.Text("table.pulse", 24, doc.AsOf)) {
				t.Errorf("%s, %d cells: the heading claims one day for rows of other days", p.Lang, w)
			}
		}
	}
}

// TestHeadingOfPulses: one day where there is one, else each row's.
func TestHeadingOfPulses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		dates []string
		want  string
	}{
		{[]string{"2025-07-01", "2025-07-01"}, "2025-07-01"},
		{[]string{"2025-06-20", "2025-06-20"}, "2025-06-20"},
		{[]string{"2025-06-20", "2025-07-01"}, "2025-07-01"}, // days apart: the rows do not say so either
		{[]string{"2025-05-20", "2025-07-01"}, ""},
		{[]string{""}, "2025-07-01"},
	} {
		doc := &Document{AsOf: "2025-07-01"}
		for _, d := range c.dates {
			doc.Upstreams = append(doc.Upstreams, Upstream{Vitals: &Vitals{AsOf: d}})
		}
		var rows []*Upstream
		for i := range doc.Upstreams {
			rows = append(rows, &doc.Upstreams[i])
		}
		if got := commonDate(doc, rows); got != c.want {
			t.Errorf("%v: %q, want %q", c.dates, got, c.want)
		}
	}
}

// TestOpeningTellsOldFigures: a month makes a date, half a year a warning, in every view.
func TestOpeningTellsOldFigures(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		asOf        string
		dated, warn bool
	}{{"2025-07-01", false, false}, {"2025-06-05", false, false}, {"2025-04-10", true, false}, {"2024-11-16", true, true}, {"no date", false, false}} {
		for _, p := range languages {
			for _, format := range []string{"table", "md", "html"} {
				doc := plan(p)
				doc.Upstreams[0].Vitals.AsOf = c.asOf
				doc.Plan.Openings = doc.Plan.Openings[:1]
				doc.Upstreams = doc.Upstreams[:1]
				doc.Upstreams[0].Attention, doc.Upstreams[0].Loss = nil, nil // a plan alone
				text := strings.ReplaceAll(render(t, doc, format, Options{Printer: p}), "\u2011", "-")
				_, text, _ = strings.Cut(text, "<main") // or nothing: the date also stands in the table of all
				if format != "html" {
					text = render(t, doc, format, Options{Printer: p})
				} else {
					text, _, _ = strings.Cut(text, `id="all"`)
				}
				flat := strings.Join(strings.Fields(text), " ")
				if got := strings.Contains(flat, c.asOf) && c.asOf != doc.AsOf; got != c.dated {
					t.Errorf("%s as %s, %s: dated %v", c.asOf, format, p.Lang, got)
				}
				if got := strings.Contains(flat, p.Text("table.old", c.asOf)); got != c.warn {
					t.Errorf("%s as %s, %s: warned %v", c.asOf, format, p.Lang, got)
				}
			}
		}
	}
}

// TestEveryViewNamesGaps: the first gaps with place, cause, count; never that all was read where a gap says otherwise.
func TestEveryViewNamesGaps(t *testing.T) {
	t.Parallel()
	for _, p := range languages {
		for _, command := range []string{"scan", "plan", "inspect"} {
			doc := documents[command](p)
			doc.Gaps, doc.Summary.NotRead = nil, ""
			for i := range 8 {
				doc.Gaps = append(doc.Gaps, Gap{Stage: "inventory", Kind: "syntax", File: fmt.Sprintf("team%d/package-lock.json", i), Line: ptr(7), Why: "WHY", Hint: fmt.Sprintf("HINT%d", i), Count: 1 + i})
			}
			table := render(t, doc, "table", Options{Printer: p})
			for _, want := range []string{"team0/package-lock.json:7 · WHY", "HINT0", p.Text("table.gap_count", "team4/package-lock.json:7 · WHY", 5), p.Text("table.more_gaps", 3), p.Text("table.some_read")} {
				if !strings.Contains(table, want) {
					t.Errorf("%s: the table lacks %q:\n%s", command, want, table)
				}
			}
			if strings.Contains(table, "team5") {
				t.Errorf("%s: more than five gaps", command)
			}
			for _, format := range []string{"table", "md", "html"} {
				text := render(t, doc, format, Options{Printer: p})
				if strings.Contains(text, p.Text("table.all_read")) || strings.Contains(text, p.Text("page.gaps.none")) {
					t.Errorf("%s as %s says that all was read", command, format)
				}
				if !strings.Contains(text, "team0/package-lock.json:7") {
					t.Errorf("%s as %s names no file", command, format)
				}
			}
			doc.Gaps = nil
			if !strings.Contains(render(t, doc, "table", Options{Printer: p}), p.Text("table.all_read")) {
				t.Errorf("%s does not say that all was read", command)
			}
		}
	}
}

// TestUnbornHasNoFigures: before its first commit a project has no measures to show, only zeros that would mislead.
func TestUnbornHasNoFigures(t *testing.T) {
	t.Parallel()
	for _, p := range languages {
		doc := inspect(p)
		doc.AsOf = "1999-01-01"
		u := &doc.Upstreams[0]
		u.State, u.Outlook, u.Fragility, u.Series, u.People, u.Loss, u.Attention = "unknown", nil, &Fragility{}, nil, nil, nil, nil
		u.Vitals, u.Load = &Vitals{AsOf: "1999-01-01", Months: make([]int, 24)}, &Load{}
		for _, format := range []string{"table", "md", "html"} {
			text := render(t, doc, format, Options{Printer: p})
			flat := strings.Join(strings.Fields(text), " ")
			if !strings.Contains(flat, p.Text("report.unborn", "1999-01-01")) {
				t.Errorf("%s does not say that the project had not begun:\n%s", format, text)
			}
			for _, title := range []string{"report.section.vitals", "report.section.load", "report.section.outlook"} {
				if regexp.MustCompile(`(?m)(^|<h2>|\| )` + regexp.QuoteMeta(p.Text(title)) + `\b`).MatchString(text) {
					t.Errorf("%s has the section %s", format, p.Text(title))
				}
			}
			if strings.Contains(text, "#vitals") {
				t.Errorf("%s links to what it does not have", format)
			}
			if strings.Contains(text, doc.Summary.Sentence) {
				t.Errorf("%s says %q", format, doc.Summary.Sentence)
			}
		}
		u.Vitals.FirstCommit = ptr("1998-01-01")
		if unborn(u) {
			t.Error("a project with a first commit is unborn")
		}
	}
}

// TestHeadlineSaysThingsOnce: one sentence, with how far the ranking has come, and no counts of packages where there are none.
func TestHeadlineSaysThingsOnce(t *testing.T) {
	t.Parallel()
	doc := scan(languages[0])
	if got, want := headline(doc, languages[0]), "You stand on 14 upstreams; ranked 12 of 14: 6 rest on one person, 2 have ended."; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	doc.Subjects = []Subject{{ID: "ai", Path: "ai", Kind: "cohort"}}
	doc.Summary.Packages, doc.Summary.Direct = 0, 0
	if got, want := headline(doc, languages[0]), "The cohort ai holds 14 upstreams; ranked 12 of 14: 6 rest on one person, 2 have ended."; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got, want := stateCounts(doc, languages[0]), "7 active, 3 quiet, 2 ended, 2 unknown"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	doc.Summary.Ranked = doc.Summary.Upstreams
	if got := headline(doc, languages[0]); got != doc.Summary.Sentence {
		t.Errorf("all is ranked, and the headline is %q", got)
	}
}

// TestReasonsAreWhole: a row shows as many reasons as fit, and cuts none but the very first.
func TestReasonsAreWhole(t *testing.T) {
	t.Parallel()
	s := &sheet{width: 80, p: message.Printer{}}
	short, long := strings.Repeat("word ", 9)+"end", strings.Repeat("x ", 400)
	for _, c := range []struct {
		why  []string
		want string
	}{
		{nil, ""}, {[]string{short}, short}, {[]string{short, short}, short + "; " + short},
		{[]string{short, short, short, short}, short + "; " + short + "; " + short}, {[]string{long, short}, long},
	} {
		if got := s.because(&Upstream{Attention: &Attention{Why: c.why}}); got != c.want {
			t.Errorf("of %d reasons %q", len(c.why), got)
		}
	}
}
