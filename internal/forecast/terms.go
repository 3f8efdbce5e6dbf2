package forecast

import "math"

// A term is one input of the models: a feature, or two compared, on a scale on which equal steps mean about equally much
// (mostly logarithms). The groups are what reasons speak of: correlated terms count together there.
type term struct {
	name  string
	group string
	// sign forces the weight: +1 never lowers a risk, -1 never raises one, 0 is free. It is set on every term that one more
	// contributor moves, so that help never raises a forecast.
	sign  int
	value func(f *Features) float64
}

// Groups of terms, in the order in which ties are shown. A reason's code is its group's name, with a suffix where the
// facts call for another sentence (reasons.go).
const (
	groupPace      = "pace"
	groupRhythm    = "rhythm"
	groupSize      = "size"
	groupShare     = "share"
	groupNewcomers = "newcomers"
	groupDeparted  = "departed"
	groupBusiest   = "busiest"
	groupReleases  = "releases"
	groupMerges    = "merges"
	groupHands     = "hands"
	groupWeekends  = "weekends"
	groupAge       = "age"
)

// yearWithoutRelease stands for the age of the last release where there is none; the term no_release says the rest.
const yearWithoutRelease = 365

var terms = []term{
	{"commits_12m", groupSize, 0, func(f *Features) float64 { return math.Log1p(f.Commits12m) }},
	{"fall_3m", groupPace, +1, func(f *Features) float64 { return fall(f.Commits3m, (f.Commits12m+f.Added)*91/365) }},
	{"fall_1m", groupPace, +1, func(f *Features) float64 { return fall(f.Commits1m, (f.Commits12m+f.Added)*30/365) }},
	{"trend_12m", groupPace, 0, func(f *Features) float64 { return math.Log((f.Commits12m + 1) / (f.CommitsPrev12m + 1)) }},
	{"peak", groupPace, 0, func(f *Features) float64 { return math.Log((f.Commits12m + 1) / (f.PeakCommits12m + 1)) }},
	{"days_since_commit", groupRhythm, +1, func(f *Features) float64 { return math.Log1p(f.DaysSinceCommit) }},
	{"weeks_3m", groupRhythm, -1, func(f *Features) float64 { return f.Weeks3m }},
	{"contributors_12m", groupNewcomers, -1, func(f *Features) float64 { return math.Log1p(f.Contributors12m) }},
	{"newcomers_12m", groupNewcomers, 0, func(f *Features) float64 { return math.Log1p(f.Newcomers12m) }},
	{"top_share", groupShare, +1, func(f *Features) float64 { return f.BusiestCommits / (f.Commits12m + f.Added) }},
	{"second_commits", groupShare, -1, func(f *Features) float64 { return math.Log1p(f.SecondCommits) }},
	{"top_share_change", groupShare, 0, func(f *Features) float64 { return or(f.BusiestCommits/f.Commits12m-f.BusiestPrev, 0) }},
	{"regulars_before", groupDeparted, 0, func(f *Features) float64 { return math.Log1p(f.RegularsPrev) }},
	{"departed_share", groupDeparted, 0, func(f *Features) float64 { return or(f.Departed, 0) }},
	{"busiest_tenure", groupBusiest, 0, func(f *Features) float64 { return math.Log1p(f.BusiestTenure) }},
	{"busiest_days", groupBusiest, 0, func(f *Features) float64 { return math.Log1p(f.BusiestDays) }},
	{"releases_12m", groupReleases, 0, func(f *Features) float64 { return math.Log1p(f.Releases12m) }},
	{"days_since_release", groupReleases, 0, func(f *Features) float64 { return math.Log1p(or(f.DaysSinceRelease, yearWithoutRelease)) }},
	{"no_release", groupReleases, 0, func(f *Features) float64 { return indicator(math.IsNaN(f.DaysSinceRelease)) }},
	{"age", groupAge, 0, func(f *Features) float64 { return math.Log(f.Age) }},
	{"merges_trend", groupMerges, 0, func(f *Features) float64 { return math.Log((f.Merged3m + 1) / (f.Merged12m*91/365 + 1)) }},
	{"other_hands", groupHands, 0, func(f *Features) float64 { return f.OtherHands }},
	{"weekends", groupWeekends, 0, func(f *Features) float64 { return f.Weekends }},
}

// fall is how far recent work lies under the year's own pace, as a logarithm; 0 if it does not.
func fall(recent, pace float64) float64 { return math.Max(0, math.Log((pace+1)/(recent+1))) }

func or(x, missing float64) float64 {
	if math.IsNaN(x) {
		return missing
	}
	return x
}

func indicator(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// inputs computes the terms of f.
func inputs(f *Features) []float64 {
	x := make([]float64, len(terms))
	for i := range terms {
		x[i] = terms[i].value(f)
	}
	return x
}
