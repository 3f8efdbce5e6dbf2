package dependency

import (
	"path"
	"regexp"
	"slices"
	"strings"
)

// parseRequirementsFile reads a requirements file as pip does: requirements with extras, hashes and markers, addresses,
// repositories, options, continued lines, and the files that -r includes. Constraints (-c) add no package but may fix the
// version of one. Folders and files at hand are the project's own.
//
// If pip-compile or uv wrote the file, its "via" comments tell edges and what is direct; else, with the .in file of the
// same name beside it, direct is what that names; else everything is. A file whose name says that it is for tests or
// development, and what it alone includes, has that scope.
//
// https://pip.pypa.io/en/stable/reference/requirements-file-format/
func parseRequirementsFile(data []byte, near nearby) (File, problems) {
	var bad problems
	r := newRequirementsReader(near, &bad)
	base := path.Base(near.name)
	if p := r.include(base, data, fileScope(near.name, Runtime), 0); p != nil {
		return File{}, problems{list: []problem{*p}}
	}
	r.constrain()
	named := r.compiledFrom(base)
	packages := newPackages()
	file := File{Edges: r.files[0].declare(r, named, packages), constrained: r.files[0].constrained, included: r.included()}
	file.Packages = packages.sorted()
	return file, bad
}

// included makes files of all but the first.
func (r *requirementsReader) included() []File {
	var files []File
	for i := range r.files[1:] {
		f := &r.files[1+i]
		packages := newPackages()
		edges := f.declare(r, nil, packages)
		files = append(files, File{Path: f.name, Format: "requirements.txt", Packages: packages.sorted(), Edges: edges, constrained: f.constrained})
	}
	return files
}

// isRequirements says whether a file is a requirements file by its name: requirements.txt, requirements-dev.txt,
// dev_requirements.in.
func isRequirements(base string) bool { return requirementsName.MatchString(base) }

var requirementsName = regexp.MustCompile(`(?i)^(.*[-_.])?requirements([-_.].*)?\.(txt|in)$`)

// isRequirementsPlace says whether it is one by its folder: requirements/base.txt. Constraints there are none.
func isRequirementsPlace(folder, base string) bool {
	return strings.EqualFold(folder, "requirements") && (strings.HasSuffix(base, ".txt") || strings.HasSuffix(base, ".in")) &&
		!strings.Contains(strings.ToLower(base), "constraint")
}

// compiledRequirements gives what an .in file is compiled to, which holds all that it holds.
func compiledRequirements(base string) []string {
	if stem, ok := strings.CutSuffix(base, ".in"); ok {
		return []string{stem + ".txt"}
	}
	return nil
}

// fileScope tells the scope of a requirements file by its name; inherited if that says nothing.
func fileScope(name string, inherited Scope) Scope {
	base := path.Base(name)
	words := groupWords(strings.TrimSuffix(base, path.Ext(base)))
	switch {
	case slices.ContainsFunc(words, isTestWord):
		return Test
	case slices.ContainsFunc(words, isDevWord):
		return Dev
	case slices.ContainsFunc(groupWords(path.Base(path.Dir(name))), isTestWord):
		return Test
	case slices.ContainsFunc(groupWords(path.Base(path.Dir(name))), isDevWord):
		return Dev
	case isRequirements(base):
		return Runtime
	}
	return inherited
}

// constrain gives versions from constraints to what requires none.
func (r *requirementsReader) constrain() {
	for i := range r.files {
		f := &r.files[i]
		for k := range f.list {
			q := &f.list[k]
			if version := r.constraints[normalName(q.name)]; q.version == "" && q.source == (pythonSource{}) && version != "" {
				q.version = version
				f.constrained = true
			}
		}
	}
}

// compiledFrom gives the normal names in the .in file that a file without "via" comments was compiled from; nil if there is
// none, or if it names nothing of the file.
func (r *requirementsReader) compiledFrom(base string) map[string]bool {
	stem, ok := strings.CutSuffix(base, ".txt")
	if !ok || r.compiled {
		return nil
	}
	data, err := r.near.read(stem + ".in")
	if err != nil {
		return nil
	}
	var ignored problems // a file of its own, where there is no .txt
	in := newRequirementsReader(r.near, &ignored)
	if in.include(stem+".in", data, Runtime, 0) != nil {
		return nil
	}
	names := map[string]bool{}
	for _, f := range in.files {
		for _, q := range f.list {
			names[normalName(q.name)] = true
		}
	}
	if !slices.ContainsFunc(r.files[0].list, func(q lineRequirement) bool { return names[normalName(q.name)] }) {
		return nil
	}
	return names
}

// declare adds the packages of one file, and says whether it tells edges. named, if not nil, are the normal names of what
// is direct.
func (f *requirementsFile) declare(r *requirementsReader, named map[string]bool, packages *packageSet) (edges bool) {
	in := f.name
	if in == r.files[0].name {
		in = ""
	}
	at := map[string][]int32{} // normal name → packages
	indexes := make([]int32, len(f.list))
	for i := range f.list {
		q := &f.list[i]
		edges = edges || len(q.via) > 0 || q.direct
		direct := len(q.via) == 0 || q.direct
		if named != nil {
			direct = named[normalName(q.name)]
		}
		indexes[i] = packages.require(q.requirement, f.scope, q.line, direct, in, r.bad)
		if indexes[i] < 0 {
			continue
		}
		if q.source == (pythonSource{}) {
			p := &packages.list[indexes[i]]
			for _, index := range r.indexes {
				p.Hints = appendHint(p.Hints, "registry", index)
			}
		}
		if same := at[normalName(q.name)]; !slices.Contains(same[:min(len(same), mostOfName)], indexes[i]) {
			at[normalName(q.name)] = append(same, indexes[i])
		}
	}
	var pairs [][2]int32
	for i := range f.list {
		for _, by := range f.list[i].via {
			for _, from := range at[by][:min(len(at[by]), mostOfName)] {
				if indexes[i] >= 0 && len(pairs) < mostNeeds {
					pairs = append(pairs, [2]int32{from, indexes[i]})
				}
			}
		}
	}
	packages.connect(pairs)
	return edges
}

// mostOfName bounds how many packages of one name, for several systems, a comment can mean.
const mostOfName = 20
