package footprint

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/mainstay-oss/mainstay/internal/history"
	"github.com/mainstay-oss/mainstay/internal/people"
	"github.com/mainstay-oss/mainstay/internal/vitals"
)

// date gives Unix seconds of a YYYY-MM-DD, 00:00 UTC, or of a YYYY-MM-DDThh:mm:ss.
func date(s string) int64 {
	layout := time.DateOnly
	if strings.Contains(s, "T") {
		layout = "2006-01-02T15:04:05"
	}
	d, err := time.Parse(layout, s)
	if err != nil {
		panic(err)
	}
	return d.Unix()
}

// world makes a history from lines of text:
//
//	commit DATE WHO [xN] [merge]   WHO is name@domain; bots begin with "bot"; xN makes N of them
//	pull DATE WHO
func world(upstream, text string) *history.History {
	h := &history.History{Upstream: upstream, PullsKnown: true, ObservedUntil: time.Unix(date("2099-01-01"), 0)}
	known := map[string]int32{}
	who := func(s string) int32 {
		n, ok := known[s]
		if !ok {
			n = int32(len(h.Identities))
			known[s] = n
			name, domain, _ := strings.Cut(s, "@")
			h.Identities = append(h.Identities, history.Identity{Name: name, Email: s, Domain: domain, Bot: strings.HasPrefix(name, "bot")})
		}
		return n
	}
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		f := strings.Fields(line)
		at := date(f[1])
		switch f[0] {
		case "commit":
			c := history.Commit{Committed: at, Authored: at - 3600, Author: who(f[2]), Parents: 1}
			times := 1
			for _, word := range f[3:] {
				if word == "merge" {
					c.Parents = 2
				} else if n, _ := fmt.Sscanf(word, "x%d", &times); n != 1 {
					panic(line)
				}
			}
			h.Commits = append(h.Commits, slices.Repeat([]history.Commit{c}, times)...)
		case "pull":
			h.Pulls = append(h.Pulls, history.Pull{Number: int32(len(h.Pulls) + 1), Author: who(f[2]), Authored: at, HeadCommitted: at})
		default:
			panic(line)
		}
	}
	slices.SortStableFunc(h.Commits, func(a, b history.Commit) int { return int(a.Committed - b.Committed) })
	return h
}

// byDomain are claims for tests: a domain is an organisation, but "open" tells nothing and who has "alone" works for none.
type byDomain struct {
	h          *history.History
	names      []string
	confidence map[string]float32 // 0.5 if a domain has none
}

func claimsOf(h *history.History, confidence map[string]float32) *byDomain {
	c := &byDomain{h: h, confidence: confidence}
	for i := range h.Identities {
		c.names = append(c.names, h.Identities[i].Domain)
	}
	c.names = append(c.names, "zero") // one that has no work
	slices.Sort(c.names)
	c.names = slices.Compact(c.names)
	return c
}

func (c *byDomain) Of(identity int32, at int64) people.Claim {
	domain := c.h.Identities[identity].Domain
	claim := people.Claim{Organisation: people.Nobody, Evidence: people.FromFile, Confidence: 0.5}
	if sure, ok := c.confidence[domain]; ok {
		claim.Confidence = sure
	}
	switch domain {
	case "open":
		return people.Claim{Organisation: people.Nobody}
	case "alone":
		return claim
	}
	n, _ := slices.BinarySearch(c.names, domain)
	claim.Organisation = int32(n)
	return claim
}

func (c *byDomain) Commit(i int) people.Claim {
	return c.Of(c.h.Commits[i].Author, c.h.Commits[i].Committed)
}

func upstreamOf(h *history.History, confidence map[string]float32) *Upstream {
	c := claimsOf(h, confidence)
	return &Upstream{Meter: vitals.NewMeter(h), Claims: c, Organisations: c.names}
}

// String writes a presence in a line.
func (p *Presence) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s..%s", p.Name, day(p.From), day(p.Until))
	if p.Whole {
		b.WriteString(" whole")
	}
	fmt.Fprintf(&b, ": commits %d+%d/%d", p.Commits, p.CommitsOpen, p.CommitsAll)
	if p.Share != nil {
		fmt.Fprintf(&b, " share %.3f-%.3f", p.Share[0], p.Share[1])
	}
	if p.Confidence != nil {
		fmt.Fprintf(&b, " sure %.3f", *p.Confidence)
	}
	fmt.Fprintf(&b, ", people %d+%d/%d, first %d/%d", p.People, p.PeopleOpen, p.PeopleAll, p.FirstTimers, p.FirstTimersAll)
	fmt.Fprintf(&b, " stayed %s/%s, rank %s", maybe(p.Stayed), maybe(p.StayedAll), maybe(p.Rank))
	if p.RankRange != nil {
		fmt.Fprintf(&b, " in %d-%d", p.RankRange[0], p.RankRange[1])
	}
	fmt.Fprintf(&b, " of %d", p.Organisations)
	return b.String()
}

func (s *Standing) all() []Presence {
	return slices.Concat([]Presence{s.Last12m}, s.Years, s.Quarters)
}

// String writes a standing in lines.
func (s *Standing) String() string {
	var b strings.Builder
	for _, p := range s.all() {
		b.WriteString(p.String() + "\n")
	}
	b.WriteString("pull authors")
	for _, n := range s.PullAuthors {
		b.WriteString(" " + maybe(n))
	}
	return b.String()
}

func (a *Attribution) String() string {
	share := "-"
	if a.Share != nil {
		share = fmt.Sprintf("%.3f", *a.Share)
	}
	return fmt.Sprintf("%d/%d = %s, elephant %s, to settle %s %v", a.Attributed, a.Commits, share, maybe(a.ElephantFactor), maybe(a.ToSettle), a.People)
}

func day(at int64) string { return time.Unix(at, 0).UTC().Format(time.DateOnly) }

func maybe(n *int) string {
	if n == nil {
		return "-"
	}
	return fmt.Sprint(*n)
}

// randomWorld makes a history of some five years, from 2018-11 on, with shared names and addresses, bots, merges and pulls.
func randomWorld(r *rand.Rand, upstream string) *history.History {
	h := &history.History{Upstream: upstream, PullsKnown: r.IntN(8) > 0, Hashed: r.IntN(8) == 0, ObservedUntil: time.Unix(date("2099-01-01"), 0)}
	names := []string{"Ann", "Bob", "Cho", "Dee", "Eve", "Fay", "Gus", "Hal", "root", "-"}
	domains := []string{"acme", "bolt", "core", "dust", "alone", "open", "open", "open", "unknown"}
	for range 3 + r.IntN(20) {
		domain := domains[r.IntN(len(domains))]
		id := history.Identity{Name: names[r.IntN(len(names))], Email: fmt.Sprintf("u%d@%s", r.IntN(6), domain), Domain: domain, Bot: r.IntN(9) == 0}
		switch r.IntN(12) {
		case 0:
			id.Email = ""
		case 1:
			id.Email, id.Domain = fmt.Sprintf("u%d@noreply", r.IntN(3)), history.DomainNoReply
		}
		if !slices.Contains(h.Identities, id) {
			h.Identities = append(h.Identities, id)
		}
	}
	anyone := func() int32 { return int32(r.IntN(len(h.Identities))) }
	moment := func() int64 { return date("2018-11-01") + r.Int64N(3700)*vitals.Day/2 } // often the same, often 00:00
	for range r.IntN(250) {
		at := moment()
		h.Commits = append(h.Commits, history.Commit{Committed: at, Authored: at - r.Int64N(vitals.Day), Author: anyone(), Parents: uint8(1 + r.IntN(8)/7)})
	}
	for i := range r.IntN(60) {
		at := moment()
		h.Pulls = append(h.Pulls, history.Pull{Number: int32(i + 1), Author: anyone(), Authored: at, HeadCommitted: at})
	}
	slices.SortStableFunc(h.Commits, func(a, b history.Commit) int { return int(a.Committed - b.Committed) })
	return h
}

var randomAsked = [][]string{{"acme", "bolt"}, {"bolt"}, {"core"}, {"zero"}, {"nowhere"}}
