package gittest

import (
	"net/http"
	"net/http/cgi"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/mainstay-oss/mainstay/internal/need"
)

// A Server serves bare repositories over HTTP on the loopback interface, with partial clone enabled.
type Server struct {
	URL string // without a slash at the end; a repository is at URL/<path below the root>

	mu       sync.Mutex
	requests []string
	hold     func(*http.Request) // called before a request is answered
}

// Serve starts a server for the repositories below root; it ends with the test. Options are lines of git configuration for the server, such as
// "uploadpack.allowFilter=false"; they override partial clone.
func Serve(t testing.TB, root string, options ...string) *Server {
	t.Helper()
	program := need.Git(t)
	out, err := exec.Command(program, "--exec-path").Output()
	if err != nil {
		t.Fatalf("gittest: %v", err)
	}
	root, err = filepath.Abs(root)
	if err != nil {
		t.Fatalf("gittest: %v", err)
	}
	settings := append([]string{
		"uploadpack.allowFilter=true", "uploadpack.allowAnySHA1InWant=true", "safe.directory=*", "gc.auto=0",
	}, options...)
	var config []string
	for _, setting := range settings {
		// The form of GIT_CONFIG_PARAMETERS is what git -c makes of its arguments.
		config = append(config, "'"+setting+"'")
	}
	handler := &cgi.Handler{
		Path: filepath.Join(strings.TrimSpace(string(out)), "git-http-backend"),
		Root: "/",
		Env: []string{
			"GIT_PROJECT_ROOT=" + root, "GIT_HTTP_EXPORT_ALL=1", "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null",
			"GIT_CONFIG_PARAMETERS=" + strings.Join(config, " "),
		},
		Stderr: silent{},
	}
	s := &Server{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.requests = append(s.requests, r.Method+" "+r.URL.RequestURI())
		hold := s.hold
		s.mu.Unlock()
		if hold != nil {
			hold(r)
		}
		handler.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	s.URL = server.URL
	return s
}

// Requests gives the requests so far, as "METHOD path?query".
func (s *Server) Requests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.requests...)
}

// Hold has f called before each further request is answered; f may block until the request's context ends.
func (s *Server) Hold(f func(*http.Request)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hold = f
}

type silent struct{}

func (silent) Write(p []byte) (int, error) { return len(p), nil }
