//go:build unix

package history

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// mapFile maps a regular file into memory for reading. A file that shrinks while it is mapped makes a read fault; readFiles
// turns that into an error.
func mapFile(f *os.File, size int64) ([]byte, error) {
	if size <= 0 || size != int64(int(size)) {
		return nil, fmt.Errorf("%s cannot be mapped: %w", f.Name(), errUnsupported)
	}
	return unix.Mmap(int(f.Fd()), 0, int(size), unix.PROT_READ, unix.MAP_SHARED)
}

func unmapFile(data []byte) { _ = unix.Munmap(data) }

// nonBlocking keeps an open of a named pipe in the place of a file from waiting for ever.
const nonBlocking = unix.O_NONBLOCK
