package dependency

import (
	"path"
	"regexp"
	"slices"
	"strings"
)

// A nugetManifest is what a project file, or a Directory.Packages.props, says about packages.
type nugetManifest struct {
	references []nugetReference
	test       bool              // a test project
	central    map[string]string // Directory.Packages.props: name in lower case → version; nil in a project
}

type nugetReference struct {
	name, version string // no version: the project says none, or a range
	scope         Scope
	says          bool // a requirement, if only a range
	line          int
}

// parseNuGetProject reads the PackageReference items of an MSBuild project. A plain version is the least that is allowed,
// and what is restored; a range or a floating version is none. Conditions are not evaluated: what stands under one counts,
// but a property that is set under one, or twice, has no known value. Files that the project imports are not read, but for
// the nearest Directory.Packages.props above it, where that lies in the scanned folder (see joinNuGet). What a project keeps to itself
// (PrivateAssets all) is for development, and everything of a test project for tests.
//
// See "PackageReference in project files" and "Central Package Management" of NuGet's documentation.
func parseNuGetProject(data []byte, seen *memory) (File, problems) {
	root, fatal := readXML(data, "Project")
	if fatal != nil {
		return File{}, problems{list: []problem{*fatal}}
	}
	m := &nugetManifest{}
	m.read(root, msbuildProperties(root))
	packages, bad := m.packages(nil)
	return File{Packages: packages, nuget: m}, bad
}

// parseNuGetCentral reads a Directory.Packages.props: the versions that the projects below it use. On its own, without
// such a project, all that it names counts.
func parseNuGetCentral(data []byte, seen *memory) (File, problems) {
	root, fatal := readXML(data, "Project")
	if fatal != nil {
		return File{}, problems{list: []problem{*fatal}}
	}
	m := &nugetManifest{central: map[string]string{}}
	m.read(root, msbuildProperties(root))
	packages, bad := m.packages(nil)
	return File{Packages: packages, nuget: m}, bad
}

func (m *nugetManifest) read(e *xmlElement, properties map[string]string) {
	for _, c := range e.children {
		switch c.name {
		case "Target": // items made while building
		case "PropertyGroup":
			m.test = m.test || strings.EqualFold(c.value("IsTestProject"), "true")
		case "PackageReference", "GlobalPackageReference", "PackageVersion":
			m.item(c, properties)
		default:
			m.read(c, properties)
		}
	}
}

func (m *nugetManifest) item(e *xmlElement, properties map[string]string) {
	if m.central == nil && e.name != "PackageReference" || m.central != nil && e.name == "PackageReference" {
		return
	}
	version := nugetPinned(e.value("Version"), properties)
	if override := e.value("VersionOverride"); override != "" {
		version = nugetPinned(override, properties)
	}
	scope := Runtime
	if e.name == "GlobalPackageReference" || strings.EqualFold(e.value("PrivateAssets"), "all") {
		scope = Dev
	}
	for name := range strings.SplitSeq(e.attr("Include"), ";") {
		name, _ = msbuildExpand(strings.TrimSpace(name), properties)
		if name == "" {
			continue
		}
		m.references = append(m.references, nugetReference{name: name, version: version, says: e.value("Version")+e.value("VersionOverride") != "", scope: scope, line: e.line})
		m.test = m.test || strings.EqualFold(name, "Microsoft.NET.Test.Sdk")
		if e.name == "PackageVersion" {
			m.central[strings.ToLower(name)] = version
		}
	}
	if name := e.attr("Update"); name != "" && version != "" {
		for i := range m.references {
			if strings.EqualFold(m.references[i].name, name) {
				m.references[i].version, m.references[i].says = version, true
			}
		}
		if m.central != nil {
			m.central[strings.ToLower(name)] = version
		}
	}
}

// packages gives the packages of a manifest, with versions from a central one where it says none itself.
func (m *nugetManifest) packages(central *nugetManifest) ([]Package, problems) {
	var bad problems
	packages := newPackages()
	add := func(r nugetReference) {
		if m.test {
			r.scope = Test
		}
		addNuGet(packages, &bad, r.name, r.version, r.scope, r.line)
	}
	for _, r := range m.references {
		if !r.says && central != nil {
			r.version = central.central[strings.ToLower(r.name)]
		}
		add(r)
	}
	if central != nil {
		for _, r := range central.references {
			if _, only := central.central[strings.ToLower(r.name)]; !only { // a GlobalPackageReference
				r.line = 0 // in another file
				add(r)
			}
		}
	}
	return packages.sorted(), bad
}

// msbuildProperties gives the properties that have one value whatever is built: those that are set once, without condition.
func msbuildProperties(root *xmlElement) map[string]string {
	properties := map[string]string{}
	for _, group := range root.children {
		if group.name != "PropertyGroup" {
			continue
		}
		for _, p := range group.children {
			name := strings.ToLower(p.name)
			_, twice := properties[name]
			if twice || group.attr("Condition") != "" || p.attr("Condition") != "" || strings.Contains(p.text, "$(") {
				properties[name] = "$(" + p.name + ")"
				continue
			}
			properties[name] = p.text
		}
	}
	return properties
}

var msbuildProperty = regexp.MustCompile(`\$\(\s*([A-Za-z_][\w-]*)\s*\)`)

// msbuildExpand puts in the values of properties; known says whether all of them are known.
func msbuildExpand(text string, properties map[string]string) (expanded string, known bool) {
	if !strings.Contains(text, "$(") {
		return text, true
	}
	if len(text) > longestPURL { // of properties within, each might be long
		return text, false
	}
	size := 0
	expanded = msbuildProperty.ReplaceAllStringFunc(text, func(use string) string {
		value, ok := properties[strings.ToLower(msbuildProperty.FindStringSubmatch(use)[1])]
		size += len(value)
		if !ok || size > longestPURL {
			return use
		}
		return value
	})
	return expanded, !strings.Contains(expanded, "$(")
}

// nugetPinned gives the version that a requirement names, or nothing for a range, a floating version or an unknown property.
func nugetPinned(requirement string, properties map[string]string) string {
	version, known := msbuildExpand(requirement, properties)
	version = strings.TrimSpace(version)
	if exact, ok := strings.CutPrefix(version, "["); ok && strings.HasSuffix(exact, "]") {
		version = strings.TrimSpace(strings.TrimSuffix(exact, "]"))
	}
	if !known || strings.ContainsAny(version, "[](),*") {
		return ""
	}
	return version
}

// isNuGetLock says whether a name is that of a lockfile: where projects share a folder, each has one with its name.
func isNuGetLock(base string) bool {
	return base == "packages.lock.json" || strings.HasPrefix(base, "packages.") && strings.HasSuffix(base, ".lock.json")
}

func isNuGetProject(base string) bool {
	return slices.Contains([]string{".csproj", ".fsproj", ".vbproj"}, strings.ToLower(path.Ext(base)))
}

// joinNuGet joins project files with what belongs to them: one with a lockfile is passed over, the others take versions
// from the nearest Directory.Packages.props, which says nothing on its own then.
func (r *reading) joinNuGet() {
	locks := map[string]bool{}        // paths
	centrals := map[string]*File{}    // by folder
	used := map[*nugetManifest]bool{} // centrals with a project
	for i := range r.files {
		f := &r.files[i]
		switch {
		case isNuGetLock(path.Base(f.Path)):
			locks[f.Path] = true
		case f.nuget != nil && f.nuget.central != nil:
			centrals[path.Dir(f.Path)] = f
		}
	}
	covered := map[*nugetManifest]bool{}
	for i := range r.files {
		f := &r.files[i]
		if f.nuget == nil || f.nuget.central != nil {
			continue
		}
		dir, base := path.Split(f.Path)
		project := strings.ReplaceAll(strings.TrimSuffix(base, path.Ext(base)), " ", "_")
		covered[f.nuget] = locks[dir+"packages.lock.json"] || locks[dir+"packages."+project+".lock.json"]
		if central := nearest(centrals, path.Dir(f.Path)); central != nil {
			used[central.nuget] = true
			f.Packages, _ = f.nuget.packages(central.nuget) // what is wrong was told when each was read
		}
	}
	r.drop(func(f *File) bool { return f.nuget != nil && (covered[f.nuget] || used[f.nuget]) })
}

// nearest gives the file of a folder or of the first one above that has one.
func nearest(files map[string]*File, dir string) *File {
	for {
		if f := files[dir]; f != nil || dir == "." || dir == "/" {
			return f
		}
		dir = path.Dir(dir)
	}
}
