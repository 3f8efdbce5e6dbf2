package upstream

import (
	"regexp"
	"strings"
	"testing"
)

func TestParseAddress(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ raw, id, url, folder string }{
		// The ways in which one address is written.
		{"https://github.com/gorilla/mux", "github.com/gorilla/mux", "", ""},
		{"github.com/gorilla/mux", "github.com/gorilla/mux", "", ""},
		{"https://GitHub.com/BurntSushi/TOML.git", "github.com/burntsushi/toml", "https://github.com/BurntSushi/TOML", ""},
		{"git+https://github.com/lodash/lodash.git", "github.com/lodash/lodash", "", ""},
		{"git://github.com/lodash/lodash.git#v4", "github.com/lodash/lodash", "", ""},
		{"git+ssh://git@github.com/o/r.git#0123abc", "github.com/o/r", "", ""},
		{"git@github.com:o/r.git", "github.com/o/r", "", ""},
		{"github.com:o/r.git", "github.com/o/r", "", ""},
		{"ssh://git@github.com:o/r.git", "github.com/o/r", "", ""},
		{"ssh://git@github.com:22/o/r", "github.com/o/r", "", ""},
		{"ssh://git@ssh.github.com:443/o/r.git", "github.com/o/r", "", ""},
		{"https://user:token@github.com/o/r.git", "github.com/o/r", "", ""},
		{"https://token@x@github.com/o/r", "github.com/o/r", "", ""},
		{"http://www.github.com/o/r/", "github.com/o/r", "", ""},
		{"https://github.com:443/o/r", "github.com/o/r", "", ""},
		{"HTTPS://github.com//o//r", "github.com/o/r", "", ""},
		{"<https://github.com/o/r>", "github.com/o/r", "", ""},
		{" \"https://github.com/o/r\",", "github.com/o/r", "", ""},
		{"https://github.com/o/r.", "github.com/o/r", "", ""},
		{"https://github.com/o/r.git.git", "github.com/o/r", "", ""},
		{"https://github.com/o/r@v1.2.3", "github.com/o/r", "", ""},
		{"https://github.com/o/.github", "github.com/o/.github", "", ""},
		{"https://github.com/o/r.js", "github.com/o/r.js", "", ""},
		{"https://github.com/o/r?tab=readme#install", "github.com/o/r", "", ""},
		{"github:o/r", "github.com/o/r", "", ""},
		{"gitlab:o/r#main", "gitlab.com/o/r", "", ""},
		{"bitbucket:o/r", "bitbucket.org/o/r", "", ""},
		{"scm:git:git://github.com/apache/dubbo.git", "github.com/apache/dubbo", "", ""},
		{"scm:git:git@github.com:apache/dubbo.git", "github.com/apache/dubbo", "", ""},
		// Pages of a repository, and folders in it.
		{"https://github.com/o/r/tree/main/packages/a", "github.com/o/r", "", "packages/a"},
		{"https://github.com/o/r/tree/2.8.0", "github.com/o/r", "", ""},
		{"https://github.com/o/r/blob/main/packages/a/README.md", "github.com/o/r", "", "packages/a"},
		{"https://github.com/o/r/tree/main/packages/%40scope/a", "github.com/o/r", "", "packages/@scope/a"},
		{"https://github.com/o/r/tree/main/../../etc", "github.com/o/r", "", "etc"},
		{"https://github.com/o/r/tree/main/-oProxyCommand", "github.com/o/r", "", ""},
		{"https://github.com/o/r/issues", "github.com/o/r", "", ""},
		{"https://github.com/o/r/archive/refs/tags/v1.tar.gz", "github.com/o/r", "", ""},
		{"https://github.com/o/r/releases/download/v1/x.tgz", "github.com/o/r", "", ""},
		{"https://github.com/o/r.git#subdirectory=py/lib", "github.com/o/r", "", "py/lib"},
		{"git+https://github.com/o/r.git#abc&path:packages/b", "github.com/o/r", "", "packages/b"},
		{"https://codeload.github.com/o/r/tar.gz/abc123", "github.com/o/r", "", ""},
		{"https://api.github.com/repos/o/r/tarball/v1", "github.com/o/r", "", ""},
		{"https://raw.githubusercontent.com/o/r/main/x.js", "github.com/o/r", "", ""},
		{"https://codeberg.org/o/r/src/branch/main/sub", "codeberg.org/o/r", "", "sub"},
		{"https://bitbucket.org/o/r/src/master/sub/dir", "bitbucket.org/o/r", "", "sub/dir"},
		// Forges with groups, and hosts that serve git.
		{"https://gitlab.com/a/b/c/-/tree/main/d", "gitlab.com/a/b/c", "", "d"},
		{"https://gitlab.com/a/b/c.git", "gitlab.com/a/b/c", "https://gitlab.com/a/b/c", ""},
		{"https://gitlab.gnome.org/GNOME/glib", "gitlab.gnome.org/gnome/glib", "https://gitlab.gnome.org/GNOME/glib", ""},
		{"https://git.kernel.org/pub/scm/git/git.git", "git.kernel.org/pub/scm/git/git", "https://git.kernel.org/pub/scm/git/git.git", ""},
		{"https://code.example.org/team/tool.git", "code.example.org/team/tool", "https://code.example.org/team/tool.git", ""},
		{"ssh://git@code.example.org:2222/team/tool", "code.example.org/team/tool", "https://code.example.org/team/tool.git", ""},
		{"https://git.sr.ht/~owner/name", "git.sr.ht/~owner/name", "", ""},
		{"https://gitee.com/mindspore/mindspore.git", "gitee.com/mindspore/mindspore", "https://gitee.com/mindspore/mindspore", ""},
		{"https://chromium.googlesource.com/chromium/src", "chromium.googlesource.com/chromium/src", "", ""},
		// Servers with an official mirror.
		{"https://go.googlesource.com/tools", "github.com/golang/tools", "", ""},
		{"https://gitbox.apache.org/repos/asf/kafka.git", "github.com/apache/kafka", "", ""},
		{"https://gitbox.apache.org/repos/asf?p=commons-lang.git", "github.com/apache/commons-lang", "", ""},
		{"git://git.apache.org/thrift.git", "github.com/apache/thrift", "", ""},
	} {
		a, err := ParseAddress(c.raw)
		if err != nil {
			t.Errorf("%q: %v", c.raw, err)
			continue
		}
		if c.url == "" {
			c.url = "https://" + c.id
		}
		if want := (Address{c.id, c.url, c.folder}); a != want {
			t.Errorf("%q:\n got %+v\nwant %+v", c.raw, a, want)
		}
	}
}

// hostile are addresses that must never reach git, or that are no repository.
var hostile = []string{
	"", " ", ".", "-", "/", "//", "://", "https://", "https:///o/r",
	"ext::sh -c touch% /tmp/x", "ext::https://github.com/o/r", "git::https://github.com/o/r", "fd::17",
	"file:///etc/passwd", "git+file:///srv/o/r.git", "/srv/o/r.git", "../o/r.git", "C:\\o\\r.git", "\\\\host\\o\\r",
	"javascript:alert(1)", "data:text/html,x/y", "ftp://github.com/o/r", "svn+ssh://github.com/o/r", "scm:svn:https://github.com/o/r",
	"-oProxyCommand=x", "--upload-pack=x", "ssh://-oProxyCommand=x/o/r", "ssh://git@-oProxyCommand=x/o/r", "git@-oProxy.com:o/r",
	"https://github.com/-o/r", "https://github.com/o/-r", "https://github.com/--upload-pack=x/r",
	"https://github.com/o/r\nx", "https://github.com/o/r\x00", "https://github.com/o /r", "https://github.com/o/\u202er", "https://gith\u00fcb.com/o/r",
	"https://127.0.0.1/o/r.git", "https://[::1]/o/r.git", "https://10.0.0.7/o/r.git", "https://2130706433/o/r.git", "https://0x7f.1/o/r.git", "https://0177.0.0.1/o/r",
	"https://localhost/o/r.git", "https://x.localhost/o/r.git", "git@localhost:o/r.git", "git://metadata.google.internal/o/r.git", "https://printer.local/o/r.git",
	"https://github.com:8080/o/r", "git@github.com:22/o/r", "http://github.com:22/o/r",
	"https://github.com/o", "https://github.com/o/", "https://github.com/o/.git", "https://github.com/../r", "https://github.com/o/..", "https://github.com/o/.",
	"https://github.com/o%2fr/x", "https://github.com/o/r%00", "https://github.com/sponsors/o", "https://github.com/orgs/o/repositories", "https://github.com/topics/x",
	"https://gist.github.com/o/0123", "gist:0123", "https://example.org/docs/start", "https://example.org", "https://npm.registry.example/lodash/-/lodash-4.17.21.tgz",
	"https://github.com/o/" + strings.Repeat("r", 101), "https://git.example.org/" + strings.Repeat("a/", 20) + "b", "https://github.com/o/r" + strings.Repeat("/x", 2000),
}

func TestHostileAddresses(t *testing.T) {
	t.Parallel()
	for _, raw := range hostile {
		if a, err := ParseAddress(raw); err == nil {
			t.Errorf("%q: accepted as %+v", raw, a)
		} else if strings.ContainsAny(err.Error(), "\n\x00\x1b") {
			t.Errorf("%q: the error carries control characters: %q", raw, err)
		}
	}
}

func TestGivenAddress(t *testing.T) {
	t.Parallel()
	for raw, id := range map[string]string{
		"code.acme.internal/team/tool":         "code.acme.internal/team/tool",
		"https://example.org/Team/Tool":        "example.org/team/tool",
		"git@code.acme.corp:team/tool.git":     "code.acme.corp/team/tool",
		"https://github.com/o/r/tree/main/sub": "github.com/o/r",
	} {
		if a, err := ParseGiven(raw); err != nil || a.ID != id {
			t.Errorf("%q: %+v, %v", raw, a, err)
		}
	}
	for _, raw := range []string{"https://127.0.0.1/o/r", "https://localhost/o/r", "ext::x", "-oProxyCommand=x", "file:///x/y", "https://a.localhost/o/r", "acme/tool"} {
		if a, err := ParseGiven(raw); err == nil {
			t.Errorf("%q: accepted as %+v", raw, a)
		}
	}
}

func TestAddressErrorHidesCredentials(t *testing.T) {
	t.Parallel()
	_, err := ParseAddress("https://user:hunter2@10.0.0.7/o/r")
	if err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Fatalf("got %v", err)
	}
}

var (
	strictID  = regexp.MustCompile(`^[a-z0-9][a-z0-9-]*(\.[a-z0-9][a-z0-9-]*)+(/[a-z0-9_.~+][a-z0-9_.~+-]*){2,10}$`)
	strictURL = regexp.MustCompile(`^https://[a-z0-9.-]+(/[A-Za-z0-9_.~+][A-Za-z0-9_.~+-]*){2,10}$`)
)

func FuzzAddress(f *testing.F) {
	for _, s := range hostile {
		f.Add(s)
	}
	for _, s := range []string{"git+https://u:p@github.com/o/r.git/tree/main/a/b?x#y", "scm:git:ssh://git@git.example.org:22/a/b/c.git", "https://gitlab.com/a/b/-/blob/x/y/z",
		"git://x.org/a/b", "github:o/r", "https://gitbox.apache.org/repos/asf?p=a.git", "a.example.org:x/y.git#path:z"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		for _, parse := range []func(string) (Address, error){ParseAddress, ParseGiven} {
			a, err := parse(raw)
			if err != nil {
				if a != (Address{}) {
					t.Fatalf("%q: half a result: %+v", raw, a)
				}
				continue
			}
			for _, p := range strings.Split(a.ID, "/") {
				if strings.Contains(p, "..") && strings.Trim(p, ".") == "" {
					t.Fatalf("%q: climbs: %+v", raw, a)
				}
			}
			if !strictID.MatchString(a.ID) || !strictURL.MatchString(a.URL) || strings.HasSuffix(a.ID, ".git") {
				t.Fatalf("%q: %+v", raw, a)
			}
			if strings.ToLower(strings.TrimSuffix(a.URL, ".git")) != "https://"+a.ID {
				t.Fatalf("%q: id and address differ: %+v", raw, a)
			}
			if a.Folder != cleanFolder(a.Folder) || strings.HasPrefix(a.Folder, "/") || strings.Contains("/"+a.Folder+"/", "/../") {
				t.Fatalf("%q: folder %q", raw, a.Folder)
			}
			again, err := parse(a.URL)
			if again.Folder = a.Folder; err != nil || again != a {
				t.Fatalf("%q: %+v, read again: %+v, %v", raw, a, again, err)
			}
		}
	})
}
