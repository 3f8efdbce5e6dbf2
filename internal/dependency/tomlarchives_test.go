package dependency

import (
	"bytes"
	"reflect"
	"testing"
)

// checkArchives compares what is read of a lockfile with and without its lists of archives.
func checkArchives(t *testing.T, data []byte) {
	t.Helper()
	whole, problem := readTOML(data)
	short, fatal := readTOMLLock(data)
	if !reflect.DeepEqual(problem, fatal) {
		t.Fatalf("%q: %v, without archives %v", data, problem, fatal)
	}
	if problem != nil {
		return
	}
	if a, b := bytes.Count([]byte(whole.content), []byte("\n")), bytes.Count([]byte(short.content), []byte("\n")); a != b {
		t.Fatalf("%q: %d lines, without archives %d", data, a, b)
	}
	clearArchives(whole.tomlTable)
	clearArchives(short.tomlTable)
	if !reflect.DeepEqual(whole.tomlTable, short.tomlTable) {
		t.Fatalf("%q: %v, without archives %v", data, whole.tomlTable, short.tomlTable)
	}
	if a, b := whole.headers("package"), short.headers("package"); !reflect.DeepEqual(a, b) {
		t.Fatalf("%q: packages in lines %v, without archives %v", data, a, b)
	}
}

// clearArchives empties the lists of archives.
func clearArchives(v any) {
	switch v := v.(type) {
	case tomlTable:
		clearArchives(map[string]any(v))
	case map[string]any:
		for key, value := range v {
			if _, list := value.([]any); list && (key == archiveKeys[0] || key == archiveKeys[1]) {
				v[key] = []any{}
				continue
			}
			clearArchives(value)
		}
	case []map[string]any:
		for _, m := range v {
			clearArchives(m)
		}
	case []any:
		for _, m := range v {
			clearArchives(m)
		}
	}
}

func TestArchives(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"[[package]]\nname = \"a\"\nfiles = [\n    {file = \"a.whl\", hash = \"sha256:1\"},\n    {file = \"b.whl\", size = 10, up = \"x\"},\n]\n\n[[package]]\nname = \"b\"\n",
		"[[package]]\nwheels = [\n]\nname = 1\n",
		"wheels = [\n {a = \"1\", a = \"2\"},\n]\n", // doubled
		"wheels = [\n {a = 1},\n]\nwheels = [\n]\n",
		"wheels = [\n {a = 01},\n]\n",
		"wheels = [\n {a = \"\\q\"},\n]\n",
		"wheels = [\n {a = 1}\n",
		"wheels = [\n {a = 1},\n] x\n",
		"text = \"\"\"\nwheels = [\n {a = 1},\n]\n\"\"\"\n", // no statement
		"list = [\nwheels = [\n {a = 1},\n]\n]\n",
		"[[package]]\nwheels = [\n {a = 1},\n]\n[[package.wheels]]\nb = 1\n",
		"[[package]]\nwheels = [\n {a = 1},\n]\n[package.wheels.x]\nb = 1\n",
		"wheels = [\n {a = 1},\n]\nwheels.b = 1\n",
	} {
		checkArchives(t, []byte(text))
	}
}

func FuzzArchives(f *testing.F) {
	seed(f, func(base string) bool { return base == "uv.lock" || base == "poetry.lock" || base == "pdm.lock" })
	f.Fuzz(func(t *testing.T, data []byte) { checkArchives(t, data) })
}
