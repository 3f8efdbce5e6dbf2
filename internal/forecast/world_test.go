package forecast

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mainstay-oss/mainstay/internal/history"
	"github.com/mainstay-oss/mainstay/internal/vitals"
)

// asOf is the date of the tiny worlds: a Wednesday.
var asOf = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC).Unix()

// world makes a history from lines of text in any order; AGO is in days before asOf, a range FROM..TO/STEP repeats:
//
//	commit AGO WHO [by COMMITTER] [#PULL] [merge]   WHO's address is WHO@home; bots begin with "bot"
//	tag AGO
func world(text string) *history.History {
	h := &history.History{ObservedUntil: time.Unix(asOf+3*vitals.Year, 0)}
	known := map[string]int32{}
	who := func(name string) int32 {
		n, ok := known[name]
		if !ok {
			n = int32(len(h.Identities))
			known[name] = n
			h.Identities = append(h.Identities, history.Identity{Name: name, Email: name + "@home", Domain: "home", Bot: strings.HasPrefix(name, "bot")})
		}
		return n
	}
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		f := strings.Fields(line)
		first, rest, _ := strings.Cut(f[1], "..")
		from, step := number(first), 1
		to := from
		if last, every, ranged := strings.Cut(rest, "/"); ranged {
			to, step = number(last), number(every)
		}
		for ago := from; ago <= to; ago += step {
			at := asOf - int64(ago)*vitals.Day
			if f[0] == "tag" {
				h.Tags = append(h.Tags, history.Tag{Created: at, Name: fmt.Sprint("v", len(h.Tags))})
				continue
			}
			c := history.Commit{Committed: at, Authored: at, Author: who(f[2]), Committer: who(f[2]), Parents: 1}
			for i := 3; i < len(f); i++ {
				switch {
				case f[i] == "by":
					i++
					c.Committer = who(f[i])
				case f[i] == "merge":
					c.Parents = 2
				default:
					fmt.Sscanf(f[i], "#%d", &c.Pull)
				}
			}
			h.Commits = append(h.Commits, c)
		}
	}
	sortHistory(h)
	return h
}

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		panic(err)
	}
	return n
}

func sortHistory(h *history.History) {
	slices.SortStableFunc(h.Commits, func(a, b history.Commit) int { return int(a.Committed - b.Committed) })
	slices.SortStableFunc(h.Tags, func(a, b history.Tag) int { return int(a.Created - b.Created) })
}
