package dependency

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

func read(t *testing.T, root string) Inventory {
	t.Helper()
	inv, err := Read(context.Background(), root, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return inv
}

// kinds gives the kinds of gaps of each file, below a root.
func kinds(root string, gaps []gap.Gap) map[string][]gap.Kind {
	m := map[string][]gap.Kind{}
	for _, g := range gaps {
		rel := strings.TrimPrefix(strings.TrimPrefix(g.File, filepath.ToSlash(root)), "/")
		m[rel] = append(m[rel], g.Kind)
	}
	return m
}

const (
	goodMod  = "module forge.example/good\n\nrequire forge.example/a v1.0.0\n"
	goodLock = `{"lockfileVersion": 3, "packages": {"node_modules/a": {"version": "1.0.0"}}}`
	goodBOM  = `{"bomFormat": "CycloneDX", "specVersion": "1.5", "components": [{"bom-ref": "a", "name": "a", "purl": "pkg:npm/a@1.0.0"}]}`
)

// bomb writes YAML of 900 bytes that stands for a thousand million values.
func bomb() string {
	var b strings.Builder
	b.WriteString("x0: &x0 [x]\n")
	for i := range 9 {
		fmt.Fprintf(&b, "x%d: &x%d [%s]\n", i+1, i+1, strings.Repeat(fmt.Sprintf("*x%d, ", i), 10))
	}
	return b.String()
}

// TestBadFiles holds that each broken file is one gap with its cause, and that everything beside it is read.
func TestBadFiles(t *testing.T) {
	t.Parallel()
	files := map[string]struct {
		data string
		kind gap.Kind
	}{
		"empty/go.mod":                      {"", gap.Empty},
		"blank/go.mod":                      {"// nothing\n", gap.Empty},
		"cut/go.mod":                        {"module x\n\nrequire (\n\ta.example/a v1.0.0\n", gap.Truncated},
		"verb/go.mod":                       {"module x\n\nrequired a.example/a v1.0.0\n", gap.Syntax},
		"branch/go.mod":                     {"module x\n\nrequire a.example/a master\n", gap.Syntax},
		"utf16/go.mod":                      {"\xFF\xFEm\x00", gap.Encoding},
		"latin/go.mod":                      {"module x\n\n// caf\xe9\n", gap.Encoding},
		"long/go.mod":                       {"module x\n" + strings.Repeat("// long\n", 300_000), gap.TooLarge},
		"climb/go.mod":                      {"module x\n\nrequire a.example/../b v1.0.0\n", gap.BadPURL},
		"empty/package-lock.json":           {"", gap.Empty},
		"null/package-lock.json":            {"null", gap.Empty},
		"braces/package-lock.json":          {"{}", gap.Empty},
		"array/package-lock.json":           {"[]", gap.Syntax},
		"cut/package-lock.json":             {goodLock[:40], gap.Truncated},
		"comma/package-lock.json":           {strings.Replace(goodLock, "}}}", "},}}", 1), gap.Syntax},
		"doubled/package-lock.json":         {strings.Replace(goodLock, `"packages"`, `"lockfileVersion": 3, "packages"`, 1), gap.DuplicateKeys},
		"deep/package-lock.json":            {`{"lockfileVersion": 3, "x": ` + strings.Repeat("[", 100_000), gap.TooDeep},
		"shape/package-lock.json":           {`{"lockfileVersion": 3, "packages": []}`, gap.Syntax},
		"none/package-lock.json":            {`{"lockfileVersion": 3, "dependencies": {"a": {"version": "1.0.0"}}}`, gap.Empty},
		"oneshape/package-lock.json":        {`{"lockfileVersion": 1, "dependencies": []}`, gap.Syntax},
		"four/package-lock.json":            {`{"lockfileVersion": 4, "packages": {}}`, gap.Unsupported},
		"string/package-lock.json":          {`{"lockfileVersion": "3", "packages": {}}`, gap.Unsupported},
		"modules/package-lock.json":         {strings.Replace(goodLock, "node_modules/a", strings.Repeat("node_modules/a/", 100)+"b", 1), gap.TooDeep},
		"longlocation/package-lock.json":    {strings.Replace(goodLock, "node_modules/a", "node_modules/"+strings.Repeat("a", 5000), 1), gap.TooLarge},
		"longname/package-lock.json":        {strings.Replace(goodLock, "node_modules/a", "node_modules/"+strings.Repeat("a", 3000), 1), gap.BadPURL},
		"control/package-lock.json":         {strings.Replace(goodLock, "node_modules/a", `node_modules/a\u0007`, 1), gap.BadPURL},
		"climbversion/package-lock.json":    {strings.Replace(goodLock, "1.0.0", "../../1", 1), gap.PathEscape},
		"empty/bom.json":                    {"", gap.Empty},
		"null/bom.json":                     {"null", gap.Empty},
		"list/bom.json":                     {"[]", gap.Syntax},
		"other/bom.json":                    {`{"a": 1}`, gap.Unsupported},
		"cut/bom.json":                      {goodBOM[:100], gap.Truncated},
		"shape/bom.json":                    {strings.Replace(goodBOM, "[", `{"x": [`, 1) + "}", gap.Syntax},
		"deep/x.json":                       {string(deepJSON(100_000)), gap.TooDeep},
		"purl/x.cdx.json":                   {strings.Replace(goodBOM, "pkg:npm/a@1.0.0", "npm/a", 1), gap.BadPURL},
		"longpurl/x.cdx.json":               {strings.Replace(goodBOM, "pkg:npm/a@1.0.0", "pkg:npm/"+strings.Repeat("a", 3000), 1), gap.BadPURL},
		"climb/x.cdx.json":                  {strings.Replace(goodBOM, "pkg:npm/a@1.0.0", "pkg:npm/a@1.0.0#../x", 1), gap.PathEscape},
		"shapes/x.cdx.json":                 {`{"bomFormat": "CycloneDX", "components": 5}`, gap.Syntax},
		"version/x.cdx.json":                {strings.Replace(goodBOM, "1.5", "2.0", 1), gap.Unsupported},
		"empty/npm-shrinkwrap.json":         {"", gap.Empty},
		"empty/pnpm-lock.yaml":              {"", gap.Empty},
		"comment/pnpm-lock.yaml":            {"# nothing\n", gap.Empty},
		"list/pnpm-lock.yaml":               {"- a\n", gap.Syntax},
		"other/pnpm-lock.yaml":              {"a: b\n", gap.Syntax},
		"four/pnpm-lock.yaml":               {"lockfileVersion: 4\n", gap.Unsupported},
		"ten/pnpm-lock.yaml":                {"lockfileVersion: '10.0'\n", gap.Unsupported},
		"doubled/pnpm-lock.yaml":            {"lockfileVersion: '9.0'\nimporters: {}\nimporters: {}\n", gap.DuplicateKeys},
		"cut/pnpm-lock.yaml":                {"lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      a:\n        specifier: '*", gap.Truncated},
		"lost/pnpm-lock.yaml":               {"lockfileVersion: '9.0'\nimporters: {.: {dependencies: {a: {version: 1.0.0}}}}\n", gap.Truncated},
		"bomb/pnpm-lock.yaml":               {"lockfileVersion: '9.0'\n" + bomb(), gap.AliasBomb},
		"deep/pnpm-lock.yaml":               {nested(100), gap.TooDeep},
		"climb/pnpm-lock.yaml":              {"lockfileVersion: '9.0'\nimporters: {../x: {dependencies: {a: {version: ../../1}}}}\npackages: {a@../../1: {resolution: {}, version: ..\\..\\1}}\nsnapshots: {a@../../1: {}}\n", gap.PathEscape},
		"badname/pnpm-lock.yaml":            {"lockfileVersion: '6.0'\npackages: {/@bad: {resolution: {}}}\n", gap.BadPURL},
		"utf16/yarn.lock":                   {"\xFF\xFEm\x00", gap.Encoding},
		"empty/yarn.lock":                   {"", gap.Empty},
		"blank/yarn.lock":                   {"# yarn\n", gap.Empty},
		"colon/yarn.lock":                   {":\n", gap.Syntax},
		"text/yarn.lock":                    {"hello\n", gap.Syntax},
		"merge/yarn.lock":                   {"a@*:\n<<<<<<< HEAD\n  version \"1.0.0\"\n", gap.Syntax},
		"indent/yarn.lock":                  {"a@*:\n   version \"1.0.0\"\n", gap.Syntax},
		"quote/yarn.lock":                   {"\"a@*:\n", gap.Syntax},
		"cut/yarn.lock":                     {"a@*:\n  version \"1.0", gap.Truncated},
		"doubled/yarn.lock":                 {"a@1:\n  version \"1.0.0\"\na@1:\n  version \"1.1.0\"\n", gap.DuplicateKeys},
		"climb/yarn.lock":                   {"a@1:\n  version \"../../1\"\n", gap.PathEscape},
		"berry/yarn.lock":                   {"__metadata:\n  version: 8\n", gap.Truncated},
		"berrydeep/yarn.lock":               {"__metadata: " + strings.Repeat("[", 100_000), gap.TooDeep},
		"berrylist/yarn.lock":               {"__metadata:\n  version: 8\n---\na: b\n", gap.Syntax},
		"empty/bun.lock":                    {"// nothing", gap.Empty},
		"null/bun.lock":                     {"null", gap.Empty},
		"braces/bun.lock":                   {"{\"lockfileVersion\": 1}", gap.Empty},
		"three/bun.lock":                    {"{\"lockfileVersion\": 3, \"packages\": {}}", gap.Unsupported},
		"comment/bun.lock":                  {"{\"lockfileVersion\": 1, /* ", gap.Syntax},
		"commas/bun.lock":                   {"{\"lockfileVersion\": 1,, \"packages\": {}}", gap.Syntax},
		"lost/bun.lock":                     {"{\"lockfileVersion\": 1, \"workspaces\": {\"\": {\"dependencies\": {\"a\": \"*\"}}}, \"packages\": {}}", gap.Truncated},
		"climb/bun.lock":                    {"{\"lockfileVersion\": 1, \"packages\": {\"../a\": [\"a@1.0.0\", \"\", {}]}}", gap.PathEscape},
		"empty/package.json":                {"", gap.Empty},
		"null/package.json":                 {"null", gap.Empty},
		"array/package.json":                {"[]", gap.Syntax},
		"doubled/package.json":              {`{"dependencies": {"a": "1", "a": "2"}}`, gap.DuplicateKeys},
		"one/package-lock.json":             {`{"lockfileVersion": 1, "dependencies": {"a": {"version": "1.0.0"}}}`, ""},
		"before/package-lock.json":          {`{"dependencies": {"a": {"version": "1.0.0"}}}`, ""},
		"onenone/package-lock.json":         {`{"lockfileVersion": 1}`, ""},
		"goodpnpm/pnpm-lock.yaml":           {"lockfileVersion: '9.0'\nimporters: {.: {}}\n", ""},
		"shapespnpm/pnpm-lock.yaml":         {"lockfileVersion: '9.0'\nimporters: [a]\npackages: {a@1.0.0: {resolution: {}}}\nsnapshots: {a@1.0.0: [x]}\n", ""},
		"goodyarn/yarn.lock":                {"# yarn lockfile v1\r\n\r\na@*:\r\n  version \"1.0.0\"\r\n", ""},
		"goodbun/bun.lock":                  {"{\"lockfileVersion\": 0, \"packages\": {\"a\": [\"a@1.0.0\", \"\", {}, \"\"],},}", ""},
		"good/go.mod":                       {goodMod, ""},
		"good/package-lock.json":            {goodLock, ""},
		"good/bom.json":                     {goodBOM, ""},
		"mark/package-lock.json":            {"\xEF\xBB\xBF" + goodLock, ""},
		"mark/go.mod":                       {"\xEF\xBB\xBF" + goodMod, ""},
		"windows/go.mod":                    {strings.ReplaceAll(goodMod, "\n", "\r\n"), ""},
		"shapes/package-lock.json":          {`{"lockfileVersion": 3, "packages": {"": 1, "node_modules/a": {"version": 1, "dependencies": [], "link": "yes"}}}`, ""},
		"shapes/dependencies/x.cdx.json":    {`{"bomFormat": "CycloneDX", "metadata": 1, "components": [1, {"purl": "pkg:npm/a@1", "components": {}}], "dependencies": [1, {"ref": 1, "dependsOn": [1]}]}`, ""},
		"name with spaces \u2028/한글/go.mod": {goodMod, ""},
	}
	root := t.TempDir()
	for name, f := range files {
		writeFile(t, filepath.Join(root, filepath.FromSlash(name)), []byte(f.data))
	}
	inv := read(t, root)
	got := kinds(root, inv.Gaps)
	for name, f := range files {
		fileRead := slices.ContainsFunc(inv.Files, func(r File) bool { return r.Path == name })
		switch {
		case f.kind == "" && (len(got[name]) > 0 || !fileRead):
			t.Errorf("%s: gaps %v, read %t", name, got[name], fileRead)
		case f.kind != "" && !slices.Contains(got[name], f.kind):
			t.Errorf("%s: gaps %v, want %s", name, got[name], f.kind)
		}
		keeps := f.kind == "" || f.kind == gap.DuplicateKeys || f.kind == gap.BadPURL || f.kind == gap.PathEscape
		if f.kind != "" && !keeps && fileRead && !strings.HasPrefix(name, "modules/") && !strings.HasPrefix(name, "longlocation/") {
			t.Errorf("%s: read in spite of %s", name, f.kind)
		}
		// Given alone, it says the same.
		alone := read(t, filepath.Join(root, filepath.FromSlash(name)))
		if f.kind != "" && !slices.ContainsFunc(alone.Gaps, func(g gap.Gap) bool { return g.Kind == f.kind }) || len(alone.Subjects) != 1 {
			t.Errorf("%s alone: gaps %v, subjects %v", name, alone.Gaps, alone.Subjects)
		}
	}
}

func TestRootErrors(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if _, err := Read(context.Background(), filepath.Join(dir, "absent"), Options{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("an absent root: %v", err)
	}
	writeFile(t, filepath.Join(dir, "README.md"), []byte("# hello"))
	writeFile(t, filepath.Join(dir, "data.json"), []byte(`{"a": 1}`))
	for _, name := range []string{"README.md", "data.json"} {
		var unknown *UnknownFormatError
		if _, err := Read(context.Background(), filepath.Join(dir, name), Options{}); !errors.As(err, &unknown) || !strings.Contains(err.Error(), "CycloneDX") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Read(context.Background(), dir, Options{Exclude: []string{"["}}); err == nil {
		t.Error("a malformed pattern was taken")
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Read(ctx, dir, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("after the end of its context: %v", err)
	}
	if inv := read(t, dir); len(inv.Files)+len(inv.Gaps)+len(inv.Subjects) > 0 {
		t.Errorf("a folder without dependency files: %+v", inv)
	}
}

// TestSingleFiles holds what a file given by the user may be called.
func TestSingleFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, f := range map[string]struct{ data, format, id string }{
		"go.mod":        {goodMod, "go.mod", "."},
		"tools.mod":     {goodMod, "go.mod", "."},
		"saved.json":    {goodLock, "package-lock.json", "."},
		"report.json":   {goodBOM, "CycloneDX JSON", "report.json"},
		"report":        {goodBOM, "CycloneDX JSON", "report"},
		"late.json":     {`{"$schema": "` + strings.Repeat("x", 10_000) + `", ` + goodBOM[1:], "CycloneDX JSON", "late.json"},
		"testdata/.git": {goodBOM, "CycloneDX JSON", ".git"},
	} {
		at := filepath.Join(dir, filepath.FromSlash(name))
		writeFile(t, at, []byte(f.data))
		inv := read(t, at)
		if len(inv.Files) != 1 || inv.Files[0].Format != f.format || len(inv.Files[0].Packages) != 1 {
			t.Errorf("%s: %+v", name, inv)
			continue
		}
		if s := inv.Subjects; len(s) != 1 || s[0].ID != f.id || s[0].Path != filepath.ToSlash(at) || inv.Files[0].Subject != f.id {
			t.Errorf("%s: subjects %+v", name, s)
		}
	}
	for name, kind := range map[string]gap.Kind{"pixi.lock": gap.Unsupported, "x.spdx.xlsx": gap.Unsupported, "broken.json": gap.Truncated} {
		at := filepath.Join(dir, name)
		writeFile(t, at, []byte(`{"a":`))
		if inv := read(t, at); len(inv.Gaps) != 1 || inv.Gaps[0].Kind != kind || inv.Gaps[0].File != filepath.ToSlash(at) {
			t.Errorf("%s: %+v", name, inv.Gaps)
		}
	}
}

// TestManyProblems holds that a hostile file cannot flood a report.
func TestManyProblems(t *testing.T) {
	t.Parallel()
	bom := `{"bomFormat": "CycloneDX", "components": [` + strings.Repeat(`{"purl": "x"},`, 50_000) + `{"purl": "x"}]}`
	_, gaps, ok, err := Parse("bom.json", []byte(bom))
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	total := 0
	for _, g := range gaps {
		total += g.Count
	}
	if total != 50_001 || len(gaps) != mostProblems+1 {
		t.Errorf("%d gaps for %d problems", len(gaps), total)
	}
}
