package forecast

import (
	"math"
	"slices"
)

// Metrics say how good a set of forecasts is. Definitions as in doc/forecast.md; ties are counted fairly everywhere.
type Metrics struct {
	Rows      int     `json:"rows"`
	Positives int     `json:"positives"`
	AUC       float64 `json:"auc"`       // chance that a row with the outcome is ranked above one without; a tie counts half
	AP        float64 `json:"ap"`        // average precision: Σ (recall gained × precision) over distinct scores from the top
	Recall5   float64 `json:"recall_5"`  // share of the outcomes above the score that at most 5 % of the others exceed
	Brier     float64 `json:"brier"`     // mean squared error of the probabilities
	Skill     float64 `json:"skill"`     // 1 - Brier / Brier of the prevalence
	ECE       float64 `json:"ece"`       // mean distance of forecast and frequency over 10 bins of equal mass
	Calibrate Slope   `json:"calibrate"` // logistic recalibration of the forecasts: slope 1 and intercept 0 are perfect
}

// Slope is a line on the log-odds scale (Cox 1958): the log-odds that would have been right for the log-odds given.
type Slope struct {
	Slope     float64 `json:"slope"`
	Intercept float64 `json:"intercept"`
}

// Measure judges scores against outcomes. For scores that are no probabilities, only AUC, AP and Recall5 mean anything.
func Measure(scores []float64, outcome []bool) Metrics {
	r := rank(scores, outcome, nil)
	once := r.judge(r.once())
	m := Metrics{
		Rows: len(scores), Positives: once.positives,
		AUC: once.auc, AP: once.ap, Recall5: once.recall, Brier: once.brier, Skill: once.skill, ECE: once.ece,
	}
	if m.Rows > 0 {
		m.Calibrate = recalibrate(scores, outcome)
	}
	return m
}

// byScore lists indices by falling score; ties stay in the order given.
func byScore(scores []float64) []int {
	order := make([]int, len(scores))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case scores[a] > scores[b]:
			return -1
		case scores[a] < scores[b]:
			return 1
		}
		return 0
	})
	return order
}

// A Bin is one stretch of forecasts and what became of them.
type Bin struct {
	Rows      int     `json:"rows"`
	Forecast  float64 `json:"forecast"`  // mean probability
	Frequency float64 `json:"frequency"` // share with the outcome
}

// Bins cuts the rows in the given order into bins whose sizes differ by at most one; empty bins are left out.
func Bins(scores []float64, outcome []bool, order []int, bins int) []Bin {
	var out []Bin
	for k := range bins {
		part := order[k*len(order)/bins : (k+1)*len(order)/bins]
		if len(part) == 0 {
			continue
		}
		b := Bin{Rows: len(part)}
		for _, i := range part {
			b.Forecast += scores[i]
			b.Frequency += indicator(outcome[i])
		}
		b.Forecast /= float64(len(part))
		b.Frequency /= float64(len(part))
		out = append(out, b)
	}
	return out
}

// recalibrate fits outcome = sigmoid(intercept + slope × logit(score)) without a penalty to speak of.
func recalibrate(scores []float64, outcome []bool) Slope {
	s := sample{y: outcome}
	for _, p := range scores {
		p = math.Min(math.Max(p, 1e-6), 1-1e-6)
		s.x = append(s.x, []float64{math.Log(p / (1 - p))})
	}
	l := fit(s, []int{0}, 1e-6, nil)
	return Slope{Slope: l.Weights[0], Intercept: l.Intercept}
}
