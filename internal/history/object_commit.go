package history

import (
	"bytes"
	"errors"
)

// A commitHeader holds the parts of a commit object that are used, as slices of the object.
type commitHeader struct {
	tree      []byte // 40 hexadecimal digits
	parents   []byte // the lines "parent <40 digits>\n", one after another
	author    []byte // the author line after the word author; nil if there is none
	committer []byte
	subject   []byte // first line of the message
}

const parentLine = len("parent ") + 40 + 1

// count gives the number of parents.
func (h *commitHeader) count() int { return len(h.parents) / parentLine }

// parent gives parent i.
func (h *commitHeader) parent(i int) objectID {
	line := h.parents[i*parentLine:]
	id, _ := parseID(line[len("parent ") : parentLine-1]) // parseCommit has looked at it
	return id
}

var errBogusCommit = errors.New("commit object without tree, or with a bad parent line")

// parseCommit finds the parts of a commit. Like git it insists on the tree and parent lines and takes the rest as it
// comes: author and committer may be absent, twice (the last counts) or in any order, headers it does not know are skipped.
func parseCommit(raw []byte) (h commitHeader, err error) {
	rest, ok := bytes.CutPrefix(raw, []byte("tree "))
	if !ok || len(rest) < 41 || rest[40] != '\n' {
		return h, errBogusCommit
	}
	h.tree, rest = rest[:40], rest[41:]
	start, n := rest, 0
	for bytes.HasPrefix(rest, []byte("parent ")) {
		if len(rest) < parentLine || rest[parentLine-1] != '\n' {
			return h, errBogusCommit
		}
		if _, ok := parseID(rest[len("parent ") : parentLine-1]); !ok {
			return h, errBogusCommit
		}
		rest, n = rest[parentLine:], n+parentLine
	}
	h.parents = start[:n]
	for len(rest) > 0 {
		end := bytes.IndexByte(rest, '\n')
		line := rest
		if end < 0 {
			rest = nil
		} else {
			line, rest = rest[:end], rest[end+1:]
		}
		if len(line) == 0 {
			break // the message follows
		}
		if line[0] == 'a' {
			if who, ok := bytes.CutPrefix(line, []byte("author ")); ok {
				h.author = who
			}
		} else if line[0] == 'c' {
			if who, ok := bytes.CutPrefix(line, []byte("committer ")); ok {
				h.committer = who
			}
		}
	}
	h.subject = subjectOf(rest)
	return h, nil
}

// subjectOf gives the first line of a message that is not blank. A NUL byte ends the message, as it does for git.
func subjectOf(message []byte) []byte {
	for len(message) > 0 {
		end := bytes.IndexByte(message, '\n')
		line := message
		if end >= 0 {
			line = message[:end]
		}
		if nul := bytes.IndexByte(line, 0); nul >= 0 {
			return trimSpaceRight(line[:nul])
		}
		if line = trimSpaceRight(line); len(line) > 0 {
			return line
		}
		if end < 0 {
			break
		}
		message = message[end+1:]
	}
	return nil
}

// A tagHeader holds the parts of an annotated tag that are used.
type tagHeader struct {
	object objectID
	kind   objectKind
	tagger []byte // nil in tags older than git 0.99.4, and in some made by tools
}

var errBogusTag = errors.New("tag object without object or type")

func parseTag(raw []byte) (h tagHeader, err error) {
	rest, ok := bytes.CutPrefix(raw, []byte("object "))
	if !ok || len(rest) < 41 || rest[40] != '\n' {
		return h, errBogusTag
	}
	if h.object, ok = parseID(rest[:40]); !ok {
		return h, errBogusTag
	}
	rest, ok = bytes.CutPrefix(rest[41:], []byte("type "))
	word, rest, found := bytes.Cut(rest, []byte("\n"))
	if h.kind = kindNamed(word); !ok || !found || h.kind == 0 {
		return h, errBogusTag
	}
	for len(rest) > 0 {
		var line []byte
		line, rest, _ = bytes.Cut(rest, []byte("\n"))
		if len(line) == 0 {
			break
		}
		if who, ok := bytes.CutPrefix(line, []byte("tagger ")); ok {
			h.tagger = who
		}
	}
	return h, nil
}

// A signature is an author, committer or tagger line taken apart.
type signature struct {
	who         []byte // the part of the line up to the end of the address; nil if it names nobody
	name, email []byte
	when        int64 // Unix seconds; 0 if absent or not a number that fits
	zone        int16 // minutes east of UTC; 0 if absent or beyond a day
}

// parseSignature takes "Name <address> seconds +hhmm" apart by the rules of git: the address ends at the first '>', the date
// begins after the last. A line without brackets names nobody. Unlike git it reads a date without zone, and one before 1970.
func parseSignature(line []byte) (s signature) {
	open := bytes.IndexByte(line, '<')
	if open < 0 {
		return s
	}
	end := bytes.IndexByte(line[open+1:], '>')
	if end < 0 {
		return s
	}
	s.who = line[:open+1+end]
	s.name = trimSpace(line[:open])
	s.email = trimSpace(line[open+1 : open+1+end])
	date := trimSpace(line[bytes.LastIndexByte(line, '>')+1:])
	negative := false
	if len(date) > 1 && date[0] == '-' && bytes.IndexByte(date, ' ') > 0 {
		negative, date = true, date[1:]
	}
	i := 0
	for ; i < len(date) && isDigit(date[i]); i++ {
		digit := int64(date[i] - '0')
		if s.when > (1<<63-1-digit)/10 {
			s.when = 0 // no time at all: it does not fit
			for i < len(date) && isDigit(date[i]) {
				i++
			}
			break
		}
		s.when = s.when*10 + digit
	}
	if negative {
		s.when = -s.when
	}
	if i > 0 {
		s.zone = parseZone(trimSpace(date[i:]))
	}
	return s
}

// parseZone reads "+hhmm" or "-hhmm" as minutes east of UTC. Zones a day or more away from UTC are typing errors of old
// tools and count as UTC.
func parseZone(s []byte) int16 {
	if len(s) < 2 || s[0] != '+' && s[0] != '-' {
		return 0
	}
	n := 0
	for _, c := range s[1:] {
		if !isDigit(c) {
			break
		}
		if n = n*10 + int(c-'0'); n > 9999 {
			return 0
		}
	}
	minutes := n/100*60 + n%100
	if minutes >= 24*60 {
		return 0
	}
	if s[0] == '-' {
		minutes = -minutes
	}
	return int16(minutes)
}

// pullNamed gives the number of the pull request that a subject names, 0 if it names none: "(#N)" at its end, or
// "Merge pull request #N", "Merge PR #N", "Auto merge of #N" at its start.
func pullNamed(subject []byte) int32 {
	for _, start := range pullStarts {
		if rest, ok := bytes.CutPrefix(subject, start); ok {
			if n, _ := leadingNumber(rest); n > 0 {
				return n
			}
		}
	}
	subject = trimSpaceRight(subject)
	if len(subject) < 4 || subject[len(subject)-1] != ')' {
		return 0
	}
	i := len(subject) - 2
	for i >= 0 && isDigit(subject[i]) {
		i--
	}
	if i < 1 || subject[i] != '#' || subject[i-1] != '(' {
		return 0
	}
	n, _ := leadingNumber(subject[i+1:])
	return n
}

var pullStarts = [...][]byte{[]byte("Merge pull request #"), []byte("Merge PR #"), []byte("Auto merge of #")}

// leadingNumber reads the decimal digits at the start of s, 0 if there are none or the number does not fit.
func leadingNumber(s []byte) (n int32, digits int) {
	var v int64
	for digits < len(s) && isDigit(s[digits]) {
		if v = v*10 + int64(s[digits]-'0'); v > 1<<31-1 {
			return 0, digits
		}
		digits++
	}
	return int32(v), digits
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// isSpace is what git takes for white space in names: its ctype knows no vertical tab and no form feed.
func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

func trimSpace(s []byte) []byte {
	for len(s) > 0 && isSpace(s[0]) {
		s = s[1:]
	}
	return trimSpaceRight(s)
}

func trimSpaceRight(s []byte) []byte {
	for len(s) > 0 && isSpace(s[len(s)-1]) {
		s = s[:len(s)-1]
	}
	return s
}
