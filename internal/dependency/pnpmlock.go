package dependency

import (
	"fmt"
	"path"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// parsePnpmLock reads a pnpm-lock.yaml of version 5, 6 or 9. Each entry of "snapshots", before version 9 of "packages", is
// one package with the peers that it was resolved with; what stands behind its version says which, and does not make two
// packages. Direct is what the importers (the project and its workspace members) name. Links and folders are the project's
// own. Edges are dependencies, with resolved peers among them, and optionalDependencies.
//
// From pnpm 11 on a document about pnpm itself and its plugins may stand before that of the project; it is not read.
//
// https://github.com/pnpm/spec/tree/master/lockfile
func parsePnpmLock(data []byte, seen *memory) (File, problems) {
	var file File
	docs, bad, fatal := readYAML(data)
	if fatal != nil {
		bad.list = append(bad.list, *fatal)
		return file, bad
	}
	doc := docs[len(docs)-1]
	l := pnpmLock{doc: doc, seen: seen, bad: &bad, at: map[string]int32{}}
	if p := l.version(); p != nil {
		bad.list = append(bad.list, *p)
		return file, bad
	}
	checkEnd(data, doc, &bad)
	l.declare()
	file.members = l.resolve()
	if l.graph.full() || len(l.at) > mostEntries {
		bad.list = append(bad.list, problem{kind: gap.TooLarge, detail: fmt.Sprintf("over %d entries or %d needs", mostEntries, mostNeeds)})
		return File{}, bad
	}
	file.Packages = l.graph.packages()
	file.Edges = true
	return file, bad
}

type pnpmLock struct {
	doc   *yamlNode
	major int
	seen  *memory
	bad   *problems
	graph lockGraph
	at    map[string]int32 // key of an entry → node, or own if it names no package
	lost  lostNames

	snapshots []*yamlNode // by node: what it needs
}

// version finds the version of the format, whose first number tells how entries are named.
func (l *pnpmLock) version() *problem {
	if l.doc.kind == yamlNull {
		return &problem{kind: gap.Empty, line: 1, detail: "no document"}
	}
	v := l.doc.get("lockfileVersion")
	major, _, _ := strings.Cut(v.text, ".")
	switch {
	case l.doc.kind != yamlMapping || v.kind == yamlNull:
		return &problem{kind: gap.Syntax, line: 1, detail: "no \"lockfileVersion\""}
	case len(major) == 1 && major[0] >= '5' && major[0] <= '9':
		l.major = int(major[0] - '0')
		return l.incomplete()
	}
	return &problem{kind: gap.Unsupported, line: int(v.line), detail: "lockfileVersion " + short(v.text)}
}

// incomplete finds what every such file has and this one lacks.
func (l *pnpmLock) incomplete() *problem {
	importers := l.doc.get("importers")
	if l.major >= 9 && importers.kind == yamlNull {
		return &problem{kind: gap.Truncated, detail: "no \"importers\""}
	}
	if l.major == 5 && importers.kind == yamlNull && l.doc.get("specifiers").kind == yamlNull && l.doc.get("packages").kind == yamlNull {
		return &problem{kind: gap.Truncated, detail: "no \"specifiers\""}
	}
	if l.doc.get("specifiers").size > 1 && l.doc.get("packages").kind == yamlNull {
		return &problem{kind: gap.Truncated, detail: "no \"packages\""}
	}
	for _, p := range importers.pairs {
		if p.value.get("packageManagerDependencies").kind == yamlMapping || p.value.get("configDependencies").kind == yamlMapping {
			return &problem{kind: gap.Truncated, line: int(p.line), detail: "only about pnpm itself, nothing about the project"}
		}
	}
	return nil
}

// declare makes the nodes of all entries.
func (l *pnpmLock) declare() {
	packages := l.doc.get("packages")
	if l.major < 9 {
		for _, p := range packages.pairs {
			l.entry(p.key, p.value, p.value, int(p.line))
		}
		return
	}
	about := map[string]yamlPair{}
	for _, p := range packages.pairs {
		about[p.key] = p
	}
	present := map[string]bool{}
	for _, s := range l.doc.get("snapshots").pairs {
		id := withoutPeers(s.key)
		present[id] = true
		p, ok := about[id]
		if !ok {
			p = yamlPair{line: s.line, value: &yamlNode{}}
		}
		l.entry(s.key, p.value, s.value, int(p.line))
	}
	for _, p := range packages.pairs {
		if !present[p.key] {
			l.entry(p.key, p.value, &yamlNode{}, int(p.line))
			l.bad.add(gap.Truncated, func() (int, string, string) { return int(p.line), short(p.key), "not among the snapshots" })
		}
	}
}

// withoutPeers cuts off what stands in brackets behind a version: the peers and the patch of one copy.
func withoutPeers(key string) string {
	key, _, _ = strings.Cut(key, "(")
	return key
}

// entry makes the node of one entry, given what is said about its package and what it needs.
func (l *pnpmLock) entry(key string, about, snapshot *yamlNode, line int) {
	if len(l.at) > mostEntries {
		return
	}
	l.at[key] = own // as long as it is not known to name a package
	node := lockNode{line: line}
	name, version := l.identify(key, about)
	resolution := about.get("resolution")
	if resolution.kind != yamlMapping {
		l.bad.add(gap.Truncated, func() (int, string, string) { return line, short(key), "an entry without a resolution" })
	}
	source := resolution.get("tarball").text
	kind := resolution.get("type").text
	switch {
	case kind == "directory", strings.HasPrefix(source, "file:"), strings.HasPrefix(key, "file:"), strings.Contains(withoutPeers(key), "@file:"), strings.HasPrefix(version, "link:"):
		node.own = true
	case kind == "git":
		source = resolution.get("repo").text
		if _, _, ok := gitSource(source); !ok {
			source = "git+" + source
		}
		source += "#" + resolution.get("commit").text
	}
	if strings.Contains(withoutPeers(key), "@runtime:") { // Node.js and its like, which are not what the registry has by that name
		id, err := newPURL("generic", "", name, strings.TrimPrefix(version, "runtime:"))
		if refused(l.bad, err, id, key, line) {
			return
		}
		node.id = id
	} else if !node.own {
		if strings.Contains(version, ":") || strings.Contains(version, "/") {
			version = ""
		}
		id, hints, err := l.seen.identity(name, version, source)
		if refused(l.bad, err, id, key, line) {
			return
		}
		node.id, node.hints = id, hints
		node.said.Deprecated = oneLine(about.get("deprecated").text)
	}
	l.at[key] = int32(len(l.graph.nodes))
	l.graph.nodes = append(l.graph.nodes, node)
	l.snapshots = append(l.snapshots, snapshot)
}

// identify gives the name and version of an entry: those that it states, else those in its key.
func (l *pnpmLock) identify(key string, about *yamlNode) (name, version string) {
	id := withoutPeers(key)
	if l.major < 9 {
		host, rest, _ := strings.Cut(id, "/")
		if id[:min(1, len(id))] != "@" && rest != "" && (host == "" || strings.ContainsAny(host, ".:")) {
			id = rest // a key begins with "/", or with the host of another registry
		}
	}
	if l.major < 6 {
		dir, base := path.Split(id)
		base, _, _ = strings.Cut(base, "_")
		name, version = strings.TrimSuffix(dir, "/"), base
	} else {
		name, version = splitNPM(id)
	}
	if n := about.get("name"); n.kind == yamlScalar {
		name = n.text
	}
	if v := about.get("version"); v.kind == yamlScalar {
		version = v.text
	}
	return name, version
}

// resolve finds what everything needs, and gives the folders of workspace members.
func (l *pnpmLock) resolve() (members []string) {
	for i, snapshot := range l.snapshots {
		needs := l.group(nil, snapshot.get("dependencies"), Runtime, int32(i))
		l.graph.nodes[i].needs = l.group(needs, snapshot.get("optionalDependencies"), Optional, int32(i))
	}
	importers := l.doc.get("importers")
	if importers.kind == yamlNull {
		importers = &yamlNode{pairs: []yamlPair{{key: ".", value: l.doc}}}
	}
	for _, importer := range importers.pairs {
		if dir := path.Clean(importer.key); dir != "." && !climbs(dir) && len(dir) < longestLocation {
			members = append(members, dir)
		}
		for _, g := range manifestGroups[:3] {
			l.graph.roots = l.group(l.graph.roots, importer.value.get(g.key), g.scope, own)
		}
	}
	l.lost.tell(l.bad, nil)
	return members
}

// group adds the needs of one group of dependencies to a list.
func (l *pnpmLock) group(list []lockNeed, group *yamlNode, scope Scope, from int32) []lockNeed {
	for _, p := range group.pairs {
		reference := p.value.text
		if p.value.kind == yamlMapping {
			reference = p.value.get("version").text
		}
		if strings.HasPrefix(reference, "link:") {
			continue
		}
		to, ok := l.find(p.key, reference)
		if !ok {
			if scope != Optional {
				l.lost.add(p.key+"@"+reference, int(p.line))
			}
			continue
		}
		if to != from && to >= 0 {
			list = l.graph.need(list, lockNeed{to: to, scope: scope})
		}
	}
	return list
}

// find gives the node that a name with a reference leads to: a version, or the key of another name.
func (l *pnpmLock) find(name, reference string) (int32, bool) {
	keys := []string{name + "@" + reference, reference}
	switch {
	case l.major < 6:
		keys[0] = "/" + name + "/" + reference
	case l.major < 9:
		keys[0] = "/" + keys[0]
	}
	for _, key := range keys {
		if i, ok := l.at[key]; ok {
			return i, true
		}
	}
	return own, false
}
