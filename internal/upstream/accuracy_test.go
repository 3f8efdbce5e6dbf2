package upstream

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/package-url/packageurl-go"
)

// accuracyLeast is how many of the 20 packages of an ecosystem must be resolved rightly.
const accuracyLeast = 18

// TestAccuracy resolves a fixed sample of packages from what their registries answered on one day, and compares with what was
// found by hand. Wrong ones are listed with go test -run TestAccuracy -v.
func TestAccuracy(t *testing.T) {
	t.Parallel()
	answers, err := os.ReadFile("testdata/accuracy/answers.txtar")
	if err != nil {
		t.Fatal(err)
	}
	sample, err := os.ReadFile("testdata/accuracy/sample.tsv")
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(string(answers))
	for name, body := range w.files {
		if address, ok := strings.CutPrefix(name, "crate "); ok {
			w.files[address] = packCrate(t, body)
		}
	}
	r := w.resolver(t, Config{Environ: []string{"GOPROXY=https://go.registry.example", "npm_config_registry=https://npm.registry.example",
		"PIP_INDEX_URL=https://pypi.registry.example/simple"}})
	at := func(base string) func() places {
		return func() places { return places{own: []place{{base: base}}} }
	}
	r.places[packageurl.TypeCargo], r.places[packageurl.TypeMaven] = at("https://crates.registry.example"), at("https://maven.registry.example")
	type row struct{ purl, want string }
	var rows []row
	var queries []Query
	for line := range strings.Lines(string(sample)) {
		if f := strings.Split(strings.TrimSuffix(line, "\n"), "\t"); line[0] != '#' {
			p, err := packageurl.FromString(f[0])
			if err != nil || len(f) < 2 {
				t.Fatal(line, err)
			}
			rows = append(rows, row{f[0], strings.TrimPrefix(f[1], "-")})
			queries = append(queries, Query{PURL: f[0], Version: p.Version})
		}
	}
	got, _ := r.Resolve(t.Context(), queries)
	right, all := map[string]int{}, map[string]int{}
	var wrong []string
	for _, row := range rows {
		kind, _, _ := strings.Cut(strings.TrimPrefix(row.purl, "pkg:"), "/")
		all[kind]++
		if res := got[row.purl]; slices.Contains(strings.Split(row.want, "|"), res.Upstream) {
			right[kind]++
		} else {
			wrong = append(wrong, fmt.Sprintf("%s: %q, by hand %q (%s)", row.purl, res.Upstream, row.want, res.Evidence))
		}
	}
	t.Logf("wrong:\n%s", strings.Join(wrong, "\n"))
	for kind, n := range all {
		t.Logf("%s: %d of %d", kind, right[kind], n)
		if n != 20 || right[kind] < accuracyLeast {
			t.Errorf("%s: %d right of %d; want at least %d of 20", kind, right[kind], n, accuracyLeast)
		}
	}
	if len(all) == 0 {
		t.Error("no sample")
	}
}
