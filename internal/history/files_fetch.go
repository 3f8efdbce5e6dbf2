package history

import (
	"context"
	"path/filepath"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// An objectFetcher fetches single objects into an entry of the cache. It holds the entry's lock.
type objectFetcher struct {
	job  *fetchJob
	lock *fileLock
}

// fetch fetches objects that are missing, if that is allowed. Why it could not is kept in q.refused, and nothing more is
// tried; the error is the context's alone.
func (q *fileQuery) fetch(ctx context.Context, ids []objectID) error {
	if q.refused != nil || !q.repository.cached {
		return nil
	}
	err := q.tryFetch(ctx, ids)
	if err != nil && ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		q.refused = failure(q.repository.upstream, gap.NoHistory, err)
	}
	return nil
}

func (q *fileQuery) tryFetch(ctx context.Context, ids []objectID) error {
	if q.fetcher == nil {
		fetcher, err := q.repository.fetcher(ctx)
		if err != nil {
			return err
		}
		q.fetcher = fetcher
	}
	j := q.fetcher.job
	var names strings.Builder
	for _, id := range ids {
		names.WriteString(id.String() + "\n")
	}
	// The filter leaves out what the objects name in turn: of a folder its files.
	_, err := j.gitReading(ctx, strings.NewReader(names.String()), j.dir, "fetch", "-q", "--no-tags", "--no-write-fetch-head",
		"--no-recurse-submodules", filter, "--stdin", "--", "origin")
	j.finder.hosts.report(j.from, err)
	return err
}

// fetcher makes ready to fetch objects of an entry of the cache.
func (r *Repository) fetcher(ctx context.Context) (*objectFetcher, error) {
	f := r.finder
	if f.config.Offline {
		return nil, &Error{Kind: gap.Offline, Upstream: r.upstream}
	}
	if err := f.remembered(r.upstream); err != nil {
		return nil, err
	}
	out, err := runGit(ctx, gitLocal(ctx, r.dir, "config", "remote.origin.url"), "config", 1<<16)
	if err != nil {
		return nil, err
	}
	from, err := parseRemote(string(trimSpace(out)))
	if err != nil {
		return nil, err
	}
	lock, err := f.locks.take(ctx, r.dir+".lock")
	if err != nil {
		return nil, unwritable(r.upstream, err)
	}
	j := &fetchJob{finder: f, id: r.upstream, dir: r.dir, lock: lock.file, from: from}
	if err := f.hosts.prove(ctx, from, filepath.Dir(r.dir), j.ask); err != nil {
		lock.release()
		return nil, err
	}
	if f.config.Fetching != nil {
		f.config.Fetching(r.upstream)
	}
	j.sweep()
	return &objectFetcher{job: j, lock: lock}, nil
}

// close lets others at the entry again.
func (q *fileQuery) close() {
	if q.fetcher != nil {
		q.fetcher.lock.release()
	}
}
