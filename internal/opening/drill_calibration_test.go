package opening

import (
	"cmp"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mainstay-oss/mainstay/internal/forecast"
	"github.com/mainstay-oss/mainstay/internal/need"
	"github.com/mainstay-oss/mainstay/internal/people"
	"github.com/mainstay-oss/mainstay/internal/vitals"
)

// Who left, of the year's people, in the order of doc/forecast.md.
var leftCases = []struct {
	name string
	// pick gives places in the crew, none where the case does not apply. member tells who is the largest organisation's, left by
	// place who really left.
	pick func(c *crew, member func(person int32) bool, left []bool) [][]int
}{
	{"the busiest", func(c *crew, _ func(int32) bool, _ []bool) [][]int { return [][]int{{0}} }},
	{"the second busiest", func(c *crew, _ func(int32) bool, _ []bool) [][]int { return places(c, 1) }},
	{"the two busiest", func(c *crew, _ func(int32) bool, _ []bool) [][]int { return places(c, 0, 1) }},
	{"two of the three busiest, each pair", func(c *crew, _ func(int32) bool, _ []bool) (all [][]int) {
		for _, pair := range [][]int{{0, 1}, {0, 2}, {1, 2}} {
			all = append(all, places(c, pair...)...)
		}
		return all
	}},
	{"of the three busiest those who left, two or more", func(c *crew, _ func(int32) bool, left []bool) [][]int {
		var who []int
		for i := range min(3, len(left)) {
			if left[i] {
				who = append(who, i)
			}
		}
		if len(who) < 2 {
			return nil
		}
		return [][]int{who}
	}},
	{"the three busiest", func(c *crew, _ func(int32) bool, _ []bool) [][]int { return places(c, 0, 1, 2) }},
	{"the five busiest", func(c *crew, _ func(int32) bool, _ []bool) [][]int { return places(c, 0, 1, 2, 3, 4) }},
	{"the largest organisation's, two or more", func(c *crew, member func(int32) bool, _ []bool) [][]int {
		var ours []int
		for i := range c.people {
			if member(c.people[i].person) {
				ours = append(ours, i)
			}
		}
		if len(ours) < 2 {
			return nil
		}
		return [][]int{ours}
	}},
	{"three quarters of the work", most(0.75)},
	{"nine tenths of the work", most(0.9)},
	{"everybody", func(c *crew, _ func(int32) bool, _ []bool) [][]int {
		var all []int
		for i := range c.people {
			all = append(all, i)
		}
		return [][]int{all}
	}},
}

// most picks the fewest who made so much of the work.
func most(share float64) func(*crew, func(int32) bool, []bool) [][]int {
	return func(c *crew, _ func(int32) bool, _ []bool) [][]int {
		var who []int
		sum := 0
		for i := 0; float64(sum) < share*c.features.Commits12m; i++ {
			sum += c.people[i].commits
			who = append(who, i)
		}
		return [][]int{who}
	}
}

func places(c *crew, who ...int) [][]int {
	if who[len(who)-1] >= len(c.people) {
		return nil
	}
	return [][]int{who}
}

// leftFigures are how a case was judged on the project-quarters in which they really left.
type leftFigures struct {
	said     []float64
	came     []bool
	projects map[string]bool
	left     []Departure // their Stop is the model's word alone
	fold     []int
}

// rate is how often maintenance stopped.
func (f *leftFigures) rate() float64 {
	return float64(forecast.Measure(f.said, f.came).Positives) / float64(len(f.came))
}

// TestTheCardSaysHowDrillsAreJudged lets leave who really left, in every project-quarter of the training histories, and compares
// what is said, by models that never saw the project, with what came. It holds the table of doc/forecast.md against that.
func TestTheCardSaysHowDrillsAreJudged(t *testing.T) {
	t.Parallel()
	dates := retirements(t)
	figures := make([]leftFigures, len(leftCases))
	for i := range figures {
		figures[i].projects = map[string]bool{}
	}
	for _, h := range archives(t, filepath.Join(need.Shared(t), "data", "histories"), 1) {
		var retired *int64
		if at, ok := dates[strings.TrimPrefix(h.Upstream, "github.com/")]; ok {
			retired = &at
		}
		model, m := forecast.Default().For(h.Upstream), vitals.NewMeter(h)
		later := people.NewIndex(h)
		for _, at := range m.Quarters(retired) {
			c, active := crewAt(m, at)
			if !active {
				t.Fatalf("%s is not active at %d", h.Upstream, at)
			}
			left := whoLeft(m, c, later.At(at+2*vitals.Year))
			stop := *m.Outcome(at, retired).Stop
			member := largest(m, c)
			for k := range leftCases {
				for _, who := range leftCases[k].pick(c, member, left) {
					gone, really, commits := make([]bool, len(c.people)), true, 0
					for _, i := range who {
						gone[i] = true
						really = really && left[i]
						commits += c.people[i].commits
					}
					if !really {
						continue
					}
					f := &figures[k]
					d := c.without(model, func(p int32) bool {
						return gone[slices.IndexFunc(c.people, func(h hand) bool { return h.person == p })]
					})
					f.said, f.came = append(f.said, d.Stop), append(f.came, stop)
					f.projects[h.Upstream] = true
					d.Stop = c.judged(model, gone, commits, who[0])
					f.left = append(f.left, d)
					f.fold = append(f.fold, forecast.Fold(strings.TrimPrefix(h.Upstream, "github.com/")))
				}
			}
		}
	}
	card, err := os.ReadFile(filepath.Join(need.Root(t), "doc", "forecast.md"))
	if err != nil {
		t.Fatal(err)
	}
	for k, f := range figures {
		m := forecast.Measure(f.said, f.came)
		row := fmt.Sprintf("| %s | %d of %d | %.1f %% | %.1f %% | %.3f | %.3f | %.3f |", leftCases[k].name, len(f.said), len(f.projects),
			100*mean(f.said), 100*f.rate(), m.AUC, m.Skill, m.ECE)
		t.Log(row)
		bins := "| " + leftCases[k].name + " |"
		order := make([]int, len(f.said))
		for i := range order {
			order[i] = i
		}
		slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(f.said[a], f.said[b]) })
		for _, b := range forecast.Bins(f.said, f.came, order, 5) {
			bins += fmt.Sprintf(" %.0f → %.0f %% |", 100*b.Forecast, 100*b.Frequency)
		}
		t.Log(bins)
		var word []float64
		for _, d := range f.left {
			word = append(word, d.Stop)
		}
		alone := forecast.Measure(word, f.came)
		t.Logf("%s: the model alone says %.1f %%, skill %.3f, ECE %.3f", leftCases[k].name, 100*mean(word), alone.Skill, alone.ECE)
		for _, line := range []string{row, bins} {
			if !strings.Contains(string(card), line) {
				t.Errorf("doc/forecast.md does not say %q", line)
			}
		}
	}
	last := len(figures) - 1
	starts := likeliestStarts(figures[last-2 : last])
	t.Logf("leastStop is likeliest to start, without each fold in turn, at %v", starts)
	if mid := median(starts); math.Abs(mid-mostShare) > 0.05 {
		t.Errorf("leastStop should start at %.2f, not %.2f", mid, mostShare)
	}
	everybody := figures[last]
	if rate := everybody.rate(); rate < emptyStop-0.005 || rate > emptyStop+0.005 {
		t.Errorf("where all had gone maintenance stopped in %.3f, the program has %v", rate, emptyStop)
	}
}

// likeliestStarts gives for each fold the share from which on leastStop makes what came likeliest on the others.
func likeliestStarts(figures []leftFigures) []float64 {
	starts := make([]float64, 8)
	for fold := range starts {
		best := math.Inf(-1)
		for start := 0.0; start < 0.99; start += 0.05 {
			sum := 0.0
			for _, f := range figures {
				for i, d := range f.left {
					if f.fold[i] == fold {
						continue
					}
					p := d.Stop
					if d.People > 1 {
						p = max(p, emptyStop*(d.Share-start)/(1-start))
					}
					if !f.came[i] {
						p = 1 - p
					}
					sum += math.Log(p)
				}
			}
			if sum > best {
				best, starts[fold] = sum, math.Round(start*100)/100
			}
		}
	}
	return starts
}

func mean(values []float64) (sum float64) {
	for _, x := range values {
		sum += x / float64(len(values))
	}
	return sum
}

// whoLeft tells of each of the crew whether they made no commit in the second year; later are the persons at its end.
func whoLeft(m *vitals.Meter, c *crew, later *people.Persons) []bool {
	h := m.History()
	there := map[int32]bool{}
	for i := range h.Commits {
		if at := h.Commits[i].Committed; h.Human(&h.Commits[i]) && at > c.t+vitals.Year && at <= c.t+2*vitals.Year {
			there[later.Of(h.Commits[i].Author)] = true
		}
	}
	list := m.People(c.t)
	left := make([]bool, len(list))
	for i := range list {
		left[i] = !there[later.Of(list[i].Identity)]
	}
	return left
}

// largest picks who is attributed, by the table of domains, to the organisation with most of the year's commits.
func largest(m *vitals.Meter, c *crew) func(person int32) bool {
	h := m.History()
	claims := (*people.Register)(nil).Attribute(h, m.Persons(c.t), c.t)
	commits := make([]int, len(claims.Organisations))
	best := 0
	for i := range h.Commits {
		if h.Commits[i].Committed > c.t {
			break
		}
		if h.Commits[i].Committed <= c.t-vitals.Year || !h.Human(&h.Commits[i]) {
			continue
		}
		if o := claims.Commit(i).Organisation; o >= 0 {
			if commits[o]++; commits[o] > commits[best] {
				best = int(o)
			}
		}
	}
	if len(commits) == 0 {
		return func(int32) bool { return false }
	}
	attributed, _ := Members(m, claims, claims.Organisations[best:best+1], c.t)
	return attributed
}
