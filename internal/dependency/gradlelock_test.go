package dependency

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

const gradleLock = `# Written by hand.
com.acme:json:1.2.0=compileClasspath,testCompileClasspath
com.acme.test:assert:2.0=testCompileClasspath,testRuntimeClasspath
com.acme:tested-api:3.0-rc1=integrationTest
empty=annotationProcessor
`

func TestGradleLock(t *testing.T) {
	t.Parallel()
	for _, text := range []string{gradleLock, strings.ReplaceAll(gradleLock, "\n", "\r\n")} {
		file, gaps, ok, err := Parse("gradle.lockfile", []byte(text))
		if err != nil || !ok || len(gaps) > 0 {
			t.Fatal(err, ok, gaps)
		}
		want := File{Path: "gradle.lockfile", Format: "gradle.lockfile", Packages: []Package{
			{PURL: "pkg:maven/com.acme.test/assert@2.0", Name: "com.acme.test/assert", Version: "2.0", Direct: true, Scope: Test, Line: 3},
			{PURL: "pkg:maven/com.acme/json@1.2.0", Name: "com.acme/json", Version: "1.2.0", Direct: true, Scope: Runtime, Line: 2},
			{PURL: "pkg:maven/com.acme/tested-api@3.0-rc1", Name: "com.acme/tested-api", Version: "3.0-rc1", Direct: true, Scope: Runtime, Line: 4},
		}}
		if diff := cmp.Diff(want, file, cmpopts.IgnoreUnexported(File{}, Package{})); diff != "" {
			t.Error(diff)
		}
	}
	if file, gaps, ok, _ := Parse("gradle.lockfile", []byte("empty=runtimeClasspath\n")); !ok || len(gaps) > 0 || len(file.Packages) > 0 {
		t.Error("no module is no problem where the file says so:", ok, gaps, file.Packages)
	}
}

func TestGradleLockBad(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		data     string
		kind     gap.Kind
		line     int
		packages int
	}{
		"empty":    {"", gap.Empty, 0, 0},
		"comment":  {"# nothing\n", gap.Empty, 1, 0},
		"cut":      {gradleLock[:90], gap.Truncated, 3, 1},
		"cut list": {gradleLock[:60], gap.Truncated, 2, 1},
		"no end":   {"a:b:1=x\n", gap.Truncated, 1, 1},
		"no =":     {"a:b:1\na:c:1=x\n", gap.Syntax, 1, 1},
		"no list":  {"a:b:1=", gap.Syntax, 1, 1},
		"two":      {"a:b=x\n\na:b:1:c=x\n", gap.BadPURL, 3, 1},
		"climbs":   {"a:..:1=x\n", gap.PathEscape, 1, 0},
		"encoding": {"a:b:1=x\n\xff", gap.Encoding, 2, 0},
	} {
		file, gaps, _, err := Parse("gradle.lockfile", []byte(c.data))
		if err != nil || len(gaps) != 1 || gaps[0].Kind != c.kind || gaps[0].Line != c.line || len(file.Packages) != c.packages {
			t.Errorf("%s: %d packages, gaps %v, error %v", name, len(file.Packages), gaps, err)
		}
	}
}

func FuzzGradleLock(f *testing.F) {
	f.Add([]byte(gradleLock))
	f.Add([]byte(gradleLock[:len(gradleLock)*2/3]))
	f.Fuzz(func(t *testing.T, data []byte) { checkParse(t, "gradle.lockfile", data) })
}
