package dependency

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"testing"
)

// lockOf writes a package-lock.json of n packages, out of all distinct ones, each needing three others.
func lockOf(project, n, all int) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "{\n  \"name\": \"p%d\",\n  \"lockfileVersion\": 3,\n  \"packages\": {\n    \"\": {\"dependencies\": {", project)
	name := func(i int) string { return fmt.Sprintf("lib-%d", (project*37+i%n)%all) }
	for i := range n / 20 {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%q: \"^1.0.0\"", name(i*20))
	}
	b.WriteString("}}")
	for i := range n {
		at := name(i)
		fmt.Fprintf(&b, ",\n    \"node_modules/%s\": {\n      \"version\": \"1.0.0\",\n      \"resolved\": \"https://npm.registry.example/%s/-/%s-1.0.0.tgz\",\n      \"dependencies\": {%q: \"1\", %q: \"1\", %q: \"1\"}\n    }",
			at, at, at, name(i+1), name(i*2+1), name(i*3+1))
	}
	b.WriteString("\n  }\n}\n")
	return b.Bytes()
}

// BenchmarkGuard checks one lockfile of 20,000 packages.
func BenchmarkGuard(b *testing.B) {
	data := lockOf(0, 20_000, 20_000)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, _, fatal := guardJSON(data); fatal != nil {
			b.Fatal(fatal)
		}
	}
}

// emptyModules has no go.mod of any module but gives those of a few as empty.
type emptyModules struct{ without string }

func (m emptyModules) GoMod(_ context.Context, path, _ string) ([]byte, error) {
	if path == m.without {
		return nil, fmt.Errorf("asked: %w", fs.ErrNotExist)
	}
	return []byte("module " + path + "\n"), nil
}

// failing gives an error that is not absence.
type failing struct{}

func (failing) GoMod(context.Context, string, string) ([]byte, error) {
	return nil, fmt.Errorf("refused")
}

func TestConnect(t *testing.T) {
	t.Parallel()
	fresh := func() Inventory {
		file, _, _, err := Parse("go.mod", []byte("module m\n\nrequire (\n\tx.example/a v1.0.0\n\tx.example/b v1.0.0\n)\n\nrequire x.example/c v1.0.0 // indirect\n"))
		if err != nil {
			t.Fatal(err)
		}
		return Inventory{Files: []File{file}}
	}
	for _, tt := range []struct {
		name  string
		files ModuleFiles
		edges bool
		gaps  int // what they stand for
	}{
		{"all", emptyModules{}, true, 0},
		{"an indirect one absent", emptyModules{without: "x.example/c"}, true, 1},
		{"a direct one absent", emptyModules{without: "x.example/a"}, false, 1},
		{"refused", failing{}, false, 3},
	} {
		inv := fresh()
		n := 0
		for _, g := range inv.Connect(context.Background(), tt.files, 2) {
			n += g.Count
		}
		if inv.Files[0].Edges != tt.edges || n != tt.gaps {
			t.Errorf("%s: edges %t, gaps for %d; want %t and %d", tt.name, inv.Files[0].Edges, n, tt.edges, tt.gaps)
		}
	}
	inv := fresh()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if gaps := inv.Connect(ctx, failing{}, 0); len(gaps) > 0 {
		t.Errorf("gaps after the end of the context: %v", gaps)
	}
}
