package people

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/mainstay-oss/mainstay/internal/history"
)

// world makes a history from lines "day | name | address | bot", in which name and address may be empty, and "bot" is a
// mark or nothing. Days count from 2020-01-01.
func world(text string) *history.History {
	h := &history.History{ObservedUntil: start.AddDate(10, 0, 0)}
	known := map[history.Identity]int32{}
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		f := strings.Split(line, "|")
		var d int64
		fmt.Sscan(f[0], &d)
		id := history.Identity{Name: strings.TrimSpace(f[1]), Email: strings.TrimSpace(f[2]), Bot: strings.TrimSpace(f[3]) != ""}
		n, ok := known[id]
		if !ok {
			n = int32(len(h.Identities))
			known[id] = n
			h.Identities = append(h.Identities, id)
		}
		h.Commits = append(h.Commits, history.Commit{Committed: at(d), Author: n, Committer: n})
	}
	return h
}

var start = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)

func at(d int64) int64 { return start.Unix() + d*24*3600 }

// groups writes who is one person with whom: identities in their order, by person number; "." for nobody.
func groups(h *history.History, p *Persons) string {
	var b strings.Builder
	for i := range h.Identities {
		if n := p.Of(int32(i)); n < 0 {
			b.WriteByte('.')
		} else {
			b.WriteByte(byte('a' + n))
		}
	}
	return b.String()
}

func TestPersonsAreJoined(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, world, want string }{
		{"same address, other case", "1|Ann|ann@x|\n2|Ann B.|ANN@x|", "aa"},
		{"same name, other address", "1|Ann|ann@x|\n2|Ann|ann@y|", "aa"},
		{"spaces round a name", "1|Ann|ann@x|\n2|Ann |ann@y|", "aa"},
		{"case of a name parts", "1|Ann|ann@x|\n2|ANN|ann@y|", "ab"},
		{"same login behind no-reply addresses", "1|Ann|ann@noreply|\n2|A. Doe|ann@noreply|", "aa"},
		{"a chain", "1|Ann|a@x|\n2|Ann|b@x|\n3|Nan|b@x|\n4|Nan|c@x|\n5|Bob|d@x|", "aaaab"},
		{"generic names do not join", "1|root|a@x|\n2|root|b@x|\n3|Unknown|c@x|\n4|unknown|d@x|", "abcd"},
		{"blank names do not join", "1||a@x|\n2|-|b@x|", "ab"},
		{"blank addresses do not join", "1|Ann||\n2|Bob||\n3|Cho|-|\n4|Ann|ann@x|", "abca"},
		{"neither name nor address", "1|||\n2|-|-|", "ab"},
		{"a bot's commits are evidence too", "1|Ann|ann@x|\n2|Ann|cd@x|bot\n3|Deploy Team|cd@x|", "aaa"},
		{"a name is no address", "1|ann@x|b@x|\n2|Ann|ann@x|", "ab"},
	} {
		h := world(c.world)
		if got := groups(h, NewIndex(h).At(at(100))); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestPersonsKnowNothingOfTheFuture(t *testing.T) {
	t.Parallel()
	h := world("1|Ann|a@x|\n2|Ann Doe|b@x|\n5|Ann|b@x|\n9|Bob|c@x|")
	x := NewIndex(h)
	for _, step := range []struct {
		day  int64
		want string
	}{
		{0, "...."},
		{1, "a..."},
		{2, "abb."}, // the third string is not yet seen, its address is
		{5, "aaa."}, // it joins the two before it
		{9, "aaab"},
		{2, "abb."}, // back again
		{9, "aaab"},
	} {
		if got := groups(h, x.At(at(step.day))); got != step.want {
			t.Errorf("day %d: %s, want %s", step.day, got, step.want)
		}
	}
}

func TestMailmapIsNoEvidenceForEarlierDates(t *testing.T) {
	t.Parallel()
	h := world("1|Ann|a@x|\n2|Nan|b@x|\n3|Zoe|z@x|\n4|root|r@x|\n5|root|s@x|\n6|Nameless||")
	h.ObservedUntil = start.AddDate(0, 0, 50).Add(15 * time.Hour)
	h.Aliases = []history.Alias{
		{Name: "Ann", Email: "a@x", OldEmail: "B@x"},
		{Name: "Zoe", OldEmail: "r@x"},
		{Name: "root", OldEmail: "s@x"}, // generic: joins nothing
		{Name: "Ann", Email: "a@x"},     // broken line: nobody is meant
		{Email: "z@x", OldName: "Nameless"},
	}
	x := NewIndex(h)
	if got := groups(h, x.At(at(49))); got != "abcdef" {
		t.Errorf("before the day of observation: %s, want abcdef", got)
	}
	if got := groups(h, x.At(at(50))); got != "aabbcb" {
		t.Errorf("on the day of observation: %s, want aabbcb", got)
	}
	h.ObservedUntil = time.Time{}
	if got := groups(h, NewIndex(h).At(at(5000))); got != "abcdef" {
		t.Errorf("never observed: %s, want abcdef", got)
	}
}

// TestIndexAgreesWithThePlainRule compares with the definition written down plainly: join every pair of strings that
// share an address or a name, until nothing changes.
func TestIndexAgreesWithThePlainRule(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	for round := range 300 {
		h := randomWorld(r)
		x := NewIndex(h)
		before := -1
		for _, d := range []int64{3, 10, 10, 20, 30, 7, 40} {
			p := x.At(at(d))
			if got, want := groups(h, p), plainRule(h, at(d)); got != want {
				t.Fatalf("round %d, day %d: %s, want %s in %+v", round, d, got, want, h.Identities)
			}
			if fresh := NewIndex(h).At(at(d)); groups(h, fresh) != groups(h, p) {
				t.Fatalf("round %d, day %d: the way to a date matters", round, d)
			}
			before = p.Count()
		}
		if before < 1 {
			t.Fatalf("round %d: nobody in %d commits", round, len(h.Commits))
		}
	}
}

func randomWorld(r *rand.Rand) *history.History {
	names := []string{"Ann", "Bob", "Cho", "Dee", "root", "", "-", "Eve"}
	emails := []string{"a@x", "b@x", "A@x", "c@noreply", "d@x", "", "-", "e@x", "f@x"}
	var b strings.Builder
	d := 1
	for range 1 + r.IntN(12) {
		d += r.IntN(6)
		fmt.Fprintf(&b, "%d|%s|%s|\n", min(d, 39), names[r.IntN(len(names))], emails[r.IntN(len(emails))])
	}
	return world(b.String())
}

func plainRule(h *history.History, t int64) string {
	n := len(h.Identities)
	group := make([]int, n)
	seen := make([]int64, n)
	for i := range group {
		group[i], seen[i] = i, -1
	}
	for i := len(h.Commits) - 1; i >= 0; i-- {
		if c := h.Commits[i]; c.Committed <= t {
			seen[c.Author] = c.Committed
		}
	}
	blank := func(s string) bool { return s == "" || s == "-" }
	sameAddress := func(i, j int) bool {
		a, b := h.Identities[i].Email, h.Identities[j].Email
		return !blank(a) && strings.EqualFold(a, b)
	}
	sameName := func(i, j int) bool {
		a, b := h.Identities[i].Name, h.Identities[j].Name
		return !blank(a) && a != "root" && a == b
	}
	for changed := true; changed; {
		changed = false
		for i := range n {
			for j := range n {
				if seen[i] >= 0 && seen[j] >= 0 && group[i] != group[j] && (sameAddress(i, j) || sameName(i, j)) {
					group[i] = min(group[i], group[j])
					group[j] = group[i]
					changed = true
				}
			}
		}
	}
	// Strings not yet seen belong to whoever was seen under their address, or without one, under their name.
	who := make([]int, n)
	for i := range n {
		who[i] = -1
		for j := range n {
			if seen[j] < 0 {
				continue
			}
			if i == j || sameAddress(i, j) || blank(h.Identities[i].Email) && sameName(i, j) {
				who[i] = group[j]
			}
		}
	}
	// Numbers by the first commit; among equals by address, then name.
	order := make([]int, 0, n)
	for i := range n {
		if seen[i] >= 0 {
			order = append(order, i)
		}
	}
	less := func(i, j int) bool {
		a, b := h.Identities[i], h.Identities[j]
		switch {
		case seen[i] != seen[j]:
			return seen[i] < seen[j]
		case a.Email != b.Email:
			return a.Email < b.Email
		}
		return a.Name < b.Name
	}
	for i := range order {
		for j := i; j > 0 && less(order[j], order[j-1]); j-- {
			order[j], order[j-1] = order[j-1], order[j]
		}
	}
	number := map[int]int{}
	for _, i := range order {
		if _, ok := number[group[i]]; !ok {
			number[group[i]] = len(number)
		}
	}
	var b strings.Builder
	for i := range n {
		if who[i] < 0 {
			b.WriteByte('.')
			continue
		}
		b.WriteByte(byte('a' + number[who[i]]))
	}
	return b.String()
}

func TestJoiningNeverRaisesTheNumberOfPersons(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	for range 200 {
		h := randomWorld(r)
		h.ObservedUntil = start
		without := NewIndex(h).At(at(40)).Count()
		i, j := r.IntN(len(h.Identities)), r.IntN(len(h.Identities))
		h.Aliases = []history.Alias{{Name: h.Identities[i].Name, Email: h.Identities[i].Email, OldEmail: h.Identities[j].Email}}
		if with := NewIndex(h).At(at(40)).Count(); with > without || with < without-2 {
			t.Fatalf("%d persons, %d after one alias", without, with)
		}
	}
}
