package dependency

import (
	"maps"
	"strings"
	"testing"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

func TestBadCargoLock(t *testing.T) {
	t.Parallel()
	const (
		own  = "[[package]]\nname = \"p\"\nversion = \"0.1.0\"\n"
		lock = "version = 4\n\n" + own + "dependencies = [\n \"a\",\n]\n"
		a    = "\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\nsource = \"registry+https://registry.example/index\"\n"
	)
	name := func(s string) string { return lock + strings.Replace(a, `"a"`, s, 1) }
	checkBad(t, []badFile{
		{"Cargo.lock", "", gap.Empty, 0},
		{"Cargo.lock", "version = 4\n", gap.Empty, 1},
		{"Cargo.lock", "\xFF\xFEv\x00", gap.Encoding, 1},
		{"Cargo.lock", strings.Replace(lock, "4", "5", 1), gap.Unsupported, 1},
		{"Cargo.lock", strings.Replace(lock, "4", `"4"`, 1), gap.Unsupported, 1},
		{"Cargo.lock", "package = 4\n", gap.Syntax, 0},
		{"Cargo.lock", lock, gap.Truncated, 3},                              // a is needed
		{"Cargo.lock", a, gap.Truncated, 0},                                 // no member
		{"Cargo.lock", strings.TrimSuffix(lock+a, "\n"), gap.Truncated, 13}, // the end of the last line
		{"Cargo.lock", lock + a + "name = \"b\"\n", gap.DuplicateKeys, 14},
		{"Cargo.lock", name(`"../a"`), gap.BadPURL, 10},
		{"Cargo.lock", name(`"a/b"`), gap.BadPURL, 10},
		{"Cargo.lock", name(`5`), gap.Syntax, 10},
		{"Cargo.lock", lock + strings.Replace(a, "1.0.0", "../1", 1), gap.PathEscape, 10},
		{"Cargo.lock", lock + strings.Replace(a, `version = "1.0.0"`, "", 1), gap.Syntax, 10},
		{"Cargo.lock", lock + strings.Replace(a, `"registry+https://registry.example/index"`, "5", 1), gap.Syntax, 10},
		{"Cargo.lock", lock + a + strings.Replace(a, "1.0.0", "2.0.0", 1), gap.Syntax, 3}, // which a
		{"Cargo.lock", own + "dependencies = \"a\"\n", gap.Syntax, 1},
		{"Cargo.lock", own + "dependencies = [5]\n", gap.Syntax, 1},
		{"Cargo.lock", lock + a + "replace = \"b 1.0.0\"\n", gap.Syntax, 10},
		{"Cargo.lock", lock + a + "replace = \"a 1.0.0\"\n", gap.Syntax, 10},
		{"Cargo.lock", "a = " + strings.Repeat("[", 100), gap.TooDeep, 1},
	})
}

// TestCargoKeepsRest holds that one bad entry does not take the others with it.
func TestCargoKeepsRest(t *testing.T) {
	t.Parallel()
	const source = "source = \"registry+https://registry.example/index\"\n"
	file, gaps, ok, err := Parse("Cargo.lock", []byte("[[package]]\nname = \"p\"\nversion = \"0.1.0\"\ndependencies = [\"../a\", \"b\"]\n"+
		"[[package]]\nname = \"../a\"\nversion = \"1.0.0\"\n"+source+"[[package]]\nname = \"b\"\nversion = \"1.0.0\"\n"+source))
	if err != nil || !ok || len(gaps) != 1 || gaps[0].Kind != gap.BadPURL || gaps[0].Line != 5 {
		t.Fatal(gaps, ok, err)
	}
	if len(file.Packages) != 1 || file.Packages[0].PURL != "pkg:cargo/b@1.0.0" || !file.Packages[0].Direct {
		t.Errorf("%+v", file.Packages)
	}
}

// TestCargoFolderInPlaceOfCrate holds that "a 1.0.0" is the folder of the project, where a crate of that version is there too.
func TestCargoFolderInPlaceOfCrate(t *testing.T) {
	t.Parallel()
	const source = "source = \"registry+https://registry.example/index\"\n"
	file, gaps, ok, err := Parse("Cargo.lock", []byte("[[package]]\nname = \"a\"\nversion = \"1.0.0\"\ndependencies = [\"b\"]\n"+
		"[[package]]\nname = \"a\"\nversion = \"1.0.0\"\n"+source+
		"[[package]]\nname = \"b\"\nversion = \"1.0.0\"\n"+source+"dependencies = [\"a 1.0.0 (registry+https://registry.example/index)\"]\n"+
		"[[package]]\nname = \"p\"\nversion = \"0.1.0\"\ndependencies = [\"a 1.0.0\"]\n"))
	if err != nil || !ok || len(gaps) > 0 {
		t.Fatal(gaps, ok, err)
	}
	direct := map[string]bool{}
	for _, p := range file.Packages {
		direct[p.PURL] = p.Direct
	}
	if want := map[string]bool{"pkg:cargo/a@1.0.0": false, "pkg:cargo/b@1.0.0": true}; !maps.Equal(direct, want) {
		t.Errorf("direct: %v, want %v", direct, want)
	}
}

func FuzzCargoLock(f *testing.F) {
	seed(f, func(base string) bool { return base == "Cargo.lock" })
	f.Fuzz(func(t *testing.T, data []byte) {
		checkParse(t, "Cargo.lock", data)
		checkCut(t, "Cargo.lock", data)
	})
}
