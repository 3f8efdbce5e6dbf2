package report

import (
	"fmt"
	"math"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/mainstay-oss/mainstay/internal/message"
)

var pageLanguages = []message.Lang{message.English, message.Korean}

// eachPage renders every world in both pageLanguages, an inspection, a drill and footprints.
func eachPage(t *testing.T, check func(t *testing.T, doc *Document, page string)) {
	for _, lang := range pageLanguages {
		for _, w := range pageWorlds {
			t.Run(w.name+"/"+string(lang), func(t *testing.T) {
				t.Parallel()
				doc := makeDocument(w, lang)
				check(t, doc, renderPage(t, doc, lang))
			})
		}
		t.Run("inspect/"+string(lang), func(t *testing.T) {
			t.Parallel()
			doc := makeInspection(lang)
			check(t, doc, renderPage(t, doc, lang))
		})
		t.Run("drill/"+string(lang), func(t *testing.T) {
			t.Parallel()
			doc := makeDrill(lang)
			check(t, doc, renderPage(t, doc, lang))
		})
		for name, doc := range footprintPages(lang) {
			t.Run("footprint, "+name+"/"+string(lang), func(t *testing.T) {
				t.Parallel()
				check(t, doc, renderPage(t, doc, lang))
			})
		}
	}
}

func parsePage(t testing.TB, page string) *html.Node {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	return root
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

func elements(root *html.Node, name string) []*html.Node {
	var found []*html.Node
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && n.Data == name {
			found = append(found, n)
		}
	}
	return found
}

func byID(root *html.Node, id string) *html.Node {
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && attr(n, "id") == id {
			return n
		}
	}
	return nil
}

func TestPageIsWellFormed(t *testing.T) {
	t.Parallel()
	eachPage(t, func(t *testing.T, doc *Document, page string) {
		if err := balanced(page); err != nil {
			t.Error(err)
		}
		root := parsePage(t, page)
		if lang := attr(elements(root, "html")[0], "lang"); lang != doc.Language {
			t.Errorf("lang is %q, want %q", lang, doc.Language)
		}
		if n := len(elements(root, "h1")); n != 1 {
			t.Errorf("%d first headings", n)
		}
		if h1 := elements(root, "h1")[0]; strings.ReplaceAll(textOf(h1), "\u00a0", " ") != doc.Summary.Sentence {
			t.Errorf("the headline is %q, want %q", textOf(h1), doc.Summary.Sentence)
		}
		ids := map[string]bool{}
		level := 0
		for n := range root.Descendants() {
			if n.Type != html.ElementNode {
				continue
			}
			if id := attr(n, "id"); id != "" {
				if ids[id] {
					t.Errorf("the id %q stands twice", id)
				}
				ids[id] = true
			}
			if len(n.Data) == 2 && n.Data[0] == 'h' && n.Data[1] >= '1' && n.Data[1] <= '6' {
				now := int(n.Data[1] - '0')
				if now > level+1 {
					t.Errorf("heading %q jumps from level %d to %d", textOf(n), level, now)
				}
				level = now
			}
		}
		for _, a := range elements(root, "a") {
			if target, ok := strings.CutPrefix(attr(a, "href"), "#"); ok && !ids[target] {
				t.Errorf("a link leads to #%s, which is not on the page", target)
			}
		}
		for _, bad := range []string{"[page.", "[report.", "[state.", "[band.", "[quiet.", "{0", "NaN", "Inf", "ZgotmplZ", "<no value>"} {
			if strings.Contains(page, bad) {
				i := strings.Index(page, bad)
				t.Errorf("the page holds %q: …%s…", bad, page[max(0, i-40):min(len(page), i+60)])
			}
		}
	})
}

// balanced checks that every element that is opened is closed, in order.
func balanced(page string) error {
	void := []atom.Atom{atom.Meta, atom.Input, atom.Br, atom.Link, atom.Img, atom.Hr}
	var open []string
	z := html.NewTokenizer(strings.NewReader(page))
	for {
		switch z.Next() {
		case html.ErrorToken:
			if len(open) > 0 {
				return fmt.Errorf("never closed: %v", open)
			}
			return nil
		case html.StartTagToken:
			if tok := z.Token(); !slices.Contains(void, tok.DataAtom) {
				open = append(open, tok.Data)
			}
		case html.EndTagToken:
			tok := z.Token()
			if len(open) == 0 || open[len(open)-1] != tok.Data {
				return fmt.Errorf("</%s> closes %v", tok.Data, open)
			}
			open = open[:len(open)-1]
		}
	}
}

func TestPageLoadsNothing(t *testing.T) {
	t.Parallel()
	eachPage(t, func(t *testing.T, doc *Document, page string) { checkHarmless(t, page) })
}

// checkHarmless fails where a page could run, load or send anything beyond its own style and script.
func checkHarmless(t *testing.T, page string) {
	t.Helper()
	root := parsePage(t, page)
	metas := elements(root, "meta")
	policy := ""
	for _, m := range metas {
		if attr(m, "http-equiv") == "Content-Security-Policy" {
			policy = attr(m, "content")
		} else if attr(m, "http-equiv") != "" {
			t.Errorf("the page has a second meta http-equiv")
		}
	}
	styles, scripts := elements(root, "style"), elements(root, "script")
	if len(styles) != 1 || len(scripts) != 1 {
		t.Fatalf("%d styles and %d scripts", len(styles), len(scripts))
	}
	want := "default-src 'none'; style-src '" + sourceHash(textOf(styles[0])) + "'; script-src '" + sourceHash(textOf(scripts[0])) + "'; base-uri 'none'; form-action 'none'"
	if policy != want {
		t.Errorf("the policy is\n%s\nwant\n%s", policy, want)
	}
	for _, bad := range []string{"url(http", "url(//", "@import", "fetch(", "XMLHttpRequest", "import(", "eval("} {
		if strings.Contains(textOf(styles[0])+textOf(scripts[0]), bad) {
			t.Errorf("style or script hold %q", bad)
		}
	}
	known := []string{"html", "head", "meta", "title", "style", "script", "body", "a", "header", "div", "span", "svg", "path", "nav", "main", "section", "p", "time",
		"h1", "h2", "h3", "h4", "desc", "strong", "defs", "pattern", "rect", "circle", "dl", "dt", "dd", "i", "b", "small", "figure", "figcaption", "g", "text", "tspan", "ul", "ol", "li",
		"article", "footer", "bdi", "code", "pre", "label", "input", "button", "table", "thead", "tbody", "tr", "th", "td", "details", "summary"}
	for n := range root.Descendants() {
		if n.Type == html.CommentNode {
			t.Errorf("a comment: %q", n.Data)
		}
		if n.Type != html.ElementNode {
			continue
		}
		if !slices.Contains(known, n.Data) {
			t.Errorf("an element <%s>, which no template has", n.Data)
		}
		for _, a := range n.Attr {
			switch {
			case strings.HasPrefix(a.Key, "on"), a.Key == "style", a.Key == "src", a.Key == "srcset", a.Key == "action", a.Key == "formaction", a.Key == "ping", a.Namespace == "xlink":
				t.Errorf("<%s %s=%q>", n.Data, a.Key, a.Val)
			case a.Key == "href" && !strings.HasPrefix(a.Val, "#"):
				u, err := url.Parse(a.Val)
				if err != nil || u.Scheme != "https" || !slices.Contains(forges, u.Host) || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
					t.Errorf("a link to %q", a.Val)
				}
				if n.Data != "a" || attr(n, "rel") != "noopener noreferrer" {
					t.Errorf("<%s href=%q> without rel", n.Data, a.Val)
				}
			}
		}
	}
	for _, r := range page {
		if r != '\n' && invisible(r) {
			t.Errorf("an invisible character %U", r)
		}
	}
}

func TestPageWithstandsHostileDocuments(t *testing.T) {
	t.Parallel()
	evil := []string{
		`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `' onmouseover='alert(1)`, "javascript:alert(1)", "github.com/a/b\" onclick=\"x", "github.com/../../etc",
		"github.com/a/b?x=javascript:1", "user@github.com/a/b", "github.com/\u202egpj.exe/b", "</title></svg><script>x</script>", "</style><script>x</script>", "]]><!--", "{{.}}", "\x00\x1b[31m\xff",
		"evil.example/a/b", "github.com@evil.example/a/b", "GITHUB.COM/a/b", strings.Repeat("A", 100_000), strings.Repeat("나", 5000), "data:text/html,x", "//evil.example/x", "github.com/a/.git", "",
	}
	for _, lang := range pageLanguages {
		for _, command := range []string{"scan", "plan", "inspect", "drill", "footprint"} {
			for i, e := range evil {
				doc := makeDocument(pageWorld{command: command, upstreams: 1 + i%4, deep: true}, lang)
				switch command {
				case "inspect":
					doc = makeInspection(lang)
				case "drill":
					doc = makeDrill(lang)
				}
				if command == "footprint" {
					doc = footprint(message.Printer{Lang: lang})
				}
				poison(doc, e)
				page := renderPage(t, doc, lang)
				if err := balanced(page); err != nil {
					t.Errorf("%.40q: %v", e, err)
				}
				checkHarmless(t, page)
				if len(page) > 900_000 {
					t.Errorf("%.40q: %d bytes", e, len(page))
				}
			}
		}
	}
}

// poison puts a text wherever a document holds one, and absurd figures where it holds figures.
func poison(doc *Document, e string) {
	doc.Tool, doc.AsOf, doc.Language = Tool{e, e}, e, e
	doc.Summary.Sentence, doc.Summary.NotRead = e, e
	doc.Subjects = []Subject{{e, e, e}}
	doc.Next = []string{e}
	doc.Passed = []Passed{{e, -1}}
	doc.Gaps = []Gap{{e, e, e, some(-5), e, e, e, math.MinInt}}
	for i := range doc.Packages {
		p := &doc.Packages[i]
		p.PURL, p.Path, p.File, p.Subjects = e, []string{e, e}, e, []string{e}
	}
	for i := range doc.Upstreams {
		u := &doc.Upstreams[i]
		u.ID, u.Packages, u.QuietKind = e, []string{e}, &e
		u.Exposure = Exposure{Score: []float64{math.NaN(), math.Inf(1), -3, 1e300}[i%4], Depth: -7 + i*1000}
		u.Notices = []Notice{{e, e, e, e}}
		u.History = &History{e, -1, e}
		u.Attention = &Attention{Rank: i + 1, Why: []string{e}}
		u.Loss = some(1e9)
		u.Vitals = &Vitals{AsOf: e, ContributorAbsenceFactor: some(math.MaxInt), TopShare: some(-4.0), FirstCommit: &e, LastCommit: &e, Months: []int{-5, math.MaxInt, 0}}
		u.Outlook = &Outlook{Probability12m: some(7.0), Interval: []float64{9, -9}, Band: e, Reasons: []Reason{{e, e, math.Inf(-1)}, {e, e, 3}}, Precedents: []Precedent{{e, e, e, e}}}
		u.Fragility = &Fragility{Score: some(5.0)}
		u.Series = []Point{{AsOf: e, State: e, Probability12m: some(-1.0)}, {AsOf: e + "z", State: e, Commits12m: -9}, {AsOf: "2025-01-01", State: e}}
		u.People = []Person{{&e, 40, -1, e, e}, {&e, -1, -1, e, e}}
		u.Governance = &Governance{AsOf: e, Files: []string{e, e, e, e, e, e}, Listed: math.MaxInt, Active: math.MinInt, Paper: math.MaxInt, Unmatched: -1, Series: []SeatsPoint{
			{e, math.MaxInt, math.MaxInt, math.MaxInt, math.MaxInt}, {e, -1, -1, -1, -1}, {"2025-01-01", 1, 1, 0, 0}}}
		u.WayIn = &WayIn{OutsidePulls: some(-1), OutsideMerged: some(math.MaxInt), MergedShare: some(math.Inf(1)), Newcomers: -1, Stayed: -1, StayedShare: some(-9.0),
			DaysToSeat: []int{math.MinInt, math.MaxInt, 0, 1, 2, 3}, MedianToSeat: some(math.MinInt), Tractability: some(math.NaN())}
		successors := []Successor{{&e, math.MaxInt, math.NaN(), e}, {nil, -1, -1, e}, {&e, 1, 1, e}, {&e, 1, 1, e}}
		u.Territory = &Territory{AsOf: e, Files: math.MinInt, Orphaned: math.MaxInt, TruckFactor: some(-1), OrphanedShare: some(math.Inf(-1)), Folders: []Folder{
			{e, 3, 2, -1, e, successors}, {e + "/" + e, math.MaxInt, math.MaxInt, math.MaxInt, e, successors}, {e, 5, 9, 1, e, nil}, {"", -1, math.MaxInt, 1, e, nil}, {"a//b/", 2, 2, 0, "", nil}}}
	}
	if doc.Footprint != nil {
		poisonFigures(doc.Footprint, e)
	}
	if doc.Plan != nil {
		doc.Plan.Goal, doc.Plan.Organisation, doc.Plan.Days, doc.Plan.Notes = e, e, some(math.MinInt), []string{e}
		doc.Plan.Openings = []Opening{{Upstream: e, Engineers: -1, Exposure: 2, LossBefore: 9, LossAfter: -9, Fall: 1, FallInterval: []float64{math.Inf(-1), math.NaN()}, Weight: some(math.NaN()),
			Tractability: -7, Fit: some(9e99), Worth: math.Inf(1), Text: e, Seat: e, Idle: e, First: []Task{{e, e, e}, {}}, Explain: []string{e}}}
	}
	if doc.Drill != nil {
		doc.Drill = &Drill{Who: e, Threshold: math.NaN(), Text: e, Notes: []string{e}, Subjects: []DrillSubject{{e, []string{e, e}, []string{e}}, {}}, Upstreams: []DrillUpstream{
			{Upstream: e, People: []int{math.MaxInt, math.MinInt}, Share: []float64{math.Inf(1), math.NaN()}, Before: some(-5.0), Probability: []float64{7, -7}, Verdict: e},
			{Upstream: e, People: []int{1, 2, 3}, Share: []float64{1}, Probability: []float64{math.NaN(), math.NaN()}, Verdict: "stops"}}}
	}
}

func TestPageTellsEveryUpstream(t *testing.T) {
	t.Parallel()
	eachPage(t, func(t *testing.T, doc *Document, page string) {
		root := parsePage(t, page)
		if doc.Command == "footprint" {
			return // TestFootprintPageTellsEverything
		}
		if doc.Command == "inspect" {
			if !strings.Contains(page, "https://"+doc.Upstreams[0].ID) {
				t.Errorf("%s is not on its own page", doc.Upstreams[0].ID)
			}
			if n := len(elements(byID(root, "life"), "figure")); n != len(seriesKinds) {
				t.Errorf("%d series are drawn, want %d", n, len(seriesKinds))
			}
			return
		}
		if doc.Command == "drill" {
			table, rests := textOf(byID(root, "drill")), textOf(byID(root, "subjects"))
			for _, u := range doc.Drill.Upstreams {
				if _, last := splitID(u.Upstream); !strings.Contains(table, last) {
					t.Errorf("%s is not in the drill", u.Upstream)
				}
			}
			for _, s := range doc.Drill.Subjects {
				if !strings.Contains(rests, s.Subject) {
					t.Errorf("what %s rests on is not told", s.Subject)
				}
			}
			return
		}
		for i, u := range doc.Upstreams {
			row := byID(root, rowHref(i)[1:])
			if row == nil {
				t.Fatalf("%s has no row", u.ID)
			}
			link := elements(row, "a")
			if len(link) != 1 || attr(link[0], "href") != "https://"+u.ID {
				t.Errorf("the row of %s does not link to it", u.ID)
			}
			if n := len(elements(row, "td")) + len(elements(row, "th")); n != len(elements(elements(byID(root, "upstreams"), "thead")[0], "th")) {
				t.Errorf("the row of %s has %d cells", u.ID, n)
			}
		}
		var cards, want []string
		for _, n := range elements(root, "article") {
			cards = append(cards, attr(n, "id"))
		}
		for _, u := range newFirstLook(doc).rows {
			want = append(want, "c"+strconv.Itoa(u.Attention.Rank))
		}
		if !slices.Equal(cards, want) {
			t.Errorf("the cards are %v, want %v", cards, want)
		}
		for _, g := range doc.Gaps {
			if !strings.Contains(textOf(byID(root, "gaps")), g.Why) {
				t.Errorf("the gap %q is not told", g.Why)
			}
		}
	})
}

func TestPageIsDeterministic(t *testing.T) {
	t.Parallel()
	for _, w := range pageWorlds[1:3] {
		first := renderPage(t, makeDocument(w, message.Korean), message.Korean)
		if again := renderPage(t, makeDocument(w, message.Korean), message.Korean); first != again {
			t.Errorf("%s differs from run to run", w.name)
		}
	}
}

func TestPageSpeaksOneLanguage(t *testing.T) {
	t.Parallel()
	hangul := regexp.MustCompile(`\p{Hangul}+`)
	for _, w := range pageWorlds {
		if found := hangul.FindString(renderPage(t, makeDocument(w, message.English), message.English)); found != "" {
			t.Errorf("%s: the English page holds %q", w.name, found)
		}
	}
}

func TestPageOfAThousandIsUnderAMegabyte(t *testing.T) {
	t.Parallel()
	for _, lang := range pageLanguages {
		if n := len(renderPage(t, makeDocument(pageWorld{command: "scan", upstreams: 1000, deep: true}, lang), lang)); n >= 1_000_000 {
			t.Errorf("%s: %d bytes", lang, n)
		}
	}
}

func TestForgeLink(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]string{
		"github.com/gorilla/mux":                 "https://github.com/gorilla/mux",
		"gitlab.com/a/b/c":                       "https://gitlab.com/a/b/c",
		"codeberg.org/a/b.c":                     "https://codeberg.org/a/b.c",
		"GitHub.com/A/b":                         "https://github.com/A/b",
		"github.com/a/../b":                      "",
		"github.com/a/.git":                      "",
		"github.com/":                            "",
		"github.com":                             "",
		"github.com/a//b":                        "",
		"github.com/a/b#c":                       "",
		"github.com/a/b?c":                       "",
		"github.com/a/b%2e":                      "",
		"github.com:8080/a/b":                    "",
		"evil.example/a/b":                       "",
		"javascript:alert(1)//github.com/a":      "",
		"github.com/" + strings.Repeat("a", 999): "",
	} {
		if got := forgeLink(id); got != want {
			t.Errorf("forgeLink(%q) = %q, want %q", id, got, want)
		}
	}
}

func TestReproduceQuotes(t *testing.T) {
	t.Parallel()
	doc := &Document{Command: "scan", AsOf: "2025-07-01", Subjects: []Subject{{"x", "it's; rm -rf ~", "folder"}, {"ai", "ai", "cohort"}}}
	want := `mainstay scan 'it'\''s; rm -rf ~' --cohort ai --as-of 2025-07-01 --lang en -f html -o report.html`
	if got := reproduce(doc, "en"); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestPageContrast computes the WCAG 2 contrast of every pair of text and ground, in both colour schemes.
func TestPageContrast(t *testing.T) {
	t.Parallel()
	variable := regexp.MustCompile(`--([a-z0-9-]+): (#[0-9a-f]{3,6})[; ]`)
	dark := regexp.MustCompile(`(?s)@media screen and \(prefers-color-scheme: dark\) \{\n.*?\n\}\n`)
	paper := regexp.MustCompile(`(?s)@media print \{\n.*?\n\}\n`)
	scheme := map[string]string{}
	light := paper.ReplaceAllString(dark.ReplaceAllString(pageStyle, ""), "")
	for i, rules := range []string{light, strings.Join(dark.FindAllString(pageStyle, -1), "")} {
		for _, m := range variable.FindAllStringSubmatch(rules, -1) {
			scheme[m[1]] = m[2]
		}
		pairs := [][2]string{{"alarm", "sheet"}}
		for _, text := range []string{"ink", "soft", "faint", "link"} {
			pairs = append(pairs, [2]string{text, "paper"}, [2]string{text, "sheet"})
		}
		for _, tone := range tones {
			pairs = append(pairs, [2]string{"on-" + tone, tone})
		}
		for level := range orphanLevels {
			pairs = append(pairs, [2]string{fmt.Sprintf("on-l%d", level), fmt.Sprintf("l%d", level)})
		}
		for _, p := range pairs {
			if ratio := contrast(t, scheme[p[0]], scheme[p[1]]); ratio < 4.5 {
				t.Errorf("scheme %d: %s on %s has a contrast of %.2f, want 4.5", i, p[0], p[1], ratio)
			}
		}
		for _, tone := range []string{"ended", "severe", "high", "unsure", "calm"} {
			if ratio := contrast(t, scheme[tone], scheme["paper"]); ratio < 2.4 {
				t.Errorf("scheme %d: blocks of tone %s have a contrast of %.2f to the page", i, tone, ratio)
			}
		}
	}
}

func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	la, lb := luminance(t, a), luminance(t, b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

func luminance(t *testing.T, color string) float64 {
	t.Helper()
	hex := strings.TrimPrefix(color, "#")
	if len(hex) == 3 {
		hex = string([]byte{hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]})
	}
	n, err := strconv.ParseUint(hex, 16, 32)
	if err != nil || len(hex) != 6 {
		t.Fatalf("not a colour: %q", color)
	}
	sum := 0.0
	for shift, weight := range map[int]float64{16: 0.2126, 8: 0.7152, 0: 0.0722} {
		c := float64(n>>shift&0xff) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += c * weight
	}
	return sum
}

func BenchmarkPage(b *testing.B) {
	for _, n := range []int{8, 41, 300, 1000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			doc := makeDocument(pageWorld{command: "scan", upstreams: n, deep: true}, message.Korean)
			b.ReportAllocs()
			size := 0
			for b.Loop() {
				size = len(renderPage(b, doc, message.Korean))
			}
			b.ReportMetric(float64(size), "bytes/page")
		})
	}
}
