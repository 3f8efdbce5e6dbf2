// Package config reads mainstay.yaml, a project's own settings.
package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"unicode"

	"github.com/goccy/go-yaml"

	"github.com/mainstay-oss/mainstay/internal/plain"
)

// Name is the file's name.
const Name = "mainstay.yaml"

// A Config holds a project's settings. The zero Config is valid: nothing excluded, nothing overridden.
type Config struct {
	// Exclude lists folders and files that a scan passes over: slash-separated patterns as in path.Match, relative to
	// the folder of mainstay.yaml. A pattern without a slash matches at any depth.
	Exclude []string `yaml:"exclude"`
	// Histories lists folders of history archives, relative to the folder of mainstay.yaml.
	Histories []string `yaml:"histories"`
	// Mirrors lists folders of bare repositories laid out as <host>/<owner>/<name>.git, relative likewise.
	Mirrors []string `yaml:"mirrors"`
	// Upstreams names the repository of packages that Mainstay gets wrong or cannot find: a purl without its version, or
	// a Go module path, to host/owner/name or an https address.
	Upstreams map[string]string `yaml:"upstreams"`
	// Notices lists files of published ends, relative likewise: what has been archived, deprecated, retired, or reached its
	// end of life, by upstream. Package upstream says which formats are read (ReadNotices).
	Notices []string `yaml:"notices"`
	// Engineers lists repositories, as host/owner/name, in which the engineers work who would be sent somewhere: what they have
	// shown there says where they fit.
	Engineers []string `yaml:"engineers"`
	// Affiliations names the file that says for which organisation people worked when (doc/affiliations.md), relative
	// likewise. Only the file that stands here is read.
	Affiliations string `yaml:"affiliations"`
	// Lang is the language of reports, "en" or "ko"; --lang and then LANG decide where it is empty.
	Lang string `yaml:"lang"`

	// File is the path that was read, for messages; empty if there was none.
	File string `yaml:"-"`
	// Dir is the folder of the file; empty if there was none.
	Dir string `yaml:"-"`
}

// Load reads the settings in one file that the user names, of at most 64 KiB. A setting that does not exist is an error with
// its line. The file must be a regular one, without anchors, aliases and tags.
func Load(file string) (Config, error) {
	data, err := readNamed(file)
	if err != nil {
		return Config{}, err
	}
	return parse(file, data)
}

// parse reads settings that stand in a file. Every error begins with the file.
func parse(file string, data []byte) (Config, error) {
	if _, err := plain.Tokens(string(data)); err != nil {
		return Config{}, fmt.Errorf("%s: %w", file, err)
	}
	var c Config
	if err := yaml.UnmarshalWithOptions(data, &c, yaml.Strict()); err != nil {
		return Config{}, fmt.Errorf("%s: %s", file, printable(yaml.FormatError(err, false, false))+lineOf(err, data))
	}
	if c.Lang != "" && c.Lang != "en" && c.Lang != "ko" {
		return Config{}, fmt.Errorf("%s: lang is %q; it may be en or ko", file, c.Lang)
	}
	c.File, c.Dir = file, filepath.Dir(file)
	return c, nil
}

// lineOf quotes the line that an error of the parser is about, if it is short. The parser could show it too, but takes
// seconds to where a line is long.
func lineOf(err error, data []byte) string {
	var e yaml.Error
	if !errors.As(err, &e) || e.GetToken() == nil {
		return ""
	}
	lines := strings.Split(string(data), "\n")
	n := e.GetToken().Position.Line
	if n < 1 || n > len(lines) || len(lines[n-1]) > 120 {
		return ""
	}
	return fmt.Sprintf(": %q", strings.TrimSpace(lines[n-1]))
}

// printable gives what the parser says as one line that a terminal can be shown: names out of the file may be in it, of any
// length.
func printable(message string) string {
	message = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, strings.TrimSpace(message))
	if cut := []rune(message); len(cut) > 300 {
		message = string(cut[:300]) + "…"
	}
	return message
}

// Find reads the nearest mainstay.yaml: in dir, or above it up to the root of the repository (the folder that holds .git),
// the user's home, or the last folder that belongs to the owner of dir and that not everybody may write to. Without one it
// gives the zero Config. Its folders must lie inside its own folder, and so must the file if it is a link, because a scanned
// tree may be a stranger's; a file that the user names with --config has no such limits.
func Find(dir string) (Config, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return Config{}, err
	}
	home, _ := os.UserHomeDir() // without one there is one bound less
	start, err := os.Stat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return Config{}, nil // whoever reads the folder says so
	}
	if err != nil {
		return Config{}, err
	}
	for {
		data, err := readFound(dir, Name)
		if err == nil {
			c, err := parse(filepath.Join(dir, Name), data)
			if err == nil {
				err = c.inside()
			}
			return c, err
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return Config{}, err
		}
		up := filepath.Dir(dir)
		if _, err := os.Lstat(filepath.Join(dir, ".git")); err == nil || up == dir || dir == filepath.Clean(home) || !trusted(up, start) {
			return Config{}, nil
		}
		dir = up
	}
}

// trusted tells whether a folder above the first one may hold settings for it: it is the same user's, and nobody else can
// have put a file there, as anybody can in a temporary directory.
func trusted(dir string, first fs.FileInfo) bool {
	info, err := os.Stat(dir)
	return err == nil && sameOwner(info, first) && (runtime.GOOS == "windows" || info.Mode().Perm()&0o002 == 0)
}

func (c Config) inside() error {
	files := slices.Concat(c.Histories, c.Mirrors, c.Notices)
	if c.Affiliations != "" {
		files = append(files, c.Affiliations)
	}
	for _, p := range files {
		if !filepath.IsLocal(filepath.FromSlash(p)) {
			return fmt.Errorf("%s: %q leads out of the folder; pass the file with --config to allow that", c.File, p)
		}
	}
	return nil
}

// Paths gives folders of the file as paths to open.
func (c Config) Paths(folders []string) []string {
	out := make([]string, 0, len(folders))
	for _, p := range folders {
		out = append(out, c.Path(p))
	}
	return out
}

// Path gives one of them. Nothing stays nothing.
func (c Config) Path(p string) string {
	p = filepath.FromSlash(p)
	if p == "" || filepath.IsAbs(p) {
		return p
	}
	return filepath.Join(c.Dir, p)
}
