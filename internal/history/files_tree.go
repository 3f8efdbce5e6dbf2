package history

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// A treeFile is a wanted file of a snapshot, by the name of its content.
type treeFile struct {
	path string
	id   objectID
}

func (f treeFile) compare(other treeFile) int { return strings.Compare(f.path, other.path) }

// files gives the wanted regular files of a folder.
func (q *fileQuery) files(prefix string, tree []byte) (list []treeFile) {
	for _, e := range treeEntries(tree) {
		if path := prefix + e.name; isRegular(e.mode) && utf8.ValidString(path) && q.want(path) {
			list = append(list, treeFile{path, e.id})
		}
	}
	return list
}

// A treeLine is one entry of a tree.
type treeLine struct {
	mode, name string
	id         objectID
}

// treeEntries takes a tree apart: entries are "mode name NUL" and 20 bytes of name. What follows an entry that is none is
// passed over.
func treeEntries(tree []byte) (list []treeLine) {
	for len(tree) > 0 {
		head, rest, found := bytes.Cut(tree, []byte{0})
		mode, name, ok := bytes.Cut(head, []byte(" "))
		if !found || !ok || len(rest) < 20 {
			break
		}
		if len(name) > 0 && bytes.IndexByte(name, '/') < 0 {
			list = append(list, treeLine{string(mode), string(name), objectID(rest[:20])})
		}
		tree = rest[20:]
	}
	return list
}
