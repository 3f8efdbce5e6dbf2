package store

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"testing/quick"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestQuarters(t *testing.T) {
	t.Parallel()
	const pump = "github.com/acme/pump"
	on := func(date string, figures ...int) Observation { return seen(date, ours, pump, figures...) }
	dependents := on("2025-12-31", 3, 4)
	dependents.Dependents = n(0)
	got := Quarters([]Observation{
		on("2024-12-31", 1, 1, 100, 10),
		on("2025-01-01", 1, 1, 110, 11), on("2025-03-31", 2, 2, 120, 12),
		on("2025-04-01", 2, 2, 130, 13), on("2025-06-30", 3, 3), // a run without the network at the end
		on("2025-07-01", 3, 3), on("2025-09-30", 4, 4), // none with it
		on("2025-10-01", 4, 4, 140, 14), dependents, // none depends: a figure
	})
	if diff := cmp.Diff([]Quarter{
		{"2024-Q4", on("2024-12-31", 1, 1, 100, 10)}, {"2025-Q1", on("2025-03-31", 2, 2, 120, 12)}, {"2025-Q2", on("2025-04-01", 2, 2, 130, 13)},
		{"2025-Q3", on("2025-09-30", 4, 4)}, {"2025-Q4", dependents},
	}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := Quarters(nil); len(got) != 0 {
		t.Errorf("of nothing: %v", got)
	}
}

// Each quarter comes once, in order, and stands for one of its own observations.
func TestQuartersHoldTheirDays(t *testing.T) {
	t.Parallel()
	if err := quick.Check(func(gaps []uint16) bool {
		day := midnight("2020-01-01")
		var series []Observation
		given := map[string]bool{}
		for _, g := range gaps {
			day = day.AddDate(0, 0, 1+int(g%200))
			o := seen(day.Format(time.DateOnly), ours, "github.com/acme/pump", int(g), 1)
			if g%3 == 0 {
				o.Downloads = n(int(g))
			}
			series = append(series, o)
			given[quarter(o.Date)] = true
		}
		got := Quarters(series)
		for i, q := range got {
			if q.Name != quarter(q.Date) || i > 0 && got[i-1].Name >= q.Name {
				return false
			}
		}
		return len(got) == len(given)
	}, nil); err != nil {
		t.Error(err)
	}
}

func TestKeys(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	folder := filepath.Join(dir, "shop")
	if err := os.Mkdir(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	of := func(path string) string {
		t.Helper()
		k, err := PathKey(path)
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	keys := map[string]string{
		"folder": of(folder), "above": of(dir), "cohort ai": NamesKey("cohort", "ai"), "purl ai": NamesKey("purl", "ai"),
		"two": NamesKey("purl", "pkg:npm/a", "pkg:npm/b"), "one": NamesKey("purl", "pkg:npm/apkg:npm/b"), "none": NamesKey("purl"),
	}
	seen := map[string]string{}
	for name, k := range keys {
		if len(k) != keyLength || seen[k] != "" {
			t.Errorf("the key of %s is %s, as that of %s", name, k, seen[k])
		}
		seen[k] = name
	}
	if of(folder+"/../shop/.") != keys["folder"] {
		t.Error("another way to the folder, another key")
	}
	if NamesKey("purl", "pkg:npm/b", "pkg:npm/a", "pkg:npm/b") != keys["two"] {
		t.Error("another order, another key")
	}
	if runtime.GOOS != "windows" {
		if err := os.Symlink(folder, filepath.Join(dir, "link")); err != nil {
			t.Fatal(err)
		}
		if of(filepath.Join(dir, "link")) != keys["folder"] {
			t.Error("a link to the folder, another key")
		}
	}
	// A series must outlive the version that began it: a key does not change.
	if got := NamesKey("cohort", "ai"); got != "e649fad7273bb471" {
		t.Errorf("the key of the cohort ai is now %s", got)
	}
}

func TestDefaultDir(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("what os.UserConfigDir gives")
	}
	for _, c := range []struct{ state, home, want string }{
		{"/state", "/home/ada", "/state/mainstay"},
		{"", "/home/ada", "/home/ada/.local/state/mainstay"},
		{"state", "/home/ada", "/home/ada/.local/state/mainstay"},
		{"", "", ""},
	} {
		t.Setenv("XDG_STATE_HOME", c.state)
		t.Setenv("HOME", c.home)
		if got, err := DefaultDir(); got != c.want || (err == nil) != (c.want != "") {
			t.Errorf("%+v: %q, %v", c, got, err)
		}
	}
}
