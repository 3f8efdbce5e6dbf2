package dependency

import (
	"bytes"
	"path"
	"regexp"
	"slices"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// unread is a kind of dependency file that is known and not read yet: one row of the table. A scan counts them, one gap
// a pattern, so that nobody takes silence for health.
type unread struct {
	pattern string         // of the file name, as path.Match takes it
	beside  []string       // not counted if one of these lies in the same folder: it says the same
	above   []string       // not counted if one of these lies in the same folder or one above
	holds   *regexp.Regexp // not counted unless the first 64 KiB hold this; nil: always
}

var (
	pythonDependencies = regexp.MustCompile(`(?m)^\s*(dev-)?dependencies\s*=|^\s*\[\s*(dependency-groups|project\.optional-dependencies|tool\.pdm\.dev-dependencies|tool\.poetry\.(\S+\.)?(dev-)?dependencies)\b`)
	setupRequires      = regexp.MustCompile(`\binstall_requires\b`)
	swiftDependencies  = regexp.MustCompile(`\.package\(\s*(name:[^,]*,\s*)?(url|id):`)
	conanRequires      = regexp.MustCompile(`\brequires\b`)
	gradleDependencies = regexp.MustCompile(`(?m)\bdependencies\s*\{`)
)

var unreads = []unread{
	{pattern: "bun.lockb", beside: npmLocks},
	{pattern: "deno.lock"},
	{pattern: "Cargo.toml", above: []string{"Cargo.lock"}},
	{pattern: "conda-lock.yml"},
	{pattern: "pixi.lock"},
	{pattern: "setup.py", beside: []string{"pyproject.toml"}, holds: setupRequires},
	{pattern: "setup.cfg", holds: setupRequires},
	{pattern: "Gemfile", beside: []string{"Gemfile.lock"}},
	{pattern: "composer.json", beside: []string{"composer.lock"}},
	{pattern: "build.gradle", beside: []string{"gradle.lockfile"}, holds: gradleDependencies},
	{pattern: "build.gradle.kts", beside: []string{"gradle.lockfile"}, holds: gradleDependencies},
	{pattern: "build.sbt"},
	{pattern: "pubspec.yaml", above: []string{"pubspec.lock"}},
	{pattern: "Podfile", beside: []string{"Podfile.lock"}},
	{pattern: "Package.swift", beside: []string{"Package.resolved"}, holds: swiftDependencies},
	{pattern: "Chart.lock"},
	{pattern: "Chart.yaml", beside: []string{"Chart.lock"}, holds: regexp.MustCompile(`(?m)^dependencies\s*:`)},
	{pattern: "conanfile.txt", beside: []string{"conan.lock"}},
	{pattern: "conanfile.py", beside: []string{"conan.lock"}, holds: conanRequires},
	{pattern: "Gopkg.lock", beside: []string{"go.mod"}},
	{pattern: "*.spdx.*"},
}

// unreadPrefix is how much of a file is searched for what a row holds.
const unreadPrefix = 64 << 10

// unreadNamed finds the row of a file by its name.
func unreadNamed(base string) *unread {
	for i := range unreads {
		if ok, _ := path.Match(unreads[i].pattern, base); ok {
			return &unreads[i]
		}
	}
	return nil
}

// unreadFiles gathers the known files that are not read, and which names each folder holds.
type unreadFiles struct {
	found map[*unread][]string // paths, in the order of the walk
	names map[string][]string  // folder → names of dependency files in it, read or not
}

// see notes the name of a dependency file, so that rows can say that another covers them.
func (u *unreadFiles) see(rel string) {
	if u.names == nil {
		u.names = map[string][]string{}
	}
	dir, base := path.Split(rel)
	dir = path.Clean("./" + dir)
	u.names[dir] = append(u.names[dir], base)
}

func (u *unreadFiles) add(row *unread, rel string) {
	if u.found == nil {
		u.found = map[*unread][]string{}
	}
	u.found[row] = append(u.found[row], rel)
}

// gaps gives one gap a pattern for the files that nothing else covers. place turns a path into what the user gave.
func (u *unreadFiles) gaps(place func(rel string) string) []gap.Gap {
	var gaps []gap.Gap
	for i := range unreads {
		row := &unreads[i]
		var files []string
		for _, rel := range u.found[row] {
			if !u.covered(row, path.Dir(rel)) {
				files = append(files, rel)
			}
		}
		if len(files) == 0 {
			continue
		}
		g := gap.Gap{Stage: gap.Inventory, Kind: gap.Unsupported, What: row.pattern, Count: len(files)}
		if len(files) == 1 {
			g.File = place(files[0])
		} else {
			g.Detail = "e.g. " + place(files[0])
		}
		gaps = append(gaps, g)
	}
	return gaps
}

func (u *unreadFiles) covered(row *unread, dir string) bool {
	if u.holdsAny(dir, row.beside) || u.holdsAny(dir, row.above) {
		return true
	}
	if len(row.above) == 0 {
		return false
	}
	for dir != "." {
		dir = path.Dir(dir)
		if u.holdsAny(dir, row.above) {
			return true
		}
	}
	return false
}

func (u *unreadFiles) holdsAny(dir string, names []string) bool {
	return slices.ContainsFunc(u.names[dir], func(have string) bool { return slices.Contains(names, have) })
}

// holdsWhat says whether the beginning of a file holds what its row asks for.
func (u *unread) holdsWhat(prefix []byte) bool {
	return u.holds == nil || u.holds.Match(bytes.ToValidUTF8(prefix, nil))
}
