package dependency

import (
	"slices"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// parsePoetryLock reads a poetry.lock of lock version 1 or 2 (and those before, which say none). Direct is what the
// pyproject.toml beside it names, in whatever group. The scope comes from "groups" (2.1) or "category" (1.x), else from
// which of the project's groups leads to the package. Where several versions of a package are locked, for several
// systems, who needs one of them is taken to need all.
//
// The form is told by Poetry's own source, src/poetry/packages/locker.py.
func parsePoetryLock(data []byte, near nearby) (File, problems) {
	var file File
	var bad problems
	f, fatal := readTOMLLock(data)
	if fatal != nil {
		return file, problems{list: []problem{*fatal}}
	}
	metadata := f.table("metadata")
	if version := metadata.text("lock-version"); version != "" && !strings.HasPrefix(version, "1.") && !strings.HasPrefix(version, "2.") {
		return file, problems{list: []problem{{kind: gap.Unsupported, detail: "lock-version " + short(version)}}}
	}
	if metadata == nil {
		bad.add(gap.Truncated, func() (int, string, string) {
			return f.lastLine(), "", "no [metadata], which Poetry writes last"
		})
	}
	lock := pythonLock{bad: &bad}
	for _, e := range lock.read(f, "package") {
		poetryEntry(e.pythonEntry, e.tomlTable)
		if source := e.table("source"); source.text("type") == "directory" && !climbs(source.text("url")) {
			file.members = append(file.members, source.text("url"))
		}
	}
	p := readProject(near, &bad)
	file.Root = p.name
	lock.project(p)
	lock.into(&file)
	return file, bad
}

// poetryEntry reads what is Poetry's own of an entry.
func poetryEntry(e *pythonEntry, t tomlTable) {
	source := t.table("source")
	switch address := source.text("url"); source.text("type") {
	case "":
	case "git":
		e.source = pythonSource{git: address, commit: source.text("resolved_reference")}
	case "url":
		e.source = pythonSource{download: address}
	case "directory", "file":
		e.own = true
	default: // "legacy": an index
		e.source = pythonSource{index: address}
	}
	e.scope = poetryScope(t)
	extras := t.table("extras")
	for name, constraint := range t.table("dependencies") {
		need := pythonNeed{name: normalName(name), scope: Runtime}
		optional := true
		for _, v := range variants(constraint) {
			need.extras = append(need.extras, normalNames(asTable(v).texts("extras"))...)
			optional = optional && asTable(v).truth("optional")
		}
		if !optional {
			e.needs = append(e.needs, need)
			continue
		}
		for extra := range extras {
			if slices.ContainsFunc(extras.texts(extra), func(q string) bool { return needsName(q, need.name) }) {
				need.under = normalName(extra)
				e.needs = append(e.needs, need)
			}
		}
	}
	sortNeeds(e.needs)
}

// variants gives the constraints on one package: Poetry writes several, for several systems, as an array.
func variants(constraint any) []any {
	switch v := constraint.(type) {
	case []any:
		return v
	case []map[string]any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = v[i]
		}
		return list
	}
	return []any{constraint}
}

// needsName says whether a requirement is on a package of this normal name.
func needsName(requirement, name string) bool {
	m := requirementHead.FindStringSubmatch(requirement)
	return m != nil && normalName(m[1]) == name
}

// poetryScope gives the scope that the entry itself tells, if it does.
func poetryScope(t tomlTable) Scope {
	groups := t.texts("groups")
	if category := t.text("category"); category != "" {
		groups = append(groups, category)
	}
	scope := Scope("")
	for _, group := range groups {
		s := Runtime
		switch {
		case group != "main":
			s = groupScope(group)
		case t.truth("optional"):
			s = Optional
		}
		if scope == "" || breadth(s) < breadth(scope) {
			scope = s
		}
	}
	return scope
}
