package people

import (
	"encoding/csv"
	"slices"
	"strings"
)

// table reads rows of address, organisation, from and until, each on a line of its own; the rows of one address are its spans.
func (l *listReader) table(text string, comma byte) {
	number := 0
	first := true
	for line := range strings.Lines(text) {
		number++
		content := strings.TrimSpace(line)
		if content == "" || content[0] == '#' {
			continue
		}
		if l.full(number) {
			return
		}
		row, err := cells(strings.TrimRight(line, "\r\n"), comma)
		switch {
		case err != nil:
			l.problems.add(Malformed, number, "a cell that holds a comma stands between quotation marks, and those in it are doubled",
				"quotation marks do not match; the row is passed over")
		case first && heading(row[0]):
		default:
			l.tableRow(row, number)
		}
		first = false
	}
}

// cells parts a row, which holds something. Between commas a cell may stand in quotation marks.
func cells(line string, comma byte) (row []string, err error) {
	if comma == ',' && strings.Contains(line, `"`) {
		r := csv.NewReader(strings.NewReader(line))
		r.TrimLeadingSpace = true
		row, err = r.Read()
	} else {
		row = strings.Split(line, string(comma))
	}
	for i := range row {
		row[i] = strings.TrimSpace(row[i])
	}
	return row, err
}

// heading tells whether the first cell of a table is that of its heading.
func heading(cell string) bool {
	return slices.Contains([]string{"email", "e-mail", "address"}, strings.ToLower(cell))
}

func (l *listReader) tableRow(row []string, line int) {
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
	dates := [2]string{}
	copy(dates[:], row[2:])
	for i := range dates {
		if dates[i] == "-" {
			dates[i] = ""
		}
	}
	l.row(person, row[1], dates[0], dates[1], line)
}
