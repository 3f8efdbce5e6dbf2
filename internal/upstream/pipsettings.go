package upstream

import (
	"context"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/BurntSushi/toml"
)

// pipDefault has pip say which index it asks if nothing is configured. Isolated, so that nothing of the user's is loaded.
const pipDefault = "from pip._internal.models.index import PyPI; print(PyPI.simple_url)"

// readPipSettings reads variables, then configuration files, of pip and of uv (https://pip.pypa.io/en/stable/topics/configuration,
// https://docs.astral.sh/uv/concepts/indexes). Where both name indexes, all are asked, pip's first: nothing tells which program
// the project is installed with.
func readPipSettings(ctx context.Context, env environment, _ string) places {
	logins := netrc(env)
	var p places
	add := func(text string) {
		for _, raw := range strings.Fields(text) {
			if one, ok := newPlace(raw, logins); ok && !p.has(one.base) {
				p.own = append(p.own, one)
			}
		}
	}
	files := pipFiles(env)
	p.besides = true
	for _, name := range []string{"index-url", "extra-index-url"} {
		value := env.get("PIP_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_")))
		for i := 0; value == "" && i < len(files); i++ {
			value = iniValue(files[i], "global", name)
		}
		add(value)
		if name == "index-url" && value != "" {
			p.besides = false
		}
	}
	for _, name := range []string{"UV_DEFAULT_INDEX", "UV_INDEX", "UV_INDEX_URL", "UV_EXTRA_INDEX_URL"} {
		for _, word := range strings.Fields(env.get(name)) {
			if _, address, named := strings.Cut(word, "="); named && !strings.Contains(word[:len(word)-len(address)], "/") {
				word = address // name=address
			}
			add(word)
			p.besides = p.besides && name != "UV_DEFAULT_INDEX" && name != "UV_INDEX_URL"
		}
	}
	if dir := env.configDir(); dir != "" {
		var uv struct {
			Index []struct {
				URL     string
				Default bool
			} `toml:"index"`
			IndexURL string   `toml:"index-url"`
			Extra    []string `toml:"extra-index-url"`
		}
		if _, err := toml.Decode(readConfig(filepath.Join(dir, "uv", "uv.toml")), &uv); err == nil {
			add(uv.IndexURL)
			p.besides = p.besides && uv.IndexURL == ""
			for _, i := range uv.Index {
				add(i.URL)
				p.besides = p.besides && !i.Default
			}
			add(strings.Join(uv.Extra, " "))
		}
	}
	p.login = func(base string) string {
		one, _ := newPlace(base, logins)
		return one.auth
	}
	p.fallback = func() []place {
		for _, python := range []string{"python3", "python"} {
			if env.run == nil {
				break
			}
			out, err := env.run(ctx, python, "-I", "-c", pipDefault)
			if one, ok := newPlace(out, nil); err == nil && ok {
				return []place{one}
			}
		}
		return nil
	}
	return p
}

// pipFiles gives the texts of pip's configuration files, those that win first.
func pipFiles(env environment) (texts []string) {
	if file := env.get("PIP_CONFIG_FILE"); file != "" {
		texts = append(texts, readConfig(file)) // the null device stands for no file at all, and reads as none
	}
	name := "pip.conf"
	if runtime.GOOS == "windows" {
		name = "pip.ini"
	}
	if dir := env.configDir(); dir != "" {
		texts = append(texts, readConfig(filepath.Join(dir, "pip", name)))
	}
	if home := env.home(); home != "" {
		texts = append(texts, readConfig(filepath.Join(home, ".pip", name)))
	}
	return append(texts, readConfig(filepath.Join(env.etc, "xdg", "pip", name)), readConfig(filepath.Join(env.etc, name)))
}

// iniValue reads a key of a section. A value goes on over lines that are indented.
func iniValue(text, section, key string) string {
	var value []string
	in, taking := false, false
	for line := range strings.Lines(text) {
		trimmed := strings.TrimSpace(line)
		switch {
		case trimmed == "" || trimmed[0] == '#' || trimmed[0] == ';':
		case trimmed[0] == '[':
			in, taking = trimmed == "["+section+"]", false
		case line[0] == ' ' || line[0] == '\t':
			if taking {
				value = append(value, trimmed)
			}
		default:
			taking = false
			if i := strings.IndexAny(trimmed, "=:"); in && i > 0 && strings.TrimSpace(strings.ReplaceAll(trimmed[:i], "_", "-")) == key {
				value, taking = []string{strings.TrimSpace(trimmed[i+1:])}, true
			}
		}
	}
	return strings.TrimSpace(strings.Join(value, " "))
}
