package footprint

import (
	"cmp"
	"slices"
	"sort"

	"github.com/mainstay-oss/mainstay/internal/people"
)

// asks finds who opened the pulls. Who has no commits up to the date is known by the address alone, or by the name where there
// is none, and gets a number behind those of the persons.
func (u *Upstream) asks(l *lane, persons *people.Persons) {
	h := u.Meter.History()
	strangers := map[string]int32{}
	for i := range h.Pulls {
		p := &h.Pulls[i]
		id := &h.Identities[p.Author]
		if p.Authored >= l.asOf || id.Bot {
			continue
		}
		who := persons.Of(p.Author)
		if who < 0 {
			key := id.Email
			if blank(key) {
				key = " " + id.Name
			}
			var known bool
			if who, known = strangers[key]; !known {
				who = int32(l.persons)
				l.persons++
				strangers[key] = who
				if elsewhere, ok := addressIn(h, id); ok {
					l.addresses = append(l.addresses, address{who, elsewhere})
				}
			}
		}
		l.asks = append(l.asks, ask{p.Authored, who, organisation(u.Claims.Of(p.Author, p.Authored))})
	}
	slices.SortStableFunc(l.asks, func(a, b ask) int { return cmp.Compare(a.at, b.at) })
}

// pullAuthors counts by quarter the people who opened pulls, none of them for the organisation. It is nil for each quarter
// where one lane's pulls are not known: which are is chance, and what they add up to says nothing.
func (t *tally) pullAuthors(quarters []stretch, g *group) []*int {
	authors := make([]*int, len(quarters))
	if t.pullsUnknown() > 0 || len(quarters) == 0 {
		return authors
	}
	next := make([]int, len(t.lanes)) // the first ask not before the quarter
	pass := func(at int64) {
		for i, l := range t.lanes {
			next[i] += sort.Search(len(l.asks)-next[i], func(k int) bool { return l.asks[next[i]+k].at >= at })
		}
	}
	pass(quarters[0].From)
	for q := range quarters {
		t.marks += 2
		inside, outside := t.marks-1, t.marks
		within := func(visit func(lane int, a *ask)) {
			for i, l := range t.lanes {
				for k := next[i]; k < len(l.asks) && l.asks[k].at < quarters[q].Until; k++ {
					visit(i, &l.asks[k])
				}
			}
		}
		within(func(lane int, a *ask) {
			if o := t.organisation(lane, a.organisation); o >= 0 && g.member(o) {
				t.inside[t.person(lane, a.person)] = inside
			}
		})
		n := 0
		within(func(lane int, a *ask) {
			if who := t.person(lane, a.person); t.inside[who] != inside && t.inside[who] != outside {
				t.inside[who] = outside
				n++
			}
		})
		pass(quarters[q].Until)
		authors[q] = &n
	}
	return authors
}

// pullsUnknown counts the lanes with work whose pull heads are not known.
func (t *tally) pullsUnknown() int {
	n := 0
	for _, l := range t.lanes {
		if len(l.deeds) > 0 && !l.pullsKnown {
			n++
		}
	}
	return n
}
