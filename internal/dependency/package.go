// Package dependency reads lockfiles, SBOMs and manifests into packages and the graph between them.
//
// One parser file per format; the table in format.go lists them. A parser never fails a scan: what it cannot read becomes
// a gap, and what it could read before is kept where the format allows.
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

// A Hint is what the file itself says about where a package comes from.
type Hint struct {
	Kind string // "vcs" (repository address), "website", "download" (address of the artefact), "distribution"
	URL  string
}

// A Package is one dependency as one file declares it.
type Package struct {
	PURL     string   // canonical package URL; without a version where the file fixes none
	Direct   bool     // named by the root project itself
	Scope    Scope    //
	Line     int      // 1-based line in the file, 0 if not known
	Requires []string // canonical purls, of the same file, that this package needs; sorted
	Hints    []Hint
}

// A File is what one parser made of one file.
type File struct {
	Path     string // relative to the scanned root, slash-separated
	Format   string // name of the format, as in the table of formats
	Subject  string // id of the subject that the file belongs to
	Root     string // what the file calls the project itself: a module path, a package name; may be empty
	Packages []Package
	Edges    bool // whether Requires was to be had from this file; without edges an indirect package counts as depth 2
}

// A Subject is one thing that was scanned: a folder with its lockfiles, an SBOM.
type Subject struct {
	ID   string // stable: the slash path relative to the scanned root, "." for the root itself
	Path string // as the user gave it, joined with the relative path
	Kind string // "folder", "sbom", "purl", "cohort"
}

// Passed counts what a scan passed over on purpose, by reason: "vendored", "testdata", "excluded", "nested-repository".
type Passed struct {
	Reason string
	Count  int
}

// An Inventory is everything read from one root.
type Inventory struct {
	Subjects []Subject
	Files    []File
	Passed   []Passed
	Gaps     []gap.Gap
}
