package dependency

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// What one requirements file may include, all in all.
const (
	mostIncluded    = 200 // files
	deepestIncluded = 32  // one in another
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

// A requirementsReader reads a requirements file and those that it includes.
type requirementsReader struct {
	near        nearby
	bad         *problems
	files       []requirementsFile
	open        map[string]bool   // names of files that were read, or are being read
	constraints map[string]string // normal name → the one version that a constraint admits
	indexes     []string
	constraint  bool // reading a constraints file
	compiled    bool // some line says what it is there for
	full        bool // mostEntries was reached, and told
}

// A requirementsFile is what one file holds itself.
type requirementsFile struct {
	name  string // relative to the folder of the first one
	scope Scope
	list  []lineRequirement

	constrained bool
}

// A lineRequirement is one requirement and where it stands.
type lineRequirement struct {
	requirement
	line int
	via  []string // normal names of those that need it, as pip-compile tells
	// direct: the project itself needs it, as pip-compile tells
	direct bool
}

func newRequirementsReader(near nearby, bad *problems) *requirementsReader {
	return &requirementsReader{near: near, bad: bad, open: map[string]bool{}, constraints: map[string]string{}}
}

// decodeRequirements gives the text of a file as pip decodes it: UTF-16 too, if it has a byte order mark, as PowerShell
// writes it. A blank file is a good one.
func decodeRequirements(data []byte) ([]byte, *problem) {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(data, []byte{0xFF, 0xFE}):
		order = binary.LittleEndian
	case bytes.HasPrefix(data, []byte{0xFE, 0xFF}):
		order = binary.BigEndian
	default:
		text, p := guardText(data)
		if p != nil && p.kind == gap.Empty {
			return nil, nil
		}
		return text, p
	}
	if len(data)%2 == 1 {
		return nil, &problem{kind: gap.Encoding, line: 1, detail: "UTF-16 of an odd number of bytes", unread: true}
	}
	units := make([]uint16, len(data)/2-1)
	for i := range units {
		units[i] = order.Uint16(data[2+2*i:])
	}
	text := []byte(string(utf16.Decode(units)))
	if bytes.IndexByte(text, 0) >= 0 {
		return nil, &problem{kind: gap.Encoding, line: 1, detail: "zero characters: not text", unread: true}
	}
	return text, nil
}

// include reads one file. The problem is about the file as a whole.
func (r *requirementsReader) include(name string, data []byte, scope Scope, depth int) *problem {
	text, p := decodeRequirements(data)
	if p != nil {
		return p
	}
	at := r.start(name, scope)
	lines := logicalLines{text: string(text)}
	var last *lineRequirement
	comment := viaComment{}
	for lines.next() {
		if lines.unfinished {
			r.problem(depth, name, gap.Truncated, lines.line, "", "the file ends within a continued line")
		}
		if lines.content == "" {
			if lines.comment != "" && last != nil {
				comment.read(lines.comment, true, last)
				r.compiled = r.compiled || comment.seen
			}
			continue
		}
		comment = viaComment{}
		last = r.keep(at, lines.content, lineAt{name: name, line: lines.line, depth: depth, scope: scope})
		if lines.comment != "" && last != nil {
			comment.read(lines.comment, false, last)
			r.compiled = r.compiled || comment.seen
		}
	}
	return nil
}

// start begins a file, and gives its place among the files.
func (r *requirementsReader) start(name string, scope Scope) int {
	r.open[name] = true
	if !r.constraint {
		r.files = append(r.files, requirementsFile{name: name, scope: scope})
	}
	return len(r.files) - 1
}

// text reads a line that stands in a file of another format, the first one.
func (r *requirementsReader) text(text string, line int) {
	if content := strings.TrimSpace(commentStart.Split(text, 2)[0]); content != "" {
		r.keep(0, content, lineAt{name: r.files[0].name, line: line, scope: r.files[0].scope})
	}
}

// keep reads a line and keeps what it requires. The requirement is valid until the next.
func (r *requirementsReader) keep(file int, content string, at lineAt) *lineRequirement {
	q, err := r.line(content, at)
	switch {
	case err != nil:
		kind := gap.Syntax
		if errors.Is(err, errVariable) {
			kind = gap.Unsupported
		}
		r.problem(at.depth, at.name, kind, at.line, content, err.Error())
	case q == nil || q.source.local:
	case r.constraint:
		if q.version != "" && q.source == (pythonSource{}) {
			r.constraints[normalName(q.name)] = q.version
		}
	case len(r.files[file].list) >= mostEntries:
		if !r.full {
			r.problem(at.depth, at.name, gap.TooLarge, at.line, "", fmt.Sprintf("over %d requirements; the rest was not read", mostEntries))
		}
		r.full = true
	default:
		list := append(r.files[file].list, lineRequirement{requirement: *q, line: at.line})
		r.files[file].list = list
		return &list[len(list)-1]
	}
	return nil
}

// problem tells of a place in one of the files.
func (r *requirementsReader) problem(depth int, name string, kind gap.Kind, line int, what, detail string) {
	if depth == 0 {
		name = ""
	}
	r.bad.addIn(name, kind, func() (int, string, string) { return line, short(what), short(detail) })
}

// lineAt is where a line stands.
type lineAt struct {
	name  string
	line  int
	depth int
	scope Scope
}

// line reads one line without its comment: a requirement, or an option, which gives none.
func (r *requirementsReader) line(text string, at lineAt) (*requirement, error) {
	if len(text) > longestRequirement*4 {
		return nil, fmt.Errorf("a line of %d bytes", len(text))
	}
	if strings.HasPrefix(text, "-") {
		return r.option(text, at)
	}
	// Options of a requirement, such as --hash, stand behind it.
	if i := strings.Index(text, " -"); i >= 0 {
		text = strings.TrimSpace(text[:i])
	}
	if strings.Contains(text, "${") {
		return nil, errVariable
	}
	q, err := readRequirement(text)
	return &q, err
}

var errVariable = errors.New("a variable of the environment, which is not looked up")

// option reads a line that begins with an option.
func (r *requirementsReader) option(text string, at lineAt) (*requirement, error) {
	name, value := cutOption(text)
	switch name {
	case "-r", "--requirement", "-c", "--constraint":
		if value == "" {
			return nil, errors.New("no file is named")
		}
		r.includes(value, name == "-c" || name == "--constraint", at)
		return nil, nil
	case "-e", "--editable":
		if strings.Contains(value, "${") {
			return nil, errVariable
		}
		q, err := readRequirement(value)
		return &q, err
	case "-i", "--index-url", "--extra-index-url", "--pypi-url":
		if len(r.indexes) < mostHints && !slices.Contains(r.indexes, value) {
			r.indexes = append(r.indexes, value)
		}
		return nil, nil
	case "-f", "--find-links", "--no-index", "--no-binary", "--only-binary", "--prefer-binary", "--require-hashes", "--pre",
		"--trusted-host", "--use-feature", "--no-deps", "--no-build-isolation", "--process-dependency-links", "-Z", "--always-unzip", "--config-settings", "--hash", "--no-index-url":
		return nil, nil
	}
	return nil, errors.New("not an option of requirements files")
}

// cutOption takes an option and its value apart: -r file, -rfile, --requirement=file.
func cutOption(text string) (name, value string) {
	end := strings.IndexAny(text, " \t=")
	switch {
	case !strings.HasPrefix(text, "--") && len(text) > 2 && end != 2:
		end = 2
		return text[:2], strings.TrimSpace(text[2:])
	case end < 0:
		return text, ""
	}
	return text[:end], strings.Trim(strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(text[end:]), "=")), `"'`)
}

// includes reads the file that -r or -c names, by its path from the including one.
func (r *requirementsReader) includes(value string, constraint bool, at lineAt) {
	fail := func(kind gap.Kind, detail string) { r.problem(at.depth, at.name, kind, at.line, value, detail) }
	if strings.Contains(value, "://") {
		fail(gap.Unsupported, "a file elsewhere, which is not fetched")
		return
	}
	name := path.Join(path.Dir(at.name), strings.ReplaceAll(value, `\`, "/"))
	if path.IsAbs(value) {
		name = value
	}
	was := r.constraint
	switch {
	case r.open[name]:
		return
	case at.depth >= deepestIncluded:
		fail(gap.TooDeep, fmt.Sprintf("more than %d files one in another", deepestIncluded))
		return
	case len(r.open) > mostIncluded:
		fail(gap.TooLarge, fmt.Sprintf("more than %d files", mostIncluded))
		return
	}
	data, err := r.near.read(name)
	switch {
	case errors.Is(err, errExcluded):
		return
	case errors.Is(err, errEscapes):
		fail(gap.PathEscape, "a file outside the scanned folder")
		return
	case errors.Is(err, errTooLarge):
		fail(gap.TooLarge, fmt.Sprintf("limit %d bytes", mostNearBytes))
		return
	case errors.Is(err, fs.ErrNotExist):
		fail(gap.Unreadable, "there is no such file")
		return
	case err != nil:
		fail(gap.Unreadable, reason(err))
		return
	}
	r.constraint = was || constraint
	if p := r.include(name, data, fileScope(name, at.scope), at.depth+1); p != nil {
		r.bad.addIn(name, p.kind, func() (int, string, string) { return p.line, p.what, p.detail })
	}
	r.constraint = was
}

// readRequirement reads a requirement as pip takes it: a dependency specifier, an address, or a path.
func readRequirement(text string) (requirement, error) {
	head := requirementHead.FindString(text)
	switch {
	case head != "" && strings.HasPrefix(text[len(head):], "@"):
		return parseRequirement(text)
	case strings.Contains(text, "://"), strings.HasPrefix(text, "file:"):
		address, _, _ := strings.Cut(text, " ")
		return addressRequirement(strings.TrimSuffix(address, ";"))
	}
	item, _, _ := strings.Cut(text, ";")
	item = strings.TrimSpace(item)
	before := item[:strings.IndexAny(item+"=", "=<>!~")] // a version
	if strings.HasPrefix(item, ".") || strings.ContainsAny(before, `/\`) || isArchive(item) {
		return requirement{source: pythonSource{local: true}}, nil
	}
	return parseRequirement(text)
}

func isArchive(name string) bool {
	return slices.ContainsFunc([]string{".whl", ".tar.gz", ".zip", ".tar.bz2", ".tgz"}, func(s string) bool { return strings.HasSuffix(strings.ToLower(name), s) })
}

// addressRequirement reads an address that stands for a requirement. Its name is in the fragment ("#egg=name[extra]"), in
// the name of the artefact, or at last that of the repository.
func addressRequirement(address string) (requirement, error) {
	if len(address) > longestRequirement {
		return requirement{}, fmt.Errorf("an address of %d bytes", len(address))
	}
	var q requirement
	_, fragment, _ := strings.Cut(address, "#")
	for part := range strings.SplitSeq(fragment, "&") {
		if egg, ok := strings.CutPrefix(part, "egg="); ok {
			if m := requirementHead.FindStringSubmatch(egg); m != nil {
				q.name, q.extras = m[1], extras(m[2])
			}
		}
	}
	q = q.from(address)
	if q.name == "" && q.source.git != "" {
		q.name = strings.TrimSuffix(path.Base(q.source.git), ".git")
	}
	if q.name == "" && !q.source.local {
		return q, errors.New("an address that tells no name of a package")
	}
	return q, nil
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
