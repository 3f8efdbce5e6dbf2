package dependency

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	packageurl "github.com/package-url/packageurl-go"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// parseConanLock reads a conan.lock: of Conan 2 (version 0.5), which lists references, or of Conan 1 (version 0.4), which holds
// the graph. A reference is name/version@user/channel#revision%time; all behind the version may be absent.
//
// Version 0.5 does not say what the project itself names. Direct is what the conanfile.txt beside it lists and the conanfile.py
// there, a program, names in plain quotes; where these name nothing of the lockfile, all of it. In version 0.4 the nodes with a
// path, and those without a reference, are the project's own. Tools (build_requires), and what recipes and the client itself need
// (python_requires, config_requires), are for development.
//
// The form is told by Conan's own source: conans/model/graph_lock.py of both.
func parseConanLock(data []byte, near nearby) (File, problems) {
	var file File
	text, bad, fatal := guardJSON(data)
	if fatal != nil {
		return file, problems{list: []problem{*fatal}}
	}
	l := conanLock{r: jsonReader{data: text}, bad: &bad, lists: map[string][]conanEntry{}}
	if p := l.read(); p != nil {
		bad.list = append(bad.list, *p)
		return file, bad
	}
	if l.version == conan2 {
		file.Packages = l.packages(conanNamed(near, &bad))
		return file, bad
	}
	graph := l.graph()
	if graph.full() {
		return file, problems{list: []problem{{kind: gap.TooLarge, detail: fmt.Sprintf("over %d needs", mostNeeds)}}}
	}
	file.Packages, file.Edges = graph.packages(), true
	return file, bad
}

// The versions of the file.
const (
	conan1 = "0.4"
	conan2 = "0.5"
)

// conanLists are the lists of references, and what is needed for what.
var conanLists = []struct {
	key   string
	scope Scope
}{{"requires", Runtime}, {"build_requires", Dev}, {"python_requires", Dev}, {"config_requires", Dev}}

type conanLock struct {
	r       jsonReader
	bad     *problems
	version string
	entries int
	lists   map[string][]conanEntry // of version 0.5, by key
	nodes   map[string]*conanNode   // of version 0.4, by number
}

type conanEntry struct {
	ref  string
	line int
}

// A conanNode is a node of the graph of version 0.4.
type conanNode struct {
	conanEntry
	path          string
	needs         [2][]string // numbers of other nodes: requires, build_requires
	pythonRequire []conanEntry
	at            int32
}

func (l *conanLock) read() *problem {
	if l.r.peek() != '{' {
		return &problem{kind: gap.Syntax, line: 1, detail: "not an object"}
	}
	line := 1
	l.r.object(func(k []byte) {
		key := string(k)
		switch {
		case key == "version":
			line = l.r.line()
			l.version = l.r.text()
		case key == "graph_lock":
			l.r.object(func(k []byte) {
				if string(k) != "nodes" || l.r.peek() != '{' {
					l.r.skip()
					return
				}
				l.nodes = map[string]*conanNode{}
				l.r.object(func(k []byte) { l.nodes[string(k)] = l.node() })
			})
		case strings.HasSuffix(key, "requires"):
			l.lists[key] = l.references()
		default:
			l.r.skip()
		}
	})
	switch {
	case l.version != conan1 && l.version != conan2 && l.version != "":
		return &problem{kind: gap.Unsupported, line: line, detail: "lockfile version " + short(l.version)}
	case l.version == conan1 && l.nodes == nil, l.version == conan2 && len(l.lists) == 0, l.version == "":
		return &problem{kind: gap.Syntax, line: 1, detail: "no \"version\", or not what it promises"}
	case l.entries > mostEntries:
		return &problem{kind: gap.TooLarge, detail: fmt.Sprintf("over %d packages", mostEntries)}
	}
	return nil
}

// references reads a list. An entry is a reference, or a pair of one and its binaries.
func (l *conanLock) references() (list []conanEntry) {
	line := l.r.line()
	isList := l.r.array(func() {
		e := conanEntry{line: l.r.line()}
		if l.r.peek() == '[' {
			n := 0
			l.r.array(func() {
				if n++; n == 1 {
					e.ref = l.r.text()
				} else {
					l.r.skip()
				}
			})
		} else {
			e.ref = l.r.text()
		}
		if l.entries++; l.entries <= mostEntries {
			list = append(list, e)
		}
	})
	if !isList {
		l.bad.add(gap.Syntax, func() (int, string, string) { return line, "", "a list of references that is no array" })
	}
	return list
}

// node reads a node, or gives nil.
func (l *conanLock) node() *conanNode {
	n := conanNode{conanEntry: conanEntry{line: l.r.line()}}
	numbers := func() (list []string) {
		l.r.array(func() { list = append(list, l.r.text()) })
		return list
	}
	isObject := l.r.object(func(key []byte) {
		switch string(key) {
		case "ref":
			n.ref = l.r.text()
		case "path":
			n.path = l.r.text()
		case "requires":
			n.needs[0] = numbers()
		case "build_requires":
			n.needs[1] = numbers()
		case "python_requires":
			n.pythonRequire = l.references()
		default:
			l.r.skip()
		}
	})
	if l.entries++; l.entries > mostEntries {
		return nil
	}
	if !isObject {
		l.bad.add(gap.Syntax, func() (int, string, string) { return n.line, "", "a node that is no object" })
		return nil
	}
	return &n
}

// identity gives the package of an entry, or tells of it.
func (l *conanLock) identity(e conanEntry) (identity, bool) {
	id, err := conanPURL(e.ref)
	return id, !refused(l.bad, err, id, e.ref, e.line)
}

// packages gives those of the lists. Those that the conanfile beside names are direct, and all if it names none.
func (l *conanLock) packages(named map[string]Scope) []Package {
	packages := newPackages()
	some := false
	for _, list := range conanLists {
		for _, e := range l.lists[list.key] {
			id, ok := l.identity(e)
			if !ok {
				continue
			}
			scope, direct := named[id.name]
			if some = some || direct; !direct || list.scope != Runtime {
				scope = list.scope
			}
			packages.add(id.key, Package{PURL: id.purl, Name: id.name, Version: id.version, Direct: direct, Scope: scope, Line: e.line})
		}
	}
	for i := range packages.list {
		packages.list[i].Direct = packages.list[i].Direct || !some
	}
	return packages.sorted()
}

// graph gives that of version 0.4.
func (l *conanLock) graph() lockGraph {
	var g lockGraph
	add := func(node lockNode) int32 {
		g.nodes = append(g.nodes, node)
		return int32(len(g.nodes) - 1)
	}
	numbers := slices.Sorted(maps.Keys(l.nodes))
	for _, number := range numbers {
		n := l.nodes[number]
		if n == nil {
			continue
		}
		n.at = absent
		if n.ref == "" || n.path != "" {
			n.at = add(lockNode{line: n.line, own: true})
			g.roots = g.need(g.roots, lockNeed{to: n.at, scope: Runtime})
		} else if id, ok := l.identity(n.conanEntry); ok {
			n.at = add(lockNode{line: n.line, id: id})
		}
	}
	var lost lostNames
	for _, number := range numbers {
		n := l.nodes[number]
		if n == nil || n.at == absent {
			continue
		}
		var needs []lockNeed
		for i, scope := range []Scope{Runtime, Dev} {
			for _, want := range n.needs[i] {
				if to, ok := l.nodes[want]; !ok {
					lost.add(want, n.line)
				} else if to != nil {
					needs = g.need(needs, lockNeed{to: to.at, scope: scope})
				}
			}
		}
		for _, e := range n.pythonRequire {
			if id, ok := l.identity(e); ok {
				needs = g.need(needs, lockNeed{to: add(lockNode{line: e.line, id: id}), scope: Dev})
			}
		}
		g.nodes[n.at].needs = needs
	}
	lost.tell(l.bad, nil)
	g.roots = append(g.roots, g.orphans()...) // of a package, not of a project
	return g
}

var conanReference = regexp.MustCompile(`^([A-Za-z0-9_][A-Za-z0-9_+.-]*)/([A-Za-z0-9_][A-Za-z0-9_+.-]*)(?:@(?:([A-Za-z0-9_][A-Za-z0-9_+.-]*)(?:/([A-Za-z0-9_][A-Za-z0-9_+.-]*))?)?)?(?:#[^%]*)?(?:%.*)?$`)

// conanPURL gives the package URL of a reference. A reference says nothing of a vendor, which the type's namespace is for; user and
// channel tell whose recipe it is.
func conanPURL(ref string) (identity, error) {
	if len(ref) > longestPURL {
		return identity{}, fmt.Errorf("a reference of %d bytes", len(ref))
	}
	m := conanReference.FindStringSubmatch(ref)
	if m == nil {
		return identity{}, errors.New("not a reference of Conan, name/version")
	}
	p := packageurl.PackageURL{Type: packageurl.TypeConan, Name: m[1], Version: m[2]}
	for i, key := range []string{"user", "channel"} {
		if v := m[3+i]; v != "" && v != "_" {
			p.Qualifiers = append(p.Qualifiers, packageurl.Qualifier{Key: key, Value: v})
		}
	}
	if err := p.Normalize(); err != nil {
		return identity{}, err
	}
	return identify(p)
}
