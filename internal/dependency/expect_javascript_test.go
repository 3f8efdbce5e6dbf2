package dependency

import (
	"path/filepath"
	"slices"
	"testing"

	"github.com/mainstay-oss/mainstay/internal/need"
)

// expectJavaScript are the names of the files whose rows of the storey "inventory" TestExpectJavaScript holds.
var expectJavaScript = []string{"package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "yarn.lock", "bun.lock", "package.json"}

// TestExpectJavaScript holds the rows of the storey "inventory" for the files of npm's world.
func TestExpectJavaScript(t *testing.T) {
	t.Parallel()
	cases := filepath.Join(need.Shared(t), "data", "cases")
	bySubject := map[string][]expectation{}
	others, mine := 0, 0
	for _, r := range expectations(t, cases, "inventory") {
		if !slices.Contains(expectJavaScript, filepath.Base(r.file)) {
			others++
			continue
		}
		mine++
		key := r.caseName + "/" + r.file
		bySubject[key] = append(bySubject[key], r)
	}
	t.Logf("%d rows held here, %d are of other formats", mine, others)
	if mine < 43 {
		t.Fatalf("%d rows for these files in EXPECT.tsv, there were 43", mine)
	}
	for file, rows := range bySubject {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			inv := readCase(t, filepath.Join(cases, filepath.FromSlash(file)))
			whole := readCaseFile(t, cases, rows[0].caseName, rows[0].file)
			for _, r := range rows {
				checkExpectation(t, inv, r)
				checkExpectation(t, whole, r)
			}
			if gap := slices.ContainsFunc(rows, func(r expectation) bool { return r.measure == "gap" }); !gap && len(inv.Gaps)+len(whole.Gaps) > 0 {
				t.Errorf("gaps: %v", inv.Gaps)
			}
		})
	}
}
