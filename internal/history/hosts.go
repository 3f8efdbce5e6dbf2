package history

import (
	"context"
	"net"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// Bounds of the time that is given to hosts that may be dead. The first connection to each host is tried by one goroutine
// while the others wait, so that a dead host costs this once and not once per upstream.
const (
	firstDial  = 2 * time.Second         // for the first try to connect
	secondDial = 1500 * time.Millisecond // for the second
	shortDial  = 250 * time.Millisecond  // for each once patience has run out
	patience   = 5 * time.Second         // of failed tries in all, as long as no host at all has answered
	firstReply = 6 * time.Second         // for the first answer of a host that accepts connections
)

// hosts knows which hosts answer. A host that has failed twice is not tried again.
type hosts struct {
	mu      sync.Mutex
	known   map[string]*host
	alive   bool          // some host has answered
	wasted  time.Duration // spent on failed tries
	settled sync.Once     // guards direct
	direct  bool          // git connects to the host that an address names, as far as is known
}

type host struct {
	turn    chan struct{} // holds one token, which is taken to prove the host or to look at it
	proven  bool
	strikes int
	dead    string // why it is not tried again
}

func (hs *hosts) of(r *remote) *host {
	key := r.dialed
	if key == "" {
		key = r.host
	}
	hs.mu.Lock()
	defer hs.mu.Unlock()
	h := hs.known[key]
	if h == nil {
		h = &host{turn: make(chan struct{}, 1)}
		h.turn <- struct{}{}
		if hs.known == nil {
			hs.known = make(map[string]*host)
		}
		hs.known[key] = h
	}
	return h
}

// prove makes sure that a host answers before it is asked for much. ask puts the first question; what it fails with is returned
// unless it says that the host is unreachable, which then holds for all. Git is asked for its settings in the folder at.
func (hs *hosts) prove(ctx context.Context, r *remote, at string, ask func(context.Context) error) error {
	h := hs.of(r)
	select {
	case <-h.turn:
		defer func() { h.turn <- struct{}{} }()
	case <-ctx.Done():
		return ctx.Err()
	}
	if h.dead != "" {
		return unreachable(r, h.dead)
	}
	if h.proven {
		return nil
	}
	if r.dialed != "" && hs.connectsDirectly(ctx, at) {
		if err := hs.dial(ctx, r.dialed); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			h.dead = err.Error()
			return unreachable(r, h.dead)
		}
	}
	within, cancel := context.WithTimeout(ctx, firstReply)
	defer cancel()
	err := ask(within)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case within.Err() != nil:
		h.dead = "no answer within " + firstReply.String()
		return unreachable(r, h.dead)
	}
	if e := asUnreachable(err); e != nil {
		h.dead = e.Detail
		return unreachable(r, h.dead)
	}
	h.proven = true
	hs.mu.Lock()
	hs.alive = true
	hs.mu.Unlock()
	return err
}

// report tells how a later request to a host ended. Two failures to reach it in a row are enough.
func (hs *hosts) report(r *remote, err error) {
	h := hs.of(r)
	<-h.turn
	defer func() { h.turn <- struct{}{} }()
	e := asUnreachable(err)
	if e == nil {
		h.strikes = 0
		return
	}
	if h.strikes++; h.strikes >= 2 {
		h.dead = e.Detail
	}
}

func unreachable(r *remote, why string) *Error {
	return &Error{Kind: gap.HostUnreachable, Host: r.host, Detail: why}
}

func asUnreachable(err error) *Error {
	if e, ok := err.(*Error); ok && e.Kind == gap.HostUnreachable {
		return e
	}
	return nil
}

// dial tries to connect, twice.
func (hs *hosts) dial(ctx context.Context, address string) (err error) {
	for _, limit := range []time.Duration{firstDial, secondDial} {
		hs.mu.Lock()
		if !hs.alive && hs.wasted >= patience {
			limit = shortDial
		}
		hs.mu.Unlock()
		start := time.Now()
		var conn net.Conn
		d := net.Dialer{Timeout: limit}
		if conn, err = d.DialContext(ctx, "tcp", address); err == nil {
			return conn.Close()
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		hs.mu.Lock()
		hs.wasted += time.Since(start)
		hs.mu.Unlock()
	}
	return err
}

// connectsDirectly tells whether git will connect to the host itself. If a proxy or another address for it is configured, it is
// git's business alone to find the way.
func (hs *hosts) connectsDirectly(ctx context.Context, at string) bool {
	hs.settled.Do(func() {
		for _, name := range []string{"https_proxy", "http_proxy", "all_proxy", "HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"} {
			if os.Getenv(name) != "" {
				return
			}
		}
		// Exit status 1 says that nothing matches.
		cmd := gitCommand(ctx, at, []string{"config", "--get-regexp", `^(url\..*\.insteadof|http\.(.*\.)?proxy)$`})
		out, err := runGit(ctx, cmd, "config", 1<<20)
		hs.direct = err != nil || strings.TrimSpace(string(out)) == ""
	})
	return hs.direct
}
