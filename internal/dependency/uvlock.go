package dependency

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// parseUVLock reads a uv.lock of version 1, whatever its revision, and the experimental version 2, which spells some of it
// shorter. The pythonProject, the members of its workspace, and folders or files at hand are the project's own; what they need,
// with whatever extra or group, is direct, and so is what [manifest] requires. Edges of an extra count where somebody asks
// for the extra. A git source has the version that the lock gives.
//
// The form is told by uv's own source, crates/uv-resolver/src/lock/mod.rs, and its tests.
func parseUVLock(data []byte, _ *memory) (File, problems) {
	var file File
	var bad problems
	f, fatal := readTOMLLock(data)
	if fatal != nil {
		return file, problems{list: []problem{*fatal}}
	}
	switch version, ok := f.tomlTable["version"].(int64); {
	case !ok:
		return file, problems{list: []problem{{kind: gap.Unsupported, line: 1, detail: "no lockfile version"}}}
	case version != 1 && version != 2:
		return file, problems{list: []problem{{kind: gap.Unsupported, line: 1, detail: fmt.Sprintf("lockfile version %d", version)}}}
	}
	lock := pythonLock{bad: &bad, rooted: true}
	lock.missing = func(from *pythonEntry, need *pythonNeed) {
		bad.add(gap.Truncated, func() (int, string, string) {
			line := 0
			if from != nil {
				line = from.line
			}
			return line, short(need.name), "needed, and not in the file: uv writes all that is needed"
		})
	}
	var members []string
	for _, name := range []string{"manifest", "workspace"} {
		manifest := f.table(name)
		members = append(members, manifest.texts("members")...)
		lock.roots = append(lock.roots, uvNeeds(manifest["requirements"], "", Runtime)...)
		lock.roots = append(lock.roots, uvNeeds(manifest["dependencies"], "", Runtime)...)
		lock.roots = append(lock.roots, uvGroups(manifest.table("dependency-groups"))...)
	}
	entries := lock.read(f, "package")
	for _, e := range entries {
		uvEntry(e.pythonEntry, e.tomlTable)
		if folder, ok := uvFolder(e.table("source")); ok {
			file.members = append(file.members, folder)
			if folder == "." {
				file.Root = e.text("name")
			}
		}
	}
	uvWhole(&lock, members)
	lock.into(&file)
	return file, bad
}

// uvWhole tells of a file that was cut between two packages, as far as it shows: uv writes every member, and the project
// itself if it lists none.
func uvWhole(lock *pythonLock, members []string) {
	if len(lock.entries) == 0 {
		lock.bad.add(gap.Empty, func() (int, string, string) { return 1, "", "no packages" })
		return
	}
	last := lock.entries[len(lock.entries)-1].line
	names, project := make(map[string]bool, len(lock.entries)), false
	for i := range lock.entries {
		names[lock.entries[i].name] = true
		project = project || lock.entries[i].own
	}
	for _, name := range members {
		if !names[normalName(name)] {
			lock.bad.add(gap.Truncated, func() (int, string, string) {
				return last, short(name), "a member of the workspace that is not in the file"
			})
		}
	}
	if len(members) == 0 && len(lock.roots) == 0 && !project {
		lock.bad.add(gap.Truncated, func() (int, string, string) { return last, "", "the project itself is not in the file" })
	}
}

// uvFolder gives the folder of a package of the project's own, if it lies in that of the lockfile.
func uvFolder(source tomlTable) (string, bool) {
	for _, key := range []string{"virtual", "editable", "directory"} {
		if folder := source.text(key); folder != "" {
			return folder, !climbs(folder) && !strings.HasPrefix(folder, "/")
		}
	}
	return "", false
}

// uvEntry reads what is uv's own of an entry.
func uvEntry(e *pythonEntry, t tomlTable) {
	source := t.table("source")
	e.source = uvSource(source)
	switch {
	case source.text("registry") != "" && !strings.Contains(source.text("registry"), "://"):
		e.source = pythonSource{} // a folder of wheels, which are other people's all the same
	case e.source.local:
		e.own = true
	}
	e.day = uploaded(t.table("sdist")) // as good as any: lists of wheels are not decoded
	e.needs = uvNeeds(t["dependencies"], "", Runtime)
	extras := t.table("optional-dependencies")
	for _, extra := range sortedKeys(extras) {
		e.needs = append(e.needs, uvNeeds(extras[extra], normalName(extra), Optional)...)
	}
	if e.own {
		e.needs = append(e.needs, uvGroups(t.table("dev-dependencies"))...)
		e.needs = append(e.needs, uvGroups(t.table("dependency-groups"))...)
	}
}

// uvSource reads a source table. That of git is an address, the asked-for revision as its query, the commit as its fragment.
func uvSource(t tomlTable) pythonSource {
	switch {
	case t.text("registry") != "":
		return pythonSource{index: t.text("registry")}
	case t.text("git") != "":
		address, commit, _ := strings.Cut(t.text("git"), "#")
		address, _, _ = strings.Cut(address, "?")
		return pythonSource{git: address, commit: commit}
	case t.text("url") != "":
		return pythonSource{download: t.text("url")}
	}
	return pythonSource{local: len(t) > 0} // path, directory, editable, virtual
}

// uvGroups reads groups of needs, one list a group.
func uvGroups(groups tomlTable) []pythonNeed {
	var needs []pythonNeed
	for _, group := range sortedKeys(groups) {
		list := groups[group]
		if t := asTable(list); t != nil {
			list = t["dependencies"]
		}
		needs = append(needs, uvNeeds(list, ofGroup(group), groupScope(group))...)
	}
	return needs
}

// uvNeeds reads a list of needs: tables, or names alone.
func uvNeeds(list any, under string, scope Scope) []pythonNeed {
	var needs []pythonNeed
	for _, v := range variants(list) {
		need := pythonNeed{under: under, scope: scope}
		if name, ok := v.(string); ok {
			need.name = normalName(name)
		} else if t := asTable(v); t != nil {
			need.name, need.version = normalName(t.text("name")), t.text("version")
			need.extras = normalNames(slices.Concat(t.texts("extra"), t.texts("extras")))
			source := uvSource(t.table("source"))
			need.from = source.git + source.download + source.index
		}
		if need.name != "" {
			needs = append(needs, need)
		}
	}
	return needs
}
