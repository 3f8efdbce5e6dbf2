package upstream

import (
	"archive/zip"
	"os"
	"path/filepath"
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
