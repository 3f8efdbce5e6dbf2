package report

import (
	"encoding/csv"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/mainstay-oss/mainstay/internal/message"
)

func TestShareRange(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		share []float64
		want  string
	}{
		{[]float64{0.07, 0.55}, "7–55 %"}, {[]float64{0, 0.55}, "0–55 %"}, {[]float64{0, 0}, "0 %"}, {[]float64{0, 1}, "0–100 %"}, {[]float64{1, 1}, "100 %"},
		{[]float64{0.004, 0.55}, "0.4–55 %"}, {[]float64{0.0001, 0.55}, "<0.1–55 %"}, {[]float64{0.547, 0.549}, "54.7–54.9 %"}, {[]float64{0.1, 0.1}, "10 %"},
		{nil, "–"}, {[]float64{0.5}, "–"}, {[]float64{math.NaN(), 1}, "–"}, {[]float64{0.1, 0.2, 0.3}, "–"}, {[]float64{-1, 9}, "0–100 %"}, {[]float64{0.6, 0.2}, "60 %"},
	} {
		if got := shareRange(c.share, message.Printer{}); got != c.want {
			t.Errorf("shareRange(%v) = %q, want %q", c.share, got, c.want)
		}
	}
	if got := shareRange([]float64{0.07, 0.55}, message.Printer{Lang: message.Korean}); got != "7~55 %" {
		t.Errorf("in Korean %q", got)
	}
}

func TestRanks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		o                   Presence
		short, long, remark string
	}{
		{Presence{CommitsAll: 9, Organisations: 14, Rank: some(2), RankRange: []int{2, 2}}, "2", "2 of 14", ""},
		{Presence{CommitsAll: 9, Organisations: 14, Rank: some(2), RankRange: []int{1, 4}}, "2 (1–4)", "2 of 14", "places 1 to 4 remain possible"},
		{Presence{CommitsAll: 9, RankRange: []int{1, 9}}, "– (1–9)", "not known", "places 1 to 9 remain possible"},
		{Presence{CommitsAll: 9, RankRange: []int{1, 1}}, "– (1)", "not known", "place 1 alone remains possible"},
		{Presence{CommitsAll: 9}, "–", "not known", ""},
		{Presence{}, "–", "no commits", ""},
	} {
		long, remark := rankLong(&c.o, message.Printer{})
		if short := rankShort(&c.o, message.Printer{}); short != c.short || long != c.long || remark != c.remark {
			t.Errorf("%+v: %q, %q, %q", c.o, short, long, remark)
		}
	}
}

func TestAttributionText(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a    Attribution
		want string
	}{
		{Attribution{}, "There are no commits of 365 days to attribute."},
		{Attribution{Commits: 10, Attributed: 3, Share: some(0.3), ToSettle: some(1)}, "3 of 10 commits of 365 days are attributed (30 %). Under 60 % there is no rank and no elephant factor. Knowing whom 1 person works for would settle it."},
		{Attribution{Commits: 10, Attributed: 3, Share: some(0.3)}, "3 of 10 commits of 365 days are attributed (30 %). Under 60 % there is no rank and no elephant factor. Not even the affiliations of all others would settle it."},
		{Attribution{Commits: 10, Attributed: 8, Share: some(0.8), ElephantFactor: some(2)}, "8 of 10 commits of 365 days are attributed (80 %). 2 organisations make half of the attributed commits (elephant factor)."},
		{Attribution{Commits: 10, Attributed: 8, Share: some(0.8)}, "8 of 10 commits of 365 days are attributed (80 %)."},
	} {
		if got := attributionText(&c.a, message.Printer{}); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

func TestStayed(t *testing.T) {
	t.Parallel()
	year := func(period string, came int, stayed *int) Presence {
		return Presence{Period: period, FirstTimers: came, Stayed: stayed}
	}
	for want, years := range map[string][]Presence{
		"not known yet":    {year("2024", 3, nil)},
		"2 of 5 (2022)":    {year("2021", 4, some(4)), year("2022", 5, some(2)), year("2023", 7, nil)},
		"none came (2022)": {year("2022", 0, some(0))},
	} {
		if got := stayedLong(&Standing{Years: years}, message.Printer{}); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestRangeBar: a bar is as wide as its room, its parts in order, and an interval never looks like a number.
func TestRangeBar(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		low, high float64
		want      string
	}{
		{0, 0, "········"}, {0.25, 0.5, "██░░····"}, {1, 1, "████████"}, {0.01, 0.02, "▏░······"}, {0, 0.01, "░·······"}, {0.5, 0.51, "████░···"}, {0.5, 0.5, "████····"}, {0, 1, "░░░░░░░░"},
	} {
		if got := rangeBar(c.low, c.high, 8); got != c.want {
			t.Errorf("rangeBar(%v, %v) = %q, want %q", c.low, c.high, got, c.want)
		}
	}
	for low := range 101 {
		for high := low; high <= 100; high++ {
			if got := rangeBar(float64(low)/100, float64(high)/100, 6); width(got) != 6 {
				t.Fatalf("%d to %d %%: %q", low, high, got)
			}
		}
	}
}

// TestEmptyFootprints: where little or nothing is known, every view is still written, fits its room, and makes no nought of it.
func TestEmptyFootprints(t *testing.T) {
	t.Parallel()
	for name, doc := range emptyFootprints() {
		for _, p := range languages {
			for _, format := range Formats() {
				text := render(t, doc, format, Options{Printer: p, Width: 40})
				for _, bad := range []string{"NaN", "Inf", "[footprint.", "[badge.", "{0"} {
					if strings.Contains(text, bad) {
						t.Errorf("%s as %s holds %q", name, format, bad)
					}
				}
				if format != "json" && format != "csv" && !strings.Contains(name, "overlap") && strings.Contains(text, ">0 %<") {
					t.Errorf("%s as %s makes a nought of what is not known", name, format)
				}
				for line := range strings.Lines(text) {
					if line = strings.TrimSuffix(line, "\n"); format == "table" && width(line) > 40 {
						t.Errorf("%s: a line of %d cells: %s", name, width(line), line)
					}
				}
			}
		}
	}
}

// TestFootprintCSV: one record per organisation, upstream and period; seats stand with the start of their stretch, reach with its
// quarter, and what is not known is empty.
func TestFootprintCSV(t *testing.T) {
	t.Parallel()
	doc := footprint(languages[0])
	records, err := csv.NewReader(strings.NewReader(render(t, doc, "csv", Options{}))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	stretches := 0
	for _, o := range doc.Footprint.Organisations {
		for _, s := range append([]Standing{o.InAll}, o.Upstreams...) {
			stretches += 1 + len(s.Years) + len(s.Quarters)
		}
	}
	if len(records) != 1+stretches {
		t.Fatalf("%d records for %d stretches", len(records), stretches)
	}
	find := func(organisation, upstream, period, column string) string {
		for _, r := range records[1:] {
			if r[0] == organisation && r[1] == upstream && r[2] == period {
				return r[slices.Index(records[0], column)]
			}
		}
		t.Fatalf("no record of %s in %q, %s", organisation, upstream, period)
		return ""
	}
	for _, c := range [][5]string{
		{"Acme Data", "", "12m", "seats_as_of", "2025-04-01"}, {"Acme Data", "", "12m", "pull_authors", ""}, {"Acme Data", "", "12m", "rank", ""}, {"Acme Data", "", "12m", "rank_range_worst", "9"},
		{"Acme Data", "", "2022-Q3", "seats", ""}, {"Acme Data", "", "2022-Q3", "pull_authors", ""}, {"Acme Data", "", "2023-Q2", "seats_as_of", "2023-04-01"},
		{"Acme Data", "", "2025-Q2", "whole", "false"}, {"Acme Data", "", "2025-Q2", "observed_on", "2025-05-19"}, {"보기전자", "", "2025-Q2", "dependents", ""},
		{"Acme Data", ledgers[2].id, "2025-Q1", "pull_authors", ""}, {"Acme Data", ledgers[3].id, "12m", "seats_listed", ""}, {"Acme Data", ledgers[2].id, "12m", "rank", "2"},
		{"보기전자", ledgers[0].id, "2023", "stayed", ""},
	} {
		if got := find(c[0], c[1], c[2], c[3]); got != c[4] {
			t.Errorf("%s of %s in %q, %s is %q, want %q", c[3], c[0], c[1], c[2], got, c[4])
		}
	}
	formula := &Document{Command: "footprint", Footprint: &Footprint{Organisations: []Organisation{{Name: "=1+1"}}}}
	if text := render(t, formula, "csv", Options{}); !strings.Contains(text, "\n'=1+1,") {
		t.Errorf("a formula stands in a cell:\n%s", text)
	}
}
