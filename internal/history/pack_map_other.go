//go:build !unix

package history

import "os"

// mapFile is not to be had here: repositories are read by git.
func mapFile(*os.File, int64) ([]byte, error) { return nil, errUnsupported }

func unmapFile([]byte) {}

const nonBlocking = 0
