package dependency

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// acmePOM writes a POM with what is put in.
func acmePOM(artifact, inner string) string {
	return "<project xmlns=\"http://maven.apache.org/POM/4.0.0\">\n<groupId>com.acme</groupId><artifactId>" + artifact +
		"</artifactId><version>1</version>\n" + inner + "</project>\n"
}

// onPOMs writes <dependencies>, each given as group:artifact:version, or group:artifact.
func onPOMs(list ...string) string {
	var b strings.Builder
	b.WriteString("<dependencies>\n")
	for _, module := range list {
		part := append(strings.SplitN(module, ":", 3), "")
		fmt.Fprintf(&b, "<dependency><groupId>%s</groupId><artifactId>%s</artifactId>", part[0], part[1])
		if part[2] != "" {
			fmt.Fprintf(&b, "<version>%s</version>", part[2])
		}
		b.WriteString("</dependency>\n")
	}
	return b.String() + "</dependencies>\n"
}

func TestPOMBad(t *testing.T) {
	t.Parallel()
	one := onPOMs("com.x:a:1")
	entities := `<!DOCTYPE project [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>` + "\n"
	outside := `<!DOCTYPE project [<!ENTITY a SYSTEM "file:///etc/passwd">]>` + "\n"
	checkBad(t, []badFile{
		{"pom.xml", "", gap.Empty, 0},
		{"pom.xml", "\n\n", gap.Empty, 0},
		{"pom.xml", "<?xml version=\"1.0\"?>\n<!-- nothing -->\n", gap.Truncated, 3},
		{"pom.xml", "\xFF\xFE<\x00", gap.Encoding, 1},
		{"pom.xml", acmePOM("caf\xe9", ""), gap.Encoding, 2},
		{"pom.xml", acmePOM("a", one)[:150], gap.Truncated, 4},
		{"pom.xml", "\n<settings/>", gap.Unsupported, 2},
		{"pom.xml", "<project/>", gap.Syntax, 1},
		{"pom.xml", acmePOM("a", "<dependencies></dependency>"), gap.Syntax, 3},
		{"pom.xml", acmePOM("a", one) + "<project/>", gap.Syntax, 7},
		{"pom.xml", acmePOM("a", strings.Repeat("<x>", 300)), gap.TooDeep, 3},
		{"pom.xml", acmePOM("a", strings.Repeat("<x/>", mostXMLElements)), gap.TooLarge, 3},
		{"pom.xml", acmePOM("a", onPOMs(slices.Repeat([]string{"com.x:a:1"}, mostPOMEntries+1)...)), gap.TooLarge, 1},
		{"pom.xml", acmePOM("a", "<!-- "+strings.Repeat("long", mostXMLBytes/4)+" -->"), gap.TooLarge, 0},
		{"pom.xml", entities + acmePOM("&b;", one), gap.Syntax, 3},
		{"pom.xml", outside + acmePOM("&a;", one), gap.Syntax, 3},
		{"pom.xml", acmePOM("a", "<dependencies><dependency><groupId>g</groupId><artifactId>a</artifactId>\n<version>1</version><version>2</version></dependency></dependencies>"), gap.DuplicateKeys, 4},
		{"pom.xml", acmePOM("a", onPOMs("com.x:a:1", "com.x:a/b:1")), gap.BadPURL, 5},
		{"pom.xml", acmePOM("a", onPOMs("com.x:a:1", "com.x::1")), gap.BadPURL, 5},
		{"pom.xml", acmePOM("a", onPOMs("com.x:a:1", "${g}:a:1")), gap.BadPURL, 5},
		{"pom.xml", acmePOM("a", onPOMs("com.x:a:1 2")), gap.BadPURL, 4},
		{"pom.xml", acmePOM("a", onPOMs("com.x:"+strings.Repeat("a", 3000)+":1")), gap.BadPURL, 4},
		{"pom.xml", acmePOM("a", onPOMs("..:a:1")), gap.PathEscape, 4},
		{"pom.xml", acmePOM("a", onPOMs("com.x:a:..")), gap.PathEscape, 4},
	})
}

// TestPOMGiven holds that a POM is known by what it is where the user names it, and by its name alone in a folder.
func TestPOMGiven(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	text := []byte(acmePOM("a", onPOMs("com.x:a:1", "com.acme:b:1")))
	for _, name := range []string{".flattened-pom.xml", "a-1.pom", "pom.xml", "a.xml"} {
		writeFile(t, filepath.Join(dir, name), text)
		inv := read(t, filepath.Join(dir, name))
		if len(inv.Files) != 1 || inv.Files[0].Format != "pom.xml" || len(inv.Files[0].Packages) != 2 || len(inv.Gaps) > 0 {
			t.Errorf("%s: %+v, %v", name, inv.Files, inv.Gaps)
		}
	}
	if inv := read(t, dir); len(inv.Files) != 1 || inv.Files[0].Path != "pom.xml" {
		t.Errorf("%+v", inv.Files)
	}
}

// TestPOMCut cuts the POMs of the worlds at every byte.
func TestPOMCut(t *testing.T) {
	t.Parallel()
	for _, world := range []string{"testdata/read/maven.txtar", "testdata/read/maven-parents.txtar"} {
		files, err := txtar.ParseFile(world)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files.Files {
			if filepath.Base(f.Name) != "pom.xml" {
				continue
			}
			end := len(bytes.TrimSpace(f.Data))
			for cut := 0; cut < end; cut += 1 + end/200 {
				if _, gaps, ok, _ := Parse("pom.xml", f.Data[:cut]); ok || len(gaps) != 1 {
					t.Fatalf("%s, cut at %d: %t, %v", f.Name, cut, ok, gaps)
				}
			}
		}
	}
}

// TestPOMHostile holds that what names itself over and over costs no more than its length.
func TestPOMHostile(t *testing.T) {
	t.Parallel()
	properties := func(n int, value string) string {
		var b strings.Builder
		b.WriteString("<properties>")
		for i := range n {
			fmt.Fprintf(&b, "<p%d>%s</p%d>", i, strings.ReplaceAll(value, "NEXT", fmt.Sprintf("${p%d}", i+1)), i)
		}
		return b.String() + "</properties>\n"
	}
	for name, text := range map[string]string{
		"doubling, no end":  properties(90, "NEXTNEXT"),
		"doubling, an end":  properties(90, "NEXTNEXT") + "<properties><p90>1</p90></properties>",
		"a long chain":      properties(20_000, "NEXT"),
		"a ring of doubles": properties(89, "NEXTNEXT${p0}"),
		"unclosed":          properties(10, "${${${p1"),
	} {
		file, gaps, ok, _ := Parse("pom.xml", []byte(acmePOM("a", text+onPOMs("com.x:a:${p0}"))))
		if !ok || len(gaps) > 0 || len(file.Packages) != 1 || file.Packages[0].Version != "" {
			t.Errorf("%s: %t, %v, %+v", name, ok, gaps, file.Packages)
		}
	}

	root := t.TempDir()
	const layers, wide = 12, 12
	bom := func(layer, i int) string { return fmt.Sprintf("bom-%d-%d", layer, i) }
	for layer := range layers {
		var imports strings.Builder
		for i := range wide {
			fmt.Fprintf(&imports, "<dependency><groupId>com.acme</groupId><artifactId>%s</artifactId><version>1</version><type>pom</type><scope>import</scope></dependency>", bom(layer+1, i))
		}
		for i := range wide {
			text := acmePOM(bom(layer, i), "<dependencyManagement><dependencies>"+imports.String()+"</dependencies></dependencyManagement>"+onPOMs("com.x:a", "com.x:b"))
			writeFile(t, filepath.Join(root, bom(layer, i), "pom.xml"), []byte(text))
		}
	}
	for i := range 500 { // each the parent of the next
		parent := fmt.Sprintf("<parent><groupId>com.acme</groupId><artifactId>p%d</artifactId><version>1</version><relativePath>../p%d</relativePath></parent>", i+1, i+1)
		writeFile(t, filepath.Join(root, fmt.Sprintf("p%d", i), "pom.xml"), []byte(acmePOM(fmt.Sprintf("p%d", i), parent)))
	}
	inv := read(t, root)
	if len(inv.Files) != layers*wide+500 || len(inv.Gaps) > 0 {
		t.Error(len(inv.Files), inv.Gaps)
	}
}

// TestPOMManyModules holds that modules that all need one another are walked in bounded time, and that it is told where that ends.
func TestPOMManyModules(t *testing.T) {
	t.Parallel()
	const modules = 600
	all := newPOMs()
	all.mostWalked = 200_000
	var projects []*mavenProject
	for i := range modules {
		needs := []string{fmt.Sprintf("com.acme:m%d:1", i+1), fmt.Sprintf("com.x:x%d:1", i)}
		p, _, fatal := readPOM([]byte(acmePOM(fmt.Sprintf("m%d", i), onPOMs(needs...))))
		if fatal != nil {
			t.Fatal(fatal)
		}
		all.add(fmt.Sprintf("m%d/pom.xml", i), p)
		projects = append(projects, &mavenProject{pom: p, all: all})
	}
	all.settle()
	ends := 0
	for i, m := range projects {
		var f File
		bad, _ := m.apply(&f)
		gaps := m.tell(bad)
		if whole := len(f.Packages) >= modules-i; whole == (len(gaps) > 0) { // the last one needs a module that is not there
			t.Fatalf("m%d: %d packages, %v", i, len(f.Packages), gaps)
		}
		if len(m.tell(bad)) > 0 {
			t.Fatal("told twice")
		}
		ends += len(gaps)
	}
	if ends == 0 || ends > modules-100 {
		t.Errorf("%d projects were not walked to the end", ends)
	}
}

// countedPOMs makes POMs of what they need, and counts who asks.
type countedPOMs struct {
	emptyModules
	needs func(artifact string) []string // nil: it is not there

	mu    sync.Mutex
	asked map[string]int
}

func (c *countedPOMs) POM(_ context.Context, group, artifact, version string) ([]byte, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.asked == nil {
		c.asked = map[string]int{}
	}
	c.asked[group+":"+artifact+":"+version]++
	needs := c.needs(artifact)
	if needs == nil {
		return nil, fs.ErrNotExist
	}
	return []byte(acmePOM(artifact, onPOMs(needs...))), nil
}

func inventoryOf(t *testing.T, text string) Inventory {
	t.Helper()
	file, gaps, ok, err := Parse("pom.xml", []byte(text))
	if err != nil || !ok {
		t.Fatal(err, gaps)
	}
	file.Subject = "."
	return Inventory{Files: []File{file}}
}

func TestConnectPOMs(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	n := func(i int) string { return fmt.Sprintf("com.x:n%d:1", i) }
	chain := func(artifact string) []string {
		var i int
		fmt.Sscanf(artifact, "n%d", &i)
		return []string{n(i + 1)}
	}
	tree := func(artifact string) []string {
		var i int
		fmt.Sscanf(artifact, "n%d", &i)
		return []string{n(2 * i), n(2*i + 1)}
	}
	few := func(artifact string) []string {
		return map[string][]string{"n1": {n(2), n(3)}, "n2": {n(3)}, "n3": {n(1)}, "n4": {}}[artifact]
	}
	for _, tt := range []struct {
		name     string
		needs    func(string) []string
		direct   []string
		packages int
		asked    int
		edges    bool
		gaps     int // what they stand for
	}{
		{"few", few, []string{n(1), n(4)}, 4, 4, true, 0},
		{"a direct one is absent", few, []string{n(1), n(5)}, 4, 4, false, 1},
		{"without a version", few, []string{n(1), "com.x:n4"}, 4, 3, false, 0},
		{"an endless chain", chain, []string{n(1)}, mostRounds + 1, mostRounds, true, 1},
		{"an endless tree", tree, []string{n(1)}, 2*MostPOMs + 1, MostPOMs, true, MostPOMs + 1},
		{"nothing", few, []string{n(9)}, 1, 1, false, 1},
	} {
		source := &countedPOMs{needs: tt.needs}
		inv := inventoryOf(t, acmePOM("a", onPOMs(tt.direct...)))
		for range 2 { // the second time all is asked for again, and comes out the same
			total := 0
			for _, g := range inv.Connect(ctx, source, 4) {
				total += g.Count
			}
			f := inv.Files[0]
			if len(f.Packages) != tt.packages || f.Edges != tt.edges || total != tt.gaps {
				t.Errorf("%s: %d packages, edges %t, gaps for %d; want %d, %t, %d", tt.name, len(f.Packages), f.Edges, total, tt.packages, tt.edges, tt.gaps)
			}
		}
		if len(source.asked) > tt.asked+1 || slices.ContainsFunc(slices.Collect(maps.Values(source.asked)), func(n int) bool { return n != 2 }) {
			t.Errorf("%s: asked for %d POMs, or for one more than once", tt.name, len(source.asked))
		}
	}
	inv := inventoryOf(t, acmePOM("a", onPOMs(n(1), n(2))))
	ended, cancel := context.WithCancel(ctx)
	cancel()
	source := &countedPOMs{needs: few}
	if gaps := inv.Connect(ended, source, 2); len(gaps) > 0 || len(source.asked) > 0 || len(inv.Files[0].Packages) != 2 {
		t.Errorf("after the end of the context: %v, %v", gaps, source.asked)
	}
	// A source of go.mod files alone is asked for nothing.
	inv = inventoryOf(t, acmePOM("a", "<parent><groupId>com.x</groupId><artifactId>p</artifactId><version>1</version></parent>"+onPOMs(n(1))))
	gaps := inv.Connect(ctx, emptyModules{}, 2)
	if len(gaps) != 1 || gaps[0].Kind != gap.NoParent || gaps[0].What != "com.x:p:1" {
		t.Error(gaps)
	}
}

// samePOM gives one POM, whatever is asked for.
type samePOM struct {
	emptyModules
	data []byte
}

func (s samePOM) POM(_ context.Context, _, artifact, _ string) ([]byte, error) {
	if artifact == "refused" {
		return nil, errors.New("refused")
	}
	return s.data, nil
}

func FuzzPOM(f *testing.F) {
	seed(f, func(base string) bool { return base == "pom.xml" || strings.HasSuffix(base, ".pom") })
	f.Fuzz(func(t *testing.T, data []byte) {
		checkParse(t, "pom.xml", data)
		if _, err := parseFetchedPOM(data); err != nil && strings.Contains(err.Error(), "failed") {
			t.Fatal(err)
		}
		file, _, ok, _ := Parse("pom.xml", data)
		if !ok {
			return
		}
		declared := slices.Clone(file.Packages)
		file.Subject = "."
		inv := Inventory{Files: []File{file}}
		inv.Connect(context.Background(), samePOM{data: data}, 1)
		again := inv.Files[0].Packages
		inv.Connect(context.Background(), samePOM{data: data}, 1)
		if diff := cmp.Diff(again, inv.Files[0].Packages, cmp.AllowUnexported(Package{})); diff != "" {
			t.Fatal("not the same twice:", diff)
		}
		names := map[string]bool{}
		for i, p := range again {
			if i > 0 && again[i-1].PURL >= p.PURL || breadth(p.Scope) < 0 {
				t.Fatalf("%+v", p)
			}
			names[p.Name] = true
		}
		for _, p := range declared {
			if !names[p.Name] {
				t.Fatalf("%s is lost", p.Name)
			}
		}
		for _, n := range inv.Graph().Nodes {
			checkNode(t, n)
		}
	})
}
