package dependency

import (
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
// Of a folder it reads every go.mod, package-lock.json and CycloneDX SBOM below it, and counts the known files that it
// cannot read yet. Git submodules and other repositories checked out within are read too: what lies in the folder is
// shipped with it. It passes over, and counts, copies of other people's packages, testdata, folders that tools keep to
// themselves and what opts.Exclude matches ([Passed]); none of these rules holds for the root itself. It follows no symbolic link.
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
	r.joinNuGet()
	r.joinGradle()
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
	slices.SortFunc(r.files, func(a, b File) int { return cmp.Compare(a.Path, b.Path) })
	inv.Files = r.files
	for _, reason := range []string{"vendored", "testdata", "excluded", "tool", "link"} {
		if n := r.passed[reason]; n > 0 {
			inv.Passed = append(inv.Passed, Passed{Reason: reason, Count: n})
		}
	}
	inv.Gaps = append(r.gaps, r.unread.gaps(r.place)...)
	gap.Sort(inv.Gaps)
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
	if format := formatGiven(base, prefix); format != nil {
		r.parse(base, format, f, prefix)
		return nil
	}
	row := unreadNamed(base)
	if row == nil && isJSON(base) {
		row = unreadBegins(prefix)
	}
	if row != nil {
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
	r.root = root
	return fs.WalkDir(root.FS(), ".", func(rel string, d fs.DirEntry, err error) error {
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
			if f := formatNamed(d.Name()); f != nil {
				r.gap(rel, gap.Unreadable, "a folder where a file belongs")
			}
		default:
			r.file(rel, d)
		}
		return nil
	})
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
	known := formatNamed(path.Base(rel)) != nil || unreadNamed(path.Base(rel)) != nil
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
	format, row := formatNamed(base), unreadNamed(base)
	if format == nil && row == nil && !isJSON(base) {
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
		prefix := r.prefix(rel, d, prefixLength)
		if !isCycloneDX(prefix) {
			if row := unreadBegins(prefix); row != nil {
				r.unread.add(row, rel)
			}
			return
		}
		format = &formats[len(formats)-1]
	}
	r.unread.see(rel)
	if !d.Type().IsRegular() {
		r.subject(rel, format)
		r.gap(rel, gap.Unreadable, "not a regular file")
		return
	}
	f, err := r.open(rel)
	if err != nil {
		r.subject(rel, format)
		r.gap(rel, gap.Unreadable, reason(err))
		return
	}
	defer f.Close()
	r.parse(rel, format, f, nil)
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
	r.subjects[id] = f.subject
	return id
}

// parse reads the rest of an open file and parses it. prefix is what was read of it already.
func (r *reading) parse(rel string, format *format, f *os.File, prefix []byte) {
	id := r.subject(rel, format)
	info, err := f.Stat()
	switch {
	case err != nil:
		r.gap(rel, gap.Unreadable, reason(err))
		return
	case !info.Mode().IsRegular():
		r.gap(rel, gap.Unreadable, "not a regular file")
		return
	case info.Size() > format.limit:
		r.gap(rel, gap.TooLarge, format.tooLarge(info.Size()).detail)
		return
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
			r.gap(rel, gap.Unreadable, reason(err))
			return
		}
	}
	file, bad, ok := format.read(data, r.seen)
	r.gaps = append(r.gaps, bad.gaps(r.place(rel))...)
	if !ok {
		return
	}
	file.Path, file.Subject = rel, id
	for _, member := range file.members {
		if r.unread.members == nil {
			r.unread.members = map[string]bool{}
		}
		r.unread.members[path.Join(path.Dir(rel), member)] = true
	}
	r.files = append(r.files, file)
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
