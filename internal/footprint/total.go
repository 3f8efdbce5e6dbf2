package footprint

import (
	"slices"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/history"
	"github.com/mainstay-oss/mainstay/internal/people"
)

// Total measures all upstreams together, for the organisations that their results were measured for. Commits add up. People
// of several upstreams are one if they share an address; addresses that cannot be read join nobody. The 365 days are those of
// each upstream, and what came after the date of its own measures is not known.
func Total(results []*Result, asked [][]string) *Result {
	r := &Result{}
	lanes := make([]*lane, len(results))
	for i := range results {
		lanes[i] = &results[i].work
		r.AsOf = max(r.AsOf, results[i].AsOf)
	}
	t := newTally(lanes, join(lanes), asked)
	r.Standings = t.standings()
	r.Attribution, _ = t.attribution()
	r.PullsUnknown = t.pullsUnknown()
	for _, l := range lanes {
		if len(l.deeds) == 0 {
			continue
		}
		if l.hashed {
			r.Hashed++
		}
	}
	return r
}

// joined numbers the people and organisations of several lanes anew.
type joined struct {
	who           [][]int32 // by lane and person there
	persons       int
	of            [][]int32 // by lane and organisation there
	organisations []string  // sorted
}

// An address is one by which somebody can be known in another upstream.
type address struct {
	person int32
	key    string
}

func join(lanes []*lane) *joined {
	j := &joined{who: make([][]int32, len(lanes)), of: make([][]int32, len(lanes))}
	var parent []int32
	find := func(n int32) int32 {
		for parent[n] != n {
			parent[n] = parent[parent[n]]
			n = parent[n]
		}
		return n
	}
	known := map[string]int32{}
	for i, l := range lanes {
		before := int32(len(parent))
		j.who[i] = make([]int32, l.persons)
		for p := range j.who[i] {
			j.who[i][p] = before + int32(p)
			parent = append(parent, before+int32(p))
		}
		for _, a := range l.addresses {
			n := before + a.person
			other, found := known[a.key]
			if !found {
				known[a.key] = n
				continue
			}
			n, other = find(n), find(other)
			parent[max(n, other)] = min(n, other)
		}
		j.organisations = append(j.organisations, l.organisations...)
	}
	number := make([]int32, len(parent)) // of a root; roots come before what hangs on them
	for n := range parent {
		if parent[n] == int32(n) {
			number[n] = int32(j.persons)
			j.persons++
		}
	}
	for i := range lanes {
		for p, n := range j.who[i] {
			j.who[i][p] = number[find(n)]
		}
	}
	slices.Sort(j.organisations)
	j.organisations = slices.Compact(j.organisations)
	for i, l := range lanes {
		j.of[i] = make([]int32, len(l.organisations))
		for o, name := range l.organisations {
			at, _ := slices.BinarySearch(j.organisations, name)
			j.of[i][o] = int32(at)
		}
	}
	return j
}

// addresses lists by which addresses the persons of a history can be known in another.
func addresses(h *history.History, persons *people.Persons) (list []address) {
	for i := range h.Identities {
		p := persons.Of(int32(i))
		if p < 0 {
			continue
		}
		if key, ok := addressIn(h, &h.Identities[i]); ok {
			list = append(list, address{p, key})
		}
	}
	return list
}

// addressIn gives what an address is compared by between upstreams; ok is false if it says nothing there. Within one upstream
// two people rarely share root@localhost; among a thousand they do. A forge's login is somebody on that forge alone.
func addressIn(h *history.History, id *history.Identity) (key string, ok bool) {
	if h.Hashed || blank(id.Email) || id.Domain == history.DomainUnknown || people.GenericAddress(id.Email) {
		return "", false
	}
	if strings.HasSuffix(id.Email, "@noreply") {
		host, _, _ := strings.Cut(h.Upstream, "/")
		return id.Email + " " + host, true
	}
	return id.Email, true
}

func blank(email string) bool { return email == "" || email == "-" }
