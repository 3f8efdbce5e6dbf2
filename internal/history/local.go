package history

import (
	"context"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// Local gives the history of an upstream from what lies on this machine: mirrors, archives, and the cache whatever its age.
// Nothing is sent. A source that is damaged is passed over for the next, as in [Finder.Find]; the error is an *Error of one
// of the kinds of Find, NoHistory if nothing lies here.
func (f *Finder) Local(ctx context.Context, upstream string) (*History, error) {
	id, err := knownID(upstream)
	if err != nil {
		return nil, err
	}
	l := f.local(ctx, id, true)
	switch {
	case l.history != nil:
		return l.history, nil
	case l.failed != nil:
		return nil, l.failed
	case f.config.Offline:
		return nil, &Error{Kind: gap.Offline, Upstream: id}
	}
	return nil, &Error{Kind: gap.NoHistory, Upstream: id, Detail: "nothing on this machine"}
}

// knownID gives an upstream as the sources name it.
func knownID(upstream string) (string, error) {
	id := strings.ToLower(upstream)
	if !validUpstream(id) {
		return "", &Error{Kind: gap.NoHistory, Upstream: upstream, Detail: "not host/owner/name"}
	}
	return id, nil
}

// What local found: a history, or why there is none. Both are empty where no source has the upstream.
type localResult struct {
	history *History
	failed  *Error // of the first source that has it and cannot give it
	damaged bool   // the cache has an entry that cannot be read
}

// local asks the sources on this machine in order. An entry of the cache that is not fresh counts only if old is set.
func (f *Finder) local(ctx context.Context, id string, old bool) (l localResult) {
	note := func(h *History, err error) (last bool) {
		if h != nil {
			l = localResult{history: h}
			return true
		}
		if err != nil && (l.failed == nil || ctx.Err() != nil) {
			l.failed = failure(id, gap.NoHistory, err)
		}
		return ctx.Err() != nil
	}
	if note(f.fromMirror(ctx, id)) || note(f.fromArchive(id)) {
		return l
	}
	h, err := f.kept(ctx, id, old)
	note(h, err)
	l.damaged = err != nil && ctx.Err() == nil
	return l
}
