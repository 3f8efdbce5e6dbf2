package upstream

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"
)

// A world is an internet of a few hosts on the loopback: https://HOST/PATH answers with the file HOST/PATH of a txtar text,
// everything else with 404. It counts requests.
type world struct {
	files map[string]string
	hook  map[string]http.HandlerFunc // by host, instead of files

	mu       sync.Mutex
	requests []string // HOST/PATH?QUERY in the order in which they came
	auth     map[string]string
}

func newWorld(text string) *world {
	w := &world{files: make(map[string]string), hook: make(map[string]http.HandlerFunc), auth: make(map[string]string)}
	for _, f := range txtar.Parse([]byte(text)).Files {
		w.files[f.Name] = string(f.Data)
	}
	return w
}

func (w *world) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	name := r.Host + r.URL.RequestURI()
	w.mu.Lock()
	w.requests = append(w.requests, name)
	w.auth[name] = r.Header.Get("Authorization")
	w.mu.Unlock()
	if h := w.hook[r.Host]; h != nil {
		h(out, r)
		return
	}
	if body, ok := w.files[name]; ok {
		_, _ = out.Write([]byte(body))
		return
	}
	http.NotFound(out, r)
}

func (w *world) sent() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Sorted(slices.Values(w.requests))
}

// resolver makes a resolver whose every connection ends in the world; nothing of the machine's own configuration counts.
func (w *world) resolver(t testing.TB, c Config) *Resolver {
	t.Helper()
	server := httptest.NewUnstartedServer(w)
	server.EnableHTTP2 = true
	server.StartTLS()
	t.Cleanup(server.Close)
	r := bareResolver(t, c)
	tr := r.fetch.client.Transport.(*http.Transport)
	tr.TLSClientConfig = &tls.Config{InsecureSkipVerify: true}
	tr.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, network, server.Listener.Addr().String())
	}
	r.fetch.sleep = func(ctx context.Context, _ time.Duration) error { return ctx.Err() }
	return r
}

// bareResolver makes a resolver with an environment of its own.
func bareResolver(t testing.TB, c Config) *Resolver {
	t.Helper()
	if c.Environ == nil {
		c.Environ = []string{}
	}
	c.etc = t.TempDir()
	c.Environ = append([]string{"HOME=" + t.TempDir(), "GOROOT=" + t.TempDir(), "MAVEN_HOME=" + t.TempDir()}, c.Environ...)
	if c.Run == nil {
		c.Run = func(context.Context, string, ...string) (string, error) { return "", errors.New("no programs here") }
	}
	r, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	return r
}

func write(t *testing.T, path, text string) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}
