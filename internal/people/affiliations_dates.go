package people

import (
	"cmp"
	"math"
	"slices"
	"sort"
	"strings"
	"time"
)

// Ends of time, where a beginning or an end is not said.
const (
	always = math.MinInt64
	still  = math.MaxInt64
)

// A span says for whom somebody worked for a time.
type span struct {
	from, until  int64  // Unix seconds, until exclusive
	organisation string // empty: for none
	line         int
}

// spanOrder is the order of spans that [inForce] needs.
func spanOrder(a, b span) int {
	return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.until, b.until))
}

// inForce picks the span that counts at a time: of those that have begun the one that began last; of several that began at
// once, the one that ends first. So a later span wins from its beginning on, and of two without a beginning the second
// begins where the first ends. Spans are in order; at gives their bounds; the result is -1 if none counts.
func inForce(n int, at int64, bounds func(i int) (from, until int64)) int {
	end := sort.Search(n, func(i int) bool { from, _ := bounds(i); return from > at })
	if end == 0 {
		return -1
	}
	begun, _ := bounds(end - 1)
	first := sort.Search(end, func(i int) bool { from, _ := bounds(i); return from >= begun })
	i := first + sort.Search(end-first, func(i int) bool { _, until := bounds(first + i); return until > at })
	if i == end {
		return -1
	}
	return i
}

// arrange puts the spans of one person in order and tells of those that contradict each other.
func arrange(spans []span, p *problems) {
	slices.SortStableFunc(spans, spanOrder)
	longest := 0
	for i := 1; i < len(spans); i++ {
		a, b := &spans[longest], &spans[i]
		shorthand := b.from == always && spans[i-1].from == always && spans[i-1].until < b.until
		if b.from < a.until && !shorthand {
			const remedy = "give the earlier one an end, exclusive, that is not after the later one's beginning"
			switch {
			case a.from == b.from && a.until == b.until:
				p.add(Overlap, b.line, "remove one, or give them dates", "%s and %s (line %d) at the same time; the first counts", employer(b), employer(a), a.line)
			case a.from == b.from:
				p.add(Overlap, b.line, remedy, "%s begins on the same day as %s (line %d); the one that ends first counts until its end", employer(b), employer(a), a.line)
			default:
				p.add(Overlap, b.line, remedy, "%s overlaps %s (line %d); the later one counts from its beginning, %s, on", employer(b), employer(a), a.line, day(b.from))
			}
		}
		if b.until > a.until {
			longest = i
		}
	}
}

func employer(s *span) string {
	if s.organisation == "" {
		return "independent"
	}
	return quoted(s.organisation)
}

// parseDay reads YYYY-MM-DD, YYYY-MM or YYYY as the beginning of that day, month or year.
func parseDay(s string) (int64, bool) {
	for _, layout := range []string{time.DateOnly, "2006-01", "2006"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.Unix(), true
		}
	}
	return 0, false
}

func day(at int64) string { return time.Unix(at, 0).UTC().Format(time.DateOnly) }

// parseSpan makes a span of its parts as they stand in a file; empty dates are open. It tells what is wrong and gives false
// if the span says nothing.
func parseSpan(organisation, from, until string, line int, p *problems) (span, bool) {
	s := span{from: always, until: still, organisation: printable(organisation), line: line}
	for _, date := range []struct {
		text string
		at   *int64
	}{{from, &s.from}, {until, &s.until}} {
		if date.text == "" {
			continue
		}
		at, ok := parseDay(date.text)
		if !ok {
			p.add(Malformed, line, "write YYYY-MM-DD, YYYY-MM or YYYY", "%s is no date; the row is passed over", quoted(date.text))
			return s, false
		}
		*date.at = at
	}
	if s.from >= s.until {
		p.add(Reversed, line, "exchange the dates; until is the first day that does not count any more",
			"from %s until %s: the end is not after the beginning; the row is passed over", from, until)
		return s, false
	}
	switch standing(s.organisation) {
	case worksForNone:
		s.organisation = ""
	case notKnown:
		return s, false
	}
	return s, true
}

// A meaning is what a name in place of an organisation stands for.
type meaning int

const (
	organisationName meaning = iota
	worksForNone
	notKnown
)

// standing reads the words that lists use where there is no organisation: Independent, (Independent), NotFound, (Unknown), …
func standing(name string) meaning {
	switch strings.ToLower(strings.Join(strings.FieldsFunc(name, func(r rune) bool { return strings.ContainsRune(" ()-_.?*", r) }), "")) {
	case "independent":
		return worksForNone
	case "", "notfound", "unknown", "robots":
		return notKnown
	}
	return organisationName
}
