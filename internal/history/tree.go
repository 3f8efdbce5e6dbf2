package history

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// A Tree is the default branch as it was on a date: its newest commit then, and the files of that commit.
type Tree struct {
	Commit    string   // name of the commit, 40 hexadecimal digits
	Committed int64    // its committer date, Unix seconds
	Files     []string // paths of regular files, no links and no submodules, in the order of their bytes; any bytes but NUL
}

// Tree gives the files of the default branch as of a date. Git does not keep what a branch named when: it is the first
// commit dated asOf or earlier on the way back from the newest along first parents. Where that way ends too soon, because the
// branch was once begun anew and took its past in by a merge, it is the newest commit of that date.
//
// The trees of an entry of the cache are fetched if they are not there yet. The error is an *Error: EmptyRepository where
// there is no commit up to asOf, Offline where the trees would have to be fetched and nothing may be sent, NoHistory for a
// mirror without trees, else as of [Finder.Find].
func (r *Repository) Tree(ctx context.Context, asOf time.Time) (*Tree, error) {
	s, err := r.tree(ctx, asOf)
	if err != nil {
		return nil, r.treesFailure(ctx, err)
	}
	return s, nil
}

func (r *Repository) tree(ctx context.Context, asOf time.Time) (*Tree, error) {
	g, err := r.openTrees(ctx, asOf)
	if err != nil {
		return nil, err
	}
	id, at, err := g.newestUpTo(ctx, asOf)
	if err != nil {
		return nil, err
	}
	s := &Tree{Commit: id.String(), Committed: at}
	var all paths
	err = g.run(ctx, nil, func(out *bufio.Reader) error {
		fields := &fields{in: out}
		for {
			entry, whole, err := fields.next()
			if err == io.EOF {
				return nil
			}
			if err != nil {
				return err
			}
			head, path, ok := bytes.Cut(entry, []byte("\t"))
			mode, _, _ := bytes.Cut(head, []byte(" "))
			if !ok {
				return fmt.Errorf("git ls-tree gave %q", entry)
			}
			if !whole || len(path) > maxPath || !isRegular(string(mode)) {
				continue
			}
			text, err := all.keep(path)
			if err != nil {
				return err
			}
			s.Files = append(s.Files, text)
		}
	}, "ls-tree", "-r", "-z", "--full-tree", s.Commit)
	slices.Sort(s.Files)
	return s, err
}

// openTrees gives a reader of the repository, with the trees of all commits up to asOf.
func (r *Repository) openTrees(ctx context.Context, asOf time.Time) (*gitReader, error) {
	dir := r.dir
	if r.cached {
		var err error
		if dir, err = r.finder.withTrees(ctx, r.upstream, asOf); err != nil {
			return nil, err
		}
	}
	gitDir, err := findGitDir(dir)
	if err != nil {
		return nil, err
	}
	g := &gitReader{gitDir: gitDir}
	shallow, err := g.output(ctx, 64, "rev-parse", "--is-shallow-repository")
	if err != nil {
		return nil, err
	}
	if string(trimSpace(shallow)) == "true" {
		return nil, errShallow()
	}
	return g, nil
}

// treesFailure gives err as an *Error about the repository. A mirror that is a partial clone lacks what would have to be fetched;
// any other repository that git cannot work with is damaged. One of our own is made anew the next time.
func (r *Repository) treesFailure(ctx context.Context, err error) error {
	var failed *gitError
	if !errors.As(err, &failed) || failed.cause() == "" {
		return failure(r.upstream, gap.Corrupt, err)
	}
	if r.cached {
		os.Remove(filepath.Join(r.finder.entry(r.upstream)+treesSuffix, stateFile))
		return failure(r.upstream, gap.Corrupt, err)
	}
	if gitDir, dirErr := findGitDir(r.dir); dirErr == nil {
		g := &gitReader{gitDir: gitDir}
		if _, none := g.output(ctx, 4096, "config", "--get-regexp", `^remote\..*\.promisor$`); none == nil {
			return &Error{Kind: gap.NoHistory, Upstream: r.upstream, File: r.dir, Detail: "a clone without trees: " + failed.Error(), Err: err}
		}
	}
	return failure(r.upstream, gap.Corrupt, err)
}

// newestUpTo gives the commit that the default branch named at a time, and its committer date.
func (g *gitReader) newestUpTo(ctx context.Context, asOf time.Time) (id objectID, at int64, err error) {
	refs, err := g.refs(ctx, false)
	if err != nil {
		return id, 0, err
	}
	tip, err := refs.tip()
	if err != nil {
		return id, 0, err
	}
	none := &Error{Kind: gap.EmptyRepository, Detail: "no commit up to " + asOf.UTC().Format(time.DateOnly)}
	if asOf.Unix() < 0 {
		return id, 0, none // git knows no such dates
	}
	for _, way := range [][]string{{"--first-parent"}, nil} {
		args := append([]string{"rev-list", "-1", "--timestamp", until(asOf)}, way...)
		out, err := g.output(ctx, 256, append(args, tip.String(), "--")...)
		if err != nil {
			return id, 0, err
		}
		date, name, found := strings.Cut(string(trimSpace(out)), " ")
		if !found {
			continue
		}
		id, ok := parseID([]byte(name))
		if !ok {
			return id, 0, errHash([]byte(name))
		}
		at, _ := strconv.ParseInt(date, 10, 64) // one that does not fit is after any asOf
		return id, at, nil
	}
	return id, 0, none
}

// until has git leave out commits with a committer date after t. (--min-age knows no dates after 2038 in git 2.39.)
func until(t time.Time) string { return fmt.Sprintf("--until=@%d +0000", t.Unix()) }
