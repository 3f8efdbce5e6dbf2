package forecast

import (
	"fmt"
	"io"
	"math"
)

// A Baseline is a rule that people use today: a score from one feature that is higher where a stop is likelier.
type Baseline struct {
	Code  string // the same in every language
	Name  string
	Score func(f *Features) float64
}

// Baselines are the rules that the model is judged beside.
var Baselines = []Baseline{
	{"absence_factor", "absence factor", func(f *Features) float64 { return -f.AbsenceFactor }},
	{"days_since_release", "age of last release (Renovate)", func(f *Features) float64 { return or(f.DaysSinceRelease, math.Inf(1)) }},
	{"days_since_commit", "days since last commit", func(f *Features) float64 { return f.DaysSinceCommit }},
	{"commits_3m", "commits in 91 days (Maintained)", func(f *Features) float64 { return -f.Commits3m }},
}

// Report writes the out-of-fold figures of a table beside the baselines, with intervals over projects drawn with replacement.
func (f Forecasts) Report(w io.Writer) error {
	number := map[string]int32{}
	project := make([]int32, len(f.Rows))
	for i := range f.Rows {
		n, known := number[f.Rows[i].Repo]
		if !known {
			n = int32(len(number))
			number[f.Rows[i].Repo] = n
		}
		project[i] = n
	}
	drawn := resamples(len(number), Draws)
	for _, task := range Tasks {
		rows, outcome := f.of(task)
		pick := func(score func(i int) float64) (scores []float64) {
			for _, i := range rows {
				scores = append(scores, score(i))
			}
			return scores
		}
		var of []int32
		for _, i := range rows {
			of = append(of, project[i])
		}
		own := pick(func(i int) float64 { return f.scores(task)[i] })
		m := Measure(own, outcome)
		if _, err := fmt.Fprintf(w, "\n%s: %d project-quarters, %d with the outcome; out-of-fold\n%-32s  %-21s  %-21s  %s\n",
			task, m.Rows, m.Positives, "", "AUC", "average precision", "recall at 5 %"); err != nil {
			return err
		}
		line := func(name string, scores []float64) error {
			j := judgeAll(rank(scores, outcome, of), drawn, false)
			_, err := fmt.Fprintf(w, "%-32s  %-21s  %-21s  %s\n", name, j.auc(), j.ap(), j.recall())
			return err
		}
		for _, b := range Baselines {
			if err := line(b.Name, pick(func(i int) float64 { return b.Score(&f.Rows[i].Features) })); err != nil {
				return err
			}
		}
		if err := line("this model", own); err != nil {
			return err
		}
		if _, err := fmt.Fprintf(w, "this model: Brier %.4f, skill %.3f, ECE %.4f, recalibration slope %.2f\n", m.Brier, m.Skill, m.ECE, m.Calibrate.Slope); err != nil {
			return err
		}
	}
	return nil
}

// of gives the rows of a task, and whether each has its outcome.
func (f Forecasts) of(task Task) (rows []int, outcome []bool) {
	for i := range f.Rows {
		r := &f.Rows[i]
		switch {
		case task == TaskCollapse:
			outcome = append(outcome, r.Collapse)
		case task == TaskStop || r.Left:
			outcome = append(outcome, r.Stop)
		default:
			continue
		}
		rows = append(rows, i)
	}
	return rows, outcome
}

func (f Forecasts) scores(task Task) []float64 {
	switch task {
	case TaskCollapse:
		return f.Collapse
	case TaskFragility:
		return f.Fragility
	}
	return f.Stop
}

func (s Spread) String() string { return fmt.Sprintf("%.3f (%.3f to %.3f)", s.Value, s.Low, s.High) }
