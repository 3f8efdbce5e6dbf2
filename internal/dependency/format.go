package dependency

import (
	"errors"
	"fmt"
	"path"
	"regexp"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// A format is a kind of file that is read: one row of the table.
type format struct {
	name    string                   // as users know it
	subject string                   // kind of the subject that such a file makes, or belongs to
	named   func(base string) bool   // whether a file of a folder is one, by its name
	begins  func(prefix []byte) bool // whether a JSON or XML file is one, by its first bytes; nil if the name alone tells
	given   func(base string) bool   // whether a file that the user names is one, by its name; nil as named
	limit   int64                    // bytes
	parse   func(data []byte, seen *memory) (File, problems)

	join           func(data []byte, near nearby) (File, problems) // in place of parse: what is read together with files near it
	placed         func(folder, base string) bool                  // whether the name of the folder makes a file one, where its own does not; may be nil
	holds          *regexp.Regexp                                  // a file of a folder is one only if its first 64 KiB hold this; nil: always
	memberManifest string                                          // of a lockfile: the name of the manifests that its members have, which it makes superfluous
	locks          func(base string) []string                      // of a manifest: the lockfiles that say more; it is not read where one of them lies beside it and could be read
	manifest       bool                                            // says what is wanted, not what is installed: counts only where no lockfile of the project does
}

// formats are tried in order.
var formats = []format{
	{
		name:    "go.mod",
		subject: "folder",
		named:   func(base string) bool { return base == "go.mod" },
		given:   func(base string) bool { return strings.HasSuffix(base, ".mod") },
		limit:   mostModBytes,
		parse:   parseGoMod,
	},
	{
		name:    "package-lock.json",
		subject: "folder",
		named:   func(base string) bool { return base == "package-lock.json" },
		begins:  isPackageLock,
		limit:   32 << 20,
		parse:   parsePackageLock,
	},
	{
		name:    "npm-shrinkwrap.json",
		subject: "folder",
		named:   func(base string) bool { return base == "npm-shrinkwrap.json" },
		limit:   32 << 20,
		parse:   parsePackageLock,
	},
	{
		name:    "pnpm-lock.yaml",
		subject: "folder",
		named:   func(base string) bool { return base == "pnpm-lock.yaml" },
		limit:   mostYAMLBytes,
		parse:   parsePnpmLock,
	},
	{
		name:    "yarn.lock",
		subject: "folder",
		named:   func(base string) bool { return base == "yarn.lock" },
		limit:   mostYAMLBytes,
		parse:   parseYarnLock,
	},
	{
		name:    "bun.lock",
		subject: "folder",
		named:   func(base string) bool { return base == "bun.lock" },
		limit:   32 << 20,
		parse:   parseBunLock,
	},
	{
		name:     "package.json",
		subject:  "folder",
		named:    func(base string) bool { return base == "package.json" },
		limit:    4 << 20,
		parse:    parsePackageJSON,
		manifest: true,
	},
	{
		name:    "requirements.txt",
		subject: "folder",
		named:   isRequirements,
		placed:  isRequirementsPlace,
		limit:   mostNearBytes,
		join:    parseRequirementsFile,
		locks:   compiledRequirements,
	},
	{
		name:    "Pipfile.lock",
		subject: "folder",
		named:   func(base string) bool { return base == "Pipfile.lock" },
		limit:   32 << 20,
		join:    parsePipfileLock,
	},
	{
		name:    "Pipfile",
		subject: "folder",
		named:   func(base string) bool { return base == "Pipfile" },
		limit:   mostNearBytes,
		parse:   parsePipfile,
		locks:   func(string) []string { return []string{"Pipfile.lock"} },
	},
	{
		name:           "poetry.lock",
		subject:        "folder",
		named:          func(base string) bool { return base == "poetry.lock" },
		limit:          32 << 20,
		join:           parsePoetryLock,
		memberManifest: "pyproject.toml",
	},
	{
		name:           "uv.lock",
		subject:        "folder",
		named:          func(base string) bool { return base == "uv.lock" || strings.HasSuffix(base, ".py.lock") },
		limit:          32 << 20,
		parse:          parseUVLock,
		memberManifest: "pyproject.toml",
	},
	{
		name:    "pdm.lock",
		subject: "folder",
		named:   func(base string) bool { return base == "pdm.lock" },
		limit:   32 << 20,
		join:    parsePDMLock,
	},
	{
		name:    "pylock.toml",
		subject: "folder",
		named:   isPylock,
		limit:   32 << 20,
		join:    parsePylock,
	},
	{
		name:    "conda environment",
		subject: "folder",
		named:   isCondaEnvironment,
		limit:   mostNearBytes,
		join:    parseCondaEnvironment,
		holds:   condaContent,
	},
	{
		name:    "pyproject.toml",
		subject: "folder",
		named:   func(base string) bool { return base == "pyproject.toml" },
		limit:   mostNearBytes,
		parse:   parsePyproject,
		holds:   pythonDependencies,
		locks:   func(string) []string { return []string{"poetry.lock", "uv.lock", "pdm.lock", "pylock.toml"} },
	},
	{
		name:    "packages.lock.json",
		subject: "folder",
		named:   isNuGetLock,
		limit:   32 << 20,
		parse:   parseNuGetLock,
	},
	{
		name:    "packages.config",
		subject: "folder",
		named:   func(base string) bool { return strings.EqualFold(base, "packages.config") },
		limit:   mostXMLBytes,
		parse:   parsePackagesConfig,
	},
	{
		name:    "*.csproj, *.fsproj, *.vbproj",
		subject: "folder",
		named:   isNuGetProject,
		limit:   mostXMLBytes,
		parse:   parseNuGetProject,
	},
	{
		name:    "Directory.Packages.props",
		subject: "folder",
		named:   func(base string) bool { return base == "Directory.Packages.props" },
		limit:   mostXMLBytes,
		parse:   parseNuGetCentral,
	},
	{
		name:    "pom.xml",
		subject: "folder",
		named:   func(base string) bool { return base == "pom.xml" },
		given:   func(base string) bool { return strings.HasSuffix(base, ".pom") },
		begins:  isPOM,
		limit:   mostXMLBytes,
		join:    parsePOM,
	},
	{
		name:    "gradle.lockfile",
		subject: "folder",
		named:   func(base string) bool { return base == "gradle.lockfile" || base == "buildscript-gradle.lockfile" },
		limit:   8 << 20,
		parse:   parseGradleLock,
	},
	{
		name:    "libs.versions.toml",
		subject: "folder",
		named:   func(base string) bool { return base == "libs.versions.toml" },
		limit:   mostCatalogueBytes,
		parse:   parseGradleCatalogue,
	},
	{
		name:    "CycloneDX XML",
		subject: "sbom",
		named:   func(base string) bool { return strings.HasSuffix(strings.ToLower(base), ".cdx.xml") },
		begins:  isCycloneDXML,
		limit:   64 << 20,
		parse:   parseCycloneDXML,
	},
	{
		name:    "SPDX 2 JSON",
		subject: "sbom",
		named:   func(base string) bool { return strings.HasSuffix(strings.ToLower(base), ".spdx.json") },
		begins:  isSPDXJSON,
		limit:   64 << 20,
		parse:   parseSPDXJSON,
	},
	{
		name:    "SPDX 2 tag-value",
		subject: "sbom",
		named:   func(base string) bool { return strings.HasSuffix(strings.ToLower(base), ".spdx") },
		begins:  isSPDXTag,
		limit:   64 << 20,
		parse:   parseSPDXTag,
	},
	{
		name:    "SPDX 2 YAML",
		subject: "sbom",
		named:   isNamedSPDXYAML,
		begins:  isSPDXYAML,
		limit:   mostYAMLBytes,
		parse:   parseSPDXYAML,
	},
	{
		name:    "SPDX 2 RDF",
		subject: "sbom",
		named:   isNamedSPDXRDF,
		begins:  isSPDXRDF,
		limit:   mostXMLBytes,
		parse:   parseSPDXRDF,
	},
	{
		name:    "SPDX 3 JSON-LD",
		subject: "sbom",
		named:   func(base string) bool { return strings.HasSuffix(strings.ToLower(base), ".spdx3.json") },
		begins:  isSPDX3,
		limit:   64 << 20,
		parse:   parseSPDX3,
	},
	{
		name:    "Cargo.lock",
		subject: "folder",
		named:   func(base string) bool { return base == "Cargo.lock" },
		limit:   32 << 20,
		parse:   parseCargoLock,
	},
	{
		name:    "Gemfile.lock",
		subject: "folder",
		named:   func(base string) bool { return base == "Gemfile.lock" || base == "gems.locked" },
		limit:   32 << 20,
		parse:   parseGemfileLock,
	},
	{
		name:    "composer.lock",
		subject: "folder",
		named:   func(base string) bool { return base == "composer.lock" },
		limit:   32 << 20,
		join:    parseComposerLock,
	},
	{
		name:    "mix.lock",
		subject: "folder",
		named:   func(base string) bool { return base == "mix.lock" },
		limit:   8 << 20,
		parse:   parseMixLock,
	},
	{
		name:    "pubspec.lock",
		subject: "folder",
		named:   func(base string) bool { return base == "pubspec.lock" },
		limit:   mostYAMLBytes,
		parse:   parsePubspecLock,
	},
	{
		name:    "Podfile.lock",
		subject: "folder",
		named:   func(base string) bool { return base == "Podfile.lock" },
		limit:   mostYAMLBytes,
		parse:   parsePodfileLock,
	},
	{
		name:    "Package.resolved",
		subject: "folder",
		named:   func(base string) bool { return base == "Package.resolved" },
		limit:   8 << 20,
		join:    parsePackageResolved,
	},
	{
		name:    "conan.lock",
		subject: "folder",
		named:   func(base string) bool { return base == "conan.lock" },
		limit:   8 << 20,
		join:    parseConanLock,
	},
	{
		name:    "CycloneDX JSON",
		subject: "sbom",
		named:   isNamedCycloneDX,
		begins:  isCycloneDX,
		limit:   64 << 20,
		parse:   parseCycloneDX,
	},
}

// isNamedCycloneDX says whether a name promises a CycloneDX SBOM: such a file is told of when it is broken.
func isNamedCycloneDX(base string) bool {
	base = strings.ToLower(base)
	return base == "bom.json" || strings.HasSuffix(base, ".cdx.json") || strings.HasSuffix(base, ".bom.json")
}

// isJSON says whether the first bytes of a file are worth a look.
func isJSON(base string) bool { return strings.HasSuffix(strings.ToLower(base), ".json") }

// isXML says whether the first bytes of a file are worth a look, as isJSON.
func isXML(base string) bool { return strings.HasSuffix(strings.ToLower(base), ".xml") }

// sbomBegins gives the format of an SBOM that is known by how it begins alone.
func sbomBegins(prefix []byte) *format {
	for i := range formats {
		if f := &formats[i]; f.subject == "sbom" && f.begins(prefix) {
			return f
		}
	}
	return nil
}

// Formats names the formats that are read, in the words of users.
func Formats() []string {
	names := make([]string, len(formats))
	for i, f := range formats {
		names[i] = f.name
	}
	return names
}

// An UnknownFormatError says that a file is none of the formats that are read.
type UnknownFormatError struct {
	Path  string
	Known []string // the formats that are read
}

func (e *UnknownFormatError) Error() string {
	return fmt.Sprintf("%s: not a format that is read (%s)", e.Path, strings.Join(e.Known, ", "))
}

// Parse reads one file given as bytes. Its format is told by its name, else by how it begins. The file's Path is name;
// its Subject is empty. What is wrong comes as gaps, and ok says whether the file could be read in spite of it: if not,
// there is at least one gap. The error is an [UnknownFormatError], and then there is nothing else.
func Parse(name string, data []byte) (file File, gaps []gap.Gap, ok bool, err error) {
	f := formatGiven(name, data[:min(len(data), prefixLength)])
	if f == nil {
		return File{}, nil, false, &UnknownFormatError{Path: name, Known: Formats()}
	}
	file, bad, ok := f.read(data, newMemory(), nearby{name: name})
	file.Path = name
	gaps = bad.gaps(name)
	if ok && file.settle != nil { // there is no package.json at hand
		more := file.settle(&file, project{})
		gaps = append(gaps, more.gaps(name)...)
		gap.Sort(gaps)
	}
	return file, gaps, ok, nil
}

// prefixLength is how much of a file is looked at to tell its format. Writers of SBOMs put bomFormat first or, sorted,
// behind "$schema"; lockfileVersion is the third key of a package-lock.json.
const prefixLength = 4096

// formatGiven finds the format of a file that the user names, by its slash path.
func formatGiven(name string, prefix []byte) *format {
	base := path.Base(name)
	for i := range formats {
		if f := &formats[i]; f.isNamed(name) || f.given != nil && f.given(base) {
			return f
		}
	}
	if unreadNamed(base) != nil {
		return nil
	}
	for i := range formats {
		if f := &formats[i]; f.begins != nil && f.begins(prefix) {
			return f
		}
	}
	return nil
}

// formatNamed finds the format that the name of a file in a folder tells. Its path may be a base name only.
func formatNamed(rel string) *format {
	for i := range formats {
		if formats[i].isNamed(rel) {
			return &formats[i]
		}
	}
	return nil
}

// isNamed says whether a file is of this format by its slash path.
func (f *format) isNamed(rel string) bool {
	folder, base := path.Split(rel)
	return f.named(base) || f.placed != nil && folder != "" && f.placed(path.Base(folder), base)
}

// read parses a file, if it is not too large. Without ok there is at least one problem.
func (f *format) read(data []byte, seen *memory, near nearby) (file File, bad problems, ok bool) {
	if int64(len(data)) > f.limit {
		return File{}, problems{list: []problem{f.tooLarge(int64(len(data)))}}, false
	}
	file, bad, err := f.parseSafely(data, seen, near)
	if err != nil {
		return File{}, problems{list: []problem{{kind: gap.Syntax, detail: err.Error()}}}, false
	}
	file.Format = f.name
	file.detach()
	for _, p := range bad.list {
		if p.file == "" && (p.unread || fatal(p.kind)) && len(file.Packages) == 0 && len(file.included) == 0 {
			return File{}, bad, false
		}
	}
	return file, bad, true
}

// detach copies what would keep the text of the whole file in memory.
func (f *File) detach() {
	f.Root = strings.Clone(f.Root)
	for i := range f.members {
		f.members[i] = strings.Clone(f.members[i])
	}
	for i := range f.included {
		f.included[i].detach()
	}
}

// fatal says whether a problem of this kind, with no package read, leaves the file unread.
func fatal(k gap.Kind) bool {
	return k != gap.DuplicateKeys && k != gap.BadPURL && k != gap.PathEscape
}

func (f *format) tooLarge(size int64) problem {
	return problem{kind: gap.TooLarge, detail: fmt.Sprintf("%d bytes, limit %d", size, f.limit)}
}

// parseSafely turns a panic of a parser, ours or a library's, into an error: one file must not end a scan.
func (f *format) parseSafely(data []byte, seen *memory, near nearby) (file File, bad problems, err error) {
	defer func() {
		if r := recover(); r != nil {
			file, bad, err = File{}, problems{}, errors.New(short(fmt.Sprintf("the reader of %s failed: %v", f.name, r)))
		}
	}()
	if f.join != nil {
		file, bad = f.join(data, near)
	} else {
		file, bad = f.parse(data, seen)
	}
	return file, bad, nil
}
