package dependency

import (
	"bytes"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// cut are the names of the lockfiles that TestCut cuts.
var cut = []string{"Cargo.lock", "Gemfile.lock", "composer.lock", "mix.lock", "pubspec.lock", "Podfile.lock", "Package.resolved", "conan.lock"}

// TestCut cuts the lockfiles of the worlds at every byte: whoever loses something tells of it, but for texts that are
// cut between two lines where nothing that is left names what is lost.
func TestCut(t *testing.T) {
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
			if !slices.Contains(cut, base) {
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
	for _, base := range cut {
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
