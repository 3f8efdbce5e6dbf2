package history

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/mainstay-oss/mainstay/internal/gittest"
)

// Whether the host in an upstream's name is asked for its history, by git's settings and by what is at hand.
func TestFetches(t *testing.T) {
	settings := filepath.Join(t.TempDir(), "gitconfig")
	t.Setenv("GIT_CONFIG_GLOBAL", settings)
	t.Setenv("GIT_CONFIG_NOSYSTEM", "1")
	mirrors := t.TempDir()
	gittest.BuildAt(t, filepath.Join(mirrors, "github.com", "acme", "mirrored.git"), "2020-01-02 Ada <a@example.org> repeat 3\n")
	for _, c := range []struct{ settings, upstream, want string }{
		{"", "github.com/acme/pump", "fetched"},
		{"", "github.com/Acme/Pump", "fetched"},
		{"", "github.com/acme/mirrored", ""},
		{"", "not an id", ""},
		{"[user]\n\tname = Ada\n", "github.com/acme/pump", "fetched"},
		{"[url \"https://mirror.example/\"]\n\tinsteadOf = https://github.com/\n", "github.com/acme/pump", ""},
		{"[url \"https://mirror.example/\"]\n\tinsteadOf = https://github.com/\n", "gitlab.com/acme/pump", "fetched"},
		{"[url \"https://mirror.example/\"]\n\tinsteadOf = https://github.com/Acme/\n", "github.com/acme/pump", ""},
		{"[url \"/srv/mirror/\"]\n\tinsteadOf = https://github.com/\n", "github.com/acme/pump", ""},
		// The same host by another way, and a longer rule that leads back to it.
		{"[url \"git@github.com:\"]\n\tinsteadOf = https://github.com/\n", "github.com/acme/pump", "fetched"},
		{"[url \"ssh://git@github.com/\"]\n\tinsteadOf = https://github.com/\n", "github.com/acme/pump", "fetched"},
		{"[url \"https://mirror.example/\"]\n\tinsteadOf = https://\n[url \"https://github.com/acme/\"]\n\tinsteadOf = https://github.com/acme/\n", "github.com/acme/pump", "fetched"},
		{"[http]\n\tproxy = http://proxy.example:8080\n", "github.com/acme/pump", ""},
		{"[http \"https://github.com\"]\n\tproxy = http://proxy.example:8080\n", "github.com/acme/pump", ""},
		{"[http\n", "github.com/acme/pump", ""}, // git does not run
	} {
		if err := os.WriteFile(settings, []byte(c.settings), 0o644); err != nil {
			t.Fatal(err)
		}
		f := NewFinder(Config{CacheDir: t.TempDir(), Mirrors: []string{mirrors}})
		if got := f.Fetches(c.upstream); got != (c.want != "") {
			t.Errorf("%s with %q: %v", c.upstream, c.settings, got)
		}
	}
	if NewFinder(Config{}).Fetches("github.com/acme/pump") {
		t.Error("fetched without a folder to keep it in")
	}
}

// What was fetched a moment ago is at hand.
func TestFetchesOnce(t *testing.T) {
	t.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
	root := t.TempDir()
	gittest.BuildAt(t, filepath.Join(root, "pump.git"), "2020-01-02 Ada <a@example.org> repeat 3\n")
	c := Config{CacheDir: t.TempDir()}
	f := NewFinder(c)
	before := f.Fetches("github.com/acme/pump")
	if _, err := f.Find(t.Context(), "github.com/acme/pump", gittest.Serve(t, root).URL+"/pump.git"); err != nil {
		t.Fatal(err)
	}
	if after := NewFinder(c).Fetches("github.com/acme/pump"); !before || after {
		t.Errorf("fetched before %v, after %v", before, after)
	}
}
