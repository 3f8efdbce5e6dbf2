package reference

import (
	"math"
	"slices"
	"strings"
	"time"

	"github.com/mainstay-oss/mainstay/internal/forecast"
	"github.com/mainstay-oss/mainstay/internal/vitals"
)

// precedents is how many past cases are shown.
const precedents = 3

// A dimension is one of the few things in which two project-quarters are compared, on a scale on which equal steps mean about
// equally much. Each counts alike, in units of its spread over all cases.
type dimension struct {
	name  string
	value func(f *forecast.Features) float64 // NaN where it cannot be said; that counts as the mean
}

var dimensions = []dimension{
	{"size", func(f *forecast.Features) float64 { return math.Log1p(f.Commits12m) }},
	{"trend", func(f *forecast.Features) float64 { return math.Log((f.Commits12m + 1) / (f.CommitsPrev12m + 1)) }},
	{"pace", func(f *forecast.Features) float64 { return math.Log((f.Commits3m*365/91 + 1) / (f.Commits12m + 1)) }},
	{"share", func(f *forecast.Features) float64 { return f.BusiestCommits / f.Commits12m }},
	{"absence factor", func(f *forecast.Features) float64 { return math.Log(f.AbsenceFactor) }},
	{"silence", func(f *forecast.Features) float64 { return math.Log1p(f.DaysSinceCommit) }},
	{"newcomers", func(f *forecast.Features) float64 { return math.Log1p(f.Newcomers12m) }},
	{"departed", func(f *forecast.Features) float64 { return f.Departed }},
	{"age", func(f *forecast.Features) float64 { return math.Log(f.Age) }},
}

// A point is where a project-quarter lies.
type point [9]float64

func (p *point) distance(q *point) float64 {
	sum := 0.0
	for i := range p {
		d := p[i] - q[i]
		sum += float64(d * d)
	}
	return math.Sqrt(sum / float64(len(p)))
}

// A past is a project-quarter whose outcome is known.
type past struct {
	project, month int // its place among the projects, and its month counted from 2012-01
	at             point
	outcome        int64
}

// cases are all quarters of the cohort that count in the backtest.
type cases struct {
	all      []past
	mean, sd point
}

func newCases(c *Cohort) *cases {
	outcome := c.blobs[colOutcome]
	if outcome == nil || len(c.Lacks()) > 0 {
		return &cases{}
	}
	var columns []forecast.Column
	for _, col := range forecast.Columns() {
		if slices.Contains(compared, col.Name) {
			columns = append(columns, col)
		}
	}
	s := &cases{}
	for i, p := range c.Projects {
		for row := c.starts[i]; row < c.starts[i+1]; row++ {
			if o := outcome.decoded()[row]; o != missing {
				k := past{project: i, month: p.First + row - c.starts[i], outcome: o}
				var f forecast.Features
				for _, col := range columns {
					*col.Of(&f) = c.value(col.Name, row)
				}
				for d := range dimensions {
					k.at[d] = dimensions[d].value(&f)
				}
				s.all = append(s.all, k)
			}
		}
	}
	for d := range dimensions {
		n := 0.0
		for i := range s.all {
			if x := s.all[i].at[d]; !math.IsNaN(x) {
				s.mean[d] += x
				n++
			}
		}
		s.mean[d] /= max(n, 1)
		for i := range s.all {
			if x := s.all[i].at[d]; !math.IsNaN(x) {
				s.sd[d] += float64((x - s.mean[d]) * (x - s.mean[d]))
			}
		}
		if s.sd[d] = math.Sqrt(s.sd[d] / max(n, 1)); s.sd[d] < 1e-9 {
			s.sd[d] = 1
		}
	}
	for i := range s.all {
		s.standardise(&s.all[i].at)
	}
	return s
}

func (s *cases) standardise(p *point) {
	for d := range p {
		if math.IsNaN(p[d]) {
			p[d] = 0
			continue
		}
		p[d] = (p[d] - s.mean[d]) / s.sd[d]
	}
}

// compared names the features that the dimensions use, so that no other column need be inflated.
var compared = []string{"commits_12m", "commits_prev_12m", "commits_3m", "busiest_commits", "absence_factor", "days_since_commit",
	"newcomers_12m", "departed_share", "age"}

// Outcomes of a precedent.
const (
	Stop      = "stop"      // fewer than 3 human commits in the second year after it, or retired in the first
	Collapse  = "collapse"  // under a fifth of its commits in that year
	Continued = "continued" // neither
)

// A Precedent is a past project-quarter that resembles an upstream, with what was known of it later.
type Precedent struct {
	Repo       string // owner/name on github.com
	AsOf       time.Time
	Outcome    string
	Distance   float64 // root mean square over the dimensions, in their standard deviations
	Commits12m int
	TopShare   float64
	// Retired is the date on which the project was retired, as far as it was known; zero else.
	Retired time.Time
	// SecondYear is the number of commits in the second year after; -1 where the history was not observed so long.
	SecondYear int
	// Later is the newest month for which the project's state was known, and State what it was.
	Later time.Time
	State vitals.State
}

// tooFar is the distance from which a case resembles nothing any more: of the cohort's own cases, 99 in 100 have three of other
// projects nearer (a test holds it to that).
const tooFar = 0.75

// Precedents gives the cases that resemble an upstream most, the nearest first, at most three and one of each project: its own
// history and that of a project under another name or of a fork (the same first human commit, or the same name with another
// owner) are left out. known is the day from which one looks: a case counts only if its outcome was known by then, and nothing later
// is told of it. firstCommit is the date of the upstream's first human commit.
func (c *Cohort) Precedents(f forecast.Features, upstream string, firstCommit int64, known time.Time) []Precedent {
	s := c.cases()
	at := s.place(&f)
	same := make([]bool, len(c.Projects))
	for i, p := range c.Projects {
		same[i] = p.twin(upstream, firstCommit)
	}
	var found []Precedent
	for _, n := range s.nearest(&at, precedents, func(k *past) bool { return !same[k.project] && c.knownBy(k, known) }) {
		if n.distance < tooFar {
			found = append(found, c.tell(n, known))
		}
	}
	return found
}

func (s *cases) place(f *forecast.Features) point {
	var at point
	for d := range dimensions {
		at[d] = dimensions[d].value(f)
	}
	s.standardise(&at)
	return at
}

// twin tells whether a project of the cohort is the upstream itself, under this name or another.
func (p *project) twin(upstream string, firstCommit int64) bool {
	own := id(p.Repo)
	upstream = strings.ToLower(upstream)
	name := func(s string) string { return s[strings.LastIndexByte(s, '/')+1:] }
	return own == upstream || name(own) == name(upstream) || firstCommit != 0 && p.FirstCommit == firstCommit
}

// knownBy tells whether what came of a case could be known on a day: the second year had gone by, or the project had been
// retired within the first.
func (c *Cohort) knownBy(k *past, known time.Time) bool {
	t := monthAt(k.month).Unix()
	retired := c.Projects[k.project].Retired
	return t+2*vitals.Year <= known.Unix() || retired != 0 && retired <= t+vitals.Year && retired <= known.Unix()
}

type neighbour struct {
	*past
	distance float64
}

// nearest gives the nearest case of each of the n nearest projects, the nearest first; ties by place in the cohort.
func (s *cases) nearest(at *point, n int, counts func(*past) bool) []neighbour {
	var best []neighbour // of distinct projects, sorted
	for i := range s.all {
		k := &s.all[i]
		d := at.distance(&k.at)
		if len(best) == n && d >= best[n-1].distance || !counts(k) {
			continue
		}
		if j := slices.IndexFunc(best, func(b neighbour) bool { return b.project == k.project }); j >= 0 {
			if best[j].distance <= d {
				continue
			}
			best = slices.Delete(best, j, j+1)
		}
		j, _ := slices.BinarySearchFunc(best, d, func(b neighbour, d float64) int {
			if b.distance <= d {
				return -1
			}
			return 1
		})
		best = slices.Insert(best, j, neighbour{k, d})
		best = best[:min(len(best), n)]
	}
	return best
}

// tell says what was known of a case on a day.
func (c *Cohort) tell(n neighbour, known time.Time) Precedent {
	p := &c.Projects[n.project]
	value := func(name string, month int) float64 {
		if month -= p.First; month < 0 || month >= p.Months {
			return math.NaN()
		}
		return c.value(name, c.starts[n.project]+month)
	}
	commits := value("commits_12m", n.month)
	told := Precedent{
		Repo: p.Repo, AsOf: monthAt(n.month), Distance: n.distance, Outcome: Continued,
		Commits12m: int(commits), TopShare: value("busiest_commits", n.month) / commits, SecondYear: -1,
	}
	switch {
	case n.outcome&outStop != 0:
		told.Outcome = Stop
	case n.outcome&outCollapse != 0:
		told.Outcome = Collapse
	}
	if p.Retired != 0 && p.Retired <= known.Unix() {
		told.Retired = time.Unix(p.Retired, 0).UTC()
	}
	// A year back from two calendar years on is the second year, but for the days of leap years.
	if second := value("commits_12m", n.month+24); !math.IsNaN(second) && n.month+24 <= monthOf(known) {
		told.SecondYear = int(second)
	}
	later := min(monthOf(known), p.First+p.Months-1)
	told.Later, told.State = monthAt(later), vitals.Active
	switch {
	case !told.Retired.IsZero() && !told.Retired.After(told.Later):
		told.State = vitals.Ended
	case value(colState, later) > 0:
		told.State = vitals.Quiet
	}
	return told
}
