package people

import (
	"cmp"
	"math"
	"slices"
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

// arrange gives the spans of one person in order, none overlapping another, and tells of those that contradict each other. Where
// several hold at a time that counts which began last; of several that began at once the one that ends first. So of two
// without a beginning the second begins where the first ends.
func arrange(spans []span, p *problems) []span {
	slices.SortStableFunc(spans, func(a, b span) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.until, b.until))
	})
	if len(spans) < 2 {
		return spans
	}
	longest := 0 // of those before
	for i := 1; i < len(spans); i++ {
		a, b := &spans[longest], &spans[i]
		if b.from < a.until && fold(a.organisation) != fold(b.organisation) && !(b.from == always && a.until < b.until) {
			p.overlap(a, b)
		}
		if b.until > a.until {
			longest = i
		}
	}
	return apart(spans)
}

// overlap tells that two spans contradict each other; b is the later in order.
func (p *problems) overlap(a, b *span) {
	const remedy = "give the earlier one an end, the first day that does not count any more"
	switch {
	case a.from == b.from && a.until == b.until:
		p.add(Overlap, b.line, "remove one, or give them dates", "%s and %s (line %d) at the same time; the first counts", employer(b), employer(a), a.line)
	case a.from == b.from:
		p.add(Overlap, b.line, remedy, "%s begins on the same day as %s (line %d); the one that ends first counts until its end", employer(b), employer(a), a.line)
	default:
		p.add(Overlap, b.line, remedy, "%s overlaps %s (line %d); where both hold the later one counts, from %s on", employer(b), employer(a), a.line, day(b.from))
	}
}

// apart cuts spans, which are in order, where others count.
func apart(spans []span) (out []span) {
	var open []*span // that have begun; the one that counts is last
	for at, next := spans[0].from, 0; ; {
		begun := next
		for next < len(spans) && spans[next].from == at {
			next++
		}
		for i := next - 1; i >= begun; i-- {
			open = append(open, &spans[i])
		}
		for len(open) > 0 && open[len(open)-1].until <= at {
			open = open[:len(open)-1]
		}
		switch {
		case len(open) > 0:
			s := *open[len(open)-1]
			s.from = at
			if next < len(spans) {
				s.until = min(s.until, spans[next].from)
			}
			out = append(out, s)
			at = s.until
		case next < len(spans):
			at = spans[next].from
		default:
			return out
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
