package governance

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mainstay-oss/mainstay/internal/history"
	"github.com/mainstay-oss/mainstay/internal/people"
)

// A world is a history from lines of text, with days as numbers: "DAY Name <address>" is a commit, "pull DAY Name <address>" a
// pull head, "merged DAY login Name <address>" a merge of a pull from login's repository, "merge DAY Name <address>" any merge.
func world(text string) (*history.History, []history.Login) {
	h := &history.History{PullsKnown: true}
	var logins []history.Login
	number := map[string]int32{}
	who := func(s string) int32 {
		if n, ok := number[s]; ok {
			return n
		}
		n := int32(len(h.Identities))
		number[s] = n
		name, address, _ := strings.Cut(s, "<")
		name, address = strings.TrimSpace(name), strings.TrimSuffix(address, ">")
		h.Identities = append(h.Identities, history.Identity{Name: name, Email: address, Bot: people.IsBot(name, address)})
		return n
	}
	for line := range strings.Lines(strings.TrimSpace(text)) {
		word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		kind := ""
		if word[0] > '9' {
			kind = word
			word, rest, _ = strings.Cut(rest, " ")
		}
		var day int64
		fmt.Sscan(word, &day)
		at := day * 86400
		switch kind {
		case "pull":
			h.Pulls = append(h.Pulls, history.Pull{Number: int32(len(h.Pulls) + 1), Author: who(rest), Authored: at})
		case "merged":
			login, author, _ := strings.Cut(rest, " ")
			logins = append(logins, history.Login{Merged: at, Login: login, Identity: who(author)})
		default:
			c := history.Commit{Committed: at, Authored: at, Author: who(rest), Parents: 1}
			if kind == "merge" {
				c.Parents = 2
			}
			h.Commits = append(h.Commits, c)
		}
	}
	slices.SortStableFunc(h.Commits, func(a, b history.Commit) int { return int(a.Committed - b.Committed) })
	h.ObservedUntil = time.Unix(100000*86400, 0)
	return h, logins
}

// listed reads "@login", "<address>" and "a name" into a line of a file.
func listed(text string) Listed {
	l := Listed{Role: Maintainer, File: "MAINTAINERS"}
	if before, after, ok := strings.Cut(text, "@@"); ok {
		text, l.Role = before, Role(after)
	}
	if before, after, ok := strings.Cut(text, "<"); ok {
		text, l.Address = before, strings.TrimSuffix(strings.TrimSpace(after), ">")
	}
	if before, after, ok := strings.Cut(text, "@"); ok {
		text, l.Login = before, strings.TrimSpace(after)
	}
	l.Name = strings.TrimSpace(text)
	return l
}

func TestMatch(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, world, listed, want string }{
		{"by address", "100 Ann <ann@x>\n100 Ann Other <other@x>", "Ann Other <ann@x>", "Ann <ann@x>"},
		{"by another address of the person", "100 Ann Example <ann@x>\n100 Ann Example <ann@y>", "<ann@y>", "Ann Example <ann@x>"},
		{"by the forge's no-reply address", "100 Ann <ann@noreply>\n100 ann <x@y>", "@ANN", "Ann <ann@noreply>"},
		{"by merges", "100 Mara <m@x>\nmerged 101 gecko Mara <m@x>", "@Gecko", "Mara <m@x>"},
		{"by more than half of the merges", "100 Mara <m@x>\n100 Bob <b@x>\nmerged 101 gecko Mara <m@x>\nmerged 102 gecko Bob <b@x>\nmerged 103 gecko Mara <m@x>", "@gecko", "Mara <m@x>"},
		{"not by half of them", "100 Mara <m@x>\n100 Bob <b@x>\nmerged 101 gecko Mara <m@x>\nmerged 102 gecko Bob <b@x>", "@gecko", ""},
		{"merges come before a part of an address", "100 Mara <m@x>\n100 Bob <gecko@x>\nmerged 101 gecko Mara <m@x>", "@gecko", "Mara <m@x>"},
		{"but a no-reply address before merges", "100 Mara <m@x>\n100 Bob <gecko@noreply>\nmerged 101 gecko Mara <m@x>", "@gecko", "Bob <gecko@noreply>"},
		{"merges after the date are no evidence", "100 Mara <m@x>\nmerged 1001 gecko Mara <m@x>", "@gecko", ""},
		{"merges of a bot are none", "100 Mara <m@x>\nmerged 101 gecko app[bot] <a@x>", "@gecko", ""},
		{"by the part of an address before the at sign", "100 Tao <tao12@x>", "@tao12", "Tao <tao12@x>"},
		{"unless two people have it", "100 Tao <tao12@x>\n100 Other <tao12@y>", "@tao12", ""},
		{"two addresses of one person are one", "100 Tao Doe <tao12@x>\n100 Tao Doe <tao12@y>", "@tao12", "Tao Doe <tao12@x>"},
		{"who only opened a pull does not make it two", "100 Tao <tao12@x>\npull 100 Other <tao12@y>", "@tao12", "Tao <tao12@x>"},
		{"by a name that is the login", "100 cara <c@x>", "@Cara", "cara <c@x>"},
		{"signs do not matter in long ones", "100 Rosalie Kim <h@x>", "@rosalie-kim", "Rosalie Kim <h@x>"},
		{"nor in addresses", "100 Rosa <rosa.kim@x>", "@rosa-kim", "Rosa <rosa.kim@x>"},
		{"but in short ones", "100 J Li <j@x>", "@jli", ""},
		{"generic logins say nothing", "100 root <root@x>", "@root", ""},
		{"by name", "100 Ann  Example <a@x>", "ann example", "Ann  Example <a@x>"},
		{"a name behind a login that is not known", "100 Ann Example <a@x>", "Ann Example @elsewhere", "Ann Example <a@x>"},
		{"generic names say nothing", "100 root <a@x>", "root", ""},
		{"an address that names nobody does not", "100 Ann <noreply@x>", "<noreply@x>", ""},
		{"bots are nobody", "100 cara[bot] <cara@x>", "@cara", ""},
		{"who comes after the date is not known yet", "1001 Ann <ann@x>", "<ann@x>", ""},
		{"who comes on it is", "1000 Ann <ann@x>", "<ann@x>", "Ann <ann@x>"},
		{"by a merge of one's own", "merge 100 Ann <ann@x>", "<ann@x>", "Ann <ann@x>"},
		{"from a pull head alone", "pull 100 Ann <ann@x>", "<ann@x>", "known"},
		{"from a pull head, by login", "pull 100 Ann <ann@noreply>", "@ann", "known"},
		{"a pull head of later", "pull 1001 Ann <ann@x>", "<ann@x>", ""},
		{"a pull head under a committer's name", "100 Ann Example <a@x>\npull 100 Ann Example <ann@y>", "@ann <ann@y>", "Ann Example <a@x>"},
		{"nobody", "100 Ann <ann@x>", "@bob <bob@x>", ""},
	} {
		h, logins := world(c.world)
		m := NewMatcher(h, logins)
		l := Listing{People: []Listed{listed(c.listed)}}
		roll := m.Roll(l, 1000*86400)
		got := ""
		switch seat := roll.Seats[0]; {
		case seat.Person >= 0:
			persons := m.index.At(1000 * 86400)
			for i := range h.Identities {
				if persons.Of(int32(i)) == seat.Person && got == "" {
					got = h.Identities[i].Name + " <" + h.Identities[i].Email + ">"
				}
			}
		case seat.Known:
			got = "known"
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		// Whoever is not found is not said to be away.
		if unmatched := c.want == ""; roll.Listed != 1 || roll.Unmatched == 1 != unmatched || roll.Paper+roll.Active == 1 == unmatched {
			t.Errorf("%s: %+v", c.name, roll)
		}
	}
	// Names and addresses of an archive are hashes, which nothing in a file is to be compared with.
	h, _ := world("100 cara <cara@x>")
	h.Hashed = true
	if roll := NewMatcher(h, nil).Roll(Listing{People: []Listed{listed("@cara <cara@x>")}}, 1000*86400); roll.Unmatched != 1 {
		t.Errorf("hashed: %+v", roll)
	}
}

// TestRoll: who is counted how.
func TestRoll(t *testing.T) {
	t.Parallel()
	const people = `
		100 Old Hand <old@x>
		634 Ann Example <ann@x>
		635 Bob Example <bob@x>
		636 Cho Example <cho@x>
		999 Cho Example <cho@y>
		1000 Cho Example <cho@x>
		1001 Dee Example <dee@x>
		merge 900 Eve Example <eve@x>
		900 robot[bot] <robot@x>
		pull 990 Fay Example <fay@x>`
	for _, c := range []struct {
		name   string
		listed []string
		want   string // listed, active, paper, unmatched, reviewers: commits of each seat
	}{
		{"365 days, open on the left", []string{"<ann@x>", "<bob@x>", "<cho@x>", "<dee@x>"}, "4 1 2 1 0: 3 0 0 0"},
		{"merges are no work", []string{"<eve@x>"}, "1 0 1 0 0: 0"},
		{"pull heads alone neither", []string{"<fay@x>"}, "1 0 1 0 0: 0"},
		{"one person on several lines", []string{"@cho", "<cho@y>", "Cho Example"}, "1 1 0 0 0: 3"},
		{"nobody known, by the same login or address", []string{"@gus", "Gus Example @Gus <gus@x>", "<gus@x>", "@hal"}, "2 0 0 2 0: 0 0"},
		{"joined by a later line", []string{"@gus", "<gus@x>", "@gus <gus@x>"}, "1 0 0 1 0: 0"},
		{"a line that nobody is known by joins the one of its login", []string{"@nick <cho@x>", "@nick"}, "1 1 0 0 0: 3"},
		{"and the other way round", []string{"@nick", "@nick <cho@x>"}, "1 1 0 0 0: 3"},
		{"names alone", []string{"Ida Example", "ida  example", "Jon Example"}, "2 0 0 2 0: 0 0"},
		{"a login misspelt joins no two known people", []string{"@nick <cho@x>", "@nick <old@x>"}, "2 1 1 0 0: 3 0"},
		{"reviewers have no seat", []string{"<cho@x>@@reviewer", "<ann@x>@@reviewer"}, "0 0 0 0 2: 3 0"},
		{"unless they hold one too", []string{"<cho@x>@@reviewer", "<cho@y>@@approver"}, "1 1 0 0 0: 3"},
		{"nobody", nil, "0 0 0 0 0:"},
	} {
		h, logins := world(people)
		var l Listing
		for _, line := range c.listed {
			l.People = append(l.People, listed(line))
		}
		roll := NewMatcher(h, logins).Roll(l, 1000*86400)
		got := fmt.Sprintf("%d %d %d %d %d:", roll.Listed, roll.Active, roll.Paper, roll.Unmatched, roll.Reviewers)
		lines := 0
		for _, s := range roll.Seats {
			got += fmt.Sprintf(" %d", s.Commits)
			lines += len(s.Lines)
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
		if lines != len(c.listed) || roll.Active+roll.Paper+roll.Unmatched != roll.Listed || roll.Listed+roll.Reviewers != len(roll.Seats) {
			t.Errorf("%s: %d lines: %+v", c.name, lines, roll)
		}
	}
}

// TestRollDates: asked for dates in any order a matcher gives the same.
func TestRollDates(t *testing.T) {
	t.Parallel()
	h, logins := world("100 Ann Example <ann@x>\n200 Ann Example <a@y>\nmerged 250 gecko Ann Example <a@y>\n300 Bob <bob@x>\n700 Bob <bob@x>")
	l := Listing{People: []Listed{listed("@gecko"), listed("<bob@x>"), listed("<a@y>")}}
	dates := []int64{50, 150, 225, 275, 400, 650, 701, 2000}
	var want []Roll
	for _, d := range dates {
		want = append(want, NewMatcher(h, logins).Roll(l, d*86400))
	}
	m := NewMatcher(h, logins)
	for _, i := range []int{7, 0, 3, 3, 1, 6, 2, 5, 4} {
		if diff := cmp.Diff(want[i], m.Roll(l, dates[i]*86400)); diff != "" {
			t.Errorf("day %d: %s", dates[i], diff)
		}
	}
	if want[0].Unmatched != 3 || want[3].Active != 1 || want[7].Paper != 2 {
		t.Errorf("%+v", want)
	}
}

// TestCrowds: a name that a thousand share says nothing, and costs no more than its length.
func TestCrowds(t *testing.T) {
	t.Parallel()
	h := &history.History{}
	for i := range 2000 {
		h.Identities = append(h.Identities, history.Identity{Name: "Same Name", Email: fmt.Sprintf("same.name@host%d.example", i)})
		h.Pulls = append(h.Pulls, history.Pull{Number: int32(i), Author: int32(i)})
	}
	if roll := NewMatcher(h, nil).Roll(Listing{People: []Listed{listed("Same Name @same-name")}}, 1); roll.Unmatched != 1 {
		t.Errorf("%+v", roll)
	}
}

// TestFirstSeatsBehindGaps: when somebody came to a seat is not known where the reading before is not whole.
func TestFirstSeatsBehindGaps(t *testing.T) {
	t.Parallel()
	h, _ := world("1 Ann Example <ann@x>\n2 Bob Example <bob@x>\n3 Cho Example <cho@x>")
	file := func(lines ...string) *Listing {
		l := &Listing{Files: []string{"MAINTAINERS"}}
		for _, line := range lines {
			l.People = append(l.People, listed(line))
		}
		return l
	}
	readings := []reading{
		{date: 100 * 86400, listing: file("<ann@x>"), whole: true},
		{date: 200 * 86400, listing: file()},
		{date: 300 * 86400, listing: file("<ann@x>", "<bob@x>"), whole: true},
		{date: 400 * 86400, listing: file("<ann@x>", "<bob@x>", "<cho@x>"), whole: true},
	}
	want := []FirstSeat{{Person: 2, Listed: 400 * 86400, FirstCommit: 3 * 86400, Days: 397}}
	if diff := cmp.Diff(want, NewMatcher(h, nil).firstSeats(readings)); diff != "" {
		t.Error(diff)
	}
	readings[1] = reading{date: 200 * 86400, listing: file("<ann@x>"), whole: true}
	if got := NewMatcher(h, nil).firstSeats(readings); len(got) != 2 {
		t.Errorf("%+v", got)
	}
	readings[1].whole = false // something was missing, and what was read is no sure base either
	if diff := cmp.Diff(want, NewMatcher(h, nil).firstSeats(readings)); diff != "" {
		t.Error(diff)
	}
}
