package governance

import (
	"slices"
	"strings"
)

// Kinds of files.
type fileKind int

const (
	noFile         fileKind = iota
	ownersFile              // OWNERS
	aliasesFile             // OWNERS_ALIASES
	codeOwnersFile          // CODEOWNERS
	proseFile               // MAINTAINERS and the like: whoever stands there is listed unless the heading says otherwise
	charterFile             // GOVERNANCE: who stands there is listed only where the heading says so
)

// codeOwnersPaths are where forges look for CODEOWNERS; the first that is there counts. GitHub looks in this order; GitLab, with
// .gitlab, and Gitea look into the root first, and hardly anybody has two.
var codeOwnersPaths = []string{".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"}

// proseNames are files that list people, without their ending, in lower case.
var proseNames = []string{"maintainers", "maintainer", "committers", "code_owners", "code-owners", "owners"}

// proseEndings are the endings of text files.
var proseEndings = []string{"", ".md", ".markdown", ".txt", ".rst", ".adoc"}

// Wanted tells whether a path is a file that Read reads, as history.Repository.FilesAt asks.
func Wanted(path string) bool { return kindOf(path) != noFile }

func kindOf(path string) fileKind {
	switch path {
	case "OWNERS":
		return ownersFile
	case "OWNERS_ALIASES":
		return aliasesFile
	}
	if slices.Contains(codeOwnersPaths, path) {
		return codeOwnersFile
	}
	folder, name := "", path
	if i := strings.LastIndexByte(path, '/'); i >= 0 {
		folder, name = path[:i], path[i+1:]
	}
	if folder != "" && folder != ".github" && folder != ".gitlab" && folder != "docs" {
		return noFile
	}
	name = strings.ToLower(name)
	ending := ""
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		name, ending = name[:i], name[i:]
	}
	switch {
	case !slices.Contains(proseEndings, ending):
		return noFile
	case name == "owners" && ending == "": // a folder's own, or not as the tools write it
		return noFile
	case slices.Contains(proseNames, name):
		return proseFile
	case name == "governance":
		return charterFile
	}
	return noFile
}

// roleOf gives the role of those whom a file of people lists under no heading that says more.
func roleOf(path string) Role {
	if strings.Contains(strings.ToLower(path), "owners") {
		return Owner
	}
	return Maintainer
}
