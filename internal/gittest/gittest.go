// Package gittest builds real bare git repositories for tests: from a text that describes a small world, from a history
// archive, or by the thousand commits from Go values. It is used by tests and benchmarks only. It needs the git program
// and, so that package history's own tests may use it, imports no other package of ours but need.
//
// # Worlds
//
// A world is a text of lines. Empty lines and those that begin with "#" are passed over. A commit is a date, an author and
// attributes in any order; commits follow each other on the default branch in the order of the text:
//
//	2020-01-02 Ada <ada@example.org>
//	2020-01-03T23:30:00+0900 Ada <ada@example.org> "fix the pump (#12)"
//	2020-01-04 Ada <ada@example.org> committer Bob <bob@example.org> 2020-01-09
//	2020-01-05 Ada <ada@example.org> repeat 30 every 7d
//	2020-09-01 Bob <bob@example.org> side
//	2020-09-02 Bob <bob@example.org> merge
//
// A date without a time is noon UTC. The committer is the author, and the committer date the author date, unless said
// otherwise. "repeat N every D" makes N commits, D (like 12h or 7d) apart. "side" puts the commit on a side branch that starts
// at the newest commit; "merge" makes a merge of that side branch, with what it did to files, or, without one, of older commits;
// "merge 3" one with three parents. "orphan" starts a new root, which the next merge joins with what was before.
//
// Further lines concern the newest commit so far, or stand alone:
//
//	tag v1.0                                          a lightweight tag
//	tag-annotated v1.1 2020-01-05                     an annotated tag with its own date
//	pull 7 2020-02-02 Bob <bob@example.org>           refs/pull/7/head, a commit that is not on the default branch
//	pull 8 2020-02-02 Bob <bob@example.org> committer Bob <bob@example.org> 2020-02-05
//	file .mailmap                                     a file of the next commit; its lines follow, each after "| "
//	| Ada <ada@example.org> <ada@old.example>
//	move pump.c valve.c                               the next commit renames a file
//	delete valve.c                                    the next commit deletes one
//	fetched 2020-06-01                                when the repository was last fetched, as its files tell; now unless said
//	branch trunk                                      the name of the default branch, main unless said
//	loose                                             leave the objects loose and the refs unpacked
//	repack                                            repack with deltas
package gittest

import (
	"path/filepath"
	"testing"

	"github.com/mainstay-oss/mainstay/internal/need"
)

// Build makes a bare repository from a world (see the package documentation) in a new temporary folder.
func Build(t testing.TB, world string) (dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "repository.git")
	BuildAt(t, dir, world)
	return dir
}

// BuildAt is Build into a folder of the caller's choice, which must not exist.
func BuildAt(t testing.TB, dir, world string) {
	t.Helper()
	r, err := Parse(world)
	if err != nil {
		t.Fatalf("gittest: %v", err)
	}
	r.Build(t, dir)
}

// Build makes the bare repository in dir, which must not exist.
func (r *Repository) Build(t testing.TB, dir string) {
	t.Helper()
	need.Git(t)
	if err := r.Write(dir); err != nil {
		t.Fatalf("gittest: %v", err)
	}
}
