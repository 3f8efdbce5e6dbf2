package forecast

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/mainstay-oss/mainstay/internal/history"
	"github.com/mainstay-oss/mainstay/internal/vitals"
)

// silence forecasts from the days since the last commit alone.
func silence(string) (Chances, bool) {
	return func(f Features) (stop, collapse, fragility float64) {
		p := f.DaysSinceCommit / (f.DaysSinceCommit + 50)
		return p, p, p
	}, false
}

func date(s string) int64 {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t.Unix()
}

// said lists the cases of a project as "2018-04-01 stop collapse".
func said(p Project) string {
	var b strings.Builder
	for _, c := range p.Cases {
		b.WriteString(time.Unix(c.AsOf, 0).UTC().Format(time.DateOnly))
		if !c.Known() {
			b.WriteString(" unknown")
		}
		for _, task := range Tasks {
			if came, counts := c.event(task); came && counts {
				fmt.Fprintf(&b, " %s", task)
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// TestPlainStops: histories in which it is plain when the work ended.
func TestPlainStops(t *testing.T) {
	t.Parallel()
	retired := date("2019-02-15")
	for _, c := range []struct {
		name, world string
		retired     *int64
		from        string // cases before this date are not looked at
		want        string
		stops       string // dates, days before asOf
	}{
		{
			name:  "one person works every five days until 2019-03-07 and is never seen again",
			world: "commit 300..2500/5 ann",
			from:  "2017-10-01",
			want: `2017-10-01
2018-01-01 collapse
2018-04-01 stop collapse fragility
2018-07-01 stop collapse fragility
2018-10-01 stop collapse fragility
2019-01-01 stop collapse fragility
2019-04-01 stop collapse fragility
2019-07-01 stop collapse fragility
`,
			stops: "300",
		},
		{
			name:  "the busiest leaves, another goes on at a tenth",
			world: "commit 300..2500/5 ann\ncommit -1000..2500/50 bob",
			from:  "2018-01-01",
			want: `2018-01-01
2018-04-01 collapse
2018-07-01 collapse
2018-10-01 collapse
2019-01-01 collapse
2019-04-01 collapse
2019-07-01 collapse
2019-10-01 collapse
2020-01-01
`,
		},
		{
			name:    "retired in full swing: work goes on, and yet it is a stop, and no quarter after that counts",
			world:   "commit -1000..2500/5 ann",
			retired: &retired,
			from:    "2017-10-01",
			want: `2017-10-01
2018-01-01
2018-04-01 stop collapse
2018-07-01 stop collapse
2018-10-01 stop collapse
2019-01-01 stop collapse
`,
			stops: "320", // the last commit up to 2019-02-15, which is 320 days before asOf
		},
		{
			name:  "somebody else begins anew after three years, and stops again",
			world: "commit 1500..2500/5 ann\ncommit -200..400/5 bob",
			from:  "2014-07-01",
			want: `2014-07-01
2014-10-01 collapse
2015-01-01 stop collapse fragility
2015-04-01 stop collapse fragility
2015-07-01 stop collapse fragility
2015-10-01 stop collapse fragility
2016-01-01 stop collapse fragility
2019-04-01
2019-07-01 collapse
2019-10-01 stop collapse fragility
2020-01-01 stop collapse fragility
2020-04-01 stop collapse fragility
2020-07-01 stop collapse fragility
2020-10-01 stop collapse fragility
`,
			stops: "1500 -200",
		},
		{
			name:  "watched until the end of 2022: the last two years are not known",
			world: "commit -1095..2500/5 ann",
			from:  "2020-07-01",
			want: `2020-07-01
2020-10-01
2021-01-01 unknown
2021-04-01 unknown
2021-07-01 unknown
2021-10-01 unknown
2022-01-01 unknown
2022-04-01 unknown
2022-07-01 unknown
2022-10-01 unknown
`,
		},
	} {
		p := Judge(silence).Project(world(c.world), "acme/pump", c.retired)
		p.Cases = slices.DeleteFunc(p.Cases, func(x Case) bool { return x.AsOf < date(c.from) })
		if diff := cmp.Diff(c.want, said(p)); diff != "" {
			t.Errorf("%s (- want, + got):\n%s", c.name, diff)
		}
		var stops []string
		for _, s := range p.stops {
			stops = append(stops, fmt.Sprint((asOf-s.date)/vitals.Day))
		}
		if got := strings.Join(stops, " "); got != c.stops {
			t.Errorf("%s: stops %q days before 2020, want %q", c.name, got, c.stops)
		}
	}
	if p := Judge(silence).Project(world("commit 300..540/5 ann"), "acme/small", nil); len(p.Cases) != 0 {
		t.Errorf("a history of 49 commits counts: %v", said(p))
	}
}

// TestAlarmsLeadOrLag: a stop on day 1000 whose cases stand 91 days apart.
func TestAlarmsLeadOrLag(t *testing.T) {
	t.Parallel()
	var cases []Case
	for i := range 10 {
		cases = append(cases, Case{AsOf: int64(i) * 91 * vitals.Day})
	}
	cases[9].AsOf += 200 * vitals.Day // after two quarters of which nothing is known
	s := stop{date: 1000 * vitals.Day, first: 6, last: 9}
	for _, c := range []struct {
		name        string
		alarms      string // one a case
		from        int
		first, held string
	}{
		{"none", "..........", 0, "NaN", "NaN"},
		{"never twice in a row", ".x.x.x.x.x", 0, "NaN", "NaN"},
		{"twice in a row, but with a gap between", "........xx", 0, "NaN", "NaN"},
		{"one that lapsed", "xx........", 0, "1000", "NaN"},
		{"one that held until the gap", ".....xxxx.", 0, "545", "NaN"},
		{"one before the stop that came before this", "xx.....xx.", 3, "363", "NaN"},
	} {
		s.from = c.from
		scores := make([]float64, len(cases))
		for i := range scores {
			scores[i] = 0.4 + 0.2*indicator(c.alarms[i] == 'x')
		}
		first, held := s.alarms(cases, scores, 0.6)
		if got := fmt.Sprint(first); got != c.first {
			t.Errorf("%s: %s days, want %s", c.name, got, c.first)
		}
		if got := fmt.Sprint(held); got != c.held {
			t.Errorf("%s: held for %s days, want %s", c.name, got, c.held)
		}
		if first, _ := s.alarms(cases, scores, math.NaN()); !math.IsNaN(first) {
			t.Errorf("%s: an alarm where no score reaches the threshold", c.name)
		}
	}
	s = stop{date: 100 * vitals.Day, first: 0, last: 4}
	scores := []float64{0, 0, 1, 1, 1}
	if first, held := s.alarms(cases, scores, 1); first != -82 || held != -82 {
		t.Errorf("an alarm 82 days late leads by %v and %v days", first, held)
	}
}

func TestLeadsAddUp(t *testing.T) {
	t.Parallel()
	nan := math.NaN()
	stops := []stopAlarm{{0, 400, 365}, {0, 100, 100}, {1, -50, nan}, {2, nan, nan}}
	if l := leadOf(stops, nil); l.stops != 4 || l.alarmed != 3 || l.median != 100 || l.ahead != 0.25 || l.held != 0.25 {
		t.Errorf("%+v", l)
	}
	if l := leadOf(stops, []int32{2, 0, 1}); l.stops != 5 || l.alarmed != 4 || l.median != 250 || l.ahead != 0.4 {
		t.Errorf("%+v", l)
	}
	if l := leadOf(stops[3:], nil); l.stops != 1 || l.alarmed != 0 || !math.IsNaN(l.median) || l.ahead != 0 {
		t.Errorf("%+v", l)
	}
	if l := leadOf(nil, nil); !math.IsNaN(l.ahead) || !math.IsNaN(l.held) {
		t.Errorf("%+v", l)
	}
}

// ofTable makes a backtest of the table in the repository, judged out-of-fold by m or by what chances says.
func ofTable(t *testing.T, chances func(r *Row) (stop, collapse, fragility float64)) *Backtest {
	t.Helper()
	b := &Backtest{Listed: true}
	for _, r := range rowsOfTable(t) {
		if n := len(b.Projects); n == 0 || b.Projects[n-1].Repo != r.Repo {
			b.Projects = append(b.Projects, Project{Repo: r.Repo, OutOfFold: true})
		}
		p := &b.Projects[len(b.Projects)-1]
		c := Case{AsOf: date(r.AsOf), Features: r.Features, Outcome: vitals.Outcome{Stop: &r.Stop, Collapse: &r.Collapse, BusiestLeft: &r.Left}}
		c.Stop, c.Collapse, c.Fragility = chances(&r)
		p.Cases = append(p.Cases, c)
	}
	for i := range b.Projects {
		p := &b.Projects[i]
		if fold := Fold(p.Repo); fold%2 == 0 {
			p.Retired = &p.Cases[0].AsOf
		}
		for k := range p.Cases {
			if came, _ := p.Cases[k].event(TaskStop); came {
				p.stops = []stop{{date: p.Cases[k].AsOf + vitals.Year, first: k, last: len(p.Cases) - 1}}
				break
			}
		}
	}
	return b
}

func outOfFold(m *Model) func(r *Row) (stop, collapse, fragility float64) {
	judge := m.Judge()
	return func(r *Row) (stop, collapse, fragility float64) {
		chances, _ := judge("github.com/" + r.Repo)
		return chances(r.Features)
	}
}

// TestBacktestOfTheTable gives the figures that the model carries and doc/forecast.md says; a constant and shuffled forecasts fall
// under them in every respect in which they can.
func TestBacktestOfTheTable(t *testing.T) {
	t.Parallel()
	m := Default()
	b := ofTable(t, outOfFold(m))
	figures := b.figures(40)
	if err := UnderCard(figures, m.Figures); err != nil {
		t.Errorf("the model falls under its card: %v", err)
	}
	random := rand.New(rand.NewPCG(31, 32))
	shuffled := ofTable(t, outOfFold(m))
	var all []*Case
	for i := range shuffled.Projects {
		for k := range shuffled.Projects[i].Cases {
			all = append(all, &shuffled.Projects[i].Cases[k])
		}
	}
	random.Shuffle(len(all), func(i, j int) {
		a, b := all[i], all[j]
		a.Stop, b.Stop, a.Collapse, b.Collapse, a.Fragility, b.Fragility = b.Stop, a.Stop, b.Collapse, a.Collapse, b.Fragility, a.Fragility
	})
	constant := ofTable(t, func(*Row) (float64, float64, float64) { return 0.059, 0.167, 0.2 })
	for name, f := range map[string][]TaskFigures{"a constant": constant.figures(5), "a shuffled model": shuffled.figures(5)} {
		err := UnderCard(f, m.Figures)
		if err == nil {
			t.Fatalf("%s passes", name)
		}
		for _, task := range Tasks {
			for _, what := range []string{"AUC", "average precision", "recall", "skill"} {
				if want := string(task) + ": " + what; !strings.Contains(err.Error(), want) {
					t.Errorf("%s passes the gate %q: %v", name, want, err)
				}
			}
		}
	}
	for _, task := range constant.figures(5) {
		if auc := task.Groups[0].Methods[len(Baselines)].AUC; auc != (Spread{0.5, 0.5, 0.5}) {
			t.Errorf("%s: AUC of a constant is %v", task.Task, auc)
		}
	}

	// The order of the projects has no say, and the groups of each way hold every case once.
	slices.Reverse(b.Projects)
	if diff := cmp.Diff(figures, b.figures(40), cmpopts.EquateNaNs(), cmpopts.IgnoreUnexported(Group{})); diff != "" {
		t.Errorf("the figures depend on the order of the projects:\n%s", diff)
	}
	for _, task := range figures {
		whole := task.Groups[0]
		if whole.By != ByAll {
			t.Fatalf("%s: the first group is %v", task.Task, whole.By)
		}
		quarters, events := map[string]int{}, map[string]int{}
		for _, g := range task.Groups {
			quarters[g.By] += g.Quarters
			events[g.By] += g.Events
			for _, method := range g.Methods {
				for _, s := range []Spread{method.AUC, method.AP, method.Recall5, method.Brier, method.Skill, method.ECE} {
					if s.Value < s.Low || s.Value > s.High {
						t.Errorf("%s %s %s: %+v", task.Task, g.Value, method.Method, s)
					}
				}
				if method.Method != Mainstay && !math.IsNaN(method.Brier.Value) {
					t.Errorf("%s has a Brier score", method.Method)
				}
			}
			if few := min(g.Events, g.Quarters-g.Events) < LeastCases; few && !math.IsNaN(g.Methods[0].AUC.Value) {
				t.Errorf("%s %s: an AUC of %d events", task.Task, g.Value, g.Events)
			}
		}
		for _, by := range []string{BySize, ByYear, ByJudged, ByRetired} {
			if quarters[by] != whole.Quarters || events[by] != whole.Events {
				t.Errorf("%s by %s: %d quarters and %d events, want %d and %d", task.Task, by, quarters[by], events[by], whole.Quarters, whole.Events)
			}
		}
	}
	if l := figures[0].Groups[0].Methods[len(Baselines)].Lead; l == nil || l.Alarmed == 0 || l.Held.Value > l.Ahead.Value || figures[1].Groups[0].Methods[0].Lead != nil {
		t.Errorf("lead %+v", l)
	}
}

// TestTooFewIsNotZero: what cannot be known is not known.
func TestTooFewIsNotZero(t *testing.T) {
	t.Parallel()
	for name, b := range map[string]*Backtest{
		"nothing":     {},
		"one project": {Projects: []Project{Judge(silence).Project(world("commit 300..2500/5 ann"), "acme/pump", nil)}},
	} {
		for _, task := range b.Figures() {
			if len(task.Groups) == 0 || len(task.Bins) > 0 {
				t.Fatalf("%s: %+v", name, task)
			}
			for _, g := range task.Groups {
				for _, m := range g.Methods {
					for _, s := range []Spread{m.AUC, m.AP, m.Recall5, m.Brier, m.Skill, m.ECE} {
						if !math.IsNaN(s.Value) {
							t.Errorf("%s: %s %s of %s is %v", name, task.Task, m.Method, g.Value, s)
						}
					}
					if m.Lead != nil {
						t.Errorf("%s: lead %+v", name, m.Lead)
					}
				}
			}
		}
	}
}

// TestJudgedWithoutTheFuture scrambles whatever came after a date: no forecast up to that date moves.
func TestJudgedWithoutTheFuture(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(41, 42))
	h := world(`
		commit 3..2500/9 ann by bob #7
		commit 40..1900/13 bob
		commit -300..1800/31 cat
		tag 30..900/60
	`)
	h.Upstream = "github.com/acme/pump"
	judge := Default().Judge()
	whole := judge.Project(h, "acme/pump", nil)
	compared := 0
	for i, c := range whole.Cases {
		for _, s := range []*history.History{scramble(h, c.AsOf, random), scramble(h, c.AsOf, random)} {
			other := judge.Project(s, "acme/pump", nil)
			if len(other.Cases) <= i {
				// Too little is left before the date to count at all; the forecast is asked for alone.
				if len(s.Commits) >= vitals.MinCommits {
					t.Fatalf("case %d is gone", i)
				}
				continue
			}
			for k := range i + 1 {
				a, b := whole.Cases[k], other.Cases[k]
				if a.AsOf != b.AsOf || a.Stop != b.Stop || a.Collapse != b.Collapse || a.Fragility != b.Fragility {
					t.Fatalf("scrambling after %d changed the forecast of %d", c.AsOf, a.AsOf)
				}
				compared++
			}
		}
	}
	if compared < 100 {
		t.Errorf("only %d forecasts were compared", compared)
	}
}

// TestTrainingProjectsAreJudgedOutOfFold under any spelling of their name.
func TestTrainingProjectsAreJudgedOutOfFold(t *testing.T) {
	t.Parallel()
	m := Default()
	h := world("commit 300..2500/5 ann")
	repo := m.Projects[0]
	for upstream, want := range map[string]bool{
		"github.com/" + repo:                  true,
		"github.com/" + strings.ToUpper(repo): true,
		"gitlab.example/" + repo:              false,
		"github.com/acme/pump":                false,
	} {
		h.Upstream = upstream
		p := m.Judge().Project(h, repo, nil)
		if p.OutOfFold != want {
			t.Errorf("%s: out-of-fold %v", upstream, p.OutOfFold)
		}
		c := p.Cases[len(p.Cases)-1]
		blind, _, _ := m.without(Fold(repo)).Chances(c.Features)
		seeing, _, _ := m.Chances(c.Features)
		if blind == seeing || want && c.Stop != blind || !want && c.Stop != seeing {
			t.Errorf("%s: forecast %v, out-of-fold %v, in-sample %v", upstream, c.Stop, blind, seeing)
		}
	}
}
