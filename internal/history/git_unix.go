//go:build unix

package history

import (
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
