package forecast

import (
	"math"
	"math/rand/v2"
	"testing"
)

// expand writes every project's rows out as often as it stands in the set.
func expand(scores []float64, outcome []bool, project []int32, times []int32) (s []float64, y []bool) {
	for i := range scores {
		for range times[project[i]] {
			s, y = append(s, scores[i]), append(y, outcome[i])
		}
	}
	return s, y
}

// slowECE cuts the rows, best first, into ten parts and averages the distance of forecast and frequency.
func slowECE(s []float64, y []bool) float64 {
	order := byScore(s)
	sum := 0.0
	for k := range 10 {
		part := order[k*len(order)/10 : (k+1)*len(order)/10]
		forecast, found := 0.0, 0.0
		for _, i := range part {
			forecast += s[i]
			found += indicator(y[i])
		}
		sum += math.Abs(forecast - found)
	}
	return sum / float64(len(s))
}

// slowThreshold is the lowest score whose alarms are at most a twentieth of the rows without the outcome.
func slowThreshold(s []float64, y []bool) float64 {
	_, none := above(s, y, math.Inf(-1))
	best := math.NaN()
	for _, threshold := range thresholds(s) {
		if _, alarms := above(s, y, threshold); 20*alarms <= none {
			best = threshold
		}
	}
	return best
}

// TestJudgingCopies compares the weighted figures with slow ones on the rows written out, ties and all.
func TestJudgingCopies(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(7, 8))
	compared := 0
	for range 400 {
		n, projects, levels := 2+random.IntN(80), 1+random.IntN(12), 1+random.IntN(40)
		scores, outcome, project := make([]float64, n), make([]bool, n), make([]int32, n)
		for i := range scores {
			scores[i] = (0.5 + float64(random.IntN(levels))) / float64(levels+1)
			outcome[i] = random.IntN(4) == 0
			project[i] = random.Int32N(int32(projects))
		}
		times := make([]int32, projects)
		for range projects {
			times[random.IntN(projects)]++
		}
		got := rank(scores, outcome, project).judge(times)
		s, y := expand(scores, outcome, project, times)
		positives, negatives := above(s, y, math.Inf(-1))
		if float64(got.positives) != positives || float64(got.negatives) != negatives {
			t.Fatalf("%d with and %d without the outcome, want %v and %v", got.positives, got.negatives, positives, negatives)
		}
		if positives == 0 || negatives == 0 {
			if !math.IsNaN(got.auc) || !math.IsNaN(got.ap) || !math.IsNaN(got.recall) || !math.IsNaN(got.skill) || !math.IsNaN(got.threshold) {
				t.Fatalf("figures without both outcomes: %+v", got)
			}
			continue
		}
		compared++
		rate := positives / (positives + negatives)
		for _, c := range []struct {
			name      string
			got, want float64
		}{
			{"AUC", got.auc, slowAUC(s, y)},
			{"average precision", got.ap, slowAP(s, y)},
			{"recall", got.recall, slowRecall(s, y)},
			{"threshold", got.threshold, slowThreshold(s, y)},
			{"Brier", got.brier, slowBrier(s, y)},
			{"skill", got.skill, 1 - slowBrier(s, y)/(rate*(1-rate))},
		} {
			if math.Abs(c.got-c.want) > 1e-9 && !(math.IsNaN(c.got) && math.IsNaN(c.want)) {
				t.Fatalf("%s = %v, want %v", c.name, c.got, c.want)
			}
		}
		// Among ties the bins depend on the order, which the copies of a row share here and there: compare without ties only.
		if levels > 1 {
			for i := range scores {
				scores[i] = (float64(i) + 0.5) / float64(n)
			}
			random.Shuffle(n, func(i, j int) { scores[i], scores[j] = scores[j], scores[i] })
			s, y := expand(scores, outcome, project, times)
			if got := rank(scores, outcome, project).judge(times); math.Abs(got.ece-slowECE(s, y)) > 1e-9 {
				t.Fatalf("ECE = %v, want %v", got.ece, slowECE(s, y))
			}
		}
	}
	if compared < 100 {
		t.Errorf("only %d sets had both outcomes", compared)
	}
}

// TestInfinityIsAScore: a project without a release has waited for ever.
func TestInfinityIsAScore(t *testing.T) {
	t.Parallel()
	inf := math.Inf(1)
	r := rank([]float64{inf, inf, 3, 1, inf}, []bool{true, false, false, false, true}, nil)
	if f := r.judgeRanks(r.once()); f.auc != (2*2+2*0.5)/6 || f.recall != 0 || !math.IsNaN(f.threshold) {
		t.Errorf("%+v", f)
	}
}
