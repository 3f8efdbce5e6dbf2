package forecast

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
)

// How likely somebody who worked in the last year is to work in the second year from now. A logistic regression on three
// facts, fitted once to the twelve busiest persons of every project-quarter of the training data (AUC 0.86 on persons; with
// thirty facts and boosted trees 0.88, which changed no forecast). The weights are part of how a feature is defined, as the four
// stretches of a regular are, and are not trained again.
const (
	stayBase    = -0.87
	stayDays    = -0.48 // per ln(1 + days since their last commit)
	stayMonths  = 0.20  // per stretch of the last 12 with work of theirs
	stayTenure  = 1.03  // per ln(1 + years since their first commit)
	lastingMost = 12    // persons looked at: the busiest
)

// against is how much one person stands against everybody leaving: -ln of the chance that they leave. It is never shown,
// and judged only in sums.
func against(days, months, tenure float64) float64 {
	return softplus(stayBase + float64(stayDays*math.Log1p(days)) + float64(stayMonths*months) + float64(stayTenure*math.Log1p(tenure)))
}

// lasting sums this over the busiest persons of a year that ends at t: -ln of the chance that nobody stays, were they to
// decide each for themselves.
func lasting(year *tally, ever *lives, t int64) float64 {
	var who []int32
	for i, n := range year.by {
		if n > 0 {
			who = append(who, int32(i))
		}
	}
	slices.SortFunc(who, func(a, b int32) int {
		return cmp.Or(cmp.Compare(year.by[b], year.by[a]), cmp.Compare(ever.last[b], ever.last[a]), cmp.Compare(ever.first[a], ever.first[b]))
	})
	sum := 0.0
	for _, p := range who[:min(len(who), lastingMost)] {
		sum += against(float64(t-ever.last[p])/86400, float64(bits.OnesCount16(year.months[p])), float64(t-ever.first[p])/(365*86400))
	}
	return sum
}

// AgainstLeaving is what a contributor of a supposed rhythm, commits a year spread evenly over the last year, adds to Lasting.
func AgainstLeaving(rhythm float64) float64 {
	if !(rhythm > 0) {
		return 0
	}
	return against(365/rhythm, math.Min(12, rhythm), 1)
}

// AgainstLeavingOf is the busiest person's part of Lasting, for supposing that they have left.
func AgainstLeavingOf(f Features) float64 {
	return against(f.BusiestDays, f.BusiestMonths, f.BusiestTenure)
}
