package dependency

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// parsePodfileLock reads a Podfile.lock of CocoaPods: under PODS the pods and their subspecs, each with what it needs;
// DEPENDENCIES are what the Podfile names, and so direct; EXTERNAL SOURCES say which pods come from a folder, which are the
// project's own, from a repository or from a podspec elsewhere; SPEC REPOS say which come from which. A subspec is its pod. A pod
// from git has the version that the lock gives. The file does not say what is for development.
//
// The form is told by CocoaPods' own source, lib/cocoapods-core/lockfile.rb.
func parsePodfileLock(data []byte, _ *memory) (File, problems) {
	var file File
	docs, bad, fatal := readYAML(data)
	if fatal != nil {
		bad.list = append(bad.list, *fatal)
		return file, bad
	}
	doc := docs[0]
	checkEnd(data, doc, &bad)
	switch pods := doc.get("PODS"); {
	case doc.kind != yamlMapping || pods.kind != yamlSequence && doc.get("DEPENDENCIES").kind == yamlNull && doc.get("COCOAPODS").kind == yamlNull:
		return file, problems{list: append(bad.list, problem{kind: gap.Syntax, line: 1, detail: "no \"PODS\""})}
	case len(pods.items) > mostEntries:
		return file, problems{list: append(bad.list, problem{kind: gap.TooLarge, detail: fmt.Sprintf("over %d pods", mostEntries)})}
	case doc.get("COCOAPODS").kind == yamlNull:
		bad.add(gap.Truncated, func() (int, string, string) {
			return lineOf(data, len(data)-1), "", "no \"COCOAPODS\", which CocoaPods always writes last"
		})
	}
	l := podLock{doc: doc, bad: &bad, at: map[string]int32{}}
	l.origins()
	l.declare()
	l.connect()
	if l.graph.full() {
		return file, problems{list: []problem{{kind: gap.TooLarge, detail: fmt.Sprintf("over %d needs", mostNeeds)}}}
	}
	file.Packages, file.Edges = l.graph.packages(), true
	return file, bad
}

type podLock struct {
	doc   *yamlNode
	bad   *problems
	graph lockGraph
	at    map[string]int32 // pod → node, or absent if it names no package
	own   map[string]bool  // pods from a folder
	hints map[string][]Hint
}

var podEntry = regexp.MustCompile(`^([^\s()]+)(?: \(([^()]*)\))?$`)

// podOf gives the pod of an entry, which may be one of its subspecs, and the version behind it.
func podOf(entry string) (pod, version string, ok bool) {
	m := podEntry.FindStringSubmatch(entry)
	if m == nil {
		return "", "", false
	}
	pod, _, _ = strings.Cut(m[1], "/")
	return pod, m[2], true
}

// origins reads where pods come from.
func (l *podLock) origins() {
	l.own, l.hints = map[string]bool{}, map[string][]Hint{}
	for _, e := range l.doc.get("EXTERNAL SOURCES").pairs {
		if e.value.get(":path").kind != yamlNull {
			l.own[e.key] = true
		}
		if git := e.value.get(":git"); git.kind == yamlScalar {
			l.hints[e.key] = appendHint(l.hints[e.key], "vcs", git.text)
		}
	}
	for _, repo := range l.doc.get("SPEC REPOS").pairs {
		for _, pod := range repo.value.items {
			l.hints[pod.text] = appendHint(l.hints[pod.text], "registry", repo.key) // trunk, the public one, has no address here
		}
	}
}

// entry gives what an item of PODS says: itself, or itself with what it needs below.
func (l *podLock) entry(item *yamlNode) (text string, line int, needs []*yamlNode) {
	if item.kind == yamlMapping && len(item.pairs) == 1 {
		return item.pairs[0].key, int(item.pairs[0].line), item.pairs[0].value.items
	}
	return item.text, int(item.line), nil
}

// declare makes a node of each pod.
func (l *podLock) declare() {
	for _, item := range l.doc.get("PODS").items {
		text, line, _ := l.entry(item)
		pod, version, ok := podOf(text)
		if !ok {
			l.bad.add(gap.Syntax, func() (int, string, string) { return line, short(text), "not a pod" })
			continue
		}
		if _, seen := l.at[pod]; seen {
			continue
		}
		l.at[pod] = absent
		node := lockNode{line: line, own: l.own[pod], hints: l.hints[pod]}
		if !node.own {
			id, err := podPURL(pod, version)
			if refused(l.bad, err, id, text, line) {
				continue
			}
			node.id = id
		}
		l.at[pod] = int32(len(l.graph.nodes))
		l.graph.nodes = append(l.graph.nodes, node)
	}
}

// connect finds what everything needs.
func (l *podLock) connect() {
	var lost lostNames
	for _, item := range l.doc.get("PODS").items {
		text, _, needs := l.entry(item)
		pod, _, _ := podOf(text)
		from, ok := l.at[pod]
		if !ok || from < 0 {
			continue
		}
		for _, need := range needs {
			name, _, _ := podOf(need.text)
			if to, ok := l.at[name]; ok && to != from { // what is for another platform stands nowhere
				l.graph.nodes[from].needs = l.graph.need(l.graph.nodes[from].needs, lockNeed{to: to, scope: Runtime})
			}
		}
	}
	for _, item := range l.doc.get("DEPENDENCIES").items {
		name, _, _ := strings.Cut(item.text, " ") // a requirement, or (from `…`), stands behind it
		pod, _, _ := strings.Cut(name, "/")
		to, ok := l.at[pod]
		if !ok {
			lost.add(pod, int(item.line))
			continue
		}
		l.graph.roots = l.graph.need(l.graph.roots, lockNeed{to: to, scope: Runtime})
	}
	lost.tell(l.bad, nil)
}

var (
	podName    = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.+-]*$`)
	podVersion = regexp.MustCompile(`^[0-9][0-9A-Za-z.+-]*$`)
)

func podPURL(name, version string) (identity, error) {
	switch {
	case !podName.MatchString(name):
		return identity{}, errors.New("not a name of a pod")
	case !podVersion.MatchString(version):
		return identity{}, errors.New("not a version of a pod")
	}
	return newPURL("cocoapods", "", name, version)
}
