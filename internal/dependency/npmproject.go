package dependency

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// npmLocks are the lockfiles of JavaScript projects, the one first that counts where a folder holds several, unless its
// package.json names another's package manager. npm itself prefers npm-shrinkwrap.json to package-lock.json.
var npmLocks = []string{"npm-shrinkwrap.json", "package-lock.json", "pnpm-lock.yaml", "yarn.lock", "bun.lock"}

// lockManagers are the package managers that write them.
var lockManagers = []string{"npm", "npm", "pnpm", "yarn", "bun"}

// A project is the manifests at hand that belong to one lockfile.
type project struct {
	manifests map[string]*manifest // by folder, relative to the lockfile; "." is the project's own
	complete  bool                 // no manifest of a workspace is missing, as far as can be seen
}

// keepManifest keeps what was read of a package.json until all lockfiles are read.
func (r *reading) keepManifest(file *File) {
	if r.manifests == nil {
		r.manifests = map[string]*File{}
	}
	r.manifests[path.Dir(file.Path)] = file
}

// joinNPM joins what was read of JavaScript projects: of several lockfiles in one folder it keeps one; it tells the lockfile
// what its manifests say; and it takes a manifest for itself where no lockfile that could be read covers it.
func (r *reading) joinNPM() {
	r.keepOneLock()
	folders := make([]string, 0, len(r.manifests))
	for dir := range r.manifests {
		folders = append(folders, dir)
	}
	slices.Sort(folders)
	covered := map[string]bool{}
	for i := range r.files {
		f := &r.files[i]
		if !slices.Contains(npmLocks, f.Format) {
			continue
		}
		dir := path.Dir(f.Path)
		p := r.project(f, dir, folders)
		if root := p.manifests["."]; root != nil && f.Root == "" {
			f.Root = root.name
		}
		if f.settle != nil {
			f.missing = f.settle(f, p)
		}
		r.gaps = append(r.gaps, f.missing.gaps(r.place(f.Path))...)
		f.settle = nil
		covered[dir] = true
		for _, member := range f.members {
			covered[path.Join(dir, member)] = true
		}
	}
	for _, dir := range folders {
		f := r.manifests[dir]
		if covered[dir] || r.root == nil && f.Path != path.Base(r.given) {
			continue
		}
		if f.manifest == nil || len(f.Packages) > 0 || r.root == nil {
			r.subjects[f.Subject] = "folder"
		}
		if f.manifest != nil && (len(f.Packages) > 0 || r.root == nil) {
			r.files = append(r.files, *f)
		}
	}
}

// settleAlone tells a lockfile of a folder what the package.json beside it says, if no other has anything to say. To wait
// until all is read would cost the memory of all lockfiles.
func (r *reading) settleAlone(f *File) {
	if f.settle == nil || r.root == nil || len(f.members) > 0 {
		return
	}
	dir := path.Dir(f.Path)
	if r.manifests[dir] == nil && !excluded(r.exclude, path.Join(dir, "package.json")) {
		r.manifestIn(r.root, dir)
	}
	p := project{complete: true}
	if beside := r.manifests[dir]; beside != nil && beside.manifest != nil {
		if len(beside.manifest.workspaces) > 0 {
			return
		}
		p.manifests = map[string]*manifest{".": beside.manifest}
	}
	f.missing = f.settle(f, p)
	f.settle = nil
}

// keepOneLock drops, of several lockfiles in one folder, all but the one that counts.
func (r *reading) keepOneLock() {
	best := map[string]int{} // folder → rank of the lockfile that counts
	for i := range r.files {
		if rank := r.rank(&r.files[i]); rank >= 0 {
			dir := path.Dir(r.files[i].Path)
			if have, ok := best[dir]; !ok || rank < have {
				best[dir] = rank
			}
		}
	}
	r.files = slices.DeleteFunc(r.files, func(f File) bool {
		rank := r.rank(&f)
		return rank >= 0 && rank > best[path.Dir(f.Path)]
	})
}

// rank orders the lockfiles of one folder; it is negative for other files.
func (r *reading) rank(f *File) int {
	rank := slices.Index(npmLocks, f.Format)
	if rank < 0 {
		return rank
	}
	if beside := r.manifests[path.Dir(f.Path)]; beside != nil && beside.manifest != nil && beside.manifest.manager == lockManagers[rank] {
		return rank
	}
	return len(npmLocks) + rank
}

// project gathers the manifests of a lockfile in a folder: the one beside it, those of the members that it names, and those
// that the patterns of workspaces match, which become members too.
func (r *reading) project(f *File, dir string, folders []string) project {
	p := project{manifests: map[string]*manifest{}, complete: true}
	beside := r.manifests[dir]
	if beside != nil && beside.manifest != nil {
		p.manifests["."] = beside.manifest
	}
	if root := p.manifests["."]; root != nil && f.Format == "yarn.lock" && len(f.members) == 0 && len(root.workspaces) > 0 {
		include, exclude := workspacePatterns(root.workspaces)
		found := make([]bool, len(include))
		for _, folder := range below(folders, dir) {
			rel := folder
			if dir != "." {
				rel = strings.TrimPrefix(folder, dir+"/")
			}
			parts := strings.Split(rel, "/")
			if slices.ContainsFunc(exclude, func(e exclusion) bool { return e.matches(parts) }) {
				continue
			}
			member := false
			for i, pattern := range include {
				if pattern.matches(parts) {
					found[i], member = true, true
				}
			}
			if member {
				f.members = append(f.members, rel)
			}
		}
		p.complete = !slices.Contains(found, false)
	}
	for _, member := range f.members {
		if m := r.manifests[path.Join(dir, member)]; m != nil && m.manifest != nil {
			p.manifests[path.Clean(member)] = m.manifest
		} else {
			p.complete = false
		}
	}
	return p
}

// below gives the sorted folders that lie below one.
func below(folders []string, dir string) []string {
	if dir == "." {
		return slices.DeleteFunc(slices.Clone(folders), func(f string) bool { return f == "." })
	}
	from, _ := slices.BinarySearch(folders, dir+"/")
	to, _ := slices.BinarySearch(folders, dir+"0") // "0" is the character after "/"
	return folders[from:to]
}

// workspacePatterns splits patterns of workspaces at their parts. One that no folder can match is left out.
func workspacePatterns(patterns []string) (include, exclude []exclusion) {
	for _, pattern := range patterns {
		p, negative := strings.CutPrefix(pattern, "!")
		e := exclusion(strings.Split(path.Clean(strings.TrimPrefix(p, "./")), "/"))
		if len(e) > 32 || slices.Contains(e, "..") || slices.ContainsFunc(e, func(part string) bool { _, err := path.Match(part, ""); return err != nil }) {
			continue
		}
		if negative {
			exclude = append(exclude, e)
		} else {
			include = append(include, e)
		}
	}
	return include, exclude
}

// What is looked for when the user names one lockfile.
const (
	mostGlobs   = 50     // patterns of workspaces
	mostMembers = 10_000 // manifests
)

// manifestsBeside reads, when the user named one lockfile, the package.json beside it and those of its workspaces.
func (r *reading) manifestsBeside(lock string) {
	if len(r.files) == 0 || r.files[0].settle == nil && r.files[0].Root != "" {
		return
	}
	root, err := os.OpenRoot(filepath.Dir(lock))
	if err != nil {
		return
	}
	defer root.Close()
	if !r.manifestIn(root, ".") || r.files[0].settle == nil {
		return
	}
	members := slices.Clone(r.files[0].members)
	if beside := r.manifests["."].manifest; beside != nil && len(members) == 0 {
		for _, pattern := range beside.workspaces[:min(mostGlobs, len(beside.workspaces))] {
			found, _ := fs.Glob(root.FS(), path.Clean(pattern)) // "**" is one folder to it
			members = append(members, found...)
		}
	}
	slices.Sort(members)
	members = slices.Compact(members)
	for _, member := range members[:min(mostMembers, len(members))] {
		r.manifestIn(root, path.Clean(member))
	}
}

// manifestIn reads the package.json of one folder, if there is one. What is wrong with it is a gap.
func (r *reading) manifestIn(root *os.Root, dir string) bool {
	rel := path.Join(dir, "package.json")
	info, err := root.Lstat(filepath.FromSlash(rel))
	if err != nil || !info.Mode().IsRegular() {
		return false
	}
	f, err := root.OpenFile(filepath.FromSlash(rel), os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return false
	}
	defer f.Close()
	format := formatNamed("package.json")
	data, err := readUpTo(f, format.limit+1)
	if err != nil {
		return false
	}
	file, bad, _ := format.read(data, r.seen, nearby{})
	at := r.place(rel)
	if r.root == nil {
		at = path.Join(path.Dir(r.given), rel)
	}
	r.gaps = append(r.gaps, bad.gaps(at)...)
	file.Path, file.Subject = rel, dir
	r.keepManifest(&file)
	return true
}
