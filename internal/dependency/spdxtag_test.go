package dependency

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

const acmeTags = `SPDXVersion: SPDX-2.3
DocumentName: shop
SPDXID: SPDXRef-DOCUMENT
# a comment
Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-shop
PackageName: shop
SPDXID: SPDXRef-shop
PackageComment: <text>two lines
PackageName: not one</text>
PackageName: cart
SPDXID: SPDXRef-cart
PackageVersion: 2.0.0
ReleaseDate: 2024-05-01T10:00:00Z
PackageHomePage: <text>https://registry.example/cart</text>
ExternalRef: PACKAGE-MANAGER purl pkg:npm/cart@2.0.0
Relationship: SPDXRef-shop DEPENDS_ON SPDXRef-cart
FileName: ./a.js
SPDXID: SPDXRef-a
PackageName: bag
SPDXID: SPDXRef-bag
ExternalRef: PACKAGE-MANAGER purl pkg:npm/bag@1.2.0
Relationship: SPDXRef-bag DEPENDENCY_OF SPDXRef-cart
`

func TestSPDXTag(t *testing.T) {
	t.Parallel()
	file, gaps, ok, err := Parse("shop.spdx", []byte(acmeTags))
	if err != nil || !ok || len(gaps) > 0 {
		t.Fatal(ok, gaps, err)
	}
	want := File{Path: "shop.spdx", Format: "SPDX 2 tag-value", Root: "shop", Edges: true, Packages: []Package{
		{PURL: "pkg:npm/bag@1.2.0", Name: "bag", Version: "1.2.0", Scope: Runtime, Line: 21},
		{PURL: "pkg:npm/cart@2.0.0", Name: "cart", Version: "2.0.0", Direct: true, Scope: Runtime, Line: 15, Requires: []string{"pkg:npm/bag@1.2.0"},
			Hints: []Hint{{Kind: "website", URL: "https://registry.example/cart"}}, Said: Said{Released: "2024-05-01"}},
	}}
	if diff := cmp.Diff(want, file, cmpopts.IgnoreUnexported(File{}, Package{})); diff != "" {
		t.Error(diff)
	}
	for _, c := range []struct {
		text string
		kind gap.Kind
		line int
	}{
		{"SPDXVersion: SPDX-1.2\n", gap.Unsupported, 1},
		{"<rdf>\n", gap.Syntax, 1},
		{acmeTags[:strings.Index(acmeTags, "PackageName: not")], gap.Truncated, 8},
		{strings.Replace(acmeTags, "pkg:npm/bag", "bag", 1), gap.BadPURL, 21},
	} {
		_, gaps, _, err := Parse("a.spdx", []byte(c.text))
		if err != nil || !slices.ContainsFunc(gaps, func(g gap.Gap) bool { return g.Kind == c.kind && g.Line == c.line }) {
			t.Errorf("no %s in line %d: %v, %v", c.kind, c.line, gaps, err)
		}
	}
}

func FuzzSPDXTag(f *testing.F) {
	f.Add([]byte(acmeTags))
	f.Add([]byte(acmeTags[:len(acmeTags)*2/3]))
	f.Fuzz(func(t *testing.T, data []byte) { checkParse(t, "a.spdx", data) })
}
