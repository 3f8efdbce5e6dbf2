package dependency

import (
	"bytes"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
)

const mostCatalogueBytes = 256 << 10

// parseGradleCatalogue reads a version catalogue: its libraries, and its plugins under the module of their marker. It says
// what the build may use, not what it does use; where a gradle.lockfile of the build is, that counts (see joinGradle).
// Only a plain version, or a range that is strict and admits one, is a version.
//
// The format is that of "Version Catalogs" in the Gradle user manual.
func parseGradleCatalogue(data []byte, seen *memory) (File, problems) {
	f, fatal := readTOML(data)
	if fatal != nil {
		return File{}, problems{list: []problem{*fatal}}
	}
	versions := f.table("versions")
	var bad problems
	packages := newPackages()
	lines := tomlLines([]byte(f.content))
	for _, alias := range slices.Sorted(maps.Keys(f.table("libraries"))) {
		module := ""
		switch library := f.table("libraries")[alias].(type) {
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
			module += ":" + gradlePinned(library["version"], versions)
		}
		addMaven(packages, &bad, module, Runtime, lines["libraries."+alias])
	}
	for _, alias := range slices.Sorted(maps.Keys(f.table("plugins"))) {
		id, version := "", ""
		switch plugin := f.table("plugins")[alias].(type) {
		case string:
			id, version, _ = strings.Cut(plugin, ":")
			version = gradlePinned(version, nil)
		case map[string]any:
			id, _ = plugin["id"].(string)
			version = gradlePinned(plugin["version"], versions)
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
