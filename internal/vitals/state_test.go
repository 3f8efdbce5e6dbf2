package vitals

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mainstay-oss/mainstay/internal/history"
)

func TestState(t *testing.T) {
	t.Parallel()
	busy := "commit 635 ann@x\ncommit 881 ann@x x11\ncommit 880+1 ann@x\n"
	for _, c := range []struct {
		name, world string
		notice      *int64
		want        State
		kind        QuietKind
	}{
		{"just active", busy, nil, Active, ""},
		{"eleven commits", "commit 600 ann@x x9\ncommit 990 ann@x x11", nil, Quiet, Finished},
		{"silent for 120 days", "commit 600 ann@x\ncommit 880 ann@x x20", nil, Quiet, Finished},
		{"a year old to the second", "commit 635 ann@x\ncommit 990 ann@x x12", nil, Active, ""},
		{"younger by a second", "commit 635+1 ann@x\ncommit 990 ann@x x12", nil, Quiet, Unsure},
		{"a bot is no beginning", "commit 1 bot@x\ncommit 990 ann@x x12", nil, Quiet, Unsure},
		{"ended today", busy, ptr(on(1000)), Ended, ""},
		{"will end tomorrow", busy, ptr(on(1001)), Active, ""},
		{"ended without a history", "tag 1 v1", ptr(on(1)), Ended, ""},
		{"no commit yet", "commit 1001 ann@x", nil, Unknown, ""},
		{"only bots", "commit 10 bot@x x50", nil, Quiet, Finished},
	} {
		h := world(c.world)
		if state, kind := NewMeter(h).State(on(1000), c.notice); state != c.want || kind != c.kind {
			t.Errorf("%s: %s %s, want %s %s", c.name, state, kind, c.want, c.kind)
		}
		if c.want == Quiet {
			h.PullsKnown = false
			if _, kind := NewMeter(h).State(on(1000), c.notice); kind != Unsure {
				t.Errorf("%s: %s though pulls are not known", c.name, kind)
			}
		}
	}
	if state, _ := NewMeter(&history.History{}).State(on(1000), nil); state != Unknown {
		t.Errorf("an empty history: %s", state)
	}
	var none *Meter
	if state, _ := none.State(on(1000), nil); state != Unknown {
		t.Errorf("no history: %s", state)
	}
	if state, _ := none.State(on(1000), ptr(on(999))); state != Ended {
		t.Errorf("no history, but a notice: %s", state)
	}
}

func TestOutcome(t *testing.T) {
	t.Parallel()
	yes, no := ptr(true), ptr(false)
	year := "commit 700 ann@x x10\ncommit 990 bob@x x5\n" // 15 commits before day 1000; the second year is (1365, 1730]
	for _, c := range []struct {
		name, world string
		retired     *int64
		want        Outcome
	}{
		{"three commits stay", year + "commit 1365+1 ann@x\ncommit 1730 eve@x x2", nil, Outcome{no, no, no}},
		{"two are too few", year + "commit 1365 ann@x x9\ncommit 1500 ann@x x2\ncommit 1730+1 ann@x", nil, Outcome{yes, yes, no}},
		{"a fifth is no collapse", year + "commit 1500 eve@x x3", nil, Outcome{no, no, yes}},
		{"under a fifth is one", year + "commit 800 eve@x\ncommit 1500 eve@x x3", nil, Outcome{no, yes, yes}},
		{"merges and bots are no work", year + "commit 1500 ann@x merge\ncommit 1500 bot@x x9", nil, Outcome{yes, yes, yes}},
		{"under another address", year + "commit 1500 ann@y x3", nil, Outcome{no, no, no}},
		{"retired at once", year + "commit 1500 ann@x x9", ptr(on(1000) + 1), Outcome{yes, yes, no}},
		{"retired after a year", year + "commit 1500 ann@x x9", ptr(on(1365)), Outcome{yes, yes, no}},
		{"retired later", year + "commit 1500 ann@x x9", ptr(on(1365) + 1), Outcome{no, no, no}},
		{"retired before", year + "commit 1500 ann@x x9", ptr(on(1000)), Outcome{no, no, no}},
		{"not watched long enough", year + "commit 1500 ann@x x9\nobserved 1730-1", nil, Outcome{}},
		{"just long enough", year + "commit 1500 ann@x x9\nobserved 1730", nil, Outcome{no, no, no}},
		{"not watched, but retired", year + "observed 1300", ptr(on(1200)), Outcome{yes, yes, yes}},
		{"nobody to leave", "commit 10 ann@x\ncommit 1500 ann@x x9", nil, Outcome{no, no, nil}},
	} {
		if diff := cmp.Diff(c.want, NewMeter(world(c.world)).Outcome(on(1000), c.retired)); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", c.name, diff)
		}
	}
}

func TestQuartersThatCount(t *testing.T) {
	t.Parallel()
	var text string
	for d := range 60 { // every tenth day for 600 days from 2020-01-01
		text += fmt.Sprintf("commit %d ann@x\n", 10*d)
	}
	days := func(list []int64) (out []int64) {
		for _, q := range list {
			out = append(out, (q-day0)/Day)
		}
		return out
	}
	// 2021-01-01 is day 366, 2021-04-01 456, 2021-07-01 547, 2021-10-01 639 (49 days after the last commit); 2022-01-01 is
	// day 731, 141 days after it.
	if diff := cmp.Diff([]int64{366, 456, 547, 639}, days(NewMeter(world(text)).Quarters(nil))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]int64{366, 456}, days(NewMeter(world(text)).Quarters(ptr(on(547))))); diff != "" {
		t.Errorf("retired: (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]int64{366}, days(NewMeter(world(text+"observed 1100")).Quarters(nil))); diff != "" {
		t.Errorf("observed to 2023-01-05: (-want +got)\n%s", diff)
	}
	h := world(text)
	h.Commits = h.Commits[:49]
	if got := NewMeter(h).Quarters(nil); got != nil {
		t.Errorf("a history of 49 commits counts on %v", days(got))
	}
}
