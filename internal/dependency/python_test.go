package dependency

import (
	"bytes"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	packageurl "github.com/package-url/packageurl-go"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

func TestNormalName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"requests": "requests", "Flask": "flask", "a_b": "a-b", "zope.interface": "zope-interface", "A-._-b": "a-b", "a--b": "a-b", "": "",
	} {
		if got := normalName(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
		if again := normalName(want); again != want {
			t.Errorf("%q is not its own normal form: %q", want, again)
		}
	}
}

func TestReadRequirement(t *testing.T) {
	t.Parallel()
	const commit = "0123456789abcdef0123456789abcdef01234567"
	for text, want := range map[string]requirement{
		"a":                                   {name: "a"},
		"A.b_c[x, Y_z]>=1":                    {name: "A.b_c", extras: []string{"x", "y-z"}},
		"a==1.0":                              {name: "a", version: "1.0"},
		"a == 1.0":                            {name: "a", version: "1.0"},
		"a===1.0":                             {name: "a", version: "1.0"},
		"a (==1.0)":                           {name: "a", version: "1.0"},
		"a==1.0,":                             {name: "a", version: "1.0"},
		"a!=2,==1.0 ; python_version > '3'":   {name: "a", version: "1.0"},
		"a==1!2.0+cu1.x":                      {name: "a", version: "1!2.0+cu1.x"},
		"a==1.*":                              {name: "a"},
		"a~=1.0":                              {name: "a"},
		"a[]":                                 {name: "a"},
		"a @ https://x.example/a-1.0.zip ; b": {name: "a", source: pythonSource{download: "https://x.example/a-1.0.zip"}},
		"a@https://x.example/a-1.0.zip":       {name: "a", source: pythonSource{download: "https://x.example/a-1.0.zip"}},
		"a[x] @ file:///tmp/a":                {name: "a", extras: []string{"x"}, source: pythonSource{local: true}},
		"a @ ../a":                            {name: "a", source: pythonSource{local: true}},
		"https://x.example/a_b-1.0-py3-none-any.whl":           {name: "a_b", source: pythonSource{download: "https://x.example/a_b-1.0-py3-none-any.whl"}},
		"https://x.example/a-b-1.0.tar.gz":                     {name: "a-b", source: pythonSource{download: "https://x.example/a-b-1.0.tar.gz"}},
		"git+https://x.example/o/r.git":                        {name: "r", source: pythonSource{git: "git+https://x.example/o/r.git"}},
		"git+https://u@x.example/o/r@f/b#egg=A[x]&sub=y":       {name: "A", extras: []string{"x"}, source: pythonSource{git: "git+https://u@x.example/o/r", commit: "f/b"}},
		"git+ssh://git@x.example/o/r.git@" + commit + "#egg=r": {name: "r", source: pythonSource{git: "git+ssh://git@x.example/o/r.git", commit: commit}},
		"git+file:///srv/r.git#egg=r":                          {name: "r", source: pythonSource{local: true}},
		"svn+https://x.example/r#egg=r":                        {name: "r", source: pythonSource{other: true}},
		".":                                                    {source: pythonSource{local: true}},
		"./a[x]":                                               {source: pythonSource{local: true}},
		`..\a`:                                                 {source: pythonSource{local: true}},
		"a-1.0-py3-none-any.whl; b":                            {source: pythonSource{local: true}},
		"file:a":                                               {source: pythonSource{local: true}},
	} {
		got, err := readRequirement(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
		}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(requirement{}, pythonSource{})); diff != "" {
			t.Errorf("%s: -want +got\n%s", text, diff)
		}
	}
	for _, text := range []string{"", "-", "[x]", "a b", "a=1", "a==", "a==1 2", "a (==1", "a >= 1 <2", "a @", "https://x.example/", "a==$(x)", "ä==1", "a==" + strings.Repeat("1", 9000)} {
		if q, err := readRequirement(text); err == nil {
			t.Errorf("%.40q: no error but %+v", text, q)
		}
	}
}

func TestPythonArtefact(t *testing.T) {
	t.Parallel()
	for address, want := range map[string][2]string{
		"https://x.example/a/b-1.0-py3-none-any.whl":             {"b", "1.0"},
		"https://x.example/b-1.0-1-py3-none-any.whl?x#y":         {"b", "1.0"},
		"https://x.example/b-1.0%2Bcu1-cp313-cp313-linux_64.whl": {"b", "1.0+cu1"},
		"https://x.example/b-c-1.0.tar.gz":                       {"b-c", "1.0"},
		"https://x.example/o/r/archive/v1.0.zip":                 {},
		"https://x.example/o/r/archive/refs/tags/r-v1.zip":       {},
		"https://x.example/b-1.0.exe":                            {},
		"https://x.example/b.whl":                                {},
		"https://x.example/../../-1-py3-none-any.whl":            {},
		"": {},
	} {
		name, version := artefact(address)
		if name != want[0] || version != want[1] {
			t.Errorf("%s: %q %q, want %q", address, name, version, want)
		}
	}
}

func TestCondaSpec(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]condaSpec{
		"a":                     {name: "a"},
		"A_b.c":                 {name: "a_b.c"},
		"a=1":                   {name: "a"},
		"a=1=b":                 {name: "a", version: "1", build: "b"},
		"a==1":                  {name: "a", version: "1"},
		"a==1=b":                {name: "a", version: "1", build: "b"},
		"a 1":                   {name: "a", version: "1"},
		"a 1 b":                 {name: "a", version: "1", build: "b"},
		"a =1":                  {name: "a"},
		"a>=1,<2":               {name: "a"},
		"a >=1 b":               {name: "a"},
		"a=1.*":                 {name: "a"},
		"a==1.*":                {name: "a"},
		"a 1|2":                 {name: "a"},
		"a=1=*cpu*":             {name: "a", version: "1"},
		"a * b":                 {name: "a", build: "b"},
		"a[version='>=1']":      {name: "a"},
		`a[version="==1", x=y]`: {name: "a", version: "1"},
		"c::a=1=b":              {name: "a", version: "1", build: "b", channel: "c"},
		"c/label/x::a":          {name: "a", channel: "c/label/x"},
		"c/noarch::a":           {name: "a", channel: "c", subdir: "noarch"},
		"https://x.example/c/linux-64/a-b-1-h_0.tar.bz2": {name: "a-b", version: "1", build: "h_0", channel: "c", subdir: "linux-64"},
	} {
		got, err := parseCondaSpec(text)
		if err != nil || got != want {
			t.Errorf("%s: %+v, %v, want %+v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "=1", "*", "a b", "a[b", "a=", "a=1=2=3", "https://x.example/a", "https://x.example/a-1.conda", "é"} {
		if got, err := parseCondaSpec(text); err == nil {
			t.Errorf("%s: no error but %+v", text, got)
		}
	}
}

func TestTOMLPlaces(t *testing.T) {
	t.Parallel()
	const text = `top = "a"
[one."two.x"] # [[not]]
key = [ # "no"
  "a", 'b',
  { inner = "c" },
]
long = """
[[not]]
" """
"quoted key" = '''
d'''
[[list]]
key = "e\"f"
[[list]]
key = "a"
`
	f, fatal := readTOML([]byte(text))
	if fatal != nil {
		t.Fatal(fatal)
	}
	want := map[tomlPlace]int{
		{"", "top", ""}: 1, {"", "top", "a"}: 1,
		{"one.two.x", "key", ""}: 3, {"one.two.x", "key", "a"}: 4, {"one.two.x", "key", "b"}: 4, {"one.two.x", "key", "c"}: 5,
		{"one.two.x", "long", ""}: 7, {"one.two.x", "long", "\n[[not]]\n\" "}: 7,
		{"one.two.x", "quoted key", ""}: 10, {"one.two.x", "quoted key", "\nd"}: 10,
		{"list", "key", ""}: 13, {"list", "key", "a"}: 15,
	}
	if diff := cmp.Diff(want, f.places()); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if got := f.headers("list"); !slices.Equal(got, []int{12, 14}) {
		t.Errorf("headers at %d", got)
	}
}

// TestBadPythonFiles holds that each broken file is a gap with its cause and place.
func TestBadPythonFiles(t *testing.T) {
	t.Parallel()
	const (
		poetry = "[[package]]\nname = \"a\"\nversion = \"1\"\n\n[metadata]\nlock-version = \"2.0\"\n"
		uv     = "version = 1\n\n[[package]]\nname = \"p\"\nversion = \"0\"\nsource = { virtual = \".\" }\n"
	)
	for _, f := range []struct {
		name, data string
		kind       gap.Kind
		line       int
	}{
		{"poetry.lock", "", gap.Empty, 0},
		{"poetry.lock", " \n", gap.Empty, 0},
		{"poetry.lock", "\xFF\xFEx\x00", gap.Encoding, 1},
		{"poetry.lock", "a = \"\xe9\"\n", gap.Encoding, 1},
		{"poetry.lock", poetry[:20], gap.Truncated, 2},
		{"poetry.lock", poetry[:35], gap.Truncated, 3},
		{"poetry.lock", poetry[:40], gap.Truncated, 5},
		{"poetry.lock", strings.Replace(poetry, "version", "name", 1), gap.DuplicateKeys, 3},
		{"poetry.lock", poetry + "[metadata]\n", gap.DuplicateKeys, 7},
		{"poetry.lock", strings.Replace(poetry, "2.0", "3.0", 1), gap.Unsupported, 0},
		{"poetry.lock", strings.Replace(poetry, `"a"`, "5", 1), gap.Syntax, 1},
		{"poetry.lock", strings.Replace(poetry, `"1"`, "5", 1), gap.Syntax, 1},
		{"poetry.lock", strings.Replace(poetry, `"a"`, `"../a"`, 1), gap.BadPURL, 1},
		{"poetry.lock", strings.Replace(poetry, `"1"`, `"../../1"`, 1), gap.PathEscape, 1},
		{"poetry.lock", "package = 5\n[metadata]\n", gap.Syntax, 0},
		{"poetry.lock", "a = " + strings.Repeat("[", 100_000), gap.TooDeep, 1},
		{"poetry.lock", "a = " + strings.Repeat("{b=", 100_000), gap.TooDeep, 1},
		{"poetry.lock", strings.Repeat("a.", 100_000) + "b = 1", gap.TooDeep, 1},
		{"poetry.lock", "[" + strings.Repeat("a.", 100_000) + "b]", gap.TooDeep, 1},
		{"poetry.lock", "a = {" + strings.Repeat("a.", 100_000) + "b = 1}", gap.TooDeep, 1},
		{"poetry.lock", "a = [" + strings.Repeat("1,", 1_100_000) + "]", gap.TooLarge, 1},
		{"poetry.lock", "a = [" + strings.Repeat("{a.a.a.a.a=1},", 200_000) + "]", gap.TooLarge, 1},
		{"uv.lock", "", gap.Empty, 0},
		{"uv.lock", "version = 1\n", gap.Empty, 1},
		{"uv.lock", "x = 1\n", gap.Unsupported, 1},
		{"uv.lock", "version = \"1\"\n", gap.Unsupported, 1},
		{"uv.lock", strings.Replace(uv, "virtual", "registry", 1), gap.Truncated, 3},
		{"uv.lock", uv + "dependencies = [{ name = \"q\" }]\n", gap.Truncated, 0},
		{"uv.lock", "version = 1\n[manifest]\nmembers = [\"p\", \"q\"]\n" + uv[12:], gap.Truncated, 5},
		{"pdm.lock", "", gap.Empty, 0},
		{"pdm.lock", "x = 1\n", gap.Truncated, 2},
		{"pdm.lock", "[metadata]\nlock_version = \"10\"\n", gap.Unsupported, 0},
		{"pylock.toml", "", gap.Empty, 0},
		{"pylock.toml", "x = 1\n", gap.Unsupported, 1},
		{"pylock.toml", "lock-version = \"2.0\"\n", gap.Unsupported, 1},
		{"pylock.dev.toml", "lock-version = \"1.0\"\n", gap.Truncated, 2},
		{"Pipfile.lock", "", gap.Empty, 0},
		{"Pipfile.lock", "{}", gap.Empty, 1},
		{"Pipfile.lock", "null", gap.Empty, 1},
		{"Pipfile.lock", "[]", gap.Syntax, 1},
		{"Pipfile.lock", "{\n\"default\": []}", gap.Syntax, 2},
		{"Pipfile.lock", `{"default": {"a": {"version": "==1"`, gap.Truncated, 1},
		{"Pipfile.lock", `{"default": {"a": {"version": "==1"}, "a": {"version": "==2"}}}`, gap.DuplicateKeys, 1},
		{"Pipfile.lock", `{"default": {"../a": {"version": "==1"}}}`, gap.BadPURL, 1},
		{"Pipfile.lock", `{"x": ` + strings.Repeat("[", 100_000), gap.TooDeep, 1},
		{"Pipfile", "", gap.Empty, 0},
		{"Pipfile", "[packages]\n\"a b\" = \"*\"\n", gap.BadPURL, 2},
		{"pyproject.toml", "[project]\ndependencies = [\"a\", \"-x\"]\n", gap.Syntax, 2},
		{"pyproject.toml", "[project]\ndependencies = [\"a\"", gap.Truncated, 2},
		{"requirements.txt", "a\nb ==\n", gap.Syntax, 2},
		{"requirements.txt", "a\n\n-r b.txt", gap.Unreadable, 3},
		{"requirements.txt", "a\\", gap.Truncated, 1},
		{"requirements.txt", "\x00a\x00=\x00=\x001", gap.Encoding, 1},
		{"requirements.txt", "\xFF\xFEa", gap.Encoding, 1},
		{"requirements.txt", "# caf\xe9\na==1\n", gap.Encoding, 1},
		{"requirements.txt", strings.Repeat("a", mostNearBytes+1), gap.TooLarge, 0},
		{"requirements.txt", "a==../../1\n", gap.PathEscape, 1},
		{"environment.yml", "", gap.Empty, 0},
		{"environment.yml", "- a\n", gap.Syntax, 1},
		{"environment.yml", "dependencies:\n  - a=1=b\n  - =\n", gap.Syntax, 3},
		{"environment.yml", "dependencies: " + strings.Repeat("[", 100_000), gap.TooDeep, 1},
		{"environment.yml", "dependencies:\n - pip:\n   - a==1\n   - b b\n", gap.Syntax, 4},
	} {
		_, gaps, _, err := Parse(f.name, []byte(f.data))
		if err != nil {
			t.Errorf("%s: %v", f.name, err)
		}
		if !slices.ContainsFunc(gaps, func(g gap.Gap) bool { return g.Kind == f.kind && g.Line == f.line }) {
			t.Errorf("%s %.60q: gaps %+v, want %s at %d", f.name, f.data, gaps, f.kind, f.line)
		}
	}
	for _, f := range []struct {
		name, data string
		packages   int
	}{
		{"requirements.txt", "", 0},
		{"requirements.txt", "\xEF\xBB\xBF# nothing\r\n", 0},
		{"requirements.txt", "\xFF\xFEa\x00=\x00=\x001\x00", 1},
		{"requirements.in", "a\r\nb\r\n", 2},
		{"requirements.txt", "a\rb", 0},
		{"poetry.lock", "package = []\n[metadata]\nlock-version = \"2.0\"\n", 0},
		{"poetry.lock", "\xEF\xBB\xBF" + strings.ReplaceAll(poetry, "\n", "\r\n"), 1},
		{"poetry.lock", "package = [{name = \"a\", version = \"1\"}]\n[metadata]\n", 1},
		{"uv.lock", uv, 0},
		{"Pipfile.lock", `{"default": {}}`, 0},
		{"environment.yml", "name: x\n", 0},
	} {
		file, gaps, ok, err := Parse(f.name, []byte(f.data))
		if f.data == "a\rb" { // no line ends so, and no requirement looks so
			if len(gaps) != 1 || ok {
				t.Errorf("%q: %v", f.data, gaps)
			}
			continue
		}
		if err != nil || !ok || len(gaps) > 0 || len(file.Packages) != f.packages {
			t.Errorf("%s %.60q: %d packages, %v, %v", f.name, f.data, len(file.Packages), gaps, err)
		}
	}
}

// TestNoCredentials holds that neither a package nor a gap repeats the user names and passwords of addresses.
func TestNoCredentials(t *testing.T) {
	t.Parallel()
	for name, data := range map[string]string{
		"requirements.txt": "-i https://user:secret@x.example/simple\na==1\nhttps://user:secret@x.example/nothing\nb==https://user:secret@x.example\n" +
			"git+https://user:secret@github.com/o/r@main#egg=r\n--odd https://user:secret@x.example\n-r https://user:secret@x.example/r.txt\n",
		"Pipfile":         "[[source]]\nname = \"a\"\nurl = \"https://user:secret@x.example/simple\"\n[packages]\na = {version = \"*\", index = \"a\"}\n",
		"pyproject.toml":  "[project]\ndependencies = [\"a @ git+https://user:secret@github.com/o/r\", \"b==https://user:secret@x.example\"]\n",
		"pdm.lock":        "[[package]]\nname = \"a\"\nversion = \"1\"\ndependencies = [\"b c@https://user:secret@x.example\"]\n[metadata]\n",
		"environment.yml": "dependencies:\n- https://user:secret@x.example/a\n- a b c d ://user:secret@x.example\n",
		"uv.lock":         "version = 1\n[[package]]\nname = \"a\"\nversion = \"1\"\nsource = { registry = \"https://user:secret@x.example/simple\" }\n",
	} {
		file, gaps, _, err := Parse(name, []byte(data))
		if said := fmt.Sprintf("%+v %+v %v", file, gaps, err); strings.Contains(said, "secret") || len(file.Packages)+len(gaps) == 0 {
			t.Errorf("%s: %s", name, said)
		}
	}
}

// TestCutPythonLocks holds that no cut of a lockfile loses packages silently: neither between characters where the file is
// small, nor between lines.
func TestCutPythonLocks(t *testing.T) {
	t.Parallel()
	for _, world := range []string{"py-poetry", "py-uv", "py-pipfile"} {
		archive, err := txtar.ParseFile(filepath.Join("testdata", "read", world+".txtar"))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range archive.Files {
			if f.Name != "root/new/poetry.lock" && f.Name != "root/uv.lock" && f.Name != "root/Pipfile.lock" {
				continue
			}
			base := filepath.Base(f.Name)
			whole, _, _, err := Parse(base, f.Data)
			if err != nil || len(whole.Packages) < 9 {
				t.Fatal(base, len(whole.Packages), err)
			}
			for n := range len(f.Data) - 1 {
				cut, gaps, ok, _ := Parse(base, f.Data[:n])
				if len(cut.Packages) < len(whole.Packages) && len(gaps) == 0 {
					t.Fatalf("%s, %d of %d bytes: %d of %d packages, no gap", base, n, len(f.Data), len(cut.Packages), len(whole.Packages))
				}
				if !ok && len(gaps) == 0 {
					t.Fatalf("%s, %d bytes: neither read nor a gap", base, n)
				}
			}
		}
	}
}

// TestHostilePythonShapes holds that many entries of one name take neither quadratic time nor memory without end.
func TestHostilePythonShapes(t *testing.T) {
	t.Parallel()
	var lock, compiled strings.Builder
	lock.WriteString("version = 1\n[[package]]\nname = \"p\"\nsource = { virtual = \".\" }\n")
	for i := range 30_000 {
		fmt.Fprintf(&lock, "[[package]]\nname = \"a\"\nversion = \"%d\"\nsource = { registry = \"x\" }\ndependencies = [{ name = \"a\" }]\n", i)
		fmt.Fprintf(&compiled, "a==%d # via a\n", i)
	}
	file, gaps, ok, err := Parse("uv.lock", []byte(lock.String()))
	if err != nil || !ok || len(file.Packages) != 30_000 || !slices.ContainsFunc(gaps, func(g gap.Gap) bool { return g.Kind == gap.TooLarge }) {
		t.Error(len(file.Packages), gaps, ok, err)
	}
	edges := 0
	for _, p := range file.Packages {
		edges += len(p.Requires)
	}
	if edges > mostNeeds {
		t.Errorf("%d edges", edges)
	}
	file, gaps, ok, err = Parse("requirements.txt", []byte(compiled.String()))
	if err != nil || !ok || len(file.Packages) != 30_000 || len(gaps) > 0 {
		t.Error(len(file.Packages), gaps, ok, err)
	}
}

// fuzzPython holds what every reader promises, of a file alone and of one beside another.
func fuzzPython(f *testing.F, name string, beside []byte) {
	matches := func(base string) bool { return base == name }
	if name == "environment.yml" {
		matches = isCondaEnvironment
	}
	seedWith(f, matches, func(data []byte) { f.Add(data, beside) })
	f.Fuzz(func(t *testing.T, data, beside []byte) {
		checkParse(t, name, data)
		format := formatNamed(name)
		opened := 0
		file, bad, _ := format.read(data, newMemory(), nearby{name: name, open: func(name string) ([]byte, error) {
			if opened++; opened > 2*mostIncluded+2 {
				t.Fatal("opens files without end")
			}
			if strings.Contains(name, "x") {
				return nil, fs.ErrNotExist
			}
			return beside, nil
		}})
		checkPackages(t, file, data)
		for _, included := range file.included {
			checkPackages(t, included, beside)
		}
		for _, g := range bad.gaps(name) {
			if strings.Contains(g.Detail, "the reader of") {
				t.Fatalf("a reader failed: %s", g.Detail)
			}
		}
	})
}

// checkPackages holds what is true of the packages of any file.
func checkPackages(t *testing.T, file File, data []byte) {
	t.Helper()
	lines := max(bytes.Count(data, []byte{'\n'}), bytes.Count(data, []byte{0, '\n'})+bytes.Count(data, []byte{'\n', 0})) + 1
	for i, p := range file.Packages {
		if i > 0 && file.Packages[i-1].PURL >= p.PURL {
			t.Fatalf("%s after %s", p.PURL, file.Packages[i-1].PURL)
		}
		if id, err := packageurl.FromString(p.PURL); err != nil || id.ToString() != p.PURL {
			t.Fatalf("%q is not canonical: %v", p.PURL, err)
		}
		if p.Line > lines || p.Line < 0 || breadth(p.Scope) < 0 || p.Name == "" {
			t.Fatalf("%+v in a file of %d lines", p, lines)
		}
	}
}

func FuzzRequirements(f *testing.F) {
	fuzzPython(f, "requirements.txt", []byte("-r y.txt\n-c z.txt\na==1\nb\n"))
}
func FuzzPipfileLock(f *testing.F) {
	fuzzPython(f, "Pipfile.lock", []byte("[packages]\nweb-lib = \"*\"\n"))
}
func FuzzPipfile(f *testing.F) { fuzzPython(f, "Pipfile", nil) }
func FuzzPoetryLock(f *testing.F) {
	fuzzPython(f, "poetry.lock", []byte("[tool.poetry.dependencies]\ntop = \"*\"\n"))
}
func FuzzUVLock(f *testing.F) { fuzzPython(f, "uv.lock", nil) }
func FuzzPDMLock(f *testing.F) {
	fuzzPython(f, "pdm.lock", []byte("[project]\ndependencies = [\"one\"]\n"))
}
func FuzzPylock(f *testing.F) {
	fuzzPython(f, "pylock.toml", []byte("[project]\ndependencies = [\"one\"]\n"))
}
func FuzzPyproject(f *testing.F) { fuzzPython(f, "pyproject.toml", nil) }
func FuzzCondaEnvironment(f *testing.F) {
	fuzzPython(f, "environment.yml", []byte("a==1\n"))
}
