package dependency

import (
	"bytes"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/mainstay-oss/mainstay/internal/gap"
	"github.com/mainstay-oss/mainstay/internal/need"
)

// expectSmall are the names of the files whose rows of the storey "inventory" TestExpectSmall holds, and how many there are.
var expectSmall = map[string]int{"Cargo.lock": 21, "Gemfile.lock": 10, "composer.lock": 7, "mix.lock": 5, "pubspec.lock": 5, "Podfile.lock": 7}

// TestExpectSmall holds the rows of the storey "inventory" for the formats that are the only ones of their language.
func TestExpectSmall(t *testing.T) {
	t.Parallel()
	cases := filepath.Join(need.Shared(t), "data", "cases")
	bySubject := map[string][]expectation{}
	others, mine := 0, map[string]int{}
	for _, r := range expectations(t, cases, "inventory") {
		base := filepath.Base(r.file)
		if expectSmall[base] == 0 {
			others++
			continue
		}
		mine[base]++
		key := r.caseName + "/" + r.file
		bySubject[key] = append(bySubject[key], r)
	}
	t.Logf("%v rows held here, %d are of other formats", mine, others)
	for base, n := range expectSmall {
		if mine[base] < n {
			t.Errorf("%d rows for %s in EXPECT.tsv, there were %d", mine[base], base, n)
		}
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
			nothing := func(g gap.Gap) bool { return g.Kind == gap.Empty } // the row "packages 0" tells it
			inv.Gaps, whole.Gaps = slices.DeleteFunc(inv.Gaps, nothing), slices.DeleteFunc(whole.Gaps, nothing)
			if len(inv.Gaps)+len(whole.Gaps) > 0 {
				t.Errorf("gaps: %v, %v", inv.Gaps, whole.Gaps)
			}
		})
	}
}

// TestCutSmall cuts the lockfiles of the worlds at every byte: whoever loses something tells of it, but for texts that are
// cut between two lines where nothing that is left names what is lost.
func TestCutSmall(t *testing.T) {
	t.Parallel()
	worlds, err := filepath.Glob("testdata/read/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, name := range worlds {
		world, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range world.Files {
			base := filepath.Base(f.Name)
			if expectSmall[base] == 0 {
				continue
			}
			whole, gaps, ok, err := Parse(base, f.Data)
			if err != nil || !ok || len(gaps) > 0 {
				continue
			}
			seen[base] = true
			silent := 0
			for cut := range f.Data {
				file, gaps, ok, _ := Parse(base, f.Data[:cut])
				if !ok && len(gaps) == 0 {
					t.Fatalf("%s, %s: neither read nor a gap at %d", name, f.Name, cut)
				}
				if len(gaps) > 0 || cmp.Equal(file.Packages, whole.Packages, cmp.AllowUnexported(Package{})) {
					continue
				}
				silent++
				if f.Data[cut-1] != '\n' {
					t.Errorf("%s, %s: nobody tells that it was cut behind %q", name, f.Name, f.Data[max(0, cut-40):cut])
				}
			}
			if lines := bytes.Count(f.Data, []byte{'\n'}); silent > lines/3 {
				t.Errorf("%s, %s: %d of %d cuts between lines are silent", name, f.Name, silent, lines)
			}
		}
	}
	for base := range expectSmall {
		if !seen[base] {
			t.Errorf("no world has a good %s", base)
		}
	}
}

// badFile is a file that must end as a gap.
type badFile struct {
	name, data string
	kind       gap.Kind
	line       int
}

// checkBad holds that each broken file is a gap with its cause and place.
func checkBad(t *testing.T, files []badFile) {
	t.Helper()
	for _, f := range files {
		_, gaps, _, err := Parse(f.name, []byte(f.data))
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(gaps, func(g gap.Gap) bool { return g.Kind == f.kind && g.Line == f.line }) {
			t.Errorf("%s %.300q: no %s at line %d but %v", f.name, f.data, f.kind, f.line, gaps)
		}
	}
}
