package dependency

import (
	"regexp"
	"slices"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// parsePylock reads a pylock.toml of version 1, or pylock.NAME.toml. Edges are there where the tool that wrote the file
// tells "dependencies", which is voluntary. Direct is what the pyproject.toml beside it names; without that, what no
// other package needs if there are edges, else nothing: it is not known. The scope comes from markers that ask for an
// extra or a group, else from which of the project's groups leads to the package.
//
// https://packaging.python.org/en/latest/specifications/pylock-toml/
func parsePylock(data []byte, near nearby) (File, problems) {
	var file File
	var bad problems
	f, fatal := readTOML(data)
	if fatal != nil {
		return file, problems{list: []problem{*fatal}}
	}
	if version := f.text("lock-version"); !strings.HasPrefix(version, "1.") {
		return file, problems{list: []problem{{kind: gap.Unsupported, line: 1, detail: "lock-version " + short(version)}}}
	}
	if f.tomlTable["packages"] == nil {
		bad.add(gap.Truncated, func() (int, string, string) {
			return f.lastLine(), "", "no packages, which the format requires"
		})
	}
	p := readProject(near, &bad)
	file.Root = p.name
	lock := pythonLock{bad: &bad}
	lock.project(p)
	edges := false
	defaults := f.texts("default-groups")
	for _, e := range lock.read(f, "packages") {
		pylockEntry(e.pythonEntry, e.tomlTable, defaults)
		edges = edges || len(e.needs) > 0
	}
	if !edges && !lock.rooted {
		lock.rooted = true // by nothing
	}
	lock.into(&file)
	file.Edges = edges
	return file, bad
}

// isPylock says whether a file is a pylock.toml by its name.
func isPylock(base string) bool { return pylockName.MatchString(base) }

var pylockName = regexp.MustCompile(`^pylock\.([^.]+\.)?toml$`)

// pylockEntry reads what is the format's own of an entry.
func pylockEntry(e *pythonEntry, t tomlTable, defaults []string) {
	e.source = pylockSource(t)
	e.own = e.source.local
	e.scope = markerScope(t.text("marker"), defaults)
	e.day = uploaded(append(t.tables("wheels"), t.table("sdist"), t.table("archive"))...)
	for _, d := range t.tables("dependencies") {
		if name := d.text("name"); name != "" {
			source := pylockSource(d)
			e.needs = append(e.needs, pythonNeed{name: normalName(name), version: d.text("version"), from: source.git + source.download + source.index, scope: Runtime})
		}
	}
}

func pylockSource(t tomlTable) pythonSource {
	vcs, archive := t.table("vcs"), t.table("archive")
	switch {
	case t.table("directory") != nil:
		return pythonSource{local: true}
	case vcs.text("url") != "" && vcs.text("type") == "git":
		return pythonSource{git: vcs.text("url"), commit: vcs.text("commit-id")}
	case archive.text("url") != "":
		return pythonSource{download: archive.text("url")}
	case vcs != nil && vcs.text("url") == "", archive != nil:
		return pythonSource{local: true} // a path
	}
	return pythonSource{index: t.text("index")}
}

var markerMember = regexp.MustCompile(`["']([^"']+)["']\s+(not\s+)?in\s+(extras|dependency_groups)\b`)

// markerScope gives the scope of a package whose marker asks for extras or groups: the widest of them. A package that is
// there by default has none.
func markerScope(marker string, defaults []string) Scope {
	scope := Scope("")
	for _, m := range markerMember.FindAllStringSubmatch(marker, -1) {
		s := Optional
		switch {
		case m[2] != "" || slices.Contains(defaults, m[1]):
			return Runtime
		case m[3] == "dependency_groups":
			s = groupScope(m[1])
		}
		if scope == "" || breadth(s) < breadth(scope) {
			scope = s
		}
	}
	return scope
}
