package opening

import (
	"sort"

	"github.com/mainstay-oss/mainstay/internal/people"
	"github.com/mainstay-oss/mainstay/internal/vitals"
)

// Busiest picks the busiest person of the year up to t.
func Busiest(m *vitals.Meter, t int64) func(person int32) bool {
	busiest := m.At(t).Busiest
	return func(person int32) bool { return person == busiest && busiest >= 0 }
}

// Members tells who of those at work in the year up to t works for one of the organisations, given by name: attributed are those
// whose last commit of the year with any evidence says so, open those whose commits of the year have none. Who is known to
// work elsewhere, or for nobody, is neither. a must be of the same history and date.
func Members(m *vitals.Meter, a *people.Attribution, organisations []string, t int64) (attributed, open func(person int32) bool) {
	h, persons := m.History(), m.Persons(t)
	ours := map[int32]bool{}
	for _, name := range organisations {
		if n := a.Number(name); n >= 0 {
			ours[n] = true
		}
	}
	const (
		unknown = iota + 1
		elsewhere
		here
	)
	is := map[int32]int{}
	end := sort.Search(len(h.Commits), func(i int) bool { return h.Commits[i].Committed > t })
	for i := end - 1; i >= 0 && h.Commits[i].Committed > t-vitals.Year; i-- {
		who := persons.Of(h.Commits[i].Author)
		if !h.Human(&h.Commits[i]) || is[who] > unknown {
			continue
		}
		switch claim := a.Commit(i); {
		case !claim.Known():
			is[who] = unknown
		case ours[claim.Organisation]:
			is[who] = here
		default:
			is[who] = elsewhere
		}
	}
	return func(p int32) bool { return is[p] == here }, func(p int32) bool { return is[p] == unknown }
}
