package governance

import (
	"regexp"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/gap"
	"github.com/mainstay-oss/mainstay/internal/people"
)

// sectionHead is the head of a section of GitLab's: optional with ^, with the number of approvals and the default owners.
// https://docs.gitlab.com/user/project/codeowners/reference/
var sectionHead = regexp.MustCompile(`^\^?\[[^\]]+\](\[\d+\])?(\s.*)?$`)

// readCodeOwners reads CODEOWNERS: a pattern a line, and behind it who owns what matches. Whoever owns anything is listed;
// which later line takes precedence over which is not looked at.
func readCodeOwners(r *reader, text string) {
	line := 0
	for raw := range strings.Lines(text) {
		line++
		content := strings.TrimSpace(raw)
		if content == "" || content[0] == '#' {
			continue
		}
		var owners []string
		if m := sectionHead.FindStringSubmatch(content); m != nil {
			owners = strings.Fields(m[2])
		} else if content[0] == '[' || strings.HasPrefix(content, "^[") {
			r.problem(gap.Syntax, line, quote(content)+" is a section whose bracket does not end; close it")
			continue
		} else {
			owners = strings.Fields(content[patternEnd(content):])
		}
		for _, owner := range owners {
			if owner[0] == '#' {
				break
			}
			codeOwner(r, owner, line)
		}
	}
}

// patternEnd gives where the pattern at the start of a line ends: at the first space that no backslash stands before.
func patternEnd(s string) int {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case ' ', '\t':
			return i
		}
	}
	return len(s)
}

func codeOwner(r *reader, owner string, line int) {
	owner = strings.Trim(owner, ",;")
	name, at := strings.CutPrefix(owner, "@")
	switch {
	case owner == "":
	case strings.HasPrefix(name, "@"): // a role of GitLab's, such as @@maintainer: whoever has it
		r.team(name)
	case at && teamPattern.MatchString(name):
		r.team(name)
	case at && loginPattern.MatchString(name):
		if !people.IsBot(name, "") {
			r.list(Listed{Login: name, Role: Owner, Line: line})
		}
	case addressPattern.MatchString(owner):
		if !people.IsBot("", owner) && !sharedAddress(owner) {
			r.list(Listed{Address: strings.ToLower(owner), Role: Owner, Line: line})
		}
	default:
		r.problem(gap.Syntax, line, quote(owner)+" is no owner; write @login, @organisation/team or an address")
	}
}
