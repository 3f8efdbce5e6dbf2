package dependency

import (
	"errors"
	"fmt"
	"regexp"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// parsePubspecLock reads a pubspec.lock of Dart's pub: one mapping of packages, each with where it comes from. Packages of a
// workspace are no entries, folders are the project's own, and what comes with an SDK (Flutter's flutter, sky_engine) is part of
// that and no package. Direct is what the file calls so: main, dev or overridden. It holds no graph, and of transitive packages
// it does not say whether they are for development. A package from git has the version that the lock gives.
//
// https://dart.dev/tools/pub/glossary#lockfile, and pub's own source, lib/src/lock_file.dart.
func parsePubspecLock(data []byte, _ *memory) (File, problems) {
	var file File
	docs, bad, fatal := readYAML(data)
	if fatal != nil {
		bad.list = append(bad.list, *fatal)
		return file, bad
	}
	doc := docs[0]
	checkEnd(data, doc, &bad)
	entries := doc.get("packages")
	switch {
	case entries.kind != yamlMapping:
		return file, problems{list: append(bad.list, problem{kind: gap.Syntax, line: 1, detail: "no \"packages\""})}
	case len(entries.pairs) > mostEntries:
		return file, problems{list: append(bad.list, problem{kind: gap.TooLarge, detail: fmt.Sprintf("over %d packages", mostEntries)})}
	case doc.get("sdks").kind == yamlNull && doc.get("sdk").kind == yamlNull: // older ones have the second
		bad.add(gap.Truncated, func() (int, string, string) {
			return lineOf(data, len(data)-1), "", "no \"sdks\", which pub always writes"
		})
	}
	packages := newPackages()
	for _, e := range entries.pairs {
		about := e.value.get("description")
		source := e.value.get("source").text
		switch source {
		case "path", "sdk":
			continue
		case "hosted", "git":
		default:
			bad.add(gap.Unsupported, func() (int, string, string) { return int(e.line), short(e.key), "source " + short(source) })
			continue
		}
		id, err := pubPURL(e.key, e.value.get("version").text)
		if refused(&bad, err, id, e.key, int(e.line)) {
			continue
		}
		kind, scope := "registry", Runtime
		if source == "git" {
			kind = "vcs"
		}
		dependency := e.value.get("dependency").text
		if dependency == "direct dev" {
			scope = Dev
		}
		packages.add(id.key, Package{PURL: id.purl, Name: id.name, Version: id.version, Direct: dependency != "transitive", Scope: scope, Line: int(e.line),
			Hints: appendHint(nil, kind, about.get("url").text)})
	}
	file.Packages = packages.sorted()
	return file, bad
}

var (
	pubName    = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
	pubVersion = regexp.MustCompile(`^[0-9][0-9A-Za-z.+-]*$`)
)

func pubPURL(name, version string) (identity, error) {
	switch {
	case !pubName.MatchString(name):
		return identity{}, errors.New("not a name of a Dart package")
	case !pubVersion.MatchString(version):
		return identity{}, errors.New("not a version of a Dart package")
	}
	return newPURL("pub", "", name, version)
}
