package vitals

import (
	"slices"

	"github.com/mainstay-oss/mainstay/internal/people"
)

// attributed is the share of the commits, in percent, that must be attributed to organisations for an elephant factor.
const attributed = 60

// scratch counts by number and is used again, so that measuring many dates does not allocate for each.
type scratch []int

func (s *scratch) reset(n int) []int {
	if cap(*s) < n {
		*s = make([]int, n)
	}
	*s = (*s)[:n]
	clear(*s)
	return *s
}

// count gives the number of commits in a window by person. The slice is good until the next call.
func (m *Meter) count(persons *people.Persons, window []work) []int {
	counts := m.counts.reset(persons.Count())
	for _, w := range window {
		counts[persons.Of(w.author)]++
	}
	return counts
}

// shares lists the counts above zero, greatest first.
func (m *Meter) shares(counts []int) []int {
	var shares []int
	for _, n := range counts {
		if n > 0 {
			shares = append(shares, n)
		}
	}
	slices.SortFunc(shares, func(a, b int) int { return b - a })
	return shares
}

// absence is the smallest number of shares, given greatest first, that reach half of their sum; nil if there are none.
// Over persons CHAOSS calls it the contributor absence factor, over organisations the elephant factor.
func absence(shares []int) *int {
	sum := 0
	for _, n := range shares {
		sum += n
	}
	reached := 0
	for i, n := range shares {
		reached += n
		if 2*reached >= sum {
			factor := i + 1
			return &factor
		}
	}
	return nil
}

// elephant is the absence factor over the organisations for which the authors' addresses speak, over the commits that can
// be attributed; nil when these are too few to say anything.
func (m *Meter) elephant(window []work) *int {
	counts := m.byOrg.reset(m.orgCount)
	known := 0
	for _, w := range window {
		for _, span := range m.orgs[w.author] {
			if w.at >= span.until {
				continue
			}
			if span.org >= 0 {
				counts[span.org]++
				known++
			}
			break
		}
	}
	if 100*known < attributed*len(window) {
		return nil
	}
	return absence(m.shares(counts))
}

// busiest is the person with the most commits in the window; among equals the one who committed last, then the one whose
// person number is lower.
func busiest(counts []int, window []work, persons *people.Persons) int32 {
	best := slices.Max(counts)
	for i := len(window) - 1; i >= 0; i-- {
		if p := persons.Of(window[i].author); counts[p] == best {
			return p
		}
	}
	return -1
}

// newcomers counts the persons with commits in the year up to t whose first human commit lies in it.
func (m *Meter) newcomers(persons *people.Persons, t int64, counts []int) int {
	old := m.recent.reset(persons.Count())
	for i, at := range m.first {
		if at <= t-Year {
			old[persons.Of(int32(i))] = 1
		}
	}
	n := 0
	for p, c := range counts {
		if c > 0 && old[p] == 0 {
			n++
		}
	}
	return n
}

// departed is the share of the commits of (t-730 d, t-183 d] by persons without one in the 183 days up to t.
func (m *Meter) departed(persons *people.Persons, t int64) *float64 {
	half := m.upTo(t - 183*Day)
	past := m.human[m.upTo(t-730*Day):half]
	if len(past) == 0 {
		return nil
	}
	stayed := m.recent.reset(persons.Count())
	for _, w := range m.human[half:m.upTo(t)] {
		stayed[persons.Of(w.author)] = 1
	}
	gone := 0
	for _, w := range past {
		gone += 1 - stayed[persons.Of(w.author)]
	}
	return share(gone, len(past))
}
