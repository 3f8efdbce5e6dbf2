package history

import (
	"bytes"
	"strings"
)

// A Statement is what the README of the newest commit says about the upstream's future. It is evidence from Date on, and not
// for earlier dates.
type Statement struct {
	Kind string // archived, deprecated, retired, unmaintained, end-of-life or seeking-maintainers
	Text string // the sentence, at most 200 runes
	File string // name of the README
	Date int64  // committer date of the newest commit, Unix seconds
}

// readmes are the names of a README in lower case, in the order in which they are preferred.
var readmes = []string{"readme.md", "readme", "readme.markdown", "readme.rst", "readme.txt", "readme.adoc", "readme.asciidoc", "readme.org"}

// readmeIn finds the README among the regular files of a tree.
func readmeIn(tree []byte) (id objectID, file string, ok bool) {
	best := len(readmes)
	for len(tree) > 0 {
		head, rest, found := bytes.Cut(tree, []byte{0})
		if !found || len(rest) < 20 {
			break
		}
		mode, name, _ := bytes.Cut(head, []byte(" "))
		if place := readmePlace(string(name)); place < best && isRegular(string(mode)) {
			best, id, file, ok = place, objectID(rest[:20]), string(name), true
		}
		tree = rest[20:]
	}
	return id, file, ok
}

// readmePlace gives the place of a name in readmes, or how many there are.
func readmePlace(name string) int {
	if len(name) > len("readme.asciidoc") {
		return len(readmes)
	}
	name = strings.ToLower(name)
	for i, r := range readmes {
		if name == r {
			return i
		}
	}
	return len(readmes)
}

// readmeListed finds the README in what git ls-tree -z says of a folder.
func readmeListed(list []byte) (id objectID, file string, ok bool) {
	best := len(readmes)
	eachListed(list, func(name string, found objectID) {
		if place := readmePlace(name); place < best {
			best, id, file, ok = place, found, name, true
		}
	})
	return id, file, ok
}

// newestFilesOf gives the files that are read of the newest commit, out of what git ls-tree -z says of its root folder.
func newestFilesOf(list []byte) (ids []objectID) {
	eachListed(list, func(name string, id objectID) {
		if name == ".mailmap" {
			ids = append(ids, id)
		}
	})
	if id, _, ok := readmeListed(list); ok {
		ids = append(ids, id)
	}
	return ids
}

// eachListed goes over the regular files that git ls-tree -z lists.
func eachListed(list []byte, visit func(name string, id objectID)) {
	for entry := range bytes.SplitSeq(list, []byte{0}) {
		head, name, _ := bytes.Cut(entry, []byte("\t"))
		fields := bytes.Fields(head) // mode, type, name
		if len(fields) != 3 || !isRegular(string(fields[0])) {
			continue
		}
		if id, ok := parseID(fields[2]); ok {
			visit(string(name), id)
		}
	}
}

func isRegular(mode string) bool { return mode == "100644" || mode == "100755" }

// statementIn reads what a README says. date is the committer date of the newest commit.
func statementIn(file string, text []byte, upstream string, date int64) *Statement {
	kind, sentence := readStatement(text, upstream[strings.LastIndexByte(upstream, '/')+1:])
	if kind == "" {
		return nil
	}
	return &Statement{Kind: kind, Text: sentence, File: file, Date: date}
}
