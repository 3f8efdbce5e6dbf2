package history

import (
	"context"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// Local gives the history of an upstream from what lies on this machine: mirrors, archives, and the cache whatever its age.
// Nothing is sent. Errors are as those of [Finder.Find]; NoHistory if nothing lies here.
func (f *Finder) Local(ctx context.Context, upstream string) (*History, error) {
	id := strings.ToLower(upstream)
	if !validUpstream(id) {
		return nil, &Error{Kind: gap.NoHistory, Upstream: upstream, Detail: "not host/owner/name"}
	}
	var first error
	for _, source := range []func(context.Context, string, string) (*History, error){f.fromMirror, f.fromArchive, f.kept} {
		h, err := source(ctx, id, "")
		if h != nil {
			return h, nil
		}
		if first == nil && err != nil {
			first = err
		}
	}
	return nil, failure(id, gap.NoHistory, first)
}

// kept gives the history from the cache as it is, nothing if there is none.
func (f *Finder) kept(ctx context.Context, id, _ string) (*History, error) {
	if f.config.CacheDir == "" {
		return nil, nil
	}
	dir := f.entry(id)
	state, err := readState(dir)
	if err != nil {
		return nil, nil // no entry, or one that was never finished
	}
	return f.cached(ctx, dir, id, state, Cache)
}
