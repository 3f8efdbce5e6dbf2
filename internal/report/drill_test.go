package report

import (
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"
)

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

// TestDrillOfAThousand: a drill over a large scan keeps to what a terminal, a comment and a page bear, the worst first; the
// table of the program has all.
func TestDrillOfAThousand(t *testing.T) {
	t.Parallel()
	const n = 1000
	for _, p := range languages {
		doc := drill(p)
		doc.Drill.Upstreams, doc.Drill.Subjects = nil, nil
		var ids []string
		for i := range n {
			id := fmt.Sprintf("github.com/example/number-%d", i)
			u := DrillUpstream{Upstream: id, People: []int{1, 2}, Share: []float64{0.1, 0.2}, Before: ptr(0.1), Probability: []float64{0.1, 0.2}, Verdict: "goes-on"}
			if i >= n-2 {
				u.Probability, u.Verdict = []float64{0.5, 0.6}, "stops"
			}
			doc.Drill.Upstreams, ids = append(doc.Drill.Upstreams, u), append(ids, id)
			doc.Drill.Subjects = append(doc.Drill.Subjects, DrillSubject{Subject: fmt.Sprint("subject-", i), Stops: ids[max(0, i-100):]})
		}
		for view, most := range map[string]int{"table": 40_000, "md": 60_000, "html": 2_000_000} {
			text := render(t, doc, view, Options{Printer: p})
			if len(text) > most {
				t.Errorf("%s: %d bytes", view, len(text))
			}
			if first, last := strings.Index(text, "number-998"), strings.Index(text, "number-0"); first < 0 || first > last {
				t.Errorf("%s: what stops does not come first", view)
			}
			if view != "html" && !strings.Contains(plainText(t, doc, view, p), p.Text("drill.more", n-drilledMost)) {
				t.Errorf("%s does not say how many more there are", view)
			}
		}
		if got := strings.Count(render(t, doc, "csv", Options{}), "\n"); got != n+1 {
			t.Errorf("CSV has %d lines", got)
		}
	}
}
