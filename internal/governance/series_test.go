package governance_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mainstay-oss/mainstay/internal/gap"
	"github.com/mainstay-oss/mainstay/internal/gittest"
	"github.com/mainstay-oss/mainstay/internal/governance"
	"github.com/mainstay-oss/mainstay/internal/history"
	"github.com/mainstay-oss/mainstay/internal/need"
	"github.com/mainstay-oss/mainstay/internal/people"
)

const pump = "github.com/acme/pump"

func day(s string) time.Time {
	d, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return d
}

func date(t int64) string { return time.Unix(t, 0).UTC().Format(time.DateOnly) }

// A place is a mirror and the history in it.
type place struct {
	history    *history.History
	repository *history.Repository
}

func open(t testing.TB, dir, upstream string) place {
	t.Helper()
	f := history.NewFinder(history.Config{Offline: true, IsBot: people.IsBot, Now: func() time.Time { return day("2033-01-01") }})
	h, err := f.At(t.Context(), dir, upstream)
	if err != nil {
		t.Fatal(err)
	}
	return place{h, f.RepositoryAt(dir, upstream)}
}

func build(t testing.TB, world string) place { return open(t, gittest.Build(t, world), pump) }

func (p place) series(t testing.TB, asOf string) (*governance.Series, []gap.Gap) {
	t.Helper()
	s, gaps, err := governance.History(t.Context(), p.repository, p.history, day(asOf))
	if err != nil {
		t.Fatal(err)
	}
	return s, gaps
}

// seats gives the seats of a roll as "login commits state", reviewers left out.
func seats(s *governance.Series) (list []string) {
	for _, seat := range s.Now.Seats {
		state := "unmatched"
		switch {
		case seat.Review:
			continue
		case seat.Active():
			state = "active"
		case seat.Paper():
			state = "paper"
		}
		list = append(list, fmt.Sprintf("%s %d %s", s.People[seat.Lines[0]].Login, seat.Commits, state))
	}
	return list
}

// points gives a series as "date files listed active paper unmatched reviewers".
func points(s *governance.Series) (list []string) {
	for _, p := range s.Points {
		list = append(list, fmt.Sprintf("%s %s %d %d %d %d %d", date(p.At), strings.Join(p.Files, ","), p.Listed, p.Active, p.Paper, p.Unmatched, p.Reviewers))
	}
	return list
}

// TestPaperMaintainers is the founding case in small: in 2025 four maintainers are listed, with 236, 1, 0 and 0 commits.
func TestPaperMaintainers(t *testing.T) {
	t.Parallel()
	world, err := os.ReadFile(filepath.Join("testdata", "paper.txt"))
	if err != nil {
		t.Fatal(err)
	}
	s, gaps := build(t, string(world)).series(t, "2026-01-01")
	if diff := cmp.Diff([]string{"Gecko 236 active", "strong 1 active", "cara 0 paper", "tao12 0 paper"}, seats(s)); diff != "" {
		t.Error(diff)
	}
	if n := s.Now; n.Listed != 4 || n.Active != 2 || n.Paper != 2 || n.Unmatched != 0 || n.Reviewers != 0 || n.Teams != 0 {
		t.Errorf("%+v", n)
	}
	if len(gaps) > 0 {
		t.Errorf("%+v", gaps)
	}
	want := []string{
		"2019-04-01 OWNERS 2 1 0 1 0", // strong has not committed yet
		"2019-07-01 OWNERS 2 2 0 0 0",
		"2022-04-01 OWNERS 2 0 2 0 0",
		"2022-07-01 OWNERS,OWNERS_ALIASES 3 1 2 0 2", // gecko and one unheard of are reviewers
		"2024-07-01 OWNERS,OWNERS_ALIASES 4 2 2 0 0",
	}
	all := points(s)
	for _, w := range want {
		found := false
		for _, p := range all {
			found = found || p == w
		}
		if !found {
			t.Errorf("no %q in\n%s", w, strings.Join(all, "\n"))
		}
	}
	if len(all) != 28 {
		t.Errorf("%d points:\n%s", len(all), strings.Join(all, "\n"))
	}
	// strong stood in the first file, cara and tao12 came with a new one; gecko was added to it, a reviewer before.
	if len(s.First) != 1 || date(s.First[0].Listed) != "2024-07-01" || date(s.First[0].FirstCommit) != "2022-11-20" || s.First[0].Days != 588 {
		t.Errorf("%+v", s.First)
	}
}

// TestFoundingSeats is the founding case itself.
func TestFoundingSeats(t *testing.T) {
	t.Parallel()
	const upstream = "github.com/kubernetes/ingress-nginx"
	root := need.Mirrors(t, upstream)
	p := open(t, filepath.Join(root, filepath.FromSlash(upstream)+".git"), upstream)
	s, gaps := p.series(t, "2026-01-01")
	var got []string // without the names: who they are is not the point
	for _, seat := range seats(s) {
		_, rest, _ := strings.Cut(seat, " ")
		got = append(got, rest)
	}
	if diff := cmp.Diff([]string{"236 active", "1 active", "0 paper", "0 paper"}, got); diff != "" {
		t.Error(diff)
	}
	if len(gaps) > 0 || len(s.Points) < 30 {
		t.Errorf("%d points, gaps %+v", len(s.Points), gaps)
	}
}

// TestNothingAfterTheDateMatters: as of an earlier date the series is the beginning of a later one.
func TestNothingAfterTheDateMatters(t *testing.T) {
	t.Parallel()
	world, err := os.ReadFile(filepath.Join("testdata", "paper.txt"))
	if err != nil {
		t.Fatal(err)
	}
	p := build(t, string(world))
	late, _ := p.series(t, "2026-01-01")
	for _, asOf := range []string{"2019-07-01", "2020-10-01", "2022-07-01", "2024-01-01", "2025-01-01"} {
		early, _ := p.series(t, asOf)
		n := len(early.Points)
		if n == 0 || n > len(late.Points) || late.Points[n-1].At > day(asOf).Unix() {
			t.Fatalf("%s: %d points", asOf, n)
		}
		if diff := cmp.Diff(late.Points[:n], early.Points); diff != "" {
			t.Errorf("%s: %s", asOf, diff)
		}
		if diff := cmp.Diff(early.Points[n-1], *early.Now); diff != "" {
			t.Errorf("%s: a quarter's start and the date itself differ: %s", asOf, diff)
		}
	}
}

// TestSeriesOfSilence: where no file names anybody there is no point, and none is made up.
func TestSeriesOfSilence(t *testing.T) {
	t.Parallel()
	s, gaps := build(t, "2020-01-02 Ada <ada@example.org> repeat 5 every 90d\n").series(t, "2021-06-01")
	if len(s.Points) > 0 || s.Now != nil || len(s.First) > 0 || len(gaps) > 0 {
		t.Errorf("%+v %+v", s, gaps)
	}
	// Teams hold seats, but not of people who could be counted.
	s, _ = build(t, "file CODEOWNERS\n| * @acme/core\n2020-01-02 Ada <ada@example.org>\n").series(t, "2020-06-01")
	if s.Now == nil || s.Now.Teams != 1 || s.Now.Listed != 0 || len(s.Points) != 1 {
		t.Errorf("%+v", s)
	}
}

// TestSeriesBounds: quarters begin after the first commit and go back fifteen years at most.
func TestSeriesBounds(t *testing.T) {
	t.Parallel()
	const world = "file MAINTAINERS\n| Ada Example <ada@example.org>\n2001-02-03 Ada Example <ada@example.org>\n"
	s, _ := build(t, world).series(t, "2030-01-01")
	if n := len(s.Points); n != 61 || date(s.Points[0].At) != "2015-01-01" || date(s.Points[60].At) != "2030-01-01" {
		t.Errorf("%d points", n)
	}
	s, _ = build(t, world).series(t, "2001-04-02")
	if len(s.Points) != 1 || date(s.Points[0].At) != "2001-04-01" || s.Now.Active != 1 {
		t.Errorf("%+v", s)
	}
	s, _ = build(t, world).series(t, "2000-04-02")
	if len(s.Points) != 0 || s.Now != nil {
		t.Errorf("before the first commit: %+v", s)
	}
	// The last second of the year counts, the one before does not.
	for asOf, active := range map[string]int{"2002-02-03": 1, "2002-02-04": 0} {
		if s, _ := build(t, world).series(t, asOf); s.Now.Active != active || s.Now.Paper != 1-active {
			t.Errorf("%s: %+v", asOf, s.Now)
		}
	}
}

// TestFirstSeats: who is added to a file that was there came to a seat; who stands in a new one may have had it.
func TestFirstSeats(t *testing.T) {
	t.Parallel()
	s, _ := build(t, `
		file MAINTAINERS
		| Ada Example <ada@example.org>
		2020-01-02 Ada Example <ada@example.org>
		2020-01-03 Bob Example <bob@example.org>
		2020-02-01 Cho Example <cho@example.org>
		file MAINTAINERS
		| Ada Example <ada@example.org>
		| Bob Example <bob@example.org>
		| Late Example <late@example.org>
		2020-04-02 Ada Example <ada@example.org>
		file MAINTAINERS
		| Ada Example <ada@example.org>
		2020-07-02 Ada Example <ada@example.org>
		file CODEOWNERS
		| * cho@example.org
		file MAINTAINERS
		| Ada Example <ada@example.org>
		| Bob Example <bob@example.org>
		2020-10-02 Ada Example <ada@example.org>
		2020-11-01 Dee Example <dee@example.org>
		2020-11-02 Late Example <late@example.org>
		file CODEOWNERS
		| * cho@example.org dee@example.org
		2021-02-02 Ada Example <ada@example.org>
	`).series(t, "2021-06-01")
	var got []string
	for _, f := range s.First {
		got = append(got, fmt.Sprintf("%d %s %s %d", f.Person, date(f.Listed), date(f.FirstCommit), f.Days))
	}
	// Bob once, when he first came; Dee; neither Cho, whose file is new, nor Late, who was listed before the first commit.
	if diff := cmp.Diff([]string{"3 2021-04-01 2020-11-01 150", "1 2020-07-01 2020-01-03 179"}, got); diff != "" {
		t.Error(diff)
	}
}

// TestSeriesGaps: what is wrong with a file is told of the newest reading that has it, and the rest is still read.
func TestSeriesGaps(t *testing.T) {
	t.Parallel()
	s, gaps := build(t, `
		file OWNERS
		| approvers:
		| - ada
		| nonsense
		| - bob
		file CODEOWNERS
		| * ada
		2020-01-02 ada <ada@example.org>
		file OWNERS
		| approvers:
		| - ada
		|
		| nonsense
		| - bob
		file CODEOWNERS
		| * @ada
		2020-05-02 bob <bob@example.org>
	`).series(t, "2021-06-01")
	var got []string
	for _, g := range gaps {
		got = append(got, fmt.Sprintf("%s %s:%d %s %d %.10s", g.What, g.File, g.Line, g.Kind, g.Count, g.Detail))
	}
	want := []string{
		pump + " CODEOWNERS:1 syntax 1 as of 2020",
		pump + " OWNERS:4 syntax 1 “nonsense”",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if s.Now.Listed != 2 {
		t.Errorf("%+v", s.Now)
	}
}

func TestHistoryFailures(t *testing.T) {
	t.Parallel()
	p := build(t, "2020-01-02 Ada <ada@example.org>\n")
	stopped, stop := context.WithCancel(t.Context())
	stop()
	var e *history.Error
	if _, _, err := governance.History(stopped, p.repository, p.history, day("2021-01-01")); !errors.As(err, &e) || e.Kind != gap.OutOfBudget {
		t.Errorf("time is up: %v", err)
	}
	f := history.NewFinder(history.Config{Offline: true})
	if _, _, err := governance.History(t.Context(), f.RepositoryAt(t.TempDir(), pump), p.history, day("2021-01-01")); !errors.As(err, &e) || e.Kind != gap.NoHistory {
		t.Errorf("no repository: %v", err)
	}
}

// BenchmarkSeries reads sixty quarters of the mirror that MAINSTAY_MIRRORS holds.
func BenchmarkSeries(b *testing.B) {
	const upstream = "github.com/kubernetes/ingress-nginx"
	root := need.Mirrors(b, upstream)
	p := open(b, filepath.Join(root, filepath.FromSlash(upstream)+".git"), upstream)
	for b.Loop() {
		s, _ := p.series(b, "2026-01-01")
		b.ReportMetric(float64(len(s.Points)), "points")
	}
}
