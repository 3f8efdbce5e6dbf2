// Package internal_test holds the rule of the house: which package may import which, and which may reach outside.
package internal_test

import (
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/mainstay-oss/mainstay/"

// stages in the order in which data passes them: a stage imports earlier stages only. Every stage may import gap.
var stages = []string{"dependency", "upstream", "history", "people", "vitals", "governance", "territory", "forecast", "forecast/reference", "opening", "footprint"}

// around lists the packages that are no stage, and what of the house each may import.
var around = map[string][]string{
	"gap":     {},
	"message": {},
	"plain":   {},
	"config":  {"plain"},
	"need":    {},
	// gittest knows no package that it is used to test.
	"gittest": {"need"},
	// locktest writes monorepos to measure with.
	"locktest": {},
	// report owns the document; it sees no stage, so that every format is a view of the same plain data.
	"report": {"message"},
	// store keeps plain rows from run to run. It knows nobody, so that what a stage measures cannot depend on what was kept; who
	// uses it declares the few methods that it needs.
	"store": {},
	// pipeline is the only one that knows the order of the stages.
	"pipeline": append([]string{"gap", "message", "report", "store"}, stages...), // of store the plain rows
}

// besides lists what a stage may import besides earlier stages and gap.
var besides = map[string][]string{
	"people": {"plain"}, // affiliations.yaml is hostile in the same ways as mainstay.yaml
}

// commands are the programs: the one that users run, and the one that trains the forecast.
var commands = map[string]string{
	"cmd/mainstay":                     "wires settings, sources and stages together",
	"internal/forecast/train":          "makes the model that package forecast embeds; it reads archives, as a test would",
	"internal/forecast/reference/make": "makes the cohort that package reference embeds, from archives too",
}

// outside says which packages may reach the network or start programs, and why. Everything else is offline by construction.
var outside = map[string]map[string]string{
	"net/http": {
		"internal/upstream": "asks registries where a package's repository is",
		"internal/gittest":  "serves repositories to tests",
	},
	"net": {
		"internal/upstream": "refuses private addresses that only a lockfile names",
		"internal/history":  "tries once whether a git host answers, so that a dead one costs seconds",
	},
	"os/exec": {
		"internal/history":  "runs git",
		"internal/upstream": "asks the go and npm programs for their configuration",
		"internal/gittest":  "runs git for tests",
		"internal/need":     "looks for programs that tests need",
	},
	"database/sql": {
		"internal/store": "keeps what must outlast a run",
	},
}

type listed struct {
	ImportPath string
	Imports    []string
}

func list(t *testing.T) []listed {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "../...").Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			t.Fatalf("go list: %s", exit.Stderr)
		}
		t.Fatal(err)
	}
	var all []listed
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

func TestImportsFollowTheHouse(t *testing.T) {
	packages := list(t)
	if len(packages) < len(stages) {
		t.Fatalf("go list named only %d packages", len(packages))
	}
	for _, p := range packages {
		name := strings.TrimPrefix(p.ImportPath, module)
		if _, ok := commands[name]; ok || name == "internal" { // internal holds this test alone
			continue
		}
		short := strings.TrimPrefix(name, "internal/")
		allowed, known := around[short]
		if i := slices.Index(stages, short); i >= 0 {
			allowed, known = slices.Concat([]string{"gap"}, stages[:i], besides[short]), true
		}
		if !known {
			t.Errorf("%s is in no part of the house: add it to this test with its reason, or put its code where it belongs", name)
			continue
		}
		for _, imp := range p.Imports {
			if target, ok := strings.CutPrefix(imp, module+"internal/"); ok && !slices.Contains(allowed, target) {
				t.Errorf("%s imports %s; it may import %v", name, target, allowed)
			}
			if strings.Contains(imp, "sqlite") && name != "internal/store" {
				t.Errorf("%s imports %s; only internal/store imports database drivers", name, imp)
			}
			if reasons, guarded := outside[imp]; guarded && reasons[name] == "" {
				t.Errorf("%s imports %s, which reaches outside; say why in this test or do without", name, imp)
			}
		}
	}
}

// TestNothingThatMeasuresReadsTheClock: as-of dates are arguments. upstream and history, which fetch, may look at the time.
func TestNothingThatMeasuresReadsTheClock(t *testing.T) {
	measuring := []string{"dependency", "people", "vitals", "governance", "territory", "footprint", "forecast", "opening", "pipeline", "report", "message", "config", "plain", "gap", "store"}
	files := 0
	for _, dir := range measuring {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
				return err
			}
			files++
			text, err := os.ReadFile(path)
			if err == nil && strings.Contains(string(text), "time.Now(") {
				t.Errorf("%s reads the clock; take the date as an argument", path)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
	if files < len(measuring) {
		t.Errorf("only %d files were looked at", files)
	}
}
