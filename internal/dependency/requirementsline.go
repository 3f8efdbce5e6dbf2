package dependency

import (
	"regexp"
	"strings"
)

// logicalLines goes through a requirements file line by line, as pip does: a backslash at the end continues a line, and
// "#" at the beginning or behind a space begins a comment.
type logicalLines struct {
	text  string
	pos   int
	lines int // physical lines read

	line       int    // 1-based: where the logical line begins
	content    string // without comment and outer space
	comment    string // of its last physical line, from the "#" on
	unfinished bool   // the file ends behind a backslash
}

var commentStart = regexp.MustCompile(`(^|[ \t]+)#`)

// next reads a logical line, also one that holds nothing but a comment.
func (l *logicalLines) next() bool {
	if l.pos >= len(l.text) {
		return false
	}
	l.line, l.content, l.comment, l.unfinished = l.lines+1, "", "", false
	var parts []string
	for l.pos < len(l.text) {
		physical := l.physical()
		if at := commentStart.FindStringIndex(physical); at != nil {
			parts = append(parts, physical[:at[0]])
			l.comment = physical[at[0]:]
			break
		}
		cut, continued := strings.CutSuffix(physical, `\`)
		parts = append(parts, cut)
		if !continued {
			break
		}
		l.unfinished = l.pos >= len(l.text)
	}
	l.content = strings.TrimSpace(strings.Join(parts, ""))
	return true
}

func (l *logicalLines) physical() string {
	rest := l.text[l.pos:]
	l.lines++
	line, _, ok := strings.Cut(rest, "\n")
	l.pos += len(line)
	if ok {
		l.pos++
	}
	return strings.TrimRight(line, " \t\r")
}

// A viaComment reads the comments by which pip-compile and uv tell what a requirement is there for, on the line itself, on
// one line below, or on several:
//
//	# via -r requirements.in, other
//	# via
//	#   other
//	#   project (pyproject.toml)
type viaComment struct {
	seen, ended bool
}

func (v *viaComment) read(comment string, alone bool, q *lineRequirement) {
	comment = strings.TrimSpace(comment)
	rest := strings.TrimPrefix(comment, "#")
	words := strings.TrimSpace(rest)
	list, begins := strings.CutPrefix(words, "via")
	begins = begins && (list == "" || list[0] == ' ')
	switch {
	case v.ended:
		return
	case begins && !v.seen:
		v.seen = true
		words = list
	case !v.seen || !alone || !strings.HasPrefix(rest, "   "):
		v.ended = v.seen
		return
	}
	for by := range strings.SplitSeq(words, ",") {
		by = strings.TrimSpace(by)
		switch {
		case by == "", strings.HasPrefix(by, "-c "), strings.HasPrefix(by, "--constraint "):
		case strings.HasPrefix(by, "-"), strings.Contains(by, "("), strings.HasSuffix(by, ".in"), strings.HasSuffix(by, ".toml"), strings.HasSuffix(by, ".py"):
			q.direct = true
		default:
			if m := requirementHead.FindStringSubmatch(by); m != nil {
				q.via = append(q.via, normalName(m[1]))
			}
		}
	}
}
