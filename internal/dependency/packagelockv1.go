package dependency

import (
	"strings"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// nested reads one "dependencies" object of a lockfile of version 1, or of the npm-shrinkwrap.json files before it: entries
// stand in each other as their folders do, "requires" names what each needs, and "version" is an address where the package
// is not from a registry. It gives false if that is not an object. The guard has bounded the depth.
//
// https://docs.npmjs.com/cli/v6/configuring-npm/package-lock-json
func (l *packageLock) nested(parent string) bool {
	return l.r.object(func(key []byte) {
		if len(l.at) >= mostEntries || len(parent) > longestLocation {
			l.r.skip()
			return
		}
		if name := string(key); climbs(name) || locationName("node_modules/"+name) != name || name == "" {
			line, kind, why := l.r.line(), gap.BadPURL, "not an npm package name"
			if climbs(name) {
				kind, why = gap.PathEscape, "a name that leaves node_modules"
			}
			l.bad.add(kind, func() (int, string, string) { return line, short(parent + "node_modules/" + name), why })
			l.r.skip()
			return
		}
		e := &lockEntry{location: parent + "node_modules/" + string(key), line: l.r.line(), index: absent}
		l.keep(e)
		l.r.object(func(key []byte) {
			switch string(key) {
			case "version":
				e.version = l.r.text()
			case "resolved":
				e.resolved = l.r.text()
			case "dev":
				e.dev = l.r.truth()
			case "optional":
				e.optional = l.r.truth()
			case "requires":
				l.requires = l.requires || l.r.peek() == '{'
				e.needs = l.nameKeys(e.needs)
			case "dependencies":
				l.nested(e.location + "/")
			default:
				l.r.skip()
			}
		})
		e.name = string(key)
		switch {
		case strings.HasPrefix(e.version, "npm:"):
			e.name, e.version = splitNPM(strings.TrimPrefix(e.version, "npm:"))
		case strings.HasPrefix(e.version, "file:"), strings.HasPrefix(e.version, "link:"):
			e.resolved, e.version = "file:", ""
		case strings.Contains(e.version, ":"):
			e.resolved, e.version = e.version, ""
		}
	})
}

// markDirect gives what marks the direct packages of a file of version 1, which does not say so itself: what the
// package.json beside it names and, in any case, what the project's own packages need. Without that file it is each
// package at the top that no other needs.
func (l *packageLock) markDirect(packages *packageSet) func(*File, project) problems {
	top, always, needed := map[string]string{}, map[string]bool{}, map[string]bool{}
	at := map[string]bool{} // names at the top
	root := l.nodes[0]
	for _, e := range l.entries {
		if e.node != nil && e.node.up == root {
			at[strings.TrimPrefix(e.location, "node_modules/")] = true
		}
		if e.index >= 0 && e.node.up == root {
			top[strings.TrimPrefix(e.location, "node_modules/")] = packages.list[e.index].PURL
		}
		for _, name := range e.needs {
			if to := e.node.find(name); to != nil && to.index >= 0 && e.index >= 0 && to.index != e.index {
				needed[packages.list[to.index].PURL] = true
			}
		}
	}
	for i := range packages.list {
		if p := &packages.list[i]; p.Direct {
			always[p.PURL] = true
		}
	}
	return func(f *File, p project) (bad problems) {
		direct := map[string]bool{}
		if m := p.manifests["."]; m != nil {
			for _, w := range m.wants {
				if direct[top[w.name]] = true; !at[w.name] {
					w.missing(&bad)
				}
			}
		} else {
			for _, purl := range top {
				direct[purl] = !needed[purl]
			}
		}
		for i := range f.Packages {
			purl := f.Packages[i].PURL
			f.Packages[i].Direct = direct[purl] || always[purl]
		}
		return bad
	}
}
