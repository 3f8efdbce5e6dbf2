package people

import (
	"regexp"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/history"
)

// maxRows bounds the addresses and rows of one list; gitdm's have some 500,000 all together.
const maxRows = 1_000_000

// readList reads a list of people with dates, in one of two formats that its content tells apart: that of the
// developers_affiliations files of gitdm, and a table of address, organisation, from and until, parted by tabs or commas.
// Rows that say that nothing was found are no evidence.
func readList(text string, p *problems) roll {
	l := &listReader{roll: roll{byAddress: map[string]int32{}}, problems: p}
	switch first := firstLine(text); {
	case first == "":
		p.add(BadList, 0, "write into it, or remove it from lists", "nothing in it")
	case tableStart.MatchString(first):
		l.table(text, ',')
	case strings.Contains(strings.TrimSpace(first), "\t"):
		l.table(text, '\t')
	case strings.Contains(first, ":"), first[0] == '\t', first[0] == ' ':
		l.blocks(text)
	default:
		p.add(BadList, 0, "doc/affiliations.md has the formats", "the format is not known")
	}
	for i, spans := range l.people {
		l.people[i] = arrange(spans, p)
	}
	return l.roll
}

// firstLine gives the first line that holds something.
func firstLine(text string) string {
	for line := range strings.Lines(text) {
		if content := strings.TrimSpace(line); content != "" && content[0] != '#' {
			return strings.TrimRight(line, "\n")
		}
	}
	return ""
}

// tableStart is a row, or the heading, of a table parted by commas.
var tableStart = regexp.MustCompile(`(?i)^\s*"?(e-?mail|address|[^\s:,"]+[@!][^\s:,"]+)"?\s*,`)

// A listReader reads one list.
type listReader struct {
	roll
	problems *problems
	lines    []int // of the people
	rows     int   // and addresses
}

// person gives the number of a new person.
func (l *listReader) person(line int) int32 {
	l.people, l.lines = append(l.people, nil), append(l.lines, line)
	return int32(len(l.people) - 1)
}

// row adds a span to a person.
func (l *listReader) row(person int32, organisation, from, until string, line int) {
	if s, ok := parseSpan(organisation, from, until, line, l.problems); ok {
		l.people[person] = append(l.people[person], s)
	}
}

// full counts a row, or an address, and tells whether the list holds more than it may.
func (l *listReader) full(line int) bool {
	if l.rows++; l.rows <= maxRows {
		return false
	}
	if l.rows == maxRows+1 {
		l.problems.add(BadList, line, "split the list", "more than %d rows and addresses; from here on it is passed over", maxRows)
	}
	return true
}

// listAddress reads an address that a list may write with ! in place of @. An address that is nobody's own says nothing.
func listAddress(text string) (address string, own, ok bool) {
	text = strings.TrimSpace(text)
	if i := strings.LastIndexByte(text, '!'); i >= 0 && !strings.Contains(text, "@") {
		text = text[:i] + "@" + text[i+1:]
	}
	address = history.Address(text)
	return address, !GenericAddress(address), isAddress(address)
}
