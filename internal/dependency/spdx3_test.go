package dependency

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

const acmeSPDX3 = `{"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": [
{"type": "SpdxDocument", "spdxId": "urn:doc", "rootElement": ["urn:shop"]},
{"type": "software_Package", "spdxId": "urn:shop", "name": "shop", "software_packageUrl": "pkg:npm/shop@1.0.0"},
{"spdxId": "urn:cart", "name": "cart", "releaseTime": "2024-05-01T10:00:00Z", "software_packageUrl": "pkg:npm/cart@2.0.0", "type": "software_Package"},
{"type": "software_Package", "spdxId": "urn:bag", "name": "bag", "externalIdentifier": [
 {"type": "ExternalIdentifier", "externalIdentifierType": "packageUrl", "identifier": "pkg:npm/bag@1.2.0"}]},
{"type": "Relationship", "spdxId": "urn:1", "relationshipType": "dependsOn", "from": "urn:shop", "to": ["urn:cart"]},
{"type": "LifecycleScopedRelationship", "spdxId": "urn:2", "relationshipType": "dependsOn", "scope": "test", "from": "urn:cart", "to": ["urn:bag"]}
]}
`

func TestSPDX3(t *testing.T) {
	t.Parallel()
	file, gaps, ok, err := Parse("shop.json", []byte(acmeSPDX3))
	if err != nil || !ok || len(gaps) > 0 {
		t.Fatal(ok, gaps, err)
	}
	want := File{Path: "shop.json", Format: "SPDX 3 JSON-LD", Edges: true, Packages: []Package{
		{PURL: "pkg:npm/bag@1.2.0", Name: "bag", Version: "1.2.0", Scope: Test, Line: 6},
		{PURL: "pkg:npm/cart@2.0.0", Name: "cart", Version: "2.0.0", Direct: true, Scope: Runtime, Line: 4, Requires: []string{"pkg:npm/bag@1.2.0"}, Said: Said{Released: "2024-05-01"}},
	}}
	if diff := cmp.Diff(want, file, cmpopts.IgnoreUnexported(File{}, Package{})); diff != "" {
		t.Error(diff)
	}
	for text, kind := range map[string]gap.Kind{
		acmeSPDX3[:200]:   gap.Truncated,
		"{}":              gap.Unsupported,
		`{"@graph": "a"}`: gap.Syntax,
	} {
		if _, gaps, _, _ := Parse("a.spdx3.json", []byte(text)); !slices.ContainsFunc(gaps, func(g gap.Gap) bool { return g.Kind == kind && g.Line > 0 }) {
			t.Errorf("%s: no %s: %v", text, kind, gaps)
		}
	}
}

func FuzzSPDX3(f *testing.F) {
	f.Add([]byte(acmeSPDX3))
	f.Add([]byte(acmeSPDX3[:len(acmeSPDX3)*2/3]))
	f.Fuzz(func(t *testing.T, data []byte) { checkParse(t, "a.spdx3.json", data) })
}
