package dependency

import (
	"errors"
	"io/fs"
	"slices"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// A project is what a manifest for Python says.
type pythonProject struct {
	read   bool // there is a manifest, and it could be read
	name   string
	needs  []projectNeed
	extras map[string]bool // normal names
}

// A projectNeed is one requirement of a project.
type projectNeed struct {
	requirement
	scope Scope
	line  int
	group string // Pipfile: its section
}

// readProject reads the pyproject.toml beside a lockfile.
func readProject(near nearby, bad *problems) pythonProject {
	f, ok := near.toml("pyproject.toml", bad)
	if !ok {
		return pythonProject{}
	}
	return pyproject(f, func(p tomlPlace, line int, err error) {
		bad.addIn("pyproject.toml", gap.Syntax, func() (int, string, string) { return line, redacted(p.text), redacted(err.Error()) })
	})
}

// toml reads a TOML file that lies near, if there is one. What is wrong with it is told as being in it.
func (n nearby) toml(name string, bad *problems) (tomlFile, bool) {
	data, err := n.read(name)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, errExcluded) {
			bad.addIn(name, gap.Unreadable, func() (int, string, string) { return 0, "", reason(err) })
		}
		return tomlFile{}, false
	}
	f, fatal := readTOML(data)
	if fatal != nil {
		bad.addIn(name, fatal.kind, func() (int, string, string) { return fatal.line, fatal.what, fatal.detail })
		return tomlFile{}, false
	}
	return f, true
}

// parsePyproject reads the pyproject.toml of a project without a lockfile: [project], [dependency-groups], and the tables
// of Poetry, PDM and uv. Only a requirement that admits a single version gives one. What builds the project is left out:
// no lockfile holds it either.
//
// https://packaging.python.org/en/latest/specifications/pyproject-toml/,
// https://packaging.python.org/en/latest/specifications/dependency-groups/,
// https://python-poetry.org/docs/pyproject/
func parsePyproject(data []byte, _ *memory) (File, problems) {
	var bad problems
	f, fatal := readTOML(data)
	if fatal != nil {
		return File{}, problems{list: []problem{*fatal}}
	}
	p := pyproject(f, func(p tomlPlace, line int, err error) {
		bad.add(gap.Syntax, func() (int, string, string) { return line, redacted(p.text), redacted(err.Error()) })
	})
	file := File{Root: p.name}
	file.Packages = p.packages(&bad)
	return file, bad
}

// packages makes packages of what a manifest names, all direct.
func (p pythonProject) packages(bad *problems) []Package {
	packages := newPackages()
	for _, need := range p.needs {
		if !need.source.local {
			packages.require(need.requirement, need.scope, need.line, true, "", bad)
		}
	}
	return packages.sorted()
}

// require adds the package that a requirement names, and gives its index or absent. in is the file where that stands, if
// it is an included one.
func (s *packageSet) require(q requirement, scope Scope, line int, direct bool, in string, bad *problems) int32 {
	id, hints, err := q.source.identity(q.name, q.version)
	kind := gap.BadPURL
	if err == nil && id.escapes {
		kind, err = gap.PathEscape, errors.New("a name or version that leaves its folder")
	}
	if err != nil {
		bad.addIn(in, kind, func() (int, string, string) { return line, short(q.name), short(err.Error()) })
		return absent
	}
	return int32(s.add(id.key, Package{PURL: id.purl, Name: id.name, Version: id.version, Direct: direct, Scope: scope, Line: line, Hints: hints}))
}

// A pyprojectReader gathers the requirements of a pyproject.toml.
type pyprojectReader struct {
	pythonProject
	lines   map[tomlPlace]int
	sources map[string][]pythonSource // [tool.uv.sources], by normal name
	indexes map[string]string         // [[tool.uv.index]]
	refuse  func(tomlPlace, int, error)
}

// pyproject reads a decoded pyproject.toml. refuse is told of requirements that cannot be read.
func pyproject(f tomlFile, refuse func(tomlPlace, int, error)) pythonProject {
	r := pyprojectReader{lines: f.places(), refuse: refuse, sources: map[string][]pythonSource{}, indexes: map[string]string{}}
	r.read, r.extras = true, map[string]bool{}
	uv := f.table("tool").table("uv")
	for _, index := range uv.tables("index") {
		r.indexes[index.text("name")] = index.text("url")
	}
	for name, v := range uv.table("sources") {
		for _, t := range variants(v) {
			r.sources[normalName(name)] = append(r.sources[normalName(name)], r.uvSource(asTable(t)))
		}
	}
	main := f.table("project")
	r.name = main.text("name")
	r.specifiers(main, "project", "dependencies", Runtime)
	for _, extra := range sortedKeys(main.table("optional-dependencies")) {
		r.extras[normalName(extra)] = true
		r.specifiers(main.table("optional-dependencies"), "project.optional-dependencies", extra, Optional)
	}
	groups := f.table("dependency-groups")
	for _, group := range sortedKeys(groups) {
		r.specifiers(groups, "dependency-groups", group, groupScope(group))
	}
	r.specifiers(uv, "tool.uv", "dev-dependencies", Dev)
	pdm := f.table("tool").table("pdm").table("dev-dependencies")
	for _, group := range sortedKeys(pdm) {
		r.specifiers(pdm, "tool.pdm.dev-dependencies", group, groupScope(group))
	}
	r.poetry(f.table("tool").table("poetry"))
	// A project names itself to join extras; that is no package.
	self := normalName(r.name)
	r.needs = slices.DeleteFunc(r.needs, func(n projectNeed) bool { return self != "" && normalName(n.name) == self })
	return r.pythonProject
}

func (r *pyprojectReader) line(table, key, text string) int {
	if line := r.lines[tomlPlace{table, key, text}]; line > 0 {
		return line
	}
	return r.lines[tomlPlace{table: table, key: key}]
}

// specifiers reads an array of dependency specifiers. Tables in it, which include another group, say nothing new.
func (r *pyprojectReader) specifiers(t tomlTable, table, key string, scope Scope) {
	for _, text := range t.texts(key) {
		line := r.line(table, key, text)
		if strings.HasPrefix(text, "-e ") { // PDM: a folder at hand
			continue
		}
		q, err := parseRequirement(text)
		if err != nil {
			r.refuse(tomlPlace{table, key, text}, line, err)
			continue
		}
		sources := r.sources[normalName(q.name)]
		if len(sources) == 0 || q.source != (pythonSource{}) {
			r.needs = append(r.needs, projectNeed{requirement: q, scope: scope, line: line})
			continue
		}
		for _, source := range sources {
			// A source replaces where the package comes from, not what is required of it.
			from := requirement{name: q.name, version: q.version, extras: q.extras}
			if from.source = source; source.download != "" {
				from = from.from(source.download)
			}
			r.needs = append(r.needs, projectNeed{requirement: from, scope: scope, line: line})
		}
	}
}

// uvSource reads one entry of [tool.uv.sources]. https://docs.astral.sh/uv/concepts/projects/dependencies/
func (r *pyprojectReader) uvSource(t tomlTable) pythonSource {
	switch {
	case t.text("git") != "":
		return pythonSource{git: t.text("git"), commit: t.text("rev")}
	case t.text("url") != "":
		return addressSource(t.text("url"))
	case t.text("path") != "", t.truth("workspace"):
		return pythonSource{local: true}
	}
	return pythonSource{index: r.indexes[t.text("index")]}
}

// poetry reads [tool.poetry].
func (r *pyprojectReader) poetry(t tomlTable) {
	if r.name == "" {
		r.name = t.text("name")
	}
	r.constraints(t, "tool.poetry", "dependencies", Runtime)
	r.constraints(t, "tool.poetry", "dev-dependencies", Dev)
	for _, group := range sortedKeys(t.table("group")) {
		r.constraints(t.table("group").table(group), "tool.poetry.group."+group, "dependencies", groupScope(group))
	}
	for extra := range t.table("extras") {
		r.extras[normalName(extra)] = true
	}
}

// constraints reads a table of Poetry's constraints.
func (r *pyprojectReader) constraints(t tomlTable, table, key string, scope Scope) {
	list := t.table(key)
	for _, name := range sortedKeys(list) {
		if name == "python" {
			continue
		}
		for _, v := range variants(list[name]) {
			q, optional := poetryRequirement(name, v)
			s := scope
			if optional && scope == Runtime {
				s = Optional
			}
			r.needs = append(r.needs, projectNeed{requirement: q, scope: s, line: r.line(table+"."+key, name, "")})
		}
	}
}

// poetryRequirement reads one constraint of Poetry's. A bare version is exact.
// https://python-poetry.org/docs/dependency-specification/
func poetryRequirement(name string, v any) (q requirement, optional bool) {
	q.name = name
	constraint, _ := v.(string)
	if t := asTable(v); t != nil {
		constraint, optional = t.text("version"), t.truth("optional")
		q.extras = normalNames(t.texts("extras"))
		switch {
		case t.text("git") != "":
			q.source = pythonSource{git: t.text("git"), commit: t.text("rev")}
		case t.text("url") != "":
			q = q.from(t.text("url"))
		case t.text("path") != "", t.text("file") != "":
			q.source.local = true
		}
	}
	constraint = strings.TrimSpace(constraint)
	if exact, err := exactVersion(constraint); err == nil && exact != "" {
		q.version = exact
	} else if startsWithDigit(constraint) && !strings.ContainsAny(constraint, "*,| <>=^~!") {
		q.version = constraint
	}
	return q, optional
}

func sortedKeys(t tomlTable) []string {
	keys := make([]string, 0, len(t))
	for k := range t {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// settle takes out of each pyproject.toml what it requires without a version and another file of the same folder fixes:
// one package would stand there as two.
func settle(files []File) {
	fixed := map[[2]string]bool{} // subject, name
	for _, f := range files {
		if f.Format == "pyproject.toml" {
			fixed[[2]string{f.Subject, ""}] = true
		}
	}
	if len(fixed) == 0 {
		return
	}
	for _, f := range files {
		if f.Format == "pyproject.toml" || !fixed[[2]string{f.Subject, ""}] {
			continue
		}
		for _, p := range f.Packages {
			if p.Version != "" && strings.HasPrefix(p.PURL, "pkg:pypi/") {
				fixed[[2]string{f.Subject, p.Name}] = true
			}
		}
	}
	for i := range files {
		if f := &files[i]; f.Format == "pyproject.toml" {
			f.Packages = slices.DeleteFunc(f.Packages, func(p Package) bool {
				return p.Version == "" && strings.HasPrefix(p.PURL, "pkg:pypi/") && fixed[[2]string{f.Subject, p.Name}]
			})
		}
	}
}
