package forecast

import (
	"math"
	"math/rand/v2"
	"testing"
)

// invent draws rows from known weights, with correlated terms on very different scales.
func invent(random *rand.Rand, n int, weights []float64) sample {
	var s sample
	for range n {
		x := make([]float64, len(weights))
		shared := random.NormFloat64()
		logit := -1.0
		for j := range x {
			x[j] = (shared + random.NormFloat64()) * math.Pow(10, float64(j))
			logit += weights[j] * x[j]
		}
		s.x = append(s.x, x)
		s.y = append(s.y, random.Float64() < sigmoid(logit))
	}
	return s
}

// penalised is the loss that fit minimises, by its definition.
func penalised(s sample, l logistic, ridge float64) float64 {
	_, sd := moments(s, len(l.Weights))
	loss := 0.0
	for r := range s.x {
		p := sigmoid(l.logit(s.x[r]))
		if s.y[r] {
			loss -= weightOf(s, r) * math.Log(p)
		} else {
			loss -= weightOf(s, r) * math.Log(1-p)
		}
	}
	for j, w := range l.Weights {
		loss += ridge / 2 * w * sd[j] * w * sd[j]
	}
	return loss
}

// TestFitIsTheMinimum steps from the fit in every allowed direction: none may lower the loss, with and without bounds.
func TestFitIsTheMinimum(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(7, 8))
	bound := 0
	for range 20 {
		weights := []float64{random.NormFloat64(), random.NormFloat64() / 10, random.NormFloat64() / 100}
		s := invent(random, 200, weights)
		signs := []int{random.IntN(3) - 1, random.IntN(3) - 1, random.IntN(3) - 1}
		ridge := 10 * random.Float64()
		l := fit(s, signs, ridge, nil)
		least := penalised(s, l, ridge)
		for j, w := range l.Weights {
			if float64(signs[j])*w < 0 {
				t.Fatalf("weight %d is %v against sign %d", j, w, signs[j])
			}
			if signs[j] != 0 && w == 0 {
				bound++
			}
		}
		_, sd := moments(s, 3)
		for range 100 {
			moved := logistic{Intercept: l.Intercept + 0.01*random.NormFloat64(), Weights: make([]float64, 3)}
			for j := range moved.Weights {
				moved.Weights[j] = l.Weights[j] + 0.01*random.NormFloat64()/sd[j]
				if float64(signs[j])*moved.Weights[j] < 0 {
					moved.Weights[j] = 0
				}
			}
			if loss := penalised(s, moved, ridge); loss < least-1e-9 {
				t.Fatalf("a step lowers the loss from %v to %v", least, loss)
			}
		}
	}
	if bound == 0 {
		t.Error("no weight was ever held at its bound")
	}
}

// TestWeightsRepeatRows compares a weighted fit with one on rows written out as often, and a warm start with a cold one.
func TestWeightsRepeatRows(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(9, 10))
	s := invent(random, 150, []float64{0.5, -0.1})
	var long sample
	for r := range s.x {
		times := random.IntN(4)
		s.weight = append(s.weight, float64(times))
		for range times {
			long.x, long.y = append(long.x, s.x[r]), append(long.y, s.y[r])
		}
	}
	a, b := fit(s, []int{0, -1}, 3, nil), fit(long, []int{0, -1}, 3, nil)
	c := fit(s, []int{0, -1}, 3, &logistic{Intercept: 1, Weights: []float64{-1, 0}})
	for _, x := range s.x {
		if math.Abs(a.logit(x)-b.logit(x)) > 1e-6 || math.Abs(a.logit(x)-c.logit(x)) > 1e-6 {
			t.Fatalf("weighted %v, repeated %v, warm %v", a.logit(x), b.logit(x), c.logit(x))
		}
	}
}

func TestFitSurvivesOddSamples(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]sample{
		"separable":   {x: [][]float64{{1}, {2}, {3}, {4}}, y: []bool{false, false, true, true}},
		"no spread":   {x: [][]float64{{1}, {1}, {1}}, y: []bool{false, true, true}},
		"one outcome": {x: [][]float64{{1}, {2}, {3}}, y: []bool{true, true, true}},
	} {
		l := fit(s, []int{0}, 1, nil)
		if p := sigmoid(l.logit([]float64{2})); math.IsNaN(p) || p <= 0 || p > 1 {
			t.Errorf("%s: %+v gives %v", name, l, p)
		}
	}
}
