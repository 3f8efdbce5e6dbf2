package opening

import (
	"cmp"
	"slices"
	"strings"
)

// promising asks the model about the places where most can be won, and leaves out those that no best plan needs.
//
// A place cannot be worth more than all of its loss. If as many places as there are engineers are each worth that much with one
// engineer, a plan that goes there leaves one of them empty, and loses nothing by going to that one instead.
func promising(places []place, engineers int) []place {
	bound := func(p *place) float64 { return p.factors.product() * p.before.Loss }
	slices.SortFunc(places, func(a, b place) int {
		return cmp.Or(cmp.Compare(bound(&b), bound(&a)), strings.Compare(a.Upstream, b.Upstream))
	})
	var one []float64 // what one engineer is worth at the best places so far, least first, at most as many as engineers
	for i := range places {
		if len(one) == engineers && one[0] >= bound(&places[i]) {
			return places[:i]
		}
		places[i].climb(min(engineers, mostTogether))
		worth := places[i].table()[0]
		at, _ := slices.BinarySearch(one, worth)
		one = slices.Insert(one, at, worth)
		if len(one) > engineers {
			one = one[1:]
		}
	}
	return places
}

// allocate shares engineers out so that their worth is greatest in all, and says how many go to each place. worth[p][k-1] is what
// k engineers are worth at place p: a knapsack with one choice for each place. Fewer are sent where all are worth no more.
func allocate(worth [][]float64, engineers int) []int {
	most := make([]float64, engineers+1)  // that so many are worth at the places seen so far
	chosen := make([][]uint8, len(worth)) // by place and number of engineers for it and those before: how many it gets
	for p, table := range worth {
		chosen[p] = make([]uint8, engineers+1)
		for n := engineers; n > 0; n-- { // from the top: what stands below is still without this place
			best := most[n]
			for k := 1; k <= min(n, len(table)); k++ {
				if w := most[n-k] + table[k-1]; w > best {
					best, chosen[p][n] = w, uint8(k)
				}
			}
			most[n] = best
		}
	}
	sent := make([]int, len(worth))
	for p, left := len(worth)-1, engineers; p >= 0; p-- {
		sent[p] = int(chosen[p][left])
		left -= sent[p]
	}
	return sent
}
