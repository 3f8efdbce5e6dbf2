package forecast

import (
	"math"
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
	CommitsPrev12m  float64 // commits in the 365 days before those: what it was used to
	PeakCommits12m  float64 // most commits in any 12 consecutive stretches of 365/12 days counted back from T: its best year
	DaysSinceCommit float64 // days since the last commit, with fractions
	UsualGap        float64 // days, median distance between days with work in 365 days; 365 with one such day. Said in reasons, not judged
	Weeks3m         float64 // of the 13 weeks up to T, those with work: steadiness, whatever the volume

	// Who does it.
	Contributors12m float64 // persons with commits in 365 days
	Newcomers12m    float64 // persons whose first commit lies in those: the inflow that replaces who leaves
	AbsenceFactor   float64 // smallest number of persons whose commits reach half (CHAOSS). A baseline and said in plans, not judged
	BusiestCommits  float64 // commits of the busiest person in 365 days
	SecondCommits   float64 // commits of the second busiest, who would have to carry on
	BusiestPrev     float64 // share, 0 to 1, of the year before held by its own busiest person; NaN without commits then
	RegularsPrev    float64 // persons with commits in at least 4 of 12 stretches of the year before: the team as it was
	Regulars12m     float64 // the same for the last year. Said in reasons and plans, not judged
	Departed        float64 // share, 0 to 1, of (T-730 d, T-183 d] by persons silent since; NaN without such commits
	BusiestTenure   float64 // years since the busiest person's first commit
	BusiestDays     float64 // days since the busiest person's last commit: whether they have gone already

	// How it is done.
	Releases12m      float64 // tags in 365 days: projects that release are tended
	DaysSinceRelease float64 // days since the last tag; NaN without one (Renovate's rule looks at this alone)
	Age              float64 // years since the first human commit: what is old has survived
	Merged12m        float64 // distinct pulls named by commits in 365 days: outside work that was taken in
	Merged3m         float64 // the same in 91 days
	OtherHands       float64 // share, 0 to 1, of the year's commits put in under another address than the author's
	Weekends         float64 // share, 0 to 1, of the year's commits authored on a Saturday or Sunday, local time: work done for its own sake

	// Added is 0 for a measured upstream. A what-if adds the commits of a supposed contributor here and not to Commits12m,
	// which stays the yardstick that a collapse is measured by.
	Added float64
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
		BusiestPrev:     math.NaN(),
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
	var (
		stretches []int   // commits by stretch, newest first
		days      []int64 // days with work in the last year
		weeks     [13]bool
		pulls     = map[int32]bool{} // named in the last year; true if in the last quarter
		first     = int64(math.MaxInt64)
		last      int64
		others    int
		weekends  int
	)
	for i := range h.Commits[:n] {
		c := &h.Commits[i]
		ago := t - c.Committed
		if c.Pull > 0 && ago < vitals.Year {
			pulls[c.Pull] = pulls[c.Pull] || ago < vitals.Months3
		}
		if !h.Human(c) {
			continue
		}
		who := persons.Of(c.Author)
		if who == v.Busiest {
			first, last = min(first, c.Committed), c.Committed
		}
		s := ago / vitals.Month
		if s < maxStretches {
			for int64(len(stretches)) <= s {
				stretches = append(stretches, 0)
			}
			stretches[s]++
		}
		switch {
		case ago < vitals.Year:
			year.add(who, s)
			days = append(days, floorDiv(c.Committed, vitals.Day))
			if ago < vitals.Months3 {
				weeks[ago/(7*vitals.Day)] = true
			}
			if ago < 30*vitals.Day {
				f.Commits1m++
			}
			if otherHand(h, c) {
				others++
			}
			if weekend(c) {
				weekends++
			}
		case ago < 2*vitals.Year:
			before.add(who, s-12)
		}
	}

	f.UsualGap = usualGap(days)
	for _, worked := range weeks {
		if worked {
			f.Weeks3m++
		}
	}
	f.PeakCommits12m = float64(best(stretches))
	f.CommitsPrev12m = float64(before.commits)
	if before.commits > 0 {
		most, _ := before.busiestTwo()
		f.BusiestPrev = float64(most) / float64(before.commits)
	}
	most, second := year.busiestTwo()
	f.BusiestCommits, f.SecondCommits = float64(most), float64(second)
	f.Regulars12m, f.RegularsPrev = float64(year.regulars()), float64(before.regulars())
	f.BusiestTenure = float64(t-first) / vitals.Year
	f.BusiestDays = float64(t-last) / vitals.Day
	f.Merged12m = float64(len(pulls))
	for _, recent := range pulls {
		if recent {
			f.Merged3m++
		}
	}
	f.OtherHands = float64(others) / f.Commits12m
	f.Weekends = float64(weekends) / f.Commits12m
	return f, true
}

// maxStretches bounds how far back work is looked at by month: commits dated a century ago tell of a broken clock.
const maxStretches = 1200

// tally counts the work of one year by person.
type tally struct {
	commits int
	by      []int32  // commits by person
	months  []uint16 // by person, a bit for each stretch with work
}

func newTally(persons int) *tally {
	return &tally{by: make([]int32, persons), months: make([]uint16, persons)}
}

func (y *tally) add(person int32, stretch int64) {
	y.commits++
	y.by[person]++
	y.months[person] |= 1 << stretch
}

func (y *tally) busiestTwo() (most, second int32) {
	for _, n := range y.by {
		if n > most {
			most, second = n, most
		} else if n > second {
			second = n
		}
	}
	return most, second
}

func (y *tally) regulars() int {
	n := 0
	for _, bits := range y.months {
		worked := 0
		for ; bits != 0; bits &= bits - 1 {
			worked++
		}
		if worked >= regularStretches {
			n++
		}
	}
	return n
}

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

// best is the greatest sum of 12 consecutive stretches; with fewer than 12, the sum of all.
func best(stretches []int) int {
	sum, most := 0, 0
	for i, n := range stretches {
		sum += n
		if i >= 12 {
			sum -= stretches[i-12]
		}
		most = max(most, sum)
	}
	return most
}

// otherHand tells whether a commit was put in under another address than its author's.
func otherHand(h *history.History, c *history.Commit) bool {
	return c.Author != c.Committer && h.Identities[c.Author].Email != h.Identities[c.Committer].Email
}

// weekend tells whether a commit was authored on a Saturday or Sunday, in its author's own time zone.
func weekend(c *history.Commit) bool {
	day := floorDiv(c.Authored+int64(c.AuthorTZ)*60, vitals.Day)
	switch ((day+4)%7 + 7) % 7 { // 1970-01-01 was a Thursday
	case 0, 6:
		return true
	}
	return false
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
