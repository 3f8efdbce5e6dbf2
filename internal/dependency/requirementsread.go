package dependency

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// What one requirements file may include, all in all.
const (
	mostIncluded      = 200 // files, also such that are not there
	mostIncludedBytes = 16 << 20
	deepestIncluded   = 32 // one in another
)

// A requirementsReader reads a requirements file and those that it includes.
type requirementsReader struct {
	near        nearby
	bad         *problems
	files       []requirementsFile
	open        map[string]bool   // names of files that were asked for
	bytes       int               // of them
	total       int               // requirements
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

	// As pip-compile tells:
	via    []string // normal names of those that need it
	direct bool     // the project itself needs it
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
	case r.total >= mostEntries:
		if !r.full {
			r.problem(at.depth, at.name, gap.TooLarge, at.line, "", fmt.Sprintf("over %d requirements; the rest was not read", mostEntries))
		}
		r.full = true
	default:
		list := append(r.files[file].list, lineRequirement{requirement: *q, line: at.line})
		r.files[file].list = list
		r.total++
		return &list[len(list)-1]
	}
	return nil
}

// problem tells of a place in one of the files.
func (r *requirementsReader) problem(depth int, name string, kind gap.Kind, line int, what, detail string) {
	if depth == 0 {
		name = ""
	}
	r.bad.addIn(name, kind, func() (int, string, string) { return line, redacted(what), redacted(detail) })
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
	case "-f", "--find-links", "--no-index", "--no-binary", "--only-binary", "--prefer-binary", "--require-hashes", "--pre", "--trusted-host", "--use-feature", "--no-deps",
		"--no-build-isolation", "--process-dependency-links", "-Z", "--always-unzip", "--config-settings", "--hash":
		return nil, nil
	}
	return nil, errors.New("not an option of requirements files")
}

// cutOption takes an option and its value apart: -r file, -rfile, --requirement=file.
func cutOption(text string) (name, value string) {
	end := strings.IndexAny(text, " \t=")
	switch {
	case !strings.HasPrefix(text, "--") && len(text) > 2 && end != 2:
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
	case len(r.open) > mostIncluded || r.bytes > mostIncludedBytes:
		fail(gap.TooLarge, fmt.Sprintf("more than %d files or %d bytes", mostIncluded, mostIncludedBytes))
		return
	}
	r.open[name] = true
	data, err := r.near.read(name)
	r.bytes += len(data)
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
