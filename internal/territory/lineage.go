package territory

import (
	"github.com/mainstay-oss/mainstay/internal/history"
	"github.com/mainstay-oss/mainstay/internal/people"
)

// A share is what one person did to one file.
type share struct {
	person   int32
	identity int32 // author string of the newest change
	changes  int32 // without creations and moves
	created  bool
	last     int64 // newest creation or change, Unix seconds
}

// A lineage follows files through their renames and keeps who did what to each.
//
// Changes come in an order in which parents precede children, but side branches stand one after another. So a path goes on to
// name the file that was moved away from it, for changes that a side branch made to it under the old name, until a new file
// takes the path; and a file that is deleted and comes back is the same file, for it may only have been gone from one branch.
type lineage struct {
	h       *history.History
	persons *people.Persons
	files   [][]share          // by number of the file
	crowd   map[[2]int32]int32 // place in files[n] by n and person, for files that many have changed
	paths   map[string]place
}

// crowded is how many shares of a file are searched one by one.
const crowded = 64

// A place says which file a path names.
type place struct {
	file int32
	left bool // the file was moved away
}

func newLineage(h *history.History, persons *people.Persons) *lineage {
	return &lineage{h: h, persons: persons, crowd: make(map[[2]int32]int32), paths: make(map[string]place)}
}

// at gives the file at a path.
func (l *lineage) at(path string) (file int32, ok bool) {
	p, ok := l.paths[path]
	return p.file, ok
}

// add takes in a change. Bots and authors whom the history does not know move files, and are nobody's creator.
func (l *lineage) add(c history.Change) error {
	if c.Kind == history.Deleted {
		return nil
	}
	at, known := l.paths[c.Path]
	if c.Kind == history.Renamed {
		from, had := l.paths[c.Old]
		if !had {
			from.file = l.newFile()
		}
		l.paths[c.Old] = place{from.file, true}
		l.paths[c.Path] = place{file: from.file}
		return nil // the content is the same, so nobody has come to know it
	}
	if !known || at.left && c.Kind == history.Added {
		at = place{file: l.newFile()}
		l.paths[c.Path] = at
	}
	if c.Author < 0 || l.h.Identities[c.Author].Bot {
		return nil
	}
	person := l.persons.Of(c.Author)
	if person < 0 {
		return nil
	}
	s := l.share(at.file, person)
	if c.Kind == history.Added {
		s.created = true
	} else {
		s.changes++
	}
	if c.Committed >= s.last {
		s.last, s.identity = c.Committed, c.Author
	}
	return nil
}

func (l *lineage) newFile() int32 {
	l.files = append(l.files, nil)
	return int32(len(l.files) - 1)
}

// share gives a person's share of a file, a new one if there is none.
func (l *lineage) share(file, person int32) *share {
	shares := l.files[file]
	for i := range shares[:min(len(shares), crowded)] {
		if shares[i].person == person {
			return &shares[i]
		}
	}
	if len(shares) >= crowded {
		key := [2]int32{file, person}
		if i, ok := l.crowd[key]; ok {
			return &shares[i]
		}
		l.crowd[key] = int32(len(shares))
	}
	l.files[file] = append(shares, share{person: person, identity: -1})
	return &l.files[file][len(shares)]
}
