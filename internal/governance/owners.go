package governance

import (
	"regexp"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/gap"
	"github.com/mainstay-oss/mainstay/internal/people"
)

// Keys of OWNERS, in lower case, and the role of those listed under them. Kubernetes' tools know approvers and reviewers, and
// knew assignees before; others write maintainers or owners. Under the keys that begin with emeritus nobody is listed.
// https://www.kubernetes.dev/docs/guide/owners/
var ownersKeys = map[string]Role{
	"approvers": Approver, "assignees": Approver, "owners": Owner, "maintainers": Maintainer,
	"reviewers": Reviewer, "required_reviewers": Reviewer,
}

// An aliasTable gives the members of groups, by name in lower case.
type aliasTable map[string][]entry

// readAliases reads OWNERS_ALIASES.
func readAliases(r *reader, text string) aliasTable {
	table := aliasTable{}
	for _, e := range readLists(text, func(line int, detail string) { r.problem(gap.Syntax, line, detail) }) {
		if len(e.path) == 2 && e.path[0] == "aliases" {
			group := strings.ToLower(e.path[1])
			table[group] = append(table[group], e)
		}
	}
	return table
}

// readOwners reads OWNERS: lists of people and groups by key, for all files or, below filters, for those that match.
func readOwners(r *reader, text string, aliases aliasTable) {
	var wrong []gap.Gap
	list := readLists(text, func(line int, detail string) {
		wrong = append(wrong, gap.Gap{Kind: gap.Syntax, Line: line, Detail: detail})
	})
	known := false
	for _, e := range list {
		key := strings.ToLower(e.path[len(e.path)-1])
		known = known || ownersKeys[key] != "" || strings.HasPrefix(key, "emeritus") || key == "labels" || e.path[0] == "options"
	}
	if !known && len(wrong) > 0 && readPlainOwners(r, text) {
		return
	}
	for _, g := range wrong {
		r.problem(g.Kind, g.Line, g.Detail)
	}
	if !known && len(list) > 0 {
		r.problem(gap.Unsupported, list[0].line, "no key that is known; write approvers: or reviewers:")
	}
	seen := map[string]bool{}
	for _, e := range list {
		role := ownersKeys[strings.ToLower(e.path[len(e.path)-1])]
		if filtered := len(e.path) == 3 && e.path[0] == "filters"; role == "" || len(e.path) != 1 && !filtered {
			continue
		}
		expand(r, e, r.file, role, aliases, seen)
	}
}

// expand lists a person, or the members of a group, each group once for each role.
func expand(r *reader, e entry, file string, role Role, aliases aliasTable, seen map[string]bool) {
	name := strings.ToLower(e.value)
	members, isGroup := aliases[name]
	if !isGroup {
		member(r, e, file, role)
		return
	}
	if seen[string(role)+" "+name] {
		return
	}
	seen[string(role)+" "+name] = true
	for _, m := range members {
		expand(r, m, "OWNERS_ALIASES", role, aliases, seen)
	}
}

// member lists one entry: a login, an address, or a team of the forge. Some write name and address into the comment behind.
func member(r *reader, e entry, file string, role Role) {
	l := Listed{Role: role, File: file, Line: e.line}
	value := strings.TrimPrefix(e.value, "@")
	switch {
	case addressPattern.MatchString(value):
		l.Address = strings.ToLower(value)
	case loginPattern.MatchString(value):
		l.Login = value
		if m := namedAddress.FindStringSubmatch(e.comment); m != nil {
			l.Name, l.Address = personName(m[1]), strings.ToLower(m[2])
		}
	case teamPattern.MatchString(value):
		r.team(value)
		return
	default:
		r.problemIn(file, gap.Syntax, e.line, quote(e.value)+" is neither a login nor an address; write one name a line")
		return
	}
	if !people.IsBot(l.Login, l.Address) {
		r.list(l)
	}
}

var (
	addressPattern = regexp.MustCompile(`^[\w.%+'-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$`)
	loginPattern   = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$`)
	teamPattern    = regexp.MustCompile(`^[A-Za-z0-9_][\w.-]*(/[A-Za-z0-9_][\w.-]*)+$`)
	namedAddress   = regexp.MustCompile(`^([^<>]*)<([\w.%+'-]+@[\w.-]+)>`)
)

// readPlainOwners reads OWNERS as Chromium and Android write it: an address a line, for all files or, behind "per-file", for
// some. What it includes from elsewhere is not opened. It tells whether the file is one.
func readPlainOwners(r *reader, text string) bool {
	plain := &reader{file: r.file}
	words := 0
	line := 0
	for raw := range strings.Lines(text) {
		line++
		content, _, _ := strings.Cut(raw, "#")
		content = strings.TrimSpace(content)
		globs, owners, perFile := strings.Cut(content, "=")
		switch {
		case content == "":
			continue
		case perFile && strings.HasPrefix(globs, "per-file"):
			content = owners
		case content == "set noparent" || content == "*" || strings.HasPrefix(content, "file:") || strings.HasPrefix(content, "include "):
			words++
			continue
		}
		for owner := range strings.FieldsFuncSeq(content, func(c rune) bool { return c == ',' || c == ' ' || c == '\t' }) {
			switch {
			case addressPattern.MatchString(owner):
				words++
				if !people.IsBot("", owner) {
					plain.list(Listed{Address: strings.ToLower(owner), Role: Owner, Line: line})
				}
			case owner == "*" || owner == "set" || owner == "noparent" || strings.HasPrefix(owner, "file:"):
			default:
				plain.problem(gap.Syntax, line, quote(owner)+" is no address; write one address a line")
			}
		}
	}
	if words == 0 {
		return false
	}
	r.people, r.problems, r.more = plain.people, plain.problems, plain.more
	return true
}
