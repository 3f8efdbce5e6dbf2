package vitals

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/mainstay-oss/mainstay/internal/history"
)

// day0 is day 0 of the tiny worlds.
var day0 = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC).Unix()

// on gives 00:00 UTC of a day.
func on(day int64) int64 { return day0 + day*Day }

// world makes a history from lines of text, in any order; days are numbers from 2020-01-01, 00:00 UTC, each with an
// optional offset in seconds ("12-1" is one second before day 12); "//" begins a comment:
//
//	commit DAY WHO [xN] [merge] [#PULL]   WHO's address is WHO@DOMAIN; bots begin with "bot"; xN makes N of them
//	tag DAY NAME
//	pull DAY WHO
//	observed DAY
func world(text string) *history.History {
	h := &history.History{PullsKnown: true, ObservedUntil: time.Unix(on(5000), 0)}
	known := map[string]int32{}
	who := func(s string) int32 {
		n, ok := known[s]
		if !ok {
			n = int32(len(h.Identities))
			known[s] = n
			name, domain, _ := strings.Cut(s, "@")
			h.Identities = append(h.Identities, history.Identity{
				Name: name, Email: name + "@" + domain, Domain: domain, Bot: strings.HasPrefix(name, "bot"),
			})
		}
		return n
	}
	when := func(s string) int64 {
		var day, offset int64
		fmt.Sscanf(s, "%d%d", &day, &offset)
		return on(day) + offset
	}
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		line, _, _ = strings.Cut(line, "//")
		f := strings.Fields(line)
		at := when(f[1])
		switch f[0] {
		case "commit":
			c := history.Commit{Committed: at, Authored: at, Author: who(f[2]), Committer: who(f[2]), Parents: 1}
			times := 1
			for _, word := range f[3:] {
				switch word[0] {
				case 'x':
					fmt.Sscan(word[1:], &times)
				case 'm':
					c.Parents = 2
				case '#':
					fmt.Sscan(word[1:], &c.Pull)
				}
			}
			h.Commits = append(h.Commits, slices.Repeat([]history.Commit{c}, times)...)
		case "tag":
			h.Tags = append(h.Tags, history.Tag{Created: at, Name: f[2]})
		case "pull":
			h.Pulls = append(h.Pulls, history.Pull{Number: int32(len(h.Pulls) + 1), Author: who(f[2]), Authored: at, HeadCommitted: at})
		case "observed":
			h.ObservedUntil = time.Unix(at, 0)
		default:
			panic("unknown line " + line)
		}
	}
	inOrder(h)
	return h
}

// inOrder sorts as History promises.
func inOrder(h *history.History) {
	slices.SortStableFunc(h.Commits, func(a, b history.Commit) int { return int(a.Committed - b.Committed) })
	slices.SortStableFunc(h.Tags, func(a, b history.Tag) int { return int(a.Created - b.Created) })
}

// randomWorld makes a history of some four years with shared names, shared addresses, bots, merges, tags and pulls.
func randomWorld(r *rand.Rand) *history.History {
	h := &history.History{PullsKnown: true, ObservedUntil: time.Unix(on(1600), 0)}
	names := []string{"Ann", "Bob", "Cho", "Dee", "root", "-", "Eve", "Fay"}
	domains := []string{"redhat.com", "ibm.com", "us.ibm.com", "deis.com", "apache.org", "freemail", "unknown"}
	for range 3 + r.IntN(12) {
		domain := domains[r.IntN(len(domains))]
		h.Identities = append(h.Identities, history.Identity{
			Name: names[r.IntN(len(names))], Email: fmt.Sprintf("u%d@%s", r.IntN(9), domain), Domain: domain, Bot: r.IntN(6) == 0,
		})
	}
	anyone := func() int32 { return int32(r.IntN(len(h.Identities))) }
	moment := func() int64 { return on(r.Int64N(1500)) + r.Int64N(3)*Day/2 } // often at the same moment
	for range r.IntN(400) {
		at := moment()
		h.Commits = append(h.Commits, history.Commit{
			Committed: at, Authored: at - r.Int64N(Day), Author: anyone(), Committer: anyone(),
			Parents: uint8(1 + r.IntN(8)/7), Pull: int32(max(0, r.IntN(40)-20)),
		})
	}
	for i := range r.IntN(20) {
		h.Tags = append(h.Tags, history.Tag{Created: moment(), Name: fmt.Sprint("v", i)})
	}
	for i := range r.IntN(60) {
		at := moment()
		h.Pulls = append(h.Pulls, history.Pull{Number: int32(i + 1), Author: anyone(), Authored: at, HeadCommitted: at})
	}
	inOrder(h)
	return h
}
