package history

import (
	"context"
	"os"
	"path/filepath"
	"time"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// An entry of the cache is a clone without trees: a scan needs none, and they are two to three times the rest. Who asks for
// files gets a second clone beside it, with the trees of the default branch and without files, tags and pull heads. It is
// brought up to date by fetching what is new. To fetch the trees into the entry itself would take the same bytes at first, and
// all of them again each time: what the entry has already, git does not fetch once more with its trees.
//
// Fetched anew from a server on the same machine, in MB (ingress-nginx, rubocop, vagrant): entry 4.0, 6.0, 5.7; clone beside it
// 10.2, 18.9, 13.5; the same fetched into the entry 10.1, 18.8, 13.5.
const treesSuffix = ".trees"

// withTrees gives the clone that holds the trees of the default branch of an upstream in the cache, at least up to asOf. It is
// made or brought up to date if need be.
func (f *Finder) withTrees(ctx context.Context, id string, asOf time.Time) (dir string, err error) {
	entry := f.entry(id)
	dir = entry + treesSuffix
	if f.treesReach(ctx, entry, dir, asOf) {
		return dir, nil
	}
	if f.config.Offline {
		return "", &Error{Kind: gap.Offline, Upstream: id}
	}
	if err := f.remembered(id); err != nil {
		return "", err
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o700); err != nil {
		return "", unwritable(id, err)
	}
	lock, err := f.locks.take(ctx, dir+".lock")
	if err != nil {
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		return "", unwritable(id, err)
	}
	defer lock.release()
	if f.treesReach(ctx, entry, dir, asOf) { // while we waited somebody else may have done it
		return dir, nil
	}
	address, err := runGit(ctx, gitLocal(ctx, entry, "config", "remote.origin.url"), "config", 1<<16)
	if err != nil {
		return "", err
	}
	_, err = readState(dir)
	job := &fetchJob{finder: f, id: id, dir: dir, url: string(trimSpace(address)), lock: lock.file, trees: true}
	if _, err := job.run(ctx, err == nil); err != nil {
		return "", err
	}
	return dir, nil
}

// treesReach tells whether a clone with trees is whole up to a date: it was fetched then or later, or holds the newest commit
// of the entry.
func (f *Finder) treesReach(ctx context.Context, entry, dir string, asOf time.Time) bool {
	state, err := readState(dir)
	if err != nil {
		return false
	}
	if state.Fetched >= asOf.Unix() {
		return true
	}
	tip, err := runGit(ctx, gitLocal(ctx, entry, "rev-parse", "--verify", "--end-of-options", localBranch+"^{commit}"), "rev-parse", 256)
	if err != nil {
		return false
	}
	id, ok := parseID(trimSpace(tip))
	if !ok {
		return false
	}
	_, err = runGit(ctx, gitLocal(ctx, dir, "merge-base", "--is-ancestor", id.String(), localBranch), "merge-base", 256)
	return err == nil
}
