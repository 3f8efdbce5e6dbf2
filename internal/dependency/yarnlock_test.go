package dependency

import (
	"slices"
	"testing"
)

func TestYarnWords(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		line  string
		words []string
		opens bool
		bad   bool
	}{
		{line: `a@^1.0.0, a@~1.1.0:`, words: []string{"a@^1.0.0", "a@~1.1.0"}, opens: true},
		{line: `"@s/a@1 || 2", a@*:`, words: []string{"@s/a@1 || 2", "a@*"}, opens: true},
		{line: `version "1.0.0"`, words: []string{"version", "1.0.0"}},
		{line: `version 1`, words: []string{"version", "1"}},
		{line: `"a\"b" "c\\"`, words: []string{`a"b`, `c\`}},
		{line: `dependencies:`, words: []string{"dependencies"}, opens: true},
		{line: `a@npm:b@1:`, words: []string{"a@npm:b@1"}, opens: true},
		{line: `resolved http://yarn.registry.example:80/a`, words: []string{"resolved", "http://yarn.registry.example:80/a"}},
		{line: `a: b`, bad: true},
		{line: `"a`, bad: true},
		{line: `"a\`, bad: true},
		{line: `"a\x"`, bad: true},
	} {
		words, opens, err := yarnWords(tt.line)
		if (err != nil) != tt.bad || !tt.bad && (!slices.Equal(words, tt.words) || opens != tt.opens) {
			t.Errorf("%s: %q, %t, %v", tt.line, words, opens, err)
		}
	}
}

func TestYarnLocator(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ resolution, name, reference string }{
		{"a@npm:1.0.0", "a", "npm:1.0.0"},
		{"@s/a@npm:1.0.0::__archiveUrl=https%3A%2F%2Ffiles.example", "@s/a", "npm:1.0.0"},
		{"a@patch:a@npm%3A1.0.0#optional!builtin<compat/a>::version=1.0.0&hash=x", "a", "npm:1.0.0"},
		{"a@patch:a@patch%3A@s/b@npm%253A2.0.0%23./x.patch#./y.patch", "@s/b", "npm:2.0.0"},
		{"a@virtual:abc#npm:1.0.0", "a", "npm:1.0.0"},
		{"a@workspace:packages/a", "a", "workspace:packages/a"},
		{"a", "a", ""},
		{"", "", ""},
	} {
		if name, reference := yarnLocator(tt.resolution); name != tt.name || reference != tt.reference {
			t.Errorf("%s: %q %q", tt.resolution, name, reference)
		}
	}
}

func FuzzYarnLock(f *testing.F) {
	seed(f, func(base string) bool { return base == "yarn.lock" })
	f.Fuzz(func(t *testing.T, data []byte) {
		checkParse(t, "yarn.lock", data)
		checkCut(t, "yarn.lock", data)
	})
}
