package vitals

import (
	"cmp"
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

// busiest is the person with the most commits in the window, given as counts; among equals the one who committed last, then
// the one whose first human commit is earlier, then the one with the lower number. The order of commits of one second and
// the key of an archive's hashes have no say, but for the last.
func (m *Meter) busiest(counts []int, window []work, persons *people.Persons) int32 {
	best := slices.Max(counts)
	last := int64(-never)
	var tied []int32
	for _, w := range slices.Backward(window) {
		if w.at < last {
			break
		}
		if p := persons.Of(w.author); counts[p] == best && !slices.Contains(tied, p) {
			last = w.at
			tied = append(tied, p)
		}
	}
	if len(tied) == 1 {
		return tied[0]
	}
	began := m.began(persons)
	return slices.MinFunc(tied, func(a, b int32) int {
		return cmp.Or(cmp.Compare(began[a], began[b]), cmp.Compare(a, b))
	})
}

// began gives the date of the first human commit by person; never, or a date to come, for those without one.
func (m *Meter) began(persons *people.Persons) []int64 {
	began := make([]int64, persons.Count())
	for i := range began {
		began[i] = never
	}
	for i, at := range m.first {
		if p := persons.Of(int32(i)); p >= 0 {
			began[p] = min(began[p], at)
		}
	}
	return began
}

// newcomers counts the persons with commits in the year up to t whose first human commit lies in it.
func (m *Meter) newcomers(persons *people.Persons, t int64, counts []int) int {
	n := 0
	for p, began := range m.began(persons) {
		if counts[p] > 0 && began > t-Year {
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
