package opening

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/mainstay-oss/mainstay/internal/forecast"
)

func TestAllocate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name      string
		worth     [][]float64
		engineers int
		want      []int
	}{
		{"nowhere to go", nil, 3, []int{}},
		{"one after the other", [][]float64{{5, 6, 7}, {4, 4.5, 5}}, 3, []int{2, 1}},
		{"two together, where one alone does little", [][]float64{{1, 9}, {3, 4}}, 2, []int{2, 0}},
		{"three would be wasted", [][]float64{{2, 2, 2}, {1}}, 3, []int{1, 1}},
		{"who only costs", [][]float64{{-1, -2}, {1, 0.5}}, 2, []int{0, 1}},
		{"a first one who costs", [][]float64{{-1, 3}, {1, 1}}, 2, []int{2, 0}},
	} {
		if got := allocate(c.worth, c.engineers); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// TestAllocateIsExact tries every way on random tables, rising, falling or neither.
func TestAllocateIsExact(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(8, 8))
	greedy := 0
	for range 3000 {
		worth := make([][]float64, random.IntN(5))
		for p := range worth {
			at := 0.0
			for range random.IntN(6) {
				at += random.Float64()*3 - 0.5
				worth[p] = append(worth[p], at)
			}
		}
		engineers := random.IntN(7)
		sent := allocate(worth, engineers)
		got, all := 0.0, 0
		for p, n := range sent {
			all += n
			if n > 0 {
				got += worth[p][n-1]
			}
		}
		if want := everyWay(worth, engineers); math.Abs(got-want) > 1e-9 || all > engineers {
			t.Fatalf("%v for %d: %v is worth %v, the best %v", worth, engineers, sent, got, want)
		}
		if oneByOne(worth, engineers) < got-1e-9 {
			greedy++
		}
	}
	if greedy < 100 {
		t.Errorf("sending one after the other would have done in all but %d cases: the test tells nothing apart", greedy)
	}
}

func everyWay(worth [][]float64, engineers int) float64 {
	if len(worth) == 0 {
		return 0
	}
	most := everyWay(worth[1:], engineers)
	for k := 1; k <= min(engineers, len(worth[0])); k++ {
		most = max(most, worth[0][k-1]+everyWay(worth[1:], engineers-k))
	}
	return most
}

// oneByOne is what comes of sending each engineer to where they add most.
func oneByOne(worth [][]float64, engineers int) (sum float64) {
	sent := make([]int, len(worth))
	for range engineers {
		best, most := -1, 0.0
		for p, table := range worth {
			if n := sent[p]; n < len(table) {
				gain := table[n]
				if n > 0 {
					gain -= table[n-1]
				}
				if gain > most {
					best, most = p, gain
				}
			}
		}
		if best < 0 {
			return sum
		}
		sent[best]++
		sum += most
	}
	return sum
}

// TestHelpHasDiminishingReturns goes over the table: one more engineer never adds more than the one before. The allocation does not
// rest on it; doc/measures.md says it.
func TestHelpHasDiminishingReturns(t *testing.T) {
	t.Parallel()
	m := forecast.Default()
	for i, r := range rows(t) {
		if i%8 != 0 {
			continue
		}
		p := place{Candidate: Candidate{Features: r.Features}, rhythm: []float64{1, 6, 24, RegularRhythm}[i/8%4], model: m}
		p.before = stand(m, r.Features)
		p.climb(6)
		loss, before := p.before.Loss, math.Inf(1)
		for n, s := range p.steps {
			added := loss - s.Loss
			if added > before+1e-9 {
				t.Errorf("%s %s: engineer %d of %g commits adds %v, the one before %v", r.Repo, r.AsOf, n+1, p.rhythm, added, before)
			}
			loss, before = s.Loss, added
		}
	}
}
