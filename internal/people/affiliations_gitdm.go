package people

import "strings"

// blocks reads gitdm's format: a line "login: address, address", and under it, each after a tab, organisations in the order of time:
// "Acme from 2019-01-01 until 2020-01-01", in which the first has no from and the last no until. The login before the colon
// is no evidence: it may stand over several people.
func (l *listReader) blocks(text string) {
	number := 0
	person := int32(-1)
	begun := false
	for line := range strings.Lines(text) {
		number++
		content := strings.TrimSpace(line)
		if content == "" || content[0] == '#' {
			continue
		}
		if l.full(number) {
			return
		}
		switch {
		case line[0] != '\t' && line[0] != ' ':
			begun = true
			person = l.block(content, number)
		case !begun:
			l.problems.add(Malformed, number, "put it under a line with addresses", "an organisation of nobody; it is passed over")
		case person >= 0:
			organisation, from, until := dated(content)
			l.row(person, organisation, from, until, number)
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
		if l.full(line) {
			break
		}
		address, own, ok := listAddress(text)
		if !ok {
			l.problems.add(Malformed, line, "write name!host", "%s is no address; it is passed over", quoted(text))
			continue
		}
		if !own {
			continue
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
