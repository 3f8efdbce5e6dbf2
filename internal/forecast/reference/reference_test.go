package reference

import (
	"bytes"
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mainstay-oss/mainstay/internal/forecast"
	"github.com/mainstay-oss/mainstay/internal/vitals"
)

var tale = life{repo: "Own/Tale", until: "2018-05-20", work: "ann 3 2013-02-03 2018-05-01; bob 9 2014-01-05 2016-06-01; cat 40 2015-01-01 2018-01-01"}

// TestEntriesAreTheVitals compares every month with what the vitals say when measured anew.
func TestEntriesAreTheVitals(t *testing.T) {
	t.Parallel()
	c := cohort(tale, life{repo: "own/other", until: "2014-03-01", work: "dan 5 2011-05-05 2013-09-01"})
	if c.Date() != "2018-05" || c.projects["github.com/own/tale"] != 1 && c.projects["github.com/own/tale"] != 0 {
		t.Errorf("date %s, projects %v", c.Date(), c.projects)
	}
	m := vitals.NewMeter(tale.history())
	active := 0
	for d := date("2013-03-01"); !d.After(date("2018-05-01")); d = d.AddDate(0, 1, 0) {
		e, ok := c.At("github.com/OWN/tale", d.AddDate(0, 0, 20))
		if !ok || !e.AsOf.Equal(d) {
			t.Fatalf("%s: %v, as of %s", d, ok, e.AsOf)
		}
		want := m.At(d.Unix())
		want.Busiest = -1
		got := e.Vitals
		if got.LastCommit/vitals.Day*vitals.Day != want.LastCommit/vitals.Day*vitals.Day {
			t.Errorf("%s: last commit %d, want the day of %d", d, got.LastCommit, want.LastCommit)
		}
		got.LastCommit = want.LastCommit
		if want.DepartedShare != nil {
			rounded := math.Round(*want.DepartedShare*1e4) / 1e4
			want.DepartedShare = &rounded
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (- measured, + cohort):\n%s", d.Format(time.DateOnly), diff)
		}
		state, quiet := m.State(d.Unix(), nil)
		if e.State != state || e.Quiet != quiet {
			t.Errorf("%s: %s %s, want %s %s", d, e.State, e.Quiet, state, quiet)
		}
		f, ok := forecast.FeaturesAt(m, d.Unix())
		if ok != (e.Features != nil) {
			t.Fatalf("%s: features %v, want %v", d, e.Features, ok)
		}
		if !ok {
			continue
		}
		active++
		for _, col := range forecast.Columns() {
			x, y := *col.Of(&f), *col.Of(e.Features)
			if math.Abs(x-y) > 0.500001*math.Pow10(-col.Digits) || math.IsNaN(x) != math.IsNaN(y) {
				t.Errorf("%s: %s is %v, want %v", d, col.Name, y, x)
			}
		}
	}
	if active < 40 {
		t.Errorf("only %d active months", active)
	}
}

func TestAtIsNeverAheadOfTheDate(t *testing.T) {
	t.Parallel()
	c := cohort(tale)
	for at, want := range map[string]string{
		"2013-02-28": "", "2013-03-01": "2013-03-01", "2015-07-31": "2015-07-01", "2018-05-01": "2018-05-01", "2026-01-01": "2018-05-01",
	} {
		e, ok := c.At("github.com/own/tale", date(at))
		if ok != (want != "") || ok && !e.AsOf.Equal(date(want)) {
			t.Errorf("%s: %v %s, want %s", at, ok, e.AsOf, want)
		}
	}
	if _, ok := c.At("github.com/own/unheard", date("2015-01-01")); ok {
		t.Error("an entry for a project that is not there")
	}
	e, _ := c.At("github.com/own/tale", date("2015-07-09"))
	if b, ok := c.Back(e, 18); !ok || !b.AsOf.Equal(date("2014-01-01")) {
		t.Errorf("eighteen months back: %v %s", ok, b.AsOf)
	}
	if _, ok := c.Back(e, 60); ok {
		t.Error("an entry from before the project began")
	}
	quarters := c.Quarters(e)
	if len(quarters) != 10 || !quarters[0].AsOf.Equal(date("2013-04-01")) || !quarters[8].AsOf.Equal(date("2015-04-01")) || !quarters[9].AsOf.Equal(e.AsOf) {
		t.Errorf("%d quarters from %s to %s", len(quarters), quarters[0].AsOf, quarters[len(quarters)-1].AsOf)
	}
}

func TestTheSameBytesInAnyOrder(t *testing.T) {
	t.Parallel()
	a, b := tale.track(), life{repo: "zoo/late", until: "2016-01-01", work: "eve 2 2014-01-01 2015-06-01"}.track()
	one, err := Encode([]Track{a, b})
	if err != nil {
		t.Fatal(err)
	}
	other, err := Encode([]Track{b, a})
	if err != nil || !bytes.Equal(one, other) {
		t.Errorf("the order of the tracks matters: %v", err)
	}
	if _, err := Encode([]Track{a, a}); err == nil {
		t.Error("one project twice is taken")
	}
}

func TestShortHistories(t *testing.T) {
	t.Parallel()
	for name, l := range map[string]life{
		"ends before the first month": {repo: "a/b", until: "2015-01-20", work: "ann 1 2015-01-05 2015-01-09"},
		"before 2012 alone":           {repo: "a/b", until: "2011-01-20", work: "ann 1 2010-01-05 2010-01-09"},
	} {
		if _, ok, err := Measure(l.history(), l.repo, nil); ok || err != nil {
			t.Errorf("%s: %v %v", name, ok, err)
		}
	}
	empty := life{repo: "a/b", until: "2015-01-20", work: "ann 1 2015-01-05 2015-01-05"}
	if _, ok, err := Measure(empty.history(), "a/b", nil); ok || err != nil {
		t.Errorf("without commits: %v %v", ok, err)
	}
}

// TestEmbedded reads every value of the file, and holds it to the size and the features that it is to have.
func TestEmbedded(t *testing.T) {
	t.Parallel()
	c := Default()
	if lacks := c.Lacks(); len(lacks) > 0 {
		t.Fatalf("cohort.bin lacks %v; run: go run ./internal/forecast/reference/make --histories DIR --retired FILE", lacks)
	}
	if len(embedded) > 2<<20 {
		t.Errorf("cohort.bin takes %d bytes", len(embedded))
	}
	months, activeMonths := 0, 0
	for _, p := range c.Projects {
		for k := range p.Months {
			e, ok := c.At(id(p.Repo), monthAt(p.First+k))
			v := e.Vitals
			sum := 0
			for _, n := range v.Months[12:] {
				sum += n
			}
			if !ok || sum != v.Commits12m || v.Commits3m > v.Commits12m || v.Contributors12m > v.Commits12m || v.DaysSinceCommit == nil ||
				v.TopShare != nil && !(*v.TopShare > 0 && *v.SecondShare <= *v.TopShare && *v.TopShare+*v.SecondShare <= 1) ||
				v.LastCommit < v.FirstCommit-vitals.Day || e.AsOf.After(e.ObservedUntil) {
				t.Fatalf("%s %s: %+v", p.Repo, e.AsOf.Format(time.DateOnly), v)
			}
			if months++; e.State == vitals.Active {
				activeMonths++
				if o := forecast.Default().Outlook(*e.Features); !(o.Stop >= 0 && o.Stop <= 1) {
					t.Fatalf("%s %s: outlook %+v", p.Repo, e.AsOf, o)
				}
			}
		}
	}
	if len(c.Projects) < 280 || months < 20_000 || activeMonths < 15_000 {
		t.Errorf("%d projects, %d months, %d of them active", len(c.Projects), months, activeMonths)
	}
	for _, never := range []string{"ingress-nginx", "newman", "cubrid"} {
		for _, p := range c.Projects {
			if strings.HasSuffix(strings.ToLower(p.Repo), "/"+never) {
				t.Errorf("%s is a case history and must not be in the cohort", p.Repo)
			}
		}
	}
}

// TestCasesAreTheTrainingTable: the quarters that count here are those that the forecast was trained on, with its outcomes.
// The few that lie after the last observation of a retired project have no month here.
func TestCasesAreTheTrainingTable(t *testing.T) {
	t.Parallel()
	file, err := os.Open(filepath.Join("..", "table.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := forecast.ReadTable(file)
	if err != nil {
		t.Fatal(err)
	}
	type outcome struct{ stop, collapse, left bool }
	table := map[string]outcome{}
	for _, r := range rows {
		table[r.Repo+" "+r.AsOf] = outcome{r.Stop, r.Collapse, r.Left}
	}
	c := Default()
	for _, k := range c.cases().all {
		name := c.Projects[k.project].Repo + " " + monthAt(k.month).Format(time.DateOnly)
		got := outcome{k.outcome&outStop != 0, k.outcome&outCollapse != 0, k.outcome&outLeft != 0}
		if want, ok := table[name]; !ok || got != want {
			t.Errorf("%s: %v, in the table %v %v", name, got, ok, want)
		}
		delete(table, name)
	}
	if len(table) > 3 {
		t.Errorf("%d rows of the table are not in the cohort", len(table))
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	long := slices.Clone(embedded)
	binary.LittleEndian.PutUint32(long[len(magic):], 1<<31)
	for name, data := range map[string][]byte{
		"nothing":        nil,
		"another file":   []byte("PK\x03\x04"),
		"magic alone":    []byte(magic),
		"a long index":   long,
		"cut":            embedded[:len(embedded)/2],
		"more than said": append(slices.Clone(embedded), 0),
	} {
		if _, err := Parse(data); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// FuzzParse: whatever the bytes, an error or a cohort whose every value can be asked for.
func FuzzParse(f *testing.F) {
	small, err := Encode([]Track{tale.track()})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(small)
	f.Add(small[:len(small)-9])
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := Parse(data)
		if err != nil || len(c.Projects) == 0 || c.starts[len(c.starts)-1] > 10_000 {
			return
		}
		for _, p := range c.Projects {
			if e, ok := c.At(id(p.Repo), monthAt(p.First)); ok {
				c.Quarters(e)
				if e.Features != nil {
					c.Precedents(*e.Features, "github.com/a/b", 0, monthAt(p.First+100))
				}
			}
		}
	})
}
