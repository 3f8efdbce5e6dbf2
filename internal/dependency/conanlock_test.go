package dependency

import (
	"strings"
	"testing"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

func TestBadConanLock(t *testing.T) {
	t.Parallel()
	const (
		lists = "{\n \"version\": \"0.5\",\n \"requires\": [\n  \"pump/1.0\"\n ]\n}\n"
		graph = "{\n \"graph_lock\": {\"nodes\": {\n  \"0\": {\"requires\": [\"1\"]},\n  \"1\": {\"ref\": \"pump/1.0\"}\n }},\n \"version\": \"0.4\"\n}\n"
	)
	with := func(file, old, new string) string { return strings.Replace(file, old, new, 1) }
	checkBad(t, []badFile{
		{"conan.lock", "", gap.Empty, 0},
		{"conan.lock", "\xFF\xFE{\x00", gap.Encoding, 1},
		{"conan.lock", "[]", gap.Syntax, 1},
		{"conan.lock", "{}", gap.Syntax, 1},
		{"conan.lock", lists[:40], gap.Truncated, 4},
		{"conan.lock", strings.Repeat("[", 1000), gap.TooDeep, 1},
		{"conan.lock", with(lists, "0.5", "0.6"), gap.Unsupported, 2},
		{"conan.lock", with(graph, "0.4", "0.2"), gap.Unsupported, 6},
		{"conan.lock", with(lists, "0.5", "0.4"), gap.Syntax, 1},
		{"conan.lock", with(graph, "0.4", "0.5"), gap.Syntax, 1},
		{"conan.lock", with(lists, "\"requires\": [\n  \"pump/1.0\"\n ]", "\"requires\": {}"), gap.Syntax, 3},
		{"conan.lock", with(lists, "\"pump/1.0\"", "5"), gap.BadPURL, 4},
		{"conan.lock", with(lists, "pump/1.0", "pump"), gap.BadPURL, 4},
		{"conan.lock", with(lists, "pump/1.0", "pump/[>=1.0]"), gap.BadPURL, 4},
		{"conan.lock", with(lists, "pump/1.0", "../pump/1.0"), gap.BadPURL, 4},
		{"conan.lock", with(lists, "\"pump/1.0\"\n ]", "\"pump/1.0\"\n ],\n \"requires\": []"), gap.DuplicateKeys, 6},
		{"conan.lock", with(graph, "[\"1\"]", "[\"2\"]"), gap.Truncated, 3},
		{"conan.lock", with(graph, "{\"requires\": [\"1\"]}", "5"), gap.Syntax, 3},
		{"conan.lock", with(graph, "pump/1.0", "pump/../1.0"), gap.BadPURL, 4},
	})
}

// TestConanKeepsRest holds that one bad entry does not take the others with it, and that of two lists the last one counts.
func TestConanKeepsRest(t *testing.T) {
	t.Parallel()
	file, gaps, ok, err := Parse("conan.lock", []byte(`{"version": "0.5", "requires": ["old/1.0"], "requires": ["a", "pump/1.0"]}`))
	if err != nil || !ok || len(gaps) != 2 {
		t.Fatal(gaps, ok, err)
	}
	if len(file.Packages) != 1 || file.Packages[0].PURL != "pkg:conan/pump@1.0" || !file.Packages[0].Direct {
		t.Errorf("%+v", file.Packages)
	}
}

func FuzzConanLock(f *testing.F) {
	seed(f, func(base string) bool { return base == "conan.lock" })
	f.Fuzz(func(t *testing.T, data []byte) {
		checkParse(t, "conan.lock", data)
		checkCut(t, "conan.lock", data)
	})
}
