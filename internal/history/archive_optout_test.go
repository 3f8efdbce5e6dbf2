package history_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mainstay-oss/mainstay/internal/history"
)

// written gives what an archive of h says.
func written(t *testing.T, h *history.History, opts history.ArchiveOptions) *history.History {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "archive")
	if err := history.WriteArchive(dir, h, testKey, opts); err != nil {
		t.Fatal(err)
	}
	got, err := history.ReadArchive(dir, "")
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// TestArchiveOptOuts: who opted out has the domain of somebody without an organisation, as author and as committer, and does not
// help to keep a domain for others.
func TestArchiveOptOuts(t *testing.T) {
	t.Parallel()
	h := &history.History{Upstream: "github.com/acme/pump", Identities: []history.Identity{
		{Name: "Ann", Email: "ann@acme.example", Domain: "acme.example"}, // the employer that is known
		{Name: "Bob", Email: "bob@acme.example", Domain: "acme.example"},
		{Name: "Cho", Email: "cho@three.example", Domain: "three.example"},
		{Name: "Dan", Email: "dan@three.example", Domain: "three.example"},
		{Name: "Eve", Email: "eve@three.example", Domain: "three.example"},
		{Name: "Fay", Email: "fay@noreply", Domain: "noreply"},
	}}
	for i := range h.Identities {
		h.Commits = append(h.Commits, history.Commit{Committed: int64(i), Author: int32(i), Committer: 0, Parents: 1})
	}
	domains := func(out ...int32) (authors, committers string) {
		opts := history.ArchiveOptions{Generic: generic, Organisation: employer}
		if out != nil {
			opts.OptedOut = func(identity int32) bool { return slices.Contains(out, identity) }
		}
		got := written(t, h, opts)
		var all, by []string
		for _, c := range got.Commits {
			all, by = append(all, got.Identities[c.Author].Domain), append(by, got.Identities[c.Committer].Domain)
		}
		return strings.Join(all, " "), strings.Join(slices.Compact(by), " ")
	}
	for _, c := range []struct {
		out                 []int32
		authors, committers string
	}{
		{nil, "acme.example acme.example three.example three.example three.example noreply", "acme.example"},
		{[]int32{0}, "personal acme.example three.example three.example three.example noreply", "personal"},
		{[]int32{4, 5}, "acme.example acme.example personal personal personal personal", "acme.example"},
	} {
		if authors, committers := domains(c.out...); authors != c.authors || committers != c.committers {
			t.Errorf("%v out:\n got %s by %s\nwant %s by %s", c.out, authors, committers, c.authors, c.committers)
		}
	}
}

// TestArchiveOptOutsKeepTheRest: nothing but domains differs, so that every figure on commits and persons stays as it is.
func TestArchiveOptOutsKeepTheRest(t *testing.T) {
	t.Parallel()
	differ := 0
	for seed := range uint64(40) {
		h := randomHistory(seed)
		opts := history.ArchiveOptions{Generic: generic, Organisation: employer}
		all := written(t, h, opts)
		opts.OptedOut = func(identity int32) bool { return identity%3 == 0 }
		some := written(t, h, opts)
		if !cmp.Equal(readable(all), readable(some)) {
			differ++
		}
		for _, w := range []*history.History{all, some} {
			for i := range w.Identities {
				w.Identities[i].Domain = ""
			}
		}
		if diff := cmp.Diff(readable(all), readable(some)); diff != "" {
			t.Fatalf("seed %d: all -, without some +\n%s", seed, diff)
		}
	}
	if differ < 20 {
		t.Errorf("of 40 archives only %d differ", differ)
	}
}
