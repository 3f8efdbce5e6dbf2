package history

import (
	"context"
	"path/filepath"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// A Repository is the repository on this machine that stands behind a history, for questions that commits alone do not
// answer: what files there were, and who changed them. A history archive has none.
type Repository struct {
	finder   *Finder
	upstream string
	dir      string
	cached   bool // an entry of our own cache: a treeless clone whose missing objects may be fetched unless offline
}

// Repository gives the repository of an upstream that has been read before: a mirror, else the entry of the cache. The
// error is an *Error of kind NoHistory where there is neither, as for an upstream that an archive speaks for.
func (f *Finder) Repository(ctx context.Context, upstream string) (*Repository, error) {
	id, err := knownID(upstream)
	if err != nil {
		return nil, err
	}
	for _, root := range f.config.Mirrors {
		for _, dir := range f.mirrors.find(root, id) {
			return &Repository{finder: f, upstream: id, dir: dir}, nil
		}
	}
	if f.config.CacheDir != "" {
		if _, err := readState(f.entry(id)); err == nil {
			return &Repository{finder: f, upstream: id, dir: f.entry(id), cached: true}, nil
		}
	}
	return nil, &Error{Kind: gap.NoHistory, Upstream: id, Detail: "no repository at hand"}
}

// RepositoryAt gives the repository that the user keeps in a folder, under the name of an upstream. dir may be a work tree.
func (f *Finder) RepositoryAt(dir, upstream string) *Repository {
	return &Repository{finder: f, upstream: upstream, dir: filepath.Clean(dir)}
}

// Whole tells whether the repository is the user's own, with its files: nothing need be fetched to read them.
func (r *Repository) Whole() bool { return !r.cached }
