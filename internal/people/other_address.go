package people

import (
	"math"
	"slices"
	"sort"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/history"
)

// nearEnough is how long before or after a commit another one may lie that speaks for its author under another address.
const nearEnough = 180 * 24 * 3600

// otherAddresses know, for each person, the commits whose own address has evidence. A commit whose address has none takes that of
// the nearest commit under another one, the earlier of two that are equally near. If the nearest before and the nearest after
// it do not agree, somebody changed their employer about then, or works for two.
type otherAddresses struct {
	address   []int32 // by identity: the number of its address
	begin     []int32 // by person, and one more: their first sighting
	sightings []sighting
}

// A sighting is a commit with evidence. Those of a person are in order of time; of one second, the evidence decides, so that the
// order of commits does not.
type sighting struct {
	at            int64
	claim         Claim
	address       int32
	before, after int32 // the nearest under another address; -1 for none
}

func newOtherAddresses(h *history.History, persons *Persons, claims []Claim) *otherAddresses {
	o := &otherAddresses{address: make([]int32, len(h.Identities)), begin: make([]int32, persons.Count()+1)}
	numbers := make(map[string]int32, len(h.Identities))
	var emails []string
	only := make([]int32, persons.Count()) // a person's address, from 1
	several := make([]bool, persons.Count())
	for i := range h.Identities {
		email := h.Identities[i].Email
		n, known := numbers[email]
		if !known {
			n = int32(len(emails))
			numbers[email], emails = n, append(emails, email)
		}
		o.address[i] = n
		if p := persons.Of(int32(i)); p >= 0 {
			several[p] = several[p] || only[p] > 0 && only[p] != n+1
			only[p] = n + 1
		}
	}

	// Sightings are counted, and then put where each person's begin.
	counts := func(i int) (person int32, ok bool) {
		person = persons.Of(h.Commits[i].Author)
		return person, person >= 0 && several[person] && claims[i].Known()
	}
	for i := range claims {
		if p, ok := counts(i); ok {
			o.begin[p+1]++
		}
	}
	for p := range persons.Count() {
		o.begin[p+1] += o.begin[p]
	}
	o.sightings = make([]sighting, o.begin[persons.Count()])
	end := slices.Clone(o.begin)
	for i := range claims {
		if p, ok := counts(i); ok {
			c := &h.Commits[i]
			o.sightings[end[p]] = sighting{at: c.Committed, claim: claims[i], address: o.address[c.Author]}
			end[p]++
		}
	}
	for p := range persons.Count() {
		begin, end := o.begin[p], o.begin[p+1]
		slices.SortFunc(o.sightings[begin:end], func(a, b sighting) int { return a.compare(&b, emails) })
		o.link(begin, end)
	}
	return o
}

// compare is the order of sightings, in which only the same have no order.
func (s *sighting) compare(o *sighting, emails []string) int {
	switch {
	case s.at != o.at:
		return order(s.at < o.at)
	case s.claim.Organisation != o.claim.Organisation:
		return order(s.claim.Organisation < o.claim.Organisation)
	case s.claim.Confidence != o.claim.Confidence:
		return order(s.claim.Confidence < o.claim.Confidence)
	}
	return strings.Compare(emails[s.address], emails[o.address])
}

func order(before bool) int {
	if before {
		return -1
	}
	return 1
}

// link finds for the sightings of one person the nearest ones under another address.
func (o *otherAddresses) link(begin, end int32) {
	all := o.sightings
	for i := begin; i < end; i++ {
		all[i].before = -1
		if i > begin {
			all[i].before = o.unlike(i-1, all[i].address, all[i-1].before)
		}
	}
	for i := end - 1; i >= begin; i-- {
		all[i].after = -1
		if i+1 < end {
			all[i].after = o.unlike(i+1, all[i].address, all[i+1].after)
		}
	}
}

// unlike gives sighting i, or the one that is linked from it if it is of the given address itself.
func (o *otherAddresses) unlike(i, address, linked int32) int32 {
	if o.sightings[i].address == address {
		return linked
	}
	return i
}

// at gives what a person's other addresses say at a time.
func (o *otherAddresses) at(person, identity int32, at int64) Claim {
	if person < 0 {
		return unknown
	}
	begin, end := o.begin[person], o.begin[person+1]
	all := o.sightings[begin:end]
	next := begin + int32(sort.Search(len(all), func(i int) bool { return all[i].at > at }))
	before, after := int32(-1), int32(-1)
	if next > begin {
		before = o.unlike(next-1, o.address[identity], o.sightings[next-1].before)
	}
	if next < end {
		after = o.unlike(next, o.address[identity], o.sightings[next].after)
	}
	earlier, since := o.near(before, at)
	later, to := o.near(after, at)
	c := earlier
	if to < since {
		c = later
	}
	if !c.Known() {
		return unknown
	}
	c.Evidence = FromOtherAddress
	c.Confidence *= byOtherAddress
	if earlier.Known() && later.Known() && earlier.Organisation != later.Organisation {
		c.Confidence *= byConflict
	}
	return c
}

// near gives the claim of a sighting and how far it is from a time; what is too far says nothing.
func (o *otherAddresses) near(i int32, at int64) (Claim, uint64) {
	if i < 0 {
		return unknown, math.MaxUint64
	}
	s := &o.sightings[i]
	distance := uint64(max(s.at, at)) - uint64(min(s.at, at)) // dates may be as far apart as numbers can be
	if distance > nearEnough {
		return unknown, math.MaxUint64
	}
	return s.claim, distance
}
