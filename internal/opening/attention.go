package opening

import (
	"cmp"
	"slices"
)

// A Stake is what one upstream means to the subjects.
type Stake struct {
	Upstream string
	Exposure float64  // 0 to 1
	Loss     *float64 // 0 to 1; nil where nothing is known
}

// Attention is the place of an upstream in the order in which to look.
type Attention struct {
	Upstream string
	Rank     int     // 1 for the first to look at
	Score    float64 // exposure × loss
}

// Rank orders the upstreams whose loss is known by exposure × loss; ties by loss, then by id.
func Rank(stakes []Stake) []Attention {
	known := slices.DeleteFunc(slices.Clone(stakes), func(s Stake) bool { return s.Loss == nil })
	slices.SortFunc(known, func(a, b Stake) int {
		return cmp.Or(
			cmp.Compare(b.Exposure**b.Loss, a.Exposure**a.Loss),
			cmp.Compare(*b.Loss, *a.Loss),
			cmp.Compare(a.Upstream, b.Upstream),
		)
	})
	ranked := make([]Attention, len(known))
	for i, s := range known {
		ranked[i] = Attention{Upstream: s.Upstream, Rank: i + 1, Score: s.Exposure * *s.Loss}
	}
	return ranked
}
