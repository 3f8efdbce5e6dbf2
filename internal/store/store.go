// Package store keeps what must outlast a run, in one SQLite database: every scan, so that a later one can be compared with it,
// and what was observed of the reach of upstreams, day by day, so that it becomes a series. doc/decisions/0010-one-embedded-database.md says why it is this one. No other package
// imports a database driver.
package store

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
)

// A Store is one database. Several processes, and several goroutines of each, may use it at once.
type Store struct {
	file string

	mu       sync.Mutex // guards what follows
	db       *sql.DB    // nil until it is needed
	problems []Problem  // of the text file that was taken in
}

// Open gives the store in a file. The file and its folder are made when something is first kept there.
func Open(file string) *Store { return &Store{file: file} }

const fileName = "mainstay.db"

// FileIn is the store's file in a folder.
func FileIn(dir string) string { return filepath.Join(dir, fileName) }

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
