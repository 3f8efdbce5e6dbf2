package dependency

import (
	"errors"
	"io/fs"
)

// A nearby opens other files for the parser of one: the manifest beside a lockfile, what a file includes. Only what lies
// in the scanned folder can be opened; of a file that is read alone, that is its own folder.
type nearby struct {
	name string // of the file that is parsed: its base name, with that of its folder before it where known
	open func(name string) ([]byte, error)
}

// mostNearBytes bounds such a file.
const mostNearBytes = 4 << 20

var (
	errEscapes  = errors.New("outside the scanned folder")
	errExcluded = errors.New("excluded by the user")
	errTooLarge = errors.New("too large")
)

// read gives a file by its path from the folder of the file that is parsed. The error is [fs.ErrNotExist], one of the
// above, or the operating system's.
func (n nearby) read(name string) ([]byte, error) {
	if n.open == nil {
		return nil, fs.ErrNotExist
	}
	return n.open(name)
}
