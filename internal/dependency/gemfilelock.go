package dependency

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// parseGemfileLock reads a Gemfile.lock, or a gems.locked, of any version of Bundler: sections with a name in the first
// column; in those of sources (GEM, GIT, PATH, PLUGIN SOURCE) options, then "specs:" and below it gems, four blanks in, and
// what each needs, six blanks in. Gems from PATH are the project's own. What DEPENDENCIES names is direct, and so is what
// the project's own gems need. A gem built for several platforms is one package. A gem from git has the version that the
// lock gives. The file does not say what is for development: that stands in the Gemfile, which is a program.
//
// The form is told by Bundler's own source, lib/bundler/lockfile_parser.rb.
func parseGemfileLock(data []byte, _ *memory) (File, problems) {
	var file File
	text, fatal := guardText(data)
	if fatal != nil {
		return file, problems{list: []problem{*fatal}}
	}
	var bad problems
	checkEnd(text, nil, &bad)
	l := gemLock{bad: &bad, byName: map[string][]int32{}, byVersion: map[string]int32{}}
	line := 0
	for raw := range bytes.Lines(text) {
		line++
		if len(l.graph.nodes) >= mostEntries || l.needs >= mostNeeds {
			return file, problems{list: []problem{{kind: gap.TooLarge, line: line, detail: fmt.Sprintf("over %d gems or %d needs", mostEntries, mostNeeds)}}}
		}
		l.line(string(bytes.TrimRight(raw, "\r\n")), line)
	}
	switch {
	case !l.known:
		return file, problems{list: []problem{{kind: gap.Syntax, line: 1, detail: "no section of a Gemfile.lock"}}}
	case !l.ended:
		bad.add(gap.Truncated, func() (int, string, string) { return line, "", "no DEPENDENCIES, which Bundler always writes" })
	}
	l.connect()
	if l.graph.full() {
		return file, problems{list: []problem{{kind: gap.TooLarge, detail: fmt.Sprintf("over %d needs", mostNeeds)}}}
	}
	file.Root = l.root
	file.Packages, file.Edges = l.graph.packages(), true
	return file, bad
}

type gemLock struct {
	bad       *problems
	graph     lockGraph
	byName    map[string][]int32 // gem → nodes: of several versions, where platforms have different ones
	byVersion map[string]int32   // "gem version" → node
	named     []gemNeed          // by each gem
	direct    []gemNeed          // by DEPENDENCIES
	needs     int
	root      string // the gem that the project is

	section string
	known   bool // a section of a source, or DEPENDENCIES, was seen
	ended   bool // DEPENDENCIES was seen
	source  gemSource
	at      int32 // the gem that lines of needs belong to, or absent
}

// A gemSource is a section of a source.
type gemSource struct {
	remotes []string
	specs   bool // "specs:" was seen
}

// A gemNeed is a line that names what is needed.
type gemNeed struct {
	from int32
	name string
	line int
}

var (
	gemSection = regexp.MustCompile(`^[A-Z][A-Z ]*$`)
	gemOption  = regexp.MustCompile(`^  ([A-Za-z_]+):(?: (.*))?$`)
	gemEntry   = regexp.MustCompile(`^([^\s()!]+)(?: \(([^()]*)\))?(!)?$`)
	gemName    = regexp.MustCompile(`^[A-Za-z0-9._-]+$`)
	gemVersion = regexp.MustCompile(`^[0-9]+(\.[0-9A-Za-z]+)*$`)
)

func (l *gemLock) line(text string, line int) {
	switch {
	case strings.TrimSpace(text) == "":
		return
	case strings.HasPrefix(text, "<<<<<<<"), strings.HasPrefix(text, "======="), strings.HasPrefix(text, ">>>>>>>"), strings.HasPrefix(text, "|||||||"):
		l.wrong(line, text, "a merge that was not finished")
		return
	case text[0] != ' ':
		l.begin(text, line)
		return
	}
	switch l.section {
	case "DEPENDENCIES":
		e := gemEntry.FindStringSubmatch(strings.TrimPrefix(text, "  "))
		if e == nil {
			l.wrong(line, text, "not a dependency")
			return
		}
		l.need(&l.direct, gemNeed{from: absent, name: e[1], line: line})
	case "GEM", "GIT", "PATH", "PLUGIN SOURCE":
		l.ofSource(text, line)
	}
}

func (l *gemLock) wrong(line int, text, why string) {
	l.bad.add(gap.Syntax, func() (int, string, string) { return line, short(strings.TrimSpace(text)), why })
}

// begin begins a section. Those that name no gems, and those of later versions, are passed over.
func (l *gemLock) begin(text string, line int) {
	l.section, l.source, l.at = text, gemSource{}, absent
	switch text {
	case "GEM", "GIT", "PATH", "PLUGIN SOURCE":
		l.known = true
	case "DEPENDENCIES":
		l.known, l.ended = true, true
	default:
		if !gemSection.MatchString(text) {
			l.wrong(line, text, "not a section")
		}
	}
}

// ofSource reads a line in the section of a source.
func (l *gemLock) ofSource(text string, line int) {
	entry := strings.TrimLeft(text, " ")
	indent := len(text) - len(entry)
	if o := gemOption.FindStringSubmatch(text); o != nil && indent == 2 {
		switch {
		case o[1] == "specs":
			l.source.specs = true
		case o[1] == "remote" && len(l.source.remotes) < mostHints:
			l.source.remotes = append(l.source.remotes, o[2])
		}
		return
	}
	e := gemEntry.FindStringSubmatch(entry)
	switch {
	case e == nil || !l.source.specs || indent != 4 && indent != 6:
		l.wrong(line, text, "neither an option, a gem, nor what one needs")
	case indent == 4:
		l.gem(e[1], e[2], line)
	case l.at >= 0:
		l.need(&l.named, gemNeed{from: l.at, name: e[1], line: line})
	}
}

func (l *gemLock) need(list *[]gemNeed, n gemNeed) {
	l.needs++
	*list = append(*list, n)
}

// gem notes a gem. Behind the first "-" of its version stands the platform that it is built for.
func (l *gemLock) gem(name, version string, line int) {
	version, _, _ = strings.Cut(version, "-")
	key := name + " " + version
	if i, ok := l.byVersion[key]; ok {
		l.at = i
		return
	}
	l.at = absent
	node := lockNode{line: line}
	if l.section == "PATH" {
		node.own = true
		if len(l.source.remotes) == 1 && l.source.remotes[0] == "." {
			l.root = name
		}
	} else {
		id, err := gemPURL(name, version)
		if refused(l.bad, err, id, key, line) {
			l.byVersion[key], l.byName[name] = absent, append(l.byName[name], absent)
			return
		}
		node.id = id
		kind := map[string]string{"GEM": "registry", "GIT": "vcs"}[l.section]
		for _, remote := range l.source.remotes {
			if kind != "" {
				node.hints = appendHint(node.hints, kind, remote)
			}
		}
	}
	l.at = int32(len(l.graph.nodes))
	l.graph.nodes = append(l.graph.nodes, node)
	l.byVersion[key], l.byName[name] = l.at, append(l.byName[name], l.at)
}

func gemPURL(name, version string) (identity, error) {
	switch {
	case !gemName.MatchString(name):
		return identity{}, errors.New("not a name of a gem")
	case !gemVersion.MatchString(version):
		return identity{}, errors.New("not a version of a gem")
	}
	return newPURL("gem", "", name, version)
}

// connect finds what everything needs. What DEPENDENCIES names may be missing, where it is for another platform, and so may
// Bundler itself, which no lockfile holds.
func (l *gemLock) connect() {
	var lost lostNames
	for _, n := range l.named {
		to, ok := l.byName[n.name]
		if !ok && n.name != "bundler" {
			lost.add(n.name, n.line)
		}
		for _, i := range to {
			l.graph.nodes[n.from].needs = l.graph.need(l.graph.nodes[n.from].needs, lockNeed{to: i, scope: Runtime})
		}
	}
	for _, n := range l.direct {
		for _, i := range l.byName[n.name] {
			l.graph.roots = l.graph.need(l.graph.roots, lockNeed{to: i, scope: Runtime})
		}
	}
	lost.tell(l.bad, nil)
}
