package dependency

import (
	"fmt"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

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

// connect finds what each entry needs, and gives what has no entry; entries and nodes correspond.
func (l *yarnEntries) connect() (lost lostNames) {
	for i, e := range l.entries {
		for _, need := range e.needs {
			to, ok := l.find(need.name, need.spec)
			if ok && to != int32(i) {
				l.graph.nodes[i].needs = l.graph.need(l.graph.nodes[i].needs, lockNeed{to: to, scope: need.scope()})
			} else if _, known := l.only[need.name]; !ok && !known && !need.optional && !isLocal(need.spec) {
				lost.add(need.name, need.line)
			}
		}
	}
	return lost
}
