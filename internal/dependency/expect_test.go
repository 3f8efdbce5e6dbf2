package dependency

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	packageurl "github.com/package-url/packageurl-go"

	"github.com/mainstay-oss/mainstay/internal/gap"
	"github.com/mainstay-oss/mainstay/internal/need"
)

// An expectation is one row of EXPECT.tsv, the facts that were counted independently of this program.
type expectation struct{ caseName, storey, file, measure, value string }

func expectations(t *testing.T, cases string) []expectation {
	t.Helper()
	table, err := os.ReadFile(filepath.Join(cases, "EXPECT.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	var rows []expectation
	for line := range strings.Lines(string(table)) {
		col := strings.Split(strings.TrimRight(line, "\r\n"), "\t")
		if len(col) != 5 {
			t.Errorf("not a row: %q", line)
			continue
		}
		rows = append(rows, expectation{col[0], col[1], col[2], col[3], col[4]})
	}
	return rows[1:] // without the heading
}

// leastRows is how many rows of each storey there were: all of one that has landed are held, whatever their format, and of the
// others those about a file whose name tells a format that is read.
var leastRows = map[string]struct {
	landed bool
	rows   int
}{"spine": {true, 114}, "inventory": {true, 255}, "ai": {false, 20}, "clusters": {false, 75}}

// notAlone are formats of files that mean more in their folder than alone: a POM's parent and BOMs lie beside its folder, and
// what it has from there has no line in it.
var notAlone = []string{"pom.xml"}

// notInFolder are files of cases that are passed over in their folder, as a lockfile there says more.
var notInFolder = []string{"py-uv-paperless/pyproject.toml", "dotnet-shazam/Project.csproj"}

// TestExpect holds the rows, each file given alone and as part of its case. Nothing is to be added here for a new format.
func TestExpect(t *testing.T) {
	t.Parallel()
	cases := filepath.Join(need.Shared(t), "data", "cases")
	type subject struct{ caseName, file string }
	bySubject := map[subject][]expectation{}
	rows, held := map[string]int{}, map[string]int{}
	for _, r := range expectations(t, cases) {
		storey, known := leastRows[r.storey]
		if !known {
			t.Errorf("a storey that this test does not know: %s", r.storey)
		}
		rows[r.storey]++
		if storey.landed || formatNamed(r.file) != nil {
			held[r.storey]++
			bySubject[subject{r.caseName, r.file}] = append(bySubject[subject{r.caseName, r.file}], r)
		}
	}
	t.Logf("rows of EXPECT.tsv held, by storey: %v of %v", held, rows)
	for storey, least := range leastRows {
		if rows[storey] < least.rows || least.landed && held[storey] < rows[storey] {
			t.Errorf("%d rows of the storey %s, %d of them held; there were %d", rows[storey], storey, held[storey], least.rows)
		}
	}
	for s, rows := range bySubject {
		t.Run(s.caseName+"/"+s.file, func(t *testing.T) {
			t.Parallel()
			name := filepath.Join(cases, s.caseName, filepath.FromSlash(s.file))
			if s.file == "gen_deep_json.py" {
				name = filepath.Join(t.TempDir(), "deep.json")
				if err := os.WriteFile(name, deepJSON(40_000_000), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if f := formatNamed(s.file); f == nil || !slices.Contains(notAlone, f.name) {
				checkRows(t, readCase(t, name), rows)
			} else if slices.Contains(notInFolder, s.caseName+"/"+s.file) {
				t.Fatal("its rows are held nowhere")
			}
			if s.file != "." && s.file != "gen_deep_json.py" && !slices.Contains(notInFolder, s.caseName+"/"+s.file) {
				checkRows(t, readCaseFile(t, cases, s.caseName, s.file), rows)
			}
		})
	}
}

// checkRows holds all rows about one file, that every package has a line, and that there is a gap only where a row says so.
func checkRows(t *testing.T, inv Inventory, rows []expectation) {
	t.Helper()
	packages := slices.ContainsFunc(rows, func(r expectation) bool { return r.measure == "packages" && r.value != "0" })
	toldOf := false
	for _, r := range rows {
		toldOf = toldOf || r.measure == "gap" || r.measure == "packages" && r.value == "0"
		if r.measure != "gap" || !packages { // a file of which packages are expected besides a gap may be read whole
			checkExpectation(t, inv, r)
		}
	}
	if !toldOf && len(inv.Gaps) > 0 {
		t.Errorf("gaps: %v", inv.Gaps)
	}
	for _, f := range inv.Files {
		for _, p := range f.Packages {
			if p.Line == 0 && !slices.Contains(notAlone, f.Format) {
				t.Errorf("%s: %s has no line", f.Path, p.PURL)
			}
		}
	}
}

func readCase(t *testing.T, name string) Inventory {
	t.Helper()
	inv, err := Read(context.Background(), name, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return inv
}

// readCaseFile reads a case's whole folder, and gives what comes of one file there: the same as of the file alone.
func readCaseFile(t *testing.T, cases, caseName, file string) Inventory {
	t.Helper()
	inv := readCase(t, filepath.Join(cases, caseName))
	inv.Files = slices.DeleteFunc(inv.Files, func(f File) bool { return f.Path != file })
	inv.Gaps = slices.DeleteFunc(inv.Gaps, func(g gap.Gap) bool { return !strings.HasSuffix(g.File, caseName+"/"+file) })
	return inv
}

func checkExpectation(t *testing.T, inv Inventory, r expectation) {
	t.Helper()
	graph := inv.Graph()
	counted := map[string]*Node{} // with a version
	for i := range graph.Nodes {
		if n := &graph.Nodes[i]; parsed(t, n.PURL).Version != "" {
			counted[n.PURL] = n
		}
	}
	number := func(got int) {
		t.Helper()
		if want, err := strconv.Atoi(r.value); err != nil || got != want {
			t.Errorf("%s: %d, want %s", r.measure, got, r.value)
		}
	}
	switch r.measure {
	case "packages":
		number(len(counted))
	case "direct":
		n := 0
		for _, node := range counted {
			if node.Direct {
				n++
			}
		}
		number(n)
	case "dev":
		n := 0
		for _, node := range counted {
			if node.Scope == Dev || node.Scope == Test {
				n++
			}
		}
		number(n)
	case "edges":
		n := 0
		for _, node := range counted {
			for _, to := range node.Requires {
				if counted[to] != nil {
					n++
				}
			}
		}
		number(n)
	case "path":
		parent, child, _ := strings.Cut(r.value, " -> ")
		for _, node := range graph.Nodes {
			if !matches(t, node.PURL, child) {
				continue
			}
			// A shortest way has this parent just before the child: the parent needs it and is one step nearer.
			ok := false
			for _, p := range graph.Nodes {
				if matches(t, p.PURL, parent) && slices.Contains(p.Requires, node.PURL) {
					for subject, depth := range node.Depth {
						ok = ok || p.Depth[subject] == depth-1
					}
				}
			}
			if !ok {
				t.Errorf("no shortest way to %s leads over %s but over %v", child, parent, node.Path)
			}
			if len(node.Path) == 0 {
				t.Errorf("no way to %s", child)
			}
			return
		}
		t.Errorf("no %s", child)
	case "+purl", "-purl":
		reported := false
		for _, node := range graph.Nodes {
			reported = reported || matches(t, node.PURL, r.value)
		}
		if r.measure == "-purl" {
			want := parsed(t, r.value)
			if want.Version == "" {
				for _, node := range graph.Nodes {
					p := parsed(t, node.PURL)
					p.Version = ""
					reported = reported || matches(t, p.ToString(), r.value)
				}
			}
		}
		if reported != (r.measure == "+purl") {
			t.Errorf("%s %s", r.measure, r.value)
		}
	case "gap":
		if !slices.ContainsFunc(inv.Gaps, func(g gap.Gap) bool { return string(g.Kind) == r.value }) {
			t.Errorf("no gap %s among %v", r.value, inv.Gaps)
		}
		for _, g := range inv.Gaps {
			if g.Count < 1 || g.Stage != gap.Inventory || g.File == "" {
				t.Errorf("an incomplete gap: %+v", g)
			}
		}
	default:
		t.Errorf("a measure that this test does not know: %s", r.measure)
	}
}

func parsed(t *testing.T, purl string) packageurl.PackageURL {
	t.Helper()
	p, err := packageurl.FromString(purl)
	if err != nil {
		t.Fatalf("%s: %v", purl, err)
	}
	return p
}

// matches compares as the README of the cases says: equal but for qualifiers that the expectation does not name.
func matches(t *testing.T, got, want string) bool {
	t.Helper()
	g, w := parsed(t, got), parsed(t, want)
	if g.Type != w.Type || g.Namespace != w.Namespace || g.Name != w.Name || g.Version != w.Version {
		return false
	}
	has := g.Qualifiers.Map()
	for _, q := range w.Qualifiers {
		if has[q.Key] != q.Value {
			return false
		}
	}
	return true
}

// deepJSON writes what gen_deep_json.py of the cases writes: components nested one in another.
func deepJSON(size int) []byte {
	const (
		head = `{"bomFormat":"CycloneDX","specVersion":"1.5","version":1,"components":[`
		step = `{"type":"library","name":"n","version":"1","purl":"pkg:npm/n@1","components":[`
		last = `{"type":"library","name":"leaf","version":"1","purl":"pkg:npm/leaf@1"}`
	)
	depth := (size - len(head) - len(last) - 3) / (len(step) + 2)
	var b bytes.Buffer
	b.Grow(size)
	b.WriteString(head)
	for range depth {
		b.WriteString(step)
	}
	b.WriteString(last)
	for range depth {
		b.WriteString("]}")
	}
	fmt.Fprint(&b, "]}\n")
	return b.Bytes()
}
