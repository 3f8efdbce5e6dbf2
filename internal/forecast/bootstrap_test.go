package forecast

import (
	"math"
	"math/rand/v2"
	"reflect"
	"testing"
)

func TestDrawsAreTheSameEachTime(t *testing.T) {
	t.Parallel()
	a, b := resamples(40, Draws), resamples(40, Draws)
	if len(a) != Draws || !reflect.DeepEqual(a, b) {
		t.Fatal("two series of draws differ")
	}
	kinds := map[int32]int{}
	for d, times := range a {
		sum := int32(0)
		for _, n := range times {
			sum += n
			kinds[n]++
		}
		if sum != 40 {
			t.Fatalf("draw %d holds %d projects, not 40", d, sum)
		}
	}
	// A project is left out of a draw with probability (1-1/40)^40 = 0.363.
	if left := float64(kinds[0]) / (40 * Draws); math.Abs(left-0.363) > 0.01 {
		t.Errorf("%.3f of the projects are left out", left)
	}
	if reflect.DeepEqual(a[0], a[1]) {
		t.Error("two draws are the same")
	}
}

func TestSpread(t *testing.T) {
	t.Parallel()
	nan := math.NaN()
	hundred := make([]float64, 101)
	for i := range hundred {
		hundred[i] = float64(i)
	}
	if s := spread(50, hundred); s.Value != 50 || s.Low != 2.5 || s.High != 97.5 {
		t.Errorf("%+v", s)
	}
	if s := spread(-7, hundred); s.Low != -7 || s.High != 97.5 {
		t.Errorf("an interval does not hold its figure: %+v", s)
	}
	if s := spread(nan, hundred); !math.IsNaN(s.Value) || !math.IsNaN(s.Low) {
		t.Errorf("an unknown figure has an interval: %+v", s)
	}
	few := append([]float64{nan, nan, nan, nan, nan, nan}, hundred...)
	if s := spread(50, few); s.Value != 50 || !math.IsNaN(s.Low) || !math.IsNaN(s.High) {
		t.Errorf("6 of 107 draws gave nothing, and yet there is an interval: %+v", s)
	}
	if s := spread(50, append([]float64{nan}, hundred...)); s.Low != 2.5 {
		t.Errorf("1 of 102 draws gave nothing: %+v", s)
	}
}

// noise makes rows of projects that are all of one mind: how likely the outcome is, and how high the score, is decided once for
// each project.
func noise(random *rand.Rand, projects, each int) (scores []float64, outcome []bool, project []int32) {
	for p := range projects {
		bad := random.IntN(3) == 0
		level := random.NormFloat64() + 1.5*indicator(bad)
		for range each {
			scores = append(scores, sigmoid(level+0.1*random.NormFloat64()))
			outcome = append(outcome, bad && random.IntN(2) == 0)
			project = append(project, int32(p))
		}
	}
	return scores, outcome, project
}

// TestIntervalsHoldTheTruth draws many sets from one world, in which the AUC is known from a set without end. A 95 % interval
// must hold it about so often, and must be wider than one that takes the quarters of a project for independent.
func TestIntervalsHoldTheTruth(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(21, 22))
	s, y, p := noise(random, 20_000, 10)
	endless := rank(s, y, p)
	truth := endless.judgeRanks(endless.once()).auc
	drawn := resamples(60, 250)
	held, sets, clustered, independent := 0, 80, 0.0, 0.0
	for range sets {
		s, y, p := noise(random, 60, 10)
		j := judgeAll(rank(s, y, p), drawn, true)
		for name, x := range map[string]Spread{"AUC": j.auc(), "AP": j.ap(), "recall": j.recall(), "Brier": j.brier(), "skill": j.skill(), "ECE": j.ece()} {
			if !(x.Low <= x.Value && x.Value <= x.High) {
				t.Fatalf("%s: %+v", name, x)
			}
		}
		if x := j.auc(); x.Low <= truth && truth <= x.High {
			held++
		}
		clustered += j.auc().High - j.auc().Low
		for i := range p {
			p[i] = int32(i)
		}
		rows := judgeAll(rank(s, y, p), resamples(len(p), 100), false)
		independent += rows.auc().High - rows.auc().Low
	}
	if share := float64(held) / float64(sets); share < 0.86 {
		t.Errorf("%.2f of the intervals hold the truth (%.3f)", share, truth)
	}
	if clustered < 1.5*independent {
		t.Errorf("intervals over projects are %.3f wide, over rows %.3f", clustered/float64(sets), independent/float64(sets))
	}
}
