package dependency

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// parseComposerLock reads a composer.lock: "packages" are for running, "packages-dev" for development. Direct is what the
// composer.json beside it requires; without one, what no other package needs. What a package requires may be what another
// one replaces or provides. Requirements on the platform (PHP, its extensions, Composer itself) are no packages; packages
// from a folder are the project's own. A version that is a branch is none: then it is the commit, on a forge that has
// package URLs of its own.
//
// The form is told by Composer's own source, src/Composer/Package/Locker.php, and https://getcomposer.org/doc/04-schema.md.
func parseComposerLock(data []byte, near nearby) (File, problems) {
	var file File
	text, bad, fatal := guardJSON(data)
	if fatal != nil {
		return file, problems{list: []problem{*fatal}}
	}
	l := composerLock{r: jsonReader{data: text}, bad: &bad, by: map[string][]int32{}}
	if p := l.read(); p != nil {
		bad.list = append(bad.list, *p)
		return file, bad
	}
	manifest := readComposerJSON(near, &bad)
	file.Root = manifest.name
	file.Packages, file.Edges = l.packages(manifest), true
	return file, bad
}

// A composerEntry is one package of the lockfile.
type composerEntry struct {
	name, version string
	line          int
	scope         Scope
	source, dist  composerSource
	homepage      string
	released      string // day
	abandoned     string // what is said, if it is
	counted       string // address where installations are counted
	requires      []string
	stands        []string // names that it replaces or provides
	index         int32    // among the packages, or own or absent
}

type composerSource struct{ kind, address, reference string }

type composerLock struct {
	r       jsonReader
	bad     *problems
	entries []*composerEntry
	by      map[string][]int32 // name in lower case → entries that are it, or stand for it
	names   int                // that entries require or stand for
}

func (l *composerLock) read() *problem {
	if l.r.peek() != '{' {
		return &problem{kind: gap.Syntax, line: 1, detail: "not an object"}
	}
	lists := map[string][]*composerEntry{}
	found := false
	var wrong *problem
	l.r.object(func(key []byte) {
		name := string(key)
		if name != "packages" && name != "packages-dev" {
			l.r.skip()
			return
		}
		found = found || name == "packages"
		scope := Runtime
		if name == "packages-dev" {
			scope = Dev
		}
		lists[name] = nil // of doubled keys the last one counts
		line, null := l.r.line(), l.r.peek() == 'n'
		if !l.r.array(func() { lists[name] = l.entry(lists[name], scope) }) && !null {
			wrong = &problem{kind: gap.Syntax, line: line, detail: fmt.Sprintf("%q is not an array", name)}
		}
	})
	l.entries = slices.Concat(lists["packages"], lists["packages-dev"])
	switch {
	case wrong != nil:
		return wrong
	case !found:
		return &problem{kind: gap.Syntax, line: 1, detail: "no \"packages\""}
	case len(l.entries) >= mostEntries || l.names >= mostNames:
		return &problem{kind: gap.TooLarge, detail: fmt.Sprintf("over %d packages or %d requirements", mostEntries, mostNames)}
	}
	return nil
}

func (l *composerLock) entry(list []*composerEntry, scope Scope) []*composerEntry {
	e := &composerEntry{line: l.r.line(), scope: scope, index: absent}
	if len(list) >= mostEntries {
		l.r.skip()
		return list
	}
	l.r.object(func(key []byte) {
		switch string(key) {
		case "name":
			e.name = l.r.text()
		case "version":
			e.version = l.r.text()
		case "homepage":
			e.homepage = l.r.text()
		case "source":
			e.source = l.source()
		case "dist":
			e.dist = l.source()
		case "notification-url": // only packages of a repository that counts installations have one
			e.counted = l.r.text()
		case "time":
			e.released = dayOf(l.r.text())
		case "abandoned":
			e.abandoned = l.abandoned()
		case "require":
			e.requires = l.keys(nil)
		case "replace", "provide":
			e.stands = l.keys(e.stands)
		default:
			l.r.skip()
		}
	})
	if e.name == "" || e.version == "" {
		l.bad.add(gap.Syntax, func() (int, string, string) { return e.line, short(e.name), "a package without a name or a version" })
		return list
	}
	return append(list, e)
}

// abandoned reads whether nobody looks after a package any more: true, or the package to use instead.
func (l *composerLock) abandoned() string {
	if l.r.peek() == '"' {
		if instead := oneLine(l.r.text()); instead != "" {
			return "abandoned: use " + instead
		}
		return ""
	}
	if l.r.truth() {
		return "abandoned"
	}
	return ""
}

// said leaves out when a branch was: its last commit is no release.
func (e *composerEntry) said() Said {
	if isBranch(e.version) {
		return Said{Deprecated: e.abandoned}
	}
	return Said{Released: e.released, Deprecated: e.abandoned}
}

func (l *composerLock) source() (s composerSource) {
	l.r.object(func(key []byte) {
		switch string(key) {
		case "type":
			s.kind = l.r.text()
		case "url":
			s.address = l.r.text()
		case "reference":
			s.reference = l.r.text()
		default:
			l.r.skip()
		}
	})
	return s
}

// keys adds the names of the next object that are not of the platform, in lower case.
func (l *composerLock) keys(names []string) []string {
	l.r.object(func(key []byte) {
		if name := strings.ToLower(string(key)); !isPlatform(name) && l.names < mostNames {
			l.names++
			names = append(names, name)
		}
		l.r.skip()
	})
	return names
}

// isPlatform says whether a name is of the platform: all others have a vendor.
func isPlatform(name string) bool { return !strings.Contains(name, "/") }

var composerName = regexp.MustCompile(`^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$`)

// packages makes the packages, and connects them.
func (l *composerLock) packages(m composerManifest) []Package {
	know := func(name string, i int) {
		if to := l.by[name]; len(to) < mostStandIns && !slices.Contains(to, int32(i)) {
			l.by[name] = append(to, int32(i))
		}
	}
	for i, e := range l.entries {
		know(strings.ToLower(e.name), i)
		if e.source.kind == "path" || e.dist.kind == "path" {
			e.index = own
		}
	}
	for i, e := range l.entries {
		for _, name := range e.stands {
			know(name, i)
		}
	}
	direct := l.direct(m)
	packages := newPackages()
	for i, e := range l.entries {
		if e.index == own {
			continue
		}
		id, hints, err := e.identity()
		if refused(l.bad, err, id, e.name, e.line) {
			continue
		}
		e.index = int32(packages.add(id.key, Package{PURL: id.purl, Name: id.name, Version: id.version, Direct: direct[i], Scope: e.scope, Line: e.line, Hints: hints, Said: e.said()}))
	}
	var edges [][2]int32
	for _, e := range l.entries {
		for _, name := range e.requires {
			for _, to := range l.by[name] {
				if e.index >= 0 && l.entries[to].index >= 0 && len(edges) < mostNeeds {
					edges = append(edges, [2]int32{e.index, l.entries[to].index})
				}
			}
		}
	}
	if len(edges) == mostNeeds {
		l.bad.add(gap.TooLarge, func() (int, string, string) {
			return 0, "", fmt.Sprintf("over %d needs; the rest was not read", mostNeeds)
		})
	}
	packages.connect(edges)
	return packages.sorted()
}

// mostStandIns is how many packages may stand for one name. Some thirty implement the commonest.
const mostStandIns = 64

// direct finds the entries that the project, or a package of its own, requires.
func (l *composerLock) direct(m composerManifest) []bool {
	direct := make([]bool, len(l.entries))
	mark := func(name string) bool {
		for _, to := range l.by[name] {
			direct[to] = true
		}
		return len(l.by[name]) > 0
	}
	for _, e := range l.entries {
		if e.index == own {
			for _, name := range e.requires {
				mark(name)
			}
		}
	}
	if m.read {
		for _, name := range slices.Compact(slices.Sorted(slices.Values(m.requires))) {
			if mark(name) || slices.Contains(m.stands, name) {
				continue
			}
			l.bad.add(gap.Truncated, func() (int, string, string) { return 0, short(name), "required by composer.json, and not in the file" })
		}
		return direct
	}
	needed := make([]bool, len(l.entries))
	for i, e := range l.entries {
		for _, name := range e.requires {
			for _, to := range l.by[name] {
				needed[to] = needed[to] || int(to) != i
			}
		}
	}
	for i := range l.entries {
		direct[i] = direct[i] || !needed[i]
	}
	return direct
}

// isBranch says whether a version is the name of a branch.
func isBranch(version string) bool {
	version = strings.ToLower(version)
	return strings.HasPrefix(version, "dev-") || strings.HasSuffix(version, "-dev")
}

// identity gives the package of an entry, and where it comes from.
func (e *composerEntry) identity() (identity, []Hint, error) {
	var hints []Hint
	if e.source.kind == "git" {
		hints = appendHint(hints, "vcs", e.source.address)
	}
	hints = appendHint(hints, "download", e.dist.address)
	if u, err := url.Parse(cleanAddress(e.counted)); err == nil && u.Host != "" {
		hints = appendHint(hints, "registry", u.Scheme+"://"+u.Host)
	}
	hints = appendHint(hints, "website", e.homepage)
	if !composerName.MatchString(e.name) {
		return identity{}, nil, errors.New("not a name of a Composer package")
	}
	vendor, name, _ := strings.Cut(e.name, "/")
	if !isBranch(e.version) {
		id, err := newPURL("composer", vendor, name, e.version)
		return id, hints, err
	}
	if commit := strings.ToLower(e.source.reference); e.source.kind == "git" && commitHash.MatchString(commit) {
		if id, _, err := gitIdentity(name, e.source.address, commit); err == nil && !strings.HasPrefix(id.purl, "pkg:generic/") {
			return id, hints, nil
		}
	}
	id, err := newPURL("composer", vendor, name, "")
	return id, hints, err
}

// A composerManifest is what a composer.json says about a project.
type composerManifest struct {
	read     bool
	name     string
	requires []string // for running and for development
	stands   []string // names that the project itself is, replaces or provides
}

// readComposerJSON reads the composer.json beside a lockfile, if there is one.
func readComposerJSON(near nearby, bad *problems) composerManifest {
	var m composerManifest
	text, ok := near.json("composer.json", bad)
	if !ok {
		return m
	}
	l := composerLock{r: jsonReader{data: text}}
	lists := map[string][]string{} // of doubled keys the last one counts
	m.read = l.r.object(func(key []byte) {
		switch group := string(key); group {
		case "name":
			m.name = l.r.text()
		case "require", "require-dev", "replace", "provide":
			lists[group] = l.keys(nil)
		default:
			l.r.skip()
		}
	})
	m.requires = slices.Concat(lists["require"], lists["require-dev"])
	m.stands = append(slices.Concat(lists["replace"], lists["provide"]), strings.ToLower(m.name))
	if !m.read {
		bad.addIn("composer.json", gap.Syntax, func() (int, string, string) { return 1, "", "not an object" })
	}
	return m
}

// json gives a JSON file near the one that is parsed. What is wrong with it is told.
func (n nearby) json(name string, bad *problems) ([]byte, bool) {
	data, err := n.read(name)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, errExcluded) {
			bad.addIn(name, gap.Unreadable, func() (int, string, string) { return 0, "", reason(err) })
		}
		return nil, false
	}
	text, doubled, fatal := guardJSON(data)
	if fatal != nil {
		doubled.list = append(doubled.list, *fatal)
	}
	for _, p := range doubled.list {
		bad.addIn(name, p.kind, func() (int, string, string) { return p.line, p.what, p.detail })
	}
	return text, fatal == nil
}
