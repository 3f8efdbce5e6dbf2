package dependency

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// Options say how a root is read. The zero value reads everything.
type Options struct {
	// Exclude are patterns of folders and files to pass over, on slash paths relative to the root. "*", "?" and "[…]"
	// match within one part of a path, "**" any number of parts. A pattern without a slash ("bench", "*.cdx.json") holds
	// at any depth, one with a slash ("examples/old", "/bench") from the root on; what matches a folder covers all in it,
	// so "examples", "examples/" and "examples/**" say nearly the same (the last only for the one at the root).
	Exclude []string
}

// Read reads the dependency files of a folder, or one such file.
//
// Of a folder it reads every file below it that is of one of the [Formats], and counts the known files that it cannot read
// yet. A manifest counts only where no lockfile holds what it requires. Git submodules and other repositories checked out
// within are read too: what lies in the folder is shipped with it. It passes over, and counts, copies of other people's
// packages, testdata, folders that tools keep to themselves and what opts.Exclude matches ([Passed]); none of these rules holds
// for the root itself. It follows no symbolic link.
//
// Of several lockfiles of one JavaScript project one counts, and a package.json only where none does (see npmproject.go).
//
// Each folder with lockfiles is a subject, and so is each SBOM. Whatever cannot be read is a gap. The error is about the
// root or the options alone: the root is absent, is a file of none of the known formats ([UnknownFormatError]), a pattern
// is malformed, or ctx has ended; what was read until then is given with it.
func Read(ctx context.Context, root string, opts Options) (Inventory, error) {
	exclude, err := parseExclusions(opts.Exclude)
	if err != nil {
		return Inventory{}, err
	}
	info, err := os.Stat(root)
	if err != nil {
		return Inventory{}, err
	}
	r := reading{given: filepath.ToSlash(root), exclude: exclude, passed: map[string]int{}, subjects: map[string]string{}, seen: newMemory()}
	if info.IsDir() {
		err = r.folder(ctx, root)
	} else {
		err = r.single(root, info)
	}
	r.joinNPM()
	r.joinNuGet()
	r.joinGradle()
	r.joinMaven()
	return r.inventory(), err
}

// reading is one call of Read.
type reading struct {
	root     *os.Root // nil for a single file
	given    string   // the root as the user gave it, with slashes
	exclude  []exclusion
	files    []File
	gaps     []gap.Gap
	passed   map[string]int
	subjects map[string]string // id → kind
	unread   unreadFiles
	seen     *memory
	ahead    *ahead // of a folder

	around  *os.Root          // where files that belong to others are opened: root, or the folder of the single file
	waiting []string          // found on the walk; read after it, where no lockfile says more
	at      map[[2]string]int // path, subject → index in files
	held    map[string]bool   // manifests whose requirements a lockfile elsewhere holds

	manifests map[string]*File // folder → what was read of the package.json in it, nothing if it is broken
}

// place gives a path as the user would write it.
func (r *reading) place(rel string) string {
	if r.root == nil || rel == "." {
		return r.given
	}
	return path.Join(r.given, strings.ToValidUTF8(rel, "\uFFFD"))
}

func (r *reading) gap(rel string, kind gap.Kind, detail string) {
	r.gaps = append(r.gaps, gap.Gap{Stage: gap.Inventory, Kind: kind, File: r.place(rel), Detail: detail, Count: 1})
}

// inventory puts what was read in order.
func (r *reading) inventory() Inventory {
	var inv Inventory
	for id, kind := range r.subjects {
		at := r.place(id)
		if r.root == nil {
			at = r.given
		}
		inv.Subjects = append(inv.Subjects, Subject{ID: id, Path: at, Kind: kind})
	}
	slices.SortFunc(inv.Subjects, func(a, b Subject) int { return cmp.Compare(a.ID, b.ID) })
	settle(r.files)
	slices.SortFunc(r.files, func(a, b File) int { return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Subject, b.Subject)) })
	inv.Files = r.files
	for _, reason := range []string{"vendored", "testdata", "excluded", "tool", "link"} {
		if n := r.passed[reason]; n > 0 {
			inv.Passed = append(inv.Passed, Passed{Reason: reason, Count: n})
		}
	}
	inv.Gaps = append(r.gaps, r.unread.gaps(r.place)...)
	gap.Sort(inv.Gaps)
	inv.Gaps = slices.Compact(inv.Gaps) // what is wrong with a file that several include is told once
	return inv
}

// single reads a root that is a file.
func (r *reading) single(name string, info fs.FileInfo) error {
	base := filepath.Base(name)
	if !info.Mode().IsRegular() {
		r.gap(base, gap.Unreadable, "not a regular file")
		return nil
	}
	f, err := os.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		r.gap(base, gap.Unreadable, reason(err))
		return nil
	}
	defer f.Close()
	prefix, err := readUpTo(f, unreadPrefix)
	if err != nil {
		r.gap(base, gap.Unreadable, reason(err))
		return nil
	}
	given := name
	if full, err := filepath.Abs(name); err == nil {
		given = full
	}
	if format := formatGiven(filepath.ToSlash(given), prefix); format != nil {
		if format.join != nil {
			if r.around, err = os.OpenRoot(filepath.Dir(name)); err == nil {
				defer r.around.Close()
			}
		}
		r.take(base, format, r.parse(base, format, f, prefix, r.seen))
		if slices.Contains(npmLocks, format.name) {
			r.manifestsBeside(name)
		}
		return nil
	}
	if row := unreadNamed(base); row != nil {
		r.unread.add(row, base)
		return nil
	}
	if isJSON(base) {
		// A JSON file that is broken is likelier a broken SBOM than no SBOM at all.
		last := &formats[len(formats)-1]
		rest, err := readUpTo(f, last.limit)
		if err == nil {
			if _, _, fatal := guardJSON(append(prefix, rest...)); fatal != nil {
				p := problems{list: []problem{*fatal}}
				r.gaps = append(r.gaps, p.gaps(r.given)...)
				return nil
			}
		}
	}
	return &UnknownFormatError{Path: name, Known: Formats()}
}

// folder walks a root that is a folder.
func (r *reading) folder(ctx context.Context, name string) error {
	root, err := os.OpenRoot(name) // nothing outside can be opened through it, whatever links say
	if err != nil {
		return err
	}
	defer root.Close()
	r.root, r.around = root, root
	r.ahead = r.readAhead()
	err = fs.WalkDir(root.FS(), ".", func(rel string, d fs.DirEntry, err error) error {
		if ctxErr := ctx.Err(); ctxErr != nil {
			return ctxErr
		}
		if rel == "." {
			return err
		}
		if err != nil {
			r.gap(rel, gap.Unreadable, reason(err))
			return nil
		}
		switch {
		case d.Type()&fs.ModeSymlink != 0:
			r.link(rel)
		case d.IsDir():
			if why, pass := r.passes(rel); pass {
				if why != "" {
					r.passed[why]++
				}
				return fs.SkipDir
			}
			if f := formatNamed(rel); f != nil {
				r.gap(rel, gap.Unreadable, "a folder where a file belongs")
			}
		default:
			r.file(rel, d)
		}
		return nil
	})
	r.ahead.end()
	for _, rel := range r.waiting {
		if err != nil {
			break
		}
		r.manifest(rel)
		err = ctx.Err()
	}
	return err
}

// manifest reads a manifest, unless a lockfile that could be read holds what it requires.
func (r *reading) manifest(rel string) {
	folder, format := path.Dir(rel), formatNamed(rel)
	locked := r.held[rel] || slices.ContainsFunc(format.locks(path.Base(rel)), func(lock string) bool {
		_, read := r.at[[2]string{path.Join(folder, lock), folder}]
		return read
	})
	if !locked {
		r.take(rel, format, r.read(rel, format, r.seen))
	}
}

// foldersOfOthers hold copies of packages that lockfiles name.
var foldersOfOthers = []string{"node_modules", "bower_components", "jspm_packages", "site-packages", "Pods"}

// foldersOfTools are environments and caches that tools make; other hidden folders, such as .github, are read.
var foldersOfTools = []string{
	".venv", ".tox", ".nox", ".eggs", ".direnv", ".mypy_cache", ".pytest_cache", ".ruff_cache", "__pycache__",
	".npm", ".yarn", ".pnpm-store", ".next", ".nuxt", ".output", ".svelte-kit", ".angular", ".turbo", ".parcel-cache", ".vercel", ".netlify", ".serverless", ".aws-sam",
	".gradle", ".m2", ".mvn", ".ivy2", ".sbt", ".bloop", ".metals", ".bundle", ".cargo", ".terraform", ".terragrunt-cache", ".pulumi",
	".cache", ".idea", ".vs", ".vscode", ".Trash",
}

// passes says whether a folder is passed over, and under which reason; folders of version control are under none.
func (r *reading) passes(rel string) (reason string, pass bool) {
	base := path.Base(rel)
	switch {
	case excluded(r.exclude, rel):
		return "excluded", true
	case base == ".git", base == ".hg", base == ".svn", base == ".bzr", base == ".jj":
		return "", true
	case base == "testdata":
		return "testdata", true
	case slices.Contains(foldersOfOthers, base), base == "vendor" && r.isVendored(rel):
		return "vendored", true
	case slices.Contains(foldersOfTools, base):
		return "tool", true
	}
	return "", false
}

// isVendored says whether a folder named vendor holds copies, as those of Go, Composer, Bundler and GOPATH do, and is not
// a project that happens to have this name.
func (r *reading) isVendored(rel string) bool {
	if r.has(rel, "modules.txt") || r.has(rel, "autoload.php") {
		return true
	}
	return !slices.ContainsFunc([]string{"go.mod", "package.json", "package-lock.json", "composer.json"}, func(own string) bool { return r.has(rel, own) })
}

func (r *reading) has(dir, name string) bool {
	_, err := r.root.Lstat(filepath.FromSlash(path.Join(dir, name)))
	return err == nil
}

// link accounts for a symbolic link, which is never followed: what it points at within the root is read at its own place.
func (r *reading) link(rel string) {
	known := formatNamed(rel) != nil || unreadNamed(path.Base(rel)) != nil
	if excluded(r.exclude, rel) {
		if known {
			r.passed["excluded"]++
		}
		return
	}
	info, err := r.root.Stat(filepath.FromSlash(rel))
	switch {
	case err == nil && (known || info.IsDir()):
		r.passed["link"]++
	case err == nil || !known:
	case errors.Is(err, fs.ErrNotExist):
		r.gap(rel, gap.Unreadable, "a link to nothing")
	case strings.Contains(err.Error(), "escapes"):
		r.gap(rel, gap.PathEscape, "a link out of the scanned folder")
	default:
		r.gap(rel, gap.Unreadable, reason(err))
	}
}

// file looks at one file of the folder, and reads it if it is a dependency file.
func (r *reading) file(rel string, d fs.DirEntry) {
	base := d.Name()
	format, row := formatNamed(rel), unreadNamed(base)
	if format == nil && row == nil && !isJSON(base) && !isXML(base) {
		return
	}
	if excluded(r.exclude, rel) {
		if format != nil || row != nil {
			r.passed["excluded"]++
		}
		return
	}
	if format == nil && row != nil {
		if row.holds == nil || row.holdsWhat(r.prefix(rel, d, unreadPrefix)) {
			r.unread.see(rel)
			r.unread.add(row, rel)
		}
		return
	}
	if format == nil {
		if format = sbomBegins(r.prefix(rel, d, prefixLength)); format == nil {
			return
		}
	}
	r.unread.see(rel)
	if !d.Type().IsRegular() {
		r.subject(rel, format)
		r.gap(rel, gap.Unreadable, "not a regular file")
		return
	}
	if format.holds != nil && !format.holds.Match(bytes.ToValidUTF8(r.prefix(rel, d, unreadPrefix), nil)) {
		return
	}
	if format.locks != nil && len(format.locks(base)) > 0 {
		r.waiting = append(r.waiting, rel)
		return
	}
	r.ahead.add(rel, format)
}

// read opens a file of the folder and parses it.
func (r *reading) read(rel string, format *format, seen *memory) outcome {
	f, err := r.open(rel)
	if err != nil {
		return outcome{fail: &problem{kind: gap.Unreadable, detail: reason(err)}}
	}
	defer f.Close()
	return r.parse(rel, format, f, nil, seen)
}

// open opens a regular file, without waiting for a writer should it have become a pipe since it was listed.
func (r *reading) open(rel string) (*os.File, error) {
	return r.root.OpenFile(filepath.FromSlash(rel), os.O_RDONLY|syscall.O_NONBLOCK, 0)
}

// prefix gives the first n bytes of a file, or nothing if it cannot be read.
func (r *reading) prefix(rel string, d fs.DirEntry, n int64) []byte {
	if !d.Type().IsRegular() {
		return nil
	}
	f, err := r.open(rel)
	if err != nil {
		return nil
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil
	}
	prefix, _ := readUpTo(f, n)
	return prefix
}

// subject notes the subject of a file, and gives its id.
func (r *reading) subject(rel string, f *format) string {
	id := rel
	if f.subject == "folder" {
		id = path.Dir(rel)
	}
	if !f.manifest {
		r.subjects[id] = f.subject
	}
	return id
}

// load reads the rest of an open file. prefix is what was read of it already.
func load(format *format, f *os.File, prefix []byte) ([]byte, *problem) {
	info, err := f.Stat()
	switch {
	case err != nil:
		return nil, &problem{kind: gap.Unreadable, detail: reason(err)}
	case !info.Mode().IsRegular():
		return nil, &problem{kind: gap.Unreadable, detail: "not a regular file"}
	case info.Size() > format.limit:
		return nil, &problem{kind: gap.TooLarge, detail: format.tooLarge(info.Size()).detail}
	}
	data := make([]byte, 0, info.Size()+bytesForEOF)
	data = append(data, prefix...)
	for int64(len(data)) <= format.limit {
		data = slices.Grow(data, bytesForEOF)
		n, err := f.Read(data[len(data):cap(data)])
		data = data[:len(data)+n]
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, &problem{kind: gap.Unreadable, detail: reason(err)}
		}
	}
	return data, nil
}

// parse reads the rest of an open file and parses it. It changes nothing of the reading.
func (r *reading) parse(rel string, format *format, f *os.File, prefix []byte, seen *memory) (p outcome) {
	data, fail := load(format, f, prefix)
	if fail != nil {
		return outcome{fail: fail}
	}
	p.file, p.bad, p.ok = format.read(data, seen, r.near(rel))
	return p
}

// take takes what became of a file into the inventory.
func (r *reading) take(rel string, format *format, p outcome) {
	id := r.subject(rel, format)
	if p.fail != nil {
		r.gap(rel, p.fail.kind, p.fail.detail)
		return
	}
	file, ok := p.file, p.ok
	r.gaps = append(r.gaps, p.bad.gaps(r.place(rel))...)
	file.Path, file.Subject = rel, id
	if format.manifest {
		r.keepManifest(&file) // a broken one too: it is no manifest then, but it was looked for
		return
	}
	if !ok {
		return
	}
	for _, member := range file.members {
		if format.memberManifest == "" {
			break
		}
		if r.held == nil {
			r.held = map[string]bool{}
		}
		r.held[path.Join(path.Dir(rel), member, format.memberManifest)] = true
	}
	included := file.included
	file.included = nil
	r.settleAlone(&file)
	r.add(file)
	for _, f := range included {
		f.Path, f.Subject = path.Join(path.Dir(rel), f.Path), id
		r.add(f)
	}
}

// add keeps a file. One that another of the same subject includes may have been read before: what was read with
// constraints says more.
func (r *reading) add(file File) {
	if r.at == nil {
		r.at = map[[2]string]int{}
	}
	i, ok := r.at[[2]string{file.Path, file.Subject}]
	switch {
	case !ok:
		r.at[[2]string{file.Path, file.Subject}] = len(r.files)
		r.files = append(r.files, file)
	case file.constrained && !r.files[i].constrained:
		r.files[i] = file
	}
}

// drop takes files out that say nothing on their own, and their subjects where nothing else is.
func (r *reading) drop(says func(*File) bool) {
	kept := r.files[:0:0]
	var dropped []string
	for i := range r.files {
		if says(&r.files[i]) {
			dropped = append(dropped, r.files[i].Subject)
			continue
		}
		kept = append(kept, r.files[i])
	}
	r.files = kept
	for _, id := range dropped {
		at := r.place(id)
		if !slices.ContainsFunc(kept, func(f File) bool { return f.Subject == id }) && !slices.ContainsFunc(r.gaps, func(g gap.Gap) bool { return path.Dir(g.File) == at }) {
			delete(r.subjects, id)
		}
	}
}

// near lets the parser of a file open others in the scanned folder.
func (r *reading) near(rel string) nearby {
	if r.around == nil {
		return nearby{name: rel}
	}
	n := nearby{name: rel, open: func(name string) ([]byte, error) {
		at := path.Join(path.Dir(rel), filepath.ToSlash(name))
		if path.IsAbs(name) || !filepath.IsLocal(filepath.FromSlash(at)) {
			return nil, errEscapes
		}
		for folder := at; folder != "."; folder = path.Dir(folder) {
			if excluded(r.exclude, folder) {
				return nil, errExcluded
			}
		}
		f, err := r.around.OpenFile(filepath.FromSlash(at), os.O_RDONLY|syscall.O_NONBLOCK, 0)
		if err != nil {
			if strings.Contains(err.Error(), "escapes") {
				err = errEscapes
			}
			return nil, err
		}
		defer f.Close()
		info, err := f.Stat()
		switch {
		case err != nil:
			return nil, err
		case !info.Mode().IsRegular():
			return nil, errors.New("not a regular file")
		}
		data, err := readUpTo(f, mostNearBytes+1)
		if len(data) > mostNearBytes {
			return nil, errTooLarge
		}
		return data, err
	}}
	if r.root == nil {
		n.name = path.Join(path.Base(path.Dir(r.given)), rel)
	}
	return n
}

// bytesForEOF is room beyond a file's size, so that the read that finds its end needs no more memory.
const bytesForEOF = 512

func readUpTo(f io.Reader, n int64) ([]byte, error) { return io.ReadAll(io.LimitReader(f, n)) }

// reason gives the operating system's words without the path, which the gap names.
func reason(err error) string {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return fmt.Sprintf("%s: %v", strings.TrimSuffix(pe.Op, "at"), pe.Err)
	}
	return err.Error()
}
