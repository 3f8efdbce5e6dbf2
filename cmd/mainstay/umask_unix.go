//go:build unix

package main

import (
	"os"
	"syscall"
)

// umask is what the user keeps from others in new files. It can only be read by setting it, so it is set back at once; the
// program writes no file at that moment.
func umask() os.FileMode {
	mask := syscall.Umask(0o077)
	syscall.Umask(mask)
	return os.FileMode(mask)
}
