//go:build !unix

package history

import "os/exec"

// ownGroup does nothing here: cancellation ends git itself, and the programs that it started when they next write to it.
func ownGroup(*exec.Cmd) {}
