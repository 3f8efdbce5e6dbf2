package upstream

import (
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// environment is the user's: variables, and programs that may be asked about the user's configuration.
type environment struct {
	vars map[string]string
	run  func(ctx context.Context, name string, args ...string) (string, error)
	look func(name string) (string, error)

	etc string // folder of settings for all users of the machine
}

func newEnvironment(vars []string, run func(context.Context, string, ...string) (string, error)) environment {
	e := environment{vars: make(map[string]string), run: run, look: exec.LookPath}

	for _, kv := range vars {
		if k, v, ok := strings.Cut(kv, "="); ok {
			e.vars[k] = v
		}
	}
	return e
}

func (e environment) get(name string) string { return e.vars[name] }

// home gives the user's home folder, or nothing.
func (e environment) home() string {
	if runtime.GOOS == "windows" {
		return e.get("USERPROFILE")
	}
	return e.get("HOME")
}

// below gives a folder below another, or nothing below none.
func below(dir, name string) string {
	if dir == "" {
		return ""
	}
	return filepath.Join(dir, name)
}

// configDir is os.UserConfigDir over these variables.
func (e environment) configDir() string {
	switch runtime.GOOS {
	case "windows":
		return e.get("AppData")
	case "darwin", "ios":
		if h := e.home(); h != "" {
			return filepath.Join(h, "Library", "Application Support")
		}
	default:
		if d := e.get("XDG_CONFIG_HOME"); filepath.IsAbs(d) {
			return d
		}
		if h := e.home(); h != "" {
			return filepath.Join(h, ".config")
		}
	}
	return ""
}

// maxConfig bounds a configuration file.
const maxConfig = 1 << 20

// readConfig reads a configuration file, or gives nothing if it cannot.
func readConfig(path string) string {
	if path == "" {
		return ""
	}
	b, err := readFile(path, maxConfig)
	if err != nil {
		return ""
	}
	return string(b)
}

// readFile reads a regular file of at most limit bytes.
func readFile(path string, limit int64) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, &os.PathError{Op: "read", Path: path, Err: os.ErrInvalid}
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return readAll(f, limit)
}

// readAll reads at most limit bytes; more is an error.
func readAll(r io.Reader, limit int64) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err == nil && int64(len(b)) > limit {
		return nil, errTooLarge
	}
	return b, err
}
