package history

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"
	"sort"
	"strconv"
)

// A mainCommit is a commit on the chain of first parents of the default branch.
type mainCommit struct {
	id, tree  objectID
	committed int64
}

// mainline gives the chain of first parents, newest first.
func (g *gitReader) mainline(ctx context.Context, tip objectID) (chain []mainCommit, err error) {
	err = g.run(ctx, nil, func(out *bufio.Reader) error {
		return eachLine(out, func(line []byte) error {
			fields := bytes.Fields(line)
			if len(fields) < 2 {
				return fmt.Errorf("git rev-list answered %q", line)
			}
			id, isID := parseID(fields[0])
			tree, isTree := parseID(fields[1])
			if !isID || !isTree {
				return errHash(fields[0])
			}
			c := mainCommit{id: id, tree: tree}
			if len(fields) > 2 {
				c.committed, _ = strconv.ParseInt(string(fields[2]), 10, 64) // 0 like any date that is no number
			}
			chain = append(chain, c)
			return nil
		})
	}, "rev-list", "--first-parent", "--no-commit-header", "--format=%H %T %ct", tip.String(), "--")
	return chain, err
}

// clockSkew is by how much committer dates may be out of order without one of them counting as wrong, in seconds.
const clockSkew = 24 * 60 * 60

// states tells which commit of a chain stood at a date. FilesAt states the rule.
type states struct {
	chain  []mainCommit // newest first
	byDate []int        // places in chain, by committer date
}

func newStates(chain []mainCommit) *states {
	s := &states{chain: chain, byDate: make([]int, len(chain))}
	for i := range s.byDate {
		s.byDate[i] = i
	}
	slices.SortFunc(s.byDate, func(a, b int) int {
		return cmp.Or(cmp.Compare(chain[a].committed, chain[b].committed), cmp.Compare(b, a))
	})
	return s
}

// at gives the commit that stood at t, nil before the first.
func (s *states) at(t int64) *mainCommit {
	n := sort.Search(len(s.byDate), func(i int) bool { return s.chain[s.byDate[i]].committed > t })
	if n == 0 {
		return nil
	}
	latest := s.chain[s.byDate[n-1]].committed
	best := s.byDate[n-1]
	for ; n > 0 && s.chain[s.byDate[n-1]].committed > latest-clockSkew; n-- {
		best = min(best, s.byDate[n-1])
	}
	return &s.chain[best]
}
