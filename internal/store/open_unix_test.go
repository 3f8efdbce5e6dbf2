//go:build unix

package store

import (
	"strings"
	"syscall"
	"testing"
)

// TestPipe: a pipe in the place of a file is refused, and nobody waits at it.
func TestPipe(t *testing.T) {
	t.Parallel()
	database, text := open(t, t.TempDir()), open(t, t.TempDir())
	for file, s := range map[string]*Store{database.file: database, text.reachFile(): text} {
		if err := syscall.Mkfifo(file, 0o600); err != nil {
			t.Skip(err)
		}
		if err := s.Append(t.Context(), []Observation{seen("2025-06-15", ours, "github.com/acme/pump")}); err == nil || !strings.Contains(err.Error(), "not a regular file") {
			t.Errorf("appending: %v", err)
		}
		if _, _, err := s.Series(t.Context(), ours, forever); err == nil || !strings.Contains(err.Error(), "not a regular file") {
			t.Errorf("reading: %v", err)
		}
	}
}
