package dependency

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

// TestScopes compares the scopes of small random graphs with those found by trying every way.
func TestScopes(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		g := lockGraph{nodes: make([]lockNode, 1+random.IntN(7))}
		need := func(scopes ...Scope) lockNeed {
			return lockNeed{to: int32(random.IntN(len(g.nodes))), scope: scopes[random.IntN(len(scopes))]}
		}
		for range random.IntN(10) {
			n := &g.nodes[random.IntN(len(g.nodes))]
			n.needs = append(n.needs, need(Runtime, Optional))
		}
		for range random.IntN(4) {
			g.roots = append(g.roots, need(Runtime, Optional, Dev))
		}
		want := make([]Scope, len(g.nodes))
		var walk func(n lockNeed, from Scope, on []int32)
		walk = func(n lockNeed, from Scope, on []int32) {
			if slices.Contains(on, n.to) {
				return
			}
			scope := n.scope
			if breadth(from) > breadth(scope) {
				scope = from
			}
			if want[n.to] == "" || breadth(scope) < breadth(want[n.to]) {
				want[n.to] = scope
			}
			for _, next := range g.nodes[n.to].needs {
				walk(next, scope, append(on, n.to))
			}
		}
		for _, n := range g.roots {
			walk(n, Runtime, nil)
		}
		if got := g.scopes(g.roots); !slices.Equal(got, want) {
			t.Fatalf("%+v: %v, want %v", g, got, want)
		}
	}
}

// TestOrphans holds that nothing stays out of reach but what only needs itself.
func TestOrphans(t *testing.T) {
	t.Parallel()
	to := func(ids ...int32) (needs []lockNeed) {
		for _, id := range ids {
			needs = append(needs, lockNeed{to: id, scope: Runtime})
		}
		return needs
	}
	// 0 is named, 1 is needed by it, 2 by nobody but itself, 3 by 2, 4 and 5 by each other.
	g := lockGraph{nodes: []lockNode{{needs: to(1)}, {}, {needs: to(2, 3)}, {}, {needs: to(5)}, {needs: to(4)}}, roots: to(0)}
	if got := fmt.Sprint(g.orphans()); got != fmt.Sprint(to(2)) {
		t.Errorf("%v", got)
	}
}

// TestCutLocks cuts every lockfile of the worlds at every byte: whoever loses a package tells of it, but for texts that
// are cut between two lines where nothing that is left names what is lost.
func TestCutLocks(t *testing.T) {
	t.Parallel()
	worlds, err := filepath.Glob("testdata/read/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, name := range worlds {
		world, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range world.Files {
			base := filepath.Base(f.Name)
			whole, gaps, ok, err := Parse(base, f.Data)
			if err != nil || !ok || len(gaps) > 0 || !slices.Contains(npmLocks, base) && base != "package.json" {
				continue
			}
			n++
			silent := 0
			for cut := range f.Data {
				if cut%7 > 0 && len(f.Data) > 1000 && f.Data[cut-1] != '\n' {
					continue // of long files fewer
				}
				file, gaps, ok, _ := Parse(base, f.Data[:cut])
				if !ok && len(gaps) == 0 {
					t.Fatalf("%s, %s: neither read nor a gap at %d", name, f.Name, cut)
				}
				if len(gaps) > 0 || cmp.Equal(file.Packages, whole.Packages, cmp.AllowUnexported(Package{})) {
					continue
				}
				silent++
				if base != "yarn.lock" && base != "pnpm-lock.yaml" || f.Data[cut-1] != '\n' {
					t.Errorf("%s, %s: nobody tells that it was cut behind %q", name, f.Name, f.Data[max(0, cut-40):cut])
				}
			}
			if lines := bytes.Count(f.Data, []byte{'\n'}); silent > lines*2/3 {
				t.Errorf("%s, %s: %d of %d cuts between lines are silent", name, f.Name, silent, lines)
			}
		}
	}
	if n < 15 {
		t.Errorf("only %d files", n)
	}
}
