//go:build !unix

package history

import (
	"os"
	"os/exec"
)

// ownGroup does nothing here: cancellation ends git itself, and the programs that it started when they next write to it.
func ownGroup(*exec.Cmd) {}

// keepOpen does nothing here: a lock ends with us.
func keepOpen(*exec.Cmd, *os.File) {}
