package upstream

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// script writes a program for a Unix shell.
func script(t *testing.T, dir, name, text string) string {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("runs where there is a Unix shell")
	}
	path := write(t, filepath.Join(dir, name), "#!/bin/sh\n"+text)
	if err := os.Chmod(path, 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

// A program is run in an empty folder of its own, which is gone afterwards, with what keeps it from the network and from the
// configuration of projects.
func TestProgramsRunApart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	program := script(t, dir, "teller", `echo "args $*"; echo "folder $(pwd)"; echo "files $(ls -A)"; ls -ld . | cut -c1-10; env`)
	run := programRunner([]string{"PATH=" + os.Getenv("PATH"), "MINE=kept", "GOFLAGS=-mod=mod", "GOTOOLCHAIN=auto", "NPM_CONFIG_OFFLINE=false", "PWD=/elsewhere"}, time.Minute)
	out, err := run(t.Context(), program, "config", "get")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(out, "\n")
	folder, ok := strings.CutPrefix(lines[1], "folder ")
	if here, err := os.Getwd(); !ok || err != nil || folder == here || folder == filepath.Clean(os.TempDir()) {
		t.Errorf("ran in %q", folder)
	}
	if lines[0] != "args config get" || lines[2] != "files " || lines[3] != "drwx------" {
		t.Errorf("said %q", lines[:4])
	}
	if _, err := os.Stat(folder); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the folder is still there: %v", err)
	}
	for _, want := range []string{"MINE=kept", "PWD=" + folder, "GOTOOLCHAIN=local", "GOWORK=off", "GOFLAGS=", "GO111MODULE=off", "npm_config_global=true",
		"npm_config_offline=true", "npm_config_update_notifier=false", "NO_UPDATE_NOTIFIER=1", "COREPACK_ENABLE_NETWORK=0"} {
		name, _, _ := strings.Cut(want, "=")
		var got []string
		for _, line := range lines[4:] {
			if n, _, _ := strings.Cut(line, "="); strings.EqualFold(n, name) {
				got = append(got, line)
			}
		}
		if !slices.Equal(got, []string{want}) {
			t.Errorf("%s: the program got %q", want, got)
		}
	}
}

func TestProgramsAreNotWaitedForLong(t *testing.T) {
	t.Parallel()
	program := script(t, t.TempDir(), "sleeper", "exec sleep 60\n")
	start := time.Now()
	if _, err := programRunner(os.Environ(), 100*time.Millisecond)(t.Context(), program); err == nil {
		t.Error("no error")
	}
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("waited %s", took)
	}
}

// A project around the folder in which programs run does not decide what they say. Not parallel: it sets the environment.
func TestProgramsIgnoreProjects(t *testing.T) {
	around := t.TempDir()
	write(t, filepath.Join(around, "go.mod"), "module example.org/x\n\ngo 1.99\n\ntoolchain go1.99.1\n")
	write(t, filepath.Join(around, ".npmrc"), "registry=https://evil.example/\n")
	write(t, filepath.Join(around, "package.json"), `{"workspaces": ["*"], "packageManager": "npm@1.0.0"}`)
	t.Setenv("TMPDIR", around)
	environ := append(os.Environ(), "GOPROXY=", "GOENV=off", "HOME="+t.TempDir(), "npm_config_registry=")
	for _, c := range [][]string{{"go", "env", "GOPROXY"}, {"npm", "config", "get", "registry"}} {
		out, err := programRunner(environ, 30*time.Second)(t.Context(), c[0], c[1:]...)
		if err != nil {
			t.Logf("%s: %v", c[0], err) // it may not be installed
			continue
		}
		if out == "" || strings.Contains(out, "evil") {
			t.Errorf("%s says %q", c[0], out)
		}
	}
}

// Offline no program is started; what it said when it last was asked counts. Not parallel: it sets the environment.
func TestOfflineStartsNothing(t *testing.T) {
	bin, cache := t.TempDir(), t.TempDir()
	marks := filepath.Join(bin, "started")
	script(t, bin, "npm", "echo npm >> '"+marks+"'; echo https://registry.example/\n")
	script(t, bin, "go", "echo go >> '"+marks+"'; echo https://proxy.example,direct\n")
	t.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	environ := []string{"HOME=" + t.TempDir(), "GOROOT=" + t.TempDir(), "PATH=" + os.Getenv("PATH")}
	queries := []Query{gomod("go.one.example/lib", "v1.0.0"), npm("object", "1.0.0", "")}
	started := func() string {
		b, _ := os.ReadFile(marks)
		return strings.Join(slices.Sorted(slices.Values(strings.Fields(string(b)))), " ")
	}
	resolve := func(offline bool, w *world) (map[string]Resolution, []gap.Gap) {
		r := w.resolver(t, Config{Offline: offline, Cache: cache, Environ: environ, Run: programRunner(environ, time.Minute)})
		if r.Plan(queries); offline {
			r.PlanGoMod("go.one.example/lib", "v1.0.0")
			_, _ = r.GoMod(t.Context(), "go.one.example/lib", "v1.0.0") // an error, which is not of interest here
		}
		return r.Resolve(t.Context(), queries)
	}
	w := newWorld(internet)
	_, gaps := resolve(true, w)
	if diff := cmp.Diff([]gap.Gap{{Stage: gap.Upstream, Kind: gap.Offline, Count: 2}}, gaps); diff != "" || started() != "" {
		t.Errorf("offline started %q, gaps (-want +got):\n%s", started(), diff)
	}
	online, _ := resolve(false, w)
	if online[queries[0].PURL].Upstream == "" || online[queries[1].PURL].Upstream == "" || started() != "go npm" {
		t.Fatalf("online: %+v, started %q", online, started())
	}
	again, gaps := resolve(true, w)
	if diff := cmp.Diff(online, again); diff != "" || len(gaps) != 0 || started() != "go npm" {
		t.Errorf("offline after online: %s\ngaps %+v, started %q", diff, gaps, started())
	}
	// An answer that may hold a login is not kept.
	if err := os.RemoveAll(cache); err != nil {
		t.Fatal(err)
	}
	ask := keepAnswers(Config{Cache: cache, Run: func(context.Context, string, ...string) (string, error) {
		return "https://me:secret@registry.example", nil
	}})
	if out, err := ask(t.Context(), "npm"); err != nil || out == "" {
		t.Errorf("%q, %v", out, err)
	}
	if _, err := os.Stat(filepath.Join(cache, "settings")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a login was kept: %v", err)
	}
}
