package dependency

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// parseYarnLock reads a yarn.lock: of yarn from version 2 on it is YAML (yarnberry.go), of version 1 a text of its own kind,
// entries under the requirements that led to them, each with its dependencies and optionalDependencies by requirement.
//
// That file does not say what the project names: a package.json does, where it is at hand. Where none is, or one of a
// workspace is missing, the packages that no other needs are direct as well: yarn keeps none that nobody named.
//
// https://classic.yarnpkg.com/lang/en/docs/yarn-lock/ and yarnpkg/yarn, src/lockfile/parse.js
func parseYarnLock(data []byte, seen *memory) (File, problems) {
	var file File
	var bad problems
	text, fatal := guardText(data)
	if fatal != nil {
		return file, problems{list: []problem{*fatal}}
	}
	if bytes.HasPrefix(text, []byte("__metadata:")) || bytes.Contains(text, []byte("\n__metadata:")) {
		return parseYarnBerry(data, seen)
	}
	l := yarnLock{seen: seen, bad: &bad, yarnEntries: newYarnEntries()}
	if p := l.read(text); p != nil {
		bad.list = append(bad.list, *p)
		if p.kind != gap.Truncated {
			return file, bad
		}
	} else if len(l.entries) == 0 && !bytes.Contains(text, []byte("yarn lockfile")) {
		bad.list = append(bad.list, problem{kind: gap.Empty})
		return file, bad
	}
	checkEnd(data, nil, &bad)
	if l.tooMany() {
		bad.list = append(bad.list, tooManyEntries)
		return file, bad
	}
	l.resolve()
	file.settle = l.settle
	file.Edges = true
	l.settle(&file, project{})
	return file, bad
}

// yarnLock reads a yarn.lock of version 1.
type yarnLock struct {
	yarnEntries
	seen *memory
	bad  *problems
	lost lostNames // those of workspace members too, where a package needs one
}

// read reads the lines. What it says of a file that is cut is kept.
func (l *yarnLock) read(text []byte) *problem {
	var e *yarnEntry
	group, optional := false, false
	line, open := 0, false
	for raw := range bytes.Lines(text) {
		line++
		s := strings.TrimRight(string(raw), "\r\n")
		content := strings.TrimLeft(s, " ")
		indent := len(s) - len(content)
		if content == "" || content[0] == '#' {
			continue
		}
		words, opens, err := yarnWords(content)
		if err == nil {
			switch {
			case indent == 0 && opens && len(words) > 0:
				e, group = l.open(words, line), false
			case indent == 2 && e != nil && opens && len(words) == 1:
				group, optional = true, words[0] == "optionalDependencies"
			case indent == 2 && e != nil && !opens && len(words) == 2:
				group = false
				switch words[0] {
				case "version":
					e.version = words[1]
				case "resolved":
					e.resolved = words[1]
				}
			case indent == 4 && group && !opens && len(words) == 2:
				l.require(e, words[0], words[1], optional, line)
			default:
				err = errors.New("not a line of a yarn.lock")
				if strings.HasPrefix(content, "<<<<<<<") || strings.HasPrefix(content, "=======") || strings.HasPrefix(content, ">>>>>>>") {
					err = errors.New("a merge that was not finished")
				}
			}
		}
		if err != nil {
			kind := gap.Syntax
			if !bytes.HasSuffix(raw, []byte{'\n'}) {
				kind = gap.Truncated
			}
			return &problem{kind: kind, line: line, detail: err.Error()}
		}
		open = opens
	}
	if open {
		return &problem{kind: gap.Truncated, line: line, detail: "ends behind a colon"}
	}
	return nil
}

// yarnWords splits a line at its spaces and commas, and says whether it ends in a colon.
func yarnWords(s string) (words []string, opens bool, err error) {
	for s != "" {
		switch s[0] {
		case ' ', ',':
			s = s[1:]
		case ':':
			if strings.TrimSpace(s[1:]) != "" {
				return nil, false, errors.New("text behind a colon")
			}
			return words, true, nil
		case '"':
			end, plain := 1, true
			for end < len(s) && s[end] != '"' {
				if s[end] == '\\' {
					end++
					plain = false
				}
				plain = plain && s[end-1] >= ' '
				end++
			}
			if end >= len(s) {
				return nil, false, errors.New("a quote that does not end")
			}
			if plain { // nearly all
				words, s = append(words, strings.Clone(s[1:end])), s[end+1:]
				continue
			}
			var word string
			if err := json.Unmarshal([]byte(s[:end+1]), &word); err != nil {
				return nil, false, errors.New("a quote that cannot be read")
			}
			words, s = append(words, word), s[end+1:]
		default:
			end := strings.IndexAny(s, " ,:")
			// A bare word may hold a colon, but not at its end.
			for end >= 0 && s[end] == ':' && end+1 < len(s) && s[end+1] != ' ' && s[end+1] != ',' {
				next := strings.IndexAny(s[end+1:], " ,:")
				if next < 0 {
					end = -1
				} else {
					end += 1 + next
				}
			}
			if end < 0 {
				end = len(s)
			}
			words, s = append(words, s[:end]), s[end:]
		}
	}
	return words, false, nil
}

// resolve makes the nodes of a file of version 1.
func (l *yarnLock) resolve() {
	kept := l.entries[:0]
	for _, e := range l.entries {
		name, spec := splitNPM(e.keys[0])
		if alias, ok := strings.CutPrefix(spec, "npm:"); ok {
			name, spec = splitNPM(alias)
		}
		node := lockNode{line: e.line, own: isLocal(spec) || strings.HasPrefix(e.resolved, "file:")}
		if !node.own {
			source := e.resolved
			if _, _, ok := gitSource(source); !ok {
				source, _, _ = strings.Cut(source, "#") // a checksum
			}
			id, hints, err := l.seen.identity(name, e.version, source)
			if l.incomplete(e, l.bad) || refused(l.bad, err, id, e.keys[0], e.line) {
				l.refuse(e)
				continue
			}
			node.id, node.hints = id, hints
		}
		kept = append(kept, e)
		l.declare(e, node, l.bad)
	}
	l.entries = kept
	l.lost = l.connect()
}

// settle tells what is direct and what is for development, by the manifests at hand, and what is missing.
func (l *yarnLock) settle(f *File, p project) (bad problems) {
	l.graph.roots = nil
	members := map[string]bool{}
	for _, m := range p.manifests {
		members[m.name] = true
	}
	for _, dir := range slices.Sorted(maps.Keys(p.manifests)) {
		for _, w := range p.manifests[dir].wants {
			if i, ok := l.find(w.name, w.spec); ok && i >= 0 {
				l.graph.roots = append(l.graph.roots, lockNeed{to: i, scope: w.scope})
			} else if _, known := l.only[w.name]; !known && p.complete && !members[w.name] {
				w.missing(&bad)
			}
		}
	}
	if root := p.manifests["."]; root == nil || p.complete || len(root.workspaces) == 0 {
		l.lost.tell(&bad, members)
	}
	if p.manifests["."] == nil || !p.complete {
		l.graph.roots = append(l.graph.roots, l.graph.orphans()...)
	}
	f.Packages = l.graph.packages()
	return bad
}
