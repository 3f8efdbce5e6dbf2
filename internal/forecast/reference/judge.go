package reference

import (
	"fmt"
	"io"
	"slices"

	"github.com/mainstay-oss/mainstay/internal/forecast"
)

// A Judgement says how far precedents tell what comes: of every case of the cohort, the share of its precedents that
// stopped and that collapsed, beside its own outcome. A case's own project, and its twins, are never among its precedents.
type Judgement struct {
	Cases, Projects int
	// By number of precedents: 3 as shown, and more to see what showing few costs.
	Votes []Vote
	// Nearest are the distances to the nearest case and to the third, for every case, sorted.
	Nearest, Third []float64
}

// Vote is the precedents' share with an outcome as a forecast of it.
type Vote struct {
	Precedents     int
	Stop, Collapse forecast.Metrics
}

// Judge lets every case be judged by those of other projects.
func (c *Cohort) Judge() Judgement {
	s := c.cases()
	numbers := []int{precedents, 25}
	j := Judgement{Cases: len(s.all)}
	twins := c.twins()
	stop, collapse := make([][]float64, len(numbers)), make([][]float64, len(numbers))
	var stopped, collapsed []bool
	seen := map[int]bool{}
	for i := range s.all {
		k := &s.all[i]
		seen[k.project] = true
		stopped = append(stopped, k.outcome&outStop != 0)
		collapsed = append(collapsed, k.outcome&outCollapse != 0)
		near := s.nearest(&k.at, numbers[len(numbers)-1], func(other *past) bool { return !twins[k.project][other.project] })
		for n, most := range numbers {
			stop[n] = append(stop[n], share(near[:min(most, len(near))], outStop))
			collapse[n] = append(collapse[n], share(near[:min(most, len(near))], outCollapse))
		}
		if len(near) >= precedents {
			j.Nearest, j.Third = append(j.Nearest, near[0].distance), append(j.Third, near[precedents-1].distance)
		}
	}
	j.Projects = len(seen)
	slices.Sort(j.Nearest)
	slices.Sort(j.Third)
	for n, most := range numbers {
		j.Votes = append(j.Votes, Vote{most, forecast.Measure(stop[n], stopped), forecast.Measure(collapse[n], collapsed)})
	}
	return j
}

// twins tells of every project which others are itself.
func (c *Cohort) twins() [][]bool {
	all := make([][]bool, len(c.Projects))
	for i, p := range c.Projects {
		all[i] = make([]bool, len(c.Projects))
		for k, q := range c.Projects {
			all[i][k] = q.twin(id(p.Repo), p.FirstCommit)
		}
	}
	return all
}

func share(near []neighbour, bit int64) float64 {
	n := 0
	for _, k := range near {
		if k.outcome&bit != 0 {
			n++
		}
	}
	return float64(n) / float64(max(len(near), 1))
}

// Report writes the judgement.
func (j Judgement) Report(w io.Writer) error {
	at := func(sorted []float64, q float64) float64 {
		if len(sorted) == 0 {
			return 0
		}
		return sorted[int(q*float64(len(sorted)-1))]
	}
	_, err := fmt.Fprintf(w, "%d project-quarters of %d projects, each judged by the nearest quarters of other projects, one of each\n", j.Cases, j.Projects)
	for _, v := range j.Votes {
		if err == nil {
			_, err = fmt.Fprintf(w, "share of the %2d nearest with the outcome: stop AUC %.3f, average precision %.3f; collapse AUC %.3f, average precision %.3f\n",
				v.Precedents, v.Stop.AUC, v.Stop.AP, v.Collapse.AUC, v.Collapse.AP)
		}
	}
	if err == nil {
		_, err = fmt.Fprintf(w, "distance to the nearest: median %.2f, 99 %% %.2f; to the third: median %.2f, 99 %% %.2f standard deviations\n",
			at(j.Nearest, 0.5), at(j.Nearest, 0.99), at(j.Third, 0.5), at(j.Third, 0.99))
	}
	return err
}
