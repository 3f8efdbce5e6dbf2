package governance

import (
	"regexp"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/people"
)

// readMaintainers reads a file of people in whichever form it is: with fields as that of Linux, as a table of people as
// Docker's, or a text for people.
func readMaintainers(r *reader, text string, role Role) {
	switch {
	case fieldLine.MatchString(text):
		readFields(r, text)
	case strings.Contains(text, "[people.") || strings.Contains(text, "[People."):
		readToml(r, text)
	default:
		readProse(r, text, role, true)
	}
}

// fieldLine finds a line of a file with fields that names somebody.
var fieldLine = regexp.MustCompile(`(?m)^(?:[MR]:\s*[^@\n]*<?[\w.%+'-]+@|[NE]:\s*\S)`)

// readFields reads the form of Linux, which QEMU, U-Boot, DPDK and others share: paragraphs with M: for a maintainer and R: for a
// reviewer, each with name and address, and S: for the state; and the form of LLVM, with N: for the name and E: for the address of an
// owner.
func readFields(r *reader, text string) {
	var block []Listed
	var owner Listed
	over := false // nobody keeps this any more
	flush := func() {
		if owner.Address != "" || owner.Login != "" || owner.Name != "" {
			block = append(block, owner)
		}
		for _, l := range block {
			if !over && !people.IsBot(l.Name, l.Address) && !sharedAddress(l.Address) {
				r.list(l)
			}
		}
		block, owner, over = nil, Listed{}, false
	}
	line := 0
	for raw := range strings.Lines(text) {
		line++
		raw = strings.TrimRight(raw, "\r\n")
		if strings.TrimSpace(raw) == "" {
			flush()
			continue
		}
		if len(raw) < 3 || raw[1] != ':' {
			continue
		}
		value := strings.TrimSpace(raw[2:])
		switch raw[0] {
		case 'M', 'R':
			l := Listed{Role: Maintainer, Line: line}
			if raw[0] == 'R' {
				l.Role = Reviewer
			}
			if name, rest, ok := strings.Cut(value, "<"); ok {
				address, _, _ := strings.Cut(rest, ">")
				l.Name, l.Address = strings.Trim(strings.TrimSpace(name), `"`), strings.ToLower(strings.TrimSpace(address))
			} else {
				l.Address, _, _ = strings.Cut(strings.ToLower(value), " ")
			}
			if addressPattern.MatchString(l.Address) {
				block = append(block, l)
			}
		case 'S':
			state := strings.ToLower(value)
			over = over || strings.HasPrefix(state, "orphan") || strings.HasPrefix(state, "obsolete")
		case 'N':
			flush()
			owner = Listed{Name: personName(value), Role: Owner, Line: line}
		case 'E':
			if a := strings.ToLower(strings.Trim(value, "<>")); addressPattern.MatchString(a) && owner.Address == "" {
				owner.Address, owner.Role = a, Owner
				owner.Line = max(owner.Line, 1)
			}
		}
	}
	flush()
}
