package dependency

import "testing"

func TestWantTarget(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ spec, name, target string }{
		{"^1.0.0", "key", "^1.0.0"},
		{" 1.0.0 ", "key", "1.0.0"},
		{"npm:real@^1.0.0", "real", "^1.0.0"},
		{"npm:@s/real@1.0.0", "@s/real", "1.0.0"},
		{"npm:@s/real", "@s/real", ""},
		{"npm:vue", "vue", ""},
		{"npm:x-ray", "x-ray", ""},
		{"npm:^1.0.0", "key", "^1.0.0"},
		{"npm:v1", "key", "v1"},
		{"npm:*", "key", "*"},
		{"npm:", "key", ""},
		{"patch:real@npm%3A1.0.0#./x.patch", "real", "1.0.0"},
		{"patch:@s/real@1.0.0#./x.patch", "@s/real", "1.0.0"},
		{"jsr:@std/path@1.0.0", "@jsr/std__path", "1.0.0"},
	} {
		if name, target := (want{name: "key", spec: tt.spec}).target(); name != tt.name || target != tt.target {
			t.Errorf("%s: %q %q, want %q %q", tt.spec, name, target, tt.name, tt.target)
		}
	}
}

func TestGitSource(t *testing.T) {
	t.Parallel()
	const commit = "0123456789abcdef0123456789abcdef01234567"
	for _, tt := range []struct {
		source, address, commit string
		ok                      bool
	}{
		{"git+ssh://git@github.com/o/r.git#" + commit, "git+ssh://git@github.com/o/r.git", commit, true},
		{"git@github.com:o/r.git#commit=" + commit, "git@github.com:o/r.git", commit, true},
		{"https://git.example/o/r.git#workspace=x&commit=" + commit, "https://git.example/o/r.git", commit, true},
		{"git://git.example/o/r.git#main", "git://git.example/o/r.git", "", true},
		{"github:o/r#0123456", "github:o/r", "0123456", true},
		{"github:o/r#main", "github:o/r", "", true},
		{"git+https://git.example/o/r#0123456", "git+https://git.example/o/r", "", true},
		{"https://codeload.github.com/o/r/tar.gz/" + commit, "https://github.com/o/r", commit, true},
		{"https://github.com/o/r/archive/" + commit + ".tar.gz", "https://github.com/o/r", commit, true},
		{"https://bitbucket.org/o/r/get/" + commit + ".tar.gz", "https://bitbucket.org/o/r", commit, true},
		{"https://github.com/o/r/archive/v1.tar.gz", "", "", false},
		{"https://npm.registry.example/a/-/a-1.0.0.tgz", "", "", false},
		{"https://git.example/tar.gz/" + commit, "", "", false},
		{"", "", "", false},
	} {
		address, hash, ok := gitSource(tt.source)
		if address != tt.address || hash != tt.commit || ok != tt.ok {
			t.Errorf("%s: %q %q %t", tt.source, address, hash, ok)
		}
	}
}

func TestArchiveVersion(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, source, want string }{
		{"a", "https://npm.registry.example/a/-/a-1.0.0.tgz", "1.0.0"},
		{"@s/a", "https://npm.registry.example/@s/a/-/a-1.0.0-rc.1.tgz?x=y", "1.0.0-rc.1"},
		{"a", "https://files.example/b-1.0.0.tgz", ""},
		{"a", "https://files.example/a-latest.tgz", ""},
		{"a", "https://files.example/a-1.0.0.zip", ""},
		{"a", "a-1.0.0.tgz", ""},
	} {
		if got := archiveVersion(tt.name, tt.source); got != tt.want {
			t.Errorf("%s %s: %q, want %q", tt.name, tt.source, got, tt.want)
		}
	}
}

func FuzzPackageJSON(f *testing.F) {
	seed(f, func(base string) bool { return base == "package.json" })
	f.Fuzz(func(t *testing.T, data []byte) {
		checkParse(t, "package.json", data)
		checkCut(t, "package.json", data)
	})
}
