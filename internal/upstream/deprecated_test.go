package upstream

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestDeprecatedUpstreams(t *testing.T) {
	t.Parallel()
	dead := func(upstream, text string) Resolution {
		return Resolution{Upstream: upstream, Facts: Facts{Deprecated: text, DeprecatedOn: "2025-03-01"}}
	}
	later := dead("github.com/a/one", "use valve")
	later.DeprecatedOn = "2025-05-01"
	part := dead("github.com/a/many", "use valve")
	part.Folder = "packages/pump"
	old := dead("github.com/a/goes-on", "use 2.0.0")
	old.DeprecatedAlone = true
	got := DeprecatedUpstreams(map[string]Resolution{
		"pkg:npm/pump@1.0.0":                     dead("github.com/a/one", "no longer supported"),
		"pkg:npm/pump@2.0.0":                     dead("github.com/a/one", "no longer supported"),
		"pkg:npm/valve@2.0.0":                    later,
		"pkg:npm/goes-on@1.0.0":                  old,
		"pkg:npm/alive@1.0.0":                    {Upstream: "github.com/a/half"},
		"pkg:npm/gone@1.0.0":                     dead("github.com/a/half", "gone"),
		"pkg:npm/part@1.0.0":                     part,
		"pkg:npm/old-name@1.0.0":                 dead("github.com/a/renamed", "Package renamed to @a/new-name"),
		"pkg:golang/example.org/y@v1.2.0":        dead("github.com/x/y", "use github.com/x/y/v2 instead."),
		"pkg:golang/example.org/z@v1.2.0":        {Upstream: "github.com/x/z"},
		"pkg:golang/example.org/z@v1.3.0":        dead("github.com/x/z", "no successor"),
		"pkg:npm/unknown@1.0.0":                  {Facts: Facts{Deprecated: "gone", DeprecatedOn: "2025-03-01"}},
		"pkg:golang/github.com/x/elsewhere@v1.0": dead("github.com/x/elsewhere", "This has moved to a new place"),
	})
	want := Notices{
		"github.com/a/one": {{Kind: Deprecated, Date: "2025-05-01", Source: "pkg:npm/valve", Text: "use valve"}},
		"github.com/x/z":   {{Kind: Deprecated, Date: "2025-03-01", Source: "pkg:golang/example.org/z", Text: "no successor"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestRegistriesSayDeprecated: what a registry says of the latest version comes with the resolution, dated by when it said so,
// and is asked for by no request of its own.
func TestRegistriesSayDeprecated(t *testing.T) {
	t.Parallel()
	w := newWorld(`
-- registry.example/pump/latest --
{"repository": "github:acme/pump", "deprecated": "no longer\n supported"}
-- registry.example/valve/latest --
{"repository": "github:acme/valve", "deprecated": ""}
-- registry.example/hose/latest --
{"repository": "github:acme/hose", "deprecated": true}
-- proxy.example/corp.example/tap/@v/v1.0.0.mod --
// Deprecated: use corp.example/spout.
module corp.example/tap
-- proxy.example/corp.example/tap/@v/v1.0.0.info --
{"Version": "v1.0.0", "Origin": {"VCS": "git", "URL": "https://github.com/acme/tap"}}
`)
	cache := t.TempDir()
	env := []string{"GOPROXY=https://proxy.example", "npm_config_registry=https://registry.example", "GOMODCACHE=" + t.TempDir()}
	queries := []Query{{PURL: "pkg:npm/pump@1.0.0"}, {PURL: "pkg:npm/valve@1.0.0"}, {PURL: "pkg:npm/hose@1.0.0"},
		{PURL: "pkg:golang/corp.example/tap@v1.0.0", Name: "corp.example/tap", Version: "v1.0.0"}}
	check := func(r *Resolver, day string) {
		t.Helper()
		if _, err := r.GoMod(t.Context(), "corp.example/tap", "v1.0.0"); err != nil {
			t.Fatal(err)
		}
		got, gaps := r.Resolve(t.Context(), queries)
		if len(gaps) > 0 {
			t.Fatal(gaps)
		}
		for purl, want := range map[string][2]string{
			"pkg:npm/pump@1.0.0": {"no longer supported", day}, "pkg:npm/valve@1.0.0": {"", ""}, "pkg:npm/hose@1.0.0": {"deprecated", day},
			"pkg:golang/corp.example/tap@v1.0.0": {"use corp.example/spout.", day},
		} {
			if res := got[purl]; [2]string{res.Deprecated, res.DeprecatedOn} != want {
				t.Errorf("%s: %q %q, want %q", purl, res.Deprecated, res.DeprecatedOn, want)
			}
		}
	}
	first := w.resolver(t, Config{Cache: cache, Environ: env})
	first.fetch.now = func() time.Time { return time.Date(2025, 3, 4, 5, 6, 7, 0, time.UTC) }
	check(first, "2025-03-04")
	if n := len(w.sent()); n != 5 {
		t.Errorf("%d requests: %q", n, w.sent())
	}
	// What the cache holds is as old as it is.
	second := w.resolver(t, Config{Cache: cache, Environ: env, Offline: true})
	second.fetch.now = func() time.Time { return time.Date(2025, 8, 4, 5, 6, 7, 0, time.UTC) }
	check(second, "2025-03-04")
}

func TestModuleTime(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "v1.0.0.mod"), "module m\n")
	if at := moduleTime(filepath.Join(dir, "v1.0.0")); at.IsZero() {
		t.Error("a file has no date")
	}
	write(t, filepath.Join(dir, "v1.0.0.info"), `{"Version":"v1.0.0","Time":"2021-02-03T04:05:06Z"}`)
	if at := moduleTime(filepath.Join(dir, "v1.0.0")); at.Format(time.RFC3339) != "2021-02-03T04:05:06Z" {
		t.Error(at)
	}
	if at := moduleTime(filepath.Join(dir, "v2.0.0")); !at.IsZero() {
		t.Error(at)
	}
}
