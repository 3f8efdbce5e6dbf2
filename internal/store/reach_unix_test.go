//go:build unix

package store

import (
	"strings"
	"syscall"
	"testing"
)

// TestPipe: a pipe in the place of the file is refused, and nobody waits at it.
func TestPipe(t *testing.T) {
	t.Parallel()
	r := open(t, t.TempDir())
	if err := syscall.Mkfifo(r.path, 0o600); err != nil {
		t.Skip(err)
	}
	if err := r.Append(t.Context(), []Observation{seen("2025-06-15", ours, "github.com/acme/pump")}); err == nil || !strings.Contains(err.Error(), "not a regular file") {
		t.Errorf("appending: %v", err)
	}
	if _, _, err := r.Series(ours, forever); err == nil || !strings.Contains(err.Error(), "not a regular file") {
		t.Errorf("reading: %v", err)
	}
}
