package forecast

import (
	"fmt"
	"io"
	"math"
	"slices"
)

// A Baseline is a rule that people use today: a score from one feature that is higher where a stop is likelier.
type Baseline struct {
	Name  string
	Score func(f *Features) float64
}

// Baselines are the rules that the model is judged beside.
var Baselines = []Baseline{
	{"absence factor", func(f *Features) float64 { return -f.AbsenceFactor }},
	{"age of last release (Renovate)", func(f *Features) float64 { return or(f.DaysSinceRelease, math.Inf(1)) }},
	{"days since last commit", func(f *Features) float64 { return f.DaysSinceCommit }},
	{"commits in 91 days (Maintained)", func(f *Features) float64 { return -f.Commits3m }},
}

// draws is the number of bootstrap draws behind the intervals of a report.
const draws = 200

// Report writes the out-of-fold figures beside the baselines, with 95 % intervals over projects drawn with replacement.
func (f Forecasts) Report(w io.Writer) error {
	stop := outcomeOf(f.Rows, func(r *Row) bool { return r.Stop })
	collapse := outcomeOf(f.Rows, func(r *Row) bool { return r.Collapse })
	left := outcomeOf(f.Rows, func(r *Row) bool { return r.Left })
	everywhere := outcomeOf(f.Rows, func(*Row) bool { return true })
	figures := f.Figures()
	for _, task := range []struct {
		name    string
		outcome []bool
		where   []bool
		scores  []float64
		metrics Metrics
	}{
		{"stop", stop, everywhere, f.Stop, figures.Stop},
		{"collapse", collapse, everywhere, f.Collapse, figures.Collapse},
		{"stop, given that the busiest person left (fragility)", stop, left, f.Fragility, figures.Fragility},
	} {
		if _, err := fmt.Fprintf(w, "\n%s: %d project-quarters, %d with the outcome; out-of-fold\n%-32s  %-21s  %-21s  %s\n",
			task.name, task.metrics.Rows, task.metrics.Positives, "", "AUC", "average precision", "recall at 5 %"); err != nil {
			return err
		}
		line := func(name string, scores []float64) error {
			auc, ap, recall := f.spread(scores, task.outcome, task.where)
			_, err := fmt.Fprintf(w, "%-32s  %-21s  %-21s  %s\n", name, auc, ap, recall)
			return err
		}
		for _, b := range Baselines {
			scores := make([]float64, len(f.Rows))
			for i := range f.Rows {
				scores[i] = b.Score(&f.Rows[i].Features)
			}
			if err := line(b.Name, scores); err != nil {
				return err
			}
		}
		if err := line("this model", task.scores); err != nil {
			return err
		}
		if _, err := fmt.Fprintf(w, "this model: Brier %.4f, skill %.3f, ECE %.4f, recalibration slope %.2f\n",
			task.metrics.Brier, task.metrics.Skill, task.metrics.ECE, task.metrics.Calibrate.Slope); err != nil {
			return err
		}
	}
	return nil
}

// A Spread is a figure with its 95 % interval.
type Spread struct{ Value, Low, High float64 }

func (s Spread) String() string { return fmt.Sprintf("%.3f (%.3f to %.3f)", s.Value, s.Low, s.High) }

// spread computes the ranking figures on the rows picked by where, and again on projects drawn with replacement.
func (f Forecasts) spread(scores []float64, outcome, where []bool) (auc, ap, recall Spread) {
	var order, project []int
	number := map[string]int{}
	for _, i := range byScore(scores) {
		if where[i] {
			order = append(order, i)
		}
	}
	for i := range f.Rows {
		repo := f.Rows[i].Repo
		if _, known := number[repo]; !known {
			number[repo] = len(number)
		}
		project = append(project, number[repo])
	}
	drawn := make([][3]float64, draws)
	parallel(draws, func(d int) {
		a, p, r := ranking(scores, outcome, order, draw(uint64(d), project, len(number)))
		drawn[d] = [3]float64{a, p, r}
	})
	a, p, r := ranking(scores, outcome, order, nil)
	point := [3]float64{a, p, r}
	out := make([]Spread, 3)
	for k := range out {
		var values []float64
		for _, d := range drawn {
			if !math.IsNaN(d[k]) {
				values = append(values, d[k])
			}
		}
		slices.Sort(values)
		out[k] = Spread{point[k], quantile(values, 0.025), quantile(values, 0.975)}
	}
	return out[0], out[1], out[2]
}
