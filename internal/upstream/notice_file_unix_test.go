//go:build unix

package upstream

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// Lists that have no end, or whose beginning never comes, are refused at once.
func TestNoticeFileIsARegularFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	pipe := filepath.Join(dir, "pipe.tsv")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skipf("pipes: %v", err)
	}
	device := filepath.Join(dir, "device.tsv")
	if err := os.Symlink("/dev/zero", device); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{pipe, device, dir} {
		if _, err := NoticeFile(path); err == nil || !strings.Contains(err.Error(), "not a regular file") {
			t.Errorf("%s: %v", filepath.Base(path), err)
		}
	}
}
