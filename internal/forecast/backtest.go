package forecast

import (
	"sort"

	"github.com/mainstay-oss/mainstay/internal/history"
	"github.com/mainstay-oss/mainstay/internal/vitals"
)

// A Task is one of the three things that are forecast and judged.
type Task string

// Tasks. The strings are part of the JSON contract (doc/output.md).
const (
	TaskStop      Task = "stop"
	TaskCollapse  Task = "collapse"
	TaskFragility Task = "fragility" // a stop, on the quarters after which the busiest person left
)

// Tasks lists them in the order of a report.
var Tasks = []Task{TaskStop, TaskCollapse, TaskFragility}

// Chances gives the probabilities of a stop, of a collapse, and of a stop if the busiest person leaves.
type Chances func(f Features) (stop, collapse, fragility float64)

// A Judge gives what an upstream (host/owner/name) is forecast by in a backtest. outOfFold tells that the model was trained on
// it, and that it is forecast by one that was not.
type Judge func(upstream string) (chances Chances, outOfFold bool)

// Judge gives m to a backtest: for a training project, the regressions that never saw it. There is no way to an in-sample
// forecast of one.
func (m *Model) Judge() Judge {
	return func(upstream string) (Chances, bool) {
		_, trained := m.Trained(upstream)
		return m.For(upstream).Chances, trained
	}
}

// A Case is one project-quarter: what was known on its first day, what was forecast, and what came.
type Case struct {
	AsOf                      int64 // Unix seconds
	Features                  Features
	Stop, Collapse, Fragility float64        // probabilities
	Outcome                   vitals.Outcome // nil where not yet known: such a case is left out of every figure
}

// Known tells whether the case counts.
func (c *Case) Known() bool { return c.Outcome.Stop != nil && c.Outcome.Collapse != nil }

// event tells whether the case counts for a task, and whether what the task forecasts came.
func (c *Case) event(task Task) (came, counts bool) {
	switch {
	case !c.Known():
		return false, false
	case task == TaskCollapse:
		return *c.Outcome.Collapse, true
	case task == TaskFragility:
		return *c.Outcome.Stop, c.Outcome.BusiestLeft != nil && *c.Outcome.BusiestLeft
	}
	return *c.Outcome.Stop, true
}

// score is what the case is ranked by for a task.
func (c *Case) score(task Task) float64 {
	switch task {
	case TaskCollapse:
		return c.Collapse
	case TaskFragility:
		return c.Fragility
	}
	return c.Stop
}

// A Project is one upstream in a backtest: every quarter at which it was active and not yet retired, oldest first.
type Project struct {
	Repo      string // as its archive's meta.json has it
	OutOfFold bool   // the model was trained on it; it was forecast by one that was not
	Retired   *int64 // Unix seconds; nil if it is not in the list of retirements
	Cases     []Case
	stops     []stop
}

// Project judges one history. retired is the date on which the upstream was retired, nil if it was not; nothing else is taken
// for a published end.
func (j Judge) Project(h *history.History, repo string, retired *int64) Project {
	p := Project{Repo: repo, Retired: retired}
	chances, outOfFold := j(h.Upstream)
	p.OutOfFold = outOfFold
	m := vitals.NewMeter(h)
	for _, t := range m.ActiveQuarters(retired) {
		f, active := FeaturesAt(m, t)
		if !active {
			continue
		}
		c := Case{AsOf: t, Features: f, Outcome: m.Outcome(t, retired)}
		c.Stop, c.Collapse, c.Fragility = chances(f)
		p.Cases = append(p.Cases, c)
	}
	p.stops = stopsOf(p.Cases, h, retired)
	return p
}

// A stop is one end of maintenance, which several quarters in a row forecast or miss.
type stop struct {
	date        int64 // the last human commit before the silent year, Unix seconds
	first, last int   // cases whose outcome it is
	from        int   // first case after the stop before this one: alarms are looked for from here on
}

// stopsOf finds the stops among the cases of one project. The silent year is that of the first case; where there is none,
// because work goes on after the retirement, the last human commit up to the retirement is the date.
func stopsOf(cases []Case, h *history.History, retired *int64) []stop {
	var stops []stop
	from := 0
	for i := 0; i < len(cases); i++ {
		t := cases[i].AsOf
		if came, counts := cases[i].event(TaskStop); !came || !counts {
			continue
		}
		s := stop{first: i, last: i, from: from}
		for k := i + 1; k < len(cases) && cases[k].AsOf <= t+2*vitals.Year; k++ {
			if came, counts := cases[k].event(TaskStop); !came || !counts {
				break
			}
			s.last = k
		}
		end := t + vitals.Year
		if retired != nil && *retired <= end && humanCommits(h, end, t+2*vitals.Year) >= 3 {
			end = *retired
		}
		s.date = lastHuman(h, end)
		stops = append(stops, s)
		from, i = s.last+1, s.last
	}
	return stops
}

// humanCommits counts those of (after, until].
func humanCommits(h *history.History, after, until int64) (n int) {
	for i := upTo(h, after); i < upTo(h, until); i++ {
		if h.Human(&h.Commits[i]) {
			n++
		}
	}
	return n
}

// lastHuman is the date of the last human commit up to t.
func lastHuman(h *history.History, t int64) int64 {
	for i := upTo(h, t) - 1; i >= 0; i-- {
		if h.Human(&h.Commits[i]) {
			return h.Commits[i].Committed
		}
	}
	return 0
}

// upTo is the number of commits up to t.
func upTo(h *history.History, t int64) int {
	return sort.Search(len(h.Commits), func(i int) bool { return h.Commits[i].Committed > t })
}

// Stops is how many ends of maintenance the project came to.
func (p *Project) Stops() int { return len(p.stops) }
