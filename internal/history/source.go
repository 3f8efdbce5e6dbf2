package history

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// Config says where a Finder looks for histories. The zero value looks nowhere but on the network, and keeps nothing.
type Config struct {
	// Mirrors are folders of bare repositories at <host>/<owner>/<name>.git; case does not matter, links are followed.
	Mirrors []string
	// Archives are folders of history archives, one folder each; or single archives.
	Archives []string
	// CacheDir holds what was fetched, as mirrors. It is made when needed. Without one nothing is fetched.
	CacheDir string
	// Offline keeps everything from being sent. The cache is then used whatever its age.
	Offline bool
	// IsBot tells whether a name and address are a bot's; nil: nobody is.
	IsBot func(name, email string) bool
	// Now gives the time at which something is fetched; time.Now if nil.
	Now func() time.Time
	// MaxAge is how long a fetched repository counts as fresh; a day if 0. A negative one has everything fetched again.
	MaxAge time.Duration
	// AsOf is the date of interest, if there is one: what was fetched after it is fresh whatever its age.
	AsOf time.Time
	// Patience is how long hosts that do not answer may be waited for, all together; the constant Patience if 0.
	Patience time.Duration
	// Fetching, if set, is told of each upstream before it is fetched. It may be called from several goroutines.
	Fetching func(upstream string)
}

// A Finder finds histories: in mirrors, then archives, then its cache, then the network. It may be used by several goroutines;
// how many side by side is the caller's business. It remembers what failed, so it serves one run.
type Finder struct {
	config   Config
	archives func() map[string]string
	detours  func() ([]detour, bool)
	mirrors  folders
	hosts    hosts
	locks    locks

	mu      sync.Mutex
	failed  map[string]*Error // by upstream: asking the network again in the same run would give the same answer
	renewed map[string]bool   // upstreams fetched in this run
}

// NewFinder makes a Finder. It reads nothing yet.
func NewFinder(c Config) *Finder {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.MaxAge == 0 {
		c.MaxAge = 24 * time.Hour
	}
	f := &Finder{config: c, failed: make(map[string]*Error), renewed: make(map[string]bool)}
	f.hosts.limit = c.Patience
	f.archives = sync.OnceValue(func() map[string]string { return indexArchives(c.Archives) })
	f.detours = sync.OnceValues(func() ([]detour, bool) { return detours(context.Background()) })
	return f
}

// Find gives the history of an upstream (host/owner/name). It is fetched from cloneURL (https://<upstream> if that is empty)
// where no other source has it.
//
// A source that is damaged is passed over for the next; if none is left, the first failure is what is reported. A repository
// in the cache that cannot be brought up to date is used as old as it is. The error is an *Error of kind NoHistory,
// HostUnreachable, Offline, Vanished, EmptyRepository, Shallow, Corrupt, TooLarge, Unreadable, Unsupported or OutOfBudget.
func (f *Finder) Find(ctx context.Context, upstream, cloneURL string) (*History, error) {
	id, err := knownID(upstream)
	if err != nil {
		return nil, err
	}
	l := f.local(ctx, id, f.config.Offline || f.remembered(id) != nil)
	if l.history != nil {
		return l.history, nil
	}
	if ctx.Err() != nil {
		return nil, failure(id, gap.NoHistory, ctx.Err())
	}
	h, err := f.fromNetwork(ctx, id, cloneURL, l.damaged)
	if err != nil {
		if l.failed != nil && ctx.Err() == nil {
			return nil, l.failed
		}
		return nil, failure(id, gap.NoHistory, err)
	}
	return h, nil
}

// fromMirror gives the history from a mirror, nothing if there is none.
func (f *Finder) fromMirror(ctx context.Context, id string) (*History, error) {
	var failed error
	for _, root := range f.config.Mirrors {
		for _, dir := range f.mirrors.find(root, id) {
			h, err := f.At(ctx, dir, id)
			if err == nil {
				return h, nil
			}
			if failed == nil {
				failed = err
			}
		}
	}
	return nil, failed
}

// At gives the history of a repository that the user keeps in a folder, under the name of an upstream.
func (f *Finder) At(ctx context.Context, dir, id string) (*History, error) {
	h, err := f.read(ctx, dir, id)
	if err != nil {
		return nil, err
	}
	h.Source = Mirror
	h.ObservedUntil = observed(h, mirrorTime(dir), f.config.Now())
	return h, nil
}

// fromArchive gives the history from an archive, nothing if there is none.
func (f *Finder) fromArchive(id string) (*History, error) {
	dir, ok := f.archives()[id]
	if !ok {
		return nil, nil
	}
	return ReadArchive(dir, id)
}

func (f *Finder) read(ctx context.Context, dir, id string) (*History, error) {
	h, err := ReadRepository(ctx, dir, ReadOptions{Upstream: id, IsBot: f.config.IsBot, Pulls: true})
	if err != nil {
		e := failure(id, gap.Corrupt, err)
		if e.File == "" {
			e.File = dir
		}
		return nil, e
	}
	return h, nil
}

// remember keeps why an upstream could not be fetched.
func (f *Finder) remember(id string, err error) {
	var e *Error
	if errors.As(err, &e) && e.Kind != gap.OutOfBudget {
		f.mu.Lock()
		f.failed[id] = e
		f.mu.Unlock()
	}
}

func (f *Finder) remembered(id string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if e := f.failed[id]; e != nil {
		return e
	}
	return nil
}
