package vitals

import (
	"slices"

	"github.com/mainstay-oss/mainstay/internal/people"
)

// Load is what is asked of the people of an upstream, relative to what they get done. A pointer is nil where the measure
// cannot be computed. Whether a pull is still open is not in git, so nothing here is a backlog of pulls.
type Load struct {
	PullsOpened12m *int // as Vitals.PullsOpened12m
	PullsMerged12m int  // as Vitals.PullsMerged12m

	CommitsSinceRelease *int     // human commits after the last release; nil without a release
	CommitsPerRelease   *float64 // median of the human commits between its past releases; nil with fewer than three such stretches
	ReleaseBacklog      *float64 // the first divided by the second: above 1, more lies unreleased than is usual

	Regulars12m     int      // active maintainers: persons with human commits in at least 4 of the 12 stretches of the last year
	NewOutsiders12m *int     // persons, no bots and no regulars, whose first commit or pull head lies in the last year; nil where pull heads are not known
	PerRegular      *float64 // NewOutsiders12m for each regular; nil without a regular
}

const (
	regularStretches = 4       // of a year's 12 in which a regular has worked
	rhythmStretches  = 3       // between releases, at least, for a rhythm
	rhythmAtMost     = 20      // the newest of them: how it releases now, not ten years ago
	oneRelease       = 7 * Day // tags within a week of the first are one release: candidates, parts of a monorepo, mended mistakes
)

// Load measures the load as of t.
func (m *Meter) Load(t int64) Load {
	v := Load{PullsMerged12m: m.pullsMerged(t)}
	if m.h.PullsKnown {
		opened := after(m.opened, t) - after(m.opened, t-Year)
		v.PullsOpened12m = &opened
	}
	m.releases(t, &v)

	persons := m.index.At(t)
	regular := m.regulars(persons, t)
	for _, is := range regular {
		if is {
			v.Regulars12m++
		}
	}
	if m.h.PullsKnown {
		n := m.newOutsiders(persons, regular, t)
		v.NewOutsiders12m = &n
		if v.Regulars12m > 0 {
			v.PerRegular = share(n, v.Regulars12m)
		}
	}
	return v
}

// releases compares what lies unreleased with what lay between past releases.
func (m *Meter) releases(t int64, v *Load) {
	var dates []int64 // of releases: of the last tag of each
	began := int64(never)
	for _, tag := range m.h.Tags[:m.tagsUpTo(t)] {
		if n := len(dates); n > 0 && tag.Created-began < oneRelease {
			dates[n-1] = tag.Created
		} else {
			dates = append(dates, tag.Created)
			began = tag.Created
		}
	}
	if len(dates) == 0 {
		return
	}
	since := m.upTo(t) - m.upTo(dates[len(dates)-1])
	v.CommitsSinceRelease = &since
	var between []int
	for i := 1; i < len(dates); i++ {
		if n := m.upTo(dates[i]) - m.upTo(dates[i-1]); n > 0 { // a tag without work before it is no release of anything
			between = append(between, n)
		}
	}
	if len(between) < rhythmStretches {
		return
	}
	between = between[max(0, len(between)-rhythmAtMost):]
	slices.Sort(between)
	middle := float64(between[(len(between)-1)/2]+between[len(between)/2]) / 2
	v.CommitsPerRelease = &middle
	backlog := float64(since) / middle
	v.ReleaseBacklog = &backlog
}

// regulars marks by number the persons who worked in enough of the twelve stretches of the last year.
func (m *Meter) regulars(persons *people.Persons, t int64) []bool {
	worked := make([]uint16, persons.Count()) // a bit for each stretch
	for _, w := range m.human[m.upTo(t-Year):m.upTo(t)] {
		worked[persons.Of(w.author)] |= 1 << ((t - w.at) / Month)
	}
	regular := make([]bool, len(worked))
	for who, stretches := range worked {
		n := 0
		for ; stretches != 0; stretches &= stretches - 1 {
			n++
		}
		regular[who] = n >= regularStretches
	}
	return regular
}

// newOutsiders counts those who came in the last year, with a commit or a pull.
func (m *Meter) newOutsiders(persons *people.Persons, regular []bool, t int64) int {
	came := map[int32]int64{}
	for who, began := range m.began(persons) {
		if began <= t {
			came[int32(who)] = began
		}
	}
	for i := range m.h.Pulls {
		p := &m.h.Pulls[i]
		if p.Authored > t || m.h.Identities[p.Author].Bot {
			continue
		}
		who := m.asker(persons, p)
		if at, known := came[who]; !known || p.Authored < at {
			came[who] = p.Authored
		}
	}
	n := 0
	for who, at := range came {
		if at > t-Year && (who < 0 || !regular[who]) {
			n++
		}
	}
	return n
}
