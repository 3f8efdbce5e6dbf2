package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// hostile are texts that cost a parser memory or time out of all proportion.
var hostile = map[string]string{
	"flow":           "exclude: " + strings.Repeat("[", 60_000),
	"closed flow":    "exclude: " + strings.Repeat("[", 11) + strings.Repeat("]", 11),
	"braces":         strings.Repeat("{a: ", 15_000),
	"entries":        strings.Repeat("- ", 30_000),
	"keys":           strings.Repeat("? ", 30_000),
	"key in key":     strings.Repeat("a: ", 20_000),
	"indented":       staircase(300),
	"flow keys":      "upstreams: {" + strings.Repeat("a: ", 15_000),
	"flow dashes":    "exclude: [" + strings.Repeat("- ", 15_000),
	"flow marks":     "exclude: [" + strings.Repeat("? ", 15_000),
	"mixed":          strings.Repeat("- [{a: ", 5),
	"laughs":         laughs(),
	"anchor":         "lang: &a en\n",
	"alias":          "lang: *a\n",
	"merge":          "upstreams:\n  <<: {a: b}\n",
	"tag":            "lang: !!binary ZW4=\n",
	"large":          strings.Repeat("# a comment\n", 6_000),
	"open quote":     "lang: \"" + strings.Repeat("\"", 60_000),
	"long line":      "exclude: " + strings.Repeat("@", 60_000),
	"control letter": "\"\x1b[2J\": x\n",
}

func staircase(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return b.String()
}

func laughs() string {
	var b strings.Builder
	b.WriteString("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n")
	for i := range 9 {
		from := string(rune('0' + i))
		to := string(rune('1' + i))
		b.WriteString("a" + to + ": &a" + to + " [" + strings.TrimSuffix(strings.Repeat("*a"+from+", ", 10), ", ") + "]\n")
	}
	return b.String() + "exclude: *a9\n"
}

func TestHostileTextsAreRefused(t *testing.T) {
	t.Parallel()
	wants := map[string]string{
		"laughs": "[1:5] anchors", "anchor": "[1:7] anchors", "alias": "[1:7] anchors", "merge": "anchors", "tag": "[1:7] tags", "large": "larger than 65536 bytes",
		"open quote": "[1:", "long line": "[1:", "control letter": "[1:1]", "flow keys": "[1:12]",
	}
	for name, text := range hostile {
		want := wants[name]
		if want == "" {
			want = "deeper than 10"
		}
		_, err := Load(write(t, t.TempDir(), text))
		switch {
		case err == nil || !strings.Contains(err.Error(), want):
			t.Errorf("%s: error %v does not say %q", name, err, want)
		case len(err.Error()) > 1000 || strings.ContainsAny(err.Error(), "\n\x1b"):
			t.Errorf("%s: the error is no line to show: %q", name, err)
		}
	}
}

// TestPlainSettingsPass: what settings look like in any of YAML's notations stays within the bounds.
func TestPlainSettingsPass(t *testing.T) {
	t.Parallel()
	var many strings.Builder
	many.WriteString("---\n# all of it\nexclude:\n")
	for range 1500 {
		many.WriteString("- vendor/*.json # with [brackets\n")
	}
	var wide strings.Builder
	wide.WriteString("upstreams: {")
	for i := range 200 {
		fmt.Fprintf(&wide, "'pkg:npm/p%d': github.com/acme/p%d, ", i, i)
	}
	wide.WriteString("}\n")
	many.WriteString("upstreams:\n  ? pkg:npm/left-pad\n  : github.com/left-pad/left-pad\n  \"pkg:npm/%40acme/*\": 'git@code.example:web/ui.git'\nlang: en\n...\n")
	for _, text := range []string{
		"", "# nothing\n", "{exclude: [a, '*.json', \"&b\", 'c*'], histories: [h], lang: en}", "exclude: [\n  a,\n  b,\n]\nmirrors:\n    - m\nlang: ko\n", many.String(),
		"upstreams: {pkg:npm/x: \"github.com/a/x\"}\nexclude:\n- \"[a-z]*\"\n", wide.String(),
	} {
		file := write(t, t.TempDir(), text)
		c, err := Load(file)
		if err != nil {
			t.Errorf("%.80q: %v", text, err)
		}
		if c.File != file || c.Dir != filepath.Dir(file) {
			t.Errorf("File %q, Dir %q", c.File, c.Dir)
		}
	}
}

func TestSettingsAreARegularFile(t *testing.T) {
	t.Parallel()
	outside := write(t, t.TempDir(), "lang: ko\n")
	link := func(target string) string {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "other.yaml"), []byte("lang: ko\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(target, filepath.Join(dir, Name)); err != nil {
			t.Skipf("links: %v", err)
		}
		return dir
	}
	folder := t.TempDir()
	if err := os.Mkdir(filepath.Join(folder, Name), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ dir, found, named string }{ // what the errors say; empty for none
		"link inside":  {link("other.yaml"), "", ""},
		"link outside": {link(outside), "--config", ""},
		"link to none": {link("absent.yaml"), "--config", "no such file"},
		"link to self": {link(Name), "--config", ""},
		"folder":       {folder, "not a regular file", "not a regular file"},
		"device":       {link(os.DevNull), "--config", "not a regular file"},
	} {
		got, err := Find(c.dir)
		if (err == nil) != (c.found == "") || err != nil && !strings.Contains(err.Error(), c.found) {
			t.Errorf("%s: found: %v, want %q", name, err, c.found)
		}
		if err == nil && got.Lang != "ko" {
			t.Errorf("%s: found: %+v", name, got)
		}
		got, err = Load(filepath.Join(c.dir, Name))
		switch {
		case name == "link to self":
			if err == nil {
				t.Errorf("%s: read", name)
			}
		case (err == nil) != (c.named == "") || err != nil && !strings.Contains(err.Error(), c.named) && !errors.Is(err, fs.ErrNotExist):
			t.Errorf("%s: named: %v, want %q", name, err, c.named)
		case err == nil && got.Lang != "ko":
			t.Errorf("%s: named: %+v", name, got)
		}
	}
}

// TestFindKnowsBounds: the search does not reach folders that are another's business.
func TestFindKnowsBounds(t *testing.T) {
	base := t.TempDir()
	home := filepath.Join(base, "home")
	deep := filepath.Join(home, "work", "project")
	if err := os.MkdirAll(deep, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("HOME", home)
	t.Setenv("USERPROFILE", home)
	write(t, base, "lang: ko\n")
	find := func(want string) {
		t.Helper()
		if c, err := Find(deep); err != nil || c.File != want {
			t.Errorf("found %q, %v; want %q", c.File, err, want)
		}
	}
	find("") // above the home
	atHome := write(t, home, "lang: ko\n")
	find(atHome)
	work := filepath.Dir(deep)
	if err := os.Chmod(work, 0o777); err != nil {
		t.Fatal(err)
	}
	write(t, work, "lang: ko\n")
	if os.Getenv("OS") != "Windows_NT" {
		find("") // anybody may have put it there
	}
	if c, err := Find(filepath.Join(base, "absent")); err != nil || c.File != "" {
		t.Errorf("a folder that is not there: %+v, %v", c, err)
	}
}
