package history_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mainstay-oss/mainstay/internal/gittest"
	"github.com/mainstay-oss/mainstay/internal/history"
	"github.com/mainstay-oss/mainstay/internal/need"
)

// TestArchiveIsRepository: an archive and the real repository made from it tell the same, row by row.
func TestArchiveIsRepository(t *testing.T) {
	t.Parallel()
	data := filepath.Join(need.Shared(t), "data", "histories")
	for _, name := range []string{"BurntSushi+ripgrep", "pallets+flask", "FabEdge+fabedge", "CompVis+stable-diffusion", "Marak+colors.js", "Tencent+wcdb"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root := t.TempDir()
			id := gittest.Mirror(t, root, filepath.Join(data, name))
			isBot := func(name, email string) bool { return strings.Contains(name+email, "[bot]") }
			archives := silent(history.Config{Archives: []string{data}})
			mirrors := silent(history.Config{Mirrors: []string{root}, IsBot: isBot})
			want, err := archives.Find(t.Context(), id, "")
			if err != nil {
				t.Fatal(err)
			}
			got, err := mirrors.Find(t.Context(), id, "")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(plain(want), plain(got)); diff != "" {
				t.Errorf("archive -, repository +\n%s", diff)
			}
			if !got.ObservedUntil.Equal(want.ObservedUntil) || got.PullsKnown != want.PullsKnown {
				t.Errorf("observed until %s and %s, pulls known %v and %v", want.ObservedUntil, got.ObservedUntil, want.PullsKnown, got.PullsKnown)
			}
		})
	}
}

// plain writes a history out with what gittest puts around hashes taken away, in an order that does not depend on ties.
func plain(h *history.History) []string {
	hash := func(email string) string {
		local, _, _ := strings.Cut(email, "@")
		return strings.TrimSuffix(local, "[bot]")
	}
	var rows []string
	for _, c := range h.Commits {
		author, committer := h.Identities[c.Author], h.Identities[c.Committer]
		rows = append(rows, fmt.Sprintf("commit %d %d %d merge=%d by %s <%s> bot=%v, %s, pull %d", c.Committed, c.Authored, c.AuthorTZ, max(c.Parents, 1),
			strings.TrimSuffix(author.Name, "[bot]"), hash(author.Email), author.Bot, hash(committer.Email), c.Pull))
	}
	for _, tag := range h.Tags {
		rows = append(rows, fmt.Sprintf("tag %d %s", tag.Created, tag.Name))
	}
	for _, p := range h.Pulls {
		who := h.Identities[p.Author]
		rows = append(rows, fmt.Sprintf("pull %d %d %d by %s bot=%v", p.Number, p.Authored, p.HeadCommitted, hash(who.Email), who.Bot))
	}
	slices.Sort(rows)
	return rows
}
