package reference

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/mainstay-oss/mainstay/internal/forecast"
	"github.com/mainstay-oss/mainstay/internal/history"
	"github.com/mainstay-oss/mainstay/internal/vitals"
)

// A Track is the months of one project, for [Encode].
type Track struct {
	project
	values map[string][]int64
}

// names lists the columns in the order of the file, with their digits.
func names() []shape {
	var all []shape
	for _, c := range forecast.Columns() {
		all = append(all, shape{Name: c.Name, Digits: c.Digits})
	}
	for _, name := range []string{colElephant, colSilentDays, colLastCommit, colTagDays, colOpened, colState, colOutcome, colMonths} {
		all = append(all, shape{Name: name})
	}
	return all
}

// Measure follows a project month by month, from 2012 or its first human commit on until its history was last observed.
// repo is owner/name on github.com; retired is the date on which it was retired (Unix seconds), nil if it was not. It reports
// false for a history without a month to measure.
func Measure(h *history.History, repo string, retired *int64) (Track, bool, error) {
	m := vitals.NewMeter(h)
	now := m.At(h.ObservedUntil.Unix())
	if now.FirstCommit == 0 {
		return Track{}, false, nil
	}
	first := monthOf(time.Unix(now.FirstCommit, 0))
	if !monthAt(first).Equal(time.Unix(now.FirstCommit, 0)) {
		first++
	}
	first = max(first, 0)
	t := Track{
		project: project{Repo: repo, First: first, Months: monthOf(h.ObservedUntil) - first + 1, FirstCommit: now.FirstCommit,
			Commits: len(h.Commits), Until: h.ObservedUntil.Unix(), Pulls: h.PullsKnown},
		values: map[string][]int64{},
	}
	if t.Months < 1 {
		return Track{}, false, nil
	}
	if retired != nil {
		t.Retired = *retired
	}
	counted := m.Quarters(retired)
	for k := range t.Months {
		at := monthAt(first + k).Unix()
		if err := t.add(m, at, slices.Contains(counted, at), retired); err != nil {
			return Track{}, false, fmt.Errorf("%s %s: %w", repo, monthAt(first+k).Format(time.DateOnly), err)
		}
	}
	return t, true, nil
}

// add measures one month. Features stand on active months alone, but for those that are vitals.
func (t *Track) add(m *vitals.Meter, at int64, counted bool, retired *int64) error {
	v := m.At(at)
	state, quiet := m.State(at, nil)
	put := func(name string, x int64) { t.values[name] = append(t.values[name], x) }
	maybe := func(name string, x *int) {
		if x == nil {
			put(name, missing)
		} else {
			put(name, int64(*x))
		}
	}

	f, active := forecast.FeaturesAt(m, at)
	if active != (state == vitals.Active) {
		return errors.New("features and state do not agree")
	}
	if !active {
		f = bare(&v)
	}
	for _, c := range forecast.Columns() {
		x := *c.Of(&f)
		if math.IsNaN(x) {
			put(c.Name, missing)
			continue
		}
		put(c.Name, int64(math.Round(x*math.Pow10(c.Digits))))
	}
	if active {
		// What stands twice must be one thing, for the vitals are read from the features' columns.
		if b := bare(&v); b.Commits12m != f.Commits12m || b.Merged12m != f.Merged12m || b.BusiestCommits != f.BusiestCommits ||
			b.SecondCommits != f.SecondCommits || b.Releases12m != f.Releases12m || b.Newcomers12m != f.Newcomers12m {
			return errors.New("vitals and features do not agree")
		}
	}
	maybe(colElephant, v.ElephantFactor)
	maybe(colSilentDays, v.DaysSinceCommit)
	put(colLastCommit, floorDiv(at, vitals.Day)-floorDiv(v.LastCommit, vitals.Day))
	maybe(colTagDays, v.DaysSinceRelease)
	maybe(colOpened, v.PullsOpened12m)
	kind := slices.Index(kinds, quiet)
	if kind < 0 {
		return fmt.Errorf("a kind of quiet that the cohort does not know: %s", quiet)
	}
	put(colState, int64(kind))
	if !counted {
		put(colOutcome, missing)
	} else {
		o := m.Outcome(at, retired)
		put(colOutcome, flag(o.Stop, outStop)|flag(o.Collapse, outCollapse)|flag(o.BusiestLeft, outLeft))
	}
	for _, n := range v.Months {
		put(colMonths, int64(n))
	}
	return nil
}

// bare gives the features that are vitals, all else NaN.
func bare(v *vitals.Vitals) forecast.Features {
	var f forecast.Features
	for _, c := range forecast.Columns() {
		*c.Of(&f) = math.NaN()
	}
	f.Commits12m, f.Commits3m = float64(v.Commits12m), float64(v.Commits3m)
	f.Contributors12m, f.Newcomers12m = float64(v.Contributors12m), float64(v.Newcomers12m)
	f.Releases12m, f.Merged12m = float64(v.Releases12m), float64(v.PullsMerged12m)
	if v.ContributorAbsenceFactor != nil {
		f.AbsenceFactor = float64(*v.ContributorAbsenceFactor)
	}
	if v.TopShare != nil {
		f.BusiestCommits = math.Round(*v.TopShare * f.Commits12m)
		f.SecondCommits = math.Round(*v.SecondShare * f.Commits12m)
	}
	if v.DepartedShare != nil {
		f.Departed = *v.DepartedShare
	}
	return f
}

func flag(is *bool, bit int64) int64 {
	if is != nil && *is {
		return bit
	}
	return 0
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// Encode writes a cohort as Parse reads it: the same tracks, in whatever order, give the same bytes.
func Encode(tracks []Track) ([]byte, error) {
	tracks = slices.Clone(tracks)
	slices.SortFunc(tracks, func(a, b Track) int { return strings.Compare(a.Repo, b.Repo) })
	x := index{Columns: names()}
	values := map[string][]int64{}
	for i, t := range tracks {
		if i > 0 && strings.EqualFold(t.Repo, tracks[i-1].Repo) {
			return nil, fmt.Errorf("%s stands twice", t.Repo)
		}
		x.Projects = append(x.Projects, t.project)
		for _, c := range x.Columns {
			values[c.Name] = append(values[c.Name], t.values[c.Name]...)
		}
	}
	return encode(x, values)
}
