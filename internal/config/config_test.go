package config

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func write(t *testing.T, dir, text string) string {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, Name)
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestFindTakesTheNearestFile(t *testing.T) {
	root := t.TempDir()
	if err := os.MkdirAll(filepath.Join(root, ".git"), 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, root, "histories: [histories]\nexclude: [examples]\nupstreams:\n  pkg:npm/left-pad: github.com/left-pad/left-pad\n")
	deep := filepath.Join(root, "examples", "platform")
	if err := os.MkdirAll(deep, 0o755); err != nil {
		t.Fatal(err)
	}
	c, err := Find(deep)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := c.Paths(c.Histories), filepath.Join(root, "histories"); len(got) != 1 || got[0] != want {
		t.Errorf("histories = %v, want %s", got, want)
	}
	if c.Upstreams["pkg:npm/left-pad"] != "github.com/left-pad/left-pad" {
		t.Errorf("upstreams = %v", c.Upstreams)
	}
}

func TestFindStopsAtTheRepository(t *testing.T) {
	root := t.TempDir()
	write(t, root, "lang: ko\n")
	repo := filepath.Join(root, "repo")
	if err := os.MkdirAll(filepath.Join(repo, ".git"), 0o755); err != nil {
		t.Fatal(err)
	}
	if c, err := Find(repo); err != nil || c.Lang != "" {
		t.Errorf("read settings from above the repository: %+v, %v", c, err)
	}
}

func TestErrorsNamePlaceAndCause(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"unknown":  {"histories: [a]\nexcludes: [b]\n", "[2:1]"},
		"type":     {"exclude: 3\n", "exclude"},
		"syntax":   {"exclude: [a\n", "mainstay.yaml"},
		"language": {"lang: fr\n", "en or ko"},
		"escape":   {"mirrors: [../../elsewhere]\n", "--config"},
		"absolute": {"histories: [/elsewhere]\n", "--config"},
		"people":   {"affiliations: ../people.yaml\n", "--config"},
		"files":    {"affiliations: [a.yaml, b.yaml]\n", "[1:15]"},
	} {
		dir := t.TempDir()
		write(t, dir, c.text)
		_, err := Find(dir)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v does not name %q", name, err, c.want)
		}
	}
}

// TestAffiliationsAreNamed: the file of people counts where the settings name it, and not because it lies beside them.
func TestAffiliationsAreNamed(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "affiliations.yaml"), []byte("people: []\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"lang: en\n":                        "",
		"affiliations: \"\"\n":              "",
		"affiliations: people/list.yaml\n":  filepath.Join(dir, "people", "list.yaml"),
		"affiliations: ./affiliations.yaml": filepath.Join(dir, "affiliations.yaml"),
	} {
		write(t, dir, text)
		c, err := Find(dir)
		if got := c.Path(c.Affiliations); err != nil || got != want {
			t.Errorf("%q: %q, %v; want %q", text, got, err, want)
		}
	}
	outside := filepath.Join(t.TempDir(), "affiliations.yaml")
	file := write(t, dir, "affiliations: '"+outside+"'\n")
	if c, err := Load(file); err != nil || c.Path(c.Affiliations) != outside {
		t.Errorf("a file named with --config may lead anywhere: %q, %v", c.Path(c.Affiliations), err)
	}
}

func FuzzLoad(f *testing.F) {
	f.Add("histories: [histories]\nexclude: [examples]\n")
	f.Add("upstreams:\n  pkg:golang/example.org/a: github.com/a/a\nlang: ko\n")
	f.Add("a: &a [x, x]\nb: [*a, *a]\n")
	for _, text := range hostile {
		f.Add(text)
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, text string) {
		file := filepath.Join(dir, Name)
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		c, err := Load(file)
		runtime.ReadMemStats(&after)
		if err == nil && (c.Dir != dir || c.File != file) {
			t.Errorf("Dir = %q, File = %q", c.Dir, c.File)
		}
		if err != nil && !strings.HasPrefix(err.Error(), file) {
			t.Errorf("the error does not begin with the file: %v", err)
		}
		if took := after.TotalAlloc - before.TotalAlloc; took > 256<<20 {
			t.Errorf("%d bytes of text took %d MB", len(text), took>>20)
		}
	})
}
