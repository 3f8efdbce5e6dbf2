package history

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mainstay-oss/mainstay/internal/gap"
	"github.com/mainstay-oss/mainstay/internal/gittest"
)

// TestLocalGitReachesNothing: in a treeless clone a local command meets missing objects, and may not fetch them even if the
// user's configuration and environment allow every transport. Not parallel: it sets the environment.
func TestLocalGitReachesNothing(t *testing.T) {
	root := t.TempDir()
	gittest.BuildAt(t, filepath.Join(root, "acme", "pump.git"), "file pump.c\n| a pump\n2020-01-02 Ada <a@example.org>\n")
	server := gittest.Serve(t, root)
	f := NewFinder(Config{CacheDir: t.TempDir()})
	if _, err := f.Find(t.Context(), "github.com/acme/pump", server.URL+"/acme/pump.git"); err != nil {
		t.Fatal(err)
	}
	settings := filepath.Join(t.TempDir(), "gitconfig")
	if err := os.WriteFile(settings, []byte("[protocol \"http\"]\n\tallow = always\n[protocol]\n\tallow = always\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Setenv("GIT_CONFIG_GLOBAL", settings)
	t.Setenv("GIT_ALLOW_PROTOCOL", "http:https")
	t.Setenv("GIT_NO_LAZY_FETCH", "0")
	t.Setenv("GIT_DIR", filepath.Join(root, "nowhere")) // as in a hook
	t.Setenv("GIT_WORK_TREE", root)
	dir := f.entry("github.com/acme/pump")
	requests := len(server.Requests())

	out, err := runGit(t.Context(), gitLocal(t.Context(), dir, "log", "--format=%an"), "log", 100)
	if err != nil || string(out) != "Ada\n" {
		t.Errorf("log: %q, %v", out, err)
	}
	if _, err := runGit(t.Context(), gitLocal(t.Context(), dir, "cat-file", "-p", "HEAD:pump.c"), "cat-file", 100); err == nil {
		t.Error("an object that is not there was read")
	}
	if n := len(server.Requests()); n != requests {
		t.Errorf("%d requests", n-requests)
	}
	if _, err := runGit(t.Context(), gitLocal(t.Context(), dir, "log"), "log", 10); !errors.Is(err, errOutputTooLong) {
		t.Errorf("ten bytes of a log: %v", err)
	}
}

// TestPasswords: what a credential helper knows is used; nobody is asked.
func TestPasswords(t *testing.T) {
	root, home := t.TempDir(), t.TempDir()
	gittest.BuildAt(t, filepath.Join(root, "acme", "pump.git"), "2020-01-02 Ada <a@example.org>\n")
	target, err := url.Parse(gittest.Serve(t, root).URL)
	if err != nil {
		t.Fatal(err)
	}
	behind := httputil.NewSingleHostReverseProxy(target)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if user, password, _ := r.BasicAuth(); user != "ada" || password != "secret" {
			w.Header().Set("WWW-Authenticate", `Basic realm="private"`)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		behind.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	asked := filepath.Join(home, "asked")
	program := filepath.Join(home, "ask")
	if err := os.WriteFile(program, []byte("#!/bin/sh\ntouch '"+asked+"'\necho secret\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	settings := filepath.Join(home, "gitconfig")
	t.Setenv("GIT_CONFIG_GLOBAL", settings)
	t.Setenv("GIT_ASKPASS", program)
	t.Setenv("SSH_ASKPASS", program)
	t.Setenv("DISPLAY", ":0")
	find := func(config string) error {
		if err := os.WriteFile(settings, []byte("[core]\n\taskPass = "+program+"\n"+config), 0o644); err != nil {
			t.Fatal(err)
		}
		_, err := NewFinder(Config{CacheDir: t.TempDir()}).Find(t.Context(), "github.com/acme/pump", server.URL+"/acme/pump.git")
		return err
	}
	var e *Error
	if err := find(""); !errors.As(err, &e) || e.Kind != gap.Vanished {
		t.Errorf("without a helper: %v", err)
	}
	if err := find("[credential]\n\thelper = \"!f() { echo username=ada; echo password=secret; }; f\"\n"); err != nil {
		t.Errorf("with a helper: %v", err)
	}
	if _, err := os.Stat(asked); err == nil {
		t.Error("somebody was asked for a password")
	}
	// Another address for the host is the user's business, and reached.
	if err := find("[credential]\n\thelper = \"!f() { echo username=ada; echo password=secret; }; f\"\n[url \"" + server.URL + "/\"]\n\tinsteadOf = https://github.com/\n"); err != nil {
		t.Error(err)
	}
}

// TestSSH: the user's ssh command is used, and gets no option in place of a host.
func TestSSH(t *testing.T) {
	root := t.TempDir()
	gittest.BuildAt(t, filepath.Join(root, "pump.git"), "2020-01-02 Ada <a@example.org> repeat 3\n")
	program := filepath.Join(t.TempDir(), "ssh")
	if err := os.WriteFile(program, []byte("#!/bin/sh\nshift\nexec sh -c \"$1\"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("GIT_SSH_COMMAND", program)
	t.Setenv("GIT_SSH_VARIANT", "simple")
	f := NewFinder(Config{CacheDir: t.TempDir()})
	h, err := f.Find(t.Context(), "github.com/acme/pump", "ssh://git@forge.example"+filepath.ToSlash(root)+"/pump.git")
	if err != nil || len(h.Commits) != 3 {
		t.Errorf("%v", err)
	}
}

// TestGitEndsWithContext: cancellation ends git and what it started.
func TestGitEndsWithContext(t *testing.T) {
	t.Parallel()
	dir := gittest.Build(t, "2020-01-02 Ada <a@example.org>\n")
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	cmd := gitLocal(ctx, dir, "cat-file", "--batch") // waits for input without end
	cmd.Stdin = r
	defer w.Close()
	if _, err := runGit(ctx, cmd, "cat-file", 10); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
}

func TestNotOption(t *testing.T) {
	t.Parallel()
	for text, fine := range map[string]bool{"refs/heads/main": true, "-x": false, "--upload-pack=x": false, "": false, "a\nb": false, "a\x00b": false} {
		if err := notOption("reference", text); (err == nil) != fine || err != nil && !strings.Contains(err.Error(), "reference") {
			t.Errorf("%q: %v", text, err)
		}
	}
}
