package upstream

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/http/httpproxy"
)

// Patience is how long hosts that do not answer may be waited for, all together and overlaps counted once. No new host is
// tried after that. With what package history allows for git hosts it stays below ten seconds.
const Patience = 4500 * time.Millisecond

// Limits of what a registry may cost.
const (
	laterAnswer     = 20 * time.Second // for a whole request once the host has answered
	longestWait     = 10 * time.Second // that a host may ask for with Retry-After
	perHost         = 8                // requests at once
	maxFailures     = 2                // connections that a host may fail in a row
	maxAttempts     = 3                // times one request is sent, if the host asks to wait
	maxRedirects    = 5
	defaultFreshFor = 24 * time.Hour
)

var (
	// ErrOffline says that an answer would need the network, and none may be used.
	ErrOffline = errors.New("needs the network, and nothing may be sent")
	// ErrUnreachable says that a host refused connections or did not answer.
	ErrUnreachable = errors.New("host unreachable")
	// ErrNotFound says that every place asked knows nothing of it.
	ErrNotFound = errors.New("not found")

	errTooLarge = errors.New("larger than any real one")
	errRedirect = errors.New("redirect refused")
)

// A hostError is a failure of a host, not of one request.
type hostError struct {
	host  string
	cause error
}

func (e *hostError) Error() string { return fmt.Sprintf("%s: %v: %v", e.host, ErrUnreachable, e.cause) }

// Unwrap leaves the cause out: a timeout of the network calls itself context.DeadlineExceeded, and is no end of the caller's.
func (e *hostError) Unwrap() error { return ErrUnreachable }

// A request is a GET. It carries no more than an address: what is asked for, and what the user's configuration gives to
// authenticate with.
type request struct {
	url       string        // without credentials
	accept    string        // media types, may be empty
	auth      string        // value of the Authorization header, may be empty
	limit     int64         // bytes of the body
	firstPart bool          // a body over the limit is cut instead of refused
	forever   bool          // an answer never changes once it is there
	look      bool          // the answer is its status and, where it sends elsewhere, that address: no body is read, nothing is followed
	keep      time.Duration // how long an answer counts without asking again, if not as long as others
	shared    bool          // many packages need it: it is asked for once a run, also where nothing is kept
}

// A response has status 200 and a body, or another status and none; of one that was looked at only, the body is where it sends.
type response struct {
	status int
	body   []byte
	at     time.Time // when it was given

	modified string // Last-Modified, as the host wrote it
}

// fetcher sends requests to registries, politely and within bounds.
type fetcher struct {
	client  *http.Client
	cache   diskCache
	offline bool
	fresh   time.Duration
	agent   string // tells hosts who asks
	now     func() time.Time
	sleep   func(context.Context, time.Duration) error
	allowed func(host string) bool // whether the host may have a private address

	patience    time.Duration // for all hosts that do not answer
	connect     time.Duration // of it, for one connection, names resolved
	firstAnswer time.Duration // of it, to the first header of a host that has not answered before
	leastTry    time.Duration // of it, with less than which a host is not tried: it would look dead however well it is

	mu        sync.Mutex
	hosts     map[string]*host
	calls     map[string]*sharedCall // by address
	dead      time.Duration          // waited in vain, overlaps counted once
	deadUntil time.Time              // end of the last wait in vain
}

func newFetcher(c Config, env environment, allowed func(host string) bool) *fetcher {
	proxy := httpproxy.Config{
		HTTPProxy:  either(env.get("HTTP_PROXY"), env.get("http_proxy")),
		HTTPSProxy: either(env.get("HTTPS_PROXY"), env.get("https_proxy")),
		NoProxy:    either(env.get("NO_PROXY"), env.get("no_proxy")),
	}
	proxies := make(map[string]bool)
	for _, p := range []string{proxy.HTTPProxy, proxy.HTTPSProxy} {
		if !strings.Contains(p, "://") {
			p = "http://" + p
		}
		if u, err := url.Parse(p); err == nil && u.Hostname() != "" {
			proxies[u.Hostname()] = true
		}
	}
	proxyFor := proxy.ProxyFunc()
	f := &fetcher{
		cache: diskCache{c.Cache}, offline: c.Offline, agent: userAgent(c.Version), fresh: c.FreshFor, now: time.Now, sleep: sleep, allowed: allowed,
		patience: c.Patience, connect: c.Patience * 6 / 9, firstAnswer: c.Patience * 7 / 9, leastTry: c.Patience / 9,
		hosts: make(map[string]*host), calls: make(map[string]*sharedCall),
	}
	dial := guardedDial(f.connect, func(h string) bool { return proxies[h] || allowed(h) }, private)
	f.client = &http.Client{
		Transport: &http.Transport{
			Proxy:                  func(r *http.Request) (*url.URL, error) { return proxyFor(r.URL) },
			DialContext:            dial,
			TLSHandshakeTimeout:    f.connect,
			MaxResponseHeaderBytes: 64 << 10,
			MaxIdleConnsPerHost:    perHost,
			IdleConnTimeout:        30 * time.Second,
			ForceAttemptHTTP2:      true,
		},
		CheckRedirect: f.checkRedirect,
	}
	return f
}

// project is where whoever runs a host finds out who asks.
const project = "https://github.com/mainstay-oss/mainstay"

// userAgent tells hosts the program, its version and its project, and nothing of who runs it.
func userAgent(version string) string {
	name := "mainstay"
	if version != "" {
		name += "/" + version
	}
	return name + " (+" + project + ")"
}

func either(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// checkRedirect keeps credentials with the host that they were meant for, and requests on the way they were sent.
func (f *fetcher) checkRedirect(next *http.Request, via []*http.Request) error {
	first := via[0].URL
	switch {
	case len(via) > maxRedirects:
		return fmt.Errorf("%w: too many", errRedirect)
	case next.URL.Scheme != "https" && next.URL.Scheme != via[len(via)-1].URL.Scheme:
		return fmt.Errorf("%w: to %s", errRedirect, next.URL.Scheme)
	}
	if next.URL.Host != first.Host || next.URL.Scheme != first.Scheme {
		next.Header.Del("Authorization")
	}
	next.Header.Del("Referer")
	f.host(via[len(via)-1].URL.Host).answer()
	if err := f.checkLiteral(next.URL); err != nil {
		return err
	}
	if err := f.host(next.URL.Host).reason(); err != nil {
		return &hostError{next.URL.Host, err}
	}
	return nil
}

// checkLiteral refuses addresses that name a private place themselves; the dialler cannot see them behind an HTTP proxy.
func (f *fetcher) checkLiteral(u *url.URL) error {
	name := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	ip, err := netip.ParseAddr(name)
	if (err == nil && private(ip) || name == "localhost" || strings.HasSuffix(name, ".localhost")) && !f.allowed(u.Hostname()) {
		return fmt.Errorf("%s: %w", u.Hostname(), errPrivate)
	}
	return nil
}

func (f *fetcher) host(name string) *host {
	f.mu.Lock()
	defer f.mu.Unlock()
	h := f.hosts[name]
	if h == nil {
		h = newHost()
		f.hosts[name] = h
	}
	return h
}

// cached says whether a request needs the network, and gives the kept answer if not.
func (f *fetcher) cached(r request) (e entry, have, enough bool) {
	e, have = f.cache.get(r.url, r.limit)
	age, fresh := f.now().Sub(e.Fetched), f.fresh
	if r.keep > 0 {
		fresh = r.keep
	}
	enough = have && (f.offline || r.forever && e.Status == http.StatusOK || age >= 0 && age < fresh)
	return e, have, enough
}

// get answers a request from the cache, or from the network within bounds. When the host is gone or ctx has ended, a kept
// answer serves whatever its age. The error is ErrOffline, a *hostError, the
// context's, or one of this request alone.
func (f *fetcher) get(ctx context.Context, r request) (response, error) {
	if !r.shared {
		return f.getOne(ctx, r)
	}
	f.mu.Lock()
	call := f.calls[r.url]
	first := call == nil
	if first {
		call = &sharedCall{done: make(chan struct{})}
		f.calls[r.url] = call
	}
	f.mu.Unlock()
	if first {
		call.response, call.err = f.getOne(ctx, r)
		close(call.done)
	}
	select {
	case <-call.done:
		return call.response, call.err
	case <-ctx.Done():
		return response{}, ctx.Err()
	}
}

// A sharedCall is a request that many wait for.
type sharedCall struct {
	done     chan struct{} // closed when the rest is there
	response response
	err      error
}

func (f *fetcher) getOne(ctx context.Context, r request) (response, error) {
	old, have, enough := f.cached(r)
	if enough {
		return response{old.Status, old.Body, old.Fetched, old.LastModified}, nil
	}
	if f.offline {
		return response{}, ErrOffline
	}
	if err := ctx.Err(); err != nil {
		if have {
			return response{old.Status, old.Body, old.Fetched, old.LastModified}, nil
		}
		return response{}, err
	}
	u, err := url.Parse(r.url)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.User != nil {
		return response{}, errors.New("not an address to ask")
	}
	if err := f.checkLiteral(u); err != nil {
		return response{}, &hostError{u.Host, err}
	}
	resp, err := f.attempt(ctx, u, r, old, have)
	if err != nil && have && (ctx.Err() != nil || errors.Is(err, ErrUnreachable)) {
		return response{old.Status, old.Body, old.Fetched, old.LastModified}, nil // an old answer is better than none
	}
	return resp, err
}

func (f *fetcher) attempt(ctx context.Context, u *url.URL, r request, old entry, have bool) (response, error) {
	h := f.host(u.Host)
	for try := 1; ; try++ {
		leave, err := h.enter(ctx)
		if err != nil {
			if ctx.Err() != nil {
				return response{}, ctx.Err()
			}
			return response{}, &hostError{u.Host, err}
		}
		if rest := h.rest().Sub(f.now()); rest > 0 { // in its turn, so that as few as possible come at once afterwards
			if err := f.sleep(ctx, rest); err != nil {
				leave(false)
				return response{}, err
			}
		}
		known := h.hasAnswered()
		resp, wait, err := f.send(ctx, h, u, r, old, have)
		leave(errors.Is(err, ErrUnreachable))
		switch {
		case err != nil && known && try < maxFailures && errors.Is(err, ErrUnreachable):
			continue // the host was there a moment ago
		case err == nil && try == maxAttempts && resp.status == http.StatusTooManyRequests: // of all, and not this one
			err := fmt.Errorf("answers %d after waiting", resp.status)
			h.close(err)
			return response{}, &hostError{u.Host, err}
		case err != nil || wait < 0 || try == maxAttempts:
			return resp, err
		}
		if wait == 0 { // not told how long
			wait = time.Second << (try - 1)
		}
		if wait > longestWait {
			err := fmt.Errorf("answers %d and asks to wait %s", resp.status, wait)
			h.close(err)
			return response{}, &hostError{u.Host, err}
		}
		h.restUntil(f.now().Add(wait))
	}
}

// send sends a request once. wait is negative unless the host asks to come back later; it is 0 if it does not say when.
func (f *fetcher) send(parent context.Context, h *host, u *url.URL, r request, old entry, have bool) (_ response, wait time.Duration, err error) {
	ctx, cancel := context.WithCancel(parent)
	defer cancel()
	patience := laterAnswer
	if !h.hasAnswered() {
		left := f.patience - f.spent()
		if left < f.leastTry {
			err := fmt.Errorf("not tried: other unreachable hosts have cost %s already", (f.patience - left).Round(100*time.Millisecond))
			h.close(err)
			return response{}, -1, &hostError{u.Host, err}
		}
		patience = min(f.firstAnswer, left)
	}
	timer := time.AfterFunc(patience, cancel)
	defer timer.Stop()

	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return response{}, -1, err
	}
	req.Header.Set("User-Agent", f.agent)
	if r.accept != "" {
		req.Header.Set("Accept", r.accept)
	}
	if r.auth != "" {
		req.Header.Set("Authorization", r.auth)
	}
	if have && old.ETag != "" {
		req.Header.Set("If-None-Match", old.ETag)
	}
	if have && old.LastModified != "" {
		req.Header.Set("If-Modified-Since", old.LastModified)
	}
	start := time.Now()
	client := f.client
	if r.look {
		req.Header.Set("Git-Protocol", "version=2") // in it the body that nobody reads is short
		still := *f.client
		still.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		client = &still
	}
	resp, err := client.Do(req)
	if err != nil {
		return response{}, -1, f.failed(parent, u.Host, start, err)
	}
	defer resp.Body.Close()
	h.answer()
	timer.Reset(laterAnswer)

	switch resp.StatusCode {
	case http.StatusNotModified:
		if !have {
			return response{}, -1, errors.New("answers 304 to an unconditional request")
		}
		old.Fetched = f.now()
		f.cache.put(old)
		return response{old.Status, old.Body, f.now(), old.LastModified}, -1, nil
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		return response{status: resp.StatusCode}, f.retryAfter(resp.Header.Get("Retry-After")), nil
	}
	e := entry{URL: r.url, Status: resp.StatusCode, ETag: resp.Header.Get("ETag"), LastModified: resp.Header.Get("Last-Modified"), Fetched: f.now()}
	if r.look {
		if to := resp.Header.Get("Location"); resp.StatusCode/100 == 3 && int64(len(to)) <= r.limit {
			e.Body = []byte(to)
		}
		if resp.StatusCode < 500 {
			f.cache.put(e)
		}
		return response{status: e.Status, body: e.Body, at: e.Fetched}, -1, nil
	}
	switch resp.StatusCode {
	case http.StatusOK:
		if r.firstPart {
			e.Body, err = io.ReadAll(io.LimitReader(resp.Body, r.limit))
		} else {
			e.Body, err = readAll(resp.Body, r.limit)
		}
		if err != nil {
			if errors.Is(err, errTooLarge) {
				f.cache.put(entry{URL: r.url, Status: http.StatusRequestEntityTooLarge, Fetched: f.now()}) // the next run need not fetch it to know
				return response{}, -1, err
			}
			return response{}, -1, f.failed(parent, u.Host, start, err)
		}
		f.cache.put(e)
	case http.StatusNotFound, http.StatusGone:
		f.cache.put(e)
	}
	return response{e.Status, e.Body, f.now(), e.LastModified}, -1, nil
}

// retryAfter reads seconds or a date; 0 if neither.
func (f *fetcher) retryAfter(s string) time.Duration {
	if n, err := strconv.Atoi(s); err == nil && n >= 0 {
		return min(time.Duration(n), 1e6) * time.Second
	}
	if t, err := http.ParseTime(s); err == nil {
		return max(t.Sub(f.now()), 0)
	}
	return 0
}

// failed books a failed request on the host that failed, which after a redirect is not the one that was asked first.
func (f *fetcher) failed(parent context.Context, asked string, start time.Time, err error) error {
	if parent.Err() != nil {
		return parent.Err() // the caller lost patience, the host may be fine
	}
	if errors.Is(err, errRedirect) {
		return err
	}
	var ue *url.Error
	name := asked
	if errors.As(err, &ue) {
		if u, perr := url.Parse(ue.URL); perr == nil && u.Host != "" {
			name = u.Host
		}
		err = ue.Err
	}
	var he *hostError
	if errors.As(err, &he) {
		return he
	}
	if errors.Is(err, context.Canceled) {
		err = errors.New("no answer in time")
	}
	end := time.Now()
	f.mu.Lock()
	if start.Before(f.deadUntil) {
		start = f.deadUntil
	}
	if end.After(start) {
		f.dead += end.Sub(start)
		f.deadUntil = end
	}
	f.mu.Unlock()

	var dns *net.DNSError
	f.host(name).fail(err, errors.Is(err, errPrivate) || errors.As(err, &dns) && dns.IsNotFound)
	return &hostError{name, err}
}

func (f *fetcher) spent() time.Duration {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.dead
}
