package forecast

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Mainstay is the code of the model among the methods of a report.
const Mainstay = "mainstay"

// A Backtest is what a model and the baselines forecast for a set of projects, and what came.
type Backtest struct {
	Projects []Project
	// Listed tells that a list of retirements was given. Without one, projects that were ended by decision count as alive for as
	// long as somebody commits, and none is called listed or unlisted.
	Listed bool
}

// TaskFigures are the figures for one task.
type TaskFigures struct {
	Task   Task
	Groups []Group // the first holds all cases
	Bins   []Bin   // calibration of the model over all cases, 10 bins of equal mass; empty if too few
}

// A Group is a part of the cases that count for a task. Groups without cases are left out.
type Group struct {
	By    string // all, size, year, judged or retired
	Value string // of By: "50-199", "2019", "out_of_fold"
	// Projects and Quarters that count, and those with the outcome.
	Projects, Quarters, EventProjects, Events int
	Methods                                   []MethodFigures // the baselines, then the model
	calmProjects                              int             // projects with a quarter without the outcome
}

// MethodFigures say how good one method was on one group. Figures that rest on too few cases are not known.
type MethodFigures struct {
	Method            string // code of a baseline, or Mainstay
	AUC, AP, Recall5  Spread
	Brier, Skill, ECE Spread // of the model alone: a baseline's score is no probability
	Lead              *Lead  // for stops; nil if there are none or too few
}

// A figure needs so many cases with the outcome and without it, each from so many projects.
const (
	LeastCases    = 10
	LeastProjects = 5
)

// Ways to part the cases.
const (
	ByAll     = "all"
	BySize    = "size"    // human commits in the 365 days before
	ByYear    = "year"    // of the quarter
	ByJudged  = "judged"  // out_of_fold or unseen
	ByRetired = "retired" // listed or unlisted
)

// A size is a class of projects by their human commits in a year.
type size struct {
	name  string
	under float64
}

var sizes = []size{{"12-49", 50}, {"50-199", 200}, {"200-999", 1000}, {"1000+", math.Inf(1)}}

// parts gives the group of a case by each way.
func (b *Backtest) parts(p *Project, c *Case) map[string]string {
	parts := map[string]string{ByAll: ByAll, ByYear: strconv.Itoa(time.Unix(c.AsOf, 0).UTC().Year()), ByJudged: "unseen"}
	for _, s := range sizes {
		if c.Features.Commits12m < s.under {
			parts[BySize] = s.name
			break
		}
	}
	if p.OutOfFold {
		parts[ByJudged] = "out_of_fold"
	}
	if b.Listed {
		parts[ByRetired] = "unlisted"
		if p.Retired != nil {
			parts[ByRetired] = "listed"
		}
	}
	return parts
}

// orderOf sorts the values of a way as people expect them.
func orderOf(by, value string) string {
	if by == BySize {
		return strconv.Itoa(slices.IndexFunc(sizes, func(s size) bool { return s.name == value }))
	}
	return value
}

// Figures judges every method on every group of every task. Intervals come from drawing the projects with replacement; the
// same draws serve all. The order of the projects has no say.
func (b *Backtest) Figures() []TaskFigures { return b.figures(Draws) }

func (b *Backtest) figures(draws int) []TaskFigures {
	s := newSession(b, draws)
	var out []TaskFigures
	for _, task := range Tasks {
		out = append(out, s.task(task))
	}
	return out
}

// A session holds what the figures of one backtest share.
type session struct {
	projects []Project // sorted
	parts    [][]map[string]string
	drawn    [][]int32
	methods  []method
}

// A method scores every case, for every task.
type method struct {
	code  string
	score func(c *Case, task Task) float64
}

func newSession(b *Backtest, draws int) *session {
	s := &session{}
	for _, p := range b.Projects {
		if slices.ContainsFunc(p.Cases, func(c Case) bool { return c.Known() }) {
			s.projects = append(s.projects, p)
		}
	}
	slices.SortFunc(s.projects, func(a, b Project) int { return strings.Compare(a.Repo, b.Repo) })
	for i := range s.projects {
		p := &s.projects[i]
		var parts []map[string]string
		for k := range p.Cases {
			parts = append(parts, b.parts(p, &p.Cases[k]))
		}
		s.parts = append(s.parts, parts)
	}
	s.drawn = resamples(len(s.projects), draws)
	for _, rule := range Baselines {
		s.methods = append(s.methods, method{rule.Code, func(c *Case, _ Task) float64 { return rule.Score(&c.Features) }})
	}
	s.methods = append(s.methods, method{Mainstay, (*Case).score})
	return s
}

// A place is where a case stands: number of its project, and number within it.
type place struct{ project, number int }

func (s *session) at(p place) *Case { return &s.projects[p.project].Cases[p.number] }

// task judges all methods on all groups.
func (s *session) task(task Task) TaskFigures {
	cases := map[[2]string][]place{}
	for i := range s.projects {
		for k := range s.projects[i].Cases {
			if _, counts := s.projects[i].Cases[k].event(task); !counts {
				continue
			}
			for by, value := range s.parts[i][k] {
				key := [2]string{by, value}
				cases[key] = append(cases[key], place{i, k})
			}
		}
	}
	out := TaskFigures{Task: task, Groups: []Group{{By: ByAll, Value: ByAll}}} // the first stands even where nothing counts
	for key := range cases {
		if key[0] != ByAll {
			out.Groups = append(out.Groups, Group{By: key[0], Value: key[1]})
		}
	}
	order := []string{ByAll, ByJudged, ByRetired, BySize, ByYear}
	slices.SortFunc(out.Groups, func(a, b Group) int {
		return cmp.Or(cmp.Compare(slices.Index(order, a.By), slices.Index(order, b.By)), strings.Compare(orderOf(a.By, a.Value), orderOf(b.By, b.Value)))
	})

	// All cases first: they give the thresholds of each draw, by which leads are judged in every group.
	all := make([]judged, len(s.methods))
	stops := make([][][]stopAlarm, len(s.methods)) // by method and draw; the last one is of the set as it is
	parallel(len(s.methods), func(m int) {
		all[m] = s.judge(task, s.methods[m], cases[[2]string{ByAll, ByAll}])
		if task == TaskStop {
			stops[m] = s.alarms(s.methods[m], all[m])
		}
	})
	figures := make([]MethodFigures, len(out.Groups)*len(s.methods))
	for g := range out.Groups {
		s.count(task, &out.Groups[g], cases[[2]string{out.Groups[g].By, out.Groups[g].Value}])
	}
	parallel(len(figures), func(n int) {
		g, m := &out.Groups[n/len(s.methods)], n%len(s.methods)
		j := all[m]
		if g.By != ByAll {
			j = s.judge(task, s.methods[m], cases[[2]string{g.By, g.Value}])
		}
		figures[n] = s.spreads(s.methods[m].code, g, j)
		if task == TaskStop {
			figures[n].Lead = s.lead(g, stops[m])
		}
	})
	for g := range out.Groups {
		out.Groups[g].Methods = figures[g*len(s.methods) : (g+1)*len(s.methods)]
	}
	if whole := out.Groups[0].Methods[len(s.methods)-1]; !math.IsNaN(whole.ECE.Value) {
		out.Bins = s.bins(task, cases[[2]string{ByAll, ByAll}])
	}
	return out
}

// count fills in how much a group rests on.
func (s *session) count(task Task, g *Group, cases []place) {
	projects, with, without := map[int]bool{}, map[int]bool{}, map[int]bool{}
	for _, p := range cases {
		projects[p.project] = true
		if came, _ := s.at(p).event(task); came {
			with[p.project] = true
			g.Events++
		} else {
			without[p.project] = true
		}
	}
	g.Quarters, g.Projects, g.EventProjects, g.calmProjects = len(cases), len(projects), len(with), len(without)
}
