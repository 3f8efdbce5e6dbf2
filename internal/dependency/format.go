package dependency

import (
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// A format is a kind of file that is read: one row of the table.
type format struct {
	name    string                   // as users know it
	subject string                   // kind of the subject that such a file makes, or belongs to
	named   func(base string) bool   // whether a file of a folder is one, by its name
	begins  func(prefix []byte) bool // whether a JSON file is one, by its first bytes; nil if the name alone tells
	given   func(base string) bool   // whether a file that the user names is one, by its name; nil as named
	limit   int64                    // bytes
	parse   func(data []byte, seen *memory) (File, problems)
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
	f := formatGiven(path.Base(name), data[:min(len(data), prefixLength)])
	if f == nil {
		return File{}, nil, false, &UnknownFormatError{Path: name, Known: Formats()}
	}
	file, bad, ok := f.read(data, newMemory())
	file.Path = name
	return file, bad.gaps(name), ok, nil
}

// prefixLength is how much of a file is looked at to tell its format. Writers of SBOMs put bomFormat first or, sorted,
// behind "$schema"; lockfileVersion is the third key of a package-lock.json.
const prefixLength = 4096

// formatGiven finds the format of a file that the user names.
func formatGiven(base string, prefix []byte) *format {
	for i := range formats {
		if f := &formats[i]; f.named(base) || f.given != nil && f.given(base) {
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

// formatNamed finds the format that the name of a file in a folder tells.
func formatNamed(base string) *format {
	for i := range formats {
		if formats[i].named(base) {
			return &formats[i]
		}
	}
	return nil
}

// read parses a file, if it is not too large. Without ok there is at least one problem.
func (f *format) read(data []byte, seen *memory) (file File, bad problems, ok bool) {
	if int64(len(data)) > f.limit {
		return File{}, problems{list: []problem{f.tooLarge(int64(len(data)))}}, false
	}
	file, bad, err := f.parseSafely(data, seen)
	if err != nil {
		return File{}, problems{list: []problem{{kind: gap.Syntax, detail: err.Error()}}}, false
	}
	file.Format = f.name
	for _, p := range bad.list {
		if fatal(p.kind) && len(file.Packages) == 0 {
			return File{}, bad, false
		}
	}
	return file, bad, true
}

// fatal says whether a problem of this kind, with no package read, leaves the file unread.
func fatal(k gap.Kind) bool {
	return k != gap.DuplicateKeys && k != gap.BadPURL && k != gap.PathEscape
}

func (f *format) tooLarge(size int64) problem {
	return problem{kind: gap.TooLarge, detail: fmt.Sprintf("%d bytes, limit %d", size, f.limit)}
}

// parseSafely turns a panic of a parser, ours or a library's, into an error: one file must not end a scan.
func (f *format) parseSafely(data []byte, seen *memory) (file File, bad problems, err error) {
	defer func() {
		if r := recover(); r != nil {
			file, bad, err = File{}, problems{}, errors.New(short(fmt.Sprintf("the reader of %s failed: %v", f.name, r)))
		}
	}()
	file, bad = f.parse(data, seen)
	return file, bad, nil
}
