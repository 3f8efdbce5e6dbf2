package governance

import (
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

// handle gives what a login is compared by: letters and digits alone, so that rosalie-kim may be Rosalie Kim, unless these
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
