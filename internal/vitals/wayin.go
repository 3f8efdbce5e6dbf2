package vitals

import (
	"cmp"
	"slices"

	"github.com/mainstay-oss/mainstay/internal/history"
)

// WayIn tells how outsiders have fared who wanted to join. A pointer is nil where the measure cannot be computed.
type WayIn struct {
	// OutsidePulls are the pulls that outsiders opened in the 730 days up to the date, 90 days before it or earlier: a pull needs
	// time to be decided. An outsider is who was neither a bot nor an insider (as for Asked) when they opened it; who has joined
	// since was an outsider then. Nil where pull heads are not known.
	OutsidePulls  *int
	OutsideMerged *int     // of these, taken up to the date
	MergedShare   *float64 // the second over the first; nil with too few of them, and where pulls say nothing (Asked)

	Newcomers   int      // persons whose first human commit is from 730 to 1460 days old
	Stayed      int      // of these, with a human commit in the second year after it
	StayedShare *float64 // the second over the first; nil with too few of them

	// Tractability weighs how far outsiders get here, 0 to 1: a convention for plans, no forecast. Nil where nothing is known.
	Tractability *float64
}

const (
	wayInFrom    = 2 * Year
	wayInPatient = 90 * Day // a younger pull may yet be decided
	wayInFewest  = 5        // pulls or persons: a share of fewer says nothing by itself
)

// WayIn measures the way in as of t.
func (m *Meter) WayIn(t int64) WayIn {
	var w WayIn
	w.Newcomers, w.Stayed = m.stayed(t)
	if w.Newcomers >= wayInFewest {
		w.StayedShare = share(w.Stayed, w.Newcomers)
	}
	asked := m.Asked(t)
	if asked == nil {
		w.Tractability = tractability(0, 0, w.Newcomers, w.Stayed)
		return w
	}
	opened, merged := m.outside(t)
	w.OutsidePulls, w.OutsideMerged = &opened, &merged
	if asked.mute(m.upTo(t)) {
		w.Tractability = tractability(0, 0, w.Newcomers, w.Stayed)
		return w
	}
	if opened >= wayInFewest {
		w.MergedShare = share(merged, opened)
	}
	w.Tractability = tractability(opened, merged, w.Newcomers, w.Stayed)
	return w
}

// outside counts outsiders' pulls that had time to be decided, and those of them that were taken.
func (m *Meter) outside(t int64) (opened, merged int) {
	var pulls []int
	for i := range m.h.Pulls {
		p := &m.h.Pulls[i]
		if p.Authored > t-wayInFrom && p.Authored <= t-wayInPatient && !m.h.Identities[p.Author].Bot {
			pulls = append(pulls, i)
		}
	}
	slices.SortFunc(pulls, func(a, b int) int { return cmp.Compare(m.h.Pulls[a].Authored, m.h.Pulls[b].Authored) })
	persons := m.index.At(t)
	taken := m.takenPulls()
	made := m.counts.reset(persons.Count()) // human commits by person up to the pull at hand
	upTo := 0
	for _, i := range pulls {
		p := &m.h.Pulls[i]
		for ; upTo < len(m.human) && m.human[upTo].at <= p.Authored; upTo++ {
			made[persons.Of(m.human[upTo].author)]++
		}
		if who := m.asker(persons, p); who >= 0 && insider(made[who], upTo) {
			continue
		}
		opened++
		if taken[i] <= t {
			merged++
		}
	}
	return opened, merged
}

// stayed counts the persons who came two to four years before t, and those of them who were there in the second year after.
func (m *Meter) stayed(t int64) (newcomers, stayed int) {
	persons := m.index.At(t)
	began := m.began(persons)
	came := func(who int32) bool { return began[who] > t-4*Year && began[who] <= t-2*Year }
	there := m.recent.reset(persons.Count())
	for _, w := range m.human[m.upTo(t-3*Year):m.upTo(t)] {
		who := persons.Of(w.author)
		if since := w.at - began[who]; came(who) && since > Year && since <= 2*Year {
			there[who] = 1
		}
	}
	for who := range there {
		if came(int32(who)) {
			newcomers++
			stayed += there[who]
		}
	}
	return newcomers, stayed
}

// OpenPulls gives the newest pull heads, at most n, that nobody took up to t: no commit names them or is their head. Git does not
// tell which of them were refused. Bots' are left out; nil where pull heads are not known or say nothing (Asked).
func (m *Meter) OpenPulls(t int64, n int) []history.Pull {
	asked := m.Asked(t)
	if asked == nil || asked.mute(m.upTo(t)) {
		return nil
	}
	taken := m.takenPulls()
	var open []history.Pull
	for i, p := range m.h.Pulls {
		if p.Authored <= t && taken[i] > t && !m.h.Identities[p.Author].Bot {
			open = append(open, p)
		}
	}
	slices.SortFunc(open, func(a, b history.Pull) int {
		return cmp.Or(cmp.Compare(b.Authored, a.Authored), cmp.Compare(b.Number, a.Number))
	})
	return open[:min(n, len(open))]
}

// A Listing says when somebody first committed and when they were first listed as having a say, in Unix seconds.
type Listing struct{ FirstCommit, Listed int64 }

const lastListed = 5

// DaysToSeat gives the days from first commit to first listing for the last five who were listed, newest first, and their median,
// nil without any. Of those listed at once the ones who had come first count; who was listed before they committed took 0 days.
func DaysToSeat(listings []Listing) (last []int, median *int) {
	listings = slices.Clone(listings)
	slices.SortFunc(listings, func(a, b Listing) int {
		return cmp.Or(cmp.Compare(b.Listed, a.Listed), cmp.Compare(a.FirstCommit, b.FirstCommit))
	})
	for _, l := range listings[:min(lastListed, len(listings))] {
		last = append(last, max(0, int((l.Listed-l.FirstCommit)/Day)))
	}
	if len(last) == 0 {
		return nil, nil
	}
	sorted := slices.Sorted(slices.Values(last))
	middle := (sorted[(len(sorted)-1)/2] + sorted[len(sorted)/2]) / 2
	return last, &middle
}
