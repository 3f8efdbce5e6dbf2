package dependency

import (
	"github.com/mainstay-oss/mainstay/internal/gap"
)

// parsePDMLock reads a pdm.lock of lock version 4, and of those before as far as they agree with it. A package that is
// wanted with extras has an entry of its own for them, which needs the plain one. Direct is what the pyproject.toml
// beside it names. The scope comes from "groups" (with the strategy inherit_metadata), else from which of the project's
// groups leads to the package.
//
// The form is told by PDM's documentation (https://pdm-project.org/en/latest/usage/lockfile/) and its lockfiles.
func parsePDMLock(data []byte, near nearby) (File, problems) {
	var file File
	var bad problems
	f, fatal := readTOMLLock(data)
	if fatal != nil {
		return file, problems{list: []problem{*fatal}}
	}
	if version := f.table("metadata").text("lock_version"); version != "" && (len(version) < 2 || version[1] != '.' || version[0] > '4') {
		return file, problems{list: []problem{{kind: gap.Unsupported, detail: "lock_version " + short(version)}}}
	}
	if f.table("metadata") == nil {
		bad.add(gap.Truncated, func() (int, string, string) {
			return f.lastLine(), "", "no [metadata], which every pdm.lock has"
		})
	}
	p := readProject(near, &bad)
	file.Root = p.name
	lock := pythonLock{bad: &bad}
	lock.project(p)
	for _, e := range lock.read(f, "package") {
		pdmEntry(e.pythonEntry, e.tomlTable, p, &bad)
	}
	lock.into(&file)
	return file, bad
}

// pdmEntry reads what is PDM's own of an entry.
func pdmEntry(e *pythonEntry, t tomlTable, p pythonProject, bad *problems) {
	switch {
	case t.text("path") != "":
		e.own = true
	case t.text("git") != "":
		e.source = pythonSource{git: t.text("git"), commit: t.text("revision")}
	case t.text("url") != "":
		if e.source = addressSource(t.text("url")); e.source.local {
			e.own = true
		}
	}
	if names := normalNames(t.texts("extras")); len(names) > 0 {
		e.extras = names
	}
	for _, group := range t.texts("groups") {
		s := Runtime
		switch {
		case p.extras[normalName(group)]:
			s = Optional
		case group != "default":
			s = groupScope(group)
		}
		if e.scope == "" || breadth(s) < breadth(e.scope) {
			e.scope = s
		}
	}
	for _, text := range t.texts("dependencies") {
		q, err := parseRequirement(text)
		if err != nil {
			bad.add(gap.Syntax, func() (int, string, string) { return e.line, redacted(text), redacted(err.Error()) })
			continue
		}
		e.needs = append(e.needs, pythonNeed{name: normalName(q.name), extras: q.extras, scope: Runtime})
	}
}
