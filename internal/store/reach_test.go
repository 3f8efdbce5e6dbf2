package store

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var (
	ours   = NamesKey("cohort", "ai")
	theirs = NamesKey("cohort", "cncf")
)

func n(i int) *int { return &i }

func seen(date, key, upstream string, figures ...int) Observation {
	o := Observation{Date: date, Key: key, Upstream: upstream}
	for i, p := range []**int{&o.Subjects, &o.Packages, &o.Downloads, &o.Dependents} {
		if i < len(figures) {
			*p = n(figures[i])
		}
	}
	return o
}

func midnight(date string) time.Time {
	t, err := time.Parse(time.DateOnly, date)
	if err != nil {
		panic(err)
	}
	return t
}

var forever = midnight("9999-12-31")

// open gives the store in a folder.
func open(t testing.TB, dir string) *Store {
	t.Helper()
	s := Open(FileIn(dir))
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func keep(t testing.TB, s *Store, all ...Observation) {
	t.Helper()
	if err := s.Append(context.Background(), all); err != nil {
		t.Fatal(err)
	}
}

func series(t testing.TB, s *Store, key string, asOf time.Time) map[string][]Observation {
	t.Helper()
	got, problems, err := s.Series(context.Background(), key, asOf)
	if err != nil || len(problems) != 0 {
		t.Fatalf("problems %v, error %v", problems, err)
	}
	return got
}

// count counts what a query gives.
func count(t testing.TB, s *Store, query string) (n int) {
	t.Helper()
	db, err := s.writing(context.Background())
	if err == nil {
		err = db.QueryRow("SELECT count(*) FROM (" + query + ")").Scan(&n)
	}
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestSeries(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "state", "mainstay")
	s := open(t, dir)
	if got := series(t, s, ours, forever); len(got) != 0 {
		t.Errorf("before anything was kept: %v", got)
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("reading made the folder")
	}
	keep(t, s, seen("2025-06-15", ours, "github.com/acme/valve", 1, 2), seen("2025-06-15", ours, "github.com/acme/pump", 3, 4, 500, 60))
	keep(t, s, seen("2025-06-15", theirs, "github.com/acme/pump", 9, 9, 9, 9), seen("2025-06-15", ours, "github.com/acme/pump", 3, 4, 510, 60))
	keep(t, open(t, dir), seen("2025-06-14", ours, "github.com/acme/pump", 1, 1, 1, 1), seen("2025-07-01", ours, "github.com/acme/pump"))

	if diff := cmp.Diff(map[string][]Observation{
		"github.com/acme/pump": {
			seen("2025-06-14", ours, "github.com/acme/pump", 1, 1, 1, 1), seen("2025-06-15", ours, "github.com/acme/pump", 3, 4, 510, 60), seen("2025-07-01", ours, "github.com/acme/pump"),
		},
		"github.com/acme/valve": {seen("2025-06-15", ours, "github.com/acme/valve", 1, 2)},
	}, series(t, s, ours, forever)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	// Nothing after the date has influence.
	if got := series(t, s, ours, midnight("2025-06-14")); len(got) != 1 || len(got["github.com/acme/pump"]) != 1 {
		t.Errorf("as of the first day: %v", got)
	}
	for path, want := range map[string]os.FileMode{dir: 0o700, s.file: 0o600, s.file + "-wal": 0o600} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm()&^want != 0 {
			t.Errorf("%s: %v %v", path, info, err)
		}
	}
}

// The last word of a day counts, within one call too, and a run that repeats it adds nothing.
func TestLastWordOfADay(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	a, b := seen("2025-06-15", ours, "github.com/acme/pump", 1, 1, 5), seen("2025-06-15", ours, "github.com/acme/pump", 1, 1, 6)
	for i, c := range []struct {
		o    []Observation
		rows int
		want Observation
	}{
		{[]Observation{a}, 1, a}, {[]Observation{a, a}, 1, a}, {[]Observation{a, b}, 1, b}, {[]Observation{b, a}, 1, a}, {nil, 1, a},
		{[]Observation{seen("2025-06-16", ours, "github.com/acme/pump", 1, 1, 5)}, 2, a},
		{[]Observation{seen("2025-06-15", theirs, "github.com/acme/pump", 1, 1, 5)}, 3, a},
		{[]Observation{seen("2025-06-15", ours, "github.com/acme/pump", 1, 1)}, 3, seen("2025-06-15", ours, "github.com/acme/pump", 1, 1)},
	} {
		keep(t, s, c.o...)
		if got := count(t, s, `SELECT * FROM reach`); got != c.rows {
			t.Errorf("step %d: %d rows, want %d", i, got, c.rows)
		}
		if diff := cmp.Diff(c.want, series(t, s, ours, forever)["github.com/acme/pump"][0]); diff != "" {
			t.Errorf("step %d (-want +got):\n%s", i, diff)
		}
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	good := seen("2025-06-15", ours, "github.com/acme/pump", 1)
	for name, bad := range map[string]Observation{
		"date":     seen("2025-6-15", ours, "github.com/acme/pump"),
		"no date":  seen("", ours, "github.com/acme/pump"),
		"key":      seen("2025-06-15", "/home/ada/shop", "github.com/acme/pump"),
		"upstream": seen("2025-06-15", ours, "github.com/acme/\npump"),
		"length":   seen("2025-06-15", ours, strings.Repeat("x", maxUpstream+1)),
		"negative": seen("2025-06-15", ours, "github.com/acme/pump", 1, -1),
	} {
		s := open(t, t.TempDir())
		if err := s.Append(t.Context(), []Observation{good, bad}); err == nil {
			t.Errorf("%s was kept", name)
		}
		if _, err := os.Stat(s.file); err == nil {
			t.Errorf("%s: half of it was kept", name)
		}
	}
	// The longest name and the largest number that are taken can be read again.
	s := open(t, t.TempDir())
	long := strings.Repeat("<", maxUpstream)
	keep(t, s, seen("2025-06-15", ours, long, 1<<62, 1<<62, 1<<62, 1<<62))
	if got := series(t, s, ours, forever); len(got[long]) != 1 || *got[long][0].Subjects != 1<<62 {
		t.Errorf("%v", got)
	}
}

// year is a year of 200 upstreams, a word a day each.
func year() (all []Observation) {
	for day := range 365 {
		for i := range 200 {
			all = append(all, seen(midnight("2025-01-01").AddDate(0, 0, day).Format(time.DateOnly), ours, fmt.Sprintf("github.com/acme/upstream-%d", i), 3, 14, 415621, 1038))
		}
	}
	return all
}

func BenchmarkSeries(b *testing.B) {
	s := open(b, b.TempDir())
	keep(b, s, year()...)
	for b.Loop() {
		if _, _, err := s.Series(context.Background(), ours, forever); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAppend(b *testing.B) {
	s := open(b, b.TempDir())
	all := year()
	for i := 0; b.Loop(); i = (i + 200) % len(all) {
		keep(b, s, all[i:i+200]...)
	}
}
