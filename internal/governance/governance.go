// Package governance reads who is listed as having a say in an upstream, from the files that say so (OWNERS, CODEOWNERS,
// MAINTAINERS and their kin), and tells who of them is at work.
package governance

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/mainstay-oss/mainstay/internal/gap"
	"github.com/mainstay-oss/mainstay/internal/history"
)

// A Role is what somebody is listed as.
type Role string

// Roles. All but a reviewer's are a seat: a say in what becomes of the code.
const (
	Approver   Role = "approver"   // may approve any change: OWNERS
	Owner      Role = "owner"      // of all or of a part of the code: CODEOWNERS, OWNERS.md, CODE_OWNERS
	Maintainer Role = "maintainer" // MAINTAINERS, COMMITTERS, lists of maintainers in GOVERNANCE
	Board      Role = "governance" // on a steering committee or the like
	Reviewer   Role = "reviewer"   // asked for an opinion, without a vote
)

// Seat tells whether a role is a seat.
func (r Role) Seat() bool { return r != Reviewer }

// A Listed is somebody as one line of a file names them: by login, address or name, at least one of them.
type Listed struct {
	Login   string // on a forge, as written
	Address string // in lower case
	Name    string
	Role    Role
	File    string
	Line    int // 1-based
}

// A Listing is what the governance files of one commit say.
type Listing struct {
	People []Listed // by file and line; one person may stand there several times
	Teams  []string // of a forge, which only the forge could open: org/team, each once, sorted
	Files  []string // that name a person or a team, sorted
}

// Read reads the governance files among files. What is wrong with one is told as a gap, with its line and what to do, and the
// rest is still read.
//
// doc/measures.md (Seats) says which files are read and how. Where several CODEOWNERS lie about, the first of .github, the root,
// docs and .gitlab counts, as on a forge.
func Read(files []history.File) (Listing, []gap.Gap) {
	byPath := make(map[string]string, len(files))
	for _, f := range files {
		byPath[f.Path] = f.Text
	}
	var l Listing
	var gaps []gap.Gap
	aliases := &reader{file: "OWNERS_ALIASES"}
	codeOwners := ""
	for _, path := range codeOwnersPaths {
		if _, ok := byPath[path]; ok {
			codeOwners = path
			break
		}
	}
	for _, f := range slices.SortedFunc(slices.Values(files), func(a, b history.File) int { return cmp.Compare(a.Path, b.Path) }) {
		kind := kindOf(f.Path)
		if kind == noFile || kind == aliasesFile || kind == codeOwnersFile && f.Path != codeOwners {
			continue
		}
		r := &reader{file: f.Path}
		text, ok := r.decode(f.Text)
		if ok {
			switch kind {
			case ownersFile:
				var known aliasTable
				if names, has := byPath["OWNERS_ALIASES"]; has {
					if names, ok := aliases.decode(names); ok {
						known = readAliases(aliases, names)
					}
				}
				readOwners(r, text, known)
			case codeOwnersFile:
				readCodeOwners(r, text)
			case proseFile:
				readMaintainers(r, text, roleOf(f.Path))
			case charterFile:
				readProse(r, text, Board, false)
			}
		}
		l.add(r)
		gaps = append(gaps, r.gaps()...)
	}
	gaps = append(gaps, aliases.gaps()...)
	l.finish()
	gap.Sort(gaps)
	return l, gaps
}

// add takes over what a file says.
func (l *Listing) add(r *reader) {
	l.People = append(l.People, r.people...)
	l.Teams = append(l.Teams, r.teams...)
	for i := range r.people {
		l.Files = append(l.Files, r.people[i].File)
	}
	if len(r.people)+len(r.teams) > 0 {
		l.Files = append(l.Files, r.file)
	}
}

func (l *Listing) finish() {
	for _, list := range []*[]string{&l.Teams, &l.Files} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
	slices.SortStableFunc(l.People, func(a, b Listed) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
}

// A reader collects what one file says.
type reader struct {
	file     string
	people   []Listed
	teams    []string
	problems []gap.Gap
	more     int  // problems beyond mostProblems
	crowded  bool // more people than are kept
}

// Bounds of what one file may say.
const (
	mostProblems = 10   // told one by one; the others are counted
	mostPeople   = 5000 // the largest of all, that of Linux, has some 2,500
)

func (r *reader) list(l Listed) {
	if len(r.people) == mostPeople {
		if !r.crowded {
			r.problem(gap.TooLarge, l.Line, fmt.Sprintf("more than %d lines that name people; the rest is not read", mostPeople))
		}
		r.crowded = true
		return
	}
	if l.File == "" {
		l.File = r.file
	}
	r.people = append(r.people, l)
}

func (r *reader) team(name string) {
	if len(r.teams) < mostPeople {
		r.teams = append(r.teams, name)
	}
}

func (r *reader) problem(kind gap.Kind, line int, detail string) {
	r.problemIn(r.file, kind, line, detail)
}

func (r *reader) problemIn(file string, kind gap.Kind, line int, detail string) {
	if len(r.problems) >= mostProblems {
		r.more++
		return
	}
	r.problems = append(r.problems, gap.Gap{Stage: gap.History, Kind: kind, File: file, Line: line, Detail: detail, Count: 1})
}

func (r *reader) gaps() []gap.Gap {
	if r.more > 0 {
		return append(r.problems, gap.Gap{Stage: gap.History, Kind: gap.Syntax, File: r.file, Detail: "more of the same", Count: r.more})
	}
	return r.problems
}

// decode gives a text as UTF-8: bytes that are not are read as ISO 8859-1. What holds a NUL is no text.
func (r *reader) decode(text string) (string, bool) {
	if strings.IndexByte(text, 0) >= 0 {
		r.problem(gap.Encoding, 0, "it holds NUL bytes; save it as UTF-8")
		return "", false
	}
	text = strings.TrimPrefix(text, "\ufeff")
	if utf8.ValidString(text) {
		return text, true
	}
	var b strings.Builder
	for i := 0; i < len(text); {
		c, n := utf8.DecodeRuneInString(text[i:])
		if c == utf8.RuneError && n <= 1 {
			c = rune(text[i])
		}
		b.WriteRune(c)
		i += n
	}
	return b.String(), true
}

// quote shows a word of a file in a message: in full if it is short.
func quote(s string) string {
	if cut := []rune(s); len(cut) > 40 {
		s = string(cut[:40]) + "…"
	}
	return "“" + strings.Map(func(c rune) rune {
		if c < ' ' || c == 0x7f {
			return ' '
		}
		return c
	}, s) + "”"
}
