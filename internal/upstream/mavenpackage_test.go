package upstream

import (
	"archive/zip"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Maven's built-in repository is named in a jar of its installation alone.
func TestMavenDefault(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	if err := os.Mkdir(filepath.Join(home, "lib"), 0o755); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(filepath.Join(home, "lib", "maven-model-builder-3.9.jar"))
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(f)
	w, err := z.Create("org/apache/maven/model/pom-4.0.0.xml")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = w.Write([]byte("<project><repositories><repository><id>other</id><url>https://other.example</url></repository><repository><id>central</id><url>https://repo.example/maven2</url></repository></repositories></project>"))
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	env := newEnvironment([]string{"MAVEN_HOME=" + home}, nil)
	if p := readMavenSettings(t.Context(), env, ""); len(p.own) != 0 || len(p.fallback()) != 1 || p.fallback()[0].base != "https://repo.example/maven2" {
		t.Errorf("%+v", p.own)
	}
	// With a repository of the user's own, the built-in one is asked after it; where a mirror stands for it, it is not.
	for settings, want := range map[string][]string{
		"<profiles><profile><activation><activeByDefault>true</activeByDefault></activation><repositories><repository><id>own</id><url>https://own.example</url></repository></repositories></profile></profiles>": {"https://own.example", "https://repo.example/maven2"},
		"<mirrors><mirror><id>m</id><url>https://mirror.example</url><mirrorOf>central</mirrorOf></mirror></mirrors>":                                                                                              {"https://mirror.example"},
		"<mirrors><mirror><id>m</id><url>https://mirror.example</url><mirrorOf>*,!central</mirrorOf></mirror></mirrors>":                                                                                           {"https://repo.example/maven2"},
		"<mirrors><mirror><id>m</id><url>https://mirror.example</url><mirrorOf>external:*</mirrorOf></mirror></mirrors>":                                                                                           {"https://mirror.example"},
		"<mirrors>": {"https://repo.example/maven2"},
	} {
		write(t, filepath.Join(home, "conf", "settings.xml"), "<settings>"+settings+"</settings>")
		var got []string
		at, _ := readMavenSettings(t.Context(), env, "").order(nil)
		for _, p := range at {
			got = append(got, p.base)
		}
		if len(got) != len(want) || got[0] != want[0] || got[len(got)-1] != want[len(want)-1] {
			t.Errorf("%s: %q, want %q", settings, got, want)
		}
	}
}

// A remote repository says of a POM since when it has it.
func TestMavenRelease(t *testing.T) {
	t.Parallel()
	w := newWorld("")
	w.hook["repo.example"] = func(out http.ResponseWriter, _ *http.Request) {
		out.Header().Set("Last-Modified", "Tue, 15 Nov 1994 12:45:26 GMT")
		_, _ = out.Write([]byte("<project><scm><url>https://github.com/acme/pump</url></scm></project>"))
	}
	r := w.resolver(t, Config{})
	r.places["maven"] = func() places { return places{own: []place{{base: "https://repo.example"}}} }
	got, _ := r.Resolve(t.Context(), []Query{{PURL: "pkg:maven/com.acme/pump@1.0", Version: "1.0"}})
	if res := got["pkg:maven/com.acme/pump@1.0"]; res.Released != "1994-11-15" || res.Upstream != "github.com/acme/pump" {
		t.Errorf("%+v", res)
	}
}

func TestMavenLatest(t *testing.T) {
	t.Parallel()
	for versions, want := range map[string]string{
		"1.0 1.10 1.9 2.0-rc1 2.0-M1":                   "1.10",
		"2.15.4 3.0-rc5 2.16.0":                         "2.16.0",
		"1.0.0.RELEASE 5.0.0.Final 5.1.0.CR1":           "5.0.0.Final",
		"20040616 3.2 3.2.1 4.0.0-alpha-1 3.4-SNAPSHOT": "20040616",
		"33.0-jre 33.0-android":                         "33.0-android",
		"1.0-alpha":                                     "1.0-alpha",
	} {
		text := "<metadata><versioning><versions><version>" + strings.ReplaceAll(versions, " ", "</version><version>") + "</version></versions></versioning></metadata>"
		if _, got, err := readMavenMetadata([]byte(text)); got != want || err != nil {
			t.Errorf("%s: %q %v, want %q", versions, got, err, want)
		}
	}
}

func FuzzMavenPackage(f *testing.F) {
	for _, s := range []string{
		"<project><parent><groupId>a</groupId><artifactId>b</artifactId><version>1</version></parent></project>",
		"<project><scm><url>https://github.com/${o}/${project.artifactId}</url></scm><properties><o>${p}</o><p>x</p></properties><url>https://github.com/o/r/tree/main/x</url></project>",
		"<project><distributionManagement><relocation><message>x</message></relocation></distributionManagement></project>",
		"<metadata><versioning><release>1</release></versioning></metadata>",
	} {
		f.Add([]byte(s))
	}
	r, err := New(Config{Offline: true, Environ: []string{"HOME=/nonexistent", "MAVEN_HOME=/nonexistent"}})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		a, err := r.readPOM(b, mavenArtefact{"com.acme", "pump", "1.0"}, []place{{base: "https://repo.example"}}, 0)
		if err != nil && (a.found != nil || a.then != nil) {
			t.Fatal("half a result")
		}
		checkCandidates(t, a.found)
		if a.facts != nil {
			checkFacts(t, a.facts("1.0"))
		}
		if a, _, _ := readMavenMetadata(b); a.facts != nil {
			checkFacts(t, a.facts("1.0"))
		}
	})
}
