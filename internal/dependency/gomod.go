package dependency

import (
	"bytes"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// Bounds of one go.mod, of a project or of a dependency. Real ones stay under 3,000 lines; the library takes half a
// kilobyte of memory for each line that it does not understand.
const (
	mostModBytes = 1 << 20
	mostModLines = 20_000
)

// parseGoMod reads a go.mod: the modules of its require lines after replace, direct ones without "// indirect". A
// replacement by a folder takes the module out; exclude, retract and go lines name no package. A module that is only there
// for a tool directive is for development. The file itself has no edges; [Inventory.Connect] adds them.
func parseGoMod(data []byte, _ *memory) (File, problems) {
	var file File
	var bad problems
	data, fatal := guardText(data)
	if fatal != nil {
		return file, problems{list: []problem{*fatal}}
	}
	if lines := bytes.Count(data, []byte{'\n'}); lines > mostModLines {
		return file, problems{list: []problem{{kind: gap.TooLarge, detail: fmt.Sprintf("%d lines, limit %d", lines, mostModLines)}}}
	}
	mod, err := modfile.Parse("go.mod", data, nil)
	if err != nil {
		return file, goModProblem(err)
	}
	if len(mod.Syntax.Stmt) == 0 || !slices.ContainsFunc(mod.Syntax.Stmt, isDirective) {
		return file, problems{list: []problem{{kind: gap.Empty}}}
	}
	if mod.Module != nil {
		file.Root = mod.Module.Mod.Path
	}

	selected := map[string]*modfile.Require{} // by path; the highest version of doubled lines, as Go selects
	direct := map[string]bool{}
	var paths []string
	for _, r := range mod.Require {
		old := selected[r.Mod.Path]
		if old == nil {
			paths = append(paths, r.Mod.Path)
		}
		if old == nil || semver.Compare(r.Mod.Version, old.Mod.Version) > 0 {
			selected[r.Mod.Path] = r
		}
		direct[r.Mod.Path] = direct[r.Mod.Path] || !r.Indirect
	}
	replaced := map[module.Version]module.Version{} // the version of a key may be empty: any
	for _, r := range mod.Replace {
		replaced[r.Old] = r.New
	}
	tools := map[string]bool{} // module paths
	for _, t := range mod.Tool {
		for p := t.Path; p != "." && p != "/"; p = path.Dir(p) {
			if selected[p] != nil {
				tools[p] = true
				break
			}
		}
	}

	packages := newPackages()
	for _, required := range paths {
		r := selected[required]
		target := r.Mod
		if to, ok := replaced[r.Mod]; ok {
			target = to
		} else if to, ok := replaced[module.Version{Path: required}]; ok {
			target = to
		}
		if target.Version == "" {
			continue // a folder
		}
		line := 0
		if r.Syntax != nil {
			line = r.Syntax.Start.Line
		}
		id, err := goPURL(target.Path, target.Version)
		if err != nil {
			bad.add(gap.BadPURL, func() (int, string, string) { return line, short(target.String()), err.Error() })
			continue
		}
		p := Package{PURL: id.purl, Name: id.name, Version: id.version, Direct: direct[required], Scope: Runtime, Line: line, required: required, tool: tools[required]}
		if target.Path != required {
			p.Hints = appendHint(nil, "replaces", "https://"+required)
		}
		if p.tool && !p.Direct {
			p.Scope = Dev
		}
		packages.add(id.key, p)
	}
	file.Packages = packages.sorted()
	return file, bad
}

func isDirective(x modfile.Expr) bool {
	_, comment := x.(*modfile.CommentBlock)
	return !comment
}

// goPURL gives the package URL of a Go module, whose name is its path.
func goPURL(modulePath, version string) (identity, error) {
	if climbs(modulePath) {
		return identity{}, errors.New("a module path with \"..\"")
	}
	namespace, name := path.Split(modulePath)
	return newPURL("golang", strings.TrimSuffix(namespace, "/"), name, version)
}

// goModProblem says where and why a go.mod cannot be read.
func goModProblem(err error) problems {
	var all problems
	var list modfile.ErrorList
	if !errors.As(err, &list) {
		all.add(gap.Syntax, func() (int, string, string) { return 0, "", err.Error() })
		return all
	}
	for _, e := range list {
		kind, detail := gap.Syntax, e.Err.Error()
		if strings.Contains(detail, "unterminated block") || strings.Contains(detail, "unexpected EOF") {
			kind = gap.Truncated
		}
		all.add(kind, func() (int, string, string) { return e.Pos.Line, e.ModPath, short(detail) })
	}
	return all
}

// short bounds a text that quotes its input.
func short(s string) string {
	if len(s) <= 200 {
		return s
	}
	return fmt.Sprintf("%.200s…", strings.ToValidUTF8(s[:200], ""))
}
