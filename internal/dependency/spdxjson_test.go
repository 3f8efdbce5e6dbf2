package dependency

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

const acmeSPDX = `{
"spdxVersion": "SPDX-2.3", "SPDXID": "SPDXRef-DOCUMENT", "name": "shop",
"packages": [
{"SPDXID": "SPDXRef-shop", "name": "shop",
 "externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": "pkg:npm/shop@1.0.0"}]},
{"SPDXID": "SPDXRef-cart", "name": "cart", "versionInfo": "2.0.0", "releaseDate": "2024-05-01T10:00:00Z", "homepage": "https://registry.example/cart",
 "downloadLocation": "git+https://registry.example/acme/cart.git@v2.0.0#lib",
 "externalRefs": [
  {"referenceType": "cpe23Type", "referenceLocator": "cpe:2.3:a:acme:cart"},
  {"referenceType": "purl", "referenceLocator": "pkg:npm/cart@2.0.0"}]},
{"SPDXID": "SPDXRef-bag", "name": "bag", "downloadLocation": "NOASSERTION",
 "externalRefs": [{"referenceType": "purl", "referenceLocator": "pkg:npm/bag@1.2.0"}]},
{"SPDXID": "SPDXRef-check", "name": "check",
 "externalRefs": [{"referenceType": "http://spdx.org/rdf/references/purl", "referenceLocator": "pkg:npm/check@3.0.0"}]},
{"SPDXID": "SPDXRef-bare", "name": "bare"}
],
"relationships": [
{"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": "SPDXRef-shop"},
{"spdxElementId": "SPDXRef-shop", "relationshipType": "CONTAINS", "relatedSpdxElement": "SPDXRef-cart"},
{"spdxElementId": "SPDXRef-bag", "relationshipType": "DEPENDENCY_OF", "relatedSpdxElement": "SPDXRef-cart"},
{"spdxElementId": "SPDXRef-check", "relationshipType": "TEST_DEPENDENCY_OF", "relatedSpdxElement": "SPDXRef-shop"},
{"spdxElementId": "SPDXRef-cart", "relationshipType": "VARIANT_OF", "relatedSpdxElement": "SPDXRef-check"}
]}
`

func TestSPDXJSON(t *testing.T) {
	t.Parallel()
	file, gaps, ok, err := Parse("shop.json", []byte(acmeSPDX)) // told by how it begins
	if err != nil || !ok || len(gaps) > 0 {
		t.Fatal(ok, gaps, err)
	}
	want := File{Path: "shop.json", Format: "SPDX 2 JSON", Root: "shop", Edges: true, Packages: []Package{
		{PURL: "pkg:npm/bag@1.2.0", Name: "bag", Version: "1.2.0", Scope: Runtime, Line: 12},
		{PURL: "pkg:npm/cart@2.0.0", Name: "cart", Version: "2.0.0", Direct: true, Scope: Runtime, Line: 10, Requires: []string{"pkg:npm/bag@1.2.0"},
			Hints: []Hint{{Kind: "vcs", URL: "git+https://registry.example/acme/cart.git"}, {Kind: "website", URL: "https://registry.example/cart"}}, Said: Said{Released: "2024-05-01"}},
		{PURL: "pkg:npm/check@3.0.0", Name: "check", Version: "3.0.0", Direct: true, Scope: Test, Line: 14},
	}}
	if diff := cmp.Diff(want, file, cmpopts.IgnoreUnexported(File{}, Package{})); diff != "" {
		t.Error(diff)
	}
}

func TestSPDXJSONFaults(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, text string
		kind       gap.Kind
		line       int
	}{
		{"cut", acmeSPDX[:len(acmeSPDX)/2], gap.Truncated, 12},
		{"null", "null", gap.Empty, 1},
		{"list", "[]", gap.Syntax, 1},
		{"version", "{\n\"spdxVersion\": \"SPDX-1.2\"}", gap.Unsupported, 2},
		{"none", "{}", gap.Unsupported, 1},
		{"type", "{\"spdxVersion\": \"SPDX-2.2\",\n\"packages\": {}}", gap.Syntax, 2},
		{"twice", "{\"spdxVersion\": \"SPDX-2.2\",\n\"packages\": [],\n\"packages\": []}", gap.DuplicateKeys, 3},
		{"purl", strings.Replace(acmeSPDX, "pkg:npm/bag", "bag", 1), gap.BadPURL, 12},
	} {
		_, gaps, _, err := Parse("a.spdx.json", []byte(c.text))
		if err != nil || !slices.ContainsFunc(gaps, func(g gap.Gap) bool { return g.Kind == c.kind && g.Line == c.line }) {
			t.Errorf("%s: no %s in line %d: %v, %v", c.name, c.kind, c.line, gaps, err)
		}
	}
}

func FuzzSPDXJSON(f *testing.F) {
	f.Add([]byte(acmeSPDX))
	f.Add([]byte(acmeSPDX[:len(acmeSPDX)*2/3]))
	f.Add([]byte(strings.ReplaceAll(acmeSPDX, "pkg:npm/", "")))
	f.Fuzz(func(t *testing.T, data []byte) { checkParse(t, "a.spdx.json", data) })
}
