package forecast

import (
	"math"
	"math/rand/v2"
	"slices"
)

// The bootstrap of a report draws projects, not rows: the quarters of one project resemble each other, and an interval that
// took them for independent would be far too narrow.
const (
	// Draws is how many there are.
	Draws         = 1000
	bootstrapSeed = 20260101
	// Level is the share of the draws that an interval of a report holds.
	Level = 0.95
	// mostUndefined is the share of the draws that may be without a figure, for want of an outcome, before there is no interval.
	mostUndefined = 0.05
)

// A Spread is a figure with its interval. All three are NaN where the figure is not known; the ends alone where there is too
// little to say how far it could have come out otherwise.
type Spread struct{ Value, Low, High float64 }

// NotKnown is the spread of a figure that is not known.
func NotKnown() Spread { return Spread{math.NaN(), math.NaN(), math.NaN()} }

// resamples gives, for each of so many draws, how many times each of n projects was drawn when n were drawn with replacement.
// The same n gives the same draws, each time.
func resamples(n, draws int) [][]int32 {
	all := make([][]int32, draws)
	parallel(draws, func(d int) {
		random := rand.New(rand.NewPCG(bootstrapSeed, uint64(d)))
		times := make([]int32, n)
		for range n {
			times[random.IntN(n)]++
		}
		all[d] = times
	})
	return all
}

// spread puts an interval, between the percentiles of what the draws gave, around a figure. A draw's NaN is left out. An
// interval always holds its figure: drawing adds noise of its own, so that the ECE of almost every draw is above that of the
// set itself.
func spread(value float64, drawn []float64) Spread {
	if math.IsNaN(value) {
		return NotKnown()
	}
	defined := slices.DeleteFunc(slices.Clone(drawn), math.IsNaN)
	if len(defined) == 0 || float64(len(drawn)-len(defined)) > mostUndefined*float64(len(drawn)) {
		return Spread{value, math.NaN(), math.NaN()}
	}
	slices.Sort(defined)
	return Spread{value, math.Min(value, quantile(defined, (1-Level)/2)), math.Max(value, quantile(defined, (1+Level)/2))}
}
