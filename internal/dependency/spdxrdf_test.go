package dependency

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

const acmeSPDXRDF = `<?xml version="1.0" encoding="UTF-8"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://spdx.org/rdf/terms#" xmlns:doap="http://usefulinc.com/ns/doap#">
<SpdxDocument rdf:about="https://example.com/shop#SPDXRef-DOCUMENT">
 <specVersion>SPDX-2.3</specVersion>
 <name>shop</name>
 <relationship><Relationship>
  <relationshipType rdf:resource="http://spdx.org/rdf/terms#relationshipType_describes"/>
  <relatedSpdxElement><Package rdf:about="https://example.com/shop#SPDXRef-shop">
   <name>shop</name>
   <relationship><Relationship>
    <relatedSpdxElement rdf:resource="https://example.com/shop#SPDXRef-cart"/>
    <relationshipType rdf:resource="http://spdx.org/rdf/terms#relationshipType_dependsOn"/>
   </Relationship></relationship>
  </Package></relatedSpdxElement>
 </Relationship></relationship>
</SpdxDocument>
<Package rdf:about="https://example.com/shop#SPDXRef-cart">
 <externalRef><ExternalRef>
  <referenceType rdf:resource="http://spdx.org/rdf/references/cpe23Type"/>
  <referenceLocator>cpe:2.3:a:acme:cart</referenceLocator>
 </ExternalRef></externalRef>
 <externalRef><ExternalRef>
  <referenceType><ReferenceType rdf:about="http://spdx.org/rdf/references/purl"/></referenceType>
  <referenceLocator>pkg:npm/cart@2.0.0</referenceLocator>
 </ExternalRef></externalRef>
 <name>cart</name>
 <versionInfo>2.0.0</versionInfo><releaseDate>2024-05-01T10:00:00Z</releaseDate>
 <doap:homepage>https://registry.example/cart</doap:homepage>
 <downloadLocation>git+https://registry.example/acme/cart.git@v2.0.0</downloadLocation>
</Package>
<Package rdf:nodeID="bag" name="bag">
 <relationship><Relationship>
  <relationshipType rdf:resource="http://spdx.org/rdf/terms#relationshipType_devDependencyOf"/>
  <relatedSpdxElement rdf:resource="https://example.com/shop#SPDXRef-cart"/>
 </Relationship></relationship>
 <externalRef><ExternalRef>
  <referenceType rdf:resource="http://spdx.org/rdf/references/purl"/>
  <referenceLocator>pkg:npm/bag@1.2.0</referenceLocator>
 </ExternalRef></externalRef>
</Package>
</rdf:RDF>
`

func TestSPDXRDF(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"shop.spdx.rdf", "shop.spdx.rdf.xml", "shop.xml", "shop"} { // the last two are told by how they begin
		file, gaps, ok, err := Parse(name, []byte(acmeSPDXRDF))
		if err != nil || !ok || len(gaps) > 0 {
			t.Fatal(name, ok, gaps, err)
		}
		want := File{Path: name, Format: "SPDX 2 RDF", Root: "shop", Edges: true, Packages: acmeSPDXPackages(38, 24)}
		if diff := cmp.Diff(want, file, cmpopts.IgnoreUnexported(File{}, Package{})); diff != "" {
			t.Error(diff)
		}
	}
	// The file begins with another element, the document stands within, and describes by its older property.
	inside := strings.NewReplacer(
		"<SpdxDocument", "<File rdf:about=\"https://example.com/shop#SPDXRef-a\"><relationship><Relationship><relationshipType rdf:resource=\"x\"/><relatedSpdxElement><SpdxDocument",
		"</SpdxDocument>", "</SpdxDocument></relatedSpdxElement></Relationship></relationship></File>",
		"<relationshipType rdf:resource=\"http://spdx.org/rdf/terms#relationshipType_describes\"/>", "",
		"<name>shop</name>\n <relationship>", "<name>shop</name><describesPackage rdf:resource=\"https://example.com/shop#SPDXRef-shop\"/>\n <relationship>",
	).Replace(acmeSPDXRDF)
	file, gaps, ok, err := Parse("shop.spdx.rdf", []byte(inside))
	if err != nil || !ok || len(gaps) > 0 {
		t.Fatal(ok, gaps, err)
	}
	if diff := cmp.Diff(acmeSPDXPackages(38, 24), file.Packages, cmpopts.IgnoreUnexported(Package{})); diff != "" {
		t.Error(diff)
	}
}

func TestSPDXRDFFaults(t *testing.T) {
	t.Parallel()
	checkBad(t, []badFile{
		{"a.spdx.rdf", "", gap.Empty, 0},
		{"a.spdx.rdf", "spdxVersion: SPDX-2.3\n", gap.Truncated, 2},
		{"a.spdx.rdf", "<bom/>\n", gap.Unsupported, 1},
		{"a.spdx.rdf", "<RDF>\n</RDF>\n", gap.Unsupported, 1},
		{"a.spdx.rdf", "<RDF>\n<SpdxDocument/></RDF>\n", gap.Unsupported, 2},
		{"a.spdx.rdf", "<RDF><SpdxDocument>\n<specVersion>SPDX-1.2</specVersion></SpdxDocument></RDF>\n", gap.Unsupported, 2},
		{"a.spdx.rdf", acmeSPDXRDF[:len(acmeSPDXRDF)-12], gap.Truncated, 40},
		{"a.spdx.rdf", strings.Replace(acmeSPDXRDF, "pkg:npm/bag", "bag", 1), gap.BadPURL, 38},
		{"a.spdx.rdf", strings.Replace(acmeSPDXRDF, "<name>cart", "<name>../cart", 1), gap.PathEscape, 17},
		{"a.spdx.rdf", "<RDF>" + strings.Repeat("<a>", deepestXML), gap.TooDeep, 1},
	})
}

func FuzzSPDXRDF(f *testing.F) {
	f.Add([]byte(acmeSPDXRDF))
	f.Add([]byte(acmeSPDXRDF[:len(acmeSPDXRDF)*2/3]))
	f.Add([]byte("<RDF><SpdxDocument><specVersion>SPDX-2.1</specVersion><describesPackage><Package/></describesPackage></SpdxDocument></RDF>"))
	f.Fuzz(func(t *testing.T, data []byte) {
		checkParse(t, "a.spdx.rdf", data)
		whole, _, ok, _ := Parse("a.spdx.rdf", data)
		if cut, gaps, okCut, _ := Parse("a.spdx.rdf", data[:len(data)/2]); ok && okCut && len(gaps) == 0 && len(cut.Packages) < len(whole.Packages) {
			t.Fatal("half of it reads as if whole")
		}
		if slices.ContainsFunc(whole.Packages, func(p Package) bool { return p.Line == 0 }) {
			t.Fatal("a package without a line")
		}
	})
}
