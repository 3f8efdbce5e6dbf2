package upstream

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
)

// Variables come before the file; a mirror of one source before that of all; logins are for a host, or for an address on it.
func TestBundleSettings(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	write(t, filepath.Join(home, ".bundle", "config"), "---\nBUNDLE_MIRROR__ALL: \"https://all.example/\"\nBUNDLE_MIRROR__HTTPS://GEMS__ACME___TOOLS__EXAMPLE/SUB/: 'https://one.example/x/'\n"+
		"BUNDLE_MIRROR__ALL__FALLBACK_TIMEOUT: \"1\"\nBUNDLE_ONE__EXAMPLE: file\nBUNDLE_HTTPS://TWO__EXAMPLE/A/: \"me:pw:pw\"\nnonsense\nBUNDLE_MIRROR__HTTPS://BAD__EXAMPLE: \"not an address\"\n")
	c := readBundleConfig(newEnvironment([]string{"HOME=" + home, "USERPROFILE=" + home, "BUNDLE_ONE__EXAMPLE=token"}, nil))
	for base, want := range map[string]string{
		"https://gems.example":                "https://all.example",
		"https://gems.acme-tools.example/sub": "https://one.example/x",
		"https://gems.acme-tools.example/Sub": "https://one.example/x",
		"https://bad.example":                 "https://all.example",
	} {
		if got := c.mirror(base); got != want {
			t.Errorf("%s: %s, want %s", base, got, want)
		}
	}
	for base, want := range map[string]string{
		"https://one.example":   basic("token", ""),
		"https://one.example/x": basic("token", ""),
		"http://one.example":    "",
		"https://two.example/A": basic("me", "pw:pw"),
		"https://two.example":   "",
	} {
		if got := c.login(base); got != want {
			t.Errorf("login for %s: %s, want %s", base, got, want)
		}
	}
}

// The last file that names sources counts; the built-in source alone is no choice of the user's.
func TestGemSources(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ machine, user, more, want string }{
		{"", "", "", ""},
		{":sources: [https://a.example/]\n", "", "", "https://a.example"},
		{":sources: [https://a.example/]\n", ":sources:\n- https://b.example\n- https://c.example\n", "", "https://b.example https://c.example"},
		{":sources: [https://a.example/]\n", ":verbose: true\n", "sources: [https://me:pw@d.example, 7]\n", "https://d.example"},
		{"", ": broken: [", "", ""},
		{"", ":sources: [https://builtin.example/]\n", "", ""},
	} {
		home, etc := t.TempDir(), t.TempDir()
		write(t, filepath.Join(etc, "gemrc"), c.machine)
		write(t, filepath.Join(home, ".gemrc"), c.user)
		more := write(t, filepath.Join(home, "more"), c.more)
		asked := 0
		env := newEnvironment([]string{"HOME=" + home, "USERPROFILE=" + home, "GEMRC=" + more}, func(context.Context, string, ...string) (string, error) {
			asked++
			return "https://builtin.example/", nil
		})
		env.etc = etc
		p := readGemSettings(t.Context(), env, "")
		var got []string
		for _, one := range p.own {
			got = append(got, one.base)
		}
		if s := strings.Join(got, " "); s != c.want || asked > 1 {
			t.Errorf("%q, %q, %q: %s, want %s; asked %d times", c.machine, c.user, c.more, s, c.want, asked)
		}
		if len(p.own) == 0 && (len(p.fallback()) != 1 || !p.builtIn("https://builtin.example") || asked != 1) {
			t.Errorf("no built-in source, asked %d times", asked)
		}
	}
}

func FuzzGem(f *testing.F) {
	for _, s := range []string{
		`{"version":"1.0.0","version_created_at":"2020-01-02T03:04:05Z","source_code_uri":"https://github.com/o/r/tree/main/x","homepage_uri":null,"bug_tracker_uri":"https://github.com/o/r/issues"}`,
		`{"metadata":{"source_code_uri":"git@github.com:o/r.git","changelog_uri":7}}`, `{"version":7}`, `[]`,
		`[{"number":"1.0.0","created_at":"2020-01-02T03:04:05.678Z","handle":"a"},{"number":"1.0.0"}]`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		a, err := readGem(b, "name")
		if err != nil && (a.found != nil || a.facts != nil) {
			t.Fatal("half a result")
		}
		checkCandidates(t, a.found)
		versions, _ := readGemVersions(b, true)
		owners, _ := readGemOwners(b)
		for _, a := range []answer{a, versions, owners} {
			if a.facts != nil {
				checkFacts(t, a.facts("1.0.0"))
			}
		}
	})
}
