package dependency

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

const (
	mostCatalogueBytes = 256 << 10
	deepestTOML        = 50
)

// parseGradleCatalogue reads a version catalogue: its libraries, and its plugins under the module of their marker. It says
// what the build may use, not what it does use; where a gradle.lockfile of the build is, that counts (see joinGradle).
// Only a plain version, or a range that is strict and admits one, is a version.
//
// Source: "Version Catalogs" of the Gradle user manual, chapter on the TOML format.
func parseGradleCatalogue(data []byte, seen *memory) (File, problems) {
	text, fatal := guardText(data)
	if fatal == nil {
		fatal = guardTOML(text)
	}
	if fatal != nil {
		return File{}, problems{list: []problem{*fatal}}
	}
	var catalogue struct {
		Versions  map[string]any `toml:"versions"`
		Libraries map[string]any `toml:"libraries"`
		Plugins   map[string]any `toml:"plugins"`
	}
	if _, err := toml.Decode(string(text), &catalogue); err != nil {
		p := problem{kind: gap.Syntax, line: 1, detail: short(err.Error())}
		var syntax toml.ParseError
		if errors.As(err, &syntax) {
			p.line, p.detail = syntax.Position.Line, short(syntax.Message)
		}
		return File{}, problems{list: []problem{p}}
	}
	var bad problems
	packages := newPackages()
	lines := tomlLines(text)
	for _, alias := range slices.Sorted(maps.Keys(catalogue.Libraries)) {
		module := ""
		switch library := catalogue.Libraries[alias].(type) {
		case string:
			module = library
			if parts := strings.Split(module, ":"); len(parts) == 3 {
				module = parts[0] + ":" + parts[1] + ":" + gradlePinned(parts[2], nil)
			}
		case map[string]any:
			module, _ = library["module"].(string)
			if module == "" {
				module = fmt.Sprint(library["group"], ":", library["name"])
			}
			module += ":" + gradlePinned(library["version"], catalogue.Versions)
		}
		addMaven(packages, &bad, module, Runtime, lines["libraries."+alias])
	}
	for _, alias := range slices.Sorted(maps.Keys(catalogue.Plugins)) {
		id, version := "", ""
		switch plugin := catalogue.Plugins[alias].(type) {
		case string:
			id, version, _ = strings.Cut(plugin, ":")
			version = gradlePinned(version, nil)
		case map[string]any:
			id, _ = plugin["id"].(string)
			version = gradlePinned(plugin["version"], catalogue.Versions)
		}
		addMaven(packages, &bad, id+":"+id+".gradle.plugin:"+version, Dev, lines["plugins."+alias])
	}
	return File{Packages: packages.sorted()}, bad
}

// gradlePinned gives the version that a requirement names, if it admits one.
func gradlePinned(requirement any, versions map[string]any) string {
	switch v := requirement.(type) {
	case string:
		v, _, _ = strings.Cut(v, "!!") // strictly
		if strings.ContainsAny(v, "[](),+") || strings.HasPrefix(v, "latest.") {
			return ""
		}
		return v
	case map[string]any:
		if ref, ok := v["ref"].(string); ok {
			return gradlePinned(versions[ref], nil)
		}
		for _, key := range []string{"strictly", "require"} {
			if s, ok := v[key].(string); ok {
				return gradlePinned(s, nil)
			}
		}
	}
	return ""
}

// guardTOML holds that brackets do not stand one in another without end, for the decoder takes them by recursion, nor
// parts of a dotted key, for it keeps the whole way to each. It counts those in strings too: real files stay far below.
func guardTOML(text []byte) *problem {
	depth, dots := 0, 0
	for i, c := range text {
		switch c {
		case '[', '{':
			depth, dots = depth+1, 0
		case ']', '}':
			depth, dots = max(0, depth-1), 0
		case '=', ',', '\n':
			dots = 0
		case '.':
			if i > 0 && text[i-1] != '.' { // a row of them is no key
				dots++
			}
		}
		if max(depth, dots) > deepestTOML {
			return &problem{kind: gap.TooDeep, line: lineOf(text, i), detail: fmt.Sprintf("more than %d levels", deepestTOML)}
		}
	}
	return nil
}

// tomlLines gives the lines of keys, as table.key; of keys within keys that of the first.
func tomlLines(text []byte) map[string]int {
	lines, table, n := map[string]int{}, "", 0
	for raw := range bytes.Lines(text) {
		n++
		line := strings.TrimSpace(string(raw))
		if strings.HasPrefix(line, "[") {
			table = strings.Trim(line, "[] \t")
			if _, ok := lines[table]; !ok {
				lines[table] = n
			}
			continue
		}
		if key, _, ok := strings.Cut(line, "="); ok {
			key = table + "." + strings.Trim(strings.TrimSpace(key), `"'`)
			if _, ok := lines[key]; !ok {
				lines[key] = n
			}
		}
	}
	return lines
}

// joinGradle passes over a catalogue where a lockfile lies in the build that it is of: X/gradle/libs.versions.toml is of X.
func (r *reading) joinGradle() {
	var locked []string
	for _, f := range r.files {
		if f.Format == "gradle.lockfile" {
			locked = append(locked, path.Dir(f.Path))
		}
	}
	all := slices.Clone(r.files)
	r.files = slices.DeleteFunc(r.files, func(f File) bool {
		if f.Format != "libs.versions.toml" {
			return false
		}
		build := path.Dir(path.Dir(f.Path))
		covered := slices.ContainsFunc(locked, func(dir string) bool {
			return build == "." || dir == build || strings.HasPrefix(dir, build+"/")
		})
		if covered && !slices.ContainsFunc(all, func(o File) bool { return o.Subject == f.Subject && o.Path != f.Path }) {
			delete(r.subjects, f.Subject)
		}
		return covered
	})
}
