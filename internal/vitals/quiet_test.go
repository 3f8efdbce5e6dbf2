package vitals

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/mainstay-oss/mainstay/internal/history"
)

// asks writes the pulls of n persons, one each on the day.
func asks(n int, day string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "pull %s asker%d@x\n", day, i)
	}
	return b.String()
}

// All of these are quiet on day 1000; the rule looks at (600, 970] there unless said otherwise.
func TestQuietKinds(t *testing.T) {
	t.Parallel()
	const old = "commit 100 ann@x x20\ncommit 600 ann@x\n"
	usual := "pull 100 u1@x\npull 110 u2@x\npull 120 u3@x\ncommit 130 u1@x #2\n" // three outsiders in 500 days before day 600, one pull taken
	for _, c := range []struct {
		name, world string
		want        QuietKind
	}{
		{"nothing asked", old, Finished},
		{"one asks", old + asks(1, "700"), Finished},
		{"one asks often", old + strings.Repeat("pull 700 eve@x\n", 9) + usual, Finished},
		{"two ask", old + usual + asks(2, "700"), Unsure},
		{"three, and it is used to two a year", old + usual + asks(3, "700"), Waiting},
		{"three, and it is used to forty a year", old + usual + strings.ReplaceAll(asks(60, "200"), "asker", "fan") + asks(3, "700"), Unsure},
		{"three without a past", old + "commit 700 u1@x #1\n" + asks(4, "700"), Unsure},
		{"five without a past", old + "commit 700 u1@x #1\n" + asks(6, "700"), Waiting},
		{"five before the last commit", old + usual + asks(5, "600"), Finished},
		{"a mended typo is no answer", old + usual + asks(5, "700") + "commit 995 ann@x", Waiting},
		{"a year before it is", old + usual + asks(5, "635") + "commit 995 ann@x", Finished},
		{"five of late", old + usual + asks(5, "970+1"), Finished},
		{"five to come", old + usual + asks(5, "1000+1"), Finished},
		{"who gave up long ago", "commit 10 ann@x x20\n" + usual + asks(5, "270"), Finished},
		{"who did not yet", "commit 10 ann@x x20\n" + usual + asks(5, "270+1"), Waiting},
		{"bots", old + usual + strings.ReplaceAll(asks(9, "700"), "asker", "bot"), Finished},
		{"a maintainer's own pulls", old + usual + strings.Repeat("pull 700 ann@x\n", 9), Finished},
		{"who made ten commits once is an insider", old + strings.ReplaceAll(asks(4, "700"), "asker", "friend") + usual +
			"commit 50 friend1@x x10\ncommit 50 friend2@x x10\ncommit 50 friend3@x x10\ncommit 50 friend0@x x10", Finished},
		{"who made a few is not", old + "commit 50 ann@x x60\n" + usual + strings.ReplaceAll(asks(5, "700"), "asker", "friend") +
			"commit 50 friend1@x x2\ncommit 50 friend2@x x2", Waiting},
		{"pulls are never taken here", old + asks(9, "700"), Unsure},
		{"hardly a pull in a long history", old + "commit 90 ann@x x100\n" + asks(2, "700"), Unsure},
		{"all taken", old + usual + "pull 700 a@x\npull 710 b@x\npull 720 c@x\ncommit 700 a@x\ncommit 710 b@x\ncommit 720 c@x\n", Finished},
		{"young", "commit 900 ann@x\n", Unsure},
		{"young and asked", "commit 900 ann@x\n" + asks(6, "901") + "commit 950 eve@x #1", Waiting},
		{"only bots at work", "commit 10 bot@x x50\n" + asks(6, "700") + "commit 720 bot@x #6", Waiting},
	} {
		h := world(c.world)
		m := NewMeter(h)
		if state, kind := m.State(on(1000), nil); state != Quiet || kind != c.want {
			t.Errorf("%s: %s %s, want %s: %+v", c.name, state, kind, c.want, m.Asked(on(1000)))
		}
		h.PullsKnown = false
		if _, kind := NewMeter(h).State(on(1000), nil); kind != Unsure {
			t.Errorf("%s: %s though pulls are not known", c.name, kind)
		}
	}
}

func TestAsked(t *testing.T) {
	t.Parallel()
	m := NewMeter(world(`
		commit 100 ann@x x20
		commit 600 ann@x
		pull 50 u1@x
		pull 60 u1@x    // the same person in the same year
		pull 500 u1@x   // and in another
		pull 700 a@x    // 4, taken: a commit names it
		pull 710 b@x    // taken: a commit is its head
		pull 720 b@x
		pull 730 c@x
		pull 740 c@x    // taken after the date
		commit 750 ann@x #4
		commit 760 ann@x
		commit 710 b@x
		commit 740 c@x
	`))
	for i := range m.h.Commits {
		c := &m.h.Commits[i]
		switch c.Authored {
		case on(710):
			c.Committed = on(755)
		case on(740):
			c.Committed = on(1001)
		}
	}
	inOrder(m.h)
	got := NewMeter(m.h).Asked(on(1000))
	usual := 2 / (585.0 / 365) // two persons' years in the 585 days from 50 to 635
	want := &Asked{Outsiders: 2, Pulls: 3, Taken: 2, Oldest: 280, Usual: &usual}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(Asked{}), cmpopts.EquateApprox(1e-9, 0)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if m.h.PullsKnown = false; NewMeter(m.h).Asked(on(1000)) != nil {
		t.Error("asked though pulls are not known")
	}
}

// TestTakenPulls holds the index against the rule written down plainly, with many pulls of one head.
func TestTakenPulls(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(21, 22))
	for round := range 200 {
		h := randomWorld(r)
		for i := range h.Pulls {
			if c := h.Commits; len(c) > 0 && r.IntN(3) == 0 {
				k := r.IntN(len(c))
				h.Pulls[i].Author, h.Pulls[i].Authored = c[k].Author, c[k].Authored
			}
		}
		h.Pulls = append(h.Pulls, slices.Clone(h.Pulls)...)
		for i := range h.Pulls {
			h.Pulls[i].Number = int32(i + 1)
		}
		want := make([]int64, len(h.Pulls))
		for i, p := range h.Pulls {
			want[i] = never
			for _, c := range h.Commits {
				if c.Pull == p.Number || h.Identities[c.Author].Email == h.Identities[p.Author].Email && c.Authored == p.Authored {
					want[i] = min(want[i], c.Committed)
				}
			}
		}
		if diff := cmp.Diff(want, NewMeter(h).takenPulls(), cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("round %d: (-plain +index)\n%s", round, diff)
		}
	}
}

// TestManyPullsOfOneHead: a hostile archive does not make the index quadratic.
func TestManyPullsOfOneHead(t *testing.T) {
	t.Parallel()
	const n = 200_000
	h := &history.History{PullsKnown: true, Identities: []history.Identity{{Name: "a", Email: "a@x"}}}
	for i := range n {
		h.Pulls = append(h.Pulls, history.Pull{Number: int32(i + 1), Authored: 7})
		h.Commits = append(h.Commits, history.Commit{Committed: int64(i), Authored: 7, Parents: 1})
	}
	if got := NewMeter(h).takenPulls(); got[0] != 0 || got[n-1] != 0 { // minutes if it were
		t.Errorf("taken %d and %d", got[0], got[n-1])
	}
}
