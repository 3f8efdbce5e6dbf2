package history

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// A ChangeKind says what became of a file.
type ChangeKind uint8

// Kinds of changes. A file that becomes a link or a submodule is deleted, one that was such is added.
const (
	Added ChangeKind = iota + 1
	Modified
	Deleted
	Renamed // moved as it was, to the byte
)

// A Change is what one commit did to one regular file.
type Change struct {
	Committed int64 // committer date of the commit, Unix seconds
	Author    int32 // index into History.Identities; -1 if the history knows no such author string
	Kind      ChangeKind
	Path      string // where the file is after the change, or was before it was deleted; any bytes but NUL
	Old       string // where it was before; only with Renamed
}

// Changes calls each for all changes of the commits up to asOf that the default branch held then (see [Repository.Tree]),
// but for those of merges: each commit after its parents, so that a file can be followed through its renames. h is the history
// of this repository. Memory grows with the number of different paths and author strings, not with the commits. A
// path is the same string at each change.
//
// An error of each ends it and is given back as it is. Every other error is an *Error, as of Tree; NoHistory also where h
// comes from an archive, which holds no author strings to tell people by. What was told before an error is not the whole.
func (r *Repository) Changes(ctx context.Context, h *History, asOf time.Time, each func(Change) error) error {
	if h.Hashed {
		return &Error{Kind: gap.NoHistory, Upstream: r.upstream, Detail: "the history comes from an archive, which does not tell who changed which file"}
	}
	var refused error
	err := r.changes(ctx, h, asOf, func(c Change) error {
		refused = each(c)
		return refused
	})
	if refused != nil {
		return refused
	}
	if err != nil {
		return r.treesFailure(ctx, err)
	}
	return nil
}

func (r *Repository) changes(ctx context.Context, h *History, asOf time.Time, each func(Change) error) error {
	g, err := r.openTrees(ctx, asOf)
	if err != nil {
		return err
	}
	id, _, err := g.newestUpTo(ctx, asOf)
	if err != nil {
		return err
	}
	return g.run(ctx, nil, func(out *bufio.Reader) error {
		l := newChangeLog(out, h)
		return l.read(each)
	}, append(changeLogArgs, until(asOf), id.String(), "--")...)
}

// changeLogArgs have git log write what a changeLog reads, whatever the user's or the repository's configuration says. With
// renames to the byte git looks at no file's content, so that it works where there is none.
var changeLogArgs = []string{
	"log", "--format=tformat:%H%x00%an%x00%ae%x00%ct", "-z", "--raw", "-r", "--no-abbrev", "-M100%", "--root", "--no-merges", "--topo-order", "--reverse",
	"--encoding=none", "--no-color", "--no-notes", "--no-decorate", "--no-ext-diff", "--no-textconv", "--no-relative", "--ignore-submodules=none", "-O/dev/null",
}

// A changeLog reads commits and their changes from what git log writes: for each commit its name, the author's name and
// address, and the committer date, then for each change a field with modes, names of objects and a letter, and a field for
// each path.
type changeLog struct {
	fields fields
	paths  paths
	names  map[[2]string]int32 // identities of the history by name and address
	raw    map[string]int32    // the same by what commits say
	key    []byte
}

func newChangeLog(in *bufio.Reader, h *History) *changeLog {
	l := &changeLog{fields: fields{in: in}, names: make(map[[2]string]int32, len(h.Identities)), raw: make(map[string]int32)}
	for i := range h.Identities {
		l.names[[2]string{h.Identities[i].Name, h.Identities[i].Email}] = int32(i)
	}
	return l
}

func (l *changeLog) read(each func(Change) error) error {
	var commit Change
	begun := false
	for {
		field, whole, err := l.fields.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		field = bytes.TrimPrefix(field, []byte("\n")) // between a commit and its first change
		if len(field) == 0 || !whole || field[0] == ':' && !begun {
			return errChangeLog(field)
		}
		if field[0] != ':' {
			if commit, err = l.commit(field); err != nil {
				return unexpected(err)
			}
			begun = true
			continue
		}
		c, ok, err := l.change(commit, field)
		if err != nil {
			return unexpected(err)
		}
		if ok {
			if err := each(c); err != nil {
				return err
			}
		}
	}
}

func errChangeLog(field []byte) error {
	return fmt.Errorf("git log gave %.100q where a commit or a change was due", field)
}

// commit reads the fields of a commit, of which the first is at hand.
func (l *changeLog) commit(name []byte) (c Change, err error) {
	if _, ok := parseID(name); !ok {
		return c, errHash(name)
	}
	field, _, err := l.fields.next()
	if err != nil {
		return c, err
	}
	l.key = append(append(l.key[:0], field...), 0)
	email := len(l.key)
	if field, _, err = l.fields.next(); err != nil {
		return c, err
	}
	l.key = append(l.key, field...)
	c.Author = l.author(l.key[:email-1], l.key[email:])
	if field, _, err = l.fields.next(); err != nil {
		return c, err
	}
	c.Committed, err = strconv.ParseInt(string(field), 10, 64)
	if err != nil {
		c.Committed = 0 // as the readers of histories have it
	}
	return c, nil
}

// author gives the identity behind a name and an address, which stand together in l.key.
func (l *changeLog) author(name, email []byte) int32 {
	if n, ok := l.raw[string(l.key)]; ok {
		return n
	}
	address, _ := normalEmail(trimSpace(email))
	n, ok := l.names[[2]string{normalName(trimSpace(name)), address}]
	if !ok {
		n = -1
	}
	if len(l.key) <= maxName+maxEmail && len(l.raw) < maxIdentities {
		l.raw[string(l.key)] = n
	}
	return n
}

// change reads the paths of a change, whose first field is at hand. ok is false for what concerns no regular file.
func (l *changeLog) change(commit Change, field []byte) (c Change, ok bool, err error) {
	parts := bytes.Fields(field[1:]) // modes before and after, names before and after, letter
	if len(parts) != 5 {
		return c, false, errChangeLog(field)
	}
	before, after, letter := isRegular(string(parts[0])), isRegular(string(parts[1])), parts[4][0]
	c = commit
	switch {
	case bytes.IndexByte([]byte("AMDTR"), letter) < 0:
		return c, false, errChangeLog(field)
	case letter == 'R':
		c.Kind = Renamed
	case before && after:
		c.Kind = Modified
	case after:
		c.Kind = Added
	case before:
		c.Kind = Deleted
	}
	old := ""
	if letter == 'R' {
		if old, err = l.path(); err != nil {
			return c, false, err
		}
	}
	if c.Path, err = l.path(); err != nil {
		return c, false, err
	}
	switch {
	case !before && !after:
		return c, false, nil
	case letter != 'R':
	case old == "":
		c.Kind = Added
	case c.Path == "":
		c.Kind, c.Path = Deleted, old
	default:
		c.Old = old
	}
	return c, c.Path != "", nil
}

// path reads a path; empty if it is too long to be one.
func (l *changeLog) path() (string, error) {
	text, whole, err := l.fields.next()
	if err != nil || !whole || len(text) > maxPath {
		return "", err
	}
	return l.paths.keep(text)
}
