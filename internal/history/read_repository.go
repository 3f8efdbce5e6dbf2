package history

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// ReadOptions say what ReadRepository reads and what it calls the result.
type ReadOptions struct {
	Upstream string                        // host/owner/name, becomes History.Upstream in lower case
	IsBot    func(name, email string) bool // called once per identity, with the values that Identity has; nil: nobody is a bot
	Pulls    bool                          // read the heads of pull requests, refs/pull/N/head and refs/merge-requests/N/head
}

// ReadRepository reads the history of a git repository on disk: dir is a bare repository or a working copy. Everything comes
// from the commits reachable from the default branch (HEAD; where HEAD names no existing branch: main, master or the only
// one), the tags, and with Pulls the pull heads; nothing is fetched, and of files only .mailmap of the newest commit is
// looked at, where it is present.
//
// Two ways give the same result: our own reader takes what a mirror normally is (SHA-1, packs of version 2, loose objects,
// references in files); whatever is out of the ordinary or looks damaged is given to the git program, whose word is final.
//
// Commits are in the order of their committer dates, those of one second in the order of their names. Dates are as they
// stand in the commits, however absurd; one that is no number is 0. A tag without tagger has the date of its commit, and tags
// of anything but commits are passed over, as are pull heads whose commit is not present.
//
// Source is left empty, and ObservedUntil is the newest committer date among commits and pull heads: the caller knows
// better. PullsKnown is set if Pulls was asked for and at least one pull head was found.
//
// Errors are of type *Error, with the kinds Shallow, EmptyRepository, Corrupt, TooLarge, Unreadable, Unsupported (SHA-256),
// NoHistory (no repository, or no branch to read) and OutOfBudget (ctx ended).
func ReadRepository(ctx context.Context, dir string, opts ReadOptions) (*History, error) {
	h, err := readRepository(ctx, dir, opts)
	if err != nil {
		return nil, failure(strings.ToLower(opts.Upstream), gap.Corrupt, err)
	}
	return h, nil
}

func readRepository(ctx context.Context, dir string, opts ReadOptions) (*History, error) {
	gitDir, err := findGitDir(dir)
	if err != nil {
		return nil, err
	}
	h, err := readFiles(ctx, gitDir, opts)
	if err == nil || ctx.Err() != nil || errors.As(err, new(*Error)) {
		return h, err
	}
	h, gitErr := readGit(ctx, gitDir, opts)
	if errors.Is(gitErr, errNoGit) {
		// Without git our own reader's finding stands.
		return nil, &Error{Kind: kindOf(err), Detail: fmt.Sprintf("%v; %v", err, gitErr)}
	}
	return h, gitErr
}

// kindOf classes an error of our own reader.
func kindOf(err error) gap.Kind {
	switch {
	case errors.Is(err, errUnsupported):
		return gap.Unsupported
	case errors.Is(err, errTooLarge):
		return gap.TooLarge
	case errors.Is(err, os.ErrPermission):
		return gap.Unreadable
	}
	return gap.Corrupt
}

// findGitDir gives the git directory of a bare repository or of a working copy: a folder .git, or where a file .git points.
func findGitDir(dir string) (string, error) {
	inner := filepath.Join(dir, ".git")
	if info, err := os.Stat(inner); err == nil && info.Mode().IsRegular() && info.Size() < 8192 {
		text, err := os.ReadFile(inner)
		if err != nil {
			return "", &Error{Kind: gap.Unreadable, Err: err}
		}
		if target, ok := strings.CutPrefix(string(text), "gitdir:"); ok {
			inner = strings.TrimSpace(target)
			if !filepath.IsAbs(inner) {
				inner = filepath.Join(dir, inner)
			}
		}
	}
	for _, d := range [...]string{inner, dir} {
		_, headErr := os.Lstat(filepath.Join(d, "HEAD"))
		_, objectsErr := os.Stat(filepath.Join(d, "objects"))
		_, commonErr := os.Stat(filepath.Join(d, "commondir"))
		if headErr == nil && (objectsErr == nil || commonErr == nil) {
			return d, nil
		}
		if errors.Is(headErr, os.ErrPermission) {
			return "", &Error{Kind: gap.Unreadable, Err: headErr}
		}
	}
	if _, err := os.ReadDir(dir); err != nil {
		return "", &Error{Kind: gap.Unreadable, Err: err}
	}
	return "", &Error{Kind: gap.NoHistory, Err: ErrNotRepository}
}

// An assembly is a history being read.
type assembly struct {
	opts      ReadOptions
	roster    *roster
	commits   []Commit
	ids       []objectID // of commits
	tags      []Tag
	pulls     []Pull
	aliases   []Alias
	statement *Statement
}

func newAssembly(opts ReadOptions) *assembly {
	return &assembly{opts: opts, roster: newRoster(opts.IsBot)}
}

// commitOf reads what is kept of a commit.
func (a *assembly) commitOf(h *commitHeader) Commit {
	author, committer := parseSignature(h.author), parseSignature(h.committer)
	return Commit{
		Committed: committer.when,
		Authored:  author.when,
		Author:    a.roster.number(&author),
		Committer: a.roster.number(&committer),
		Pull:      pullNamed(h.subject),
		AuthorTZ:  author.zone,
		Parents:   uint8(min(h.count(), 255)),
	}
}

// addCommit adds a commit that is reachable from the default branch.
func (a *assembly) addCommit(id objectID, h *commitHeader) {
	a.commits = append(a.commits, a.commitOf(h))
	a.ids = append(a.ids, id)
}

func (a *assembly) addTag(name string, created int64) {
	a.tags = append(a.tags, Tag{Created: created, Name: validText([]byte(strings.TrimPrefix(name, "refs/tags/")), 4096)})
}

func (a *assembly) addPull(number int32, c Commit) {
	a.pulls = append(a.pulls, Pull{Number: number, Author: c.Author, Authored: c.Authored, HeadCommitted: c.Committed})
}

// history puts what was read into its final order, which depends on the repository's content alone and not on the order in
// which objects were met.
func (a *assembly) history() *History {
	order := make([]int32, len(a.commits))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(i, j int32) int {
		if c := cmp.Compare(a.commits[i].Committed, a.commits[j].Committed); c != 0 {
			return c
		}
		return slices.Compare(a.ids[i][:], a.ids[j][:])
	})
	h := &History{Upstream: strings.ToLower(a.opts.Upstream), Aliases: a.aliases, Statement: a.statement, PullsKnown: a.opts.Pulls && len(a.pulls) > 0}

	// People are numbered as they first appear in the final order; the roster's order is that of the walk.
	number := make([]int32, len(a.roster.identities))
	renumber := func(n int32) int32 {
		if number[n] == 0 {
			h.Identities = append(h.Identities, a.roster.identities[n])
			number[n] = int32(len(h.Identities))
		}
		return number[n] - 1
	}
	var newest int64
	h.Commits = make([]Commit, len(order))
	for at, i := range order {
		c := a.commits[i]
		c.Author, c.Committer = renumber(c.Author), renumber(c.Committer)
		newest = max(newest, c.Committed)
		h.Commits[at] = c
	}
	slices.SortFunc(a.tags, func(x, y Tag) int {
		return cmp.Or(cmp.Compare(x.Created, y.Created), strings.Compare(x.Name, y.Name))
	})
	h.Tags = slices.Clip(a.tags)
	slices.SortStableFunc(a.pulls, func(x, y Pull) int { return cmp.Compare(x.Number, y.Number) })
	a.pulls = slices.CompactFunc(a.pulls, func(x, y Pull) bool { return x.Number == y.Number })
	for i := range a.pulls {
		a.pulls[i].Author = renumber(a.pulls[i].Author)
		newest = max(newest, a.pulls[i].HeadCommitted)
	}
	h.Pulls = slices.Clip(a.pulls)
	h.Identities = slices.Clip(h.Identities)
	h.ObservedUntil = time.Unix(newest, 0).UTC()
	return h
}
