package history

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestReadReal reads real repositories both ways and holds them against git log. MAINSTAY_REPOSITORIES lists them, separated
// as in PATH.
func TestReadReal(t *testing.T) {
	dirs := filepath.SplitList(os.Getenv("MAINSTAY_REPOSITORIES"))
	if len(dirs) == 0 {
		t.Skip("no repositories: set MAINSTAY_REPOSITORIES to a list of repositories on this machine")
	}
	for _, dir := range dirs {
		t.Run(filepath.Base(filepath.Dir(dir)), func(t *testing.T) {
			h := readBoth(t, dir, false)
			t.Logf("%d commits, %d identities, %d tags, %d pulls, %d aliases", len(h.Commits), len(h.Identities), len(h.Tags), len(h.Pulls), len(h.Aliases))
			got := logRows(h)
			for i := range got {
				got[i].author.Bot, got[i].committer.Bot = false, false
			}
			want := gitLog(t, dir)
			if len(want) != len(got) {
				t.Fatalf("git log has %d commits, ours %d", len(want), len(got))
			}
			for i := range want {
				if d := cmp.Diff(want[i], got[i], cmp.AllowUnexported(logRow{})); d != "" {
					t.Errorf("commit %d (-git log +ours):\n%s", i, d)
				}
			}
		})
	}
}
