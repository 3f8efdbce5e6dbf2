package history

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// filter leaves out trees and files: of a history only the commits and tags are of interest, a thirtieth of the whole. A
// server that knows no filters sends everything.
const filter = "--filter=tree:0"

// filterTrees leaves out files only, where trees are needed (trees.go).
const filterTrees = "--filter=blob:none"

// What is fetched. The remote's HEAD becomes our one branch whatever it is called there, so that a renamed default branch
// goes on where it was.
const (
	localBranch   = "refs/heads/main"
	headSpec      = "+HEAD:" + localBranch
	tagSpec       = "+refs/tags/*:refs/tags/*"
	pullSpec      = "+refs/pull/*/head:refs/pull/*/head"
	mergeSpec     = "+refs/merge-requests/*/head:refs/merge-requests/*/head"
	maxCachePacks = 40 // each fetch adds a pack; an entry with more is made anew
)

// A fetchJob brings one entry of the cache up to date. Its lock is held.
type fetchJob struct {
	finder *Finder
	id     string
	dir    string
	url    string   // "": https://<id>
	lock   *os.File // handed to git, so that the lock lasts as long as git does
	pulls  bool     // fetch pull heads too
	trees  bool     // fetch the trees of the default branch, and nothing else that an entry has
	from   *remote
}

// run fetches into the entry if it is present, else makes it. What is there afterwards is whole: an entry is made elsewhere and
// moved to its place, and git replaces references only once their objects are stored.
func (j *fetchJob) run(ctx context.Context, present bool) (fetchState, error) {
	if _, err := exec.LookPath("git"); err != nil {
		return fetchState{}, &Error{Kind: gap.NoHistory, Upstream: j.id, Detail: "git is not installed", Err: err}
	}
	address := j.url
	if address == "" {
		address = "https://" + j.id
	}
	var err error
	if j.from, err = parseRemote(address); err != nil {
		return fetchState{}, &Error{Kind: gap.NoHistory, Upstream: j.id, Detail: fmt.Sprintf("%s: %v", address, err)}
	}
	if err := j.finder.hosts.prove(ctx, j.from, filepath.Dir(j.dir), j.ask); err != nil {
		return fetchState{}, failure(j.id, gap.NoHistory, err)
	}
	if j.finder.config.Fetching != nil {
		j.finder.config.Fetching(j.id)
	}
	state := fetchState{Fetched: j.finder.config.Now().Unix()}
	if j.pulls {
		state.Pulls = state.Fetched
	}
	j.sweep()
	if present && j.packs() <= maxCachePacks {
		err = j.update(ctx, state)
	} else {
		err = j.create(ctx, state)
	}
	j.finder.hosts.report(j.from, err)
	if err != nil {
		return fetchState{}, failure(j.id, gap.NoHistory, err)
	}
	return state, nil
}

// ask puts the first question to a host: whether the repository is there.
func (j *fetchJob) ask(ctx context.Context) error {
	_, err := j.git(ctx, "", "ls-remote", "-q", "--", j.from.url, "HEAD")
	return err
}

// create makes the entry in a folder beside it and moves it there.
func (j *fetchJob) create(ctx context.Context, state fetchState) (err error) {
	temp, err := os.MkdirTemp(filepath.Dir(j.dir), filepath.Base(j.dir)+".new-")
	if err != nil {
		return unwritable(j.id, err)
	}
	defer os.RemoveAll(temp) // nothing is there any more if all went well
	cmd := gitLocal(ctx, temp, "init", "-q", "--bare", "--template=", "--initial-branch=main")
	if _, err := runGit(ctx, cmd, "init", 1<<16); err != nil {
		return err
	}
	if err := j.fetch(ctx, temp); err != nil {
		return err
	}
	if !j.trees {
		j.newestFiles(ctx, temp)
	}
	if err := writeState(temp, state); err != nil {
		return unwritable(j.id, err)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := replaceFolder(temp, j.dir); err != nil {
		return unwritable(j.id, err)
	}
	return nil
}

// update fetches what is new. An entry that git cannot work with is made anew.
func (j *fetchJob) update(ctx context.Context, state fetchState) error {
	before, _ := j.newest(ctx, j.dir)
	err := j.fetch(ctx, j.dir)
	var e *Error
	switch {
	case err == nil:
	case ctx.Err() != nil || errors.As(err, &e) && e.Kind != gap.NoHistory && e.Kind != gap.Corrupt:
		return err
	default:
		return j.create(ctx, state)
	}
	if after, _ := j.newest(ctx, j.dir); !j.trees && !bytes.Equal(before, after) {
		j.newestFiles(ctx, j.dir)
	}
	if err := writeState(j.dir, state); err != nil {
		return unwritable(j.id, err)
	}
	return nil
}

// fetch brings the default branch and the tags, and pull heads if asked; or the default branch alone with its trees.
func (j *fetchJob) fetch(ctx context.Context, dir string) error {
	cmd := gitLocal(ctx, dir, "config", "remote.origin.url", j.from.url)
	if _, err := runGit(ctx, cmd, "config", 1<<16); err != nil {
		return err
	}
	filter := filter
	if j.trees {
		filter = filterTrees
	}
	err := j.fetchHead(ctx, dir, headSpec, filter)
	if refusesFilter(err) {
		err = j.fetchHead(ctx, dir, headSpec)
	}
	if lacksHead(err) {
		// HEAD names a branch that is not there. Another one may be the default in all but name.
		var branch string
		if branch, err = j.likelyBranch(ctx); err == nil {
			err = j.fetchHead(ctx, dir, "+"+branch+":"+localBranch, filter)
		}
	}
	return err
}

func (j *fetchJob) fetchHead(ctx context.Context, dir, head string, options ...string) error {
	args := append([]string{"fetch", "-q", "--prune", "--no-tags", "--no-write-fetch-head", "--no-show-forced-updates",
		"--update-shallow", "--no-recurse-submodules"}, options...)
	args = append(args, "--", "origin", head)
	if !j.trees {
		args = append(args, tagSpec)
	}
	if j.pulls {
		args = append(args, pullSpec, mergeSpec)
	}
	_, err := j.git(ctx, dir, args...) // a shallow repository becomes a shallow one, which reading it tells
	return err
}

// likelyBranch finds the branch that a remote without a usable HEAD means, as ReadRepository would.
func (j *fetchJob) likelyBranch(ctx context.Context) (string, error) {
	out, err := j.git(ctx, "", "ls-remote", "-q", "--heads", "--", j.from.url)
	if err != nil {
		return "", err
	}
	var all refs
	for line := range bytes.Lines(out) {
		hash, name, _ := bytes.Cut(bytes.TrimSpace(line), []byte("\t"))
		if id, ok := parseID(hash); ok {
			if err := all.add(name, id, false); err != nil {
				return "", err
			}
		}
	}
	tip, err := all.tip()
	if err != nil {
		return "", err
	}
	for _, b := range all.branches {
		if b.id == tip && (len(all.branches) == 1 || b.name == "refs/heads/main" || b.name == "refs/heads/master") {
			return b.name, nil
		}
	}
	return "", &Error{Kind: gap.NoHistory, Detail: "HEAD names no branch"}
}

// newestFiles fetches .mailmap and the README of the newest commit: the tree of the root folder, then the files that are not
// there yet. They tell who is one person, and whether the upstream says that it has ended; history does without them where
// they cannot be had.
func (j *fetchJob) newestFiles(ctx context.Context, dir string) {
	tree, err := j.newest(ctx, dir)
	if err != nil {
		return
	}
	want := func(objects ...string) error {
		args := []string{"fetch", "-q", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules", filter, "--", "origin"}
		_, err := j.git(ctx, dir, append(args, objects...)...)
		return err
	}
	list := func() ([]byte, error) {
		return runGit(ctx, gitLocal(ctx, dir, "ls-tree", "-z", string(tree)), "ls-tree", maxTree)
	}
	out, err := list() // a full clone has it
	if err != nil {
		if want(string(tree)) != nil {
			return
		}
		if out, err = list(); err != nil {
			return
		}
	}
	var missing []string
	for _, id := range newestFilesOf(out) {
		if _, err := runGit(ctx, gitLocal(ctx, dir, "cat-file", "-e", id.String()), "cat-file", 4096); err != nil {
			missing = append(missing, id.String())
		}
	}
	if len(missing) > 0 {
		want(missing...) // the last thing to try
	}
}

// newest gives the name of the newest commit's tree.
func (j *fetchJob) newest(ctx context.Context, dir string) ([]byte, error) {
	out, err := runGit(ctx, gitLocal(ctx, dir, "cat-file", "commit", localBranch), "cat-file", maxCommit)
	if err != nil {
		return nil, err
	}
	tree, ok := bytes.CutPrefix(out, []byte("tree "))
	line, _, _ := bytes.Cut(tree, []byte("\n"))
	if _, valid := parseID(line); !ok || !valid {
		return nil, errBogusCommit
	}
	return line, nil
}

// maxCommit bounds the one commit object that is read here, in bytes.
const maxCommit = 1 << 20

// maxTree bounds what git says of the root folder, in bytes.
const maxTree = 16 << 20

// maxListing bounds what git says of the references of a remote, in bytes.
const maxListing = 64 << 20

// git runs a command that may reach the network, on the repository in dir if that is not empty. A failure is an *Error, or the context's error if that ended.
func (j *fetchJob) git(ctx context.Context, dir string, args ...string) ([]byte, error) {
	return j.gitReading(ctx, nil, dir, args...)
}

// gitReading is git with something to read.
func (j *fetchJob) gitReading(ctx context.Context, input io.Reader, dir string, args ...string) ([]byte, error) {
	command := args[0]
	if dir != "" {
		args = append([]string{"--git-dir=" + absolute(dir)}, args...)
	}
	cmd := gitFetch(ctx, filepath.Dir(j.dir), args...)
	cmd.Stdin = input
	keepOpen(cmd, j.lock)
	out, err := runGit(ctx, cmd, command, maxListing)
	var failed *gitError
	if errors.As(err, &failed) {
		return nil, &Error{Kind: kindOfFetch(failed.message), Upstream: j.id, Host: j.from.host, Detail: failed.Error(), Err: failed}
	}
	return out, err
}

// packs counts the packs of the entry.
func (j *fetchJob) packs() int {
	packs, _ := filepath.Glob(filepath.Join(globSafe(j.dir), "objects", "pack", "*.pack"))
	return len(packs)
}

// sweep removes what a run that was killed may have left: folders that were to become the entry, git's locks and unfinished
// packs. Nobody is at work here, because we hold the lock.
func (j *fetchJob) sweep() {
	for _, pattern := range []string{".new-*", "/*.lock", "/refs/heads/*.lock", "/objects/pack/tmp_*", "/objects/pack/*.lock", "/objects/tmp_*"} {
		left, _ := filepath.Glob(globSafe(j.dir) + filepath.FromSlash(pattern))
		for _, path := range left {
			os.RemoveAll(path) // what stays shows in the fetch
		}
	}
}

// globSafe gives a path as a pattern that matches it alone.
func globSafe(path string) string {
	if filepath.Separator == '\\' {
		return path // no escapes there
	}
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}
