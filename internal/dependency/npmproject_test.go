package dependency

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// TestOneLockfile holds that a lockfile which the user names is read with the manifests of its project, no others.
func TestOneLockfile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, data string) { writeFile(t, filepath.Join(dir, filepath.FromSlash(name)), []byte(data)) }
	write("app/package.json", `{"name": "app", "workspaces": ["packages/*", "../beside", "["], "devDependencies": {"a": "^1.0.0"}}`)
	write("app/packages/one/package.json", `{"name": "one", "dependencies": {"b": "*", "two": "*"}}`)
	write("app/packages/two/package.json", `{"name": "two"`)
	write("app/other/package.json", `{"name": "other", "dependencies": {"c": "*"}}`)
	write("beside/package.json", `{"name": "beside", "dependencies": {"c": "*"}}`)
	write("app/yarn.lock", "# yarn lockfile v1\n\na@^1.0.0:\n  version \"1.0.0\"\n  dependencies:\n    c \"*\"\n\nb@*:\n  version \"1.0.0\"\n\nc@*:\n  version \"1.0.0\"\n")
	inv := read(t, filepath.Join(dir, "app", "yarn.lock"))
	if len(inv.Files) != 1 || len(inv.Subjects) != 1 || inv.Files[0].Root != "app" {
		t.Fatalf("%+v", inv)
	}
	var got []string
	for _, p := range inv.Files[0].Packages {
		direct := "indirect"
		if p.Direct {
			direct = "direct"
		}
		got = append(got, p.PURL+" "+direct+" "+string(p.Scope))
	}
	want := []string{"pkg:npm/a@1.0.0 direct dev", "pkg:npm/b@1.0.0 direct runtime", "pkg:npm/c@1.0.0 indirect dev"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if len(inv.Gaps) != 1 || inv.Gaps[0].Kind != gap.Truncated || !strings.HasSuffix(inv.Gaps[0].File, "app/packages/two/package.json") {
		t.Errorf("gaps %+v", inv.Gaps)
	}
	// As part of the folder the same, and what lies beside is a project of its own.
	whole := read(t, dir)
	at := slices.IndexFunc(whole.Files, func(f File) bool { return f.Path == "app/yarn.lock" })
	if at < 0 {
		t.Fatalf("%+v", whole.Files)
	}
	if diff := cmp.Diff(inv.Files[0].Packages, whole.Files[at].Packages, cmp.AllowUnexported(Package{})); diff != "" {
		t.Error(diff)
	}
	var others []string
	for _, f := range whole.Files {
		others = append(others, f.Path)
	}
	if want := []string{"app/other/package.json", "app/yarn.lock", "beside/package.json"}; !slices.Equal(others, want) {
		t.Errorf("%v, want %v", others, want)
	}
}

// TestMissingFromLock holds that what a manifest names and its lockfile lacks is told of.
func TestMissingFromLock(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	const manifest = `{"name": "x", "workspaces": ["y"], "dependencies": {"here": "*", "lost": "*", "y": "*", "folder": "file:f"}, "optionalDependencies": {"maybe": "*"}, "peerDependencies": {"host": "*"}}`
	for name, lock := range map[string]string{
		"yarn/yarn.lock":        "# yarn lockfile v1\n\nhere@*:\n  version \"1.0.0\"\n",
		"npm/package-lock.json": `{"lockfileVersion": 1, "dependencies": {"here": {"version": "1.0.0"}, "y": {"version": "file:y"}}}`,
	} {
		writeFile(t, filepath.Join(dir, filepath.FromSlash(name)), []byte(lock))
		writeFile(t, filepath.Join(dir, filepath.Dir(name), "package.json"), []byte(manifest))
		writeFile(t, filepath.Join(dir, filepath.Dir(name), "y", "package.json"), []byte(`{"name": "y"}`))
	}
	for _, g := range read(t, dir).Gaps {
		if g.Kind != gap.Truncated || g.What != "lost" {
			t.Errorf("%+v", g)
		}
	}
	if n := len(read(t, dir).Gaps); n != 2 {
		t.Errorf("%d gaps", n)
	}
}

func TestWorkspacePatterns(t *testing.T) {
	t.Parallel()
	include, exclude := workspacePatterns([]string{"packages/*", "./apps/**", "!packages/old", "../out", "[", "one/"})
	got := map[string]bool{}
	for _, dir := range []string{"packages/a", "packages/a/b", "packages/old", "apps/x/y", "apps", "out", "one", "two"} {
		parts := strings.Split(dir, "/")
		matches := func(e exclusion) bool { return e.matches(parts) }
		got[dir] = slices.ContainsFunc(include, matches) && !slices.ContainsFunc(exclude, matches)
	}
	want := map[string]bool{"packages/a": true, "packages/a/b": false, "packages/old": false, "apps/x/y": true, "apps": true, "out": false, "one": true, "two": false}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
