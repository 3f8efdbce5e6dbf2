package people

import (
	"math"
	"sort"

	"github.com/mainstay-oss/mainstay/internal/history"
)

// nearEnough is how long before or after a commit another one may lie that speaks for its author under another address.
const nearEnough = 180 * 24 * 3600

// otherAddresses know, for each person, the commits whose own address has evidence. A commit whose address has none takes that of
// the nearest commit under another one: of two equally near the earlier, of several in one second the organisation that is first
// in order, so that the order of commits of one second has no influence.
type otherAddresses struct {
	address []int32 // by identity: the number of its address
	begin   []int32 // by person, and one more: their first moment
	moments []moment
}

// A moment is a second in which a person has commits with evidence. It keeps as much as tells, for any address, what the other
// addresses say: the smallest organisation, its address, and the smallest under any other address; the same for the largest.
type moment struct {
	at                        int64
	least, leastElse          int32
	most, mostElse            int32
	leastAddress, mostAddress int32
	before, after             int32 // the nearest moments that know another address than leastAddress; -1 for none
	confidence                float32
}

// Bounds of organisations where there is no other address.
const (
	noneBelow = math.MaxInt32
	noneAbove = math.MinInt32
)

func newOtherAddresses(h *history.History, persons *Persons, claims []Claim) *otherAddresses {
	o := &otherAddresses{address: make([]int32, len(h.Identities)), begin: make([]int32, persons.Count()+1)}
	numbers := make(map[string]int32, len(h.Identities))
	several := make([]bool, persons.Count()) // more than one address
	only := make([]int32, persons.Count())
	for i := range only {
		only[i] = -1
	}
	for i := range h.Identities {
		n, known := numbers[h.Identities[i].Email]
		if !known {
			n = int32(len(numbers))
			numbers[h.Identities[i].Email] = n
		}
		o.address[i] = n
		if p := persons.Of(int32(i)); p >= 0 {
			several[p] = several[p] || only[p] >= 0 && only[p] != n
			only[p] = n
		}
	}
	counts := func(i int) (person int32, ok bool) {
		person = persons.Of(h.Commits[i].Author)
		return person, person >= 0 && several[person] && claims[i].Known()
	}

	// Moments are counted, and then put where each person's begin.
	last := make([]int64, persons.Count())
	sizes := make([]int32, persons.Count())
	for i := range claims {
		if p, ok := counts(i); ok && (sizes[p] == 0 || last[p] != h.Commits[i].Committed) {
			last[p] = h.Commits[i].Committed
			sizes[p]++
		}
	}
	for p, size := range sizes {
		o.begin[p+1] = o.begin[p] + size
	}
	o.moments = make([]moment, o.begin[persons.Count()])
	clear(sizes)
	for i := range claims {
		p, ok := counts(i)
		if !ok {
			continue
		}
		at := h.Commits[i].Committed
		if n := sizes[p]; n == 0 || o.moments[o.begin[p]+n-1].at != at {
			o.moments[o.begin[p]+n] = moment{
				at: at, least: noneBelow, leastElse: noneBelow, most: noneAbove, mostElse: noneAbove, leastAddress: -1, mostAddress: -1, confidence: 1,
			}
			sizes[p]++
		}
		o.moments[o.begin[p]+sizes[p]-1].add(o.address[h.Commits[i].Author], claims[i])
	}
	for p := range persons.Count() {
		o.link(o.begin[p], o.begin[p+1])
	}
	return o
}

func (m *moment) add(address int32, c Claim) {
	switch {
	case c.Organisation < m.least:
		if m.leastAddress != address {
			m.leastElse = m.least
		}
		m.least, m.leastAddress = c.Organisation, address
	case m.leastAddress != address:
		m.leastElse = min(m.leastElse, c.Organisation)
	}
	switch {
	case c.Organisation > m.most:
		if m.mostAddress != address {
			m.mostElse = m.most
		}
		m.most, m.mostAddress = c.Organisation, address
	case m.mostAddress != address:
		m.mostElse = max(m.mostElse, c.Organisation)
	}
	m.confidence = min(m.confidence, c.Confidence)
}

// says gives the bounds of what other addresses than the given one say; ok is false if there are none.
func (m *moment) says(address int32) (least, most int32, ok bool) {
	least, most = m.least, m.most
	if m.leastAddress == address {
		least = m.leastElse
	}
	if m.mostAddress == address {
		most = m.mostElse
	}
	return least, most, least != noneBelow
}

// link finds for the moments of one person the nearest ones that know another address.
func (o *otherAddresses) link(begin, end int32) {
	for i := begin; i < end; i++ {
		o.moments[i].before = -1
		if i > begin {
			o.moments[i].before = o.knows(i-1, o.moments[i].leastAddress, o.moments[i-1].before)
		}
	}
	for i := end - 1; i >= begin; i-- {
		o.moments[i].after = -1
		if i+1 < end {
			o.moments[i].after = o.knows(i+1, o.moments[i].leastAddress, o.moments[i+1].after)
		}
	}
}

// knows gives moment i, or else the one that is linked from it, if it knows another address than the given one. If i does not,
// it knows that address alone, so its link leads to one that does.
func (o *otherAddresses) knows(i, address, linked int32) int32 {
	if i >= 0 {
		if _, _, ok := o.moments[i].says(address); !ok {
			return linked
		}
	}
	return i
}

// at gives what a person's other addresses say at a time.
func (o *otherAddresses) at(person, identity int32, at int64) Claim {
	if person < 0 || o.begin[person] == o.begin[person+1] {
		return unknown
	}
	address := o.address[identity]
	moments := o.moments[o.begin[person]:o.begin[person+1]]
	next := o.begin[person] + int32(sort.Search(len(moments), func(i int) bool { return moments[i].at > at }))
	before, after := int32(-1), int32(-1)
	if next > o.begin[person] {
		before = o.knows(next-1, address, o.moments[next-1].before)
	}
	if next < o.begin[person+1] {
		after = o.knows(next, address, o.moments[next].after)
	}
	return o.choose(before, after, address, at)
}

// choose takes the nearer of two moments, the earlier if they are equally near.
func (o *otherAddresses) choose(before, after, address int32, at int64) Claim {
	distance := func(i int32) uint64 { // dates may be as far apart as numbers can be
		if i < 0 {
			return math.MaxUint64
		}
		return uint64(max(o.moments[i].at, at)) - uint64(min(o.moments[i].at, at))
	}
	nearest, other := before, after
	if distance(after) < distance(before) {
		nearest, other = after, before
	}
	if nearest < 0 || distance(nearest) > nearEnough {
		return unknown
	}
	least, most, _ := o.moments[nearest].says(address)
	conflict := least != most
	confidence := o.moments[nearest].confidence
	if distance(other) == distance(nearest) {
		otherLeast, otherMost, _ := o.moments[other].says(address)
		conflict = conflict || otherLeast != least || otherMost != most
		confidence = min(confidence, o.moments[other].confidence)
	}
	confidence *= byOtherAddress
	if conflict {
		confidence *= byConflict
	}
	return Claim{least, FromOtherAddress, confidence}
}
