package dependency

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// parseMixLock reads a mix.lock: a map from the name of an application to
//
//	{:hex, :package, "version", "checksum", [managers], [{:application, "requirement", options}], "repository", "checksum"}
//
// (older ones end sooner) or {:git, "address", "commit", options}. A package of an organisation, from the repository
// "hexpm:organisation", has that for its namespace. What comes from git is its commit.
//
// Which of them the project itself names stands in mix.exs, which is a program. Direct is what no other needs: an
// optional need does not count, for Mix installs such a package only where somebody names it. What a package from git
// needs is not in the file. The file does not say what is for development.
//
// The form is told by Hex's own source, lib/hex/utils.ex and lib/hex/mix.ex, and by Mix's, lib/mix/dep/lock.ex.
func parseMixLock(data []byte, _ *memory) (File, problems) {
	var file File
	text, fatal := guardText(data)
	if fatal != nil {
		return file, problems{list: []problem{*fatal}}
	}
	top, fatal := readTerm(string(text))
	switch {
	case fatal != nil:
		return file, problems{list: []problem{*fatal}}
	case top.kind != termMap:
		return file, problems{list: []problem{{kind: gap.Syntax, line: int(top.line), detail: "not a map"}}}
	case len(top.items) > mostEntries:
		return file, problems{list: []problem{{kind: gap.TooLarge, detail: fmt.Sprintf("over %d packages", mostEntries)}}}
	}
	var bad problems
	l := mixLock{bad: &bad, at: map[string]int32{}}
	last := map[string]int{} // of doubled keys the last one counts
	for i, key := range top.keys {
		if _, ok := last[key.text]; ok {
			bad.add(gap.DuplicateKeys, func() (int, string, string) {
				return int(key.line), "", fmt.Sprintf("the key %.80q stands twice in one map; the last one counts", key.text)
			})
		}
		last[key.text] = i
	}
	for i := range top.keys {
		if last[top.keys[i].text] == i {
			l.entry(&top.keys[i], &top.items[i])
		}
	}
	l.connect(false)
	l.graph.roots = l.graph.orphans()
	l.connect(true)
	file.Packages, file.Edges = l.graph.packages(), true
	return file, bad
}

type mixLock struct {
	bad   *problems
	graph lockGraph
	at    map[string]int32 // application → node
	needs []*term          // by node: the list of what it needs
}

var hexName = regexp.MustCompile(`^[A-Za-z0-9_]+$`)

func (l *mixLock) entry(key, value *term) {
	node := lockNode{line: int(key.line)}
	var err error
	needs := &term{}
	switch kind := value.at(0); {
	case value.kind != termTuple || kind.kind != termAtom:
		l.bad.add(gap.Syntax, func() (int, string, string) {
			return node.line, short(key.text), "not a tuple that begins with a kind of source"
		})
		return
	case kind.text == "hex":
		if value.at(1).kind != termAtom || value.at(2).kind != termString {
			l.bad.add(gap.Syntax, func() (int, string, string) {
				return node.line, short(key.text), "a package without a name or a version"
			})
			return
		}
		node.id, err = hexPURL(value.at(6).text, value.at(1).text, value.at(2).text)
		needs = value.at(5)
	case kind.text == "git":
		if value.at(1).kind != termString || value.at(2).kind != termString {
			l.bad.add(gap.Syntax, func() (int, string, string) {
				return node.line, short(key.text), "a repository without an address or a commit"
			})
			return
		}
		node.id, node.hints, err = mixGit(key.text, value.at(1).text, value.at(2).text)
	default:
		l.bad.add(gap.Unsupported, func() (int, string, string) { return node.line, short(key.text), "source :" + short(kind.text) })
		return
	}
	if refused(l.bad, err, node.id, key.text, node.line) {
		return
	}
	l.at[key.text] = int32(len(l.graph.nodes))
	l.graph.nodes = append(l.graph.nodes, node)
	l.needs = append(l.needs, needs)
}

func hexPURL(repository, name, version string) (identity, error) {
	organisation := ""
	if base, rest, ok := strings.Cut(repository, ":"); ok && base == "hexpm" {
		organisation = rest
	}
	if !hexName.MatchString(name) || organisation != "" && !hexName.MatchString(organisation) {
		return identity{}, errors.New("not a name of a Hex package")
	}
	return newPURL("hex", organisation, name, version)
}

func mixGit(name, address, commit string) (identity, []Hint, error) {
	if !hexName.MatchString(name) {
		return identity{}, nil, errors.New("not a name of an application")
	}
	if commit = strings.ToLower(commit); !commitHash.MatchString(commit) {
		return identity{}, nil, errors.New("not a commit")
	}
	return gitIdentity(name, address, commit)
}

// connect adds the needs that are optional, or those that are not.
func (l *mixLock) connect(optional bool) {
	for i, needs := range l.needs {
		node := &l.graph.nodes[i]
		for k := range needs.items {
			need := &needs.items[k]
			to, ok := l.at[need.at(0).text]
			if ok && (need.at(2).get("optional").text == "true") == optional {
				node.needs = l.graph.need(node.needs, lockNeed{to: to, scope: Runtime})
			}
		}
	}
}
