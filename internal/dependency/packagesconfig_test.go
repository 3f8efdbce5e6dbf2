package dependency

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

const packagesConfig = `<?xml version="1.0" encoding="utf-8"?>
<packages>
  <!-- <package id="Acme.Gone" version="1.0.0" /> -->
  <package id="Acme.Json" version="1.0.0" targetFramework="net48" />
  <package
    id="Acme.Analyzers" version="2.0.0-beta" developmentDependency="true" />
</packages>
`

func TestPackagesConfig(t *testing.T) {
	t.Parallel()
	file, gaps, ok, err := Parse("packages.config", []byte("\xEF\xBB\xBF"+packagesConfig))
	if err != nil || !ok || len(gaps) > 0 {
		t.Fatal(err, ok, gaps)
	}
	want := File{Path: "packages.config", Format: "packages.config", Packages: []Package{
		{PURL: "pkg:nuget/Acme.Analyzers@2.0.0-beta", Name: "Acme.Analyzers", Version: "2.0.0-beta", Direct: true, Scope: Dev, Line: 5},
		{PURL: "pkg:nuget/Acme.Json@1.0.0", Name: "Acme.Json", Version: "1.0.0", Direct: true, Scope: Runtime, Line: 4},
	}}
	if diff := cmp.Diff(want, file, cmpopts.IgnoreUnexported(File{}, Package{})); diff != "" {
		t.Error(diff)
	}
}

func TestPackagesConfigBad(t *testing.T) {
	t.Parallel()
	deep := ""
	for range deepestXML {
		deep += "<a>"
	}
	for name, c := range map[string]struct {
		data string
		kind gap.Kind
		line int
	}{
		"empty":     {"", gap.Empty, 0},
		"utf-16":    {"\xFF\xFE<\x00", gap.Encoding, 1},
		"cut":       {packagesConfig[:120], gap.Truncated, 4},
		"only head": {"<?xml version=\"1.0\"?>\n", gap.Truncated, 2},
		"tags":      {"<packages>\n</package>", gap.Syntax, 2},
		"entity":    {"<!DOCTYPE x [<!ENTITY a \"b\">]>\n<packages>&a;</packages>", gap.Syntax, 2},
		"root":      {"<configuration/>", gap.Unsupported, 1},
		"two roots": {"<packages/>\n<packages/>", gap.Syntax, 2},
		"deep":      {"<packages>\n" + deep, gap.TooDeep, 2},
		"no id":     {"<packages>\n<package version=\"1\"/></packages>", gap.BadPURL, 2},
		"climbs":    {"<packages>\n<package id=\"..\" version=\"1\"/></packages>", gap.PathEscape, 2},
	} {
		file, gaps, _, err := Parse("packages.config", []byte(c.data))
		if err != nil || len(gaps) != 1 || gaps[0].Kind != c.kind || gaps[0].Line != c.line || len(file.Packages) > 0 {
			t.Errorf("%s: %d packages, gaps %v, error %v", name, len(file.Packages), gaps, err)
		}
	}
}

func FuzzPackagesConfig(f *testing.F) {
	f.Add([]byte(packagesConfig))
	f.Add([]byte(packagesConfig[:len(packagesConfig)*2/3]))
	f.Fuzz(func(t *testing.T, data []byte) { checkParse(t, "packages.config", data) })
}
