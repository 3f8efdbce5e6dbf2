package dependency

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

const acmeXML = `<?xml version="1.0" encoding="UTF-8"?>
<bom xmlns="http://cyclonedx.org/schema/bom/1.5" xmlns:x="http://registry.example/x" version="1">
  <metadata>
    <component type="application" bom-ref="app"><name>shop</name><purl>pkg:npm/shop@1.0.0</purl></component>
  </metadata>
  <components>
    <component type="library" bom-ref="a">
      <group>@acme</group><name>cart</name><version>2.0.0</version>
      <purl><![CDATA[pkg:npm/%40acme/cart@2.0.0]]></purl>
      <externalReferences><reference type="vcs"><url>https://registry.example/acme/cart.git</url></reference></externalReferences>
      <components>
        <component type="library" bom-ref="b"><name>bag</name><scope>optional</scope>
          <purl>pkg:npm/bag@1.2.0</purl></component>
      </components>
    </component>
    <component type="library" bom-ref="c"><name>check</name><purl>pkg:npm/check@3.0.0</purl>
      <properties><property name="cdx:npm:package:development">true</property></properties></component>
    <x:component><purl>pkg:npm/other@1.0.0</purl></x:component>
    <component type="library"><name>bare</name></component>
  </components>
  <dependencies>
    <dependency ref="app"><dependency ref="a"/><dependency ref="c"/></dependency>
    <dependency ref="a"><dependency ref="b"/></dependency>
  </dependencies>
</bom>
`

func TestCycloneDXML(t *testing.T) {
	t.Parallel()
	file, gaps, ok, err := Parse("shop.xml", []byte(acmeXML)) // told by how it begins
	if err != nil || !ok || len(gaps) > 0 {
		t.Fatal(ok, gaps, err)
	}
	want := File{Path: "shop.xml", Format: "CycloneDX XML", Root: "shop", Edges: true, Packages: []Package{
		{PURL: "pkg:npm/%40acme/cart@2.0.0", Name: "@acme/cart", Version: "2.0.0", Direct: true, Scope: Runtime, Line: 9,
			Requires: []string{"pkg:npm/bag@1.2.0"}, Hints: []Hint{{Kind: "vcs", URL: "https://registry.example/acme/cart.git"}}},
		{PURL: "pkg:npm/bag@1.2.0", Name: "bag", Version: "1.2.0", Scope: Optional, Line: 13},
		{PURL: "pkg:npm/check@3.0.0", Name: "check", Version: "3.0.0", Direct: true, Scope: Dev, Line: 16},
	}}
	if diff := cmp.Diff(want, file, cmpopts.IgnoreUnexported(File{}, Package{})); diff != "" {
		t.Error(diff)
	}
}

func TestCycloneDXMLFaults(t *testing.T) {
	t.Parallel()
	inBOM := func(inner string) string {
		return "<bom xmlns=\"http://cyclonedx.org/schema/bom/1.4\">\n" + inner + "</bom>"
	}
	for _, c := range []struct {
		name, text string
		kind       gap.Kind
		line       int
	}{
		{"blank", " \n", gap.Empty, 0},
		{"cut", acmeXML[:len(acmeXML)*2/3], gap.Truncated, 16},
		{"version", `<bom xmlns="http://cyclonedx.org/schema/bom/2.0"/>`, gap.Unsupported, 1},
		{"other", "<project/>", gap.Unsupported, 1},
		{"tags", inBOM("<components></component>\n"), gap.Syntax, 2},
		{"two", inBOM("") + "\n<bom/>", gap.Syntax, 3},
		{"entity", inBOM("<serial>&lol;</serial>"), gap.Syntax, 2},
		{"deep", inBOM(strings.Repeat("<components>\n", 300)), gap.TooDeep, 201},
		{"twice", inBOM("<components/>\n<components/>\n"), gap.DuplicateKeys, 3},
		{"purl", inBOM("<components>\n<component><purl>lodash</purl></component></components>"), gap.BadPURL, 3},
		{"escape", inBOM("<components><component>\n<purl>pkg:npm/..%2fx@1</purl><name>../x</name></component></components>"), gap.PathEscape, 2},
	} {
		_, gaps, _, err := Parse("a.cdx.xml", []byte(c.text))
		if err != nil || !slices.ContainsFunc(gaps, func(g gap.Gap) bool { return g.Kind == c.kind && g.Line == c.line }) {
			t.Errorf("%s: no %s in line %d: %v, %v", c.name, c.kind, c.line, gaps, err)
		}
	}
}

func FuzzCycloneDXML(f *testing.F) {
	f.Add([]byte(acmeXML))
	f.Add([]byte(acmeXML[:len(acmeXML)*2/3]))
	f.Add([]byte(strings.ReplaceAll(acmeXML, "pkg:npm/", "")))
	f.Fuzz(func(t *testing.T, data []byte) {
		checkParse(t, "a.cdx.xml", data)
		whole, gaps, ok, _ := Parse("a.cdx.xml", data)
		if cut, gapsOfCut, okOfCut, _ := Parse("a.cdx.xml", data[:len(data)/2]); ok && okOfCut && len(gapsOfCut) == 0 && len(cut.Packages) < len(whole.Packages) {
			t.Fatal("half of it reads as if whole: ", gaps)
		}
	})
}
