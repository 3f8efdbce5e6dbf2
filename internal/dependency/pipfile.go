package dependency

import (
	"fmt"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// parsePipfile reads a Pipfile without a Pipfile.lock. https://pipenv.pypa.io/en/latest/pipfile.html
func parsePipfile(data []byte, _ *memory) (File, problems) {
	var bad problems
	f, fatal := readTOML(data)
	if fatal != nil {
		return File{}, problems{list: []problem{*fatal}}
	}
	return File{Packages: pipfile(f).packages(&bad)}, bad
}

// pipfile reads a decoded Pipfile: each table but those for other purposes is a category of packages.
func pipfile(f tomlFile) pythonProject {
	p := pythonProject{read: true}
	lines := f.places()
	indexes := map[string]string{}
	for _, source := range f.tables("source") {
		indexes[source.text("name")] = source.text("url")
	}
	for _, section := range sortedKeys(f.tomlTable) {
		switch section {
		case "source", "requires", "scripts", "pipenv", "build-system", "project", "tool":
			continue
		}
		list := f.table(section)
		for _, name := range sortedKeys(list) {
			p.needs = append(p.needs, projectNeed{
				requirement: pipfileRequirement(name, list[name], indexes),
				scope:       pipfileScope(section),
				line:        lines[tomlPlace{table: section, key: name}],
				group:       section,
			})
		}
	}
	return p
}

func pipfileRequirement(name string, v any, indexes map[string]string) requirement {
	q := requirement{name: name}
	version, _ := v.(string)
	if t := asTable(v); t != nil {
		version = t.text("version")
		q.extras = normalNames(t.texts("extras"))
		q.source.index = indexes[t.text("index")]
		switch {
		case t.text("git") != "":
			q.source = pythonSource{git: t.text("git"), commit: t.text("ref")}
		case t.text("file") != "":
			q = q.from(t.text("file"))
		case t.text("path") != "":
			q.source = pythonSource{local: true}
		}
	}
	if version = strings.TrimSpace(version); version != "*" && q.version == "" {
		q.version, _ = exactVersion(version) // what is none of PEP 440's admits no single version
	}
	return q
}

// pipfileScope gives the scope of a section of a Pipfile, or of the category of a Pipfile.lock that belongs to it.
func pipfileScope(section string) Scope {
	if section == "packages" || section == "default" {
		return Runtime
	}
	return groupScope(section)
}

// parsePipfileLock reads a Pipfile.lock of pipfile-spec 6, all its categories. It holds no edges. Direct is what the
// Pipfile beside it names in the section that belongs to the category; without that, the entries that name an index, as
// Pipenv writes it only into those. https://github.com/pypa/pipfile
func parsePipfileLock(data []byte, near nearby) (File, problems) {
	var file File
	text, bad, fatal := guardJSON(data)
	if fatal != nil {
		return file, problems{list: []problem{*fatal}}
	}
	lock := pipfileLock{r: jsonReader{data: text}, bad: &bad}
	if p := lock.read(); p != nil {
		bad.list = append(bad.list, *p)
		return file, bad
	}
	manifest, ok := near.toml("Pipfile", &bad)
	if ok {
		lock.direct = map[[2]string]bool{}
		for _, need := range pipfile(manifest).needs {
			lock.direct[[2]string{need.group, normalName(need.name)}] = true
		}
	}
	packages := newPackages()
	for i := range lock.entries {
		lock.declare(packages, &lock.entries[i])
	}
	file.Packages = packages.sorted()
	return file, bad
}

type pipfileEntry struct {
	requirement
	category string
	index    string
	line     int
}

type pipfileLock struct {
	r       jsonReader
	bad     *problems
	indexes map[string]string
	first   string // address of the first index, from which everything comes that names no other
	entries []pipfileEntry
	full    bool               // mostEntries was reached, and told
	direct  map[[2]string]bool // section of the Pipfile, normal name; nil: there is no Pipfile
}

func (l *pipfileLock) read() *problem {
	switch l.r.peek() {
	case '{':
	case 'n':
		return &problem{kind: gap.Empty, line: 1, detail: "null"}
	default:
		return &problem{kind: gap.Syntax, line: 1, detail: "not an object"}
	}
	var bad *problem
	categories := 0
	l.r.object(func(key []byte) {
		category, line := string(key), l.r.line()
		if category == "_meta" {
			if p := l.meta(); p != nil {
				bad = p
			}
			return
		}
		categories++
		if !l.r.object(func(key []byte) { l.entry(category, string(key)) }) && bad == nil {
			bad = &problem{kind: gap.Syntax, line: line, detail: "a category that is not an object"}
		}
	})
	if categories == 0 && bad == nil {
		bad = &problem{kind: gap.Empty, line: 1, detail: "no category of packages"}
	}
	return bad
}

// meta reads the header: the version of the form, and the indexes.
func (l *pipfileLock) meta() (bad *problem) {
	l.indexes, l.first = map[string]string{}, ""
	l.r.object(func(key []byte) {
		switch string(key) {
		case "pipfile-spec":
			line, start := l.r.line(), l.r.pos
			l.r.skip()
			if spec := string(l.r.data[start:l.r.pos]); spec != "6" {
				bad = &problem{kind: gap.Unsupported, line: line, detail: "pipfile-spec " + short(spec)}
			}
		case "sources":
			l.r.array(func() {
				var name, address string
				l.r.object(func(key []byte) {
					switch string(key) {
					case "name":
						name = l.r.text()
					case "url":
						address = l.r.text()
					default:
						l.r.skip()
					}
				})
				l.indexes[name] = address
				if l.first == "" {
					l.first = address
				}
			})
		default:
			l.r.skip()
		}
	})
	return bad
}

func (l *pipfileLock) entry(category, name string) {
	e := pipfileEntry{category: category, line: l.r.line()}
	var version, git, ref, file, path string
	if !l.r.object(func(key []byte) {
		switch string(key) {
		case "version":
			version = l.r.text()
		case "index":
			e.index = l.r.text()
		case "git":
			git = l.r.text()
		case "ref":
			ref = l.r.text()
		case "file":
			file = l.r.text()
		case "path":
			path = l.r.text()
		default:
			l.r.skip()
		}
	}) {
		l.bad.add(gap.Syntax, func() (int, string, string) { return e.line, short(name), "an entry that is not an object" })
		return
	}
	if len(l.entries) >= mostEntries {
		if !l.full {
			l.bad.add(gap.TooLarge, func() (int, string, string) {
				return e.line, "", fmt.Sprintf("over %d packages; the rest was not read", mostEntries)
			})
		}
		l.full = true
		return
	}
	e.name = name
	switch {
	case git != "":
		e.source = pythonSource{git: git, commit: ref}
	case file != "":
		e.requirement = e.from(file)
	case path != "":
		e.source.local = true
	}
	if exact, err := exactVersion(version); err != nil {
		l.bad.add(gap.Syntax, func() (int, string, string) { return e.line, short(name), short(err.Error()) })
	} else if exact != "" {
		e.version = exact
	}
	l.entries = append(l.entries, e)
}

func (l *pipfileLock) declare(packages *packageSet, e *pipfileEntry) {
	if e.source.local {
		return
	}
	direct := e.index != ""
	if l.direct != nil {
		section := map[string]string{"default": "packages", "develop": "dev-packages"}[e.category]
		if section == "" {
			section = e.category
		}
		direct = l.direct[[2]string{section, normalName(e.name)}]
	}
	if e.source == (pythonSource{}) {
		if e.source.index = l.indexes[e.index]; e.source.index == "" {
			e.source.index = l.first
		}
	}
	packages.require(e.requirement, pipfileScope(e.category), e.line, direct, "", l.bad)
}
