package footprint

import (
	"cmp"
	"slices"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/history"
	"github.com/mainstay-oss/mainstay/internal/people"
)

// A Seat is one listed maintainer of an upstream.
type Seat struct {
	Identity int32  // the author string that was found for them: index into History.Identities; -1 if none was
	Address  string // as listed; may be empty
	Active   bool   // with a human commit in the 365 days before the date of the roll
}

// A Roll lists who held a seat at a time, each person once.
type Roll struct {
	At    int64 // Unix seconds
	Seats []Seat
}

// Seats are the seats of an upstream, or of all, at a time, and those of one organisation.
type Seats struct {
	At     int64
	Listed int       // all seats
	Seats  int       // of these, attributed to the organisation
	Open   int       // of these, attributable to nobody
	Share  []float64 // lower and upper end of its share of the seats; nil where nobody is listed
	Active int       // of Seats, the active
	Paper  int       // of Seats, the others: listed, and without a commit in a year
}

// Seats counts the seats of an organisation, given by its own name and those of its subsidiaries.
func (u *Upstream) Seats(rolls []Roll, organisation []string) []Seats {
	list := make([]Seats, len(rolls))
	for i, roll := range rolls {
		s := &list[i]
		s.At, s.Listed = roll.At, len(roll.Seats)
		for _, seat := range roll.Seats {
			name, known := u.holder(&seat, roll.At)
			switch {
			case !known:
				s.Open++
			case slices.Contains(organisation, name):
				s.Seats++
				if seat.Active {
					s.Active++
				}
			}
		}
		s.share()
	}
	return list
}

// holder tells for whom somebody in a seat worked, as the claims do, else by the domain of the listed address. The name is
// empty if the evidence says that it was for no organisation.
func (u *Upstream) holder(s *Seat, at int64) (name string, known bool) {
	h := u.Meter.History()
	if s.Identity >= 0 {
		if u.optedOut(&h.Identities[s.Identity]) {
			return "", false
		}
		if c := u.Claims.Of(s.Identity, at); c.Known() {
			if c.Organisation == people.Nobody {
				return "", true
			}
			return u.Organisations[c.Organisation], true
		}
	}
	address := strings.ToLower(strings.TrimSpace(s.Address))
	domain := address[strings.LastIndexByte(address, '@')+1:]
	if domain == address || history.DomainClass(domain) != "" || u.optedOut(&history.Identity{Email: address, Domain: domain}) {
		return "", false
	}
	return people.Organisation(domain, at)
}

func (u *Upstream) optedOut(id *history.Identity) bool { return u.OptedOut != nil && u.OptedOut(id) }

func (s *Seats) share() {
	s.Paper = s.Seats - s.Active
	if s.Listed > 0 {
		s.Share = []float64{float64(s.Seats) / float64(s.Listed), float64(s.Seats+s.Open) / float64(s.Listed)}
	}
}

// TotalSeats adds up the seats of several upstreams by date, oldest first. Who sits in two holds two seats.
func TotalSeats(each [][]Seats) []Seats {
	var total []Seats
	for _, list := range each {
		for _, s := range list {
			i, found := slices.BinarySearchFunc(total, s.At, func(t Seats, at int64) int { return cmp.Compare(t.At, at) })
			if !found {
				total = slices.Insert(total, i, Seats{At: s.At})
			}
			t := &total[i]
			t.Listed += s.Listed
			t.Seats += s.Seats
			t.Open += s.Open
			t.Active += s.Active
		}
	}
	for i := range total {
		total[i].share()
	}
	return total
}
