package history

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// gitLocal prepares a git command on the repository in dir that cannot reach any network, whatever the user's or the
// repository's configuration says: no transport is allowed, a missing object is an error and not a reason to fetch it, and
// nothing that a configuration names is run. The first of args is the sub-command; arguments that come from outside must
// stand after "--" or have passed notOption.
//
// In a treeless clone even a plain git log looks for HEAD:.mailmap, would fetch it, and dies when it may not: hence
// log.mailmap.
func gitLocal(ctx context.Context, dir string, args ...string) *exec.Cmd {
	cmd := gitCommand(ctx, inside(dir), append([]string{
		"--git-dir=" + absolute(dir),
		"-c", "protocol.allow=never", "-c", "log.mailmap=false", "-c", "log.showSignature=false", "-c", "core.hooksPath=" + os.DevNull,
		"-c", "core.fsmonitor=false", "-c", "core.attributesFile=" + os.DevNull,
	}, args...))
	// GIT_ALLOW_PROTOCOL overrides protocol.<name>.allow of the user's configuration, which would override protocol.allow.
	cmd.Env = append(cmd.Env, "GIT_ALLOW_PROTOCOL=none", "GIT_NO_LAZY_FETCH=1")
	return cmd
}

// fetchProtocols are the transports that the one fetch may use. In ext:: a URL is a command, and file: reads this machine.
const fetchProtocols = "http:https:ssh"

// gitFetch prepares the one kind of git command that may reach the network. It never asks anybody for a password: what
// credential helpers and agents know is used, and else the repository counts as gone or private. The first of args may be
// --git-dir; without it the command runs in the folder at, which must hold no repository and nothing of the user's.
func gitFetch(ctx context.Context, at string, args ...string) *exec.Cmd {
	cmd := gitCommand(ctx, at, append([]string{
		"-c", "protocol.allow=never", "-c", "protocol.http.allow=always", "-c", "protocol.https.allow=always", "-c", "protocol.ssh.allow=always",
		"-c", "log.mailmap=false", "-c", "core.hooksPath=" + os.DevNull, "-c", "core.askPass=",
		// A server that packs a large repository says next to nothing meanwhile, five bytes in five seconds.
		"-c", "http.lowSpeedLimit=1", "-c", "http.lowSpeedTime=60",
		"-c", "gc.auto=0", "-c", "maintenance.auto=false", "-c", "fetch.recurseSubmodules=false", "-c", "transfer.bundleURI=false",
	}, args...))
	// Nothing is fetched but what is asked for. Without this (git before 2.39.4 does not know it) a shallow repository makes git
	// fetch the missing parent, and that fetch do the same, without end.
	cmd.Env = append(cmd.Env, "GIT_ALLOW_PROTOCOL="+fetchProtocols, "GIT_NO_LAZY_FETCH=1")
	return cmd
}

// keptEnvironment are the variables of git's that a user sets to reach a host. The others are dropped: inside a hook they
// would point git at another repository.
var keptEnvironment = []string{
	"GIT_SSL_", "GIT_PROXY_", "GIT_CONFIG_", "GIT_HTTP_", "GIT_SSH", "GIT_EXEC_PATH", "GIT_TRACE", "GIT_CURL_VERBOSE", "GIT_TEMPLATE_DIR",
}

// gitCommand prepares a git command that runs in the folder at and looks for no repository above it.
func gitCommand(ctx context.Context, at string, args []string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "git", append([]string{"--no-pager"}, args...)...)
	cmd.Dir = at
	sshSet := false
	for _, kv := range os.Environ() {
		name, _, _ := strings.Cut(kv, "=")
		if strings.HasPrefix(name, "GIT_") && !slices.ContainsFunc(keptEnvironment, func(p string) bool { return strings.HasPrefix(name, p) }) {
			continue
		}
		sshSet = sshSet || name == "GIT_SSH" || name == "GIT_SSH_COMMAND"
		cmd.Env = append(cmd.Env, kv)
	}
	// GIT_ASKPASS set but empty keeps core.askPass and SSH_ASKPASS from being asked.
	cmd.Env = append(cmd.Env, "GIT_TERMINAL_PROMPT=0", "GIT_ASKPASS=", "SSH_ASKPASS_REQUIRE=never", "GCM_INTERACTIVE=never",
		"GIT_OPTIONAL_LOCKS=0", "GIT_CEILING_DIRECTORIES="+filepath.Dir(absolute(at)), "LC_ALL=C", "LANGUAGE=C")
	if !sshSet {
		cmd.Env = append(cmd.Env, "GIT_SSH_COMMAND=ssh -oBatchMode=yes -oConnectTimeout=5")
	}
	ownGroup(cmd)
	cmd.WaitDelay = 2 * time.Second
	return cmd
}

// absolute gives a path that holds from any folder.
func absolute(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		return abs
	}
	return path
}

// inside gives a folder to run in for a repository whose git directory is named: one that exists. What lies there is not
// looked at.
func inside(gitDir string) string { return filepath.Dir(absolute(gitDir)) }

// errOutputTooLong means that git wrote more than was asked for.
var errOutputTooLong = errors.New("git wrote more than expected")

// A gitError is a git command that failed.
type gitError struct {
	command string // the sub-command
	message string // what git wrote to standard error, at most 8 KiB
	err     error
}

func (e *gitError) Error() string {
	text := "git " + e.command + ": " + e.err.Error()
	if line := e.cause(); line != "" {
		text += ": " + line
	}
	return text
}

func (e *gitError) Unwrap() error { return e.err }

// cause gives the line of git's message that says why.
func (e *gitError) cause() string {
	first := ""
	for line := range strings.Lines(e.message) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "fatal: ") || strings.HasPrefix(line, "error: ") {
			return line
		}
		if first == "" {
			first = line
		}
	}
	return first
}

// runGit runs a git command and gives its output, of at most limit bytes. A failure is a *gitError, or the context's error if
// that ended.
func runGit(ctx context.Context, cmd *exec.Cmd, command string, limit int) ([]byte, error) {
	out, message := &head{limit: limit}, &head{limit: 8 << 10, cut: true}
	cmd.Stdout, cmd.Stderr = out, message
	err := cmd.Run()
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case out.full:
		return nil, &gitError{command: command, err: errOutputTooLong}
	case err != nil:
		return nil, &gitError{command: command, message: string(message.kept), err: err}
	}
	return out.kept, nil
}

// A head keeps the first limit bytes that are written to it. If there are more it fails, which ends the command, or drops
// them if cut is set.
type head struct {
	kept      []byte
	limit     int
	cut, full bool
}

func (h *head) Write(p []byte) (int, error) {
	room := h.limit - len(h.kept)
	if len(p) <= room {
		h.kept = append(h.kept, p...)
		return len(p), nil
	}
	h.full = true
	h.kept = append(h.kept, p[:room]...)
	if h.cut {
		return len(p), nil
	}
	return room, io.ErrShortWrite
}

// notOption refuses a text from outside that git could take for an option, or that no ref, path or URL holds.
func notOption(what, s string) error {
	if s == "" || s[0] == '-' || strings.ContainsAny(s, "\x00\r\n") {
		return fmt.Errorf("%s %q cannot be given to git", what, s)
	}
	return nil
}
