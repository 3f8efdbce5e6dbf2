// Package need finds what a test needs and may be absent: the shared data, programs. A test whose need is absent skips with
// one line that says what would make it run; MAINSTAY_REQUIRE, a comma-separated list of needs, turns that skip into a failure.
// It is used by tests only.
package need

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Shared gives the folder of shared data: MAINSTAY_SHARED, else "shared" beside the repository.
func Shared(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("MAINSTAY_SHARED")
	if dir == "" {
		dir = filepath.Join(filepath.Dir(Root(t)), "shared")
	}
	if info, err := os.Stat(filepath.Join(dir, "data")); err != nil || !info.IsDir() {
		absent(t, "shared", "set MAINSTAY_SHARED to the folder that holds data/histories and data/cases")
	}
	return dir
}

// Mirrors gives the folder of real repositories that MAINSTAY_MIRRORS names: bare ones at <host>/<owner>/<name>.git. Those that
// are named must be among them.
func Mirrors(t testing.TB, upstreams ...string) string {
	t.Helper()
	dir := os.Getenv("MAINSTAY_MIRRORS")
	if info, err := os.Stat(dir); dir == "" || err != nil || !info.IsDir() {
		absent(t, "mirrors", "set MAINSTAY_MIRRORS to a folder of bare repositories at <host>/<owner>/<name>.git")
	}
	for _, upstream := range upstreams {
		if info, err := os.Stat(filepath.Join(dir, filepath.FromSlash(upstream)+".git")); err != nil || !info.IsDir() {
			absent(t, "mirrors", "put a full mirror "+upstream+".git into MAINSTAY_MIRRORS")
		}
	}
	return dir
}

// Root gives the root of the repository: the nearest folder upwards whose go.mod is Mainstay's. That of bench is not.
func Root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		text, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if err == nil && bytes.HasPrefix(text, []byte("module github.com/mainstay-oss/mainstay\n")) {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			t.Fatal("no go.mod of Mainstay above the working directory")
		}
		dir = up
	}
}

// Git gives the path of the git program.
func Git(t testing.TB) string {
	t.Helper()
	return program(t, "git", "install git 2.39 or newer", "git")
}

// Awk gives the path of an awk program.
func Awk(t testing.TB) string {
	t.Helper()
	return program(t, "awk", "install awk", "awk")
}

// Chromium gives the path of a Chromium or Chrome program.
func Chromium(t testing.TB) string {
	t.Helper()
	return program(t, "chromium", "install chromium", "chromium", "chromium-browser", "google-chrome")
}

func program(t testing.TB, name, remedy string, candidates ...string) string {
	t.Helper()
	for _, c := range candidates {
		if p, err := exec.LookPath(c); err == nil {
			return p
		}
	}
	absent(t, name, remedy)
	return ""
}

func absent(t testing.TB, name, remedy string) {
	t.Helper()
	if slices.Contains(strings.Split(os.Getenv("MAINSTAY_REQUIRE"), ","), name) {
		t.Fatalf("%s is required by MAINSTAY_REQUIRE and absent: %s", name, remedy)
	}
	t.Skipf("%s is absent: %s", name, remedy)
}
