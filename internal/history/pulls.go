package history

import (
	"context"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// Pulls gives h with its pull heads. They cost twenty times what the commits cost, so they are fetched in a second pass, for
// few upstreams. Only what came from the cache or the network can have more than it has; every other history, and every one
// when offline, is given back as it is.
//
// On a host that keeps no pull heads, or where none was ever opened, there is nothing to find and PullsKnown stays false.
// The error is an *Error; h is still as good as before.
func (f *Finder) Pulls(ctx context.Context, h *History) (*History, error) {
	if h.PullsKnown || f.config.Offline || h.Source != Cache && h.Source != Network {
		return h, nil
	}
	dir := f.entry(h.Upstream)
	out, err := runGit(ctx, gitLocal(ctx, dir, "config", "remote.origin.url"), "config", 1<<16)
	if err != nil {
		return nil, failure(h.Upstream, gap.NoHistory, err)
	}
	address := string(trimSpace(out))
	fetched, err := f.refresh(ctx, h.Upstream, address, false, true)
	if err != nil {
		return nil, failure(h.Upstream, gap.NoHistory, err)
	}
	return f.cached(ctx, dir, h.Upstream, fetched.fetchState, h.Source)
}
