package store

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

// beyond is the upper half of where the locked byte lies, far behind any end of the file: a lock on Windows keeps even readers
// from the bytes that it covers.
const beyond = 1 << 30

// lockFile locks an open file, or gives errLocked at once.
func lockFile(f *os.File) (held bool, err error) {
	err = windows.LockFileEx(windows.Handle(f.Fd()), windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, &windows.Overlapped{OffsetHigh: beyond})
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
		return false, errLocked
	}
	return err == nil, err
}
