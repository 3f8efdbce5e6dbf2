package dependency

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// A manifest is what a package.json says about a project.
type manifest struct {
	name       string
	workspaces []string // patterns of its members' folders
	manager    string   // the package manager that packageManager names, without its version
	wants      []want
}

// A want is a name in one of the groups of dependencies.
type want struct {
	name, spec string
	scope      Scope
	line       int
	peer       bool // in no group but that of peers, which not everyone installs
}

// manifestGroups are the groups of dependencies, the one first whose requirement counts where a name stands in several.
var manifestGroups = []struct {
	key   string
	scope Scope
}{
	{"optionalDependencies", Optional}, // npm lets it override dependencies
	{"dependencies", Runtime},
	{"devDependencies", Dev},
	{"peerDependencies", Runtime},
}

// parsePackageJSON reads a package.json as the manifest that it is: what the project wants, in whatever group, all of it
// direct. Only a requirement that admits a single version gives one. The project's own parts, in folders, are no packages.
//
// https://docs.npmjs.com/cli/v11/configuring-npm/package-json
func parsePackageJSON(data []byte, seen *memory) (File, problems) {
	var file File
	text, bad, fatal := guardJSON(data)
	if fatal != nil {
		return file, problems{list: []problem{*fatal}}
	}
	r := jsonReader{data: text}
	switch r.peek() {
	case '{':
	case 'n':
		return file, problems{list: []problem{{kind: gap.Empty, line: 1, detail: "null"}}}
	default:
		return file, problems{list: []problem{{kind: gap.Syntax, line: 1, detail: "not an object"}}}
	}
	m := &manifest{}
	groups := map[string][]want{}
	optionalPeers := map[string]bool{}
	n := 0
	r.object(func(key []byte) {
		group := string(key)
		switch group {
		case "name":
			m.name = r.text()
		case "packageManager":
			m.manager, _, _ = strings.Cut(r.text(), "@")
		case "workspaces":
			m.workspaces = r.workspaces()
		case "dependencies", "devDependencies", "optionalDependencies", "peerDependencies":
			groups[group] = nil
			r.object(func(key []byte) {
				w := want{name: string(key), line: r.line(), spec: r.text()}
				if n++; n <= mostNames {
					groups[group] = append(groups[group], w)
				}
			})
		case "peerDependenciesMeta":
			r.object(func(key []byte) {
				name := string(key)
				r.object(func(key []byte) {
					if string(key) == "optional" {
						optionalPeers[name] = r.truth()
					} else {
						r.skip()
					}
				})
			})
		default:
			r.skip()
		}
	})
	if n > mostNames {
		bad.list = append(bad.list, problem{kind: gap.TooLarge, detail: fmt.Sprintf("over %d dependencies", mostNames)})
		return file, bad
	}
	at := map[string]int{} // name → index in wants
	for _, g := range manifestGroups {
		for _, w := range groups[g.key] {
			w.scope, w.peer = g.scope, g.key == "peerDependencies"
			if w.peer && optionalPeers[w.name] {
				w.scope = Optional
			}
			if i, ok := at[w.name]; ok {
				if g.key != "dependencies" { // which optionalDependencies override
					m.wants[i].scope = widest(m.wants[i].scope, w.scope)
				}
				continue
			}
			at[w.name] = len(m.wants)
			m.wants = append(m.wants, w)
		}
	}
	packages := newPackages()
	for _, w := range m.wants {
		w.declare(packages, seen, &bad)
	}
	file.Root = m.name
	file.Packages = packages.sorted()
	file.manifest = m
	return file, bad
}

// workspaces gives the patterns of a list of workspaces, which may stand in an object with more about them.
func (r *jsonReader) workspaces() []string {
	var patterns []string
	list := func() {
		r.array(func() {
			if p := r.text(); len(patterns) < mostPatterns {
				patterns = append(patterns, p)
			}
		})
	}
	if r.peek() != '{' {
		list()
		return patterns
	}
	r.object(func(key []byte) {
		if string(key) == "packages" {
			list()
		} else {
			r.skip()
		}
	})
	return patterns
}

// mostPatterns bounds the patterns of workspaces. Real projects have under 50.
const mostPatterns = 200

// declare adds the package behind a want, if it is not a folder of the project.
func (w want) declare(packages *packageSet, seen *memory, bad *problems) {
	name, spec := w.target()
	version, source := "", ""
	switch {
	case isLocal(spec):
		return
	case isForgeShorthand(spec):
		source = "github:" + spec
	case strings.Contains(spec, "://"), strings.HasPrefix(spec, "git@"), strings.HasPrefix(spec, "github:"), strings.HasPrefix(spec, "gitlab:"), strings.HasPrefix(spec, "bitbucket:"), strings.HasPrefix(spec, "gist:"):
		source = spec
	default:
		if m := oneVersion.FindStringSubmatch(spec); m != nil {
			version = m[1]
		}
	}
	id, hints, err := seen.identity(name, version, source)
	if !refused(bad, err, id, w.name, w.line) {
		packages.add(id.key, Package{PURL: id.purl, Name: id.name, Version: id.version, Direct: true, Scope: w.scope, Line: w.line, Hints: hints})
	}
}

// missing tells that a lockfile does not hold what its project wants; without that, nobody would miss it.
func (w want) missing(bad *problems) {
	if w.peer || w.scope == Optional || isLocal(w.spec) {
		return
	}
	bad.add(gap.Truncated, func() (int, string, string) {
		return 0, short(w.name), "named in package.json and not in this file, which is cut or out of date"
	})
}

// aRange is how a range of versions begins, in contrast to a name.
var aRange = regexp.MustCompile(`^([\^~<>=v ]*[0-9]|\*|x$|$)`)

// target gives the name behind an alias, and what is required of it.
func (w want) target() (name, spec string) {
	spec = strings.TrimSpace(w.spec)
	if rest, ok := strings.CutPrefix(spec, "patch:"); ok { // patch:name@npm%3A1.2.3#…, as yarn writes it
		rest, _, _ = strings.Cut(rest, "#")
		if decoded, err := url.PathUnescape(rest); err == nil {
			rest = decoded
		}
		name, spec = splitNPM(rest)
		return name, strings.TrimPrefix(spec, "npm:")
	}
	if rest, ok := strings.CutPrefix(spec, "npm:"); ok {
		if aRange.MatchString(rest) && !strings.Contains(rest, "@") { // npm:^1.2.3, as yarn writes it
			return w.name, rest
		}
		return splitNPM(rest)
	}
	if rest, ok := strings.CutPrefix(spec, "jsr:"); ok { // to npm's world, JSR has its packages under one scope
		name, spec = w.name, rest
		if strings.HasPrefix(rest, "@") {
			name, spec = splitNPM(rest)
		}
		scope, base, _ := strings.Cut(strings.TrimPrefix(name, "@"), "/")
		return "@jsr/" + scope + "__" + base, spec
	}
	return w.name, spec
}

// isLocal says whether a requirement names a folder or an archive of the project itself.
func isLocal(spec string) bool {
	for _, prefix := range []string{"file:", "link:", "portal:", "workspace:", "exec:", "root:", "./", "../", "~/", "/"} {
		if strings.HasPrefix(spec, prefix) {
			return true
		}
	}
	return strings.HasSuffix(spec, ".tgz") && !strings.Contains(spec, "://")
}

// isForgeShorthand says whether a requirement is GitHub's owner/repository, with or without "#commit".
func isForgeShorthand(spec string) bool {
	path, _, _ := strings.Cut(spec, "#")
	owner, repo, ok := strings.Cut(path, "/")
	return ok && owner != "" && repo != "" && owner[0] != '@' && !strings.ContainsAny(path, ": ") && !strings.Contains(repo, "/")
}
