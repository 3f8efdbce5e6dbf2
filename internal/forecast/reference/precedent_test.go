package reference

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mainstay-oss/mainstay/internal/forecast"
	"github.com/mainstay-oss/mainstay/internal/need"
	"github.com/mainstay-oss/mainstay/internal/vitals"
)

// Six lives: one that was retired, its twin under another name, one that fell silent, one that fell off, two that went on.
var lives = []life{
	{repo: "old/heap", until: "2017-06-01", retired: "2017-01-10", work: "ann 3 2013-02-03 2016-12-01; bob 9 2013-03-05 2016-06-01"},
	{repo: "attic/heap", until: "2017-06-01", retired: "2017-01-10", work: "ann 3 2013-02-03 2016-12-01; bob 9 2013-03-05 2016-06-01"},
	{repo: "hush/hush", until: "2021-01-01", work: "cat 4 2013-05-05 2016-10-10"},
	{repo: "fall/off", until: "2021-01-01", work: "dan 2 2013-04-01 2016-09-01; dan 60 2016-09-02 2020-12-01"},
	{repo: "going/on", until: "2021-01-01", work: "eve 3 2013-02-09 2020-12-20; fay 8 2013-02-11 2020-12-20"},
	{repo: "late/end", until: "2021-01-01", retired: "2019-09-09", work: "gil 5 2013-02-09 2019-08-20; hal 6 2013-02-11 2019-08-20"},
}

func ask(t *testing.T, c *Cohort, l life, at, known string) map[string]Precedent {
	t.Helper()
	h := l.history()
	f, ok := forecast.FeaturesAt(vitals.NewMeter(h), date(at).Unix())
	if !ok {
		t.Fatal("not active")
	}
	found := map[string]Precedent{}
	last := 0.0
	for _, p := range c.Precedents(f, id(l.repo), h.Commits[0].Committed, date(known)) {
		if p.Distance < last {
			t.Errorf("%s: not in order of distance", p.Repo)
		}
		last = p.Distance
		if _, twice := found[p.Repo]; twice {
			t.Errorf("%s stands twice", p.Repo)
		}
		found[p.Repo] = p
	}
	return found
}

func TestPrecedents(t *testing.T) {
	t.Parallel()
	c := cohort(lives...)
	asked := life{repo: "my/own", until: "2017-06-01", work: "zoe 3 2014-02-01 2017-06-01; yan 9 2014-03-01 2017-06-01"}
	found := ask(t, c, asked, "2017-04-01", "2021-06-01")
	if len(found) != 3 {
		t.Fatalf("%d precedents: %v", len(found), found)
	}
	for repo, p := range found {
		if p.AsOf.Day() != 1 || p.Commits12m < 12 || p.TopShare <= 0 || p.TopShare > 1 {
			t.Errorf("%s: %+v", repo, p)
		}
		switch repo {
		case "old/heap", "attic/heap":
			if p.Retired.IsZero() || p.State != vitals.Ended {
				t.Errorf("%s: %+v", repo, p)
			}
		case "going/on":
			if p.Outcome != Continued || p.State != vitals.Active || !p.Later.Equal(date("2021-01-01")) || p.SecondYear < 12 {
				t.Errorf("%s: %+v", repo, p)
			}
		}
	}
}

// TestNothingIsToldBeforeItWasKnown asks from ever earlier days.
func TestNothingIsToldBeforeItWasKnown(t *testing.T) {
	t.Parallel()
	c := cohort(lives...)
	asked := life{repo: "my/own", until: "2017-06-01", work: "zoe 3 2012-02-01 2017-06-01; yan 9 2012-03-01 2017-06-01"}
	told := 0
	for known := date("2013-01-01"); known.Before(date("2021-01-01")); known = known.AddDate(0, 2, 0) {
		for repo, p := range ask(t, c, asked, "2014-01-01", known.Format(time.DateOnly)) {
			told++
			ended := p.AsOf.Unix()+2*vitals.Year <= known.Unix()
			retired := !p.Retired.IsZero() && p.Retired.Unix() <= p.AsOf.Unix()+vitals.Year
			if !ended && !retired || p.Retired.After(known) || p.Later.After(known) {
				t.Errorf("on %s: %s %+v", known, repo, p)
			}
			if p.State == vitals.Ended && p.Retired.IsZero() {
				t.Errorf("on %s: %s had ended without an end", known, repo)
			}
		}
	}
	if told < 30 {
		t.Errorf("only %d precedents told", told)
	}
}

func TestOwnPastIsNoPrecedent(t *testing.T) {
	t.Parallel()
	c := cohort(lives...)
	for _, self := range []life{
		lives[0], // itself, and with it attic/heap, which has the same first commit and the same name
		{repo: "someone/heap", until: "2017-06-01", work: "ann 3 2014-02-03 2016-12-01; bob 9 2014-03-05 2016-06-01"}, // the same name
		{repo: "fork/other", until: "2017-06-01", work: lives[0].work},                                                // the same first commit
	} {
		found := ask(t, c, self, "2016-04-01", "2021-06-01")
		for _, own := range []string{"old/heap", "attic/heap"} {
			if p, ok := found[own]; ok {
				t.Errorf("%s: its own past is a precedent: %+v", self.repo, p)
			}
		}
		if len(found) == 0 {
			t.Errorf("%s: no precedent at all", self.repo)
		}
	}
	if found := ask(t, c, life{repo: "new/name", until: "2017-06-01", work: "ann 3 2014-02-03 2016-12-01; bob 9 2014-03-05 2016-06-01"}, "2016-04-01", "2021-06-01"); found["old/heap"].Repo == "" && found["attic/heap"].Repo == "" {
		t.Error("the nearest project is found for nobody, so its absence above says nothing")
	}
}

// TestNothingResemblesAGiant: where nothing in the cohort is near, nothing is shown.
func TestNothingResemblesAGiant(t *testing.T) {
	t.Parallel()
	f := forecast.Features{Commits12m: 5e6, CommitsPrev12m: 1, Commits3m: 4e6, BusiestCommits: 1, AbsenceFactor: 1e5, DaysSinceCommit: 0.001,
		Newcomers12m: 1e5, Departed: 1, Age: 60}
	if found := Default().Precedents(f, "github.com/a/b", 0, date("2026-11-01")); len(found) > 0 {
		t.Errorf("%+v", found)
	}
}

// TestPrecedentsAreTheNearest compares with a search that looks at everything.
func TestPrecedentsAreTheNearest(t *testing.T) {
	t.Parallel()
	c := Default()
	s := c.cases()
	for i := 0; i < len(s.all); i += 97 {
		me := &s.all[i]
		best := map[int]float64{}
		for j := range s.all {
			k := &s.all[j]
			if k.project == me.project {
				continue
			}
			if d, ok := best[k.project]; !ok || me.at.distance(&k.at) < d {
				best[k.project] = me.at.distance(&k.at)
			}
		}
		near := s.nearest(&me.at, precedents, func(k *past) bool { return k.project != me.project })
		for _, n := range near {
			if best[n.project] != n.distance {
				t.Fatalf("not the nearest quarter of its project: %v, %v", n.distance, best[n.project])
			}
			delete(best, n.project)
		}
		for _, d := range best {
			if d < near[len(near)-1].distance {
				t.Fatalf("a project at %v was passed over for one at %v", d, near[len(near)-1].distance)
			}
		}
	}
}

// TestJudgement holds doc/forecast.md to how far precedents tell what comes, and tooFar to the distance from which nothing
// resembles anything.
func TestJudgement(t *testing.T) {
	t.Parallel()
	j := Default().Judge()
	three, many := j.Votes[0], j.Votes[1]
	if three.Precedents != precedents || j.Cases < 6400 || j.Projects != 268 {
		t.Errorf("%d cases of %d projects, votes of %d", j.Cases, j.Projects, three.Precedents)
	}
	card, err := os.ReadFile(filepath.Join(need.Root(t), "doc", "forecast.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []Vote{three, many} {
		row := fmt.Sprintf("| %d | %.3f / %.3f | %.3f / %.3f |", v.Precedents, v.Stop.AUC, v.Stop.AP, v.Collapse.AUC, v.Collapse.AP)
		if !strings.Contains(string(card), row) {
			t.Errorf("doc/forecast.md does not say %s", row)
		}
	}
	if three.Stop.AUC < 0.6 || many.Stop.AUC < 0.75 {
		t.Errorf("precedents tell next to nothing: AUC %.3f of three, %.3f of many", three.Stop.AUC, many.Stop.AUC)
	}
	if q := j.Third[len(j.Third)*99/100]; math.Abs(q-tooFar) > 0.03 {
		t.Errorf("99 in 100 third precedents are nearer than %.3f; tooFar is %v", q, tooFar)
	}
}

func BenchmarkPrecedents(b *testing.B) {
	c := Default()
	e, _ := c.At("github.com/helm/helm", date("2024-01-01"))
	for b.Loop() {
		c.Precedents(*e.Features, "github.com/helm/helm", e.Vitals.FirstCommit, date("2026-01-01"))
	}
}

// BenchmarkFirst is what the first question costs: parsing and inflating.
func BenchmarkFirst(b *testing.B) {
	e, _ := Default().At("github.com/helm/helm", date("2024-01-01"))
	for b.Loop() {
		c, err := Parse(embedded)
		if err != nil {
			b.Fatal(err)
		}
		c.Precedents(*e.Features, "github.com/helm/helm", e.Vitals.FirstCommit, date("2026-01-01"))
	}
}
