package people

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxAffiliations = 16 << 20 // bytes of affiliations.yaml
	maxList         = 64 << 20 // bytes of a dated list
	maxProblems     = 100      // of one file; the rest is counted
)

// An AffiliationsFile is what affiliations.yaml and the lists that it names say (doc/affiliations.md).
type AffiliationsFile struct {
	organisations []organisation
	people        roll
	byName        map[string]int32 // people of the file by their name, where nothing else is known of them
	lists         []roll
	optOut        map[string]bool   // addresses as history has them
	optOutHashes  map[[32]byte]bool // SHA-256 of such addresses
}

// An organisation is one of the user's.
type organisation struct {
	name    string
	aliases []string
	domains []domainSpan
	parent  string // empty without one
	line    int
}

// A domainSpan says until when the addresses of a domain speak for an organisation.
type domainSpan struct {
	domain string
	until  int64 // Unix seconds, exclusive
	line   int
}

// A roll is a list of people by their addresses.
type roll struct {
	people    [][]span
	byAddress map[string]int32
}

// A ProblemKind names what is wrong with a part of a file.
type ProblemKind string

// Kinds of problem.
const (
	Unfilled     ProblemKind = "unfilled"    // an organisation that is still to be filled in
	Malformed    ProblemKind = "malformed"   // not of the form that is expected here
	UnknownKey   ProblemKind = "unknown-key" // a key that means nothing here
	Reversed     ProblemKind = "reversed"    // an end that does not come after the beginning
	Overlap      ProblemKind = "overlap"     // two organisations for one person, or one domain, at a time
	Twice        ProblemKind = "twice"       // an address or a name that stands in two entries
	Circle       ProblemKind = "circle"      // organisations that are part of each other
	BadList      ProblemKind = "bad-list"    // a list that cannot be read
	MoreProblems ProblemKind = "more"        // how many more there are
)

// A Problem is a part of a file that was passed over, or read otherwise than it may have been meant. Everything else counts.
type Problem struct {
	Kind   ProblemKind
	File   string
	Line   int    // from 1; 0 if the whole file is concerned
	What   string // what is wrong
	Remedy string // what to do; may be empty
}

func (p Problem) String() string {
	text := p.File + ": " + p.What
	if p.Line > 0 {
		text = fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.What)
	}
	if p.Remedy != "" {
		text += "; " + p.Remedy
	}
	return text
}

// problems gathers what is wrong with one file.
type problems struct {
	file string
	list []Problem
	more int
}

func (p *problems) add(kind ProblemKind, line int, remedy, format string, args ...any) {
	if len(p.list) == maxProblems {
		p.more++
		return
	}
	p.list = append(p.list, Problem{kind, p.file, line, fmt.Sprintf(format, args...), remedy})
}

// sorted gives them by line, and last how many more there are.
func (p *problems) sorted() []Problem {
	slices.SortStableFunc(p.list, func(a, b Problem) int { return cmp.Compare(a.Line, b.Line) })
	if p.more > 0 {
		p.list = append(p.list, Problem{MoreProblems, p.file, 0, fmt.Sprintf("%d more problems", p.more), "mend those above first"})
	}
	return p.list
}

// ReadAffiliations reads affiliations.yaml and the lists that it names, which must lie in its folder. What is wrong with a
// part is a problem, and the rest counts. The error says that the file could not be read or is no YAML, and begins with its path.
func ReadAffiliations(path string) (*AffiliationsFile, []Problem, error) {
	data, err := readRegular(path, maxAffiliations, os.Stat, os.Open)
	if err != nil {
		return nil, nil, err
	}
	r := &affiliationsReader{problems: problems{file: path}}
	if err := r.read(data); err != nil {
		return nil, nil, fmt.Errorf("%s: %w", path, err)
	}
	found := r.readLists(filepath.Dir(path)) // their paths may be wrong, which is a problem of the file
	return &r.file, slices.Concat(r.problems.sorted(), found), nil
}

// readLists reads the lists in their order and gives what is wrong with them.
func (r *affiliationsReader) readLists(dir string) (found []Problem) {
	if len(r.lists) == 0 {
		return nil
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		r.problems.add(BadList, r.lists[0].line, "", "the folder of the lists cannot be opened: %v", err)
		return nil
	}
	defer root.Close()
	for _, entry := range r.lists {
		name := filepath.FromSlash(entry.text)
		file := filepath.Join(dir, name)
		if !filepath.IsLocal(name) {
			r.problems.add(BadList, entry.line, "copy it beside this file", "list %s leads out of the folder", quoted(entry.text))
			continue
		}
		data, err := readRegular(name, maxList, root.Stat, root.Open)
		if err != nil {
			var path *os.PathError
			if errors.As(err, &path) {
				err = path.Err
			}
			r.problems.add(BadList, entry.line, "mend the path, which counts from the folder of this file and may not leave it",
				"list %s cannot be read: %v", quoted(entry.text), err)
			continue
		}
		p := problems{file: file}
		list := readList(data, &p)
		r.file.lists = append(r.file.lists, list)
		found = append(found, p.sorted()...)
	}
	return found
}

// readRegular reads a regular file of at most limit bytes of UTF-8. Line ends become \n. What is no regular file has no end, or
// waits for a writer, and is not opened.
func readRegular(path string, limit int64, stat func(string) (os.FileInfo, error), open func(string) (*os.File, error)) (string, error) {
	info, err := stat(path)
	if err != nil {
		return "", err
	}
	if !info.Mode().IsRegular() {
		return "", fmt.Errorf("%s: not a regular file", path)
	}
	f, err := open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	var b strings.Builder
	n, err := io.Copy(&b, io.LimitReader(f, limit+1))
	switch {
	case err != nil:
		return "", err
	case n > limit:
		return "", fmt.Errorf("%s: larger than %d bytes", path, limit)
	case !utf8.ValidString(b.String()):
		return "", fmt.Errorf("%s: not UTF-8", path)
	}
	return strings.ReplaceAll(strings.TrimPrefix(b.String(), "\ufeff"), "\r\n", "\n"), nil
}

// maxText bounds a name in runes.
const maxText = 200

// printable gives a text as one line that a terminal can be shown.
func printable(s string) string {
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsGraphic(r) || unicode.IsSpace(r) }), " ")
	if cut := []rune(s); len(cut) > maxText {
		s = string(cut[:maxText])
	}
	return s
}

// quoted gives a text from a file for a message.
func quoted(s string) string {
	s = printable(s)
	if cut := []rune(s); len(cut) > 60 {
		s = string(cut[:60]) + "…"
	}
	return `"` + s + `"`
}
