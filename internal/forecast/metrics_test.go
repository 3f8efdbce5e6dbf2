package forecast

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestMetricsAgreeWithTheirDefinitions compares with slow code written straight from the definitions, with many ties.
func TestMetricsAgreeWithTheirDefinitions(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		n := 2 + random.IntN(60)
		levels := 1 + random.IntN(30)
		scores, outcome := make([]float64, n), make([]bool, n)
		for i := range scores {
			scores[i] = (0.5 + float64(random.IntN(levels))) / float64(levels+1)
			outcome[i] = random.IntN(3) == 0
		}
		outcome[0], outcome[1] = true, false
		m := Measure(scores, outcome)
		for _, c := range []struct {
			name      string
			got, want float64
		}{
			{"AUC", m.AUC, slowAUC(scores, outcome)},
			{"AP", m.AP, slowAP(scores, outcome)},
			{"Recall5", m.Recall5, slowRecall(scores, outcome)},
			{"Brier", m.Brier, slowBrier(scores, outcome)},
		} {
			if math.Abs(c.got-c.want) > 1e-12 {
				t.Fatalf("%s = %v, want %v for %v %v", c.name, c.got, c.want, scores, outcome)
			}
		}
		if m.ECE < 0 || m.ECE > 1 || m.Skill > 1 {
			t.Fatalf("ECE %v, skill %v", m.ECE, m.Skill)
		}
	}
}

func slowAUC(s []float64, y []bool) float64 {
	sum, pairs := 0.0, 0.0
	for i := range s {
		for j := range s {
			if y[i] && !y[j] {
				pairs++
				switch {
				case s[i] > s[j]:
					sum++
				case s[i] == s[j]:
					sum += 0.5
				}
			}
		}
	}
	return sum / pairs
}

// above counts rows scoring at least the threshold, with and without the outcome.
func above(s []float64, y []bool, threshold float64) (hits, alarms float64) {
	for i := range s {
		if s[i] >= threshold {
			if y[i] {
				hits++
			} else {
				alarms++
			}
		}
	}
	return hits, alarms
}

func thresholds(s []float64) []float64 {
	d := slices.Clone(s)
	slices.Sort(d)
	d = slices.Compact(d)
	slices.Reverse(d)
	return d
}

func slowAP(s []float64, y []bool) float64 {
	all, _ := above(s, y, math.Inf(-1))
	ap, recall := 0.0, 0.0
	for _, threshold := range thresholds(s) {
		hits, alarms := above(s, y, threshold)
		ap += (hits/all - recall) * hits / (hits + alarms)
		recall = hits / all
	}
	return ap
}

func slowRecall(s []float64, y []bool) float64 {
	all, none := above(s, y, math.Inf(-1))
	best := 0.0
	for _, threshold := range thresholds(s) {
		if hits, alarms := above(s, y, threshold); alarms <= 0.05*none+1e-9 {
			best = max(best, hits/all)
		}
	}
	return best
}

func slowBrier(s []float64, y []bool) float64 {
	sum := 0.0
	for i := range s {
		if y[i] {
			sum += (1 - s[i]) * (1 - s[i]) / float64(len(s))
		} else {
			sum += s[i] * s[i] / float64(len(s))
		}
	}
	return sum
}

func TestMetricsOfPlainCases(t *testing.T) {
	t.Parallel()
	outcome := make([]bool, 1000)
	right, constant, half := make([]float64, 1000), make([]float64, 1000), make([]float64, 1000)
	for i := range outcome {
		outcome[i] = i%10 == 0
		right[i] = indicator(outcome[i])
		constant[i] = 0.1
		half[i] = 0.5
	}
	if m := Measure(right, outcome); m.AUC != 1 || m.AP != 1 || m.Recall5 != 1 || m.Brier != 0 || m.Skill != 1 || m.ECE != 0 {
		t.Errorf("perfect forecasts: %+v", m)
	}
	if m := Measure(constant, outcome); m.AUC != 0.5 || math.Abs(m.AP-0.1) > 1e-12 || m.Recall5 != 0 || math.Abs(m.Skill) > 1e-12 || m.ECE > 1e-12 {
		t.Errorf("the prevalence for all: %+v", m)
	}
	if m := Measure(half, outcome); math.Abs(m.ECE-0.4) > 1e-12 {
		t.Errorf("ECE of one half for all is %v, want 0.4", m.ECE)
	}
	if m := Measure(constant[:5], []bool{false, false, false, false, false}); !math.IsNaN(m.AUC) {
		t.Errorf("AUC without a positive is %v", m.AUC)
	}
	m := Measure(nil, nil)
	if !math.IsNaN(m.AUC) || !math.IsNaN(m.Brier) {
		t.Errorf("no rows: %+v", m)
	}
}

// TestRecalibrationFindsTheSlope feeds forecasts that are too bold by a known factor.
func TestRecalibrationFindsTheSlope(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(5, 6))
	var scores []float64
	var outcome []bool
	for range 40_000 {
		logit := random.NormFloat64()
		outcome = append(outcome, random.Float64() < sigmoid(logit))
		scores = append(scores, sigmoid(2*logit+1))
	}
	if c := Measure(scores, outcome).Calibrate; math.Abs(c.Slope-0.5) > 0.03 || math.Abs(c.Intercept+0.5) > 0.05 {
		t.Errorf("recalibration %+v, want slope 0.5 and intercept -0.5", c)
	}
}
