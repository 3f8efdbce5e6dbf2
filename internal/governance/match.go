package governance

import (
	"cmp"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/mainstay-oss/mainstay/internal/history"
	"github.com/mainstay-oss/mainstay/internal/people"
)

// A Matcher finds the people of listings among those of a history. It is not safe for concurrent use, and fastest when asked
// for rising dates.
type Matcher struct {
	h     *history.History
	index *people.Index

	known     []int64            // by identity: when it first shows, as author of a commit or of a pull head; never if it does not
	byAddress map[string][]int32 // identities
	byLocal   map[string][]int32 // by the part of an address before the @, as a login is compared
	byHandle  map[string][]int32 // by name, as a login is compared
	byName    map[string][]int32 // by name in lower case, one space between words
	merges    map[string][]history.Login
	human     []int32 // places in h.Commits of human commits, oldest first
}

const never = 1<<63 - 1

// NewMatcher prepares a history and what its merges say of logins.
func NewMatcher(h *history.History, logins []history.Login) *Matcher {
	m := &Matcher{
		h: h, index: people.NewIndex(h),
		known:     make([]int64, len(h.Identities)),
		byAddress: map[string][]int32{}, byLocal: map[string][]int32{}, byHandle: map[string][]int32{}, byName: map[string][]int32{},
		merges: map[string][]history.Login{},
	}
	for i := range m.known {
		m.known[i] = never
	}
	for i := range h.Commits {
		c := &h.Commits[i]
		m.known[c.Author] = min(m.known[c.Author], c.Committed)
		if h.Human(c) {
			m.human = append(m.human, int32(i))
		}
	}
	for i := range h.Pulls {
		p := &h.Pulls[i]
		m.known[p.Author] = min(m.known[p.Author], p.Authored)
	}
	for i := range h.Identities {
		id, n := &h.Identities[i], int32(i)
		if id.Bot || m.known[i] == never || h.Hashed {
			continue
		}
		if email := strings.ToLower(id.Email); strings.Contains(email, "@") && !people.GenericAddress(email) {
			m.byAddress[email] = append(m.byAddress[email], n)
			if local, host, _ := strings.Cut(email, "@"); host != "noreply" {
				m.byLocal[handle(local)] = append(m.byLocal[handle(local)], n)
			}
		}
		if name := foldName(id.Name); !people.Generic(name) {
			m.byName[name] = append(m.byName[name], n)
			m.byHandle[handle(name)] = append(m.byHandle[handle(name)], n)
		}
	}
	for _, l := range logins {
		m.merges[l.Login] = append(m.merges[l.Login], l)
	}
	return m
}

// foldName gives a name as it is compared.
func foldName(name string) string { return strings.ToLower(strings.Join(strings.Fields(name), " ")) }

// handle gives what a login is compared by: letters and digits alone, so that huachao-huang may be Huachao Huang, unless these
// are so few that chance would do.
func handle(s string) string {
	if squeezed := strings.Join(wordsOf(s), ""); utf8.RuneCountInString(squeezed) >= shortHandle {
		return squeezed
	}
	return strings.ToLower(s)
}

const shortHandle = 5

// A who is somebody whom a history knows as of a date: a person by number, or, if negative, the author of pull heads alone, by
// the complement of the first identity with the same address.
type who int64

const (
	unknown = who(-1 << 62)
	several = unknown + 1
)

// crowd is how many author strings may share a name or an address before it says nothing about who bears it.
const crowd = 200

// of gives who is behind an identity, unknown if it does not show up to t. The author of pull heads alone is the person of
// the same address, or else of the same name.
func (m *Matcher) of(identity int32, persons *people.Persons, t int64) who {
	if m.known[identity] > t {
		return unknown
	}
	if p := persons.Of(identity); p >= 0 {
		return who(p)
	}
	id := &m.h.Identities[identity]
	same := m.byName[foldName(id.Name)]
	if len(same) > crowd {
		same = nil
	}
	person := unknown
	for _, i := range same {
		if p := persons.Of(i); p >= 0 && m.known[i] <= t {
			if person != unknown && person != who(p) {
				person = unknown
				break
			}
			person = who(p)
		}
	}
	if person != unknown {
		return person
	}
	if len(same) == 0 {
		same = m.byAddress[strings.ToLower(id.Email)]
	}
	if len(same) > 0 {
		identity = same[0]
	}
	return ^who(identity)
}

// only gives the one who is behind identities as of t; unknown if nobody is, or several are. Those who made commits come
// before those who opened pulls alone.
func (m *Matcher) only(identities []int32, persons *people.Persons, t int64) who {
	if len(identities) > crowd {
		return unknown
	}
	commits, pulls := unknown, unknown
	for _, i := range identities {
		w := m.of(i, persons, t)
		found := &commits
		if w == unknown {
			continue
		}
		if w < 0 {
			found = &pulls
		}
		switch *found {
		case unknown:
			*found = w
		case w:
		default:
			*found = several
		}
	}
	if commits == unknown {
		commits = pulls
	}
	if commits == several {
		return unknown
	}
	return commits
}

// match finds a listed person as of t. The order is that of the strength of the evidence; doc/measures.md states it.
func (m *Matcher) match(l *Listed, persons *people.Persons, t int64) who {
	if l.Address != "" {
		if w := m.only(m.byAddress[l.Address], persons, t); w != unknown {
			return w
		}
	}
	if login := strings.ToLower(l.Login); login != "" {
		if w := m.only(m.byAddress[login+"@noreply"], persons, t); w != unknown {
			return w
		}
		if w := m.merged(login, persons, t); w != unknown {
			return w
		}
		if !people.Generic(login) {
			if w := m.only(m.byLocal[handle(login)], persons, t); w != unknown {
				return w
			}
			if w := m.only(m.byHandle[handle(login)], persons, t); w != unknown {
				return w
			}
		}
	}
	if name := foldName(l.Name); name != "" && !people.Generic(name) {
		return m.only(m.byName[name], persons, t)
	}
	return unknown
}

// merged gives who wrote more than half of the pulls that were merged from a login's repository up to t.
func (m *Matcher) merged(login string, persons *people.Persons, t int64) who {
	counts := map[who]int{}
	all := 0
	for _, l := range m.merges[login] {
		if l.Merged > t || m.h.Identities[l.Identity].Bot {
			continue
		}
		if w := m.of(l.Identity, persons, t); w != unknown {
			counts[w]++
			all++
		}
	}
	for w, n := range counts {
		if 2*n > all {
			return w
		}
	}
	return unknown
}

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
	Address  string // as listed, the first of their lines that has one; may be empty
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
