package dependency

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// parseCargoLock reads a Cargo.lock of version 1 to 4. Entries without a source are the workspace's members and other
// folders of the project: they are no packages, and what they need, for whatever purpose, is direct. A package from git
// has the version that the lock gives. An entry that [replace] puts another in the place of stands for that one. The file
// does not say what is for development, nor which platform needs what.
//
// Version 1 names what is needed in full, later ones as shortly as is clear: "name", "name version" or "name version
// (source)". The checksums in [metadata] (version 1) and the patches that nobody uses ([[patch.unused]]) are no packages.
// Before Cargo 0.18 the project itself stood in [root].
//
// The form is told by Cargo's own source, src/cargo/core/resolver/encode.rs.
func parseCargoLock(data []byte, _ *memory) (File, problems) {
	var file File
	f, fatal := readTOML(data)
	if fatal != nil {
		return file, problems{list: []problem{*fatal}}
	}
	var bad problems
	if v, ok := f.tomlTable["version"]; ok {
		if n, isInt := v.(int64); !isInt || n < 1 || n > 4 {
			line := f.places()[tomlPlace{key: "version"}]
			return file, problems{list: []problem{{kind: gap.Unsupported, line: line, detail: "lockfile version " + short(fmt.Sprint(v))}}}
		}
	}
	checkEnd(data, nil, &bad)
	l := cargoLock{bad: &bad, at: map[string]int32{}}
	l.declare(f)
	if len(l.entries) == 0 {
		bad.add(gap.Empty, func() (int, string, string) { return 1, "", "no packages" })
		return file, bad
	}
	l.connect()
	if l.graph.full() {
		return file, problems{list: []problem{{kind: gap.TooLarge, detail: fmt.Sprintf("over %d needs", mostNeeds)}}}
	}
	file.Root = l.root(f)
	file.Packages, file.Edges = l.graph.packages(), true
	return file, bad
}

// A cargoLock finds which entry each need means.
type cargoLock struct {
	bad     *problems
	graph   lockGraph
	entries []tomlTable      // by node
	at      map[string]int32 // each way to name an entry → node, absent if that names none, several if it names more than one
}

// declare makes the nodes.
func (l *cargoLock) declare(f tomlFile) {
	if root := f.table("root"); root != nil {
		l.entry(root, 0)
	}
	if v, ok := f.tomlTable["package"]; ok && asTables(v) == nil {
		l.bad.add(gap.Syntax, func() (int, string, string) { return 0, "", "\"package\" is not an array of tables" })
	}
	tables, lines := f.entries("package")
	for i, t := range tables {
		if i == mostEntries {
			l.bad.add(gap.TooLarge, func() (int, string, string) {
				return lines[i], "", fmt.Sprintf("over %d packages; the rest was not read", mostEntries)
			})
			break
		}
		l.entry(t, lines[i])
	}
}

func (l *cargoLock) entry(t tomlTable, line int) {
	name, version, source := t.text("name"), t.text("version"), t.text("source")
	node := lockNode{line: line, own: source == "" || strings.HasPrefix(source, "path+")}
	wrong := ""
	switch {
	case name == "":
		wrong = "a package without a name"
	case version == "" && !node.own:
		wrong = "a package without a version"
	case source == "" && t["source"] != nil:
		wrong = "a source that is no string"
	}
	if wrong != "" {
		l.bad.add(gap.Syntax, func() (int, string, string) { return line, short(name), wrong })
		l.know(name, version, source, absent)
		return
	}
	if !node.own && t.text("replace") == "" {
		id, err := cargoPURL(name, version)
		if refused(l.bad, err, id, name, line) {
			l.know(name, version, source, absent)
			return
		}
		node.id, node.hints = id, cargoHints(source)
	}
	l.know(name, version, source, int32(len(l.graph.nodes)))
	l.graph.nodes = append(l.graph.nodes, node)
	l.entries = append(l.entries, t)
}

// know notes all ways to name an entry. Needs name a repository without its commit.
func (l *cargoLock) know(name, version, source string, node int32) {
	repository, _, _ := strings.Cut(source, "#")
	for _, key := range []string{name, name + " " + version, name + " " + version + " (" + repository + ")"} {
		if have, ok := l.at[key]; ok && have != node {
			l.at[key] = several
		} else {
			l.at[key] = node
		}
	}
}

// find gives the node that a need names. A source that no entry has may be the same one, spelled by another version of
// Cargo: then name and version tell. Of several entries with the version, a need without a source means the one that has
// none either: a folder of the project that stands in the place of a published crate.
func (l *cargoLock) find(need string) (int32, bool) {
	name, source, _ := strings.Cut(need, " (")
	source, _, _ = strings.Cut(strings.TrimSuffix(source, ")"), "#")
	if source != "" {
		if i, ok := l.at[name+" ("+source+")"]; ok {
			return i, true
		}
	}
	i, ok := l.at[name]
	if own, is := l.at[name+" ()"]; is && i == several && source == "" {
		i = own
	}
	return i, ok
}

// connect finds what everything needs.
func (l *cargoLock) connect() {
	behind := l.replacements()
	var lost lostNames
	members := false
	for i, t := range l.entries {
		node := &l.graph.nodes[i]
		members = members || node.own
		list, isList := t["dependencies"].([]any)
		if v, ok := t["dependencies"]; ok && !isList {
			l.bad.add(gap.Syntax, func() (int, string, string) {
				return node.line, short(t.text("name")), fmt.Sprintf("dependencies that are no array but %s", short(fmt.Sprint(v)))
			})
		}
		for _, v := range list {
			need, ok := v.(string)
			if !ok {
				l.bad.add(gap.Syntax, func() (int, string, string) {
					return node.line, short(t.text("name")), "a dependency that is no string"
				})
				continue
			}
			to, ok := l.find(need)
			switch {
			case !ok:
				lost.add(need, node.line)
			case to == several:
				l.bad.add(gap.Syntax, func() (int, string, string) {
					return node.line, short(t.text("name")), fmt.Sprintf("%.80q may be one of several packages", need)
				})
			case to >= 0:
				if r, ok := behind[to]; ok {
					to = r
				}
				node.needs = l.graph.need(node.needs, lockNeed{to: to, scope: Runtime})
			}
		}
	}
	for i := range behind {
		l.graph.nodes[i].own, l.graph.nodes[i].needs = true, nil // it is not built
	}
	lost.tell(l.bad, nil)
	if !members {
		l.bad.add(gap.Truncated, func() (int, string, string) { return 0, "", "the project itself is not in the file" })
	}
}

// replacements gives, for the nodes that [replace] of a Cargo.toml puts another in the place of, that other.
func (l *cargoLock) replacements() map[int32]int32 {
	behind := map[int32]int32{}
	for i, t := range l.entries {
		by := t.text("replace")
		if by == "" || l.graph.nodes[i].own {
			continue
		}
		to, ok := l.find(by)
		if !ok || to < 0 || to == int32(i) || l.entries[to].text("replace") != "" {
			l.bad.add(gap.Syntax, func() (int, string, string) {
				return l.graph.nodes[i].line, short(t.text("name")), fmt.Sprintf("replaced by %.80q, which is no package of the file", by)
			})
			to = int32(i)
		}
		behind[int32(i)] = to
	}
	return behind
}

// root gives the name of the project, if it is a single package.
func (l *cargoLock) root(f tomlFile) string {
	if root := f.table("root"); root != nil {
		return root.text("name")
	}
	name := ""
	for i, t := range l.entries {
		if t.text("source") != "" || !l.graph.nodes[i].own {
			continue
		}
		if name != "" {
			return ""
		}
		name = t.text("name")
	}
	return name
}

// crateName is what Cargo lets a package be called.
// https://doc.rust-lang.org/cargo/reference/manifest.html#the-name-field
var crateName = regexp.MustCompile(`^[\pL\pN_-]+$`)

func cargoPURL(name, version string) (identity, error) {
	if !crateName.MatchString(name) {
		return identity{}, errors.New("not a name of a crate")
	}
	return newPURL("cargo", "", name, version)
}

// cargoHints reads a source: its kind, "+", an address, and for git what is wanted and what was taken of it.
func cargoHints(source string) []Hint {
	kind, address, _ := strings.Cut(source, "+")
	address, _, _ = strings.Cut(address, "#")
	switch kind {
	case "git":
		address, _, _ = strings.Cut(address, "?")
		return appendHint(nil, "vcs", address)
	case "registry": // an index in git, as Cargo's own was once: no place that answers questions
		return appendHint(nil, "registry", "git+"+address)
	case "sparse":
		return appendHint(nil, "registry", address)
	}
	return nil // a folder of copies
}
