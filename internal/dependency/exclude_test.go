package dependency

import (
	"path"
	"strings"
	"testing"
)

func TestExclude(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		pattern string
		in, out string // paths, split at spaces, of which each is, or lies in, what the pattern matches; and others
	}{
		{"bench", "bench bench/a a/b/bench/c", "benches a/bencha"},
		{"/bench", "bench bench/a", "a/bench"},
		{"examples/old", "examples/old examples/old/a", "x/examples/old examples/older examples"},
		{"examples/**", "examples examples/a", "x/examples"},
		{"examples/", "examples x/examples", "example"},
		{"./examples/a", "examples/a", "x/examples/a"},
		{"**/gen/*.json", "gen/a.json x/y/gen/b.json", "gen/x/a.json gen"},
		{"a/**/z", "a/z a/b/z a/b/c/z", "z b/a/z"},
		{"*.cdx.json", "x.cdx.json a/y.cdx.json", "x.json"},
		{"[ab]?", "ax b1", "cx a"},
	} {
		list, err := parseExclusions([]string{tt.pattern})
		if err != nil {
			t.Fatal(err)
		}
		covered := func(rel string) bool {
			for ; rel != "."; rel = path.Dir(rel) {
				if excluded(list, rel) {
					return true
				}
			}
			return false
		}
		for _, rel := range strings.Fields(tt.in) {
			if !covered(rel) {
				t.Errorf("%q does not cover %s", tt.pattern, rel)
			}
		}
		for _, rel := range strings.Fields(tt.out) {
			if covered(rel) {
				t.Errorf("%q covers %s", tt.pattern, rel)
			}
		}
	}
	for _, bad := range []string{"", "/", " ", "a//b", "../a", "a/./b", "[", "a/[x", strings.Repeat("a/", 33) + "a"} {
		if CheckExclude(bad) == nil {
			t.Errorf("%q was taken for a pattern", bad)
		}
	}
}

// TestExcludeTime holds that no pattern takes exponential time.
func TestExcludeTime(t *testing.T) {
	t.Parallel()
	list, err := parseExclusions([]string{strings.Repeat("**/a/", 15) + "b"})
	if err != nil {
		t.Fatal(err)
	}
	if excluded(list, strings.Repeat("a/", 2000)+"c") {
		t.Error("matches a path that ends otherwise")
	}
}
