package footprint

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestRank(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name         string
		own          int
		others       []int
		open, people int
		want         string // rank, range, organisations
	}{
		{"alone", 5, nil, 0, 0, "1 [1 1] 1"},
		{"second", 5, []int{7, 3}, 0, 0, "2 [2 2] 3"},
		{"equals share the better place", 5, []int{5, 7, 5}, 0, 0, "2 [2 2] 4"},
		{"could draw level with the first", 5, []int{7}, 2, 1, "2 [1 2] 2"},
		{"could not", 5, []int{8}, 2, 1, "2 [2 2] 2"},
		{"one could get past", 5, []int{4}, 2, 1, "1 [1 2] 2"},
		{"an equal could", 5, []int{5}, 1, 1, "1 [1 2] 2"},
		{"one or the other, not both", 9, []int{7, 7}, 5, 5, "1 [1 2] 3"},
		{"both, if two people have the open commits", 9, []int{7, 7}, 6, 2, "1 [1 3] 3"},
		{"one, if one person has", 9, []int{7, 7}, 6, 1, "1 [1 2] 3"},
		{"one that is not known", 2, nil, 3, 1, "- [1 2] 1"},
		{"known and not known", 5, []int{4, 1}, 13, 9, "- [1 4] 3"}, // 2 and 5 and 6
		{"nothing, and all of it open", 0, []int{3}, 4, 2, "- [1 4] 1"},
		{"nothing at all", 0, []int{3}, 0, 0, "- [] 1"},
		{"60 %", 3, []int{3}, 4, 9, "1 [1 2] 2"},
		{"under 60 %", 3, []int{2}, 4, 9, "- [1 2] 2"},
	} {
		if got := place(c.own, c.others, c.open, c.people); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// place ranks the organisation asked for, number 0, among others.
func place(own int, others []int, openCommits, people int) string {
	names := []string{"0"}
	for i := range others {
		names = append(names, fmt.Sprint(i+1))
	}
	c := counts{commits: append([]int{own}, others...), open: openCommits, people: people, all: openCommits}
	for o, n := range c.commits {
		c.all += n
		if n > 0 {
			c.with = append(c.with, int32(o))
		}
	}
	p := Presence{Commits: own}
	groups([][]string{{"0"}}, names)[0].rank(&c, &p)
	return fmt.Sprint(maybe(p.Rank), " ", p.RankRange, " ", p.Organisations)
}

// TestRankRangeAgainstAllThatIsPossible: open commits of as many people, given to organisations in every way.
func TestRankRangeAgainstAllThatIsPossible(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		own, openCommits := r.IntN(4), r.IntN(6)
		others := make([]int, r.IntN(4))
		for i := range others {
			others[i] = 1 + r.IntN(5)
		}
		if own+openCommits == 0 {
			continue
		}
		best, worst := 100, 0
		counts := append([]int{own}, append(others, make([]int, openCommits)...)...) // the last are not known yet
		var give func(left int)
		give = func(left int) {
			if left == 0 {
				if counts[0] == 0 {
					return // it has no place
				}
				rank := 1
				for _, n := range counts[1:] {
					if n > counts[0] {
						rank++
					}
				}
				best, worst = min(best, rank), max(worst, rank)
				return
			}
			for i := range counts {
				counts[i]++
				give(left - 1)
				counts[i]--
			}
		}
		give(openCommits)
		want := fmt.Sprint([]int{best, worst})
		var rank, low, high, n int
		fmt.Sscanf(place(own, slices.Clone(others), openCommits, openCommits), "- [%d %d] %d", &low, &high, &n)
		if low == 0 {
			fmt.Sscanf(place(own, slices.Clone(others), openCommits, openCommits), "%d [%d %d] %d", &rank, &low, &high, &n)
		}
		if got := fmt.Sprint([]int{low, high}); got != want && own > 0 {
			t.Errorf("%d, others %v, %d open: %s, want %s", own, others, openCommits, got, want)
		}
		if own == 0 && (low != best || high < worst) {
			t.Errorf("%d, others %v, %d open: %d to %d, possible %s", own, others, openCommits, low, high, want)
		}
	}
}

// TestSubsidiaries: what was asked for counts as one among the others, also where one lies in another.
func TestSubsidiaries(t *testing.T) {
	t.Parallel()
	h := world("host/o/n", `
commit 2020-01-01 a@ibm x4
commit 2020-01-01 b@redhat x5
commit 2020-01-01 c@instana x1
commit 2020-01-01 d@google x7
commit 2020-01-01 e@suse x6`)
	for _, c := range []struct {
		asked [][]string
		want  string
	}{
		{[][]string{{"google"}}, "1/5"},
		{[][]string{{"google"}, {"ibm", "redhat", "instana"}}, "2/3 1/3"},
		{[][]string{{"ibm", "instana", "redhat"}, {"redhat"}, {"google"}}, "1/3 3/4 2/3"}, // redhat among ibm's rest, google, suse
		{[][]string{{"redhat"}, {"redhat"}, {"suse"}}, "3/5 3/5 2/5"},
	} {
		var got []string
		for _, s := range Measure(upstreamOf(h, nil), c.asked, date("2020-07-01")).Standings {
			got = append(got, fmt.Sprintf("%s/%d", maybe(s.Last12m.Rank), s.Last12m.Organisations))
		}
		same(t, fmt.Sprint(c.asked), fmt.Sprint(got), "["+c.want+"]")
	}
}
