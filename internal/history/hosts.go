package history

import (
	"context"
	"errors"
	"net"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// Patience is what failed tries to reach git hosts may take in all as long as no host has answered: then there is no way out
// at all. With what package upstream allows for registries it stays below ten seconds.
const Patience = 5 * time.Second

// Bounds of the time that is given to hosts that may be dead, for this patience; another one scales them. The first connection
// to each host is tried by one goroutine while the others wait, so that a dead host costs this once and not once per upstream.
const (
	firstDial  = 2 * time.Second         // for the first try to connect
	secondDial = 1500 * time.Millisecond // for the second
	shortDial  = 250 * time.Millisecond  // for the only try once half the patience has gone
	firstReply = 3500 * time.Millisecond // for the first answer of a host that accepts connections

	// Once one has answered, others may be dead for longer than the patience, but each costs no more than this then.
	longDial  = time.Second
	longReply = 1500 * time.Millisecond
)

// hosts knows which hosts answer. A host that has failed twice is not tried again.
type hosts struct {
	mu      sync.Mutex
	known   map[string]*host
	alive   bool          // some host has answered
	wasted  time.Duration // spent on failed tries
	limit   time.Duration // of wasted; the constant Patience if 0
	settled sync.Once     // guards direct
	direct  bool          // git connects to the host that an address names, as far as is known

	// connect tries to connect and tells how long that took; tryConnect if nil.
	connect func(ctx context.Context, address string, limit time.Duration) (time.Duration, error)
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
	limit := hs.reply()
	if limit <= 0 {
		return unreachable(r, errNoWayOut.Error())
	}
	within, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	start := time.Now()
	err := ask(within)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case within.Err() != nil:
		hs.waste(time.Since(start))
		h.dead = "no answer within " + limit.Round(time.Millisecond).String()
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

// errNoWayOut means that a host was not tried at all.
var errNoWayOut = errors.New("not tried: no host has answered so far")

// dial tries to connect, at most twice.
func (hs *hosts) dial(ctx context.Context, address string) error {
	connect := hs.connect
	if connect == nil {
		connect = tryConnect
	}
	err := errNoWayOut
	for _, limit := range hs.tries() {
		if limit = hs.left(limit); limit <= 0 {
			break
		}
		var took time.Duration
		if took, err = connect(ctx, address, limit); err == nil || ctx.Err() != nil {
			return err
		}
		hs.waste(took)
	}
	return err
}

// tries gives how long each try to connect to a further host may take.
func (hs *hosts) tries() []time.Duration {
	hs.mu.Lock()
	defer hs.mu.Unlock()
	switch {
	case hs.alive && hs.wasted >= hs.patience():
		return []time.Duration{hs.scaled(longDial)}
	case !hs.alive && hs.wasted >= hs.patience()/2:
		return []time.Duration{hs.scaled(shortDial)}
	}
	return []time.Duration{hs.scaled(firstDial), hs.scaled(secondDial)}
}

// reply gives how long the first answer of a host that accepts connections may take; nothing if it is not to be asked.
func (hs *hosts) reply() time.Duration {
	hs.mu.Lock()
	late := hs.alive && hs.wasted >= hs.patience()
	hs.mu.Unlock()
	if late {
		return hs.scaled(longReply)
	}
	return hs.left(hs.scaled(firstReply))
}

// left gives how much of limit may still be spent.
func (hs *hosts) left(limit time.Duration) time.Duration {
	hs.mu.Lock()
	defer hs.mu.Unlock()
	if hs.alive {
		return limit
	}
	return min(limit, hs.patience()-hs.wasted)
}

func (hs *hosts) patience() time.Duration {
	if hs.limit > 0 {
		return hs.limit
	}
	return Patience
}

// scaled gives a bound that is meant for Patience as it is for the patience that there is.
func (hs *hosts) scaled(d time.Duration) time.Duration {
	return time.Duration(float64(d) * float64(hs.patience()) / float64(Patience))
}

func (hs *hosts) waste(took time.Duration) {
	hs.mu.Lock()
	hs.wasted += took
	hs.mu.Unlock()
}

func tryConnect(ctx context.Context, address string, limit time.Duration) (time.Duration, error) {
	start := time.Now()
	d := net.Dialer{Timeout: limit}
	conn, err := d.DialContext(ctx, "tcp", address)
	if err == nil {
		err = conn.Close()
	}
	return time.Since(start), err
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
