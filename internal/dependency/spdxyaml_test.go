package dependency

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

const acmeSPDXYAML = `spdxVersion: SPDX-2.3
SPDXID: "SPDXRef-DOCUMENT"
name: shop
documentDescribes:
- SPDXRef-shop
packages:
- SPDXID: SPDXRef-shop
  name: shop
  comment: |
    two lines:
    - not a package
- SPDXID: SPDXRef-cart
  name: cart
  versionInfo: 2.0.0
  releaseDate: 2024-05-01T10:00:00Z
  homepage: https://registry.example/cart
  downloadLocation: git+https://registry.example/acme/cart.git@v2.0.0
  externalRefs:
  - {referenceType: cpe23Type, referenceLocator: "cpe:2.3:a:acme:cart"}
  - referenceCategory: PACKAGE-MANAGER
    referenceType: purl
    referenceLocator: pkg:npm/cart@2.0.0
- SPDXID: SPDXRef-bag
  name: bag
  externalRefs:
  - {referenceType: http://spdx.org/rdf/references/purl, referenceLocator: "pkg:npm/bag@1.2.0"}
relationships:
- spdxElementId: SPDXRef-shop
  relationshipType: DEPENDS_ON
  relatedSpdxElement: SPDXRef-cart
- {spdxElementId: SPDXRef-bag, relationshipType: DEV_DEPENDENCY_OF, relatedSpdxElement: SPDXRef-cart}
`

// acmeSPDXPackages is what the documents in YAML and RDF say, but for the lines.
func acmeSPDXPackages(bagLine, cartLine int) []Package {
	return []Package{
		{PURL: "pkg:npm/bag@1.2.0", Name: "bag", Version: "1.2.0", Scope: Dev, Line: bagLine},
		{PURL: "pkg:npm/cart@2.0.0", Name: "cart", Version: "2.0.0", Direct: true, Scope: Runtime, Line: cartLine, Requires: []string{"pkg:npm/bag@1.2.0"},
			Hints: []Hint{{Kind: "vcs", URL: "git+https://registry.example/acme/cart.git"}, {Kind: "website", URL: "https://registry.example/cart"}}, Said: Said{Released: "2024-05-01"}},
	}
}

func TestSPDXYAML(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"shop.spdx.yml", "shop.SPDX.yaml", "shop"} { // the last is told by how it begins
		file, gaps, ok, err := Parse(name, []byte(acmeSPDXYAML))
		if err != nil || !ok || len(gaps) > 0 {
			t.Fatal(name, ok, gaps, err)
		}
		want := File{Path: name, Format: "SPDX 2 YAML", Root: "shop", Edges: true, Packages: acmeSPDXPackages(26, 22)}
		if diff := cmp.Diff(want, file, cmpopts.IgnoreUnexported(File{}, Package{})); diff != "" {
			t.Error(diff)
		}
	}
}

func TestSPDXYAMLFaults(t *testing.T) {
	t.Parallel()
	checkBad(t, []badFile{
		{"a.spdx.yml", "", gap.Empty, 0},
		{"a.spdx.yml", "# nothing\n", gap.Empty, 1},
		{"a.spdx.yml", "- a\n", gap.Syntax, 1},
		{"a.spdx.yml", "name: a\nspdxVersion: SPDX-1.2\n", gap.Unsupported, 2},
		{"a.spdx.yml", "name: a\n", gap.Unsupported, 1},
		{"a.spdx.yml", "spdxVersion: SPDX-2.2\npackages: {}\n", gap.Syntax, 2},
		{"a.spdx.yml", "spdxVersion: SPDX-2.2\npackages: []\npackages: []\n", gap.DuplicateKeys, 3},
		{"a.spdx.yml", acmeSPDXYAML[:strings.Index(acmeSPDXYAML, "bag\n  ext")+1], gap.Truncated, 24},
		{"a.spdx.yml", acmeSPDXYAML + "more: [", gap.Truncated, 32},
		{"a.spdx.yml", strings.Replace(acmeSPDXYAML, "pkg:npm/bag", "bag", 1), gap.BadPURL, 26},
		{"a.spdx.yml", strings.Replace(acmeSPDXYAML, "name: cart", "name: ../cart", 1), gap.PathEscape, 12},
	})
}

// TestFormsOfSPDXAgree: a document in JSON says the same when it is read as YAML, which holds all of JSON.
func TestFormsOfSPDXAgree(t *testing.T) {
	t.Parallel()
	asJSON, gaps, ok, err := Parse("shop.spdx.json", []byte(acmeSPDX))
	if err != nil || !ok || len(gaps) > 0 {
		t.Fatal(ok, gaps, err)
	}
	asYAML, gaps, ok, err := Parse("shop.spdx.yaml", []byte(acmeSPDX))
	if err != nil || !ok || len(gaps) > 0 {
		t.Fatal(ok, gaps, err)
	}
	if diff := cmp.Diff(asJSON.Packages, asYAML.Packages, cmpopts.IgnoreUnexported(Package{})); diff != "" {
		t.Error(diff)
	}
}

func FuzzSPDXYAML(f *testing.F) {
	f.Add([]byte(acmeSPDXYAML))
	f.Add([]byte(acmeSPDXYAML[:len(acmeSPDXYAML)*2/3]))
	f.Add([]byte(acmeSPDX))
	f.Add([]byte("a: &a [b, b]\nspdxVersion: SPDX-2.3\npackages: [*a, {externalRefs: *a}]\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		checkParse(t, "a.spdx.yml", data)
		checkCut(t, "a.spdx.yml", data)
		file, _, _, _ := Parse("a.spdx.yml", data)
		if slices.ContainsFunc(file.Packages, func(p Package) bool { return p.Line == 0 }) {
			t.Fatal("a package without a line")
		}
	})
}
