// Package config reads mainstay.yaml, a project's own settings.
package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/goccy/go-yaml"
)

// Name is the file's name.
const Name = "mainstay.yaml"

// maxSize bounds the file; a real one has a few hundred lines.
const maxSize = 1 << 20

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
	// Lang is the language of reports, "en" or "ko"; --lang and then LANG decide where it is empty.
	Lang string `yaml:"lang"`

	// Dir is the folder of the file; empty if there was none.
	Dir string `yaml:"-"`
}

// Load reads the settings in one file. A setting that does not exist is an error with its line.
func Load(file string) (Config, error) {
	info, err := os.Stat(file)
	if err != nil {
		return Config{}, err
	}
	if info.Size() > maxSize {
		return Config{}, fmt.Errorf("%s: larger than %d bytes", file, maxSize)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return Config{}, err
	}
	var c Config
	if err := yaml.UnmarshalWithOptions(data, &c, yaml.Strict()); err != nil {
		return Config{}, fmt.Errorf("%s: %s", file, strings.TrimSpace(yaml.FormatError(err, false, true)))
	}
	if c.Lang != "" && c.Lang != "en" && c.Lang != "ko" {
		return Config{}, fmt.Errorf("%s: lang is %q; it may be en or ko", file, c.Lang)
	}
	c.Dir = filepath.Dir(file)
	return c, nil
}

// Find reads the nearest mainstay.yaml: in dir, or above it up to the root of the repository (the folder that holds .git).
// Without one it gives the zero Config. Its folders must lie inside its own folder, because a scanned tree may be a
// stranger's; a file that the user names with --config has no such limit.
func Find(dir string) (Config, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return Config{}, err
	}
	for {
		c, err := Load(filepath.Join(dir, Name))
		if err == nil {
			return c, c.inside()
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return Config{}, err
		}
		up := filepath.Dir(dir)
		if _, err := os.Stat(filepath.Join(dir, ".git")); err == nil || up == dir {
			return Config{}, nil
		}
		dir = up
	}
}

func (c Config) inside() error {
	for _, p := range append(append([]string{}, c.Histories...), c.Mirrors...) {
		if !filepath.IsLocal(filepath.FromSlash(p)) {
			return fmt.Errorf("%s: %q leads out of the folder; pass the file with --config to allow that", filepath.Join(c.Dir, Name), p)
		}
	}
	return nil
}

// Paths gives folders of the file as paths to open.
func (c Config) Paths(folders []string) []string {
	out := make([]string, 0, len(folders))
	for _, p := range folders {
		p = filepath.FromSlash(p)
		if !filepath.IsAbs(p) {
			p = filepath.Join(c.Dir, p)
		}
		out = append(out, p)
	}
	return out
}
