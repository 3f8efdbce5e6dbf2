package dependency

import (
	"testing"
)

// TestPnpmKeys holds how the keys of every version of the format are taken apart.
func TestPnpmKeys(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		major              int
		key, name, version string
	}{
		{5, "/foo/1.0.0", "foo", "1.0.0"},
		{5, "/@s/foo/1.0.0", "@s/foo", "1.0.0"},
		{5, "/foo_bar/1.0.0_react@17.0.0+@s!x@2.0.0", "foo_bar", "1.0.0"},
		{5, "/foo/1.0.0-rc.1_hk6j3", "foo", "1.0.0-rc.1"},
		{5, "npm.registry.example/@s/foo/1.0.0", "@s/foo", "1.0.0"},
		{5, "localhost:4873/foo/1.0.0", "foo", "1.0.0"},
		{6, "/foo@1.0.0", "foo", "1.0.0"},
		{6, "/@s/foo@1.0.0(react@17.0.0)(@s/x@2.0.0)", "@s/foo", "1.0.0"},
		{6, "npm.registry.example/foo@1.0.0", "foo", "1.0.0"},
		{9, "foo@1.0.0", "foo", "1.0.0"},
		{9, "@s/foo@1.0.0(react@17.0.0(@s/x@2.0.0))(patch_hash=x)", "@s/foo", "1.0.0"},
		{9, "foo@https://files.example/foo.tgz", "foo", "https://files.example/foo.tgz"},
		{9, "foo", "foo", ""},
	} {
		l := pnpmLock{major: tt.major}
		if name, version := l.identify(tt.key, &yamlNode{}); name != tt.name || version != tt.version {
			t.Errorf("version %d, %s: %q %q, want %q %q", tt.major, tt.key, name, version, tt.name, tt.version)
		}
	}
}

func FuzzPnpmLock(f *testing.F) {
	seed(f, func(base string) bool { return base == "pnpm-lock.yaml" })
	f.Fuzz(func(t *testing.T, data []byte) {
		checkParse(t, "pnpm-lock.yaml", data)
		checkCut(t, "pnpm-lock.yaml", data)
	})
}
