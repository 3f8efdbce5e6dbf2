package forecast

import "math"

// A term is one input of the model: a feature, or two compared, on a scale on which equal steps mean about equally much
// (mostly logarithms). The groups are what reasons speak of: correlated terms count together there.
type term struct {
	name  string
	group string
	use   use
	// sign forces the weight in the regressions: +1 never lowers a risk, -1 never raises one, 0 is free. It is set on every
	// term there that one more contributor moves, so that help never raises a forecast.
	sign  int
	value func(f *Features) float64
}

// use says which half of the model a term is for. The forest judges by all.
type use bool

const (
	both   use = true
	forest use = false
)

// Groups of terms, in the order in which ties are shown. A reason's code is its group's name, with a suffix where the
// facts call for another sentence (reasons.go).
const (
	groupPace      = "pace"
	groupRhythm    = "rhythm"
	groupBursts    = "bursts"
	groupSize      = "size"
	groupShare     = "share"
	groupNewcomers = "newcomers"
	groupLasting   = "lasting"
	groupTeam      = "team"
	groupDeparted  = "departed"
	groupBusiest   = "busiest"
	groupReleases  = "releases"
	groupMerges    = "merges"
	groupHands     = "hands"
	groupWeekends  = "weekends"
	groupAge       = "age"
)

const (
	// yearWithoutRelease stands for the age of the last release where there is none; the term no_release says the rest.
	yearWithoutRelease = 365
	// usuallyKept stands for the share of the regulars who stayed where there were none.
	usuallyKept = 0.6
)

var terms = []term{
	{"commits_12m", groupSize, both, 0, func(f *Features) float64 { return math.Log1p(f.Commits12m) }},
	{"fall_3m", groupPace, both, +1, func(f *Features) float64 { return fall(f.Commits3m, (f.Commits12m+f.Added)*91/365) }},
	{"fall_1m", groupPace, both, +1, func(f *Features) float64 { return fall(f.Commits1m, (f.Commits12m+f.Added)*30/365) }},
	{"trend_12m", groupPace, both, 0, func(f *Features) float64 { return change(f.Commits12m, f.CommitsPrev12m) }},
	{"peak", groupPace, both, 0, func(f *Features) float64 { return change(f.Commits12m, f.PeakCommits12m) }},
	{"peak_ago", groupPace, both, 0, func(f *Features) float64 { return f.PeakAgo }},
	{"days_since_commit", groupRhythm, both, +1, func(f *Features) float64 { return math.Log1p(f.DaysSinceCommit) }},
	{"weeks_3m", groupRhythm, both, -1, func(f *Features) float64 { return f.Weeks3m }},
	{"unevenness", groupBursts, both, +1, func(f *Features) float64 { return f.Unevenness / (1 + f.Added/f.Commits12m) }},
	{"contributors_12m", groupNewcomers, both, -1, func(f *Features) float64 { return math.Log1p(f.Contributors12m) }},
	{"newcomers_12m", groupNewcomers, both, 0, func(f *Features) float64 { return math.Log1p(f.Newcomers12m) }},
	{"newcomers_3m", groupNewcomers, both, 0, func(f *Features) float64 { return math.Log1p(f.Newcomers3m) }},
	{"top_share", groupShare, both, +1, func(f *Features) float64 { return f.BusiestCommits / (f.Commits12m + f.Added) }},
	{"second_commits", groupShare, both, -1, func(f *Features) float64 { return math.Log1p(f.SecondCommits) }},
	{"top_share_change", groupShare, both, 0, func(f *Features) float64 { return or(f.BusiestCommits/f.Commits12m-f.BusiestPrev, 0) }},
	{"lasting", groupLasting, both, -1, func(f *Features) float64 { return math.Log(f.Lasting + 1e-3) }},
	{"regulars_before", groupTeam, both, 0, func(f *Features) float64 { return math.Log1p(f.RegularsPrev) }},
	{"regulars_before_2", groupTeam, both, 0, func(f *Features) float64 { return square(math.Log1p(f.RegularsPrev)) }},
	{"departed_share", groupDeparted, both, 0, func(f *Features) float64 { return or(f.Departed, 0) }},
	{"busiest_tenure", groupBusiest, both, 0, func(f *Features) float64 { return math.Log1p(f.BusiestTenure) }},
	{"busiest_days", groupBusiest, both, 0, func(f *Features) float64 { return math.Log1p(f.BusiestDays) }},
	{"busiest_months", groupBusiest, both, 0, func(f *Features) float64 { return f.BusiestMonths }},
	{"releases_12m", groupReleases, both, 0, func(f *Features) float64 { return math.Log1p(f.Releases12m) }},
	{"days_since_release", groupReleases, both, 0, func(f *Features) float64 { return math.Log1p(or(f.DaysSinceRelease, yearWithoutRelease)) }},
	{"no_release", groupReleases, both, 0, func(f *Features) float64 { return indicator(math.IsNaN(f.DaysSinceRelease)) }},
	{"age", groupAge, both, 0, func(f *Features) float64 { return math.Log(f.Age) }},
	{"merges_trend", groupMerges, both, 0, func(f *Features) float64 { return change(f.Merged3m, f.Merged12m*91/365) }},
	{"other_hands", groupHands, both, 0, func(f *Features) float64 { return f.OtherHands }},
	{"weekends", groupWeekends, both, 0, func(f *Features) float64 { return f.Weekends }},

	{"commits_3m", groupPace, forest, 0, func(f *Features) float64 { return math.Log1p(f.Commits3m) }},
	{"growth_36m", groupPace, forest, 0, func(f *Features) float64 { return math.Log(math.Max(f.Growth36m, 1e-4)) }},
	{"longest_gap", groupRhythm, forest, 0, func(f *Features) float64 { return math.Log1p(f.LongestGap24m) }},
	{"commits_ever", groupSize, forest, 0, func(f *Features) float64 { return math.Log1p(f.CommitsEver) }},
	{"others_6m", groupShare, forest, 0, func(f *Features) float64 { return math.Log1p(f.Others6m) }},
	{"others_pace", groupShare, forest, 0, func(f *Features) float64 { return change(f.Others3m, (f.Commits12m-f.BusiestCommits)*91/365) }},
	{"effective_trend", groupShare, forest, 0, func(f *Features) float64 { return or(math.Log(f.Effective12m/f.EffectivePrev), 0) }},
	{"contributors_trend", groupNewcomers, forest, 0, func(f *Features) float64 { return change(f.Contributors12m, f.ContributorsPrev12m) }},
	{"newcomers_trend", groupNewcomers, forest, 0, func(f *Features) float64 { return change(f.Newcomers12m, f.NewcomersPrev12m) }},
	{"contributors_6m", groupLasting, forest, 0, func(f *Features) float64 { return math.Log1p(f.Contributors6m) }},
	{"monthly_6m", groupLasting, forest, 0, func(f *Features) float64 { return math.Log1p(f.Monthly6m) }},
	{"regulars_kept", groupTeam, forest, 0, func(f *Features) float64 { return or(f.RegularsKept, usuallyKept) }},
	{"known", groupDeparted, forest, 0, func(f *Features) float64 { return f.Known }},
	{"busiest_ever", groupBusiest, forest, 0, func(f *Features) float64 { return f.BusiestEver }},
	{"merged_trend", groupMerges, forest, 0, func(f *Features) float64 { return change(f.Merged12m, f.MergedPrev12m) }},
	{"merges_12m", groupMerges, forest, 0, func(f *Features) float64 { return math.Log1p(f.Merges12m) }},
	{"late", groupHands, forest, 0, func(f *Features) float64 { return f.Late }},
	{"work_hours", groupWeekends, forest, 0, func(f *Features) float64 { return f.WorkHours }},
}

// linear is the number of terms of the regressions: the first ones.
var linear = func() int {
	n := 0
	for n < len(terms) && terms[n].use == both {
		n++
	}
	return n
}()

// change compares two counts as a logarithm.
func change(now, then float64) float64 { return math.Log((now + 1) / (then + 1)) }

func square(x float64) float64 { return x * x }

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
