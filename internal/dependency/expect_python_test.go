package dependency

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mainstay-oss/mainstay/internal/gap"
	"github.com/mainstay-oss/mainstay/internal/need"
)

// TestExpectPython holds the rows of the storey "inventory" about files for Python, each file given alone and as part of
// its case.
func TestExpectPython(t *testing.T) {
	t.Parallel()
	cases := filepath.Join(need.Shared(t), "data", "cases")
	type subject struct{ caseName, file string }
	bySubject := map[subject][]expectation{}
	rows := 0
	for _, r := range expectations(t, cases, "inventory") {
		f := formatNamed(r.file)
		if strings.HasPrefix(r.caseName, "py-") || f != nil && slices.Contains(pythonFormats, f.name) {
			bySubject[subject{r.caseName, r.file}] = append(bySubject[subject{r.caseName, r.file}], r)
			rows++
		}
	}
	if rows < 90 {
		t.Fatalf("%d rows about Python, there were 95", rows)
	}
	for s, rows := range bySubject {
		t.Run(s.caseName+"/"+s.file, func(t *testing.T) {
			t.Parallel()
			alone, err := Read(context.Background(), filepath.Join(cases, s.caseName, filepath.FromSlash(s.file)), Options{})
			if err != nil {
				t.Fatal(err)
			}
			checkPython(t, alone, rows)
			if s.file == "." || s.file == "pyproject.toml" && s.caseName == "py-uv-paperless" {
				return
			}
			whole, err := Read(context.Background(), filepath.Join(cases, s.caseName), Options{})
			if err != nil {
				t.Fatal(err)
			}
			whole.Files = slices.DeleteFunc(whole.Files, func(f File) bool { return f.Path != s.file })
			whole.Gaps = slices.DeleteFunc(whole.Gaps, func(g gap.Gap) bool { return !strings.HasSuffix(g.File, s.caseName+"/"+s.file) })
			checkPython(t, whole, rows)
		})
	}
}

// checkPython holds the rows. Where a file both has packages and is expected to be a gap, it is right to read it whole.
func checkPython(t *testing.T, inv Inventory, rows []expectation) {
	t.Helper()
	whole := slices.ContainsFunc(rows, func(r expectation) bool { return r.measure == "packages" && r.value != "0" })
	for _, r := range rows {
		if r.measure != "gap" || !whole {
			checkExpectation(t, inv, r)
		}
	}
	for _, f := range inv.Files {
		for _, p := range f.Packages {
			if p.Line == 0 {
				t.Errorf("%s: %s has no line", f.Path, p.PURL)
			}
		}
	}
}

// pythonFormats are the formats whose rows are checked here.
var pythonFormats = []string{
	"requirements.txt", "Pipfile.lock", "Pipfile", "poetry.lock", "uv.lock", "pdm.lock", "pylock.toml", "conda environment", "pyproject.toml",
}
