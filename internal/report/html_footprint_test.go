package report

import (
	"bytes"
	"fmt"
	"html/template"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/mainstay-oss/mainstay/internal/message"
	"github.com/mainstay-oss/mainstay/internal/need"
)

// footprintPages are the documents of the command whose pages are looked at: two organisations, one, and next to nothing.
func footprintPages(lang message.Lang) map[string]*Document {
	p := message.Printer{Lang: lang}
	pages := emptyFootprints()
	for _, doc := range pages {
		doc.Language = string(lang)
	}
	pages["two"], pages["one"] = footprint(p), footprint(p)
	pages["one"].Footprint.Organisations = pages["one"].Footprint.Organisations[:1]
	for _, doc := range pages {
		Normalise(doc)
	}
	return pages
}

// poisonFigures puts a text wherever a footprint holds one, and absurd figures where it holds figures.
func poisonFigures(f *Footprint, e string) {
	absurd := Presence{Period: e, From: e, Until: e, Commits: math.MaxInt, CommitsOpen: math.MinInt, CommitsAll: -1, Share: []float64{math.NaN(), 9}, Confidence: some(math.Inf(1)),
		People: -1, PeopleOpen: math.MaxInt, FirstTimers: -5, Stayed: some(math.MaxInt), Rank: some(-1), RankRange: []int{math.MaxInt, math.MinInt}}
	odd := absurd
	odd.Period, odd.From, odd.Share, odd.RankRange, odd.CommitsAll = "9999-Q4", "9999-10-01", []float64{7, -7}, []int{3}, 1
	old := odd
	old.Period, old.From, old.Share, old.Rank, old.Stayed = "0001-Q1", "0001-01-01", []float64{1e-300, 1e-300}, nil, nil
	standing := Standing{Upstream: e, Last12m: absurd, Years: []Presence{absurd, odd, old}, Quarters: []Presence{absurd, odd, old, odd},
		Seats: []Seats{{AsOf: e}, {AsOf: "2025-04-01", Listed: -1, Seats: math.MaxInt, Open: math.MaxInt, Share: []float64{5}, Active: -3, Paper: math.MaxInt}},
		Reach: []Reach{{Quarter: e, PullAuthors: some(math.MinInt)}, {Quarter: "2025-Q2", ObservedOn: e, PullAuthors: some(math.MaxInt), Downloads: some(-1), Dependents: some(3)}}}
	f.Organisations = slices.Repeat([]Organisation{{Name: e, Includes: []string{e, e, e, e}, Text: e, InAll: standing, Upstreams: []Standing{standing, standing}}}, 8)
	f.Attribution = []Attribution{{Commits: 10, Attributed: 99, Share: some(7.0)},
		{Upstream: e, Commits: -1, Share: some(math.NaN()), ElephantFactor: some(-1), ToSettle: some(-1), People: slices.Repeat([]Open{{Name: &e, Commits: -1}, {}}, 20)}}
	f.Notes = []string{e}
}

func hasClass(n *html.Node, class string) bool {
	return slices.Contains(strings.Fields(attr(n, "class")), class)
}

func rowsOf(table *html.Node) [][]*html.Node {
	var rows [][]*html.Node
	for _, row := range elements(elements(table, "tbody")[0], "tr") {
		var cells []*html.Node
		for n := range row.ChildNodes() {
			if n.Type == html.ElementNode {
				cells = append(cells, n)
			}
		}
		rows = append(rows, cells)
	}
	return rows
}

// TestFootprintPageTellsEverything: each organisation has its row and its section, each upstream its row, each interval both
// ends; what is not known is said in words.
func TestFootprintPageTellsEverything(t *testing.T) {
	t.Parallel()
	for _, p := range languages {
		doc := footprint(p)
		root := parsePage(t, renderPage(t, doc, p.Lang))
		table := elements(byID(root, "organisations"), "table")[0]
		rows := rowsOf(table)
		if len(rows) != 2 {
			t.Fatalf("%d rows for 2 organisations", len(rows))
		}
		for i, o := range doc.Footprint.Organisations {
			if name := textOf(rows[i][0]); !strings.HasPrefix(name, o.Name) {
				t.Errorf("row %d is of %q, want %q", i, name, o.Name)
			}
			checkInterval(t, rows[i][1], o.InAll.Last12m.Share, p)
			if got, want := textOf(rows[i][3]), p.Text("footprint.unknown")+p.Text("footprint.rank.between", 1, 9); got != want {
				t.Errorf("the rank is %q, want %q", got, want)
			}
			section := byID(root, "o"+strconv.Itoa(i+1))
			places := rowsOf(elements(section, "table")[0])
			if len(places) != len(o.Upstreams) {
				t.Fatalf("%s: %d rows for %d upstreams", o.Name, len(places), len(o.Upstreams))
			}
			for j, s := range o.Upstreams {
				checkInterval(t, places[j][1], s.Last12m.Share, p)
				if n := len(elements(elements(section, "thead")[0], "th")); len(places[j]) != n {
					t.Errorf("the row of %s has %d cells under %d heads", s.Upstream, len(places[j]), n)
				}
				for column, unknown := range map[int]bool{7: s.Upstream == ledgers[3].id, 8: s.Last12m.Rank == nil, 9: s.Upstream == ledgers[2].id} {
					text, order := textOf(places[j][column]), attr(places[j][column], "data-v")
					if unknown != strings.HasPrefix(text, p.Text("footprint.unknown")) || unknown != (order == "") {
						t.Errorf("%s: column %d says %q and sorts by %q, not known: %v", s.Upstream, column, text, order, unknown)
					}
				}
			}
			if periods := rowsOf(elements(section, "table")[1]); len(periods) != len(o.InAll.Years)+len(o.InAll.Quarters) {
				t.Errorf("%d years and quarters are told", len(periods))
			}
			if text := textOf(section); !strings.Contains(text, p.Text("footprint.reach.caveat")) || !strings.Contains(text, p.Text("footprint.running", "2025-Q2")) {
				t.Errorf("%s: no word on causes, or on the quarter that is not over", o.Name)
			}
		}
		attribution := rowsOf(elements(byID(root, "attribution"), "table")[0])
		if len(attribution) != len(ledgers) {
			t.Fatalf("%d rows on attribution", len(attribution))
		}
		if got := textOf(attribution[2][5]); !strings.HasPrefix(got, "김해수 (31), ") {
			t.Errorf("who would settle it: %q", got)
		}
		if !strings.Contains(textOf(byID(root, "notes")), doc.Footprint.Notes[1]) {
			t.Error("a note is lost")
		}
	}
}

// checkInterval wants a bar whose solid part ends where the hatched part begins, at the lower end, and both ends as text.
func checkInterval(t *testing.T, cell *html.Node, share []float64, p message.Printer) {
	t.Helper()
	rects := elements(cell, "rect")
	if len(rects) != 3 || !hasClass(rects[1], "own") || !hasClass(rects[2], "open") {
		t.Fatalf("no bar in %q", textOf(cell))
	}
	number := func(n *html.Node, key string) float64 {
		f, err := strconv.ParseFloat(attr(n, key), 64)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	low, x, wide := number(rects[1], "width"), number(rects[2], "x"), number(rects[2], "width")
	if low != x || math.Abs(low-max(share[0]*120, 1)) > 0.051 || math.Abs(wide-(share[1]-share[0])*120) > 0.051 {
		t.Errorf("a share of %v is drawn as %v, then from %v over %v", share, low, x, wide)
	}
	if got := textOf(cell); got != shareRange(share, p) {
		t.Errorf("a share of %v is told as %q", share, got)
	}
}

// TestFootprintPageDrawsSix: more organisations than can be told apart stand in the table alone, and very many upstreams are
// counted.
func TestFootprintPageDrawsSix(t *testing.T) {
	t.Parallel()
	doc := footprint(languages[0])
	f := doc.Footprint
	f.Organisations = slices.Repeat(f.Organisations[:1], 9)
	for i := range f.Organisations {
		f.Organisations[i].Name = fmt.Sprintf("Organisation %d", i+1)
		f.Organisations[i].Upstreams = slices.Repeat(f.Organisations[i].Upstreams[:1], 1000)
	}
	page := renderPage(t, doc, message.English)
	root := parsePage(t, page)
	if n := len(rowsOf(elements(byID(root, "organisations"), "table")[0])); n != 9 {
		t.Errorf("%d organisations in the table", n)
	}
	if byID(root, "o6") == nil || byID(root, "o7") != nil {
		t.Error("not six organisations are drawn")
	}
	if n := len(elements(byID(root, "organisations"), "figure")); n != organisationsDrawn {
		t.Errorf("%d charts side by side", n)
	}
	for _, said := range []string{"3 more organisations stand in the table alone.", "900 more upstreams: -f csv"} {
		if !strings.Contains(page, said) {
			t.Errorf("the page does not say %q", said)
		}
	}
	if len(page) > 1_500_000 {
		t.Errorf("%d bytes", len(page))
	}
}

// TestColumns draws by hand: 3 columns of 100 in a frame of 100 height, whose scale ends at 10.
func TestColumns(t *testing.T) {
	t.Parallel()
	piles := []pile{
		{parts: []float64{2, 4}, known: true, whole: true, tip: "first"},
		{tip: "second", whole: true},
		{parts: []float64{0, 0}, known: true, tip: "third"},
		{known: true, whole: true},
	}
	c := newColumns(columnFrame{"x", 600, 0, 100}, piles, []string{"2024", "", "2025", ""}, []string{"own", "open"}, 10)
	want := []layerPath{{"own", "M0 80h98v20h-98zM200 98.5h98v1.5h-98z"}, {"open", "M0 40h98v40h-98z"}}
	if !slices.Equal(c.Layers, want) {
		t.Errorf("layers %v, want %v", c.Layers, want)
	}
	if c.Unknown != "M100 0h98v100h-98z" {
		t.Errorf("what is not known is drawn as %q", c.Unknown)
	}
	if !c.HasRunning || c.Running != 199 || len(c.Years) != 2 || c.Years[1].X != 200 || len(c.Hovers) != 3 {
		t.Errorf("running %v at %v, years %v, %d tips", c.HasRunning, c.Running, c.Years, len(c.Hovers))
	}
}

// TestAxis: charts share their quarters; a quarter that is missing is not known, one that has not begun is blank.
func TestAxis(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{"2025-Q2": "2025-Q2", "2025-06-30": "2025-Q2", "0001-01-01": "1-Q1", "2025-Q5": "", "2025-02-30": "", "x": "", "": "", "2025": ""} {
		got := ""
		if q, ok := quarterOf(s); ok {
			got = quarterText(q)
		}
		if got != want {
			t.Errorf("quarterOf(%q) is %q, want %q", s, got, want)
		}
	}
	s := &Standing{Quarters: []Presence{{Period: "2024-Q3"}}, Seats: []Seats{{AsOf: "2025-04-01"}}, Reach: []Reach{{Quarter: "2025-Q1"}, {Quarter: "bad"}}}
	axis := newAxis(s)
	if axis.len() != 4 || quarterText(axis.from) != "2024-Q3" || !slices.Equal(axis.labels(), []string{"", "", "2025", ""}) {
		t.Errorf("the axis is %+v with labels %q", axis, axis.labels())
	}
	piles := axis.piles(message.Printer{}, map[int]pile{axis.from: {known: true, whole: true}, axis.from + 2: {whole: true, tip: "no commits"}})
	if !piles[0].known || piles[1].known || piles[1].tip != "2024-Q4 · not known" || piles[2].tip != "2025-Q1 · no commits" || !piles[3].known || piles[3].tip != "" {
		t.Errorf("piles %+v", piles)
	}
	if newAxis().len() != 0 || newAxis(&Standing{}).len() != 0 {
		t.Error("nothing has an axis")
	}
	long := newAxis(&Standing{Quarters: []Presence{{Period: "0001-Q1"}, {Period: "2025-Q1"}}})
	if long.len() != axisQuarters || quarterText(long.until) != "2025-Q1" {
		t.Errorf("two thousand years have an axis of %d", long.len())
	}
}

func TestShareTop(t *testing.T) {
	t.Parallel()
	for v, want := range map[float64]float64{0: 0.01, 0.01: 0.01, 0.55: 0.6, 0.6: 0.6, 0.61: 0.8, 0.9: 1, 1: 1} {
		if got := shareTop(v); got != want {
			t.Errorf("shareTop(%v) is %v, want %v", v, got, want)
		}
	}
}

// TestReachIsNeverNought: a chart of what was never looked for has no column, and says so.
func TestReachIsNeverNought(t *testing.T) {
	t.Parallel()
	s := &Standing{Reach: []Reach{{Quarter: "2025-Q1"}, {Quarter: "2025-Q2", Downloads: some(5)}}}
	charts := newReachCharts(s, newAxis(s), message.Printer{})
	if len(charts) != 1 || charts[0].Now != "not known" || len(charts[0].Layers) != 0 || charts[0].Unknown == "" || len(charts[0].Legend) != 1 {
		t.Errorf("%+v", charts)
	}
	s.Reach[0].Downloads, s.Reach[1].ObservedOn = some(4), "2025-06-30"
	if charts = newReachCharts(s, newAxis(s), message.Printer{}); len(charts) != 2 || charts[1].Now != "5" || charts[1].Remark != "2025-06-30" {
		t.Errorf("two look-ups make no series: %+v", charts)
	}
}

// TestOverlapIsNotDrawnTwice: a parent and its subsidiary do not share the strip of all work.
func TestOverlapIsNotDrawnTwice(t *testing.T) {
	t.Parallel()
	names := func(f *Footprint) (found []string) {
		for _, part := range newWork(f, message.Printer{}) {
			found = append(found, part.Name+" "+part.Value)
		}
		return found
	}
	f := emptyFootprints()["overlap"].Footprint
	if got := names(f); !slices.Equal(got, []string{"attributed 9 commits", "attributable to nobody 1 commit"}) {
		t.Errorf("overlapping: %q", got)
	}
	f.Organisations[0].InAll.Last12m.Commits = 3
	if got := names(f); !slices.Equal(got, []string{"A 3 commits", "A1 5 commits", "attributed to others 1 commit", "attributable to nobody 1 commit"}) {
		t.Errorf("side by side: %q", got)
	}
}

// TestPeriodsHoldWhatChartsDraw: each figure of a chart stands in the table of years and quarters as well.
func TestPeriodsHoldWhatChartsDraw(t *testing.T) {
	t.Parallel()
	o := footprint(languages[0]).Footprint.Organisations[0]
	head, rows := newPeriods(&o.InAll, message.Printer{})
	last := rows[len(rows)-1]
	for column, want := range map[string]string{"Period": "2025-Q2 (not over)", "Share": "20–62 %", "Seats": "5–12 of 35", "On paper": "2", "Outsiders who opened pull requests": "143", "Dependents": "2,220", "Downloads a month": "237,540"} {
		if i := slices.Index(head, column); i < 0 || last[i] != want {
			t.Errorf("%s is not told as %q: %q", column, want, last)
		}
	}
	if head, rows = newPeriods(&Standing{Quarters: []Presence{{Period: "2025-Q1", Whole: true}}}, message.Printer{}); len(head) != 12 || rows[0][11] != dash || rows[0][9] != dash {
		t.Errorf("what was never looked up: %q, %q", head, rows)
	}
}

func TestReproduceNamesTheOrganisations(t *testing.T) {
	t.Parallel()
	want := "mainstay footprint --org 'Acme Data' --org '보기전자' --cohort data.txt --as-of 2025-05-20 --lang en -f html -o report.html"
	if got := reproduce(footprint(languages[0]), "en"); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestFootprintPageSpeaksOneLanguage(t *testing.T) {
	t.Parallel()
	doc := footprint(languages[0])
	var text bytes.Buffer
	if err := writeJSON(&text, doc, Options{}); err != nil {
		t.Fatal(err)
	}
	names := regexp.MustCompile(`\p{Hangul}+`).FindAllString(text.String(), -1)
	page := renderPage(t, doc, message.English)
	for _, found := range regexp.MustCompile(`\p{Hangul}+`).FindAllString(page, -1) {
		if !slices.Contains(names, found) {
			t.Fatalf("the English page holds %q, which is no name", found)
		}
	}
}

// TestFootprintContrast: what is drawn stands out from the page in both colour schemes (WCAG 2, 3 to 1).
func TestFootprintContrast(t *testing.T) {
	t.Parallel()
	variable := regexp.MustCompile(`--(own|used|paper|sheet): (#[0-9a-f]{3,6})`)
	for _, dark := range []bool{false, true} {
		scheme := map[string]string{}
		for _, style := range []string{pageStyle, footprintStyle} {
			blocks := strings.SplitN(style, "prefers-color-scheme: dark", 2)
			for _, block := range blocks[:map[bool]int{true: 2, false: 1}[dark]] {
				rules, _, _ := strings.Cut(block, "}\n")
				for _, m := range variable.FindAllStringSubmatch(rules, -1) {
					scheme[m[1]] = m[2]
				}
			}
		}
		for _, drawn := range []string{"own", "used"} {
			for _, ground := range []string{"paper", "sheet"} {
				if ratio := contrast(t, scheme[drawn], scheme[ground]); ratio < 3 {
					t.Errorf("dark %v: %s on %s has a contrast of %.2f", dark, drawn, ground, ratio)
				}
			}
		}
	}
}

// TestFootprintPageInBrowser presses the heads of a table: what is not known comes last whichever way it is sorted.
func TestFootprintPageInBrowser(t *testing.T) {
	t.Parallel()
	chromium := need.Chromium(t)
	const rank = 8
	for presses := 1; presses <= 2; presses++ {
		doc := footprint(languages[0])
		view := newPage(doc, message.Printer{})
		script := pageScript + strings.Repeat(fmt.Sprintf(`
			document.querySelectorAll("#o1 thead th")[%d].querySelector("[role=button]").click();`, rank), presses)
		view.Script, view.Policy = template.JS(script), policy(pageStyle+footprintStyle, script)
		var page bytes.Buffer
		if err := view.write(&page, message.Printer{}); err != nil {
			t.Fatal(err)
		}
		root := browse(t, chromium, page.String())
		table := elements(byID(root, "o1"), "table")[0]
		if got, want := attr(elements(table, "th")[rank], "aria-sort"), []string{"ascending", "descending"}[presses-1]; got != want {
			t.Errorf("aria-sort is %q, want %q", got, want)
		}
		var known []bool
		for _, row := range rowsOf(table) {
			known = append(known, attr(row[rank], "data-v") != "")
		}
		if !slices.Equal(known, []bool{true, true, false, false}) {
			t.Errorf("after %d presses the ranks are known: %v", presses, known)
		}
	}
}
