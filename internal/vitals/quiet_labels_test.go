package vitals

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/mainstay-oss/mainstay/internal/history"
	"github.com/mainstay-oss/mainstay/internal/need"
)

// starters holds the histories of the shared starter set that a test has asked for.
var starters struct {
	sync.Mutex
	read map[string]*history.History
}

// sharedHistory gives one history of the shared data, of either set.
func sharedHistory(t *testing.T, repo string) *history.History {
	t.Helper()
	all, _ := sharedCorpus(t)
	if h := all[repo]; h != nil {
		return h
	}
	starters.Lock()
	defer starters.Unlock()
	if h := starters.read[repo]; h != nil {
		return h
	}
	h, err := history.ReadArchive(filepath.Join(need.Shared(t), "data", "starter-histories", strings.Replace(repo, "/", "+", 1)), "")
	if err != nil {
		t.Fatal(err)
	}
	if starters.read == nil {
		starters.read = map[string]*history.History{}
	}
	starters.read[repo] = h
	return h
}

// TestQuietLabels compares the kinds of quiet with labels that were given by hand. What is right and what is wrong is in
// doc/measures.md; fewer right, or one more of
// either kind of grave error, is a failure. A rule that gives the same answer everywhere, or unsure, fails.
func TestQuietLabels(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		file  string
		rows  int
		right int // at least
		grave int // at most: waiting called finished
		alarm int // at most: finished called waiting
	}{
		{"quiet_labels.tsv", 72, 41, 1, 10},
		{"quiet_labels_later.tsv", 39, 23, 1, 8},
	} {
		text, err := os.ReadFile(filepath.Join("testdata", c.file))
		if err != nil {
			t.Fatal(err)
		}
		rows, right := 0, 0
		matrix := map[[2]QuietKind]int{}
		for line := range strings.Lines(string(text)) {
			f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
			if line[0] == '#' || f[0] == "repo" {
				continue
			}
			rows++
			m := NewMeter(sharedHistory(t, f[0]))
			at, label := date(f[1]), QuietKind(f[2])
			state, kind := m.State(at, nil)
			if state != Quiet {
				t.Errorf("%s %s is %s", f[0], f[1], state)
			}
			matrix[[2]QuietKind{label, kind}]++
			if kind == label {
				right++
				continue
			}
			t.Logf("%s %s: %s, labelled %s (%s): %+v", f[0], f[1], kind, label, f[3], m.Asked(at))
		}
		for _, label := range []QuietKind{Finished, Waiting, Unsure} {
			t.Logf("%s, labelled %s: called finished %d, waiting %d, unsure %d", c.file, label,
				matrix[[2]QuietKind{label, Finished}], matrix[[2]QuietKind{label, Waiting}], matrix[[2]QuietKind{label, Unsure}])
		}
		t.Logf("%s: %d of %d right", c.file, right, rows)
		if rows != c.rows {
			t.Errorf("%s: %d rows, not %d", c.file, rows, c.rows)
		}
		if right < c.right {
			t.Errorf("%s: %d right, %d before", c.file, right, c.right)
		}
		if alarm := matrix[[2]QuietKind{Finished, Waiting}]; alarm > c.alarm {
			t.Errorf("%s: %d that are finished are called waiting, %d before", c.file, alarm, c.alarm)
		}
		if grave := matrix[[2]QuietKind{Waiting, Finished}]; grave > c.grave {
			t.Errorf("%s: %d that wait are called finished, %d before", c.file, grave, c.grave)
		}
	}
}
