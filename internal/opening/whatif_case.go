package opening

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/forecast"
)

// A Case is something to suppose of an upstream: that its busiest person leaves, that regular contributors join, or both.
type Case struct {
	Leaves bool
	Join   int     // how many join
	Rhythm float64 // commits a year of each who joins; 0 where nobody does
}

// StandardCases are what is shown where nothing particular is asked.
func StandardCases() []Case {
	return []Case{
		{Join: 1, Rhythm: RegularRhythm},
		{Join: 2, Rhythm: RegularRhythm},
		{Leaves: true},
		{Leaves: true, Join: 1, Rhythm: RegularRhythm},
	}
}

// Limits of what can be supposed.
const (
	maxJoin   = 100
	maxRhythm = 1000
	maxCase   = 100 // characters
)

var joining = regexp.MustCompile(`^\+(\d{1,4})(?:@(\d{1,5}))?(?: (?:more )?(?:regular|regulars|contributor|contributors|regular contributors?))?$`)

// ParseCase reads a case as a user writes it:
//
//	+1 regular              one more regular contributor, of RegularRhythm
//	+2@24                   two more, of 24 commits a year each
//	busiest leaves          the busiest person leaves
//	busiest leaves, +1      they leave, and another joins ("and" does as well as the comma)
//
// Case and blanks do not matter.
func ParseCase(text string) (Case, error) {
	var c Case
	if len(text) > maxCase {
		return c, errors.New("longer than any case")
	}
	plain := strings.Join(strings.Fields(strings.ToLower(text)), " ")
	for _, part := range strings.Split(strings.ReplaceAll(plain, " and ", ","), ",") {
		part = strings.TrimSpace(part)
		if part == "busiest leaves" && !c.Leaves {
			c.Leaves = true
			continue
		}
		m := joining.FindStringSubmatch(part)
		if m == nil || c.Join > 0 {
			return Case{}, fmt.Errorf("%q is neither people who join nor the busiest who leaves, or stands twice", part)
		}
		c.Join, _ = strconv.Atoi(m[1])
		c.Rhythm = RegularRhythm
		if m[2] != "" {
			c.Rhythm, _ = strconv.ParseFloat(m[2], 64)
		}
		if c.Join < 1 || c.Join > maxJoin || c.Rhythm < 1 || c.Rhythm > maxRhythm {
			return Case{}, fmt.Errorf("%q: from 1 to %d people with 1 to %d commits a year can join", part, maxJoin, maxRhythm)
		}
	}
	return c, nil
}

// String writes a case as ParseCase reads it, the same for the same case.
func (c Case) String() string {
	var parts []string
	if c.Leaves {
		parts = append(parts, "busiest leaves")
	}
	if c.Join > 0 {
		join := "+" + strconv.Itoa(c.Join)
		if c.Rhythm != RegularRhythm {
			join += "@" + strconv.FormatFloat(c.Rhythm, 'f', -1, 64)
		}
		parts = append(parts, join)
	}
	return strings.Join(parts, ", ")
}

// join adds those who join.
func (c Case) join(f forecast.Features) forecast.Features {
	for range c.Join {
		f = WithContributor(f, c.Rhythm)
	}
	return f
}
