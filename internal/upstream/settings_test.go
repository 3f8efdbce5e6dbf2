package upstream

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var unexported = cmp.AllowUnexported(goProxy{}, npmLogin{})

func TestGoProxyList(t *testing.T) {
	t.Parallel()
	logins := map[string]string{"b.example": "Basic netrc"}
	for list, want := range map[string]struct {
		proxies []goProxy
		direct  bool
	}{
		"":                             {nil, false},
		"off":                          {nil, false},
		"direct":                       {nil, true},
		"https://a.example/go/,direct": {[]goProxy{{base: "https://a.example/go"}}, true},
		"https://a.example|https://b.example,off,https://c.example": {[]goProxy{{base: "https://a.example", anyError: true}, {base: "https://b.example", auth: "Basic netrc"}}, false},
		"https://u:p@b.example":             {[]goProxy{{base: "https://b.example", auth: "Basic dTpw"}}, false},
		"file:///srv/go,ftp://x.example":    {[]goProxy{{folder: filepath.FromSlash("/srv/go")}}, false},
		" a.example , direct,https://never": {[]goProxy{{base: "https://a.example"}}, true},
	} {
		proxies, direct := parseGoProxy(list, logins)
		if diff := cmp.Diff(want.proxies, proxies, unexported); diff != "" || direct != want.direct {
			t.Errorf("%q: direct %v\n%s", list, direct, diff)
		}
	}
}

// Variables win over the user's file, which wins over the installation's; only then is the program asked.
func TestGoSettings(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := write(t, filepath.Join(dir, "env"), "# comment\nGOPROXY=https://file.example\nGOPRIVATE=*.corp.example\nGOMODCACHE="+dir+"\n")
	write(t, filepath.Join(dir, "root", "go.env"), "GOPROXY=https://installed.example,direct\n")
	write(t, filepath.Join(dir, "home", ".netrc"), "machine file.example\n  login me password pw\nmacdef x\nmachine no.example login a password b\n\nmachine env.example login you\ndefault login x\n")
	base := []string{"HOME=" + filepath.Join(dir, "home"), "USERPROFILE=" + filepath.Join(dir, "home")}
	asked := 0
	run := func(context.Context, string, ...string) (string, error) { asked++; return "https://asked.example", nil }
	for _, c := range []struct {
		environ []string
		want    []goProxy
		asked   int
	}{
		{[]string{"GOENV=" + file, "GOPROXY=https://env.example"}, []goProxy{{base: "https://env.example", auth: "Basic eW91Og=="}}, 0},
		{[]string{"GOENV=" + file}, []goProxy{{base: "https://file.example", auth: "Basic bWU6cHc="}}, 0},
		{[]string{"GOENV=off", "GOROOT=" + filepath.Join(dir, "root")}, []goProxy{{base: "https://installed.example"}}, 0},
		{[]string{"GOENV=off", "GOROOT=" + dir}, []goProxy{{base: "https://asked.example"}}, 1},
	} {
		asked = 0
		s := readGoSettings(t.Context(), newEnvironment(append(base, c.environ...), run))
		if diff := cmp.Diff(c.want, s.proxies, unexported); diff != "" || asked != c.asked {
			t.Errorf("%s: asked %d times\n%s", c.environ, asked, diff)
		}
		if fromFile := c.environ[0] != "GOENV=off"; fromFile != s.private("go.corp.example/x") || fromFile != (s.modCache == dir) {
			t.Errorf("%s: private %v, cache %s", c.environ, s.private("go.corp.example/x"), s.modCache)
		}
	}
}

func TestNPMSettings(t *testing.T) {
	t.Parallel()
	rc := write(t, filepath.Join(t.TempDir(), "npmrc"), `
; comment
registry = "https://Mirror.example/npm/"
@acme:registry=https://corp.example/a
//mirror.example/npm/:_authToken=${TOKEN}
//mirror.example/:_authToken=wide
//corp.example/a/:username=me
//corp.example/a/:_password=cHc=
//basic.example/:_auth=YTpi
//unset.example/:_authToken=${NOT_SET}
ignored line
`)
	s := readNPMSettings(t.Context(), newEnvironment([]string{"NPM_CONFIG_USERCONFIG=" + rc, "TOKEN=t0k"}, nil), "")
	if s.registry != "https://mirror.example/npm" {
		t.Errorf("registry %q", s.registry)
	}
	for address, want := range map[string]string{
		"https://mirror.example/npm":      "Bearer t0k",
		"https://mirror.example/npmx":     "Bearer wide",
		"https://mirror.example/npm/deep": "Bearer t0k",
		"http://mirror.example/npm":       "", // a lockfile may not talk the token out of its encryption
		"https://mirror.example.evil/npm": "",
		"https://corp.example/a":          "Basic bWU6cHc=",
		"https://corp.example/b":          "",
		"https://basic.example":           "Basic YTpi",
		"https://unset.example":           "",
	} {
		if got := s.login(address); got != want {
			t.Errorf("%s: %q, want %q", address, got, want)
		}
	}
}

func TestLockedRegistry(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ download, name, want string }{
		{"https://npm.registry.example/lodash/-/lodash-4.17.21.tgz", "lodash", "https://npm.registry.example"},
		{"https://r.example/artifactory/api/npm/all/@s/n/-/n-1.0.0.tgz", "@s/n", "https://r.example/artifactory/api/npm/all"},
		{"https://r.example/@s%2fn/-/n-1.0.0.tgz", "@s/n", "https://r.example"},
		{"https://u:p@r.example/n/-/n-1.0.0.tgz?x=y", "n", "https://r.example"},
		{"https://r.example/real/-/real-1.0.0.tgz", "alias", ""},
		{"https://codeload.github.com/o/r/tar.gz/x", "r", ""},
		{"file:../n/-/n.tgz", "n", ""},
		{"git+ssh://git@github.com/o/n/-/n", "n", ""},
	} {
		if got := lockedRegistry(c.download, c.name); got != c.want {
			t.Errorf("%s: %q, want %q", c.download, got, c.want)
		}
	}
}

func FuzzManifest(f *testing.F) {
	for _, s := range []string{`{"repository":"o/r"}`, `{"repository":{"type":"git","url":"x","directory":"y"},"bugs":{"url":"https://github.com/o/r"}}`, `{"repository":[[["x"]]]}`, `[]`, `{"repository":[{"url":"git@github.com:o/r"}]}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		a, err := readManifest(b, "name")
		if err != nil && (a.found != nil || a.facts != nil) {
			t.Fatal("half a result")
		}
		checkCandidates(t, a.found)
	})
}

func FuzzGoImport(f *testing.F) {
	for _, s := range []string{`<meta name="go-import" content="a.example/x git https://github.com/o/r">`, `<meta name=go-import content="a.example git https://a.example/x/y.git sub/dir">`, "<body>", "<meta name='go-import'", "\x00<!--"} {
		f.Add([]byte(s), "a.example/x/y")
	}
	f.Fuzz(func(t *testing.T, page []byte, path string) {
		c, err := readGoImport(page, path)
		if err != nil && c != nil {
			t.Fatal("half a result")
		}
		checkCandidates(t, c)
	})
}

// checkFacts holds that days are days and texts are one short line.
func checkFacts(t *testing.T, f Facts) {
	t.Helper()
	for _, day := range []string{f.Released, f.LatestReleased, f.DeprecatedOn, f.YankedOn} {
		if day != "" && !isDate(day) {
			t.Fatalf("%+v", f)
		}
	}
	for _, text := range []string{f.Deprecated, f.Yanked} {
		if text != noticeText(text) {
			t.Fatalf("%q", text)
		}
	}
}

func checkCandidates(t *testing.T, all []candidate) {
	t.Helper()
	for _, c := range all {
		if !strictID.MatchString(c.ID) || !strictURL.MatchString(c.URL) || c.Folder != cleanFolder(c.Folder) {
			t.Fatalf("%+v", c)
		}
	}
}
