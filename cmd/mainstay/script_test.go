package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/mainstay-oss/mainstay/internal/gittest"
	"github.com/mainstay-oss/mainstay/internal/history"
	"github.com/mainstay-oss/mainstay/internal/need"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"mainstay": main})
}

// TestScripts runs the promises of the command line, one script each (testdata/script). Beside the usual commands a script has
//
//	world FILE DIR       builds a bare repository from a world (package gittest)
//	exits N COMMAND...   runs a command and wants exit code N
//	field FILE PATH WANT reads a number or text out of a JSON file: upstreams.0.vitals.commits_12m
//	fields FILE PATH NAME...  wants an object to have just these fields, sorted
//	apart DIR DIR        wants two archives that have no hash of a person in common
//	width FILE N         wants no line wider than N cells
func TestScripts(t *testing.T) {
	root := need.Root(t)
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			e.Setenv("ROOT", root)
			e.Setenv("HOME", e.WorkDir)
			e.Setenv("XDG_CACHE_HOME", filepath.Join(e.WorkDir, ".cache"))
			e.Setenv("GOMODCACHE", filepath.Join(e.WorkDir, "no-modules"))
			e.Setenv("GOPROXY", "off")
			e.Setenv("GOFLAGS", "")
			e.Setenv("GONOSUMDB", "")
			e.Setenv("LANG", "C")
			e.Setenv("MAINSTAY_TODAY", "2025-06-15")
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"world": func(ts *testscript.TestScript, neg bool, args []string) {
				if _, err := exec.LookPath("git"); err != nil {
					need.Git(t)
				}
				r, err := gittest.Parse(ts.ReadFile(args[0]))
				ts.Check(err)
				dir := ts.MkAbs(args[1])
				ts.Check(os.MkdirAll(filepath.Dir(dir), 0o755))
				ts.Check(r.Write(dir))
			},
			"exits": func(ts *testscript.TestScript, neg bool, args []string) {
				want, err := strconv.Atoi(args[0])
				ts.Check(err)
				err = ts.Exec(args[1], args[2:]...)
				got := 0
				if err != nil {
					exit, ok := err.(*exec.ExitError)
					if !ok {
						ts.Fatalf("%v", err)
					}
					got = exit.ExitCode()
				}
				if got != want {
					ts.Fatalf("exit code %d, want %d", got, want)
				}
			},
			"field": func(ts *testscript.TestScript, neg bool, args []string) {
				var doc any
				ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &doc))
				got := lookUp(ts, doc, args[1])
				if (got == args[2]) == neg {
					ts.Fatalf("%s is %s; want %v %s", args[1], got, !neg, args[2])
				}
			},
			"fields": func(ts *testscript.TestScript, neg bool, args []string) {
				var doc any
				ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &doc))
				object, ok := at(ts, doc, args[1]).(map[string]any)
				if got := slices.Sorted(maps.Keys(object)); !ok || slices.Equal(got, args[2:]) == neg {
					ts.Fatalf("%s has the fields %v", args[1], got)
				}
			},
			"apart": func(ts *testscript.TestScript, neg bool, args []string) {
				var archives [2]*history.History
				for i, dir := range args {
					var err error
					archives[i], err = history.ReadArchive(ts.MkAbs(dir), "")
					ts.Check(err)
				}
				common, n := apart(archives[0], archives[1])
				if n == 0 || (len(common) == 0) == neg {
					ts.Fatalf("of %d hashes these are in both: %v", n, common)
				}
			},
			"width": func(ts *testscript.TestScript, neg bool, args []string) {
				limit, err := strconv.Atoi(args[1])
				ts.Check(err)
				for i, line := range strings.Split(ts.ReadFile(args[0]), "\n") {
					if w := cells(line); w > limit && !strings.Contains(line, "mainstay ") {
						ts.Fatalf("line %d is %d cells wide: %s", i+1, w, line)
					}
				}
			},
		},
	})
}

// lookUp gives what stands at a path, as text.
func lookUp(ts *testscript.TestScript, v any, path string) string {
	v = at(ts, v, path)
	if f, ok := v.(float64); ok {
		return strconv.FormatFloat(f, 'g', 6, 64)
	}
	return fmt.Sprint(v)
}

// at gives what stands at a path.
func at(ts *testscript.TestScript, v any, path string) any {
	for _, step := range strings.Split(path, ".") {
		switch at := v.(type) {
		case map[string]any:
			next, ok := at[step]
			if !ok {
				ts.Fatalf("%s: there is no %s", path, step)
			}
			v = next
		case []any:
			if step == "len" {
				return len(at)
			}
			i, err := strconv.Atoi(step)
			if err != nil || i >= len(at) {
				ts.Fatalf("%s: %d elements, no %s", path, len(at), step)
			}
			v = at[i]
		default:
			ts.Fatalf("%s: nothing below %v", path, v)
		}
	}
	return v
}

// apart gives the hashes of people that two archives have in common, and how many there are in all.
func apart(a, b *history.History) (common []string, n int) {
	seen := map[string]bool{}
	for _, who := range a.Identities {
		seen[who.Name], seen[who.Email] = true, true
	}
	for _, who := range b.Identities {
		for _, hash := range []string{who.Name, who.Email} {
			if hash == "" || hash == "-" {
				continue
			}
			n++
			if seen[hash] {
				common = append(common, hash)
			}
		}
	}
	return common, n
}
