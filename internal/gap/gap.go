// Package gap describes what Mainstay could not read.
//
// Every stage reports its gaps as values instead of stopping: whatever could not be read is told to the user, with place
// and cause, and everything else is still reported. The words that a user sees for a kind live in package message.
package gap

import (
	"cmp"
	"slices"
)

// A Stage is the part of the pipeline that met a gap.
type Stage string

// Stages, in the order in which data passes them.
const (
	Inventory Stage = "inventory" // reading lockfiles, SBOMs and manifests
	Upstream  Stage = "upstream"  // finding the repository behind a package
	History   Stage = "history"   // reading a repository's history
	People    Stage = "people"    // telling who works for whom and who is listed
)

// A Kind names a cause. The strings are part of the JSON contract (doc/output.md).
type Kind string

// Causes in a file.
const (
	Truncated     Kind = "truncated"      // the file ends too early
	Syntax        Kind = "syntax"         // not valid in its format
	Encoding      Kind = "encoding"       // not UTF-8
	Empty         Kind = "empty"          // nothing in it
	TooDeep       Kind = "too-deep"       // nested deeper than any real file
	DuplicateKeys Kind = "duplicate-keys" // the same key twice in one object, so two readers can disagree
	AliasBomb     Kind = "alias-bomb"     // YAML aliases that expand without end
	PathEscape    Kind = "path-escape"    // names a path outside the scanned folder
	BadPURL       Kind = "bad-purl"       // a package URL that cannot be parsed
	TooLarge      Kind = "too-large"      // larger than the limit for its kind
	Unreadable    Kind = "unreadable"     // the operating system refused, or not a regular file
	Unsupported   Kind = "unsupported"    // a version of the format that is not read yet
	NoParent      Kind = "no-parent"      // a parent or BOM that fixes versions could not be had
	NoEdges       Kind = "no-edges"       // module files of dependencies, which say who needs whom, could not be had
)

// Causes on the way to a history.
const (
	Unresolved      Kind = "unresolved"       // no repository found for a package
	NoReach         Kind = "no-reach"         // what registries count of packages could not be looked up
	HostUnreachable Kind = "host-unreachable" // a host refused or did not answer; it was not tried again
	Offline         Kind = "offline"          // would need the network, and --offline was given
	NoHistory       Kind = "no-history"       // the upstream is known, its history could not be had
	EmptyRepository Kind = "empty-repository" // a repository without commits
	Shallow         Kind = "shallow"          // a shallow clone: its beginning is missing
	Corrupt         Kind = "corrupt"          // objects or rows are damaged
	Vanished        Kind = "vanished"         // the host answers, the repository is gone or private
	OutOfBudget     Kind = "out-of-budget"    // the time given with --budget ran out
	Interrupted     Kind = "interrupted"      // the user ended the run before it was read
	BadDates        Kind = "bad-dates"        // commits dated before git existed or after the copy was made
)

// Causes in what tells of people.
const (
	BadEntry Kind = "bad-entry" // an entry of a file about people cannot be used: affiliations, OWNERS and their kin
	NoFiles  Kind = "no-files"  // the source of a history holds no files: who is listed, or who knows which code, cannot be read
)

// A Gap is one thing that could not be read, or Count of them with one cause.
type Gap struct {
	Stage  Stage
	Kind   Kind
	File   string // path as the user gave it, slash-separated; empty if no file is concerned
	Line   int    // 1-based; 0 if not known
	What   string // the thing that is missing: a purl, an upstream, a host; may be empty
	Detail string // the cause in the words of the tool that met it, not translated; may be empty
	Count  int    // how many things this gap stands for; at least 1
}

// Sort orders gaps by stage, file, line, kind and what, so that output is stable. Those that concern no one file come last
// in their stage.
func Sort(gaps []Gap) {
	order := map[Stage]int{Inventory: 0, Upstream: 1, History: 2, People: 3}
	slices.SortStableFunc(gaps, func(a, b Gap) int {
		return cmp.Or(
			cmp.Compare(order[a.Stage], order[b.Stage]),
			cmp.Compare(fileless(a), fileless(b)),
			cmp.Compare(a.File, b.File),
			cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Kind, b.Kind),
			cmp.Compare(a.What, b.What),
		)
	})
}

func fileless(g Gap) int {
	if g.File == "" {
		return 1
	}
	return 0
}
