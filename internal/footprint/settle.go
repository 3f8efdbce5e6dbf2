package footprint

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/history"
)

// Attribution says how much of the work of 365 days is attributed, and what it would take to attribute enough.
type Attribution struct {
	Commits        int      // human commits
	Attributed     int      // of these, attributed to an organisation or, on evidence, to none
	Share          *float64 // the second over the first; nil without commits
	ElephantFactor *int     // smallest number of organisations that make half of the attributed commits; nil where under 60 % are attributed, or all of them make less
	ToSettle       *int     // fewest people whose affiliation would bring the share to 60 %; nil where all of them would not
	People         []Open   // these people, most commits first; in all together none
}

// Open is somebody whose affiliation is not known.
type Open struct {
	Identity int32 // the author string that most of the commits bear, the latest among equals: index into History.Identities
	Commits  int   // their open commits of 365 days
}

// attribution measures the last 365 days, and lists the people of ToSettle.
func (t *tally) attribution() (Attribution, []settler) {
	t.counts.reset()
	for i, l := range t.lanes {
		for _, d := range l.deeds[l.year:] {
			t.counts.add(t.organisation(i, d.organisation))
		}
	}
	c := &t.counts
	a := Attribution{Commits: c.all, Attributed: c.all - c.open}
	if c.all == 0 {
		return a, nil
	}
	share := float64(a.Attributed) / float64(a.Commits)
	a.Share = &share
	a.ElephantFactor = c.elephant()
	people, ok := t.settle()
	if !ok {
		return a, nil
	}
	n := len(people)
	a.ToSettle = &n
	return a, people
}

// elephant is the smallest number of organisations whose commits reach half of those attributed, nil where these are too few.
// Subsidiaries stand for themselves, as in the vitals: no figure here depends on who was asked for.
func (c *counts) elephant() *int {
	if !c.known() {
		return nil
	}
	each := make([]int, 0, len(c.with))
	for _, o := range c.with {
		each = append(each, c.commits[o])
	}
	slices.SortFunc(each, func(a, b int) int { return cmp.Compare(b, a) })
	reached := 0
	for i, n := range each {
		if reached += n; 2*reached >= c.all-c.open {
			factor := i + 1
			return &factor
		}
	}
	return nil // people of no organisation make more than half
}

// settle lists the fewest people whose affiliation would bring the share of the commits just counted to 60 %, most open
// commits first; ok is false where all of them would not, because of who does not want to be attributed.
//
// Taking always whoever has most is best: the k with the most open commits hold at least as many as any other k, since
// exchanging one of those for one of these can only add. So if these k do not reach the mark, no k do.
func (t *tally) settle() (list []settler, ok bool) {
	counts := map[int32]int{}
	for i, l := range t.lanes {
		for _, d := range l.deeds[l.year:] {
			if d.organisation != open || l.optedOut != nil && l.optedOut[d.person] {
				continue
			}
			counts[t.person(i, d.person)]++
		}
	}
	for who, n := range counts {
		list = append(list, settler{who, n})
	}
	slices.SortFunc(list, func(a, b settler) int {
		return cmp.Or(cmp.Compare(b.commits, a.commits), cmp.Compare(a.person, b.person))
	})
	reached := t.counts.all - t.counts.open
	for i, s := range list {
		if 100*reached >= attributed*t.counts.all {
			return list[:i], true
		}
		reached += s.commits
	}
	return list, 100*reached >= attributed*t.counts.all
}

// A settler is somebody with open commits.
type settler struct {
	person  int32
	commits int
}

// named finds author strings for people of the history of the only lane.
func (t *tally) named(people []settler, h *history.History) []Open {
	type use struct {
		commits int
		last    int64
	}
	uses := map[int32]map[int32]use{} // by person and identity
	for _, s := range people {
		uses[s.person] = map[int32]use{}
	}
	l := t.lanes[0]
	for _, d := range l.deeds[l.year:] {
		if of := uses[d.person]; of != nil && d.organisation == open {
			of[d.author] = use{of[d.author].commits + 1, d.at}
		}
	}
	list := make([]Open, 0, len(people))
	for _, s := range people {
		of := uses[s.person]
		best := slices.MaxFunc(slices.Collect(maps.Keys(of)), func(a, b int32) int {
			p, q := &h.Identities[a], &h.Identities[b]
			// Among equals of the same second the strings decide, so that the order of the source does not.
			return cmp.Or(cmp.Compare(of[a].commits, of[b].commits), cmp.Compare(of[a].last, of[b].last),
				strings.Compare(p.Email, q.Email), strings.Compare(p.Name, q.Name))
		})
		list = append(list, Open{Identity: best, Commits: s.commits})
	}
	return list
}
