package dependency

import (
	"strings"
	"testing"
)

func TestParsePURL(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ in, purl, name, version string }{
		{"pkg:golang/github.com/BurntSushi/toml@v1.6.0", "pkg:golang/github.com/burntsushi/toml@v1.6.0", "github.com/BurntSushi/toml", "v1.6.0"},
		{"pkg:golang/github.com/docker/cli@v29.4.0+incompatible", "pkg:golang/github.com/docker/cli@v29.4.0%2Bincompatible", "github.com/docker/cli", "v29.4.0+incompatible"},
		{"pkg:npm/@angular/core@16.0.0", "pkg:npm/%40angular/core@16.0.0", "@angular/core", "16.0.0"},
		{"pkg:npm/%2540angular/core@16.0.0", "pkg:npm/%2540angular/core@16.0.0", "%40angular/core", "16.0.0"},
		{"PKG:PyPI/Flask_Cors@5.0.0", "pkg:pypi/flask-cors@5.0.0", "Flask_Cors", "5.0.0"},
		{"pkg://npm/lodash@4.17.21?", "pkg:npm/lodash@4.17.21", "lodash", "4.17.21"},
		{"pkg:npm/lodash@", "pkg:npm/lodash", "lodash", ""},
		{"pkg:maven/org.example/a%2Fb@1.0", "pkg:maven/org.example/a%2Fb@1.0", "org.example/a/b", "1.0"},
		{"pkg:deb/debian/x@1?distro=d&arch=a", "pkg:deb/debian/x@1?arch=a&distro=d", "debian/x", "1"},
		{"pkg:npm/a@1?vcs_url=git%2Bhttps://git.example/a.git#sub", "pkg:npm/a@1", "a", "1"},
	} {
		id, err := parsePURL(tt.in)
		if err != nil {
			t.Errorf("%s: %v", tt.in, err)
			continue
		}
		if id.purl != tt.purl || id.name != tt.name || id.version != tt.version || id.escapes {
			t.Errorf("%s: %+v, want %s %s %s", tt.in, id, tt.purl, tt.name, tt.version)
		}
		again, err := parsePURL(id.purl)
		if err != nil || again.purl != id.purl {
			t.Errorf("%s: read again %s, %v", id.purl, again.purl, err)
		}
	}
	for _, bad := range []string{
		"", "x", "npm/a", "pkg:", "pkg:npm", "pkg:npm/", "pkg:/a@1", "pkg:npm/%zz", "pkg:npm/%ff@1", "pkg:npm/a%00@1", "pkg:npm/a%0Ab@1",
		"pkg:npm/a?bad key=1", "pkg:npm/a@1#%zz", "pkg:npm/a?arch=%1b", "pkg:npm/" + strings.Repeat("a", longestPURL),
	} {
		if id, err := parsePURL(bad); err == nil {
			t.Errorf("%q: read as %s", bad, id.purl)
		}
	}
	for _, climbing := range []string{"pkg:npm/a@..%2F..%2Fx", "pkg:npm/a@1#../x", "pkg:npm/a@1#x/%2e%2e/y", "pkg:golang/x.example/../y@v1", `pkg:npm/a@..%5Cx`} {
		if id, err := parsePURL(climbing); err != nil || !id.escapes {
			t.Errorf("%s: %+v, %v; want an escape", climbing, id, err)
		}
	}
}

func TestCleanAddress(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"https://github.com/a/b":                  "https://github.com/a/b",
		"git+https://github.com/a/b.git#folder/x": "git+https://github.com/a/b.git#folder/x",
		"git+ssh://git@github.com/a/b.git":        "git+ssh://github.com/a/b.git",
		"git@github.com:a/b.git":                  "ssh://github.com/a/b.git",
		"git://github.com/a/b":                    "git://github.com/a/b",
		"github:a/b":                              "https://github.com/a/b",
		"scm:git:https://git.example/a":           "https://git.example/a",
		"scm:git:git@git.example:a/b.git":         "ssh://git.example/a/b.git",
		"https://user:word@proxy.example/a-1.tgz": "https://proxy.example/a-1.tgz",
		" https://a.example/ ":                    "https://a.example/",
		"file:///etc/passwd":                      "",
		"file:../a.tgz":                           "",
		"javascript:alert(1)":                     "",
		"ext::sh -c id":                           "",
		"ext::https://a.example":                  "",
		"--upload-pack=id":                        "",
		"ssh://-oProxyCommand=id/x":               "",
		"git@-oProxyCommand=id:a/b":               "",
		"a/b":                                     "",
		"../..":                                   "",
		"https://":                                "",
		"https://a.example/\x1b[31m":              "",
		"https://a.example/" + strings.Repeat("a", longestHint): "",
		"": "",
	} {
		if got := cleanAddress(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
		if want != "" && cleanAddress(want) != want {
			t.Errorf("%q does not stay as it is: %q", want, cleanAddress(want))
		}
	}
}
