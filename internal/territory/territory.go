// Package territory tells which parts of the code somebody at work knows, by degree of authorship (Avelino et al., A Novel
// Approach for Estimating Truck Factors, ICPC 2016). What its figures mean is defined in doc/measures.md.
package territory

import (
	"context"
	"time"

	"github.com/mainstay-oss/mainstay/internal/history"
	"github.com/mainstay-oss/mainstay/internal/people"
	"github.com/mainstay-oss/mainstay/internal/vitals"
)

// A Territory is the knowledge of an upstream's code as of a date. Persons are numbered as in the people.Persons that it was
// measured with.
type Territory struct {
	Files       int     // source files
	PassedOver  int     // other files
	Authors     int     // persons who are authors of at least one file
	TruckFactor []int32 // whose leaving leaves more than half of the files without an author, in the order in which they are taken away; nil where nobody need leave
	Orphaned    int     // files none of whose authors is at work
	Folders     []Folder
	MoreFolders int // folders that are left out of Folders because there are too many
}

// A Folder is a folder with all below it.
type Folder struct {
	Path       string // empty for the root; any bytes but NUL
	Files      int
	Orphaned   int
	Knowing    int         // persons at work who are authors of at least one of its files
	LastChange int64       // newest human change of one of its files, Unix seconds; 0 if there is none
	Successors []Successor // persons at work who changed most of its files, first first; at most three
}

// A Successor is a person at work who has changed files of a folder.
type Successor struct {
	Person     int32
	Identity   int32 // the author string of the newest change: index into History.Identities
	Files      int   // files of the folder that the person created or changed
	LastChange int64 // the person's newest change of one of them, Unix seconds
}

// Measure reads the changes of a repository and measures its territory as of a date. h is the history of the repository, and
// persons are its people as of that date. The error is a *history.Error.
func Measure(ctx context.Context, r *history.Repository, h *history.History, persons *people.Persons, asOf time.Time) (*Territory, error) {
	tree, err := r.Tree(ctx, asOf)
	if err != nil {
		return nil, err
	}
	l := newLineage(h, persons)
	if err := r.Changes(ctx, h, asOf, l.add); err != nil {
		return nil, err
	}
	return measure(tree.Files, l, atWork(h, persons, asOf.Unix())), nil
}

// atWork tells of each person whether a human commit of theirs is in the year up to t.
func atWork(h *history.History, persons *people.Persons, t int64) []bool {
	at := make([]bool, persons.Count())
	for i := range h.Commits {
		c := &h.Commits[i]
		if c.Committed <= t-vitals.Year || c.Committed > t || !h.Human(c) {
			continue
		}
		if p := persons.Of(c.Author); p >= 0 {
			at[p] = true
		}
	}
	return at
}

// measure puts the figures together.
func measure(paths []string, l *lineage, working []bool) *Territory {
	t := &Territory{}
	var files []sourceFile
	var authors [][]int32
	for _, path := range paths {
		if !Source(path) {
			t.PassedOver++
			continue
		}
		f := sourceFile{path: path}
		if n, ok := l.at(path); ok {
			f.shares = l.files[n]
			f.authors = authorsOf(f.shares)
		}
		files, authors = append(files, f), append(authors, f.authors)
	}
	t.Files = len(files)
	t.Authors = len(fileCounts(authors))
	t.TruckFactor = truckFactor(authors)
	for i := range files {
		files[i].orphaned = orphaned(files[i].authors, working)
		if files[i].orphaned {
			t.Orphaned++
		}
	}
	t.Folders, t.MoreFolders = folders(files, working)
	return t
}

// A sourceFile is a source file with what is known of it.
type sourceFile struct {
	path     string
	shares   []share
	authors  []int32
	orphaned bool
}

// orphaned tells whether none of a file's authors is at work.
func orphaned(authors []int32, working []bool) bool {
	for _, p := range authors {
		if working[p] {
			return false
		}
	}
	return true
}
