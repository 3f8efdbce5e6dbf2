package opening

import (
	"cmp"
	"slices"
)

// A Ride says that a subject rides on an upstream.
type Ride struct {
	Upstream string
	Subject  string
	Depth    int     // of the upstream's shallowest package below the subject, 1 for direct; less counts as 1
	Weight   float64 // that a cohort gives the upstream; 0 where none is given, which counts as 1
}

// Exposure is how much of the subjects rides on an upstream.
type Exposure struct {
	Score    float64 // Σ over subjects of weight/depth, divided by the largest sum: 0 to 1
	Direct   bool    // a subject names one of its packages itself
	Depth    int     // of the shallowest package over all subjects
	Subjects int
}

// Exposures sums the rides by upstream. Of several rides of one subject on one upstream the heaviest counts.
func Exposures(rides []Ride) map[string]Exposure {
	type pair struct{ upstream, subject string }
	heaviest := map[pair]float64{}
	all := map[string]Exposure{}
	for _, r := range rides {
		depth, weight := max(r.Depth, 1), r.Weight
		if !(weight > 0) {
			weight = 1
		}
		key := pair{r.Upstream, r.Subject}
		heaviest[key] = max(heaviest[key], weight/float64(depth))
		e := all[r.Upstream]
		if e.Depth == 0 || depth < e.Depth {
			e.Depth = depth
		}
		e.Direct = e.Depth == 1
		all[r.Upstream] = e
	}
	// Sums of floats depend on their order, so it is fixed.
	pairs := make([]pair, 0, len(heaviest))
	for p := range heaviest {
		pairs = append(pairs, p)
	}
	slices.SortFunc(pairs, func(a, b pair) int {
		return cmp.Or(cmp.Compare(a.upstream, b.upstream), cmp.Compare(a.subject, b.subject))
	})
	largest := 0.0
	for _, p := range pairs {
		e := all[p.upstream]
		e.Score += heaviest[p]
		e.Subjects++
		all[p.upstream] = e
		largest = max(largest, e.Score)
	}
	for id, e := range all {
		e.Score /= largest
		all[id] = e
	}
	return all
}
