package dependency

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"golang.org/x/mod/module"
)

var update = flag.Bool("update", false, "write what the worlds of testdata/read give into them")

// TestWorlds reads the small worlds of testdata/read. Each is an archive of text: the files below "root" are scanned, those
// below "modcache" are the go command's module cache, those below "m2" a repository of Maven, the lines of "exclude" are patterns, and "want" is all that came out.
func TestWorlds(t *testing.T) {
	t.Parallel()
	worlds, err := filepath.Glob("testdata/read/*.txtar")
	if err != nil || len(worlds) < 5 {
		t.Fatalf("worlds: %v, %v", worlds, err)
	}
	for _, name := range worlds {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			t.Parallel()
			world, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			var want []byte
			opts, at := Options{}, -1
			for i, f := range world.Files {
				switch f.Name {
				case "want":
					want, at = f.Data, i
				case "exclude":
					opts.Exclude = strings.Fields(string(f.Data))
				default:
					writeFile(t, filepath.Join(dir, filepath.FromSlash(f.Name)), f.Data)
				}
			}
			inv, err := Read(context.Background(), filepath.Join(dir, "root"), opts)
			if err != nil {
				t.Fatal(err)
			}
			gaps := inv.Connect(context.Background(), worldFiles{moduleFolder(filepath.Join(dir, "modcache")), pomFolder(filepath.Join(dir, "m2"))}, 2)
			inv.Gaps = append(inv.Gaps, gaps...)
			got := strings.ReplaceAll(dump(inv), filepath.ToSlash(dir)+"/root", "ROOT")
			if *update && at >= 0 {
				world.Files[at].Data = []byte(got)
				if err := os.WriteFile(name, txtar.Format(world), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(string(want), got); diff != "" && !*update {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

func writeFile(t testing.TB, name string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

// dump writes an inventory and its graph as text.
func dump(inv Inventory) string {
	var b bytes.Buffer
	for _, s := range inv.Subjects {
		fmt.Fprintf(&b, "subject %s %s %s\n", s.Kind, s.ID, s.Path)
	}
	for _, f := range inv.Files {
		edges := "edges"
		if !f.Edges {
			edges = "no edges"
		}
		fmt.Fprintf(&b, "file %s (%s) of %s, project %q, %d packages, %s\n", f.Path, f.Format, f.Subject, f.Root, len(f.Packages), edges)
	}
	for _, n := range inv.Graph().Nodes {
		direct := "indirect"
		if n.Direct {
			direct = "direct"
		}
		fmt.Fprintf(&b, "%s\n\t%s %s, %s:%d, %q %q\n", n.PURL, direct, n.Scope, n.File, n.Line, n.Name, n.Version)
		for _, s := range n.Subjects {
			fmt.Fprintf(&b, "\tdepth %d in %s\n", n.Depth[s], s)
		}
		if len(n.Path) > 0 {
			fmt.Fprintf(&b, "\tby %s\n", strings.Join(n.Path, " "))
		}
		if n.Said != (Said{}) {
			fmt.Fprintf(&b, "\tsaid by %s: released %q, deprecated %q\n", n.Said.File, n.Said.Released, n.Said.Deprecated)
		}
		for _, to := range n.Requires {
			fmt.Fprintf(&b, "\tneeds %s\n", to)
		}
		for _, h := range n.Hints {
			fmt.Fprintf(&b, "\t%s %s\n", h.Kind, h.URL)
		}
	}
	for _, p := range inv.Passed {
		fmt.Fprintf(&b, "passed %d %s\n", p.Count, p.Reason)
	}
	for _, g := range inv.Gaps {
		fmt.Fprintf(&b, "gap %s %s:%d %q %q ×%d\n", g.Kind, g.File, g.Line, g.What, g.Detail, g.Count)
	}
	return b.String()
}

// moduleFolder holds module files as the go command's cache does.
type moduleFolder string

func (dir moduleFolder) GoMod(_ context.Context, path, version string) ([]byte, error) {
	escaped, err := module.EscapePath(path)
	if err != nil {
		return nil, err
	}
	data, err := os.ReadFile(filepath.Join(string(dir), "cache", "download", filepath.FromSlash(escaped), "@v", version+".mod"))
	if err != nil {
		return nil, fs.ErrNotExist // without the name of the temporary folder
	}
	return data, nil
}

// worldFiles are what a world has besides the scanned folder.
type worldFiles struct {
	moduleFolder
	pomFolder
}

// pomFolder holds POMs as a repository of Maven does.
type pomFolder string

func (dir pomFolder) POM(_ context.Context, group, artifact, version string) ([]byte, error) {
	data, err := os.ReadFile(filepath.Join(string(dir), filepath.FromSlash(strings.ReplaceAll(group, ".", "/")), artifact, version, artifact+"-"+version+".pom"))
	if err != nil {
		return nil, fs.ErrNotExist // as above
	}
	return data, nil
}
