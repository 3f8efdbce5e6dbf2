package dependency

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

const nugetLockV2 = `{
  "version": 2,
  "dependencies": {
    "net6.0": {
      "Acme.Json": {
        "type": "Direct",
        "requested": "[1.0.0, )",
        "resolved": "1.0.0",
        "contentHash": "x"
      }
    },
    "net8.0": {
      "Acme.Json": {
        "type": "Direct",
        "requested": "[2.0.0, )",
        "resolved": "2.0.0",
        "dependencies": {
          "acme.text": "1.1.0",
          "Acme.Absent": "1.0.0"
        }
      },
      "Acme.Pinned": { "type": "CentralTransitive", "requested": "[4.0.0, )", "resolved": "4.0.0-rc.1" },
      "Acme.Text": {
        "type": "Transitive",
        "resolved": "1.2.0",
        "dependencies": { "Acme.Pinned": "3.0.0" }
      },
      "acme.core": {
        "type": "Project",
        "dependencies": { "Acme.Log": "[5.0.0, )" }
      },
      "Acme.Log": { "type": "Transitive", "resolved": "5.0.0" }
    },
    "net8.0/linux-x64": {
      "Acme.Log": { "type": "Transitive", "resolved": "5.0.0", "dependencies": { "Acme.Native": "1.0.0", "Acme.Text": "1.0.0" } },
      "Acme.Native": { "type": "Transitive", "resolved": "1.0.0" }
    }
  }
}
`

func TestNuGetLock(t *testing.T) {
	t.Parallel()
	file, gaps, ok, err := Parse("packages.lock.json", []byte(nugetLockV2))
	if err != nil || !ok || len(gaps) > 0 {
		t.Fatal(err, ok, gaps)
	}
	pkg := func(name, version string, direct bool, line int, requires ...string) Package {
		return Package{PURL: "pkg:nuget/" + name + "@" + version, Name: name, Version: version, Direct: direct, Scope: Runtime, Line: line, Requires: requires}
	}
	want := File{Path: "packages.lock.json", Format: "packages.lock.json", Edges: true, Packages: []Package{
		pkg("Acme.Json", "1.0.0", true, 5),
		pkg("Acme.Json", "2.0.0", true, 13, "pkg:nuget/Acme.Text@1.2.0"),
		// A project of the solution names it: direct. The runtime's entry has edges of its own.
		pkg("Acme.Log", "5.0.0", true, 32, "pkg:nuget/Acme.Native@1.0.0", "pkg:nuget/Acme.Text@1.2.0"),
		pkg("Acme.Native", "1.0.0", false, 36),
		pkg("Acme.Pinned", "4.0.0-rc.1", false, 22),
		pkg("Acme.Text", "1.2.0", false, 23, "pkg:nuget/Acme.Pinned@4.0.0-rc.1"),
	}}
	if diff := cmp.Diff(want, file, cmpopts.IgnoreUnexported(File{}, Package{}), cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
}

func TestNuGetLockBad(t *testing.T) {
	t.Parallel()
	const head = `{"version": 1, "dependencies": {"net8.0": {` + "\n"
	for name, c := range map[string]struct {
		data     string
		kind     gap.Kind
		line     int
		packages int
	}{
		"empty":       {"", gap.Empty, 0, 0},
		"null":        {"null", gap.Empty, 1, 0},
		"braces":      {"{}", gap.Empty, 1, 0},
		"list":        {"[]", gap.Syntax, 1, 0},
		"version 3":   {"{\n\"version\": 3, \"dependencies\": {}}", gap.Unsupported, 2, 0},
		"no version":  {`{"dependencies": {}}`, gap.Unsupported, 1, 0},
		"only that":   {`{"version": 1}`, gap.Empty, 1, 0},
		"shape":       {`{"version": 1, "dependencies": []}`, gap.Syntax, 1, 0},
		"cut":         {head + `"A": {"type": "Direct", "resol`, gap.Truncated, 2, 0},
		"target":      {`{"version": 1, "dependencies": {"net8.0": 5}}`, gap.Syntax, 1, 0},
		"entry":       {head + `"A": 5, "B": {"resolved": "1.0.0"}}}}`, gap.Syntax, 2, 1},
		"no resolved": {head + `"A": {"type": "Direct"}, "B": {"resolved": "1.0.0"}}}}`, gap.Syntax, 2, 1},
		"name":        {head + `"A/B": {"resolved": "1"}}}}`, gap.BadPURL, 2, 0},
		"range":       {head + `"A": {"resolved": "[1.0.0, )"}}}}`, gap.BadPURL, 2, 0},
		"climbs":      {head + `"..": {"resolved": "1"}}}}`, gap.PathEscape, 2, 0},
		"doubled":     {head + `"A": {"resolved": "1"}, "A": {"resolved": "2"}}}}`, gap.DuplicateKeys, 2, 1},
		"two targets": {head + `"A": {"resolved": "1"}}, "net8.0": {"A": {"resolved": "2"}}}}`, gap.DuplicateKeys, 2, 1},
	} {
		file, gaps, _, err := Parse("packages.lock.json", []byte(c.data))
		if err != nil || len(gaps) != 1 || gaps[0].Kind != c.kind || gaps[0].Line != c.line || len(file.Packages) != c.packages {
			t.Errorf("%s: %d packages, gaps %v, error %v", name, len(file.Packages), gaps, err)
		}
		if c.kind == gap.DuplicateKeys && len(file.Packages) == 1 && file.Packages[0].Version != "2" {
			t.Errorf("%s: not the last of two but %s", name, file.Packages[0].PURL)
		}
	}
}

func FuzzNuGetLock(f *testing.F) {
	f.Add([]byte(nugetLockV2))
	f.Add([]byte(nugetLockV2[:len(nugetLockV2)*2/3]))
	f.Add([]byte(`{"version": 1, "dependencies": {".NETFramework,Version=v4.8": {"A": {"type": "Direct", "resolved": "1.0.0"}}}}`))
	f.Fuzz(func(t *testing.T, data []byte) { checkParse(t, "packages.lock.json", data) })
}
