//go:build !unix

package main

import "os"

// umask is what the user keeps from others in new files; there is no such thing here.
func umask() os.FileMode { return 0 }
