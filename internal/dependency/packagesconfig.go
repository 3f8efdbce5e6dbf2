package dependency

import (
	"strings"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// parsePackagesConfig reads a packages.config of NuGet: a flat list of what is installed. It does not tell which of them
// the project names itself; all count as direct. A package marked as developmentDependency is for development.
//
// See "packages.config reference" of NuGet's documentation.
func parsePackagesConfig(data []byte, seen *memory) (File, problems) {
	root, fatal := readXML(data, "packages")
	if fatal != nil {
		return File{}, problems{list: []problem{*fatal}}
	}
	var bad problems
	packages := newPackages()
	for _, e := range root.children {
		if e.name != "package" {
			continue
		}
		scope := Runtime
		if strings.EqualFold(e.attr("developmentDependency"), "true") {
			scope = Dev
		}
		addNuGet(packages, &bad, e.attr("id"), e.attr("version"), scope, e.line)
	}
	return File{Packages: packages.sorted()}, bad
}

// addNuGet adds a direct package, or says why it is none.
func addNuGet(packages *packageSet, bad *problems, name, version string, scope Scope, line int) {
	id, err := nugetPURL(name, version)
	switch {
	case err != nil:
		bad.add(gap.BadPURL, func() (int, string, string) { return line, short(name), err.Error() })
	case id.escapes:
		bad.add(gap.PathEscape, func() (int, string, string) { return line, short(name), "a name or version that leaves its folder" })
	default:
		packages.add(id.key, Package{PURL: id.purl, Name: id.name, Version: id.version, Direct: true, Scope: scope, Line: line})
	}
}
