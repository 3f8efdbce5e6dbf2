package store

import (
	"context"
	"errors"
	"os"
	"time"
)

// errLocked means that somebody else holds the lock.
var errLocked = errors.New("locked")

// lock waits for the lock on an open file, which ends when the file is closed, also with the process, however that ends. Two openings of a file
// exclude each other within a process as between processes. held is false where the file system knows no locks.
func lock(ctx context.Context, f *os.File) (held bool, err error) {
	held, err = lockFile(f)
	if !errors.Is(err, errLocked) {
		return held, err
	}
	wait := time.NewTicker(20 * time.Millisecond)
	defer wait.Stop()
	for {
		select {
		case <-ctx.Done():
			return false, ctx.Err()
		case <-wait.C:
		}
		if held, err = lockFile(f); !errors.Is(err, errLocked) {
			return held, err
		}
	}
}

// syncFolder brings the name of a new file to the disk, where folders can be synced.
func syncFolder(dir string) {
	f, err := os.Open(dir)
	if err != nil {
		return
	}
	defer f.Close()
	_ = f.Sync() // not every system can; the file itself is safe
}
