package footprint

import (
	"cmp"
	"slices"
)

// A group is an organisation that was asked for, with its subsidiaries, among all others. Each of those stands for itself,
// unless it belongs to another that was asked for.
type group struct {
	side []int32 // by organisation: own, or the number of the side that it is on

	// Commits by side, and the sides with commits; used again for each stretch.
	commits []int
	with    []int32
}

// own is the side of the organisation asked for.
const own = 0

func (g *group) member(organisation int32) bool { return g.side[organisation] == own }

// groups finds the sides for each organisation asked for. A name that several of them hold belongs to the largest: what is
// left of it when one of its own subsidiaries is looked at is still one rival.
func groups(asked [][]string, organisations []string) []group {
	largest := make([]int32, len(organisations)) // 1 + the largest that holds it; 0 if none does
	in := make([][]bool, len(asked))
	for g, names := range asked {
		in[g] = make([]bool, len(organisations))
		for _, name := range names {
			if o, found := slices.BinarySearch(organisations, name); found {
				in[g][o] = true
				if l := largest[o]; l == 0 || len(names) > len(asked[l-1]) {
					largest[o] = int32(1 + g)
				}
			}
		}
	}
	list := make([]group, len(asked))
	for g := range asked {
		side := make([]int32, len(organisations))
		for o := range side {
			switch {
			case in[g][o]:
				side[o] = own
			case largest[o] > 0:
				side[o] = largest[o]
			default:
				side[o] = int32(1 + len(asked) + o)
			}
		}
		list[g] = group{side: side, commits: make([]int, 1+len(asked)+len(organisations))}
	}
	return list
}

// rank places the organisation among all with commits: 1 and one more for each with more commits, so that equals share the
// better place.
//
// The best place is that which it would have if all open commits were its own: then it has the most that it can have, and
// the others the fewest.
//
// The worst place is the one that it would have if none were, and they helped as many others past it as they can. Whoever
// has n commits and is not past c needs c+1-n of them, an organisation that has none yet c+1. As every one that gets past
// counts the same, those that need least come first; swapping one that needs less for one that needs more frees none. This
// is exact if every open commit could be another's. But people commit for one organisation at a time, so no more of them get
// past than people have open commits; without this, somebody's thousand private commits could be a thousand organisations.
//
// A rank is a figure only where enough commits are attributed, and the organisation has some.
func (g *group) rank(c *counts, p *Presence) {
	g.with = g.with[:0]
	for _, o := range c.with {
		side := g.side[o]
		if side == own {
			continue
		}
		if g.commits[side] == 0 {
			g.with = append(g.with, side)
		}
		g.commits[side] += c.commits[o]
	}
	others := make([]int, 0, len(g.with)) // commits of each, most first
	for _, side := range g.with {
		others = append(others, g.commits[side])
		g.commits[side] = 0
	}
	slices.SortFunc(others, func(a, b int) int { return cmp.Compare(b, a) })

	p.Organisations = len(others)
	if p.Commits > 0 {
		p.Organisations++
	}
	if p.Commits+c.open == 0 {
		return
	}
	more := func(than int) int { // others with more commits
		n, _ := slices.BinarySearchFunc(others, than, func(n, than int) int {
			if n > than {
				return -1
			}
			return 1
		})
		return n
	}
	ahead := more(p.Commits)
	left, passed := c.open, 0
	for _, n := range others[ahead:] {
		if need := p.Commits + 1 - n; need <= left {
			left -= need
			passed++
		} else {
			break
		}
	}
	passed += left / (p.Commits + 1)
	p.RankRange = []int{1 + more(p.Commits+c.open), 1 + ahead + min(passed, c.people)}
	if rank := 1 + ahead; p.Commits > 0 && c.known() {
		p.Rank = &rank
	}
}
