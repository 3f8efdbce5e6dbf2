package opening

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mainstay-oss/mainstay/internal/forecast"
	"github.com/mainstay-oss/mainstay/internal/need"
)

func TestParseCase(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Case{
		"+1":                                {Join: 1, Rhythm: RegularRhythm},
		"+1 regular":                        {Join: 1, Rhythm: RegularRhythm},
		" +1   Regular Contributor ":        {Join: 1, Rhythm: RegularRhythm},
		"+2 regulars":                       {Join: 2, Rhythm: RegularRhythm},
		"+2@24":                             {Join: 2, Rhythm: 24},
		"+100@1000":                         {Join: 100, Rhythm: 1000},
		"busiest leaves":                    {Leaves: true},
		"Busiest Leaves":                    {Leaves: true},
		"busiest leaves, +1":                {Leaves: true, Join: 1, Rhythm: RegularRhythm},
		"busiest leaves and +1 regular":     {Leaves: true, Join: 1, Rhythm: RegularRhythm},
		"+3@12 contributors,busiest leaves": {Leaves: true, Join: 3, Rhythm: 12},
	} {
		got, err := ParseCase(text)
		if err != nil || got != want {
			t.Errorf("%q: %+v, %v; want %+v", text, got, err, want)
		}
		again, err := ParseCase(got.String())
		if err != nil || again != got {
			t.Errorf("%q is written %q, which reads %+v, %v", text, got, again, err)
		}
	}
	for _, text := range []string{"", " ", "+", "+0", "1", "-1", "+101", "+1@0", "+1@1001", "+1@", "+1, +1", "+1,", "busiest", "leaves",
		"busiest leaves, busiest leaves", "+1 busiest leaves", "+1e3", "+99999", "+1@4.5", strings.Repeat("+1", 60), "+1\x00", "+１"} {
		if got, err := ParseCase(text); err == nil || got != (Case{}) {
			t.Errorf("%q is read as %+v", text, got)
		}
	}
}

func FuzzParseCase(f *testing.F) {
	f.Add("+2@24, busiest leaves")
	f.Add("busiest leaves and +1 regular")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := ParseCase(text)
		if err != nil {
			return
		}
		if c.Join < 0 || c.Join > maxJoin || c.Rhythm > maxRhythm || !c.Leaves && c.Join == 0 {
			t.Fatalf("%q is read as %+v", text, c)
		}
		if again, err := ParseCase(c.String()); err != nil || again != c {
			t.Fatalf("%q is written %q, which reads %+v, %v", text, c, again, err)
		}
	})
}

func TestWithoutBusiest(t *testing.T) {
	t.Parallel()
	f := forecast.Features{
		Commits12m: 100, Commits3m: 40, Commits1m: 10, DaysSinceCommit: 2, BusiestDays: 2, Weeks3m: 12, Contributors12m: 5,
		BusiestCommits: 75, SecondCommits: 20, Departed: 0.2,
	}
	want := f
	want.Commits3m, want.Commits1m = 10, 2.5
	want.Weeks3m = 13 * (1 - math.Exp(-10.0/13))
	want.DaysSinceCommit = 365.0 / 25
	want.BusiestDays = goneDays
	want.Departed = 0.2 + 0.8*0.75
	want.Contributors12m = 4
	want.Lasting = forecast.AgainstLeavingOf(want)
	got := WithoutBusiest(f)
	if got.Measured == nil || *got.Measured != f {
		t.Errorf("what was measured is not kept: %+v", got)
	}
	if got.Measured = nil; got != want {
		t.Errorf("got %+v\nwant %+v", got, want)
	}

	another := f
	another.BusiestDays = 30 // somebody else made the last commit
	if got := WithoutBusiest(another); got.DaysSinceCommit != 2 {
		t.Errorf("the last commit was another's, and is now %v days old", got.DaysSinceCommit)
	}
	alone := f
	alone.BusiestCommits, alone.SecondCommits, alone.Contributors12m, alone.Departed = 100, 0, 1, math.NaN()
	if got := WithoutBusiest(alone); got.Commits3m != 0 || got.DaysSinceCommit != 365 || got.Weeks3m != 0 || got.Contributors12m != 0 || !math.IsNaN(got.Departed) {
		t.Errorf("without the only person: %+v", got)
	}
	if got := WithoutBusiest(forecast.Features{}); got != (forecast.Features{}) {
		t.Errorf("nothing becomes %+v", got)
	}
}

// TestSupposedCasesKeepTheirOrder goes over the whole table and every rhythm: who joins never raises stop, collapse, fragility or
// loss, whether the busiest stays or leaves; and the busiest leaving never lowers stop, collapse or loss.
func TestSupposedCasesKeepTheirOrder(t *testing.T) {
	t.Parallel()
	model := forecast.Default()
	moved, raised := 0, 0
	for k, r := range rows(t) {
		m := model.For("github.com/" + r.Repo)
		for _, rhythm := range []float64{1, 6, 24, RegularRhythm, 200, 1000}[k%3*2:][:2] { // a third of the rhythms on each row
			stays, leaves := Suppose(m, r.Features, Case{}), Suppose(m, r.Features, Case{Leaves: true})
			for n := range 4 {
				c := Case{Join: n, Rhythm: rhythm}
				gone := c
				gone.Leaves = true
				a, b := Suppose(m, r.Features, c), Suppose(m, r.Features, gone)
				for _, o := range []struct{ less, more Supposed }{{a, stays}, {b, leaves}, {a, b}} {
					if o.less.Stop > o.more.Stop || o.less.Collapse > o.more.Collapse || o.less.Loss > o.more.Loss {
						t.Fatalf("%s %s: %+v is worse than %+v", r.Repo, r.AsOf, o.less, o.more)
					}
				}
				if *a.Fragility > *stays.Fragility || b.Fragility != nil || b.Interval != nil || !(a.Interval[0] <= a.Stop && a.Stop <= a.Interval[1]) {
					t.Fatalf("%s %s: %+v after %+v", r.Repo, r.AsOf, a, stays)
				}
				if b.Stop > b.Collapse || b.Loss > 1 || math.IsNaN(b.Loss) {
					t.Fatalf("%s %s: %+v", r.Repo, r.AsOf, b)
				}
				if stays.Loss-a.Loss > 0.01 {
					moved++
				}
				if b.Loss-a.Loss > 0.01 {
					raised++
				}
				stays, leaves = a, b
			}
		}
	}
	if moved < 1000 || raised < 10_000 {
		t.Errorf("joining lowers loss in only %d cases, leaving raises it in only %d", moved, raised)
	}
}

// leavingFigures say how well the case "busiest leaves" is judged on the rows where they did leave, out-of-fold, and how often the rule
// that it must not look better than staying had to step in.
type leavingFigures struct {
	collapse              forecast.Metrics
	stop, collapsed, loss float64 // shares of all rows
}

func measureLeaving(rows []forecast.Row) leavingFigures {
	model := forecast.Default()
	var scores []float64
	var outcome []bool
	var out leavingFigures
	for _, r := range rows {
		m := model.For("github.com/" + r.Repo)
		stays := stand(m, r.Features)
		_, collapse, _ := m.Chances(WithoutBusiest(r.Features))
		s := Suppose(m, r.Features, Case{Leaves: true})
		if stays.Fragility < stays.Stop {
			out.stop++
		}
		if collapse < stays.Collapse {
			out.collapsed++
		}
		if s.Collapse < stays.Loss {
			out.loss++
		}
		if r.Left {
			scores, outcome = append(scores, s.Collapse), append(outcome, r.Collapse)
		}
	}
	n := float64(len(rows))
	out.stop, out.collapsed, out.loss = out.stop/n, out.collapsed/n, out.loss/n
	out.collapse = forecast.Measure(scores, outcome)
	return out
}

// TestTheCardSaysHowLeavingIsJudged holds doc/forecast.md against the table.
func TestTheCardSaysHowLeavingIsJudged(t *testing.T) {
	t.Parallel()
	f := measureLeaving(rows(t))
	t.Logf("collapse if left: %+v; stepped in: stop %.4f, collapse %.4f, loss %.4f", f.collapse, f.stop, f.collapsed, f.loss)
	if f.collapse.AUC < 0.70 || f.collapse.Skill < 0.10 || f.collapse.ECE > 0.09 {
		t.Errorf("collapse where the busiest left: %+v", f.collapse)
	}
	if f.stop > 0.02 || f.collapsed > 0.01 || f.loss > 0.15 {
		t.Errorf("the rule steps in too often: stop %.3f, collapse %.3f, loss %.3f of the rows", f.stop, f.collapsed, f.loss)
	}
	card, err := os.ReadFile(filepath.Join(need.Root(t), "doc", "forecast.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, figure := range []string{
		fmt.Sprintf("AUC %.3f, average precision %.3f, skill %.3f, ECE %.3f", f.collapse.AUC, f.collapse.AP, f.collapse.Skill, f.collapse.ECE),
		fmt.Sprintf("stop in %.1f %%, collapse in %.1f %%, loss in %.1f %%", 100*f.stop, 100*f.collapsed, 100*f.loss),
	} {
		if !strings.Contains(string(card), figure) {
			t.Errorf("doc/forecast.md does not say %q", figure)
		}
	}
}
