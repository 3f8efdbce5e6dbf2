package dependency

import (
	"net/url"
	"path"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// parseYarnBerry reads the yarn.lock of yarn from version 2 on ("__metadata"): entries with the name and reference that their
// requirements resolve to. Of a patch it is the package that is patched. Workspaces are the project's own, and what they name
// is direct; so are links, portals and files. Which of it is for development only a package.json says, where it is at hand.
//
// https://yarnpkg.com/configuration/manifest and yarnpkg/berry, packages/yarnpkg-core/sources/Project.ts
func parseYarnBerry(data []byte, seen *memory) (File, problems) {
	var file File
	docs, bad, fatal := readYAML(data)
	if fatal != nil {
		bad.list = append(bad.list, *fatal)
		return file, bad
	}
	doc := docs[0]
	if doc.kind != yamlMapping || len(docs) > 1 {
		bad.list = append(bad.list, problem{kind: gap.Syntax, line: 1, detail: "not one mapping"})
		return file, bad
	}
	l := yarnBerry{yarnEntries: newYarnEntries(), workspaces: map[int]string{}}
	checkEnd(data, doc, &bad)
	for _, p := range doc.pairs {
		if p.key != "__metadata" {
			l.read(p, &bad)
		}
	}
	if l.tooMany() {
		bad.list = append(bad.list, tooManyEntries)
		return file, bad
	}
	l.resolve(seen, &bad)
	whole := false
	for i, e := range l.entries {
		dir, ok := l.workspaces[i]
		switch {
		case !ok:
		case dir == ".":
			whole = true
			file.Root, _ = splitNPM(e.resolved)
		case !climbs(dir):
			file.members = append(file.members, dir)
		}
	}
	if !whole {
		bad.add(gap.Truncated, func() (int, string, string) { return 0, "", "no entry for the project itself" })
	}
	file.settle = l.settle
	file.Edges = true
	l.settle(&file, project{})
	return file, bad
}

type yarnBerry struct {
	yarnEntries
	workspaces map[int]string // entry → its folder
}

// read reads one entry.
func (l *yarnBerry) read(p yamlPair, bad *problems) {
	e := l.open(strings.Split(p.key, ", "), int(p.line))
	e.version = p.value.get("version").text
	e.resolved = p.value.get("resolution").text
	link := p.value.get("linkType").text
	e.soft = link == "soft"
	if link == "" {
		bad.add(gap.Truncated, func() (int, string, string) { return e.line, short(p.key), "an entry without a linkType" })
	}
	optional := map[string]bool{}
	for _, m := range p.value.get("dependenciesMeta").pairs {
		optional[m.key] = m.value.get("optional").text == "true"
	}
	for _, d := range p.value.get("dependencies").pairs {
		l.require(e, d.key, d.value.text, optional[d.key], int(d.line))
	}
}

// resolve makes the nodes.
func (l *yarnBerry) resolve(seen *memory, bad *problems) {
	kept := l.entries[:0]
	for _, e := range l.entries {
		node := lockNode{line: e.line}
		name, reference := yarnLocator(e.resolved)
		dir, workspace := strings.CutPrefix(reference, "workspace:")
		switch {
		case workspace:
			node.own = true
			l.workspaces[len(kept)] = path.Clean(dir)
		case e.soft, isLocal(reference):
			node.own = true
		default:
			version, source := e.version, ""
			if v, ok := strings.CutPrefix(reference, "npm:"); ok {
				if version = v; strings.Contains(v, "@") {
					name, version = splitNPM(v)
				}
				source = archiveURL(e.resolved)
			} else {
				source = reference
			}
			id, hints, err := seen.identity(name, version, source)
			if l.incomplete(e, bad) || refused(bad, err, id, e.keys[0], e.line) {
				l.refuse(e)
				continue
			}
			node.id, node.hints = id, hints
		}
		l.declare(e, node, bad)
		kept = append(kept, e)
	}
	l.entries = kept
	lost := l.connect()
	lost.tell(bad, nil)
	l.joinPatches()
}

// joinPatches lets a patch and what it patches lead to each other: they are one package, and a requirement names either.
func (l *yarnBerry) joinPatches() {
	for i, e := range l.entries {
		for _, key := range e.keys {
			if _, reference := splitNPM(key); !strings.HasPrefix(reference, "patch:") {
				continue
			}
			name, reference := yarnLocator(key)
			if to, ok := l.at[name+"@"+reference]; ok && to >= 0 {
				l.graph.nodes[i].needs = l.graph.need(l.graph.nodes[i].needs, lockNeed{to: to, scope: Runtime})
				l.graph.nodes[to].needs = l.graph.need(l.graph.nodes[to].needs, lockNeed{to: int32(i), scope: Runtime})
			}
		}
	}
}

// yarnLocator gives the name and reference of the package behind a resolution, without parameters.
func yarnLocator(resolution string) (name, reference string) {
	name, reference = splitNPM(resolution)
	for range 8 { // patches of patches
		reference, _, _ = strings.Cut(reference, "::")
		patched, ok := strings.CutPrefix(reference, "patch:")
		if !ok {
			break
		}
		patched, _, _ = strings.Cut(patched, "#")
		if decoded, err := url.PathUnescape(patched); err == nil {
			patched = decoded
		}
		name, reference = splitNPM(patched)
	}
	if strings.HasPrefix(reference, "virtual:") {
		_, reference, _ = strings.Cut(reference, "#")
	}
	return name, reference
}

// archiveURL gives the address that yarn notes where a registry keeps an archive in an unusual place.
func archiveURL(resolution string) string {
	_, parameters, _ := strings.Cut(resolution, "::")
	for p := range strings.SplitSeq(parameters, "&") {
		if address, ok := strings.CutPrefix(p, "__archiveUrl="); ok {
			if decoded, err := url.PathUnescape(address); err == nil {
				return decoded
			}
		}
	}
	return ""
}

// settle makes what the workspaces name direct, each in the group that its manifest, if at hand, has it in.
func (l *yarnBerry) settle(f *File, p project) problems {
	l.graph.roots = nil
	for i, dir := range l.workspaces {
		groups := map[string]Scope{}
		if m := p.manifests[dir]; m != nil {
			for _, w := range m.wants {
				groups[w.name] = w.scope
			}
		}
		var needs []lockNeed
		for _, need := range l.entries[i].needs {
			scope, ok := groups[need.name]
			if !ok {
				scope = need.scope()
			}
			if to, ok := l.find(need.name, need.spec); ok && to >= 0 && to != int32(i) {
				needs = append(needs, lockNeed{to: to, scope: scope})
			}
		}
		l.graph.nodes[i].needs = needs
		l.graph.roots = append(l.graph.roots, needs...)
	}
	if len(l.workspaces) == 0 {
		l.graph.roots = l.graph.orphans()
	}
	f.Packages = l.graph.packages()
	return problems{}
}
