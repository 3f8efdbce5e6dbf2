package forecast

import (
	"math"
	"math/bits"
	"slices"
	"sort"

	"github.com/mainstay-oss/mainstay/internal/history"
	"github.com/mainstay-oss/mainstay/internal/vitals"
)

// Features are the facts about one upstream as of one date that the forecast rests on, in the units in which people would
// say them. Human commits alone count as work, and nothing dated after T has any influence. A fact that cannot be computed
// is NaN. Pull-request heads are not used: a history without them has the same features.
//
// Counts are floats because package opening asks "what if" with fractions of a person's year.
type Features struct {
	// How much work there is, and where it is going.
	Commits12m      float64 // commits in 365 days: the size of the project
	Commits3m       float64 // commits in 91 days: what Scorecard's Maintained counts
	Commits1m       float64 // commits in 30 days: the earliest sign of a stop
	CommitsEver     float64 // commits up to T
	CommitsPrev12m  float64 // commits in the 365 days before those: what it was used to
	PeakCommits12m  float64 // most commits in any 12 consecutive stretches of 365/12 days counted back from T: its best year
	PeakAgo         float64 // years since that best year ended; 0 if it is the last one
	Growth36m       float64 // factor a year by which 1 + commits a stretch grew, least squares over 36 stretches, fewer in a younger project
	Unevenness      float64 // standard deviation of the commits in the last 12 stretches, over their mean: work in bursts
	DaysSinceCommit float64 // days since the last commit, with fractions
	UsualGap        float64 // days, median distance between days with work in 365 days; 365 with one such day. Said in reasons, not judged
	Weeks3m         float64 // of the 13 weeks up to T, those with work: steadiness, whatever the volume
	LongestGap24m   float64 // days, longest distance between days with work in 730 days, or from the last one to T; 730 with one such day

	// Who does it.
	Contributors12m     float64 // persons with commits in 365 days
	Contributors6m      float64 // the same in 182 days
	ContributorsPrev12m float64 // the same in the year before
	Monthly6m           float64 // persons with commits in one of the last 6 stretches, mean
	Newcomers12m        float64 // persons whose first commit lies in 365 days: the inflow that replaces who leaves
	Newcomers3m         float64 // the same for 91 days
	NewcomersPrev12m    float64 // the same for the year before
	AbsenceFactor       float64 // smallest number of persons whose commits reach half (CHAOSS). A baseline and said in plans, not judged
	BusiestCommits      float64 // commits of the busiest person in 365 days
	SecondCommits       float64 // commits of the second busiest, who would have to carry on
	Others3m            float64 // commits of all but the busiest person in 91 days
	Others6m            float64 // the same in 182 days
	Effective12m        float64 // effective number of persons: 1 over the sum of the squared shares of the year's commits
	EffectivePrev       float64 // the same for the year before; NaN without commits then
	BusiestPrev         float64 // share, 0 to 1, of the year before held by its own busiest person; NaN without commits then
	RegularsPrev        float64 // persons with commits in at least 4 of 12 stretches of the year before: the team as it was
	Regulars12m         float64 // the same for the last year. Said in reasons and plans, not judged
	RegularsKept        float64 // share, 0 to 1, of RegularsPrev who have commits in the last 182 days; NaN without any
	Lasting             float64 // how much stands against everybody leaving: the sum over persons of lasting (lasting.go)
	Known               float64 // share, 0 to 1, of all commits ever by persons with commits in 365 days: how much of the past is still there to be asked
	Departed            float64 // share, 0 to 1, of (T-730 d, T-183 d] by persons silent since; NaN without such commits
	BusiestTenure       float64 // years since the busiest person's first commit
	BusiestDays         float64 // days since the busiest person's last commit: whether they have gone already
	BusiestMonths       float64 // of the last 12 stretches, those with work of the busiest person
	BusiestEver         float64 // share, 0 to 1, of all commits ever by the busiest person

	// How it is done.
	Releases12m      float64 // tags in 365 days: projects that release are tended
	DaysSinceRelease float64 // days since the last tag; NaN without one (Renovate's rule looks at this alone)
	Age              float64 // years since the first human commit: what is old has survived
	Merged12m        float64 // distinct pulls named by commits in 365 days: outside work that was taken in
	Merged3m         float64 // the same in 91 days
	MergedPrev12m    float64 // the same in the year before
	Merges12m        float64 // merge commits of persons in 365 days
	OtherHands       float64 // share, 0 to 1, of the year's commits put in under another address than the author's
	Late             float64 // share, 0 to 1, of the year's commits put in more than a week after they were authored
	WorkHours        float64 // share, 0 to 1, of the year's commits authored from Monday to Friday between 9 and 18, local time
	Weekends         float64 // share, 0 to 1, of the year's commits authored on a Saturday or Sunday, local time: work done for its own sake

	// Added is 0 for a measured upstream. A what-if adds the commits of a supposed contributor here and not to Commits12m,
	// which stays the yardstick that a collapse is measured by.
	Added float64
	// Measured is nil for a measured upstream. A what-if keeps the features as measured here: see Model.Chances.
	Measured *Features
}

// regularStretches is in how many of the 12 stretches of a year somebody must have worked to count as regular.
const regularStretches = 4

// FeaturesAt computes the features as of t (Unix seconds). It reports false where no outlook applies: where the upstream
// is not active as of t, leaving published ends aside.
func FeaturesAt(m *vitals.Meter, t int64) (Features, bool) {
	if state, _ := m.State(t, nil); state != vitals.Active {
		return Features{}, false
	}
	v := m.At(t)
	h := m.History()
	persons := m.Persons(t)
	n := sort.Search(len(h.Commits), func(i int) bool { return h.Commits[i].Committed > t })

	f := Features{
		Commits12m:      float64(v.Commits12m),
		Commits3m:       float64(v.Commits3m),
		DaysSinceCommit: float64(t-v.LastCommit) / vitals.Day,
		Contributors12m: float64(v.Contributors12m),
		Newcomers12m:    float64(v.Newcomers12m),
		AbsenceFactor:   float64(*v.ContributorAbsenceFactor),
		Departed:        math.NaN(),
		Releases12m:     float64(v.Releases12m),
		Age:             float64(t-v.FirstCommit) / vitals.Year,
	}
	if v.DepartedShare != nil {
		f.Departed = *v.DepartedShare
	}
	f.DaysSinceRelease = math.NaN()
	if i := sort.Search(len(h.Tags), func(i int) bool { return h.Tags[i].Created > t }); i > 0 {
		f.DaysSinceRelease = float64(t-h.Tags[i-1].Created) / vitals.Day
	}

	count := persons.Count()
	year, before := newTally(count), newTally(count)
	ever := newLives(count)
	var (
		stretches  []int   // commits by stretch, newest first
		days       []int64 // days with work in the last two years
		recentDays int     // of those, the ones before the last year
		weeks      [13]bool
		pulls      = map[int32]bool{}     // named in the last year; true if in the last quarter
		pullsPrev  = map[int32]struct{}{} // named in the year before
		monthly    [6]map[int32]struct{}  // persons by stretch
		half       = map[int32]struct{}{} // persons of the last 182 days
		others     int
		late       int
		workHours  int
		weekends   int
	)
	for i := range monthly {
		monthly[i] = map[int32]struct{}{}
	}
	for i := range h.Commits[:n] {
		c := &h.Commits[i]
		ago := t - c.Committed
		if c.Pull > 0 {
			switch {
			case ago < vitals.Year:
				pulls[c.Pull] = pulls[c.Pull] || ago < vitals.Months3
			case ago < 2*vitals.Year:
				pullsPrev[c.Pull] = struct{}{}
			}
		}
		if !h.Human(c) {
			if ago < vitals.Year && c.Parents >= 2 && !h.Identities[c.Author].Bot {
				f.Merges12m++
			}
			continue
		}
		who := persons.Of(c.Author)
		ever.add(who, c.Committed)
		s := ago / vitals.Month
		if s < maxStretches {
			for int64(len(stretches)) <= s {
				stretches = append(stretches, 0)
			}
			stretches[s]++
		}
		if ago < 2*vitals.Year {
			days = append(days, floorDiv(c.Committed, vitals.Day))
		}
		switch {
		case ago < vitals.Year:
			year.add(who, s)
			if s < int64(len(monthly)) {
				monthly[s][who] = struct{}{}
			}
			if ago < months6 {
				half[who] = struct{}{}
				if who != v.Busiest {
					f.Others6m++
				}
			}
			if ago < vitals.Months3 {
				weeks[ago/(7*vitals.Day)] = true
				if who != v.Busiest {
					f.Others3m++
				}
			}
			if ago < 30*vitals.Day {
				f.Commits1m++
			}
			if otherHand(h, c) {
				others++
			}
			if c.Committed-c.Authored > 7*vitals.Day {
				late++
			}
			switch weekend, hour := localTime(c); {
			case weekend:
				weekends++
			case hour >= 9 && hour < 18:
				workHours++
			}
		case ago < 2*vitals.Year:
			before.add(who, s-12)
			recentDays = len(days)
		}
	}

	f.UsualGap = usualGap(days[recentDays:])
	f.LongestGap24m = math.Max(longestGap(days), f.DaysSinceCommit)
	for _, worked := range weeks {
		if worked {
			f.Weeks3m++
		}
	}
	peak, ago := best(stretches)
	f.PeakCommits12m, f.PeakAgo = float64(peak), float64(ago)/12
	f.Growth36m = math.Exp(slope(stretches, f.Age))
	f.Unevenness = unevenness(stretches)
	f.CommitsPrev12m = float64(before.commits)
	f.BusiestPrev, f.EffectivePrev = math.NaN(), math.NaN()
	if before.commits > 0 {
		most, _ := before.busiestTwo()
		f.BusiestPrev = float64(most) / float64(before.commits)
		f.EffectivePrev = before.effective()
	}
	most, second := year.busiestTwo()
	f.BusiestCommits, f.SecondCommits = float64(most), float64(second)
	f.Effective12m = year.effective()
	f.Regulars12m, f.RegularsPrev = float64(year.regulars()), float64(before.regulars())
	f.RegularsKept = before.kept(half)
	f.Contributors6m, f.ContributorsPrev12m = float64(len(half)), float64(before.persons())
	for _, persons := range monthly {
		f.Monthly6m += float64(len(persons)) / float64(len(monthly))
	}
	f.Newcomers3m = float64(ever.began(t-vitals.Months3, t))
	f.NewcomersPrev12m = float64(ever.began(t-2*vitals.Year, t-vitals.Year))
	f.CommitsEver = float64(ever.commits)
	f.Known = ever.share(year)
	f.Lasting = lasting(year, ever, t)
	f.BusiestTenure = float64(t-ever.first[v.Busiest]) / vitals.Year
	f.BusiestDays = float64(t-ever.last[v.Busiest]) / vitals.Day
	f.BusiestMonths = float64(bits.OnesCount16(year.months[v.Busiest]))
	f.BusiestEver = float64(ever.by[v.Busiest]) / f.CommitsEver
	f.Merged12m, f.MergedPrev12m = float64(len(pulls)), float64(len(pullsPrev))
	for _, recent := range pulls {
		if recent {
			f.Merged3m++
		}
	}
	f.OtherHands = float64(others) / f.Commits12m
	f.Late = float64(late) / f.Commits12m
	f.WorkHours = float64(workHours) / f.Commits12m
	f.Weekends = float64(weekends) / f.Commits12m
	return f, true
}

// months6 is half a year, in seconds.
const months6 = 182 * vitals.Day

// maxStretches bounds how far back work is looked at by month: commits dated a century ago tell of a broken clock.
const maxStretches = 1200

// usualGap is the median distance in days between consecutive days with work, given in rising order with repeats.
func usualGap(days []int64) float64 {
	days = slices.Compact(days)
	if len(days) < 2 {
		return 365
	}
	gaps := make([]int64, len(days)-1)
	for i := range gaps {
		gaps[i] = days[i+1] - days[i]
	}
	slices.Sort(gaps)
	return float64(gaps[(len(gaps)-1)/2]+gaps[len(gaps)/2]) / 2
}

// longestGap is the longest distance in days between consecutive days with work, given in rising order with repeats.
func longestGap(days []int64) float64 {
	days = slices.Compact(days)
	if len(days) < 2 {
		return 730
	}
	longest := int64(0)
	for i := 1; i < len(days); i++ {
		longest = max(longest, days[i]-days[i-1])
	}
	return float64(longest)
}

// otherHand tells whether a commit was put in under another address than its author's.
func otherHand(h *history.History, c *history.Commit) bool {
	return c.Author != c.Committer && h.Identities[c.Author].Email != h.Identities[c.Committer].Email
}

// localTime tells whether a commit was authored on a Saturday or Sunday, and at which full hour, in its author's own time zone.
func localTime(c *history.Commit) (weekend bool, hour int64) {
	at := c.Authored + int64(c.AuthorTZ)*60
	day := floorDiv(at, vitals.Day)
	switch ((day+4)%7 + 7) % 7 { // 1970-01-01 was a Thursday
	case 0, 6:
		weekend = true
	}
	return weekend, (at - day*vitals.Day) / 3600
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
