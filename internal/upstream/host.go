package upstream

import (
	"context"
	"sync"
	"time"
)

// A host remembers how one host behaved, and lets requests to it in. Until it has answered, no more requests are let in
// than it may fail; a failed one keeps its place.
type host struct {
	slots    chan struct{} // requests under way
	probes   chan struct{} // requests under way or failed while the host has not answered yet
	answered chan struct{} // closed when it has
	over     chan struct{} // closed when it is not tried any more

	mu       sync.Mutex
	failures int       // connections failed in a row
	closed   error     // why it is not tried any more
	resting  time.Time // until then it has asked to be left alone
}

func newHost() *host {
	return &host{
		slots: make(chan struct{}, perHost), probes: make(chan struct{}, maxFailures),
		answered: make(chan struct{}), over: make(chan struct{}),
	}
}

// enter waits for a turn. The error says why the host is not tried any more, or is the context's. leave takes whether the
// host failed.
func (h *host) enter(ctx context.Context) (leave func(failed bool), err error) {
	if h.hasAnswered() {
		select {
		case h.slots <- struct{}{}:
		case <-h.over:
			return nil, h.reason()
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		if err := h.reason(); err != nil {
			<-h.slots
			return nil, err
		}
		return func(bool) { <-h.slots }, nil
	}
	select {
	case <-h.answered:
		return h.enter(ctx)
	case <-h.over:
		return nil, h.reason()
	case <-ctx.Done():
		return nil, ctx.Err()
	case h.probes <- struct{}{}:
	}
	if err := h.reason(); err != nil {
		<-h.probes
		return nil, err
	}
	return func(failed bool) {
		if !failed {
			<-h.probes
		}
	}, nil
}

// rest gives until when the host is left alone.
func (h *host) rest() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.resting
}

// restUntil leaves the host alone: one that has too much to do with one request has it with all.
func (h *host) restUntil(t time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if t.After(h.resting) {
		h.resting = t
	}
}

// reason gives why the host is not tried any more, or nil.
func (h *host) reason() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.closed
}

func (h *host) hasAnswered() bool {
	select {
	case <-h.answered:
		return true
	default:
		return false
	}
}

// answer notes that the host is there.
func (h *host) answer() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.failures = 0
	if !h.hasAnswered() {
		close(h.answered)
	}
}

// fail notes a failed connection; the host is closed after too many in a row, or at once.
func (h *host) fail(err error, atOnce bool) {
	h.mu.Lock()
	h.failures++
	enough := h.failures >= maxFailures
	h.mu.Unlock()
	if enough || atOnce {
		h.close(err)
	}
}

// close ends all tries; the first reason stays.
func (h *host) close(err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed == nil {
		h.closed = err
		close(h.over)
	}
}
