package history

import (
	"encoding/hex"
	"errors"
)

// An objectID is the SHA-1 name of a git object. Repositories of other hashes are left to the git program.
type objectID [20]byte

func (id objectID) String() string { return hex.EncodeToString(id[:]) }

// parseID reads 40 hexadecimal digits, nothing more and nothing less.
func parseID(s []byte) (id objectID, ok bool) {
	if len(s) != 2*len(id) {
		return id, false
	}
	for i := range id {
		hi, lo := hexDigit[s[2*i]], hexDigit[s[2*i+1]]
		if hi|lo > 15 {
			return objectID{}, false
		}
		id[i] = hi<<4 | lo
	}
	return id, true
}

// hexDigit gives the value of a hexadecimal digit, 255 for every other byte.
var hexDigit = func() (t [256]byte) {
	for i := range t {
		t[i] = 255
	}
	for i := range byte(10) {
		t['0'+i] = i
	}
	for i := range byte(6) {
		t['a'+i], t['A'+i] = 10+i, 10+i
	}
	return t
}()

// An objectKind is the type of a git object as packs number it.
type objectKind byte

const (
	commitObject objectKind = 1
	treeObject   objectKind = 2
	blobObject   objectKind = 3
	tagObject    objectKind = 4
	offsetDelta  objectKind = 6
	nameDelta    objectKind = 7
)

// kindNamed gives the kind of a word as loose objects, tags and cat-file spell it, 0 if it is none.
func kindNamed(word []byte) objectKind {
	switch string(word) {
	case "commit":
		return commitObject
	case "tree":
		return treeObject
	case "blob":
		return blobObject
	case "tag":
		return tagObject
	}
	return 0
}

// maxObject bounds the size of one object that is read, in bytes. Real commits and tags stay far below a mebibyte; the
// largest trees of real projects' top folders do as well.
const maxObject = 16 << 20

// Errors of our own reader. Whoever meets one asks the git program, which has the last word.
var (
	errMissing     = errors.New("object is missing")
	errTooLarge    = errors.New("object is larger than 16 MiB")
	errDamaged     = errors.New("object is damaged")
	errUnsupported = errors.New("not supported by the built-in reader")
)
