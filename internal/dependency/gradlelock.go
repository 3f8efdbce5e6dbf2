package dependency

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// parseGradleLock reads a gradle.lockfile, one line a module and the configurations that resolve to it:
// "group:name:version=compileClasspath,runtimeClasspath". The line "empty=" lists configurations without modules. The file
// tells neither edges nor what the build names itself: all count as direct. What only configurations of tests use
// (their names begin with "test") is for tests.
//
// See "Locking dependency versions" of the Gradle user manual, chapter on the format of the lock state.
func parseGradleLock(data []byte, seen *memory) (File, problems) {
	text, fatal := guardText(data)
	if fatal != nil {
		return File{}, problems{list: []problem{*fatal}}
	}
	var bad problems
	packages := newPackages()
	line, ended := 0, false
	for raw := range strings.Lines(string(text)) {
		line++
		entry := strings.TrimSpace(raw)
		if entry == "" || entry[0] == '#' {
			continue
		}
		module, list, ok := strings.Cut(entry, "=")
		switch {
		case !ok && !strings.HasSuffix(raw, "\n"):
			bad.add(gap.Truncated, func() (int, string, string) { return line, short(module), "ends before \"=\"" })
			continue
		case !ok:
			bad.add(gap.Syntax, func() (int, string, string) { return line, short(module), "no \"=\" with configurations" })
			continue
		case module == "empty":
			ended = true
			continue
		case list == "":
			bad.add(gap.Syntax, func() (int, string, string) { return line, short(module), "no configuration" })
		}
		if len(packages.list) >= mostEntries {
			bad.list = append(bad.list, problem{kind: gap.TooLarge, line: line, detail: fmt.Sprintf("over %d entries", mostEntries)})
			break
		}
		addMaven(packages, &bad, module, gradleScope(list), line)
	}
	switch {
	case ended || len(bad.list) > 0:
	case len(packages.list) == 0:
		bad.list = append(bad.list, problem{kind: gap.Empty, line: 1, detail: "no module, and no line \"empty=\""})
	default: // Gradle always writes it, last
		bad.list = append(bad.list, problem{kind: gap.Truncated, line: line, detail: "no line \"empty=\" at the end"})
	}
	return File{Packages: packages.sorted()}, bad
}

// gradleScope gives the scope of what a list of configurations uses.
func gradleScope(list string) Scope {
	if list == "" {
		return Runtime
	}
	for configuration := range strings.SplitSeq(list, ",") {
		if !strings.HasPrefix(strings.TrimSpace(configuration), "test") {
			return Runtime
		}
	}
	return Test
}

// addMaven adds a direct package given as group:name or group:name:version, or says why it is none.
func addMaven(packages *packageSet, bad *problems, module string, scope Scope, line int) {
	id, err := mavenPURL(module)
	switch {
	case err != nil:
		bad.add(gap.BadPURL, func() (int, string, string) { return line, short(module), err.Error() })
	case id.escapes:
		bad.add(gap.PathEscape, func() (int, string, string) { return line, short(module), "a name or version that leaves its folder" })
	default:
		packages.add(id.key, Package{PURL: id.purl, Name: id.name, Version: id.version, Direct: true, Scope: scope, Line: line})
	}
}

var (
	mavenName    = regexp.MustCompile(`^[A-Za-z0-9_.-]+$`)
	mavenVersion = regexp.MustCompile(`^[^\s/\\:=]*$`)
)

func mavenPURL(module string) (identity, error) {
	part := strings.Split(module, ":")
	if len(part) == 2 {
		part = append(part, "")
	}
	if len(part) != 3 || !mavenName.MatchString(part[0]) || !mavenName.MatchString(part[1]) {
		return identity{}, errors.New("not group:name:version of a module")
	}
	if !mavenVersion.MatchString(part[2]) {
		return identity{}, errors.New("not a version of a module")
	}
	return newPURL("maven", part[0], part[1], part[2])
}
