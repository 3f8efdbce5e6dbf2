//go:build unix

package history

import (
	"os"
	"os/exec"
	"syscall"
)

// ownGroup gives the command a session of its own: git and ssh find no terminal to ask at, and at cancellation the programs
// that git started end with it.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	cmd.Cancel = func() error {
		return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
	}
}

// keepOpen hands the command a file that stays open as long as it runs.
func keepOpen(cmd *exec.Cmd, f *os.File) { cmd.ExtraFiles = append(cmd.ExtraFiles, f) }
