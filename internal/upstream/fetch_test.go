package upstream

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func (w *world) get(t *testing.T, r *Resolver, url string) (response, error) {
	t.Helper()
	return r.fetch.get(t.Context(), request{url: url, limit: 1000})
}

// An answer is kept, counts for a day, and is then asked for again with what the server gave to compare it by.
func TestCacheRevalidates(t *testing.T) {
	t.Parallel()
	w := newWorld("")
	full, unchanged := 0, 0
	w.hook["a.example"] = func(out http.ResponseWriter, r *http.Request) {
		out.Header().Set("ETag", `"one"`)
		if r.Header.Get("If-None-Match") == `"one"` {
			unchanged++
			out.WriteHeader(http.StatusNotModified)
			return
		}
		full++
		fmt.Fprint(out, "body")
	}
	cache := t.TempDir()
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	get := func() {
		t.Helper()
		r := w.resolver(t, Config{Cache: cache})
		r.fetch.now = func() time.Time { return now }
		resp, err := w.get(t, r, "https://a.example/x")
		if err != nil || resp.status != 200 || string(resp.body) != "body" {
			t.Fatalf("%+v, %v", resp, err)
		}
	}
	for _, c := range []struct {
		after           time.Duration
		full, unchanged int
	}{{0, 1, 0}, {time.Hour, 1, 0}, {24 * time.Hour, 1, 1}, {time.Hour, 1, 1}, {-48 * time.Hour, 1, 2}} {
		now = now.Add(c.after)
		get()
		if full != c.full || unchanged != c.unchanged {
			t.Fatalf("%s later: %d full answers and %d unchanged, want %d and %d", c.after, full, unchanged, c.full, c.unchanged)
		}
	}
	// Damaged entries are misses, and nothing half-written lies about.
	entries := 0
	err := filepath.WalkDir(cache, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			entries++
			return os.WriteFile(path, []byte("{\"url\":"), 0o600)
		}
		return err
	})
	if err != nil || entries != 1 {
		t.Fatalf("%d files in the cache, %v", entries, err)
	}
	get()
	if full != 2 {
		t.Fatalf("a damaged entry was used")
	}
}

func TestAbsenceIsKept(t *testing.T) {
	t.Parallel()
	w := newWorld("")
	r := w.resolver(t, Config{Cache: t.TempDir()})
	for range 3 {
		if resp, err := w.get(t, r, "https://a.example/x"); err != nil || resp.status != 404 {
			t.Fatalf("%+v, %v", resp, err)
		}
	}
	if n := len(w.sent()); n != 1 {
		t.Errorf("asked %d times", n)
	}
}

// An old answer is better than none when the host is gone.
func TestOldAnswerOfDeadHost(t *testing.T) {
	t.Parallel()
	w := newWorld("-- a.example/x --\nbody\n")
	r := w.resolver(t, Config{Cache: t.TempDir(), FreshFor: time.Nanosecond})
	if _, err := w.get(t, r, "https://a.example/x"); err != nil {
		t.Fatal(err)
	}
	r.fetch.host("a.example").close(errors.New("gone"))
	if resp, err := w.get(t, r, "https://a.example/x"); err != nil || string(resp.body) != "body\n" {
		t.Errorf("%+v, %v", resp, err)
	}
}

func TestHostsThatAskToWait(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name       string
		retryAfter string
		refusals   int
		slept      time.Duration
		requests   int
		refusal    int
		status     int // 0: the host is given up
	}{
		{"seconds", "3", 1, 3 * time.Second, 2, 503, 200},
		{"date", "Thu, 01 Jan 2026 00:00:05 GMT", 1, 5 * time.Second, 2, 429, 200},
		{"unsaid", "", 2, 3 * time.Second, 3, 429, 200},
		{"nonsense", "-7", 1, time.Second, 2, 503, 200},
		{"never content", "1", 99, 2 * time.Second, 3, 503, 503},
		{"always too many", "1", 99, 2 * time.Second, 3, 429, 0},
		{"an hour", "3600", 99, 0, 1, 503, 0},
	} {
		w := newWorld("")
		requests := 0
		w.hook["a.example"] = func(out http.ResponseWriter, _ *http.Request) {
			if requests++; requests <= c.refusals {
				out.Header().Set("Retry-After", c.retryAfter)
				out.WriteHeader(c.refusal)
			}
		}
		r := w.resolver(t, Config{})
		r.fetch.now = func() time.Time { return time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC) }
		var slept time.Duration
		r.fetch.sleep = func(_ context.Context, d time.Duration) error { slept += d; return nil }
		resp, err := w.get(t, r, "https://a.example/x")
		if resp.status != c.status || (err != nil) != (c.status == 0) || slept != c.slept || requests != c.requests {
			t.Errorf("%s: status %d, %v, slept %s, %d requests", c.name, resp.status, err, slept, requests)
		}
		if c.status == 0 {
			if _, err := w.get(t, r, "https://a.example/y"); !errors.Is(err, ErrUnreachable) || requests != c.requests {
				t.Errorf("%s: asked again: %v", c.name, err)
			}
		}
	}
}

// A host that asks to wait is left alone by all requests to it, and by those to no other.
func TestHostRestsForAll(t *testing.T) {
	t.Parallel()
	w := newWorld("-- b.example/x --\nbody\n")
	var refused sync.Once
	w.hook["a.example"] = func(out http.ResponseWriter, _ *http.Request) {
		refused.Do(func() {
			out.Header().Set("Retry-After", "7")
			out.WriteHeader(http.StatusTooManyRequests)
		})
	}
	r := w.resolver(t, Config{})
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	r.fetch.now = func() time.Time { return now }
	var slept []time.Duration
	r.fetch.sleep = func(_ context.Context, d time.Duration) error { slept = append(slept, d); return nil }
	for _, c := range []struct {
		after time.Duration
		url   string
		slept []time.Duration
	}{
		{0, "https://a.example/x", []time.Duration{7 * time.Second}},
		{2 * time.Second, "https://a.example/y", []time.Duration{5 * time.Second}},
		{0, "https://b.example/x", nil},
		{5 * time.Second, "https://a.example/z", nil},
	} {
		now, slept = now.Add(c.after), nil
		if resp, err := w.get(t, r, c.url); err != nil || resp.status != 200 || !slices.Equal(slept, c.slept) {
			t.Errorf("%s: %+v, %v, slept %v, want %v", c.url, resp, err, slept, c.slept)
		}
	}
}

// The same while many are under way at once: no more than the host's own number are refused, each once.
func TestHostRestsAmongMany(t *testing.T) {
	t.Parallel()
	w := newWorld("")
	var mu sync.Mutex
	clock, early, served, most := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), 0, 0, 0
	opens := clock.Add(7 * time.Second)
	under := 0
	w.hook["a.example"] = func(out http.ResponseWriter, _ *http.Request) {
		mu.Lock()
		under++
		most = max(most, under)
		open := !clock.Before(opens)
		if open {
			served++
		} else {
			early++
		}
		mu.Unlock()
		defer func() { mu.Lock(); under--; mu.Unlock() }()
		if !open {
			out.Header().Set("Retry-After", "7")
			out.WriteHeader(http.StatusServiceUnavailable)
		}
	}
	r := w.resolver(t, Config{})
	r.fetch.now = func() time.Time { mu.Lock(); defer mu.Unlock(); return clock }
	r.fetch.sleep = func(_ context.Context, d time.Duration) error {
		mu.Lock()
		defer mu.Unlock()
		if clock.Before(opens) {
			clock = clock.Add(d)
		}
		return nil
	}
	var g sync.WaitGroup
	for i := range 200 {
		g.Go(func() {
			resp, err := r.fetch.get(t.Context(), request{url: fmt.Sprintf("https://a.example/%d", i), limit: 10})
			if err != nil || resp.status != 200 {
				t.Errorf("%d: %+v, %v", i, resp, err)
			}
		})
	}
	g.Wait()
	if early > perHost || served != 200 || most > perHost {
		t.Errorf("%d requests were refused, %d served, %d at once", early, served, most)
	}
}

// A refusal first, the answer then, and later only whether it has changed, by its date where the server gives nothing else.
func TestRefusedThenUnchanged(t *testing.T) {
	t.Parallel()
	w := newWorld("")
	const changed = "Mon, 06 Jan 2025 10:00:00 GMT"
	var told []string
	w.hook["a.example"] = func(out http.ResponseWriter, r *http.Request) {
		told = append(told, strings.TrimSpace(r.Header.Get("User-Agent")+" "+r.Header.Get("If-Modified-Since")))
		switch len(told) {
		case 1:
			out.WriteHeader(http.StatusTooManyRequests)
		case 2:
			out.Header().Set("Last-Modified", changed)
			fmt.Fprint(out, "body")
		default:
			out.WriteHeader(http.StatusNotModified)
		}
	}
	cache := t.TempDir()
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for range 2 {
		r := w.resolver(t, Config{Cache: cache, Version: "v1.2.3"})
		r.fetch.now = func() time.Time { return now }
		resp, err := w.get(t, r, "https://a.example/x")
		if err != nil || resp.status != 200 || string(resp.body) != "body" || !resp.at.Equal(now) {
			t.Fatalf("%+v, %v", resp, err)
		}
		now = now.Add(25 * time.Hour)
	}
	agent := "mainstay/v1.2.3 (+https://github.com/mainstay-oss/mainstay)"
	if diff := cmp.Diff([]string{agent, agent, agent + " " + changed}, told); diff != "" {
		t.Error(diff)
	}
}

func TestRedirects(t *testing.T) {
	t.Parallel()
	w := newWorld("-- b.example/end --\nend\n-- a.example/end --\nend\n-- sub.a.example/end --\nend\n")
	to := map[string]string{"/other": "https://b.example/end", "/same": "/end", "/sub": "https://sub.a.example/end", "/plain": "http://b.example/end", "/loop": "/loop",
		"/file": "file:///etc/passwd", "/inside": "https://127.0.0.1/end", "/name": "https://localhost/end"}
	w.hook["a.example"] = func(out http.ResponseWriter, r *http.Request) {
		if target := to[r.URL.Path]; target != "" {
			http.Redirect(out, r, target, http.StatusFound)
			return
		}
		fmt.Fprintln(out, "end")
	}
	for path, ok := range map[string]bool{"/other": true, "/same": true, "/sub": true, "/plain": false, "/loop": false, "/file": false, "/inside": false, "/name": false} {
		r := w.resolver(t, Config{})
		resp, err := r.fetch.get(t.Context(), request{url: "https://a.example" + path, auth: "Bearer s3cret", limit: 1000})
		if (err == nil) != ok || ok && string(resp.body) != "end\n" {
			t.Errorf("%s: %+v, %v", path, resp, err)
		}
	}
	for name, auth := range w.auth {
		if (auth != "") != strings.HasPrefix(name, "a.example/") {
			t.Errorf("%s was sent credentials %q", name, auth)
		}
	}
	if len(w.auth) < 3 {
		t.Errorf("saw only %v", w.auth)
	}
}

func TestLargeBodies(t *testing.T) {
	t.Parallel()
	w := newWorld("")
	var b bytes.Buffer // made before anybody waits for it
	z := gzip.NewWriter(&b)
	_, _ = z.Write(make([]byte, 10<<20)) // 10 kB on the wire
	z.Close()
	w.hook["a.example"] = func(out http.ResponseWriter, _ *http.Request) {
		out.Header().Set("Content-Encoding", "gzip")
		_, _ = out.Write(b.Bytes())
	}
	r := w.resolver(t, Config{})
	if _, err := w.get(t, r, "https://a.example/x"); !errors.Is(err, errTooLarge) {
		t.Errorf("got %v", err)
	}
	resp, err := r.fetch.get(t.Context(), request{url: "https://a.example/x", limit: 1000, firstPart: true})
	if err != nil || len(resp.body) != 1000 {
		t.Errorf("%d bytes, %v", len(resp.body), err)
	}
}

func TestPrivateRanges(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255",
		"::1", "::", "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "ff02::1"} {
		if !private(netip.MustParseAddr(s)) {
			t.Errorf("%s counts as public", s)
		}
	}
	for _, s := range []string{"140.82.112.3", "1.1.1.1", "2606:4700::1111", "::ffff:140.82.112.3"} {
		if private(netip.MustParseAddr(s)) {
			t.Errorf("%s counts as private", s)
		}
	}
}
