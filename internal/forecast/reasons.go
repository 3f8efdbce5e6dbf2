package forecast

import (
	"cmp"
	"math"
	"slices"
)

const (
	minReasons = 3
	maxReasons = 5
	// weakReason is the weight, in log-odds, under which a further reason is not worth a line: it moves odds by a tenth.
	weakReason = 0.1
)

// reasons lists at most so many groups of terms that move the log-odds most, upwards if up, else downwards, strongest first. A
// group's weight is what it moves: the log-odds as they are, less what they would be were the group's terms those of the average
// project-quarter.
func (m *Model) reasons(logit func(input) float64, f *Features, in input, up bool, most int) []Reason {
	weights := map[string]float64{}
	var order []string
	now := logit(in)
	for i := range terms {
		g := terms[i].group
		if _, seen := weights[g]; !seen {
			order = append(order, g)
			weights[g] = now - logit(m.average(in, g))
		}
	}
	slices.SortStableFunc(order, func(a, b string) int {
		if up {
			return cmp.Compare(weights[b], weights[a])
		}
		return cmp.Compare(weights[a], weights[b])
	})
	reasons := []Reason{}
	for _, g := range order {
		w := weights[g]
		if up && w <= 0 || !up && w >= 0 || len(reasons) == most {
			break
		}
		if len(reasons) >= minReasons && math.Abs(w) < weakReason {
			break
		}
		code, args := sentence(g, f)
		reasons = append(reasons, Reason{code, args, w})
	}
	return reasons
}

// average gives the input with the terms of a group put to those of the average project-quarter.
func (m *Model) average(in input, group string) input {
	out := input{slices.Clone(in.terms), slices.Clone(in.measured), slices.Clone(in.levels)}
	for i := range terms {
		if terms[i].group == group {
			out.terms[i], out.measured[i], out.levels[i] = m.Terms[i].Mean, m.Terms[i].Mean, m.Terms[i].level(m.Terms[i].Mean)
		}
	}
	return out
}

// Codes lists every code that a reason can have.
func Codes() []string {
	return []string{"pace", "rhythm", "bursts", "size", "share", "share-alone", "share-first-year", "newcomers", "lasting", "team", "departed", "departed-none", "busiest",
		"releases", "releases-none", "merges", "merges-none", "hands", "weekends", "age"}
}

// sentence chooses the sentence for a group and its figures.
func sentence(group string, f *Features) (code string, args []any) {
	n := func(x float64) int { return int(math.Round(x)) }
	top := f.BusiestCommits / f.Commits12m
	switch group {
	case groupPace:
		return "pace", []any{n(f.Commits3m), n(f.Commits12m), n(f.CommitsPrev12m)}
	case groupRhythm:
		return "rhythm", []any{n(f.Weeks3m), int(f.DaysSinceCommit), n(f.UsualGap)}
	case groupBursts:
		return "bursts", []any{f.Unevenness}
	case groupSize:
		return "size", []any{n(f.Commits12m), n(f.Contributors12m)}
	case groupShare:
		switch {
		case f.SecondCommits == 0:
			return "share-alone", nil
		case math.IsNaN(f.BusiestPrev):
			return "share-first-year", []any{top, n(f.SecondCommits)}
		}
		return "share", []any{top, f.BusiestPrev, n(f.SecondCommits)}
	case groupNewcomers:
		return "newcomers", []any{n(f.Contributors12m), n(f.Newcomers12m)}
	case groupLasting:
		return "lasting", []any{n(f.Contributors12m), n(f.Contributors6m), n(f.Regulars12m)}
	case groupTeam:
		return "team", []any{n(f.RegularsPrev), n(f.Regulars12m)}
	case groupDeparted:
		if math.IsNaN(f.Departed) {
			return "departed-none", nil
		}
		return "departed", []any{f.Departed}
	case groupBusiest:
		return "busiest", []any{years(f.BusiestTenure), int(f.BusiestDays)}
	case groupReleases:
		if math.IsNaN(f.DaysSinceRelease) {
			return "releases-none", nil
		}
		return "releases", []any{n(f.Releases12m), int(f.DaysSinceRelease)}
	case groupMerges:
		if f.Merged12m == 0 {
			return "merges-none", nil
		}
		return "merges", []any{n(f.Merged3m), n(f.Merged12m)}
	case groupHands:
		return "hands", []any{f.OtherHands}
	case groupWeekends:
		return "weekends", []any{f.Weekends}
	case groupAge:
		return "age", []any{years(f.Age)}
	}
	panic("forecast: no sentence for group " + group)
}

// years keeps one decimal.
func years(x float64) float64 { return math.Round(x*10) / 10 }
