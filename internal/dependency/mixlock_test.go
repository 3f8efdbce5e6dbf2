package dependency

import (
	"strings"
	"testing"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

func TestReadTerm(t *testing.T) {
	t.Parallel()
	got, fatal := readTerm("# top\n%{\"a\": {:hex, :\"b c\", [x: 1, y: nil]},\n  :d => \"q\\\"\\\\\\n\", e: [1.5, -2,],}\n")
	if fatal != nil {
		t.Fatal(fatal)
	}
	if got.kind != termMap || len(got.keys) != 3 || got.line != 2 || got.keys[1].line != 3 {
		t.Fatalf("%+v", got)
	}
	a := got.get("a")
	if a.kind != termTuple || a.at(0).text != "hex" || a.at(1).text != "b c" || a.at(2).get("y").text != "nil" || a.at(2).get("z").text != "" || a.at(9).kind != termWord {
		t.Errorf("%+v", a)
	}
	if d := got.get("d"); d.kind != termString || d.text != "q\"\\\n" {
		t.Errorf("%+v", d)
	}
	if e := got.get("e"); e.kind != termList || len(e.items) != 2 || e.at(1).text != "-2" {
		t.Errorf("%+v", e)
	}
}

func TestBadMixLock(t *testing.T) {
	t.Parallel()
	const lock = "%{\n  \"a\": {:hex, :a, \"1.0.0\"},\n}\n"
	with := func(old, new string) string { return strings.Replace(lock, old, new, 1) }
	checkBad(t, []badFile{
		{"mix.lock", "", gap.Empty, 0},
		{"mix.lock", "\xFF\xFE%\x00", gap.Encoding, 1},
		{"mix.lock", "[]", gap.Syntax, 1},
		{"mix.lock", "# nothing", gap.Truncated, 1},
		{"mix.lock", lock[:20], gap.Truncated, 2},
		{"mix.lock", lock[:28], gap.Truncated, 2},
		{"mix.lock", lock + "x", gap.Syntax, 4},
		{"mix.lock", with("{:hex", "(:hex"), gap.Syntax, 2},
		{"mix.lock", with(`"a":`, `"a"`), gap.Syntax, 2},
		{"mix.lock", with(`{:hex, :a, "1.0.0"}`, `:a`), gap.Syntax, 2},
		{"mix.lock", with(`:a`, `"a"`), gap.Syntax, 2},
		{"mix.lock", with(`"1.0.0"`, `1`), gap.Syntax, 2},
		{"mix.lock", with(`"1.0.0"`, `"#{x}"`), gap.Syntax, 2},
		{"mix.lock", with(`"1.0.0"`, `[a: 1, 2]`), gap.Syntax, 2},
		{"mix.lock", with(`"1.0.0"`, `[1, a: 2]`), gap.Syntax, 2},
		{"mix.lock", with(`"1.0.0"`, `"../1"`), gap.PathEscape, 2},
		{"mix.lock", with(`:a`, `:"../a"`), gap.BadPURL, 2},
		{"mix.lock", with(`:hex`, `:hg`), gap.Unsupported, 2},
		{"mix.lock", with(`:hex, :a, "1.0.0"`, `:git, "https://git.example/a.git", "main"`), gap.BadPURL, 2},
		{"mix.lock", with(`:hex, :a, "1.0.0"`, `:git, "https://git.example/a.git"`), gap.Syntax, 2},
		{"mix.lock", with(",\n", ",\n  \"a\": {:hex, :a, \"2.0.0\"},\n"), gap.DuplicateKeys, 3},
		{"mix.lock", strings.Repeat("{", 100), gap.TooDeep, 1},
	})
	// An empty lock is one: Mix writes it where nothing is needed.
	if file, gaps, ok, err := Parse("mix.lock", []byte("%{\n}\n")); !ok || err != nil || len(gaps) > 0 || len(file.Packages) > 0 {
		t.Errorf("%+v, %v", file, gaps)
	}
}

func FuzzMixLock(f *testing.F) {
	seed(f, func(base string) bool { return base == "mix.lock" })
	f.Fuzz(func(t *testing.T, data []byte) {
		checkParse(t, "mix.lock", data)
		checkCut(t, "mix.lock", data)
	})
}
