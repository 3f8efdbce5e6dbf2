package forecast

import (
	"math"
	"math/bits"
)

// tally counts the work of one year by person.
type tally struct {
	commits int
	by      []int32  // commits by person
	months  []uint16 // by person, a bit for each stretch with work
}

func newTally(persons int) *tally {
	return &tally{by: make([]int32, persons), months: make([]uint16, persons)}
}

func (y *tally) add(person int32, stretch int64) {
	y.commits++
	y.by[person]++
	y.months[person] |= 1 << stretch
}

func (y *tally) busiestTwo() (most, second int32) {
	for _, n := range y.by {
		if n > most {
			most, second = n, most
		} else if n > second {
			second = n
		}
	}
	return most, second
}

// persons is the number of those who worked.
func (y *tally) persons() int {
	n := 0
	for _, commits := range y.by {
		if commits > 0 {
			n++
		}
	}
	return n
}

// effective is the effective number of persons: 1 over the sum of their squared shares (the inverse Herfindahl index).
func (y *tally) effective() float64 {
	sum := int64(0)
	for _, n := range y.by {
		sum += int64(n) * int64(n)
	}
	return float64(y.commits) * float64(y.commits) / float64(sum)
}

func (y *tally) regular(person int) bool {
	return bits.OnesCount16(y.months[person]) >= regularStretches
}

func (y *tally) regulars() int {
	n := 0
	for who := range y.months {
		if y.regular(who) {
			n++
		}
	}
	return n
}

// kept is the share of the regulars who are among those given; NaN without regulars.
func (y *tally) kept(among map[int32]struct{}) float64 {
	n := 0
	for who := range y.months {
		if _, here := among[int32(who)]; here && y.regular(who) {
			n++
		}
	}
	if n == 0 && y.regulars() == 0 {
		return math.NaN()
	}
	return float64(n) / float64(y.regulars())
}

// lives says of every person when they first and last worked, and how much in all.
type lives struct {
	commits     int
	by          []int32
	first, last []int64 // never if they never did
}

const never = math.MaxInt64

func newLives(persons int) *lives {
	l := &lives{by: make([]int32, persons), first: make([]int64, persons), last: make([]int64, persons)}
	for i := range l.first {
		l.first[i], l.last[i] = never, never
	}
	return l
}

// add counts a commit; commits come in the order of their dates.
func (l *lives) add(person int32, at int64) {
	l.commits++
	l.by[person]++
	if l.first[person] == never {
		l.first[person] = at
	}
	l.last[person] = at
}

// began is the number of persons whose first commit lies in (from, to].
func (l *lives) began(from, to int64) int {
	n := 0
	for _, at := range l.first {
		if at > from && at <= to {
			n++
		}
	}
	return n
}

// share is the share of all work ever that is of persons who worked in a year.
func (l *lives) share(y *tally) float64 {
	n := 0
	for who, commits := range l.by {
		if y.by[who] > 0 {
			n += int(commits)
		}
	}
	return float64(n) / float64(l.commits)
}

// best is the greatest sum of 12 consecutive stretches, given newest first, and how many stretches ago its newest lies (the
// least, if several are greatest); with fewer than 12, the sum of all.
func best(stretches []int) (most, ago int) {
	sum := 0
	for i, n := range stretches {
		sum += n
		if i >= 12 {
			sum -= stretches[i-12]
		}
		if sum > most {
			most, ago = sum, max(0, i-11)
		}
	}
	return most, ago
}

// at gives the commits of a stretch that may lie before the first.
func at(stretches []int, i int) float64 {
	if i >= len(stretches) {
		return 0
	}
	return float64(stretches[i])
}

// slope is the change a year of ln(1 + commits a stretch), by least squares over the last 36 stretches or, in a younger
// project, over those that its age in years holds.
func slope(stretches []int, age float64) float64 {
	n := int(math.Max(3, math.Min(36, age*12)))
	middle := float64(n-1) / 2
	up, across := 0.0, 0.0
	for i := range n {
		x := middle - float64(i) // stretches are given newest first
		up += float64(x * math.Log1p(at(stretches, i)))
		across += float64(x * x)
	}
	return up / across * 12
}

// unevenness is the standard deviation of the last 12 stretches over their mean; there is work in them.
func unevenness(stretches []int) float64 {
	sum, squares := 0.0, 0.0
	for i := range 12 {
		n := at(stretches, i)
		sum += n
		squares += n * n
	}
	mean := sum / 12
	return math.Sqrt(math.Max(0, squares/12-float64(mean*mean))) / mean
}
