package vitals

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"testing"
)

// TestWhatIsCommon measures what tractability is drawn towards, on the active upstreams among the training histories at two dates:
// a Beta distribution over upstreams, fitted by likelihood to their counts. The program's figures are the means of the two
// dates, rounded. -v prints those of doc/measures.md.
func TestWhatIsCommon(t *testing.T) {
	t.Parallel()
	all, _ := sharedCorpus(t)
	var means, strengths [2]float64 // of the dates: pulls taken, newcomers who stayed
	var tractable [2]map[string]float64
	for k, day := range []string{"2019-01-01", "2022-01-01"} {
		var merged, stayed []counted
		tractable[k] = map[string]float64{}
		at, mute, scarce := date(day), 0, 0
		for _, repo := range slices.Sorted(maps.Keys(all)) {
			m := NewMeter(all[repo])
			if !m.active(at) {
				continue
			}
			w := m.WayIn(at)
			switch {
			case w.OutsidePulls == nil:
			case m.Asked(at).mute(m.upTo(at)):
				mute++
			case *w.OutsidePulls > 0:
				merged = append(merged, counted{*w.OutsideMerged, *w.OutsidePulls})
			}
			if w.Newcomers > 0 {
				stayed = append(stayed, counted{w.Stayed, w.Newcomers})
			}
			if w.MergedShare == nil || w.StayedShare == nil {
				scarce++
			}
			if w.Tractability != nil {
				tractable[k][repo] = *w.Tractability
			}
		}
		for i, c := range [][]counted{merged, stayed} {
			mean, strength := fitBeta(c)
			means[i] += mean / 2
			strengths[i] += strength / 2
			var shares []float64
			for _, x := range c {
				if x.whole >= wayInFewest {
					shares = append(shares, float64(x.part)/float64(x.whole))
				}
			}
			slices.Sort(shares)
			at := func(q float64) float64 { return shares[int(q*float64(len(shares)-1))] }
			t.Logf("%s %s: %d upstreams, mean %.3f, strength %.1f; of those with enough, tenth %.2f, median %.2f, nine tenths %.2f",
				day, []string{"pulls taken", "newcomers who stayed"}[i], len(c), mean, strength, at(0.1), at(0.5), at(0.9))
		}
		values := slices.Sorted(maps.Values(tractable[k]))
		t.Logf("%s: pulls say nothing at %d; a share is missing at %d; tractability from %.2f to %.2f, median %.2f", day, mute, scarce,
			values[0], values[len(values)-1], values[len(values)/2])
	}
	var then, later []float64
	for _, repo := range slices.Sorted(maps.Keys(tractable[0])) {
		if x, ok := tractable[1][repo]; ok {
			then, later = append(then, tractable[0][repo]), append(later, x)
		}
	}
	kept := correlation(ranks(then), ranks(later))
	t.Logf("rank correlation of tractability over the three years: %.2f at %d upstreams", kept, len(then))
	if kept < 0.4 {
		t.Errorf("tractability is no trait of an upstream: its ranks correlate by %.2f", kept)
	}
	for i, c := range []struct{ mean, strength float64 }{{commonMerged, mergedPrior}, {commonStayed, stayedPrior}} {
		if math.Abs(means[i]-c.mean) > 0.005 || math.Abs(strengths[i]-c.strength) > 0.5 {
			t.Errorf("measured %.3f by %.1f, the program has %.3f by %.1f", means[i], strengths[i], c.mean, c.strength)
		}
	}
}

// ranks gives the places of values in their order; equals are as good as unknown here.
func ranks(values []float64) []float64 {
	order := make([]int, len(values))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(values[a], values[b]) })
	ranks := make([]float64, len(values))
	for rank, i := range order {
		ranks[i] = float64(rank)
	}
	return ranks
}

func correlation(a, b []float64) float64 {
	n := float64(len(a))
	var sa, sb, aa, bb, ab float64
	for i := range a {
		sa, sb = sa+a[i], sb+b[i]
		aa, bb, ab = aa+a[i]*a[i], bb+b[i]*b[i], ab+a[i]*b[i]
	}
	return (ab - sa*sb/n) / math.Sqrt((aa-sa*sa/n)*(bb-sb*sb/n))
}

// counted is a part of a whole.
type counted struct{ part, whole int }

// fitBeta gives the mean and the strength of the Beta distribution under which the counts are likeliest.
func fitBeta(c []counted) (mean, strength float64) {
	best := math.Inf(-1)
	for i := 5; i < 1000; i += 5 {
		p := float64(i) / 1000
		for s := 0.5; s < 200; s *= 1.05 {
			if l := betaBinomial(c, p*s, (1-p)*s); l > best {
				best, mean, strength = l, p, s
			}
		}
	}
	return mean, strength
}

// betaBinomial is the log-likelihood of the counts, without what does not depend on a and b.
func betaBinomial(c []counted, a, b float64) float64 {
	g := func(x float64) float64 { v, _ := math.Lgamma(x); return v }
	sum := float64(len(c)) * (g(a+b) - g(a) - g(b))
	for _, x := range c {
		sum += g(a+float64(x.part)) + g(b+float64(x.whole-x.part)) - g(a+b+float64(x.whole))
	}
	return sum
}
