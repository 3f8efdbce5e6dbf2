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
type expectation struct{ caseName, file, measure, value string }

func expectations(t *testing.T, cases, storey string) []expectation {
	t.Helper()
	table, err := os.ReadFile(filepath.Join(cases, "EXPECT.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	var rows []expectation
	for line := range strings.Lines(string(table)) {
		col := strings.Split(strings.TrimRight(line, "\r\n"), "\t")
		if len(col) == 5 && col[1] == storey {
			rows = append(rows, expectation{col[0], col[2], col[3], col[4]})
		}
	}
	return rows
}

// TestExpect holds every row of the storey "spine".
func TestExpect(t *testing.T) {
	t.Parallel()
	cases := filepath.Join(need.Shared(t), "data", "cases")
	rows := expectations(t, cases, "spine")
	if len(rows) < 90 {
		t.Fatalf("%d rows of the storey spine in EXPECT.tsv, there were 97", len(rows))
	}
	type subject struct{ caseName, file string }
	var order []subject
	bySubject := map[subject][]expectation{}
	for _, r := range rows {
		s := subject{r.caseName, r.file}
		if bySubject[s] == nil {
			order = append(order, s)
		}
		bySubject[s] = append(bySubject[s], r)
	}
	for _, s := range order {
		t.Run(s.caseName+"/"+s.file, func(t *testing.T) {
			t.Parallel()
			name := filepath.Join(cases, s.caseName, filepath.FromSlash(s.file))
			if s.file == "gen_deep_json.py" {
				name = filepath.Join(t.TempDir(), "deep.json")
				if err := os.WriteFile(name, deepJSON(40_000_000), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			inv := readCase(t, name)
			for _, r := range bySubject[s] {
				checkExpectation(t, inv, r)
			}
			if s.file == "." || s.file == "gen_deep_json.py" {
				return
			}
			whole := readCaseFile(t, cases, s.caseName, s.file)
			for _, r := range bySubject[s] {
				checkExpectation(t, whole, r)
			}
		})
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
