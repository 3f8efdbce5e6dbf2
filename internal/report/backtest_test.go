package report

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"math"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mainstay-oss/mainstay/internal/message"
)

// sampleBacktest has one task with figures and one without, and a gap of hostile words.
func sampleBacktest() *Backtest {
	low, high, line := 0.81, 0.874, 7
	first, listed := "2012-01-01", 50
	f := func(v float64) *Figure { return &Figure{v, &low, &high} }
	lead := &BacktestLead{Stops: 111, Alarmed: 49, MedianDays: f(476), LowerDays: f(-12), UpperDays: f(900), Ahead12m: f(0.26), Ahead12mHeld: &Figure{Value: 0.05}}
	return &Backtest{
		Tool: Tool{"mainstay", "test"}, Command: "backtest", Language: "en", Sentence: "On 268 projects.",
		Counts:   BacktestCounts{Projects: 268, OutOfFold: 260, Unseen: 8, Quarters: 6414, First: &first, Last: &first, RetiredListed: &listed, RetiredFound: &listed, Small: 1},
		Interval: DrawnInterval{Level: 0.95, Draws: 1000, Unit: "project", LeastQuarters: 10, LeastProjects: 5, LeastStops: 5},
		Tasks: []BacktestTask{
			{Task: "stop", Groups: []BacktestGroup{
				{By: "all", Value: "all", Projects: 268, Quarters: 6414, EventProjects: 103, Events: 378, Methods: []BacktestMethod{
					{Method: "days_since_commit", AUC: f(0.8), AveragePrecision: f(0.2), Recall5: f(0.28)},
					{Method: "mainstay", AUC: f(0.843), AveragePrecision: f(0.327), Recall5: f(0.36), Brier: f(0.047), BrierSkill: f(0.153), ECE: f(0.004), Lead: lead},
				}},
				{By: "size", Value: "12-49", Quarters: 5, Methods: []BacktestMethod{{Method: "mainstay"}}},
			}, Calibration: []BacktestBin{{Quarters: 641, Forecast: 0.002, Frequency: 0.003}}},
			{Task: "fragility", Groups: []BacktestGroup{{By: "all", Value: "all", Methods: []BacktestMethod{{Method: "mainstay"}}}}},
		},
		Gaps: []Gap{{Stage: "history", Kind: "corrupt", File: "a\x1b[2J\u202e/b|c", Line: &line, What: "@acme/`x`", Why: "damaged", Hint: "again", Count: 1}},
	}
}

func backtestAs(t *testing.T, doc *Backtest, format string, opts Options) string {
	t.Helper()
	var b bytes.Buffer
	if err := WriteBacktest(&b, doc, format, opts); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestBacktestDocNamesEveryField: the table of doc/output.md has every field of the Go types, and no other.
func TestBacktestDocNamesEveryField(t *testing.T) {
	t.Parallel()
	_, section, _ := strings.Cut(readDoc(t), "\n## Backtest\n")
	section, _, _ = strings.Cut(section, "\n## ")
	var got []string
	for _, m := range regexp.MustCompile("(?m)^\\| `([a-z0-9_.\\[\\]]+)` \\| ([a-z ]+) \\| [^|]+ \\|$").FindAllStringSubmatch(section, -1) {
		got = append(got, m[1]+" "+m[2])
	}
	var want []string
	// What the section says in words: a figure, the tool, the bins, the gaps.
	inWords := func(path string) bool {
		return strings.HasPrefix(path, "tool.") || strings.HasPrefix(path, "gaps[].") || strings.HasPrefix(path, "tasks[].calibration[].")
	}
	var walk func(t reflect.Type, prefix string)
	walk = func(t reflect.Type, prefix string) {
		for i := range t.NumField() {
			path, inner := prefix+jsonName(t.Field(i)), t.Field(i).Type
			kind := kindOf(inner)
			if inner == reflect.TypeFor[*Figure]() {
				want = append(want, path+" figure or null")
				continue
			}
			for inner.Kind() == reflect.Pointer || inner.Kind() == reflect.Slice {
				if inner.Kind() == reflect.Slice {
					path += "[]"
				}
				inner = inner.Elem()
			}
			grouped := slices.Contains([]string{"model", "counts", "interval"}, path)
			if !inWords(path) && !grouped {
				want = append(want, path+" "+kind)
			}
			if inner.Kind() == reflect.Struct {
				walk(inner, path+".")
			}
		}
	}
	walk(reflect.TypeFor[Backtest](), "")
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("doc/output.md and the Go types differ (- types, + doc):\n%s", diff)
	}
	for _, word := range append([]string{"value", "low", "high", "quarters", "forecast", "frequency"}, "name", "version") {
		if !strings.Contains(section, "`"+word+"`") {
			t.Errorf("the section does not name %s", word)
		}
	}
}

func TestBacktestJSON(t *testing.T) {
	t.Parallel()
	text := backtestAs(t, sampleBacktest(), "json", Options{})
	if strings.ContainsAny(text, "\x1b\u202e") {
		t.Error("characters that a terminal obeys")
	}
	var back Backtest
	dec := json.NewDecoder(strings.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&back); err != nil {
		t.Fatal(err)
	}
	want := sampleBacktest()
	want.SchemaVersion = BacktestVersion
	want.Tasks[1].Calibration = []BacktestBin{}
	if diff := cmp.Diff(want, &back); diff != "" {
		t.Error(diff)
	}
	if !strings.Contains(text, `"auc": null`) || strings.Contains(text, `"groups": null`) {
		t.Error("what is not known must be null, an array never")
	}
	bad := sampleBacktest()
	bad.Tasks[0].Groups[0].Methods[0].AUC.Value = math.NaN()
	if err := WriteBacktest(&bytes.Buffer{}, bad, "json", Options{}); err == nil {
		t.Error("a figure that is no number is written")
	}
	if err := WriteBacktest(&bytes.Buffer{}, sampleBacktest(), "html", Options{}); err == nil {
		t.Error("there is no such format")
	}
}

func TestBacktestCSV(t *testing.T) {
	t.Parallel()
	records, err := csv.NewReader(strings.NewReader(backtestAs(t, sampleBacktest(), "csv", Options{}))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(records) != 5 {
		t.Fatalf("%d records", len(records))
	}
	cell := func(row int, name string) string { return records[row][slices.Index(records[0], name)] }
	for _, c := range []struct {
		row        int
		name, want string
	}{
		{1, "method", "days_since_commit"}, {1, "auc", "0.8"}, {1, "auc_low", "0.81"}, {1, "brier", ""}, {1, "lead_stops", ""},
		{2, "lead_median_days", "476"}, {2, "lead_ahead_12m_held", "0.05"}, {2, "lead_ahead_12m_held_low", ""}, {2, "lead_alarmed", "49"},
		{3, "value", "12-49"}, {3, "auc", ""}, {4, "task", "fragility"},
	} {
		if got := cell(c.row, c.name); got != c.want {
			t.Errorf("record %d, %s: %q, want %q", c.row, c.name, got, c.want)
		}
	}
}

func TestBacktestForPeople(t *testing.T) {
	t.Parallel()
	for _, lang := range []message.Lang{message.English, message.Korean} {
		p := message.Printer{Lang: lang}
		for _, width := range []int{40, 80, 100} {
			text := backtestAs(t, sampleBacktest(), "table", Options{Printer: p, Width: width})
			if strings.ContainsAny(text, "\x1b\u202e") {
				t.Error("characters that a terminal obeys")
			}
			for _, line := range strings.Split(text, "\n") {
				if w := cells.StringWidth(line); w > max(width, 80) {
					t.Errorf("%s: %d cells: %s", lang, w, line)
				}
			}
			for _, want := range []string{"0.843", p.Text("backtest.unknown"), "12–49", p.Text("backtest.lead_unknown"), `a\x1b[2J\u202e/b|c:7`} {
				if !strings.Contains(strings.Join(strings.Fields(text), " "), want) && width >= 80 && want != p.Text("backtest.lead_unknown") {
					t.Errorf("%s, %d cells wide: no %q in\n%s", lang, width, want, text)
				}
			}
			if strings.Contains(text, "[backtest.") || strings.Contains(text, "{") {
				t.Errorf("a text without words:\n%s", text)
			}
		}
		md := backtestAs(t, sampleBacktest(), "md", Options{Printer: p})
		if strings.ContainsAny(md, "\x1b\u202e") || strings.Contains(md, "@acme") || strings.Contains(md, "[backtest.") {
			t.Errorf("%s: Markdown:\n%s", lang, md)
		}
		if !strings.Contains(md, p.Text("backtest.between", "0.843", "0.810", "0.874")) {
			t.Errorf("%s: no interval in\n%s", lang, md)
		}
	}
}
