package governance

import (
	"regexp"
	"strings"
)

// readProse reads a text for people: Markdown, reStructuredText or plain. It lists who stands in a table, in an item of a list,
// or, if everybody in the file is listed, at the beginning of a line, each with a login, an address, or a name in a table's
// column of names. Role is what they are where the heading does not say. It errs towards listing too few: a seat that nobody
// holds is worse than one that is not seen.
func readProse(r *reader, text string, role Role, everybody bool) {
	p := &prose{reader: r, role: role, everybody: everybody, links: referencesIn(text)}
	p.outline.base = nobody
	if everybody {
		p.outline.base = seats
	}
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], "\r \t")
	}
	lines = append(lines, "")
	for i, line := range lines[:len(lines)-1] {
		if line, ok := p.visible(line, i > 0 && lines[i-1] != ""); ok {
			p.line(line, lines[i+1], i+1)
		}
	}
}

// maxProse bounds a line that is looked at, in bytes. No line that names people is longer.
const maxProse = 4000

type prose struct {
	*reader
	role      Role
	everybody bool
	links     map[string]string // addresses of reference links, by label in lower case
	outline   outline
	fenced    string // the fence of the code that is open
	comment   bool   // inside an HTML comment
	table     *table // the table that is open
}

// visible gives a line without HTML comments; not ok inside code. below tells that it stands right below a line that is not
// empty: then tildes are a heading's and no fence.
func (p *prose) visible(line string, below bool) (string, bool) {
	if len(line) > maxProse {
		p.table = nil
		return "", false
	}
	var b strings.Builder
	for {
		if p.comment {
			_, after, ends := strings.Cut(line, "-->")
			if !ends {
				break
			}
			p.comment, line = false, after
		}
		before, after, begins := strings.Cut(line, "<!--")
		b.WriteString(before)
		if !begins {
			break
		}
		p.comment, line = true, after
	}
	line = b.String()
	if trimmed := strings.TrimSpace(line); strings.HasPrefix(trimmed, "```") ||
		strings.HasPrefix(trimmed, "~~~") && (p.fenced != "" || !below || !underline.MatchString(trimmed)) {
		switch {
		case p.fenced == "":
			p.fenced = trimmed[:3]
		case p.fenced == trimmed[:3]:
			p.fenced = ""
		}
		return "", false
	}
	return line, p.fenced == ""
}

var (
	atxHeading = regexp.MustCompile(`^\s{0,3}(#{1,6}|={1,6})\s+(.+?)[\s#=]*$`)
	underline  = regexp.MustCompile(`^(?:={3,}|-{3,}|~{3,}|\^{3,}|\*{3,}|\+{3,})$`)
	boldLine   = regexp.MustCompile(`^\s*(?:\*\*|__)([^*_]+)(?:\*\*|__):?$`)
	listMark   = regexp.MustCompile(`^\s*(?:[-*+•]|\d{1,3}[.)])\s+(?:\[[ xX]\]\s+)?`)
	delimiters = regexp.MustCompile(`^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$`)
	// A line of values, as containerd and distribution write it below "# GitHub ID, Name, Email address".
	values     = regexp.MustCompile(`^\s*"?@?([A-Za-z0-9_][\w.-]*)"?\s*,\s*"?([^",]+?)"?\s*,\s*"?<?([\w.%+'-]+@[\w.-]+)>?"?[\s,]*$`)
	valuesHead = regexp.MustCompile(`(?i)^#+\s*github id\s*,`)
	reference  = regexp.MustCompile(`^\s{0,3}\[([^\]]+)\]:\s*<?(\S+?)>?(\s.*)?$`)
)

// Levels of headings that are none in Markdown: a line in bold, and one that ends with a colon.
const (
	boldLevel  = 7
	colonLevel = 8
)

func (p *prose) line(line, next string, number int) {
	if p.table != nil {
		if strings.Contains(line, "|") {
			if !delimiters.MatchString(line) {
				p.row(line, number)
			}
			return
		}
		p.table = nil
	}
	switch m := atxHeading.FindStringSubmatch(line); {
	case strings.TrimSpace(line) == "", reference.MatchString(line), underline.MatchString(line), valuesHead.MatchString(line):
		return
	case m != nil:
		p.outline.enter(len(m[1]), m[2])
		return
	case strings.Contains(line, "|") && strings.Contains(next, "|") && delimiters.MatchString(next):
		p.table = newTable(cells(line))
		return
	case underline.MatchString(next) && !listMark.MatchString(line):
		p.outline.enter(1+max(0, strings.IndexByte("=-~", next[0])), line)
		return
	}
	if m := boldLine.FindStringSubmatch(line); m != nil && !strings.Contains(line, "@") {
		p.outline.enter(boldLevel, m[1])
		return
	}
	mark := listMark.FindString(line)
	body := line[len(mark):]
	if mark == "" && strings.HasSuffix(line, ":") && !strings.ContainsAny(line, "@") {
		// "Former maintainers include:". In a charter such a line may end a list, but begins none: most go on with duties.
		if says := judge(line); says != silent && says != members && (p.everybody || says == bygone || says == nobody) {
			p.outline.enter(colonLevel, line)
		}
		return
	}
	says := p.outline.now()
	if says == bygone || says == nobody || mark == "" && !p.everybody {
		return
	}
	if m := values.FindStringSubmatch(line); m != nil {
		p.list(Listed{Login: m[1], Name: personName(m[2]), Address: strings.ToLower(m[3]), Role: p.roleIn(says), Line: number})
		return
	}
	p.people(body, mark != "", p.roleIn(says), number)
}

// roleIn gives the role of those who stand in a section.
func (p *prose) roleIn(says section) Role {
	switch says {
	case board:
		return Board
	case reviews:
		return Reviewer
	case seats:
		if p.role == Board { // a charter's list of maintainers
			return Maintainer
		}
	}
	return p.role
}

// referencesIn finds the definitions of reference links.
func referencesIn(text string) map[string]string {
	links := map[string]string{}
	for line := range strings.Lines(text) {
		if len(line) > maxProse || !strings.Contains(line, "]:") {
			continue
		}
		if m := reference.FindStringSubmatch(strings.TrimRight(line, "\r\n")); m != nil {
			links[strings.ToLower(m[1])] = m[2]
		}
	}
	return links
}
