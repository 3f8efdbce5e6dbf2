package opening

import "math"

// Reached is what is known of who uses an upstream and who comes to it. Nil is not known.
type Reached struct {
	Audience   int  // people who committed to it or opened a pull in 365 days
	Downloads  *int // of its packages in a month, as registries give them
	Dependents *int // packages that depend on its packages, likewise
}

// ReachWeights says how far a name carries that is made at each of some upstreams: what takes the place of exposure where the
// goal is standing. Each of the three figures counts by its logarithm, as a share of the largest among the upstreams, because ten
// times the users are one step and not ten; the weight is the mean of those that are known of the upstream, 0 to 1. It is a convention: it puts
// upstreams in an order, and measures no fame.
func ReachWeights(all []Reached) []float64 {
	figures := func(r *Reached) [3]*int { return [3]*int{&r.Audience, r.Downloads, r.Dependents} }
	var largest [3]float64
	for i := range all {
		for k, n := range figures(&all[i]) {
			if n != nil {
				largest[k] = max(largest[k], math.Log1p(float64(max(*n, 0))))
			}
		}
	}
	weights := make([]float64, len(all))
	for i := range all {
		known := 0
		for k, n := range figures(&all[i]) {
			if n != nil && largest[k] > 0 {
				weights[i] += math.Log1p(float64(max(*n, 0))) / largest[k]
				known++
			}
		}
		if known > 0 {
			weights[i] /= float64(known)
		}
	}
	return weights
}
