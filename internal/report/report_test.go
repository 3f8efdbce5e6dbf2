package report

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestWriteNamesItsFormats(t *testing.T) {
	t.Parallel()
	err := Write(io.Discard, scan(languages[0]), "yaml", Options{})
	if err == nil || !strings.Contains(err.Error(), `"yaml"`) {
		t.Fatalf("an unknown format gave %v", err)
	}
	for _, name := range Formats() {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("the error does not name %s: %v", name, err)
		}
	}
	for _, name := range []string{"table", "json", "csv", "md"} {
		if !slices.Contains(Formats(), name) {
			t.Errorf("format %s is missing", name)
		}
	}
}

type brokenWriter struct{ calls int }

func (w *brokenWriter) Write([]byte) (int, error) { w.calls++; return 0, errors.New("disk full") }

func TestWriteReportsAndWritesAtOnce(t *testing.T) {
	t.Parallel()
	for _, format := range Formats() {
		w := &brokenWriter{}
		if err := Write(w, scan(languages[0]), format, Options{}); err == nil || w.calls != 1 {
			t.Errorf("%s: error %v after %d writes", format, err, w.calls)
		}
	}
	doc := scan(languages[0])
	doc.Upstreams[3].Exposure.Score = math.NaN()
	var b bytes.Buffer
	err := Write(&b, doc, "json", Options{})
	if err == nil || !strings.Contains(err.Error(), "upstreams[3].exposure.score") || b.Len() > 0 {
		t.Errorf("a number that is not finite: error %v, %d bytes written", err, b.Len())
	}
}

func TestNormalise(t *testing.T) {
	t.Parallel()
	doc := &Document{Upstreams: []Upstream{{Loss: ptr(math.NaN()), Outlook: &Outlook{Collapse12m: ptr(math.Inf(1)), Probability12m: ptr(0.5)}}}}
	Normalise(doc)
	u := doc.Upstreams[0]
	switch {
	case doc.SchemaVersion != SchemaVersion:
		t.Error("no schema version")
	case u.Loss != nil || u.Outlook.Collapse12m != nil:
		t.Error("a number that is not finite did not become null")
	case u.Outlook.Probability12m == nil || *u.Outlook.Probability12m != 0.5:
		t.Error("a finite number was lost")
	}
	text := render(t, doc, "json", Options{})
	var all map[string]any
	if err := json.Unmarshal([]byte(text), &all); err != nil {
		t.Fatal(err)
	}
	for _, f := range []string{"subjects", "packages", "passed_over", "gaps", "next"} {
		if _, ok := all[f].([]any); !ok {
			t.Errorf("%s is %v", f, all[f])
		}
	}
	if !strings.Contains(text, `"interval": []`) || !strings.Contains(text, `"why": []`) && u.Attention != nil {
		t.Errorf("an array is null:\n%s", text)
	}
}

// TestJSONKeepsEveryString: what is escaped for terminals reads back as it was.
func TestJSONKeepsEveryString(t *testing.T) {
	t.Parallel()
	s := hostile + "\u009b31m\x7f\U000e0041\u200b한국<&>\u2028"
	doc := &Document{AsOf: "2025-07-01", Next: []string{s}}
	text := render(t, doc, "json", Options{})
	if strings.Contains(text, `\u003c`) || !strings.Contains(text, "한국<&>") {
		t.Errorf("HTML is escaped, or Korean is:\n%s", text)
	}
	var back Document
	if err := json.Unmarshal([]byte(text), &back); err != nil {
		t.Fatal(err)
	}
	if back.Next[0] != s {
		t.Errorf("%q became %q", s, back.Next[0])
	}
}

func TestCSV(t *testing.T) {
	t.Parallel()
	doc := scan(languages[0])
	text := render(t, doc, "csv", Options{})
	if strings.Count(text, "\n") != strings.Count(text, "\r\n") {
		t.Error("a record does not end in CRLF")
	}
	records, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(records) != 1+len(doc.Upstreams) {
		t.Fatalf("%d records for %d upstreams", len(records), len(doc.Upstreams))
	}
	cell := func(row int, name string) string { return records[row+1][slices.Index(records[0], name)] }
	for _, c := range []struct {
		row        int
		name, want string
	}{
		{0, "commits_12m", "323"}, {0, "elephant_factor_12m", ""}, {0, "interval_high", "0.49"}, {0, "exposure_direct", "true"},
		{11, "commits_12m", ""}, {13, "rank", ""}, {13, "loss", ""}, {13, "history_commits", ""}, {13, "state", "unknown"},
		{6, "interval_low", "0.0001"},
	} {
		if got := cell(c.row, c.name); got != c.want {
			t.Errorf("%s of row %d is %q, want %q", c.name, c.row, got, c.want)
		}
	}
	if got := cell(7, "why"); !strings.HasPrefix(got, "'=cmd|") {
		t.Errorf("a formula stands in the cell %q", got)
	}
}

func TestTextCell(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"": "", "plain": "plain", "=1+1": "'=1+1", "+1": "'+1", "-1": "'-1", "@x": "'@x", "\t=1": "' =1", "\r\n=1": "'  =1", " =1": "' =1",
		"＝1": "'＝1", "a=1": "a=1", "\x1b=1": `\x1b=1`,
	} {
		if got := textCell(in); got != want {
			t.Errorf("textCell(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestClean(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"github.com/a/b": "github.com/a/b", "한국어 – é": "한국어 – é", "a\x1b[31mb": `a\x1b[31mb`, "a\nb\tc": "a b c",
		"\u009b2J": `\x9b2J`, "\u202egnp": `\u202egnp`, "\U000e0041": `\U000e0041`, "a\xffb": `a\xffb`, "\u3000x": " x", "\ufffd": "\ufffd",
		"e" + strings.Repeat("\u0301", 500): "e" + strings.Repeat("\u0301", maxMarks),
	} {
		if got := clean(in); got != want {
			t.Errorf("clean(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestShorten(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		id   string
		n    int
		want string
	}{
		{"github.com/gorilla/mux", 30, "github.com/gorilla/mux"},
		{"github.com/kubernetes/ingress-nginx", 30, "github.com/kube…/ingress-nginx"},
		{"github.com/a/" + strings.Repeat("long", 10), 20, "github.co…nglonglong"},
		{"gitlab.example.com/group/sub/name", 30, "gitlab.example.com/group…/name"},
		{"x", 1, "x"},
		{"한국어이름", 6, "한…름"},
	} {
		got := shorten(c.id, c.n)
		if width(got) > c.n {
			t.Errorf("shorten(%q, %d) = %q is %d wide", c.id, c.n, got, width(got))
		}
		if got != c.want {
			t.Errorf("shorten(%q, %d) = %q, want %q", c.id, c.n, got, c.want)
		}
	}
}

func TestSparkAndBar(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		values []float64
		want   string
	}{
		{nil, ""}, {[]float64{0, 0}, "··"}, {[]float64{1, 2, 4, 8, 0}, "▁▂▄█·"}, {[]float64{math.NaN(), 3}, " █"}, {[]float64{0.001, 1}, "▁█"},
	} {
		if got := spark(c.values); got != c.want {
			t.Errorf("spark(%v) = %q, want %q", c.values, got, c.want)
		}
	}
	for share, want := range map[float64]string{0: "", 0.001: "▏", 0.5: "██", 0.53: "██▏", 1: "████", 7: "████"} {
		if got := bar(share, 4); got != want {
			t.Errorf("bar(%v) = %q, want %q", share, got, want)
		}
	}
}

// FuzzLayout holds the rules of laying out against any text: lines fit, nothing drives the terminal, no word is lost.
func FuzzLayout(f *testing.F) {
	for _, s := range []string{hostile, "", "가나다라 마바사 62 % 아자차카", "a–b — c", strings.Repeat("x", 200), "👩‍👩‍👧 flag 🇰🇷", "e\u0301\u0301", "\xff\xfe"} {
		f.Add(s, 20)
	}
	f.Fuzz(func(t *testing.T, s string, n int) {
		n = min(max(n, 8), 200)
		text := brief(s)
		if !utf8.ValidString(text) || strings.ContainsFunc(text, invisible) {
			t.Fatalf("brief(%q) = %q", s, text)
		}
		lines := wrap(text, n)
		for _, l := range lines {
			if width(l) > n {
				t.Fatalf("wrap(%q, %d) has the line %q of %d cells", text, n, l, width(l))
			}
		}
		squeeze := func(s string) string { return strings.Join(strings.Fields(s), "") }
		if squeeze(strings.Join(lines, "")) != squeeze(text) {
			t.Fatalf("wrap(%q, %d) = %q lost something", text, n, lines)
		}
		if short := shorten(text, n); width(short) > n {
			t.Fatalf("shorten(%q, %d) = %q is %d wide", text, n, short, width(short))
		}
		if cell := textCell(s); cell != "" && strings.ContainsRune("=+-@＝＋－＠\t\r", firstRune(cell)) {
			t.Fatalf("textCell(%q) = %q", s, cell)
		}
		if p := mdText(s); strings.ContainsAny(p, "|\r\n") || strings.Contains(strings.ReplaceAll(p, "<!-- -->", ""), "<") {
			t.Fatalf("mdText(%q) = %q", s, p)
		}
		if c := mdCode(s); strings.ContainsAny(c, "|\r\n") {
			t.Fatalf("mdCode(%q) = %q", s, c)
		}
	})
}

func firstRune(s string) rune { r, _ := utf8.DecodeRuneInString(s); return r }

// large is a document of n upstreams and three times as many packages.
func large(n int) *Document {
	doc := scan(languages[0])
	some := doc.Upstreams
	doc.Upstreams, doc.Packages = nil, nil
	for i := range n {
		u := some[i%len(some)]
		u.ID = fmt.Sprintf("%s-%d", u.ID, i)
		doc.Upstreams = append(doc.Upstreams, u)
		for j := range 3 {
			doc.Packages = append(doc.Packages, Package{PURL: fmt.Sprintf("pkg:golang/%s/p%d@v1.0.0", u.ID, j), Scope: "runtime",
				Subjects: []string{"platform"}, Upstream: &doc.Upstreams[i].ID, Resolution: &Resolution{Method: "module-path", Confidence: 1}})
		}
	}
	doc.Summary.Upstreams = n
	return doc
}

// TestEndlessStringsCostLittle: a name of ten megabytes may not hang a terminal page.
func TestEndlessStringsCostLittle(t *testing.T) {
	t.Parallel()
	for _, endless := range []string{strings.Repeat("x", 10<<20), strings.Repeat("가 ", 3<<20), strings.Repeat("\x1b[", 5<<20)} {
		doc := inspect(languages[0])
		doc.Command = "scan"
		u := &doc.Upstreams[0]
		u.ID, u.Attention.Why = endless, []string{endless}
		doc.Summary.Sentence, doc.Summary.NotRead, doc.Plan = endless, endless, &Plan{Openings: []Opening{{Upstream: endless, Text: endless}}}
		doc.Gaps = []Gap{{What: endless, Why: endless, File: endless, Count: 1}}
		for _, format := range []string{"table", "md"} {
			if text := render(t, doc, format, Options{}); len(text) > 200_000 {
				t.Errorf("%s: %d bytes", format, len(text))
			}
		}
	}
}

func TestDocumentSurvivesRoundTrip(t *testing.T) {
	t.Parallel()
	for command, document := range documents {
		doc := document(languages[1])
		Normalise(doc)
		var back Document
		if err := json.Unmarshal([]byte(render(t, doc, "json", Options{})), &back); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(doc, &back); diff != "" {
			t.Errorf("%s:\n%s", command, diff)
		}
	}
}

func BenchmarkWrite(b *testing.B) {
	doc := large(5000)
	for _, format := range Formats() {
		b.Run(format, func(b *testing.B) {
			for b.Loop() {
				if err := Write(io.Discard, doc, format, Options{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
