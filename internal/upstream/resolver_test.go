package upstream

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mainstay-oss/mainstay/internal/dependency"
	"github.com/mainstay-oss/mainstay/internal/gap"
)

func gomod(path, version string) Query {
	return Query{PURL: "pkg:golang/" + strings.ToLower(path) + "@" + version, Name: path, Version: version}
}

func npm(name, version, download string) Query {
	q := Query{PURL: "pkg:npm/" + strings.ReplaceAll(name, "@", "%40") + "@" + version, Name: name, Version: version}
	if download != "" {
		q.Hints = []dependency.Hint{{Kind: "download", URL: download}}
	}
	return q
}

func hint(purl string, kindAndURL ...string) Query {
	q := Query{PURL: purl}
	for i := 0; i < len(kindAndURL); i += 2 {
		q.Hints = append(q.Hints, dependency.Hint{Kind: kindAndURL[i], URL: kindAndURL[i+1]})
	}
	return q
}

// short writes a resolution in one line.
func short(r Resolution) string {
	s := r.Upstream
	if r.Folder != "" {
		s += " / " + r.Folder
	}
	return fmt.Sprintf("%s | %s %.3g", s, r.Method, r.Confidence)
}

// The rules that ask nobody.
func TestStaticRules(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		query Query
		want  string
	}{
		{gomod("github.com/gorilla/mux", "v1.8.1"), "github.com/gorilla/mux | module-path 0.98"},
		{gomod("github.com/BurntSushi/toml", "v1.4.0"), "github.com/burntsushi/toml | module-path 0.98"},
		{gomod("github.com/jackc/pgx/v5", "v5.7.0"), "github.com/jackc/pgx | module-path 0.98"},
		{gomod("github.com/o/v2", "v2.0.0"), "github.com/o/v2 | module-path 0.98"},
		{gomod("github.com/aws/aws-sdk-go-v2/service/s3", "v1.0.0"), "github.com/aws/aws-sdk-go-v2 / service/s3 | module-path 0.98"},
		{gomod("github.com/o/r/sub/v3", "v3.0.0"), "github.com/o/r / sub | module-path 0.98"},
		{gomod("gopkg.in/yaml.v3", "v3.0.1"), "github.com/go-yaml/yaml | module-path 0.98"},
		{gomod("gopkg.in/inf.v0", "v0.9.1"), "github.com/go-inf/inf | module-path 0.98"},
		{gomod("gopkg.in/DataDog/dd-trace-go.v1", "v1.0.0"), "github.com/datadog/dd-trace-go | module-path 0.98"},
		{gomod("gopkg.in/square/go-jose.v2/jwt", "v2.0.0"), "github.com/square/go-jose / jwt | module-path 0.98"},
		{gomod("codeberg.org/o/r", "v1.0.0"), "codeberg.org/o/r | module-path 0.98"},
		{gomod("gitlab.com/o/r/v2", "v2.0.0"), "gitlab.com/o/r | module-path 0.98"},
		{gomod("gitlab.com/gitlab-org/api/client-go", "v1.0.0"), "gitlab.com/gitlab-org/api/client-go | nested-group 0.6"},
		{gomod("git.acme.example/team/tool.git/lib/v2", "v2.0.0"), "git.acme.example/team/tool / lib | module-path 0.98"},
		{gomod("golang.org/x/mod", "v0.20.0"), "github.com/golang/mod | vanity-table 0.93"},
		{gomod("golang.org/x/tools/gopls", "v0.16.0"), "github.com/golang/tools / gopls | vanity-table 0.93"},
		{gomod("k8s.io/klog/v2", "v2.0.0"), "github.com/kubernetes/klog | vanity-table 0.93"},
		{gomod("google.golang.org/grpc", "v1.60.0"), "github.com/grpc/grpc-go | vanity-table 0.93"},
		{gomod("google.golang.org/genproto/googleapis/rpc", "v0.0.1"), "github.com/googleapis/go-genproto / googleapis/rpc | vanity-table 0.93"},
		{gomod("go.opentelemetry.io/otel/sdk/metric", "v1.0.0"), "github.com/open-telemetry/opentelemetry-go / sdk/metric | vanity-table 0.93"},
		{gomod("go.opentelemetry.io/contrib/instrumentation/net", "v1.0.0"), "github.com/open-telemetry/opentelemetry-go-contrib / instrumentation/net | vanity-table 0.93"},
		{gomod("honnef.co/go/tools", "v0.5.0"), "github.com/dominikh/go-tools | vanity-table 0.93"},
		{gomod("modernc.org/sqlite", "v1.0.0"), "gitlab.com/cznic/sqlite | vanity-table 0.93"},
		{gomod("go.yaml.in/yaml/v3", "v3.0.4"), "github.com/yaml/go-yaml | vanity-table 0.93"},
		{gomod("gorm.io/driver/mysql", "v1.0.0"), "github.com/go-gorm/mysql | vanity-table 0.93"},
		{gomod("gotest.tools/v3", "v3.0.0"), "github.com/gotestyourself/gotest.tools | vanity-table 0.93"},
		{gomod("github.com/o", "v1.0.0"), " |  0"},
		{gomod("k8s.io", "v1.0.0"), " |  0"},

		{hint("pkg:github/Actions/Checkout@v4"), "github.com/actions/checkout | purl 0.98"},
		{hint("pkg:gitlab/group/sub/name@1"), "gitlab.com/group/sub/name | purl 0.98"},
		{hint("pkg:bitbucket/o/r@1"), "bitbucket.org/o/r | purl 0.98"},
		{hint("pkg:swift/github.com/Alamofire/Alamofire@5.4.3"), "github.com/alamofire/alamofire | purl 0.98"},
		{hint("pkg:githubactions/github/codeql-action/init@v3"), "github.com/github/codeql-action / init | purl 0.98"},
		{hint("pkg:pypi/x@1?vcs_url=git%2Bhttps://github.com/o/x.git"), "github.com/o/x | purl 0.98"},
		{hint("pkg:githubactions/one@v3"), " |  0"},

		{hint("pkg:pypi/x@1", "vcs", "https://github.com/o/x.git"), "github.com/o/x | lock-hint 0.9"},
		{hint("pkg:pypi/x@1", "vcs", "https://git.example.org/o/x"), "git.example.org/o/x | lock-hint 0.9"},
		{hint("pkg:pypi/x@1", "vcs", "https://example.org/o/x"), " |  0"},
		{hint("pkg:npm/x@1", "download", "git+ssh://github.com/o/x.git#0a1b"), "github.com/o/x | lock-hint 0.9"},
		{hint("pkg:npm/x@1", "download", "https://codeload.github.com/o/x/tar.gz/0a1b"), "github.com/o/x | lock-hint 0.9"},
		{hint("pkg:pypi/x@1", "distribution", "https://files.example.org/a/x.git"), " |  0"},
		{hint("pkg:pypi/x@1", "website", "https://github.com/o/x#readme"), "github.com/o/x | website 0.5"},
		{hint("pkg:pypi/x@1", "website", "https://git.example.org/o/x"), " |  0"},
		{hint("pkg:pypi/x@1", "vcs", "ext::sh -c x"), " |  0"},
		{hint("pkg:pypi/x@1", "vcs", "file:///etc/o/x.git", "website", "javascript:alert(1)"), " |  0"},

		// Sources that agree, and sources that do not.
		{hint("pkg:pypi/x@1", "vcs", "https://github.com/o/x", "website", "https://github.com/O/X/tree/main/py"), "github.com/o/x / py | lock-hint 0.9"},
		{hint("pkg:pypi/x@1", "vcs", "https://github.com/o/x", "website", "https://github.com/o/other"), "github.com/o/x | lock-hint 0.675"},
		{Query{PURL: "pkg:golang/github.com/o/x@v1", Name: "github.com/o/x", Hints: []dependency.Hint{{Kind: "vcs", URL: "https://github.com/fork/x"}}}, "github.com/o/x | module-path 0.539"},
	} {
		w := newWorld("")
		got, _ := w.resolver(t, Config{Offline: true}).Resolve(t.Context(), []Query{c.query})
		if s := short(got[c.query.PURL]); s != c.want {
			t.Errorf("%s %s:\n got %s\nwant %s", c.query.PURL, c.query.Hints, s, c.want)
		}
	}
}

func TestDisagreementIsTold(t *testing.T) {
	t.Parallel()
	q := hint("pkg:pypi/x@1", "vcs", "https://github.com/o/x", "website", "https://github.com/o/other")
	got, gaps := newWorld("").resolver(t, Config{Offline: true}).Resolve(t.Context(), []Query{q})
	if e := got[q.PURL].Evidence; e != "vcs address in the file; but website address in the file says github.com/o/other" {
		t.Errorf("evidence: %s", e)
	}
	if len(gaps) != 0 {
		t.Errorf("gaps: %+v", gaps)
	}
}

func TestOverrides(t *testing.T) {
	t.Parallel()
	r := newWorld("").resolver(t, Config{Offline: true, Overrides: map[string]string{
		"pkg:npm/left":         "https://github.com/acme/left",
		"pkg:npm/%40acme/*":    "git@code.acme.corp:web/ui.git",
		"pkg:npm/%40acme/core": "github.com/acme/core",
		"go.acme.internal":     "code.acme.internal/go/all",
		"go.acme.internal/a":   "code.acme.internal/go/a",
		"github.com/o/fork":    "https://github.com/acme/fork",
	}})
	for _, c := range []struct {
		query Query
		want  string
	}{
		{npm("left", "1.0.0", "https://codeload.github.com/o/left/tar.gz/x"), "github.com/acme/left | override 1"},
		{npm("leftish", "1.0.0", ""), " |  0"},
		{npm("@acme/button", "1.0.0", ""), "code.acme.corp/web/ui | override 1"},
		{npm("@acme/core", "1.0.0", ""), "github.com/acme/core | override 1"},
		{gomod("go.acme.internal/a/b", "v1.0.0"), "code.acme.internal/go/a | override 1"},
		{gomod("go.acme.internal/abc", "v1.0.0"), "code.acme.internal/go/all | override 1"},
		{gomod("github.com/o/fork", "v1.0.0"), "github.com/acme/fork | override 1"},
		{gomod("github.com/o/forklift", "v1.0.0"), "github.com/o/forklift | module-path 0.98"},
	} {
		got, _ := r.Resolve(t.Context(), []Query{c.query})
		if s := short(got[c.query.PURL]); s != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.query.PURL, s, c.want)
		}
	}
	for key, value := range map[string]string{"pkg:npm/x": "file:///x/y", "pkg:": "github.com/o/r", "": "github.com/o/r", "a b": "github.com/o/r", "pkg:npm/y": "-oProxyCommand=x"} {
		if _, err := New(Config{Overrides: map[string]string{key: value}, Environ: []string{}}); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("%q", key)) {
			t.Errorf("%q: %q: error %v does not name the key", key, value, err)
		}
	}
}

const internet = `
-- proxy.example/go.one.example/lib/@v/v1.0.0.info --
{"Version":"v1.0.0","Origin":{"VCS":"git","URL":"https://github.com/one/lib","Subdir":"go"}}
-- proxy.example/go.two.example/lib/sub/v2/@v/v2.0.0.info --
{"Version":"v2.0.0"}
-- go.two.example/lib/sub/v2?go-get=1 --
<!DOCTYPE html><html><head><meta charset=utf-8>
<meta name="go-import" content="go.two.example/other git https://github.com/two/other">
<meta name="go-import" content="go.two.example/lib hg https://github.com/two/wrong">
<META content="go.two.example/lib git https://github.com/two/lib" name="go-import"/>
</head><body><meta name="go-import" content="go.two.example/lib git https://github.com/two/late"></body></html>
-- go.three.example/x?go-get=1 --
<meta name="go-import" content="go.three.example/x git ext::sh">
-- proxy.example/go.four.example/!x/@latest --
{"Origin":{"VCS":"git","URL":"https://code.four.example/x/y"}}
-- proxy.example/go.five.example/x/@v/v1.0.0.info --
{"Origin":
-- registry.example/object/latest --
{"name":"object","repository":{"type":"git","url":"git+https://github.com/js/object.git","directory":"packages/object"},"homepage":"https://object.example"}
-- registry.example/short/latest --
{"repository":"js/short"}
-- registry.example/gist/latest --
{"repository":"gist:0123"}
-- registry.example/gitlab/latest --
{"repository":"gitlab:js/name"}
-- registry.example/list/latest --
{"repository":[{"type":"git","url":"http://github.com/js/list.git"}]}
-- registry.example/bugs/latest --
{"bugs":{"url":"https://github.com/js/bugs/issues"}}
-- registry.example/two/latest --
{"repository":"js/two","homepage":"https://github.com/js/three#readme"}
-- registry.example/@scope%2Fname/latest --
{"repository":{"url":"git@github.com:scope/name.git"}}
-- registry.example/old --
{"repository":{"type":"git","url":"https://github.com/js/old"},"versions":{}}
-- registry.example/svn/latest --
{"repository":{"type":"svn","url":"https://svn.example/x/y"}}
-- registry.example/broken/latest --
{"repository":
-- other.example/npm/locked/latest --
{"repository":"js/locked"}
`

var goProxyDirect = []string{"GOPROXY=https://proxy.example,direct"}

func TestRegistries(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		query Query
		want  string
	}{
		{gomod("go.one.example/lib", "v1.0.0"), "github.com/one/lib / go | proxy-origin 0.97"},
		{gomod("go.two.example/lib/sub/v2", "v2.0.0"), "github.com/two/lib / sub | go-get 0.95"},
		{gomod("go.three.example/x", "v1.0.0"), " |  0"},
		{Query{PURL: "pkg:golang/go.four.example/x", Name: "go.four.example/X"}, "code.four.example/x/y | proxy-origin 0.97"},
		{gomod("go.five.example/x", "v1.0.0"), " |  0"},
		{npm("object", "1.0.0", ""), "github.com/js/object / packages/object | npm-repository 0.85"},
		{npm("short", "1.0.0", ""), "github.com/js/short | npm-repository 0.85"},
		{npm("gist", "1.0.0", ""), " |  0"},
		{npm("gitlab", "1.0.0", ""), "gitlab.com/js/name | npm-repository 0.85"},
		{npm("list", "1.0.0", ""), "github.com/js/list | npm-repository 0.85"},
		{npm("bugs", "1.0.0", ""), "github.com/js/bugs | website 0.5"},
		{npm("two", "1.0.0", ""), "github.com/js/two | npm-repository 0.637"},
		{npm("@scope/name", "1.0.0", ""), "github.com/scope/name | npm-repository 0.85"},
		{npm("old", "1.0.0", ""), "github.com/js/old | npm-repository 0.85"},
		{npm("svn", "1.0.0", ""), " |  0"},
		{npm("broken", "1.0.0", ""), " |  0"},
		{npm("absent", "1.0.0", ""), " |  0"},
		{npm("locked", "1.0.0", "https://other.example/npm/locked/-/locked-1.0.0.tgz"), "github.com/js/locked | npm-repository 0.85"},
		{npm("..", "1.0.0", ""), " |  0"},
	} {
		w := newWorld(internet)
		r := w.resolver(t, Config{Environ: append([]string{"npm_config_registry=https://registry.example/"}, goProxyDirect...)})
		got, gaps := r.Resolve(t.Context(), []Query{c.query})
		res := got[c.query.PURL]
		if s := short(res); s != c.want {
			t.Errorf("%s:\n got %s\nwant %s\nsent %s", c.query.PURL, s, c.want, w.sent())
		}
		if (res.Upstream == "") != (len(gaps) == 1) {
			t.Errorf("%s: %s, gaps %+v", c.query.PURL, short(res), gaps)
		}
	}
}

// A private name is not told to a registry that the lockfile does not name, and a module that GOPRIVATE names to no proxy.
func TestWhoHearsOfAPackage(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		environ []string
		npmrc   string // the user's
		project string // the scanned folder's .npmrc
		query   Query
		want    []string
	}{
		{"locked, none configured", nil, "", "", npm("x", "1.0.0", "https://corp.example/x/-/x-1.0.0.tgz"), []string{"corp.example/x", "corp.example/x/latest"}},
		{"built-in registry", nil, "", "", npm("x", "1.0.0", ""), []string{"builtin.example/x", "builtin.example/x/latest"}},
		{"configured after locked", []string{"NPM_CONFIG_REGISTRY=https://mirror.example"}, "", "", npm("x", "1.0.0", "https://corp.example/x/-/x-1.0.0.tgz"),
			[]string{"corp.example/x", "corp.example/x/latest", "mirror.example/x", "mirror.example/x/latest"}},
		{"scope", nil, "registry=https://mirror.example\n@acme:registry = https://corp.example/npm/\n", "", npm("@acme/x", "1.0.0", ""),
			[]string{"corp.example/npm/@acme%2Fx", "corp.example/npm/@acme%2Fx/latest"}},
		{"project's registry", nil, "", "registry=https://project.example\n", npm("x", "1.0.0", ""), []string{"project.example/x", "project.example/x/latest"}},
		{"project reads no variables", []string{"SECRET=s3cret"}, "", "registry=https://evil.example/${SECRET}\n", npm("x", "1.0.0", ""), []string{"builtin.example/x", "builtin.example/x/latest"}},
		{"user over project", nil, "registry=https://mirror.example", "registry=https://project.example\n", npm("x", "1.0.0", ""), []string{"mirror.example/x", "mirror.example/x/latest"}},
		{"private module", append([]string{"GOPRIVATE=*.corp.example"}, goProxyDirect...), "", "", gomod("go.corp.example/x", "v1.0.0"), []string{"go.corp.example/x?go-get=1"}},
		{"public module", goProxyDirect, "", "", gomod("go.corp.example/x", "v1.0.0"), []string{"go.corp.example/x?go-get=1", "proxy.example/go.corp.example/x/@v/v1.0.0.info"}},
		{"off", []string{"GOPROXY=off"}, "", "", gomod("go.corp.example/x", "v1.0.0"), nil},
		{"no direct", []string{"GOPROXY=https://proxy.example"}, "", "", gomod("go.corp.example/x", "v1.0.0"), []string{"proxy.example/go.corp.example/x/@v/v1.0.0.info"}},
		{"direct", []string{"GOPROXY=direct"}, "", "", gomod("go.corp.example/x", "v1.0.0"), []string{"go.corp.example/x?go-get=1"}},
		{"a comma stops at errors", []string{"GOPROXY=https://broken.example,https://proxy.example,direct"}, "", "", gomod("go.corp.example/x", "v1.0.0"),
			[]string{"broken.example/go.corp.example/x/@v/v1.0.0.info"}},
		{"a bar does not", []string{"GOPROXY=https://broken.example|https://proxy.example"}, "", "", gomod("go.corp.example/x", "v1.0.0"),
			[]string{"broken.example/go.corp.example/x/@v/v1.0.0.info", "proxy.example/go.corp.example/x/@v/v1.0.0.info"}},
		{"no need to ask", goProxyDirect, "", "", gomod("github.com/o/r", "v1.0.0"), nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld("")
			w.hook["broken.example"] = func(out http.ResponseWriter, _ *http.Request) { out.WriteHeader(http.StatusInternalServerError) }
			project := t.TempDir()
			write(t, filepath.Join(project, ".npmrc"), c.project)
			user := write(t, filepath.Join(t.TempDir(), ".npmrc"), c.npmrc)
			r := w.resolver(t, Config{Environ: append([]string{"npm_config_userconfig=" + user}, c.environ...), Project: project,
				Run: func(_ context.Context, name string, args ...string) (string, error) {
					if name != "npm" {
						return "", fmt.Errorf("unexpected %s %s", name, args)
					}
					return "https://builtin.example/\n", nil
				}})
			plan := r.Plan([]Query{c.query})
			if n := len(w.sent()); n != 0 {
				t.Fatalf("planning sent %d requests", n)
			}
			r.Resolve(t.Context(), []Query{c.query})
			if diff := cmp.Diff(c.want, w.sent()); diff != "" {
				t.Errorf("sent (-want +got):\n%s", diff)
			}
			for _, s := range w.sent() {
				host, _, _ := strings.Cut(s, "/")
				if plan[host]--; plan[host] < 0 {
					t.Errorf("%s was sent and not planned", s)
				}
			}
		})
	}
}

func TestOfflineSendsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(internet)
	cache := t.TempDir()
	environ := append([]string{"npm_config_registry=https://registry.example/"}, goProxyDirect...)
	queries := []Query{gomod("go.one.example/lib", "v1.0.0"), npm("object", "1.0.0", ""), npm("short", "1.0.0", "https://other.example/short/-/short-1.0.0.tgz")}
	r := w.resolver(t, Config{Offline: true, Cache: cache, Environ: environ})
	if plan := r.Plan(queries); len(plan) != 0 {
		t.Errorf("plan: %v", plan)
	}
	_, gaps := r.Resolve(t.Context(), queries)
	if diff := cmp.Diff([]gap.Gap{{Stage: gap.Upstream, Kind: gap.Offline, Count: 3}}, gaps); diff != "" {
		t.Errorf("gaps (-want +got):\n%s", diff)
	}
	if _, err := r.GoMod(t.Context(), "go.one.example/lib", "v1.0.0"); err == nil {
		t.Error("GoMod gave something")
	}
	if n := len(w.sent()); n != 0 {
		t.Fatalf("%d requests were sent: %s", n, w.sent())
	}
	// What was kept while online still counts offline.
	online, _ := w.resolver(t, Config{Cache: cache, Environ: environ}).Resolve(t.Context(), queries[:2])
	n := len(w.sent())
	if n == 0 {
		t.Fatal("nothing was sent online")
	}
	if plan := w.resolver(t, Config{Cache: cache, Environ: environ}).Plan(queries[:2]); len(plan) != 0 {
		t.Errorf("with everything kept the plan is still %v", plan)
	}
	again, gaps := w.resolver(t, Config{Offline: true, Cache: cache, Environ: environ}).Resolve(t.Context(), queries[:2])
	if diff := cmp.Diff(online, again); diff != "" || len(gaps) != 0 || len(w.sent()) != n {
		t.Errorf("offline after online: %s\ngaps %+v, %d requests more", diff, gaps, len(w.sent())-n)
	}
}

func TestOrderDoesNotMatter(t *testing.T) {
	t.Parallel()
	queries := []Query{
		gomod("go.one.example/lib", "v1.0.0"), gomod("github.com/BurntSushi/toml", "v1.0.0"), gomod("github.com/burntsushi/toml/sub", "v1.0.0"),
		npm("object", "1.0.0", ""), npm("object", "2.0.0", ""), npm("absent", "1.0.0", ""), npm("short", "1.0.0", ""), hint("pkg:generic/x@1"), hint("not a purl"),
		hint("pkg:pypi/x@1", "website", "https://github.com/o/x"), hint("pkg:pypi/x@1", "vcs", "https://github.com/o/x"), hint("pkg:pypi/x@1", "website", "https://github.com/o/z"),
	}
	run := func(queries []Query, parallel int) (map[string]Resolution, []gap.Gap, int) {
		w := newWorld(internet)
		r := w.resolver(t, Config{Parallel: parallel, Environ: append([]string{"npm_config_registry=https://registry.example/"}, goProxyDirect...)})
		res, gaps := r.Resolve(t.Context(), queries)
		return res, gaps, len(w.sent())
	}
	want, wantGaps, n := run(queries, 1)
	if len(want) != 10 || len(wantGaps) != 3 || n != 5 {
		t.Fatalf("%d resolutions, gaps %+v, %d requests", len(want), wantGaps, n)
	}
	if a, b := want["pkg:golang/github.com/burntsushi/toml@v1.0.0"].URL, want["pkg:golang/github.com/burntsushi/toml/sub@v1.0.0"].URL; a != b {
		t.Errorf("one upstream, two addresses: %s and %s", a, b)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		shuffled := slices.Clone(queries)
		rng.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		got, gaps, m := run(shuffled, 8)
		if diff := cmp.Diff(want, got) + cmp.Diff(wantGaps, gaps); diff != "" || m != n {
			t.Fatalf("another order, another result (%d requests):\n%s", m, diff)
		}
	}
}

// A host that refuses connections is tried twice, and costs one gap.
func TestDeadHost(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	dead := l.Addr().String()
	l.Close()
	r := bareResolver(t, Config{AllowPrivate: true, Environ: []string{"npm_config_registry=http://" + dead}})
	var tried atomic.Int32
	tr := r.fetch.client.Transport.(*http.Transport)
	dial := tr.DialContext
	tr.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
		tried.Add(1)
		return dial(ctx, network, addr)
	}
	var queries []Query
	for i := range 200 {
		queries = append(queries, npm(fmt.Sprintf("p%d", i), "1.0.0", ""))
	}
	_, gaps := r.Resolve(t.Context(), queries)
	if len(gaps) != 1 || gaps[0].Kind != gap.HostUnreachable || gaps[0].What != dead || gaps[0].Count != 200 || !strings.Contains(gaps[0].Detail, "refused") {
		t.Errorf("gaps: %+v", gaps)
	}
	if n := tried.Load(); n != maxFailures {
		t.Errorf("%d connections", n)
	}
}

// Hosts that swallow packets: the waiting is bounded over all of them together.
func TestSilentHosts(t *testing.T) {
	t.Parallel()
	r := bareResolver(t, Config{Environ: []string{"GOPROXY=direct"}})
	r.fetch.dead = r.fetch.patience // as if others had cost it all
	_, gaps := r.Resolve(t.Context(), []Query{gomod("go.a.example/x", "v1.0.0"), gomod("go.b.example/x", "v1.0.0"), gomod("go.b.example/y", "v1.0.0")})
	if len(gaps) != 2 || gaps[0].What != "go.a.example" || gaps[1].Count != 2 || !strings.HasPrefix(gaps[1].Detail, "not tried") {
		t.Errorf("gaps: %+v", gaps)
	}
	// What is left of the patience is what the next host gets, unless that is too little to answer in.
	for _, c := range []struct {
		spent time.Duration
		tried bool
	}{{0, true}, {Patience * 7 / 9, true}, {Patience * 17 / 18, false}} {
		r := bareResolver(t, Config{Environ: []string{"GOPROXY=direct"}, Patience: Patience})
		r.fetch.dead = c.spent
		tried := false
		r.fetch.client.Transport.(*http.Transport).DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
			tried = true
			return nil, errors.New("no way there")
		}
		if r.Resolve(t.Context(), []Query{gomod("go.a.example/x", "v1.0.0")}); tried != c.tried {
			t.Errorf("after %s: tried %v", c.spent, tried)
		}
	}
	// A connection that times out is the host's failure, though the network's error calls itself the end of a context.
	r = bareResolver(t, Config{Environ: []string{"GOPROXY=direct"}})
	r.fetch.client.Transport.(*http.Transport).DialContext = func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.OpError{Op: "dial", Err: context.DeadlineExceeded}
	}
	_, gaps = r.Resolve(t.Context(), []Query{gomod("go.b.example/x", "v1.0.0"), gomod("go.b.example/y", "v1.0.0"), gomod("go.b.example/z", "v1.0.0")})
	if len(gaps) != 1 || gaps[0].Kind != gap.HostUnreachable || gaps[0].Count != 3 {
		t.Errorf("gaps: %+v", gaps)
	}
	// A failed wait is booked, overlapping ones once.
	f := newFetcher(Config{}, newEnvironment(nil, nil), func(string) bool { return false })
	start := time.Now().Add(-3 * time.Second)
	for _, host := range []string{"a.example", "b.example", "c.example"} {
		_ = f.failed(t.Context(), host, start, fmt.Errorf("silence"))
	}
	if d := f.spent(); d < 3*time.Second || d > 3500*time.Millisecond {
		t.Errorf("booked %s for three overlapping waits of 3 s", d)
	}
}

func TestContextEnds(t *testing.T) {
	t.Parallel()
	w := newWorld(internet)
	r := w.resolver(t, Config{Environ: goProxyDirect})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	got, gaps := r.Resolve(ctx, []Query{gomod("go.one.example/lib", "v1.0.0"), gomod("github.com/o/r", "v1.0.0")})
	if got["pkg:golang/github.com/o/r@v1.0.0"].Upstream == "" {
		t.Error("what needs nobody was not resolved")
	}
	if len(gaps) != 1 || gaps[0].Kind != gap.OutOfBudget || len(w.sent()) != 0 {
		t.Errorf("gaps %+v, sent %s", gaps, w.sent())
	}
}

// What was kept, however old, and what lies in the module cache is still given when time is up; nothing is sent for the rest.
func TestContextHasEnded(t *testing.T) {
	t.Parallel()
	w := newWorld(internet + "-- proxy.example/go.one.example/lib/@v/v1.0.0.mod --\nmodule go.one.example/lib\n")
	modules := t.TempDir()
	write(t, filepath.Join(modules, "cache/download/go.cached.example/x/@v/v1.0.0.info"), `{"Origin":{"VCS":"git","URL":"https://github.com/cached/x"}}`)
	c := Config{Cache: t.TempDir(), Environ: append([]string{"npm_config_registry=https://registry.example/", "GOMODCACHE=" + modules}, goProxyDirect...)}
	kept := []Query{gomod("go.one.example/lib", "v1.0.0"), npm("object", "1.0.0", ""), npm("old", "1.0.0", "")}
	before := w.resolver(t, c)
	if _, gaps := before.Resolve(t.Context(), kept); len(gaps) != 0 {
		t.Fatalf("gaps: %+v", gaps)
	}
	if _, err := before.GoMod(t.Context(), "go.one.example/lib", "v1.0.0"); err != nil {
		t.Fatal(err)
	}
	sent := len(w.sent())

	c.FreshFor = time.Nanosecond // all of it would be asked for again
	r := w.resolver(t, c)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	open := []Query{npm("short", "1.0.0", ""), gomod("go.two.example/lib/sub/v2", "v2.0.0")}
	got, gaps := r.Resolve(ctx, slices.Concat(kept, open, []Query{gomod("go.cached.example/x", "v1.0.0"), gomod("github.com/o/r", "v1.0.0")}))
	for purl, want := range map[string]string{
		kept[0].PURL:                            "github.com/one/lib / go | proxy-origin 0.97",
		kept[1].PURL:                            "github.com/js/object / packages/object | npm-repository 0.85",
		kept[2].PURL:                            "github.com/js/old | npm-repository 0.85",
		"pkg:golang/go.cached.example/x@v1.0.0": "github.com/cached/x | proxy-origin 0.97",
		"pkg:golang/github.com/o/r@v1.0.0":      "github.com/o/r | module-path 0.98",
		open[0].PURL:                            " |  0",
		open[1].PURL:                            " |  0",
	} {
		if s := short(got[purl]); s != want {
			t.Errorf("%s: %s, want %s", purl, s, want)
		}
	}
	if diff := cmp.Diff([]gap.Gap{{Stage: gap.Upstream, Kind: gap.OutOfBudget, Count: 2}}, gaps); diff != "" {
		t.Errorf("gaps (-want +got):\n%s", diff)
	}
	if b, err := r.GoMod(ctx, "go.one.example/lib", "v1.0.0"); err != nil || len(b) == 0 {
		t.Errorf("a kept go.mod: %v", err)
	}
	if _, err := r.GoMod(ctx, "go.two.example/lib", "v1.0.0"); !errors.Is(err, context.Canceled) {
		t.Errorf("a go.mod that is not kept: %v", err)
	}
	if n := len(w.sent()); n != sent {
		t.Errorf("%d requests after the end", n-sent)
	}
}

func TestGoMod(t *testing.T) {
	t.Parallel()
	w := newWorld(`
-- proxy.example/github.com/!burnt!sushi/toml/@v/v1.0.0.mod --
module github.com/BurntSushi/toml
`)
	cache, folder := t.TempDir(), t.TempDir()
	write(t, filepath.Join(cache, "cache/download/go.a.example/x/@v/v1.0.0.mod"), "module cached")
	write(t, filepath.Join(folder, "go.b.example/x/@v/v1.0.0.mod"), "module folder")
	r := w.resolver(t, Config{Environ: []string{"GOMODCACHE=" + cache, "GOPROXY=file://" + filepath.ToSlash(folder) + ",https://proxy.example", "GOPRIVATE=private.example"}})
	for _, c := range []struct{ path, version, want string }{
		{"go.a.example/x", "v1.0.0", "module cached"},
		{"go.b.example/x", "v1.0.0", "module folder"},
		{"github.com/BurntSushi/toml", "v1.0.0", "module github.com/BurntSushi/toml\n"},
		{"github.com/BurntSushi/toml", "v1.0.1", ""},
		{"private.example/x", "v1.0.0", ""},
		{"../../etc/passwd", "v1.0.0", ""},
		{"github.com/o/r", "../../../v1.0.0", ""},
	} {
		b, err := r.GoMod(t.Context(), c.path, c.version)
		if string(b) != c.want || (err == nil) != (c.want != "") {
			t.Errorf("%s@%s: %q, %v", c.path, c.version, b, err)
		}
	}
	if diff := cmp.Diff([]string{"proxy.example/github.com/!burnt!sushi/toml/@v/v1.0.0.mod", "proxy.example/github.com/!burnt!sushi/toml/@v/v1.0.1.mod"}, w.sent()); diff != "" {
		t.Error(diff)
	}
}

// A lockfile cannot make Mainstay knock at private doors; the user's own configuration can.
func TestPrivateAddresses(t *testing.T) {
	t.Parallel()
	var knocks atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, _ *http.Request) {
		knocks.Add(1)
		_, _ = out.Write([]byte(`{"repository":"js/x"}`))
	}))
	defer server.Close()
	locked := npm("x", "1.0.0", server.URL+"/x/-/x-1.0.0.tgz")
	for _, c := range []struct {
		config  Config
		allowed bool
	}{
		{Config{AllowPrivate: true}, false},
		{Config{AllowPrivate: true, Environ: []string{"npm_config_registry=" + server.URL}}, true},
		{Config{AllowPrivate: true, Run: func(context.Context, string, ...string) (string, error) { return server.URL + "/\n", nil }}, true},
		{Config{Environ: []string{"npm_config_registry=" + server.URL}}, false},
	} {
		knocks.Store(0)
		got, gaps := bareResolver(t, c.config).Resolve(t.Context(), []Query{locked})
		if ok := got[locked.PURL].Upstream != ""; ok != c.allowed || (knocks.Load() > 0) != c.allowed {
			t.Errorf("%+v: resolved %v after %d requests", c.config.Environ, ok, knocks.Load())
		}
		if !c.allowed && (len(gaps) != 1 || gaps[0].Kind != gap.HostUnreachable || !strings.Contains(gaps[0].Detail, "private")) {
			t.Errorf("gaps: %+v", gaps)
		}
	}
	// A name that leads there is refused when connecting.
	r := bareResolver(t, Config{AllowPrivate: true})
	dial := guardedDial(time.Second, func(string) bool { return false }, private)
	if conn, err := dial(t.Context(), "tcp", server.Listener.Addr().String()); err == nil {
		conn.Close()
		t.Error("connected")
	}
	r.Close()
}
