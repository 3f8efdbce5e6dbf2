// Package store keeps what must outlast a run: what was observed of the reach of upstreams, day by day, so that it becomes a
// series. doc/decisions/0007-reach-is-a-text-file.md says why that is a text file.
package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

// DefaultDir is where the store lies unless the user says otherwise: the user's folder for what programs keep from run to run.
func DefaultDir() (string, error) {
	switch runtime.GOOS {
	case "windows", "darwin", "ios", "plan9":
		base, err := os.UserConfigDir()
		if err != nil {
			return "", err
		}
		return filepath.Join(base, "mainstay"), nil
	}
	base := os.Getenv("XDG_STATE_HOME")
	if !filepath.IsAbs(base) { // the standard says to ignore a relative one
		home := os.Getenv("HOME")
		if !filepath.IsAbs(home) {
			return "", errors.New("neither XDG_STATE_HOME nor HOME names a folder")
		}
		base = filepath.Join(home, ".local", "state")
	}
	return filepath.Join(base, "mainstay"), nil
}

// A Problem is a line that could not be read. The other lines are.
type Problem struct {
	File   string
	Line   int // 1-based
	Detail string
}

func (p Problem) Error() string { return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Detail) }
