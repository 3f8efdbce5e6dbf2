// Package dependency reads lockfiles, SBOMs and manifests into packages and the graph between them.
//
// One parser file per format; the table in format.go lists them. A parser never fails a scan: what it cannot read becomes
// a gap, and what it could read before is kept where the format allows.
//
// [Read] walks a folder or reads one file, [Inventory.Connect] adds the edges that Go's own files lack, and
// [Inventory.Graph] merges everything into distinct packages with their depth and a way to each.
package dependency

import "github.com/mainstay-oss/mainstay/internal/gap"

// Scope says what a package is needed for.
type Scope string

// Scopes, widest first: a package used in several takes the first of them.
const (
	Runtime  Scope = "runtime"
	Optional Scope = "optional"
	Dev      Scope = "dev"
	Test     Scope = "test"
)

// A Hint is what the file itself says about where a package comes from. Its address is http, https, ssh or git (also with
// git+ before it), holds no user name or password, and comes from the scanned file: it is not to be trusted further than that.
type Hint struct {
	Kind string // "vcs" (repository address), "website", "download" (address of the artefact), "distribution", "registry" (where the file takes packages from), "replaces" (the Go module in whose place it is used)
	URL  string
}

// A Package is one dependency as one file declares it.
type Package struct {
	PURL     string   // canonical package URL, with qualifiers but without subpath; without a version where the file fixes none
	Name     string   // as the registry spells it, for look-ups: a Go module path, "@scope/name", else namespace/name
	Version  string   // as the registry spells it; empty where the file fixes none
	Direct   bool     // named by the root project itself
	Scope    Scope    //
	Line     int      // 1-based line in the file, 0 if not known
	Requires []string // canonical purls, of the same file, that this package needs; sorted
	Hints    []Hint   // sorted by kind and address
	Said     Said     // of its version, by the file

	required string // go.mod: the module path of the require line, before replace
	tool     bool   // go.mod: a tool directive names a package of this module
}

// A File is what one parser made of one file. Each package stands in it once: entries that differ only in qualifiers
// (build, platform) are one package.
type File struct {
	Path     string    // relative to the scanned root, slash-separated
	Format   string    // name of the format, as in the table of formats
	Subject  string    // id of the subject that the file belongs to
	Root     string    // what the file calls the project itself: a module path, a package name; may be empty
	Packages []Package // sorted by purl
	Edges    bool      // whether Requires was to be had from this file; without edges an indirect package counts as depth 2

	members     []string                      // folders of the project's own packages, relative to the file
	constrained bool                          // another file gave versions to packages of this one
	included    []File                        // other files that this one includes, with paths relative to its folder
	settle      func(*File, project) problems // lockfiles of npm's world: tells anew what only a package.json says; nil if the file says all
	missing     problems                      // lockfiles of npm's world: what its manifests name and it lacks
	manifest    *manifest                     // package.json
	nuget       *nugetManifest                // project files of .NET, Directory.Packages.props
	maven       *mavenProject                 // pom.xml
}

// A Subject is one thing that was scanned: a folder with its lockfiles, an SBOM.
type Subject struct {
	ID   string // stable: the slash path relative to the scanned root, "." for the root itself
	Path string // as the user gave it, joined with the relative path
	Kind string // "folder", "sbom", "purl", "cohort"
}

// Passed counts the folders (and, for "excluded" and "link", files) that a scan passed over on purpose, by reason:
//
//   - "vendored": copies of other people's packages (vendor, node_modules and their like);
//   - "testdata": folders named testdata;
//   - "excluded": what the user's patterns match, a folder counted once with all that is in it;
//   - "tool": environments and caches of tools (.venv, .terraform and their like);
//   - "link": symbolic links to folders, and to dependency files that are read at their own place.
type Passed struct {
	Reason string
	Count  int
}

// An Inventory is everything read from one root.
type Inventory struct {
	Subjects []Subject // sorted by id
	Files    []File    // sorted by path
	Passed   []Passed  // in the order of the reasons above, without zeros
	Gaps     []gap.Gap // sorted
}
