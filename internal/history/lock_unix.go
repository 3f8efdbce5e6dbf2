//go:build darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd

package history

import (
	"errors"
	"os"
	"syscall"
)

// lockFile locks an open file, or gives errLocked at once.
func lockFile(f *os.File) error {
	for {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		switch {
		case errors.Is(err, syscall.EINTR):
			continue
		case errors.Is(err, syscall.EWOULDBLOCK):
			return errLocked
		case errors.Is(err, syscall.ENOTSUP), errors.Is(err, syscall.ENOSYS), errors.Is(err, syscall.ENOLCK):
			return nil // a file system without locks; git's own locks still keep two fetches apart
		}
		return err
	}
}
