package upstream

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Files of the machine come before those of the user, and a later one changes what an earlier one says.
func TestNuGetSettings(t *testing.T) {
	t.Parallel()
	home, machine, project := t.TempDir(), t.TempDir(), t.TempDir()
	sources := func(text string) string {
		return "\ufeff<configuration><packageSources>" + text + "</packageSources></configuration>"
	}
	env := func(vars ...string) environment {
		return newEnvironment(append(vars, "HOME="+home, "AppData="+home, "NUGET_COMMON_APPLICATION_DATA="+machine), nil)
	}
	user := filepath.Join(home, ".nuget", "NuGet", "NuGet.Config")
	if dir := env().get("AppData"); filepath.Separator == '\\' {
		user = filepath.Join(dir, "NuGet", "NuGet.Config")
	}
	write(t, filepath.Join(machine, "NuGet", "Config", "all.config"), sources(`<add key="machine" value="https://machine.example/index.json"/><add key="moved" value="https://old.example/index.json"/>`))
	write(t, user, sources(`<Add KEY="Moved" value="https://new.example/index.json"/><add key="folder" value="/srv/nuget"/><add key="broken"`))
	write(t, filepath.Join(project, "nuget.config"), sources(`<add key="inside" value="https://127.0.0.1/index.json"/><add key="variable" value="https://%HOME%.example/index.json"/>`))
	p := readNuGetSettings(t.Context(), env("NuGetPackageSourceCredentials_moved=Username=me; Password=pw"), project)
	want := []place{{base: "https://machine.example/index.json"}, {base: "https://new.example/index.json", auth: "Basic bWU6cHc="}}
	if diff := cmp.Diff(want, p.own, cmp.AllowUnexported(place{})); diff != "" {
		t.Error(diff)
	}
	// The scanned folder names no host that may have a private address, and hears nothing of the user's environment.
	if p.names("127.0.0.1") || len(p.scanned) == 0 || slices.ContainsFunc(p.scanned, func(s place) bool { return s.auth != "" || strings.Contains(s.base, home) }) {
		t.Errorf("scanned: %v", p.scanned)
	}
	write(t, filepath.Join(project, "nuget.config"), sources(`<clear/><add key="one" value="https://one.example/index.json"/>`))
	if p := readNuGetSettings(t.Context(), env(), project); len(p.own) > 0 || len(p.scanned) != 1 {
		t.Errorf("after clear: %v, %v", p.own, p.scanned)
	}
	if got := nugetPackagesFolder(env("NUGET_PACKAGES=" + machine)); got != machine {
		t.Errorf("packages in %s", got)
	}
}

// The program is asked once, and no more than it need be.
func TestNuGetDefault(t *testing.T) {
	t.Parallel()
	for out, want := range map[string]string{
		"E https://feed.example/v3/index.json": "https://feed.example/v3/index.json",
		"EM https://machine.example/index.json\nD https://off.example/index.json\nE https://feed.example/v3/index.json": "https://feed.example/v3/index.json",
		"error: no such option": "", "": "",
	} {
		env := environment{run: func(context.Context, string, ...string) (string, error) { return out, nil }}
		if got := nugetDefault(t.Context(), env); fmt.Sprint(got) != fmt.Sprint([]place{{base: want}}) && (want != "" || got != nil) {
			t.Errorf("%q: %v", out, got)
		}
	}
}

func TestNuGetVersions(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"1": "1.0.0", "1.0": "1.0.0", "01.002.3": "1.2.3", "1.2.3.0": "1.2.3", "1.2.3.4": "1.2.3.4", "1.2.3-Beta+abc": "1.2.3-beta", "1.0+x": "1.0.0", "": "", "v1": "", "1.2.3.4.5": "", "../1": ""} {
		if got := nugetVersion(in); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
	order := []string{"0.9.0-b", "0.9.0", "1.2.0", "1.10.0", "1.10.0.1", "2.0.0-rc", "2.0.0", "10.0.0"}
	for i, a := range order {
		for j, b := range order {
			if got := nugetNewer(a, b); got != (i > j) {
				t.Errorf("%s newer than %s: %v", a, b, got)
			}
		}
	}
}

func FuzzNuGet(f *testing.F) {
	for _, s := range []string{
		`<package><metadata><repository url="https://github.com/o/r/tree/main/x"/><projectUrl>https://github.com/o/r</projectUrl></metadata></package>`,
		"\ufeff<?xml version=\"1.0\" encoding=\"utf-8\"?><package xmlns=\"x\"><metadata><projectUrl>javascript:x</projectUrl></metadata></package>",
		`{"resources":[{"@id":"https://a.example/x/","@type":["PackageBaseAddress/3.0.0"]}]}`, `{"resources":[{"@id":"https://me@a.example?x","@type":"PackageBaseAddress/3.0.0"}]}`,
		`{"items":[{"@id":"p.json","lower":"1.0.0","upper":"2.0.0"},{"items":[{"catalogEntry":{"version":"1.0.0","published":"2020-01-02T03:04:05Z","listed":false,"deprecation":{"reasons":["a","b"],"message":"c\nd"}}}]}]}`,
		`{"versions":["1.0","2.0-b"]}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		a, err := readNuspec(b, "name")
		if err != nil && a.found != nil {
			t.Fatal("half a result")
		}
		checkCandidates(t, a.found)
		if at := nugetService(b, "https://a.example/index.json", []string{"PackageBaseAddress/3.0.0"}); at != "" && (!strings.HasPrefix(at, "https://") || !strings.HasSuffix(at, "/") || strings.ContainsAny(at, "@?#")) {
			t.Errorf("a service at %q", at)
		}
		if v, _ := readNuGetVersions(b); v != nugetVersion(v) {
			t.Errorf("version %q", v)
		}
		a, _ = readRegistration(b, request{url: "https://a.example/x/index.json", auth: "secret"}, "1.0.0")
		if a.facts != nil {
			checkFacts(t, a.facts("1.0.0"))
			checkFacts(t, a.facts(""))
		}
		for _, s := range a.then {
			if !strings.HasPrefix(s.request.url, "https://a.example/") {
				t.Errorf("asks %s", s.request.url)
			}
		}
		if len(a.then) > nugetPages {
			t.Errorf("%d pages", len(a.then))
		}
	})
}

func FuzzNuGetConfig(f *testing.F) {
	for _, s := range []string{
		`<configuration><packageSources><clear/><add key="a" value="https://a.example/index.json"/><remove key="a"/></packageSources></configuration>`,
		`<configuration><packageSourceCredentials><a><add key="Username" value="%X%"/></a></packageSourceCredentials><packageSourceMapping><package pattern="x"/><packageSource key="a"><package pattern="*"/></packageSource></packageSourceMapping></configuration>`,
		`</configuration><configuration`, `<configuration><config><add key="globalPackagesFolder" value="/x"/></config></configuration>`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var c nugetConfig
		c.read(text, func(string) string { return "value" })
		for _, s := range c.sources {
			if one, ok := c.place(s, environment{}); ok && one.base != registryBase(one.base) {
				t.Errorf("%+v", one)
			}
		}
	})
}
