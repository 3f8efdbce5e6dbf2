package people

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/mainstay-oss/mainstay/internal/history"
)

// An Index joins the identities of one history into persons, as of any date.
//
// Two author strings are one person if they share an address, or a name that is not [Generic], or if .mailmap says so.
// A forge no-reply address has been reduced to its login by package history, so that it counts as an address.
// Only authors of commits up to the date are evidence, of any kind: merges and bots too. Committers and the authors of
// pull heads are not, because a history archive knows no names for them: a repository and its archive give the same persons.
//
// An Index remembers the last date that it was asked for: rising dates cost little, a fall starts anew. It is not safe
// for concurrent use.
type Index struct {
	h *history.History

	// Every address, every name that can join, and every identity that has neither is a node of a disjoint-set forest.
	address []int32 // by identity: the node that decides who this is
	name    []int32 // by identity: the node of its name, -1 if the name joins nothing
	parent  []int32
	nodes   int32

	firsts  []first    // identities that authored a commit, by the date of their first
	aliases [][2]int32 // nodes that .mailmap joins
	mapDate int64      // from here on .mailmap is evidence

	// State of the iteration.
	next    int // firsts[:next] have been joined
	at      int64
	aliased bool
	last    *Persons
}

// A first is the first commit that an identity authored.
type first struct {
	at       int64
	identity int32
}

// NewIndex prepares h; no evidence is used before [Index.At].
func NewIndex(h *history.History) *Index {
	x := &Index{
		h:       h,
		address: make([]int32, len(h.Identities)),
		name:    make([]int32, len(h.Identities)),
		mapDate: math.MaxInt64,
	}
	if !h.ObservedUntil.IsZero() {
		x.mapDate = h.ObservedUntil.UTC().Truncate(24 * time.Hour).Unix()
	}
	addresses := make(map[string]int32, len(h.Identities))
	names := make(map[string]int32, len(h.Identities))
	node := func(of map[string]int32, key string) int32 {
		n, ok := of[key]
		if !ok {
			n = x.nodes
			x.nodes++
			of[key] = n
		}
		return n
	}
	for i := range h.Identities {
		id := &h.Identities[i]
		x.name[i] = -1
		if !Generic(id.Name) {
			x.name[i] = node(names, strings.TrimSpace(id.Name))
		}
		switch address := addressKey(id.Email); {
		case address != "":
			x.address[i] = node(addresses, address)
		case x.name[i] >= 0:
			x.address[i] = x.name[i]
		default:
			x.address[i] = x.nodes
			x.nodes++
		}
	}
	for _, a := range h.Aliases {
		var from int32
		switch old := addressKey(a.OldEmail); {
		case old != "":
			from = node(addresses, old) // with OldName or without: who shares an address is one person anyway
		case !Generic(a.OldName):
			from = node(names, strings.TrimSpace(a.OldName))
		default:
			continue
		}
		if to := addressKey(a.Email); to != "" {
			x.aliases = append(x.aliases, [2]int32{from, node(addresses, to)})
		}
		if !Generic(a.Name) {
			x.aliases = append(x.aliases, [2]int32{from, node(names, strings.TrimSpace(a.Name))})
		}
	}

	seen := make([]bool, len(h.Identities))
	for i := range h.Commits {
		c := &h.Commits[i]
		if !seen[c.Author] {
			seen[c.Author] = true
			x.firsts = append(x.firsts, first{c.Committed, c.Author})
		}
	}
	// Commits are by date already; among equal dates the strings decide, so that their order in the source does not.
	slices.SortFunc(x.firsts, func(a, b first) int {
		p, q := &h.Identities[a.identity], &h.Identities[b.identity]
		return cmp.Or(cmp.Compare(a.at, b.at), strings.Compare(p.Email, q.Email), strings.Compare(p.Name, q.Name))
	})
	x.parent = make([]int32, x.nodes)
	x.reset()
	return x
}

// addressKey is what two addresses are compared by; empty if the address joins nothing.
func addressKey(email string) string {
	email = strings.ToLower(strings.TrimSpace(email))
	if email == "-" || GenericAddress(email) {
		return ""
	}
	return email
}

func (x *Index) reset() {
	for i := range x.parent {
		x.parent[i] = int32(i)
	}
	x.next, x.aliased, x.last = 0, false, nil
}

// At gives the persons that can be told apart with the commits committed up to t (Unix seconds), and from the day on
// which the history was last observed also with its .mailmap.
func (x *Index) At(t int64) *Persons {
	if x.last != nil && t < x.at {
		x.reset()
	}
	x.at = t
	changed := x.last == nil
	for ; x.next < len(x.firsts) && x.firsts[x.next].at <= t; x.next++ {
		i := x.firsts[x.next].identity
		if x.name[i] >= 0 {
			x.join(x.address[i], x.name[i])
		}
		changed = true
	}
	if !x.aliased && t >= x.mapDate {
		for _, a := range x.aliases {
			x.join(a[0], a[1])
		}
		x.aliased = true
		changed = changed || len(x.aliases) > 0
	}
	if changed {
		x.last = x.snapshot()
	}
	return x.last
}

// snapshot numbers the persons by their first commit.
func (x *Index) snapshot() *Persons {
	number := make([]int32, x.nodes)
	for i := range number {
		number[i] = -1
	}
	p := &Persons{of: make([]int32, len(x.address))}
	for _, f := range x.firsts[:x.next] {
		if root := x.find(x.address[f.identity]); number[root] < 0 {
			number[root] = int32(p.count)
			p.count++
		}
	}
	for i, node := range x.address {
		p.of[i] = number[x.find(node)]
	}
	return p
}

func (x *Index) find(n int32) int32 {
	for x.parent[n] != n {
		x.parent[n] = x.parent[x.parent[n]]
		n = x.parent[n]
	}
	return n
}

// join makes the older node the root, whatever the order of a and b.
func (x *Index) join(a, b int32) {
	a, b = x.find(a), x.find(b)
	x.parent[max(a, b)] = min(a, b)
}

// Persons are the people of one history as of one date, numbered from 0 by their first commit. They do not change.
type Persons struct {
	of    []int32
	count int
}

// Of gives the person behind an identity, or -1 if no commit up to the date was authored from its address (or, where it
// has no address, under its name).
func (p *Persons) Of(identity int32) int32 { return p.of[identity] }

// Count is the number of persons, bots among them.
func (p *Persons) Count() int { return p.count }
