package vitals

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/mainstay-oss/mainstay/internal/history"
)

func TestLoad(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, world string
		want        Load
	}{
		{"four stretches make a regular, three do not", `
			commit 640 ann@x
			commit 700 ann@x
			commit 800 ann@x
			commit 900 ann@x
			commit 640 bob@x
			commit 700 bob@x
			commit 800 bob@x x50
			commit 640 cho@x merge
			commit 700 cho@x
			commit 800 cho@x
			commit 900 cho@x`, Load{Regulars12m: 1, PullsOpened12m: ptr(0), NewOutsiders12m: ptr(2), PerRegular: ptr(2.0)}},
		{"who comes with a commit, with a pull, with both, once and again, a bot", `
			commit 100 ann@x
			commit 640 ann@x
			commit 700 ann@x
			commit 800 ann@x
			commit 900 ann@x
			commit 900 bob@x
			pull 900 bob@x
			pull 901 cho@x
			pull 902 cho@x
			pull 903 bot@x
			pull 634 old@x
			pull 904 old@x
			commit 635 dee@x
			pull 905 dee@x
			pull 1000+1 eve@x
			commit 1001 fay@x
			commit 999 gus@x #3`, Load{Regulars12m: 1, PullsOpened12m: ptr(6), PullsMerged12m: 1, NewOutsiders12m: ptr(3), PerRegular: ptr(3.0)}},
		{"nobody regular", "pull 900 bob@x", Load{PullsOpened12m: ptr(1), NewOutsiders12m: ptr(1)}},
		{"two past stretches are no rhythm", `
			commit 10 ann@x x5
			tag 10 v1
			commit 20 ann@x x6
			tag 30 v2
			commit 40 ann@x x7
			tag 50 v3
			commit 60 ann@x x4`, Load{PullsOpened12m: ptr(0), NewOutsiders12m: ptr(0), CommitsSinceRelease: ptr(4)}},
		{"a rhythm of six, and fifteen unreleased", `
			tag 1 v0
			commit 10 ann@x x5
			tag 10 v1
			commit 20 ann@x x6
			commit 20 ann@x x9 merge
			tag 30 v2-rc1
			commit 34 ann@x
			tag 36 v2      // within a week of the candidate: one release with six and one
			tag 50 v2-docs // without work: no stretch
			commit 51 ann@x x5
			tag 60 v3
			commit 61 ann@x x15
			tag 1001 v4`, Load{PullsOpened12m: ptr(0), NewOutsiders12m: ptr(0), CommitsSinceRelease: ptr(15), CommitsPerRelease: ptr(5.0), ReleaseBacklog: ptr(3.0)}},
		{"nothing", "commit 1001 ann@x", Load{PullsOpened12m: ptr(0), NewOutsiders12m: ptr(0)}},
	} {
		h := world(c.world)
		if diff := cmp.Diff(c.want, NewMeter(h).Load(on(1000)), cmpopts.EquateApprox(1e-12, 0)); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", c.name, diff)
		}
		h.PullsKnown = false
		want := c.want
		want.PullsOpened12m, want.NewOutsiders12m, want.PerRegular = nil, nil, nil
		if diff := cmp.Diff(want, NewMeter(h).Load(on(1000)), cmpopts.EquateApprox(1e-12, 0)); diff != "" {
			t.Errorf("%s, pulls not known: (-want +got)\n%s", c.name, diff)
		}
	}
	if diff := cmp.Diff(Load{}, NewMeter(&history.History{}).Load(on(1000))); diff != "" {
		t.Errorf("an empty history: (-want +got)\n%s", diff)
	}
}

// TestRhythmIsRecent: the newest twenty stretches make the rhythm.
func TestRhythmIsRecent(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for i := range 50 {
		n := 100
		if i >= 30 {
			n = 3
		}
		fmt.Fprintf(&b, "tag %d v%d\ncommit %d ann@x x%d\n", 10*i, i, 10*i+5, n)
	}
	v := NewMeter(world(b.String())).Load(on(1000))
	if *v.CommitsPerRelease != 3 || *v.CommitsSinceRelease != 3 || *v.ReleaseBacklog != 1 { // 100 stood in 30 of 49
		t.Errorf("%+v %v %v", v, *v.CommitsPerRelease, *v.CommitsSinceRelease)
	}
}

func TestLoadAgreesWithVitals(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(31, 32))
	rhythms := 0
	for round := range 300 {
		m := NewMeter(randomWorld(r))
		at := on(r.Int64N(1700))
		v, l := m.At(at), m.Load(at)
		if l.PullsMerged12m != v.PullsMerged12m || *l.PullsOpened12m != *v.PullsOpened12m {
			t.Fatalf("round %d: pulls differ", round)
		}
		if l.Regulars12m > v.Contributors12m || (l.PerRegular == nil) != (l.Regulars12m == 0) {
			t.Fatalf("round %d: %d regulars of %d", round, l.Regulars12m, v.Contributors12m)
		}
		if (l.CommitsSinceRelease == nil) != (v.DaysSinceRelease == nil) || l.ReleaseBacklog != nil && *l.ReleaseBacklog < 0 {
			t.Fatalf("round %d: releases differ", round)
		}
		if l.ReleaseBacklog != nil {
			rhythms++
		}
	}
	if rhythms < 30 {
		t.Errorf("only %d rounds had a rhythm", rhythms)
	}
}
