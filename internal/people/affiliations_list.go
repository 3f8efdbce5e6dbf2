package people

import (
	"encoding/csv"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/history"
)

// maxAddresses bounds the addresses of one list; gitdm's have some 200,000 all together.
const maxAddresses = 1_000_000

// readList reads a list of people with dates, in one of two formats that its content tells apart: that of the
// developers_affiliations files of gitdm, and a table of address, organisation, from and until, parted by tabs or commas.
// Rows that say that nothing was found are no evidence.
func readList(text string, p *problems) roll {
	l := &listReader{roll: roll{byAddress: map[string]int32{}}, problems: p}
	switch first := firstLine(text); {
	case first == "":
		p.add(BadList, 0, "", "nothing in it")
	case strings.Contains(first, "\t"):
		l.table(text, '\t')
	case tableStart.MatchString(first):
		l.table(text, ',')
	case strings.Contains(first, ":"):
		l.blocks(text)
	default:
		p.add(BadList, 0, "doc/affiliations.md has the formats", "the format is not known")
	}
	for _, spans := range l.people {
		arrange(spans, p)
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
var tableStart = regexp.MustCompile(`(?i)^\s*"?(e-?mail|address|[^\s:,"]+@[^\s:,"]+)"?\s*,`)

// heading tells whether the first cell of a table is that of its heading.
func heading(cell string) bool {
	return slices.Contains([]string{"email", "e-mail", "address"}, strings.ToLower(strings.TrimSpace(cell)))
}

// A listReader reads one list.
type listReader struct {
	roll
	problems *problems
	lines    []int // of the people
	said     bool  // that it is full
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

// full tells whether the list holds as many addresses as it may, and says so once.
func (l *listReader) full(line int) bool {
	if len(l.byAddress) < maxAddresses {
		return false
	}
	if !l.said {
		l.problems.add(BadList, line, "split the list", "more than %d addresses; the rest is passed over", maxAddresses)
	}
	l.said = true
	return true
}

// listAddress reads an address that a list may write with ! in place of @. An address that is nobody's own says nothing.
func listAddress(text string) (address string, own, ok bool) {
	text = strings.TrimSpace(text)
	if i := strings.LastIndexByte(text, '!'); i >= 0 && !strings.Contains(text, "@") {
		text = text[:i] + "@" + text[i+1:]
	}
	address = history.Address(text)
	if at := strings.IndexByte(address, '@'); at <= 0 || at == len(address)-1 || strings.ContainsAny(address, " \t") {
		return "", false, false
	}
	return address, !GenericAddress(address), true
}

// blocks reads gitdm's format: a line "login: address, address", and under it, each after a tab, organisations in the order of time:
// "Acme from 2019-01-01 until 2020-01-01", in which the first has no from and the last no until.
func (l *listReader) blocks(text string) {
	number := 0
	person := int32(-1)
	begun := false
	for line := range strings.Lines(text) {
		number++
		content := strings.TrimSpace(line)
		switch {
		case content == "" || content[0] == '#':
		case line[0] == '\t' || line[0] == ' ':
			if !begun {
				l.problems.add(Malformed, number, "put it under a line with addresses", "an organisation of nobody; it is passed over")
			} else if person >= 0 {
				organisation, from, until := dated(content)
				l.row(person, organisation, from, until, number)
			}
		default:
			if l.full(number) {
				return
			}
			begun = true
			person = l.block(content, number)
		}
	}
}

// block reads the line that begins a person and gives their number, -1 if nothing tells who it is.
func (l *listReader) block(content string, line int) int32 {
	colon := strings.LastIndexByte(content, ':')
	if colon < 0 {
		l.problems.add(Malformed, line, "write login: address, address", "no colon; the lines under it are passed over too")
		return -1
	}
	person := l.person(line)
	for text := range strings.SplitSeq(content[colon+1:], ",") {
		address, own, ok := listAddress(text)
		if !ok {
			l.problems.add(Malformed, line, "write name!host", "%s is no address; it is passed over", quoted(text))
			continue
		}
		if !own {
			continue
		}
		if l.full(line) {
			break
		}
		if other, taken := l.byAddress[address]; taken && other != person {
			l.problems.add(Twice, line, "leave it with one of them", "%s stands on line %d too; there it counts", quoted(address), l.lines[other])
			continue
		}
		l.byAddress[address] = person
	}
	return person
}

// dated takes "Acme from 2019-01-01 until 2020-01-01" apart. A word that only begins like a date is left to be told wrong.
func dated(content string) (organisation, from, until string) {
	rest, until := cutDate(content, "until")
	organisation, from = cutDate(rest, "from")
	return organisation, from, until
}

func cutDate(s, word string) (rest, date string) {
	space := strings.LastIndexAny(s, " \t")
	if space < 0 || space+1 == len(s) || s[space+1] < '0' || s[space+1] > '9' {
		return s, ""
	}
	before := strings.TrimRight(s[:space], " \t")
	if before != word && !strings.HasSuffix(before, " "+word) && !strings.HasSuffix(before, "\t"+word) {
		return s, ""
	}
	return strings.TrimSpace(strings.TrimSuffix(before, word)), s[space+1:]
}

// table reads rows of address, organisation, from and until; the rows of one address are its spans.
func (l *listReader) table(text string, comma rune) {
	t := csv.NewReader(strings.NewReader(text))
	t.Comma, t.Comment = comma, '#'
	t.FieldsPerRecord, t.LazyQuotes, t.ReuseRecord = -1, true, true
	t.TrimLeadingSpace = comma == ','
	for first := true; ; first = false {
		row, err := t.Read()
		if errors.Is(err, io.EOF) {
			return
		}
		line := 0
		var bad *csv.ParseError
		if errors.As(err, &bad) {
			l.problems.add(Malformed, bad.Line, "", "%v; the row is passed over", bad.Err)
			continue
		} else if err != nil {
			l.problems.add(BadList, 0, "", "%v", err)
			return
		}
		line, _ = t.FieldPos(0)
		if first && heading(row[0]) {
			continue
		}
		l.tableRow(row, line)
		if l.full(line) {
			return
		}
	}
}

func (l *listReader) tableRow(row []string, line int) {
	for i := range row {
		row[i] = strings.TrimSpace(row[i])
		if i >= 2 && row[i] == "-" {
			row[i] = ""
		}
	}
	if len(row) == 1 && row[0] == "" {
		return
	}
	if len(row) < 2 || len(row) > 4 {
		l.problems.add(Malformed, line, "write address, organisation, from and until; the dates may be left out", "%d columns; the row is passed over", len(row))
		return
	}
	address, own, ok := listAddress(row[0])
	if !ok {
		l.problems.add(Malformed, line, "write name@host", "%s is no address; the row is passed over", quoted(row[0]))
		return
	}
	if !own {
		return
	}
	person, known := l.byAddress[address]
	if !known {
		person = l.person(line)
		l.byAddress[address] = person
	}
	var from, until string
	if len(row) > 2 {
		from = row[2]
	}
	if len(row) > 3 {
		until = row[3]
	}
	l.row(person, row[1], from, until, line)
}
