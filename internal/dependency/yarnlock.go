package dependency

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
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
	file.settle(&file, project{})
	return file, bad
}

// yarnLock reads a yarn.lock of version 1.
type yarnLock struct {
	yarnEntries
	seen *memory
	bad  *problems
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
			end := 1
			for end < len(s) && s[end] != '"' {
				if s[end] == '\\' {
					end++
				}
				end++
			}
			if end >= len(s) {
				return nil, false, errors.New("a quote that does not end")
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

// A yarnEntry is one entry of either kind of yarn.lock.
type yarnEntry struct {
	keys     []string // requirements: name@range
	line     int
	version  string
	resolved string // version 1: the address; later: name@reference
	soft     bool
	needs    []yarnNeed
}

type yarnNeed struct {
	name, spec string
	optional   bool
	line       int
}

func (n yarnNeed) scope() Scope {
	if n.optional {
		return Optional
	}
	return Runtime
}

// yarnEntries are the entries of either kind of yarn.lock.
type yarnEntries struct {
	entries []*yarnEntry
	graph   lockGraph
	at      map[string]int32 // requirement → node
	only    map[string]int32 // name → its node, if it has one only; else several
	needs   int
}

const several int32 = -3

var tooManyEntries = problem{kind: gap.TooLarge, detail: fmt.Sprintf("over %d entries or %d needs", mostEntries, mostNeeds)}

func newYarnEntries() yarnEntries {
	return yarnEntries{at: map[string]int32{}, only: map[string]int32{}}
}

func (l *yarnEntries) tooMany() bool { return l.needs >= mostNeeds || len(l.entries) >= mostEntries }

// open begins an entry.
func (l *yarnEntries) open(keys []string, line int) *yarnEntry {
	e := &yarnEntry{keys: keys, line: line}
	if len(l.entries) < mostEntries {
		l.entries = append(l.entries, e)
	}
	return e
}

// require adds what an entry needs.
func (l *yarnEntries) require(e *yarnEntry, name, spec string, optional bool, line int) {
	if l.needs++; l.needs < mostNeeds {
		e.needs = append(e.needs, yarnNeed{name, spec, optional, line})
	}
}

// declare adds the node of an entry under its requirements.
func (l *yarnEntries) declare(e *yarnEntry, node lockNode, bad *problems) {
	i := int32(len(l.graph.nodes))
	l.graph.nodes = append(l.graph.nodes, node)
	for _, key := range e.keys {
		if _, ok := l.at[key]; ok {
			bad.add(gap.DuplicateKeys, func() (int, string, string) {
				return e.line, short(key), "two entries for one requirement; the last one counts"
			})
		}
		l.index(key, i)
		if bare, _, bound := strings.Cut(key, "::"); bound { // parameters that the requirement elsewhere does not have
			l.index(bare, i)
		}
	}
}

// incomplete tells of an entry that says neither its version nor where it comes from.
func (l *yarnEntries) incomplete(e *yarnEntry, bad *problems) bool {
	if e.version != "" || e.resolved != "" {
		return false
	}
	bad.add(gap.Truncated, func() (int, string, string) { return e.line, short(e.keys[0]), "an entry without a version" })
	return true
}

// refuse notes the requirements of an entry that has no node.
func (l *yarnEntries) refuse(e *yarnEntry) {
	for _, key := range e.keys {
		l.index(key, absent)
	}
}

func (l *yarnEntries) index(key string, node int32) {
	l.at[key] = node
	name, _ := splitNPM(key)
	if have, ok := l.only[name]; ok && have != node {
		node = several
	}
	l.only[name] = node
}

// find gives the node that a requirement leads to, absent if its entry has none. A requirement that "resolutions" override is not among the keys: then
// it is the one entry of that name.
func (l *yarnEntries) find(name, spec string) (int32, bool) {
	for _, key := range [...]string{name + "@" + spec, name + "@npm:" + spec} {
		if i, ok := l.at[key]; ok {
			return i, true
		}
	}
	i, ok := l.only[name]
	return i, ok && i != several
}

// connect finds what each entry needs; entries and nodes correspond.
func (l *yarnEntries) connect(bad *problems) {
	var lost lostNames
	for i, e := range l.entries {
		for _, need := range e.needs {
			to, ok := l.find(need.name, need.spec)
			if ok && to != int32(i) {
				l.graph.nodes[i].needs = l.graph.need(l.graph.nodes[i].needs, lockNeed{to: to, scope: need.scope()})
			} else if _, known := l.only[need.name]; !ok && !known && !need.optional && !isLocal(need.spec) {
				lost.add(need.name+"@"+need.spec, need.line)
			}
		}
	}
	lost.tell(bad)
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
	l.connect(l.bad)
}

// settle tells what is direct and what is for development, by the manifests at hand.
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
	if p.manifests["."] == nil || !p.complete {
		l.graph.roots = append(l.graph.roots, l.graph.orphans()...)
	}
	f.Packages = l.graph.packages()
	return bad
}
