package dependency

import (
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mainstay-oss/mainstay/internal/need"
)

// jvmFiles are the names of files of .NET and the JVM that are read.
var jvmFiles = []string{"packages.lock.json", "Project.csproj", "gradle.lockfile", "pom.xml"}

// TestExpectJVM holds every row of the storey "inventory" for the files of .NET and the JVM that are read, and counts the others.
func TestExpectJVM(t *testing.T) {
	t.Parallel()
	cases := filepath.Join(need.Shared(t), "data", "cases")
	held, skipped := 0, 0
	for _, r := range expectations(t, cases, "inventory") {
		ours := slices.ContainsFunc([]string{"dotnet-", "gradle-", "maven-"}, func(family string) bool { return strings.HasPrefix(r.caseName, family) })
		if !ours {
			continue
		}
		if !slices.Contains(jvmFiles, path.Base(r.file)) {
			skipped++
			continue
		}
		held++
		t.Run(r.caseName+"/"+r.file+"/"+r.measure+"/"+r.value, func(t *testing.T) {
			t.Parallel()
			if path.Base(r.file) == "pom.xml" { // its parent and BOMs lie beside its folder
				checkExpectation(t, readCaseFile(t, cases, r.caseName, r.file), r)
				return
			}
			checkExpectation(t, readCase(t, filepath.Join(cases, r.caseName, filepath.FromSlash(r.file))), r)
		})
	}
	t.Logf("%d rows held, %d of formats that are not read yet", held, skipped)
	if held < 30 {
		t.Errorf("%d rows held, there were 30", held)
	}
}
