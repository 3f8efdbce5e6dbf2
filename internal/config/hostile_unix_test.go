//go:build unix

package config

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestEndlessFiles: a pipe without a writer, and a device that never ends, are refused at once.
func TestEndlessFiles(t *testing.T) {
	t.Parallel()
	pipe := t.TempDir()
	if err := syscall.Mkfifo(filepath.Join(pipe, Name), 0o600); err != nil {
		t.Skipf("pipes: %v", err)
	}
	device := t.TempDir()
	if err := os.Symlink("/dev/zero", filepath.Join(device, Name)); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{pipe, device} {
		if _, err := Find(dir); err == nil || !strings.Contains(err.Error(), Name) {
			t.Errorf("%v", err)
		}
		if _, err := Load(filepath.Join(dir, Name)); err == nil || !strings.Contains(err.Error(), "not a regular file") {
			t.Errorf("%v", err)
		}
	}
}

// TestPipeInPlaceOfFile: a pipe that takes the place of the file after the look at it does not hang the program.
func TestPipeInPlaceOfFile(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), Name)
	if err := syscall.Mkfifo(file, 0o600); err != nil {
		t.Skipf("pipes: %v", err)
	}
	regular, err := os.Stat(write(t, t.TempDir(), "lang: ko\n"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = readRegular(file, regular, func() (*os.File, error) { return os.OpenFile(file, openFlags, 0) })
	if err == nil || !strings.Contains(err.Error(), "not a regular file") {
		t.Errorf("%v", err)
	}
}

// TestOwners: settings of another user's folder above do not count.
func TestOwners(t *testing.T) {
	t.Parallel()
	if os.Getuid() != 0 {
		t.Skip("runs as root only: it gives folders to other users")
	}
	base := t.TempDir()
	mine := filepath.Join(base, "a", "b")
	if err := os.MkdirAll(mine, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{filepath.Dir(mine), mine} {
		if err := os.Chown(dir, 12345, -1); err != nil {
			t.Skipf("chown: %v", err)
		}
	}
	write(t, base, "lang: ko\n")
	if c, err := Find(mine); err != nil || c.File != "" {
		t.Errorf("found %q, %v", c.File, err)
	}
	file := write(t, filepath.Dir(mine), "lang: ko\n")
	if c, err := Find(mine); err != nil || c.File != file {
		t.Errorf("found %q, %v; want %q", c.File, err, file)
	}
}
