package dependency

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	packageurl "github.com/package-url/packageurl-go"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// seed adds the files of the worlds whose base name matches, whole, cut and broken.
func seed(f *testing.F, matches func(base string) bool) {
	f.Helper()
	seedWith(f, matches, func(data []byte) { f.Add(data) })
}

// seedWith is seed for targets that take more than the file: add adds it.
func seedWith(f *testing.F, matches func(base string) bool, add func(data []byte)) {
	f.Helper()
	worlds, err := filepath.Glob("testdata/read/*.txtar")
	if err != nil || len(worlds) == 0 {
		f.Fatal("no worlds: ", err)
	}
	n := 0
	for _, name := range worlds {
		world, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range world.Files {
			if matches(filepath.Base(file.Name)) {
				add(file.Data)
				add(file.Data[:len(file.Data)*2/3])
				n++
			}
		}
	}
	if n == 0 {
		f.Fatal("no seed in any world")
	}
}

func FuzzGoMod(f *testing.F) {
	seed(f, func(base string) bool { return strings.HasSuffix(base, ".mod") })
	f.Fuzz(func(t *testing.T, data []byte) {
		checkParse(t, "go.mod", data)
		if _, err := parseRequirements(data); err != nil && strings.Contains(err.Error(), "failed") {
			t.Fatal(err)
		}
	})
}

func FuzzPackageLock(f *testing.F) {
	seed(f, func(base string) bool { return base == "package-lock.json" })
	f.Fuzz(func(t *testing.T, data []byte) { checkParse(t, "package-lock.json", data) })
}

func FuzzCycloneDX(f *testing.F) {
	seed(f, func(base string) bool { return strings.HasSuffix(base, ".json") && base != "package-lock.json" })
	f.Fuzz(func(t *testing.T, data []byte) { checkParse(t, "bom.json", data) })
}

// checkCut holds that a file that is cut is told of, unless it is text and cut between two lines.
func checkCut(t *testing.T, name string, data []byte) {
	t.Helper()
	if _, gaps, ok, _ := Parse(name, data); !ok || len(gaps) > 0 {
		return
	}
	lines := !bytes.HasPrefix(bytes.TrimSpace(plainJSON(bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF")))), []byte("{"))
	end := len(bytes.TrimRight(plainJSON(data), " \t\r\n"))
	for _, cut := range []int{end / 3, end / 2, end - 1} {
		if lines && (cut == 0 || data[cut-1] == '\n') {
			continue
		}
		if _, gaps, _, _ := Parse(name, data[:cut]); len(gaps) == 0 {
			t.Fatalf("nobody tells that this was cut: %q", data[:cut])
		}
	}
}

// checkParse holds what every reader promises of any bytes.
func checkParse(t *testing.T, name string, data []byte) {
	t.Helper()
	file, gaps, ok, err := Parse(name, data)
	if err != nil {
		t.Fatal(err)
	}
	if !ok && len(gaps) == 0 {
		t.Fatal("neither read nor a gap")
	}
	if !ok && len(file.Packages) > 0 {
		t.Fatal("packages of a file that was not read")
	}
	for _, g := range gaps {
		if g.Stage == "" || g.Kind == "" || g.File != name || g.Count < 1 || g.Line < 0 || g.Line > bytes.Count(data, []byte{'\n'})+1 {
			t.Fatalf("an incomplete gap: %+v", g)
		}
		if strings.Contains(g.Detail, "the reader of") {
			t.Fatalf("a reader failed: %s", g.Detail)
		}
	}
	keys := map[string]bool{}
	purls := map[string]bool{}
	for i, p := range file.Packages {
		if i > 0 && file.Packages[i-1].PURL >= p.PURL {
			t.Fatalf("%s after %s", p.PURL, file.Packages[i-1].PURL)
		}
		id, err := packageurl.FromString(p.PURL)
		if err != nil || id.ToString() != p.PURL {
			t.Fatalf("%q is not canonical: %q, %v", p.PURL, id.ToString(), err)
		}
		if key := withoutQualifiers(p.PURL); keys[key] {
			t.Fatalf("%s stands twice", key)
		} else {
			keys[key] = true
		}
		purls[p.PURL] = true
		if p.Name == "" || breadth(p.Scope) < 0 || p.Line < 0 || p.Line > bytes.Count(data, []byte{'\n'})+1 {
			t.Fatalf("an incomplete package: %+v", p)
		}
		for _, h := range p.Hints {
			if clean := cleanAddress(h.URL); clean != h.URL {
				t.Fatalf("hint %q is not clean: %q", h.URL, clean)
			}
		}
	}
	for _, p := range file.Packages {
		for i, to := range p.Requires {
			if !purls[to] || to == p.PURL || i > 0 && p.Requires[i-1] >= to {
				t.Fatalf("%s needs %q", p.PURL, p.Requires)
			}
		}
	}
	again, gapsAgain, _, _ := Parse(name, slices.Clone(data))
	if diff := cmp.Diff(file, again, cmpopts.IgnoreUnexported(File{}, Package{})); diff != "" {
		t.Fatalf("not the same twice: %s", diff)
	}
	if diff := cmp.Diff(gaps, gapsAgain); diff != "" {
		t.Fatalf("not the same gaps twice: %s", diff)
	}
	file.Subject = "."
	for _, n := range (Inventory{Files: []File{file}}).Graph().Nodes {
		checkNode(t, n)
	}
}

func checkNode(t *testing.T, n Node) {
	t.Helper()
	if len(n.Depth) == 0 || len(n.Subjects) != len(n.Depth) {
		t.Fatalf("%s: %d depths, %d subjects", n.PURL, len(n.Depth), len(n.Subjects))
	}
	shallowest := 1 << 30
	for _, d := range n.Depth {
		shallowest = min(shallowest, d)
	}
	if n.Direct != (shallowest == 1) {
		t.Fatalf("%s: direct %t at depth %d", n.PURL, n.Direct, shallowest)
	}
	if len(n.Path) > 0 && len(n.Path) != min(shallowest-1, longestPath) || n.Direct && len(n.Path) > 0 {
		t.Fatalf("%s: depth %d, way %v", n.PURL, shallowest, n.Path)
	}
}

// TestHostileShapes holds that one long chain takes neither quadratic time nor memory.
func TestHostileShapes(t *testing.T) {
	t.Parallel()
	chain := &strings.Builder{}
	chain.WriteString(`{"bomFormat": "CycloneDX", "metadata": {"component": {"bom-ref": "root"}}, "components": [{"bom-ref": "0", "purl": "pkg:npm/0@1"}`)
	const length = 50_000
	for i := 1; i < length; i++ {
		fmt.Fprintf(chain, `, {"bom-ref": "%d", "purl": "pkg:npm/%d@1"}`, i, i)
	}
	chain.WriteString(`], "dependencies": [{"ref": "root", "dependsOn": ["0"]}`)
	for i := 1; i < length; i++ {
		fmt.Fprintf(chain, `, {"ref": "%d", "dependsOn": ["%d"]}`, i-1, i)
	}
	chain.WriteString(`]}`)
	file, gaps, ok, err := Parse("bom.json", []byte(chain.String()))
	if err != nil || !ok || len(gaps) > 0 {
		t.Fatal(err, ok, gaps)
	}
	file.Subject = "."
	deepest := 0
	for _, n := range (Inventory{Files: []File{file}}).Graph().Nodes {
		checkNode(t, n)
		if d := n.Depth["."]; d > deepest {
			deepest = d
		}
		if d := n.Depth["."]; d == 1000 {
			want := []string{"pkg:npm/0@1", "pkg:npm/31@1", "pkg:npm/967@1", "pkg:npm/998@1"}
			if got := []string{n.Path[0], n.Path[31], n.Path[32], n.Path[63]}; !slices.Equal(got, want) {
				t.Errorf("the way to %s: %v, want %v", n.PURL, got, want)
			}
		}
	}
	if deepest != length {
		t.Errorf("deepest %d, want %d", deepest, length)
	}
}
