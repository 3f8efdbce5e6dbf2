package opening

import (
	"math"
	"testing"
)

func TestReachWeights(t *testing.T) {
	t.Parallel()
	count := func(n int) *int { return &n }
	for _, c := range []struct {
		name string
		all  []Reached
		want []float64
	}{
		{"nothing", nil, nil},
		{"nobody came", []Reached{{}, {}}, []float64{0, 0}},
		{"alone", []Reached{{Audience: 7}}, []float64{1}},
		// The logarithm is of one more: 99, 9 and 0 are 2, 1 and 0 steps.
		{"by steps", []Reached{{Audience: 99}, {Audience: 9}, {}}, []float64{1, 0.5, 0}},
		{"unknown is left out, not 0", []Reached{{Audience: 99}, {Audience: 9, Downloads: count(999)}}, []float64{1, 0.75}},
		{"0 is not unknown", []Reached{{Audience: 99, Downloads: count(0)}, {Audience: 9, Downloads: count(999)}}, []float64{0.5, 0.75}},
		{"all three", []Reached{{Audience: 9, Downloads: count(999), Dependents: count(0)}, {Audience: 99, Downloads: count(9), Dependents: count(9)}},
			[]float64{0.5, (1 + 1./3 + 1) / 3}},
		{"a figure that is 0 everywhere tells nothing", []Reached{{Audience: 99, Dependents: count(0)}, {Audience: 9, Dependents: count(0)}}, []float64{1, 0.5}},
		{"a registry's nonsense", []Reached{{Audience: 9, Downloads: count(-5)}, {Audience: 9, Downloads: count(9)}}, []float64{0.5, 1}},
	} {
		got := ReachWeights(c.all)
		if len(got) != len(c.want) {
			t.Fatalf("%s: %v, want %v", c.name, got, c.want)
		}
		for i := range got {
			if !(math.Abs(got[i]-c.want[i]) < 1e-12) {
				t.Errorf("%s: %v, want %v", c.name, got, c.want)
			}
		}
	}
}
