package dependency

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// parseBunLock reads a bun.lock, Bun's lockfile as text: JSON with comments and trailing commas. The key of an entry says
// where its package lies as folders of node_modules do, and what it needs is found as Node finds modules. What the project
// and its workspaces name, in whatever group, is direct. Peers that Bun has installed are no edges, but hand on the scope.
//
// https://bun.sh/docs/pm/lockfile and oven-sh/bun, packages/bun-types/bun.d.ts (BunLockFile)
func parseBunLock(data []byte, seen *memory) (File, problems) {
	var file File
	if _, fatal := guardText(data); fatal != nil {
		return file, problems{list: []problem{*fatal}}
	}
	text, bad, fatal := guardJSON(plainJSON(data))
	if fatal != nil {
		return file, problems{list: []problem{*fatal}}
	}
	l := bunLock{packageLock: packageLock{r: jsonReader{data: text}, bad: &bad, names: map[string]int32{}, seen: seen, at: map[string]int{}}}
	if p := l.read(); p != nil {
		bad.list = append(bad.list, *p)
		return file, bad
	}
	l.place()
	l.connect()
	if l.graph.full() {
		bad.list = append(bad.list, tooManyEntries)
		return file, bad
	}
	for _, w := range l.workspaces {
		switch dir := path.Clean(w.dir); {
		case w.dir == "":
			file.Root = w.name
		case !climbs(dir):
			file.members = append(file.members, dir)
		}
	}
	file.Packages = l.graph.packages()
	file.Edges = true
	return file, bad
}

// bunLock uses the tree of folders of a package-lock.json.
type bunLock struct {
	packageLock
	workspaces []bunWorkspace
	required   [][]bunNeed // by entry
	graph      lockGraph
}

type bunWorkspace struct {
	dir, name string
	needs     []bunNeed
}

// bunNeed is a name in one of the groups of dependencies.
type bunNeed struct {
	id    int32
	name  string
	line  int
	scope Scope
	peer  bool // installed for whoever else needs it
}

func (l *bunLock) read() *problem {
	if p := l.notObject(); p != nil {
		return p
	}
	version, versionLine, hasPackages, hasWorkspaces := "", 1, false, false
	l.r.object(func(key []byte) {
		switch string(key) {
		case "lockfileVersion":
			versionLine = l.r.line()
			start := l.r.pos
			l.r.skip()
			version = string(l.r.data[start:min(l.r.pos, start+20)])
		case "workspaces":
			l.workspaces = nil
			hasWorkspaces = l.r.object(l.workspace)
		case "packages":
			l.entries, l.required, l.at = nil, nil, map[string]int{}
			hasPackages = l.r.object(l.entry)
		default:
			l.r.skip()
		}
	})
	switch {
	case version != "0" && version != "1" && version != "2":
		return &problem{kind: gap.Unsupported, line: versionLine, detail: "lockfileVersion " + short(version)}
	case len(l.at) >= mostEntries || len(l.names) >= mostNames || l.needs >= mostNeeds:
		return &problem{kind: gap.TooLarge, detail: fmt.Sprintf("over %d entries, %d names or %d needs", mostEntries, mostNames, mostNeeds)}
	case !hasPackages && !hasWorkspaces:
		return &problem{kind: gap.Empty, line: 1, detail: "no \"packages\""}
	}
	return nil
}

func (l *bunLock) workspace(key []byte) {
	w := bunWorkspace{dir: string(key)}
	w.name, w.needs = l.groups()
	if len(l.workspaces) < mostEntries {
		l.workspaces = append(l.workspaces, w)
	}
}

// groups reads the next object as what is known of a package: its name, if it says so, and what it needs.
func (l *bunLock) groups() (name string, needs []bunNeed) {
	absent := map[string]bool{} // peers that may be
	l.r.object(func(key []byte) {
		switch string(key) {
		case "name":
			name = l.r.text()
			return
		case "optionalPeers":
			l.r.array(func() { absent[l.r.text()] = true })
			return
		}
		for _, g := range manifestGroups {
			if g.key != string(key) {
				continue
			}
			l.r.object(func(name []byte) {
				line := l.r.line()
				l.r.skip()
				if id, ok := l.nameID(name); ok && l.needs < mostNeeds {
					l.needs++
					needs = append(needs, bunNeed{id, string(name), line, g.scope, g.key == "peerDependencies"})
				}
			})
			return
		}
		l.r.skip()
	})
	return name, slices.DeleteFunc(needs, func(n bunNeed) bool { return n.peer && absent[n.name] })
}

// entry reads one entry of "packages": a list of name@reference, the registry if it is one, what is known of the package,
// and a checksum.
func (l *bunLock) entry(key []byte) {
	if len(l.at) >= mostEntries {
		l.r.skip()
		return
	}
	e := &lockEntry{location: bunLocation(string(key)), line: l.r.line(), index: absent}
	var reference, registry string
	var needs []bunNeed
	n := 0
	l.r.array(func() {
		n++
		switch {
		case l.r.peek() == '{':
			_, needs = l.groups()
		case n == 1:
			e.name, reference = splitNPM(l.r.text())
		case n == 2:
			registry = l.r.text()
		default:
			l.r.skip()
		}
	})
	_, _, git := gitSource(reference)
	switch {
	case strings.HasPrefix(reference, "workspace:"), isLocal(reference), reference == "root:", strings.HasSuffix(reference, ".tar.gz") && !strings.Contains(reference, "://"):
		e.link = true
	case git, strings.Contains(reference, "://"):
		e.resolved = reference
	default:
		e.version = strings.TrimPrefix(reference, "npm:")
		if strings.HasSuffix(registry, ".tgz") {
			e.resolved = registry
		}
	}
	if !e.link { // nobody installs what a package is developed with
		needs = slices.DeleteFunc(needs, func(n bunNeed) bool { return n.scope == Dev })
	}
	if i, ok := l.at[e.location]; ok {
		l.required[i] = needs
	} else {
		l.required = append(l.required, needs)
	}
	l.keep(e)
}

// bunLocation turns a key, names of packages that lie in each other, into a path of node_modules folders.
func bunLocation(key string) string {
	var b strings.Builder
	parts := strings.Split(key, "/")
	for i := 0; i < len(parts); i++ {
		if b.Len() > 0 {
			b.WriteByte('/')
		}
		b.WriteString("node_modules/" + parts[i])
		if strings.HasPrefix(parts[i], "@") && i+1 < len(parts) {
			i++
			b.WriteString("/" + parts[i])
		}
	}
	return b.String()
}

// connect makes the nodes and finds what each needs.
func (l *bunLock) connect() {
	for _, e := range l.entries {
		if e.node == nil {
			continue
		}
		node := lockNode{line: e.line, own: e.link}
		if !node.own {
			id, hints, err := l.seen.identity(e.name, e.version, e.resolved)
			if refused(l.bad, err, id, e.location, e.line) {
				e.index = own
				continue
			}
			node.id, node.hints = id, hints
		}
		e.index = int32(len(l.graph.nodes))
		l.graph.nodes = append(l.graph.nodes, node)
	}
	var lost lostNames
	for i, e := range l.entries {
		if e.index >= 0 {
			n := &l.graph.nodes[e.index]
			n.needs = l.find(n.needs, e.node, l.required[i], &lost)
		}
	}
	byName := map[string]*lockEntry{}
	for _, e := range l.entries {
		if e.node != nil && e.link {
			byName[e.name] = e
		}
	}
	for _, w := range l.workspaces {
		from := l.nodes[0]
		member := byName[w.name]
		if member != nil && w.dir != "" {
			from = member.node
		}
		needs := l.find(nil, from, w.needs, &lost)
		if member != nil && w.dir != "" {
			l.graph.nodes[member.index].needs = needs
		}
		l.graph.roots = append(l.graph.roots, needs...)
	}
	lost.tell(l.bad, nil)
}

// find adds needs by Node's look-up from a folder.
func (l *bunLock) find(list []lockNeed, from *moduleNode, needs []bunNeed, lost *lostNames) []lockNeed {
	for _, need := range needs {
		to := from.find(need.id)
		if to != nil {
			list = l.graph.need(list, lockNeed{to: to.index, scope: need.scope, peer: need.peer})
		} else if need.scope != Optional && !need.peer {
			lost.add(need.name, need.line)
		}
	}
	return list
}
