package governance

import (
	"cmp"
	"slices"
	"sort"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/people"
)

// work counts the human commits in the 365 days up to t, by person.
func (m *Matcher) work(persons *people.Persons, t int64) map[who]int {
	const year = 365 * 24 * 60 * 60
	counts := map[who]int{}
	for _, i := range m.human[m.humanUpTo(t-year):m.humanUpTo(t)] {
		counts[who(persons.Of(m.h.Commits[i].Author))]++
	}
	return counts
}

func (m *Matcher) humanUpTo(t int64) int {
	return sort.Search(len(m.human), func(i int) bool { return m.h.Commits[m.human[i]].Committed > t })
}

// began gives the first human commit up to t of each person.
func (m *Matcher) began(persons *people.Persons, t int64) map[who]int64 {
	first := map[who]int64{}
	for _, i := range slices.Backward(m.human[:m.humanUpTo(t)]) {
		c := &m.h.Commits[i]
		first[who(persons.Of(c.Author))] = c.Committed
	}
	return first
}

// A Seat is one person in a listing, whatever the number of lines that name them.
type Seat struct {
	Person   int32  // number as in people.Persons of the date; -1 if no commit knows them
	Identity int32  // their newest author string up to the date, index into History.Identities; -1 if they are not known
	Address  string // as listed, of the first of their lines that has one; may be empty
	Known    bool   // from commits or pull heads up to the date
	Commits  int    // human commits in the 365 days up to the date
	Lines    []int  // that name them: indices into Listing.People
	Review   bool   // as a reviewer alone: no seat
}

// Active tells whether somebody made a human commit in the last year.
func (s *Seat) Active() bool { return s.Commits > 0 }

// Paper tells whether somebody is known and did not.
func (s *Seat) Paper() bool { return s.Known && s.Commits == 0 }

// A Roll is a listing as of a date: who holds a seat, and who of them is at work.
type Roll struct {
	At    int64 // Unix seconds
	Files []string
	Teams int // teams of a forge that hold seats too; who is in them is not known

	Listed    int // people with a seat
	Active    int // of these, with a human commit in 365 days
	Paper     int // of these, known and without one
	Unmatched int // of these, known from no commit and no pull head: whether they are at work is not known
	Reviewers int // people listed as reviewers alone

	Seats []Seat // reviewers too; by number of commits, most first, then in the order of the listing
}

// newest gives the author string of the newest commit up to t of each person.
func (m *Matcher) newest(persons *people.Persons, t int64) map[who]int32 {
	last := map[who]int32{}
	for i := range m.h.Commits {
		c := &m.h.Commits[i]
		if c.Committed > t {
			break
		}
		last[who(persons.Of(c.Author))] = c.Author
	}
	return last
}

// Roll finds the people of a listing as of t. Nothing after t is evidence.
func (m *Matcher) Roll(l Listing, t int64) Roll {
	persons := m.index.At(t)
	counts, newest := m.work(persons, t), m.newest(persons, t)
	roll := Roll{At: t, Files: l.Files, Teams: len(l.Teams)}
	for _, g := range m.groups(l.People, persons, t) {
		s := Seat{Person: -1, Identity: -1, Review: true, Lines: g.lines}
		switch {
		case g.who == unknown:
		case g.who < 0:
			s.Known, s.Identity = true, int32(^g.who)
		default:
			s.Known, s.Person, s.Commits, s.Identity = true, int32(g.who), counts[g.who], newest[g.who]
		}
		for _, i := range g.lines {
			if s.Address == "" {
				s.Address = l.People[i].Address
			}
			if l.People[i].Role.Seat() {
				s.Review = false
			}
		}
		roll.Seats = append(roll.Seats, s)
		switch {
		case s.Review:
			roll.Reviewers++
			continue
		case s.Active():
			roll.Active++
		case s.Paper():
			roll.Paper++
		default:
			roll.Unmatched++
		}
		roll.Listed++
	}
	slices.SortStableFunc(roll.Seats, func(a, b Seat) int { return cmp.Compare(b.Commits, a.Commits) })
	return roll
}

// A group is the lines that name one person.
type group struct {
	who   who
	lines []int
}

// groups joins the lines that name one person: those that match the same one, and those that share a login or an address, or,
// where there is nothing else, a name.
func (m *Matcher) groups(list []Listed, persons *people.Persons, t int64) (groups []group) {
	place := map[string]int{}
	byWho := map[who]int{}
	parent := []int{}
	find := func(i int) int {
		for parent[i] != i {
			i = parent[i]
		}
		return i
	}
	for i := range list {
		l := &list[i]
		w := m.match(l, persons, t)
		var keys []string
		if l.Login != "" {
			keys = append(keys, "@"+strings.ToLower(l.Login))
		}
		if l.Address != "" {
			keys = append(keys, l.Address)
		}
		if len(keys) == 0 && w == unknown {
			keys = append(keys, " "+foldName(l.Name))
		}
		at := -1
		// Lines of two known people are never joined: a login once misspelt does not make them one.
		join := func(other int) {
			other = find(other)
			switch {
			case at < 0 && (w == unknown || groups[other].who == unknown || groups[other].who == w):
				at = other
			case at < 0 || at == other || groups[at].who != unknown && groups[other].who != unknown && groups[at].who != groups[other].who:
			default:
				from, to := max(at, other), min(at, other)
				parent[from] = to
				groups[to].lines = append(groups[to].lines, groups[from].lines...)
				if groups[to].who == unknown {
					groups[to].who = groups[from].who
				}
				groups[from].lines = nil
				at = to
			}
		}
		if g, ok := byWho[w]; ok && w != unknown {
			join(g)
		}
		for _, k := range keys {
			if g, ok := place[k]; ok {
				join(g)
			}
		}
		if at < 0 {
			at = len(groups)
			groups, parent = append(groups, group{who: unknown}), append(parent, at)
		}
		if groups[at].who == unknown {
			groups[at].who = w
		}
		groups[at].lines = append(groups[at].lines, i)
		if w != unknown {
			byWho[w] = at
		}
		for _, k := range keys {
			if _, ok := place[k]; !ok {
				place[k] = at
			}
		}
	}
	groups = slices.DeleteFunc(groups, func(g group) bool { return g.lines == nil })
	for i := range groups {
		slices.Sort(groups[i].lines)
	}
	return groups
}
