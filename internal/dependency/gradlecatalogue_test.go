package dependency

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

const gradleCatalogue = `[versions]
json = "1.2.0"
[libraries]
json = { module = "com.acme:json", version.ref = "json" }
text = "com.acme:text:2.0"
log = { group = "com.acme", name = "log", version = { strictly = "[1.0,2.0)" } }
bom = { module = "com.acme:managed" }
[plugins]
build = { id = "com.acme.build", version = "3.0" }
`

func TestGradleCatalogue(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	writeFile(t, filepath.Join(root, "a/gradle/libs.versions.toml"), []byte(gradleCatalogue))
	writeFile(t, filepath.Join(root, "b/gradle/libs.versions.toml"), []byte(gradleCatalogue))
	writeFile(t, filepath.Join(root, "b/app/gradle.lockfile"), []byte(gradleLock))
	inv := read(t, root)
	if len(inv.Files) != 2 || len(inv.Subjects) != 2 || len(inv.Gaps) > 0 || inv.Files[1].Path != "b/app/gradle.lockfile" {
		t.Fatal(inv)
	}
	pkg := func(name, version string, scope Scope, line int) Package {
		p := Package{PURL: "pkg:maven/" + name, Name: name, Version: version, Direct: true, Scope: scope, Line: line}
		if version != "" {
			p.PURL += "@" + version
		}
		return p
	}
	want := []Package{
		pkg("com.acme.build/com.acme.build.gradle.plugin", "3.0", Dev, 9),
		pkg("com.acme/json", "1.2.0", Runtime, 4),
		pkg("com.acme/log", "", Runtime, 6),
		pkg("com.acme/managed", "", Runtime, 7),
		pkg("com.acme/text", "2.0", Runtime, 5),
	}
	if diff := cmp.Diff(want, inv.Files[0].Packages, cmpopts.IgnoreUnexported(Package{})); diff != "" {
		t.Error(diff)
	}
	for text, kind := range map[string]gap.Kind{
		"":                                   gap.Empty,
		"[libraries]\na = 5":                 gap.BadPURL,
		"[libraries]\na = \"":                gap.Truncated,
		"a = " + strings.Repeat("[", 99):     gap.TooDeep,
		strings.Repeat("a.", 9999) + "a = 1": gap.TooDeep,
	} {
		if _, gaps, _, _ := Parse("libs.versions.toml", []byte(text)); len(gaps) != 1 || gaps[0].Kind != kind {
			t.Errorf("%q: %v", text, gaps)
		}
	}
}

func FuzzGradleCatalogue(f *testing.F) {
	f.Add([]byte(gradleCatalogue))
	f.Fuzz(func(t *testing.T, data []byte) { checkParse(t, "libs.versions.toml", data) })
}
