//go:build !(darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd || windows)

package history

import "os"

// lockFile does nothing here: git's own locks still keep two fetches apart.
func lockFile(*os.File) error { return nil }
