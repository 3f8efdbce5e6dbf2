package history

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// The cache is a folder of bare repositories as mirrors are, each with a file of ours that is written last: a repository
// without it is incomplete and counts as absent. Whoever changes an entry holds its lock, <name>.git.lock; reading needs
// none, because git only ever adds packs and replaces references one by one.

// A fetchState is that file.
type fetchState struct {
	Fetched int64 `json:"fetched"` // when commits and tags were last fetched, Unix seconds
	Pulls   int64 `json:"pulls"`   // when pull heads were last fetched, Unix seconds; 0: never
}

// hasPulls tells whether pull heads are as new as the rest.
func (s fetchState) hasPulls() bool { return s.Pulls > 0 && s.Pulls >= s.Fetched }

const stateFile = "mainstay.json"

func readState(dir string) (fetchState, error) {
	var s fetchState
	text, err := os.ReadFile(filepath.Join(dir, stateFile))
	if err == nil {
		err = json.Unmarshal(text, &s)
	}
	return s, err
}

func writeState(dir string, s fetchState) error {
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	temp := filepath.Join(dir, stateFile+".new")
	if err := os.WriteFile(temp, append(text, '\n'), 0o600); err != nil {
		return err
	}
	return os.Rename(temp, filepath.Join(dir, stateFile))
}

// entry gives where the cache keeps an upstream, which must be valid.
func (f *Finder) entry(id string) string {
	return filepath.Join(f.config.CacheDir, filepath.FromSlash(id)+".git")
}

// fresh tells whether an entry need not be fetched again.
func (f *Finder) fresh(id string, s fetchState) bool {
	f.mu.Lock()
	renewed := f.renewed[id]
	f.mu.Unlock()
	if renewed {
		return true
	}
	at := time.Unix(s.Fetched, 0)
	if !f.config.AsOf.IsZero() && !at.Before(f.config.AsOf) {
		return true
	}
	age := f.config.Now().Sub(at)
	return age >= 0 && age < f.config.MaxAge
}

// kept gives the history from the cache as it is: nothing if there is no whole entry, or none that is fresh unless old is set.
func (f *Finder) kept(ctx context.Context, id string, old bool) (*History, error) {
	if f.config.CacheDir == "" {
		return nil, nil
	}
	dir := f.entry(id)
	state, err := readState(dir)
	if err != nil || !old && !f.fresh(id, state) {
		return nil, nil
	}
	return f.cached(ctx, dir, id, state, Cache)
}

// fromNetwork fetches the history into the cache, or brings its entry there up to date, and gives it. An entry that cannot be
// brought up to date is given as it is; a damaged one is made anew.
func (f *Finder) fromNetwork(ctx context.Context, id, cloneURL string, damaged bool) (*History, error) {
	if f.config.Offline {
		return nil, &Error{Kind: gap.Offline, Upstream: id}
	}
	if f.config.CacheDir == "" {
		return nil, &Error{Kind: gap.NoHistory, Upstream: id, Detail: "no cache folder to fetch into"}
	}
	fetched, err := f.refresh(ctx, id, cloneURL, damaged, false)
	if err != nil {
		if !damaged {
			// Old is better than nothing; ObservedUntil says how old. The caller's time may be up, but reading takes little.
			if h, readErr := f.kept(context.WithoutCancel(ctx), id, true); readErr == nil && h != nil {
				return h, nil
			}
		}
		return nil, err
	}
	source := Network
	if fetched.by == Cache {
		source = Cache // somebody else was quicker
	}
	return f.cached(ctx, f.entry(id), id, fetched.fetchState, source)
}

// cached reads an entry.
func (f *Finder) cached(ctx context.Context, dir, id string, state fetchState, source Source) (*History, error) {
	h, err := f.read(ctx, dir, id)
	if err != nil {
		return nil, err
	}
	h.Source = source
	at := time.Unix(state.Fetched, 0)
	h.ObservedUntil = observed(h, at, at)
	return h, nil
}

// A refreshed is the state of an entry after refresh, and whether it was fetched now (Network) or found fetched (Cache).
type refreshed struct {
	fetchState
	by Source
}

// refresh brings an entry up to date, with pull heads if asked; afresh has it made anew. What failed once in this run is not
// tried again.
func (f *Finder) refresh(ctx context.Context, id, cloneURL string, afresh, pulls bool) (refreshed, error) {
	if err := f.remembered(id); err != nil {
		return refreshed{}, err
	}
	dir := f.entry(id)
	if err := os.MkdirAll(filepath.Dir(dir), 0o700); err != nil {
		return refreshed{}, unwritable(id, err)
	}
	lock, err := f.locks.take(ctx, dir+".lock")
	if err != nil {
		if ctx.Err() != nil {
			return refreshed{}, failure(id, gap.OutOfBudget, ctx.Err())
		}
		return refreshed{}, unwritable(id, err)
	}
	defer lock.release()
	// While we waited somebody else may have done it, or failed.
	if err := f.remembered(id); err != nil {
		return refreshed{}, err
	}
	state, err := readState(dir)
	present := err == nil && !afresh
	if present && f.fresh(id, state) && (!pulls || state.hasPulls()) {
		return refreshed{state, Cache}, nil
	}
	job := &fetchJob{finder: f, id: id, dir: dir, url: cloneURL, lock: lock.file, pulls: pulls || present && state.Pulls > 0}
	state, err = job.run(ctx, present)
	if err != nil {
		if !pulls {
			f.remember(id, err)
		}
		return refreshed{}, err
	}
	f.mu.Lock()
	f.renewed[id] = true
	f.mu.Unlock()
	return refreshed{state, Network}, nil
}

func unwritable(id string, err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return &Error{Kind: gap.NoHistory, Upstream: id, File: p.Path, Detail: "the cache cannot be written: " + p.Err.Error(), Err: err}
	}
	return &Error{Kind: gap.NoHistory, Upstream: id, Detail: "the cache cannot be written: " + err.Error(), Err: err}
}
