package dependency

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

const (
	longestLocation = 4096 // bytes of a key under "packages"; no file system takes longer paths
	deepestLocation = 64   // folders one in another; npm 2 made about 40

	// What one lockfile may hold, far above the largest real ones (some 30,000 entries), so that memory is bounded.
	mostEntries = 200_000
	mostNames   = 400_000
	mostNeeds   = 2_000_000
)

// parsePackageLock reads a package-lock.json or npm-shrinkwrap.json. Of version 2 or 3 it reads the entries of "packages"
// that lie in a node_modules folder and come from elsewhere; version 1 is in packagelockv1.go. The root, workspace members,
// links and file: packages are the project's own: they are not packages, and what any of them names, in whatever group, is
// direct. Edges are dependencies and optionalDependencies, found as Node finds modules; peer dependencies are the business
// of whoever installs the package and make none.
func parsePackageLock(data []byte, seen *memory) (File, problems) {
	var file File
	text, bad, fatal := guardJSON(data)
	if fatal != nil {
		return file, problems{list: []problem{*fatal}}
	}
	lock := packageLock{r: jsonReader{data: text}, bad: &bad, names: map[string]int32{}, seen: seen}
	if p := lock.read(&file); p != nil {
		bad.list = append(bad.list, *p)
		return File{}, bad
	}
	packages := newPackages()
	lock.place()
	lock.declare(packages)
	packages.connect(lock.edges())
	file.Edges = true
	if lock.legacy {
		file.Edges = lock.requires
		file.settle = lock.markDirect(packages)
	}
	file.members = lock.members()
	file.Packages = packages.sorted()
	if file.settle != nil {
		file.settle(&file, project{})
	}
	return file, bad
}

// lockEntry is one entry of "packages".
type lockEntry struct {
	location          string // the key
	line              int
	name              string // only where it differs from the location's
	version, resolved string
	link              bool
	dev, optional     bool
	devOptional       bool
	deprecated        string
	needs             []int32 // names in dependencies and optionalDependencies
	others            []int32 // names in devDependencies and peerDependencies: they count for the project's own entries

	node  *moduleNode
	index int32 // among the packages, or own or absent
}

const (
	absent int32 = -1 // not installed, or without a place
	own    int32 = -2 // of the project itself
)

// moduleNode is a folder in which Node looks for modules: the root, an installed module, or a folder of the project.
type moduleNode struct {
	up      *moduleNode
	modules map[int32]*moduleNode // by name, in its node_modules
	entry   *lockEntry

	folder  string                 // of a folder of the project: its path from up
	folders map[string]*moduleNode // such folders below, by their whole path
}

type packageLock struct {
	r       jsonReader
	bad     *problems
	seen    *memory
	entries []*lockEntry
	at      map[string]int // location → index in entries
	names   map[string]int32
	needs   int
	nodes   []*moduleNode // all; the first is the root

	legacy   bool // version 1
	requires bool // version 1: the file says what its packages need
}

func (l *packageLock) read(file *File) *problem {
	if p := l.notObject(); p != nil {
		return p
	}
	version, hasVersion, hasPackages := "", false, false
	versionLine, packagesLine, packagesOK := 0, 0, true
	var dependencies *jsonReader // at the value of "dependencies": which of the two counts is known at the end only
	l.r.object(func(key []byte) {
		switch string(key) {
		case "name":
			file.Root = l.r.text()
		case "lockfileVersion":
			hasVersion, versionLine = true, l.r.line()
			start := l.r.pos
			l.r.skip()
			version = string(l.r.data[start:min(l.r.pos, start+20)])
		case "requires":
			l.requires = l.r.truth()
		case "dependencies":
			l.r.line()
			at := l.r
			dependencies = &at
			l.r.skip()
		case "packages":
			hasPackages, packagesLine = true, l.r.line()
			l.entries, l.at = nil, map[string]int{}
			packagesOK = l.r.object(l.entry)
		default:
			l.r.skip()
		}
	})
	l.legacy = !hasPackages && version != "3" && (dependencies != nil || version == "1")
	if l.legacy && dependencies != nil {
		packagesLine = dependencies.line()
		l.r, l.at = *dependencies, map[string]int{}
		packagesOK = l.nested("")
	}
	switch {
	case hasVersion && version != "1" && version != "2" && version != "3":
		return &problem{kind: gap.Unsupported, line: versionLine, detail: "lockfileVersion " + version}
	case len(l.at) >= mostEntries || len(l.names) >= mostNames || l.needs >= mostNeeds:
		return &problem{kind: gap.TooLarge, detail: fmt.Sprintf("over %d entries, %d names or %d needs", mostEntries, mostNames, mostNeeds)}
	case !packagesOK:
		return &problem{kind: gap.Syntax, line: packagesLine, detail: "the list of packages is not an object"}
	case !hasPackages && !l.legacy:
		return &problem{kind: gap.Empty, line: 1, detail: "no \"packages\""}
	}
	return nil
}

func (l *packageLock) notObject() *problem {
	switch l.r.peek() {
	case '{':
		return nil
	case 'n':
		return &problem{kind: gap.Empty, line: 1, detail: "null"}
	default:
		return &problem{kind: gap.Syntax, line: 1, detail: "not an object"}
	}
}

func (l *packageLock) entry(key []byte) {
	if len(l.at) >= mostEntries {
		l.r.skip()
		return
	}
	e := &lockEntry{location: string(key), line: l.r.line(), index: absent}
	l.r.object(func(key []byte) {
		switch string(key) {
		case "name":
			e.name = l.r.text()
		case "version":
			e.version = l.r.text()
		case "resolved":
			e.resolved = l.r.text()
		case "link":
			e.link = l.r.truth()
		case "dev":
			e.dev = l.r.truth()
		case "optional":
			e.optional = l.r.truth()
		case "devOptional":
			e.devOptional = l.r.truth()
		case "deprecated":
			e.deprecated = l.r.deprecated()
		case "dependencies", "optionalDependencies":
			e.needs = l.nameKeys(e.needs)
		case "devDependencies", "peerDependencies":
			e.others = l.nameKeys(e.others)
		default:
			l.r.skip()
		}
	})
	l.keep(e)
}

// keep adds an entry; of two at one location the last counts.
func (l *packageLock) keep(e *lockEntry) {
	if i, ok := l.at[e.location]; ok {
		l.entries[i] = e
		return
	}
	l.at[e.location] = len(l.entries)
	l.entries = append(l.entries, e)
}

// nameKeys adds the keys of the next object. (Before npm 7 bundled lists were arrays; such a value is passed over.)
func (l *packageLock) nameKeys(ids []int32) []int32 {
	l.r.object(func(key []byte) {
		if id, ok := l.nameID(key); ok && l.needs < mostNeeds {
			l.needs++
			ids = append(ids, id)
		}
		l.r.skip()
	})
	return ids
}

// nameID numbers a name; false when there are too many.
func (l *packageLock) nameID(name []byte) (int32, bool) {
	id, ok := l.names[string(name)]
	if !ok && len(l.names) < mostNames {
		id, ok = int32(len(l.names)), true
		l.names[string(name)] = id
	}
	return id, ok
}

// place puts the entries into the tree of folders in which Node looks for modules.
func (l *packageLock) place() {
	l.nodes = []*moduleNode{{}}
	for _, e := range l.entries {
		node, kind, why := l.walk(e.location)
		if node == nil {
			l.bad.add(kind, func() (int, string, string) { return e.line, short(e.location), why })
			continue
		}
		node.entry, e.node = e, node
	}
	for _, n := range l.nodes {
		// Node looks in every folder on the way up; those that lead nowhere have no node.
		parent := n.up
		for path := n.folder; path != ""; {
			path = path[:max(0, strings.LastIndexByte(path, '/'))]
			if above := parent.folders[path]; above != nil {
				n.up = above
				break
			}
		}
	}
}

// walk finds the node of a location, and makes it on the way. A location may begin with "..": npm writes packages that
// are linked from beside the project so. Nothing is ever opened there.
func (l *packageLock) walk(location string) (node *moduleNode, kind gap.Kind, why string) {
	switch {
	case len(location) > longestLocation:
		return nil, gap.TooLarge, "a location longer than any path"
	case strings.Count(location, "/") > deepestLocation:
		return nil, gap.TooDeep, fmt.Sprintf("a location of more than %d folders", deepestLocation)
	case len(l.nodes) > mostNames:
		return nil, gap.TooLarge, fmt.Sprintf("after %d folders", mostNames)
	case location == "":
		return l.nodes[0], "", ""
	}
	node = l.nodes[0]
	parts := strings.Split(location, "/")
	for len(parts) > 0 {
		if parts[0] != "node_modules" {
			n := slices.Index(parts, "node_modules")
			if n < 0 {
				n = len(parts)
			}
			node = l.folderNode(node, strings.Join(parts[:n], "/"))
			parts = parts[n:]
			continue
		}
		n := min(2, len(parts))
		if n == 2 && strings.HasPrefix(parts[1], "@") {
			n = min(3, len(parts))
		}
		name := strings.Join(parts[1:n], "/")
		if name == "" || climbs(name) {
			return nil, gap.PathEscape, "a location that leaves node_modules"
		}
		id, ok := l.nameID([]byte(name))
		if !ok {
			return nil, gap.TooLarge, fmt.Sprintf("after %d names", mostNames)
		}
		node = l.moduleNode(node, id)
		parts = parts[n:]
	}
	return node, "", ""
}

func (l *packageLock) moduleNode(in *moduleNode, name int32) *moduleNode {
	n := in.modules[name]
	if n == nil {
		n = &moduleNode{up: in}
		if in.modules == nil {
			in.modules = map[int32]*moduleNode{}
		}
		in.modules[name] = n
		l.nodes = append(l.nodes, n)
	}
	return n
}

func (l *packageLock) folderNode(in *moduleNode, path string) *moduleNode {
	n := in.folders[path]
	if n == nil {
		n = &moduleNode{up: in, folder: path}
		if in.folders == nil {
			in.folders = map[string]*moduleNode{}
		}
		in.folders[path] = n
		l.nodes = append(l.nodes, n)
	}
	return n
}

// locationName gives the name that an entry's place gives it; nothing if it is not in a node_modules folder.
func locationName(location string) string {
	const folder = "node_modules/"
	i := strings.LastIndex(location, folder)
	if i < 0 || i > 0 && location[i-1] != '/' {
		return ""
	}
	name := location[i+len(folder):]
	if parts := strings.Count(name, "/"); parts > 1 || parts == 1 && name[0] != '@' {
		return "" // a folder within a package
	}
	return name
}

// find looks a module up from a folder as Node does: in its own node_modules, then in those of the folders above.
func (n *moduleNode) find(name int32) *lockEntry {
	for at := n; at != nil; at = at.up {
		if m := at.modules[name]; m != nil && m.entry != nil {
			return m.entry
		}
	}
	return nil
}

// declare adds the packages, and marks those that the project's own entries name as direct.
func (l *packageLock) declare(packages *packageSet) {
	direct := map[*lockEntry]bool{}
	for _, e := range l.entries {
		if e.node == nil {
			continue
		}
		if e.link || locationName(e.location) == "" || strings.HasPrefix(e.resolved, "file:") {
			e.index = own
		}
		if e.index != own || e.link {
			continue
		}
		for _, name := range slices.Concat(e.needs, e.others) {
			if to := e.node.find(name); to != nil {
				direct[to] = true
			}
		}
	}
	packages.grow(len(l.entries))
	for _, e := range l.entries {
		if e.node == nil || e.index == own || e.version == "" && e.resolved == "" { // the last: an optional peer that is not installed
			continue
		}
		name := e.name
		if name == "" {
			name = locationName(e.location)
		}
		id, hints, err := l.seen.identity(name, e.version, e.resolved)
		if err != nil {
			l.bad.add(gap.BadPURL, func() (int, string, string) { return e.line, short(e.location), err.Error() })
			continue
		}
		if id.escapes {
			l.bad.add(gap.PathEscape, func() (int, string, string) {
				return e.line, short(e.location), "a name or version that leaves its folder"
			})
			continue
		}
		e.index = int32(packages.add(id.key, Package{PURL: id.purl, Name: id.name, Version: id.version, Direct: direct[e], Scope: e.scope(), Line: e.line, Hints: hints, Said: Said{Deprecated: e.deprecated}}))
	}
}

func (e *lockEntry) scope() Scope {
	switch {
	case e.dev:
		return Dev
	case e.optional, e.devOptional: // devOptional: for development, or optional
		return Optional
	}
	return Runtime
}

// edges gives the pairs of packages where the first needs the second.
func (l *packageLock) edges() [][2]int32 {
	var edges [][2]int32
	for _, e := range l.entries {
		if e.index < 0 {
			continue
		}
		for _, name := range e.needs {
			if to := e.node.find(name); to != nil && to.index >= 0 && to.index != e.index {
				edges = append(edges, [2]int32{e.index, to.index})
			}
		}
	}
	return edges
}

// members gives the folders of the project's own packages below its root.
func (l *packageLock) members() []string {
	var members []string
	for _, e := range l.entries {
		if e.index == own && !e.link && e.location != "" && !climbs(e.location) {
			members = append(members, e.location)
		}
	}
	return members
}

// isPackageLock says whether the beginning of a JSON file is that of a package-lock.json.
func isPackageLock(prefix []byte) bool { return bytes.Contains(prefix, []byte(`"lockfileVersion"`)) }
