package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mainstay-oss/mainstay/internal/gittest"
)

// atHome gives the run a home of its own in which git takes addresses of github.com from the given server, as a company
// with a mirror of it would set up.
func atHome(t *testing.T, server string) {
	t.Helper()
	home := t.TempDir()
	config := filepath.Join(home, "gitconfig")
	text := "[url \"" + server + "/github.com/\"]\n\tinsteadOf = https://github.com/\n"
	if err := os.WriteFile(config, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{
		"HOME": home, "XDG_CACHE_HOME": filepath.Join(home, "cache"), "XDG_CONFIG_HOME": filepath.Join(home, "config"),
		"GIT_CONFIG_GLOBAL": config, "GIT_CONFIG_NOSYSTEM": "1",
		"GOPROXY": "off", "GOMODCACHE": filepath.Join(home, "modules"), "LANG": "C", "MAINSTAY_TODAY": "2025-06-15",
	} {
		t.Setenv(name, value)
	}
}

const shopModule = `module example.org/shop

require (
	github.com/acme/pump v1.2.0
	github.com/acme/valve v0.3.0
	github.com/acme/gone v1.0.0
)
`

func shop(t *testing.T) (root, project string) {
	t.Helper()
	root, project = t.TempDir(), t.TempDir()
	gittest.BuildAt(t, filepath.Join(root, "github.com/acme/pump.git"), `
		2021-01-01 Ada <ada@example.org> repeat 180 every 9d
		tag v1.2.0
		pull 3 2025-05-01 Bob <bob@example.org>
	`)
	gittest.BuildAt(t, filepath.Join(root, "github.com/acme/valve.git"), `
		2021-01-01 Ada <ada@example.org> repeat 115 every 14d
		2021-01-02 Bob <bob@example.org> repeat 115 every 14d
		2021-01-03 Cho <cho@example.org> repeat 115 every 14d
	`)
	if err := os.WriteFile(filepath.Join(project, "go.mod"), []byte(shopModule), 0o644); err != nil {
		t.Fatal(err)
	}
	return root, project
}

// TestFromLockfileToPage is the whole way with nothing but a git host: clone over HTTP as partial clones, measure, write
// the page; then again, with what was fetched before; then offline, with no request at all.
func TestFromLockfileToPage(t *testing.T) {
	root, project := shop(t)
	server := gittest.Serve(t, root)
	atHome(t, server.URL)
	page := filepath.Join(t.TempDir(), "report.html")

	var stdout, stderr bytes.Buffer
	if code := run([]string{"scan", project, "-o", page}, strings.NewReader(""), &stdout, &stderr); code != exitDone {
		t.Fatalf("exit code %d: %s", code, &stderr)
	}
	html, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"<svg", "github.com/acme/pump", "github.com/acme/valve"} {
		if !bytes.Contains(html, []byte(want)) {
			t.Errorf("the page does not hold %s", want)
		}
	}

	doc := answer(t, "scan", project)
	var gone bool
	for _, g := range doc.Gaps {
		gone = gone || g.Kind == "vanished" && g.What == "github.com/acme/gone"
	}
	if !gone {
		t.Errorf("the repository that is gone is no gap: %+v", doc.Gaps)
	}
	for _, u := range doc.Upstreams {
		if u.ID == "github.com/acme/pump" {
			if u.Vitals == nil || u.Vitals.PullsOpened12m == nil || *u.Vitals.PullsOpened12m != 1 {
				t.Errorf("the pull heads of an upstream that is shown first were not read: %+v", u.Vitals)
			}
		}
	}

	before := len(server.Requests())
	offline := answer(t, "scan", project, "--offline")
	if n := len(server.Requests()) - before; n != 0 {
		t.Errorf("--offline sent %d requests", n)
	}
	if offline.Summary.Ranked != 2 {
		t.Errorf("%d upstreams ranked from the cache, want 2", offline.Summary.Ranked)
	}
}

// TestDryRunSendsNothing counts the requests.
func TestDryRunSendsNothing(t *testing.T) {
	root, project := shop(t)
	server := gittest.Serve(t, root)
	atHome(t, server.URL)
	var stdout, stderr bytes.Buffer
	if code := run([]string{"scan", project, "--dry-run"}, strings.NewReader(""), &stdout, &stderr); code != exitDone {
		t.Fatalf("exit code %d: %s", code, &stderr)
	}
	if n := len(server.Requests()); n != 0 {
		t.Errorf("--dry-run sent %d requests", n)
	}
	if !strings.Contains(stdout.String(), "github.com") {
		t.Errorf("no host is named:\n%s", &stdout)
	}
}
