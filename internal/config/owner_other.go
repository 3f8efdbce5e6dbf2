//go:build !unix

package config

import "io/fs"

// sameOwner tells whether two files belong to one user, which cannot be told here.
func sameOwner(_, _ fs.FileInfo) bool { return true }
