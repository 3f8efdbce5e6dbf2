//go:build unix

package dependency

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// TestOddFiles holds that what is no plain file is told of and never waited for.
func TestOddFiles(t *testing.T) {
	t.Parallel()
	outside := t.TempDir()
	writeFile(t, filepath.Join(outside, "go.mod"), []byte(goodMod))
	root := filepath.Join(t.TempDir(), "testdata") // the rules for folders do not hold for the root
	writeFile(t, filepath.Join(root, "real", "go.mod"), []byte(goodMod))
	writeFile(t, filepath.Join(root, "folder", "package-lock.json", "inner", "go.mod"), []byte(goodMod))
	relative, err := filepath.Rel(filepath.Join(root, "out2"), filepath.Join(outside, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	for link, to := range map[string]string{
		"out/go.mod":       filepath.Join(outside, "go.mod"),
		"out2/go.mod":      relative,
		"in/go.mod":        "../real/go.mod",
		"nothing/bom.json": "absent",
		"loop/go.mod":      "go.mod",
		"linked-folder":    "real",
		"up":               "..",
		"away":             outside,
	} {
		at := filepath.Join(root, filepath.FromSlash(link))
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(to, at); err != nil {
			t.Fatal(err)
		}
	}
	for _, pipe := range []string{"package-lock.json", "requirements.txt", "x.json"} {
		if err := syscall.Mkfifo(filepath.Join(root, pipe), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	huge, err := os.Create(filepath.Join(root, "bom.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(huge.Truncate(1<<40), huge.Close()); err != nil {
		t.Logf("no file with a hole of 1 TiB here: %v", err)
	}

	inv := read(t, root)
	got := kinds(root, inv.Gaps)
	for name, want := range map[string]gap.Kind{
		"out/go.mod": gap.PathEscape, "out2/go.mod": gap.PathEscape, "nothing/bom.json": gap.Unreadable, "loop/go.mod": gap.Unreadable,
		"package-lock.json": gap.Unreadable, "folder/package-lock.json": gap.Unreadable, "bom.json": gap.TooLarge,
	} {
		if !slices.Equal(got[name], []gap.Kind{want}) {
			t.Errorf("%s: gaps %v, want %s", name, got[name], want)
		}
	}
	var paths []string
	for _, f := range inv.Files {
		paths = append(paths, f.Path)
	}
	if want := []string{"folder/package-lock.json/inner/go.mod", "real/go.mod"}; !slices.Equal(paths, want) {
		t.Errorf("read %v, want %v", paths, want)
	}
	if want := []Passed{{Reason: "link", Count: 2}}; !slices.Equal(inv.Passed, want) {
		t.Errorf("passed over %v, want %v", inv.Passed, want)
	}
	for _, name := range []string{"package-lock.json", "bom.json"} {
		if alone := read(t, filepath.Join(root, name)); len(alone.Gaps) != 1 || len(alone.Files) != 0 {
			t.Errorf("%s alone: %+v", name, alone)
		}
	}
}

func TestForbiddenFiles(t *testing.T) {
	t.Parallel()
	if os.Geteuid() == 0 {
		t.Skip("nothing is forbidden to this user: run as a common user")
	}
	root := t.TempDir()
	writeFile(t, filepath.Join(root, "a", "go.mod"), []byte(goodMod))
	writeFile(t, filepath.Join(root, "b", "go.mod"), []byte(goodMod))
	writeFile(t, filepath.Join(root, "c", "go.mod"), []byte(goodMod))
	for name, mode := range map[string]fs.FileMode{"a/go.mod": 0, "b": 0} {
		if err := os.Chmod(filepath.Join(root, name), mode); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { os.Chmod(filepath.Join(root, "b"), 0o755) })
	inv := read(t, root)
	got := kinds(root, inv.Gaps)
	if len(inv.Files) != 1 || !slices.Equal(got["a/go.mod"], []gap.Kind{gap.Unreadable}) || !slices.Equal(got["b"], []gap.Kind{gap.Unreadable}) {
		t.Errorf("%d files, gaps %v", len(inv.Files), got)
	}
}

// TestIncludeNoWayOut holds that a requirements file can include nothing outside the scanned folder, by no link either,
// and waits for no pipe.
func TestIncludeNoWayOut(t *testing.T) {
	t.Parallel()
	outside := t.TempDir()
	writeFile(t, filepath.Join(outside, "secret.txt"), []byte("secret==1\n"))
	root := filepath.Join(t.TempDir(), "root")
	writeFile(t, filepath.Join(root, "requirements.txt"), []byte("a==1\n-r link.txt\n-r "+outside+"/secret.txt\n-r ../root/../secret.txt\n-r pipe\n-r folder\n-r inner.txt\n"))
	writeFile(t, filepath.Join(root, "folder", "real.txt"), []byte("b==1\n"))
	if err := errors.Join(
		os.Symlink(filepath.Join(outside, "secret.txt"), filepath.Join(root, "link.txt")),
		os.Symlink("folder/real.txt", filepath.Join(root, "inner.txt")),
		syscall.Mkfifo(filepath.Join(root, "pipe"), 0o600),
	); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{root, filepath.Join(root, "requirements.txt")} {
		inv := read(t, name)
		var purls []string
		for _, n := range inv.Graph().Nodes {
			purls = append(purls, n.PURL)
		}
		if !slices.Equal(purls, []string{"pkg:pypi/a@1", "pkg:pypi/b@1"}) {
			t.Errorf("packages %v", purls)
		}
		want := map[int]gap.Kind{2: gap.PathEscape, 3: gap.PathEscape, 4: gap.PathEscape, 5: gap.Unreadable, 6: gap.Unreadable}
		for _, g := range inv.Gaps {
			if want[g.Line] != g.Kind {
				t.Errorf("gap %+v", g)
			}
			delete(want, g.Line)
		}
		if len(want) > 0 {
			t.Errorf("no gaps at lines %v", want)
		}
	}
}
