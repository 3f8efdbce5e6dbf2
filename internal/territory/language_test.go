package territory

import (
	"slices"
	"strings"
	"testing"
)

func TestLanguage(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"main.go": "Go", "a/b/c.PY": "Python", "x/Makefile": "Makefile", "Makefile.am": "Makefile", "Dockerfile": "Dockerfile", "build/Dockerfile.arm64": "Dockerfile",
		"lib/tasks/a.rake": "Ruby", "Vagrantfile": "Ruby", "CMakeLists.txt": "CMake", "index.d.ts": "TypeScript", "a.html.erb": "ERB", "x.hpp": "C++", "BUILD.bazel": "Starlark",
		"README.md": "", "data.json": "", "a.yaml": "", "logo.svg": "", "bin/run": "", ".c": "", ".go": "", "": "", "/": "", "go": "", "makefile.md": "", "Dockerfile.md": "", "a.go/": "Go",
	} {
		if got, ok := Language(path); got != want || ok != (want != "") {
			t.Errorf("%q: %q, want %q", path, got, want)
		}
	}
}

// TestLanguagesAreTold once each: no extension or name stands twice, and the table is in order.
func TestLanguagesAreTold(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	for i, l := range languages {
		if i > 0 && l.name <= languages[i-1].name {
			t.Errorf("%s after %s", l.name, languages[i-1].name)
		}
		all := slices.Concat(strings.Fields(l.extensions), strings.Fields(l.files))
		if len(all) == 0 {
			t.Errorf("%s has no file", l.name)
		}
		for _, e := range strings.Fields(l.extensions) {
			if e[0] != '.' || e != strings.ToLower(e) || strings.Count(e, ".") != 1 {
				t.Errorf("extension %q of %s", e, l.name)
			}
		}
		for _, e := range all {
			if other, ok := seen[e]; ok {
				t.Errorf("%s is %s and %s", e, other, l.name)
			}
			seen[e] = l.name
		}
	}
}

func TestSource(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]bool{
		"main.go": true, "cmd/vendors.go": true, "src/test/java/PumpTest.java": true, "a/docs/x.py": true, "pkg/example/x.go": true, "gradle/build.gradle": true, "distance/x.c": true,
		"lib/react.js": true, "bootstrap.js": true, "deps.ts": true, "a/deps/x.c": true, "generated.go": true,
		"vendor/x/y.go": false, "a/Vendor/y.go": false, "third_party/x.cc": false, "web/node_modules/a/b.js": false, "docs/conf.py": false, "Examples/x.rb": false, "deps/x.c": false,
		"x/testdata/a.go": false, "spec/fixtures/a.rb": false, "api/v1/pump.pb.go": false, "a/b_pb2.py": false, "zz_generated.deepcopy.go": false, "js/app.min.js": false,
		"js/jquery-1.11.2.js": false, "gradle/wrapper/x.java": false, "gradlew.bat": false, "web/dist/x.js": false, "README.md": false, "logo.png": false, "x/Form1.Designer.cs": false,
	} {
		if got := Source(path); got != want {
			t.Errorf("%q: %v", path, got)
		}
	}
}
