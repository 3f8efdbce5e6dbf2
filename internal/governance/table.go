package governance

import (
	"strings"

	"github.com/mainstay-oss/mainstay/internal/people"
)

// A column says what stands in the cells below its head.
type column int

const (
	other      column = iota
	nameColumn        // a person's name, perhaps as a link
	loginColumn
	mailColumn
	peopleColumn // several people
	rankColumn   // what they are
)

var (
	elsewhereHeads = words("slack discord chat twitter irc matrix zulip lfid linkedin mastodon telegram gitter keybase wechat blog website")
	loginHeads     = words("github gitlab gitee codeberg login handle username user account id profile 아이디 깃허브 账号")
	mailHeads      = words("email mail e-mail address 이메일 邮箱")
	nameHeads      = words("name maintainer committer owner member who person representative lead 이름 성명 姓名")
	manyHeads      = words("names maintainers committers owners codeowners approvers leads members people reviewers 메인테이너 담당자")
	rankHeads      = words("role status type position title state 역할 상태 角色")
)

// A table is one that is open: what its columns hold.
type table struct {
	columns []column
	useful  bool
}

// newTable reads the heads of a table.
func newTable(heads []string) *table {
	t := &table{}
	for _, head := range heads {
		c := other
		for _, w := range wordsOf(head) {
			switch {
			case elsewhereHeads[w]:
				c = other
			case c == loginColumn: // "GitHub name"
			case loginHeads[w]:
				c = loginColumn
			case mailHeads[w]:
				c = mailColumn
			case rankHeads[w]:
				c = rankColumn
			case manyHeads[w]:
				c = peopleColumn
			case nameHeads[w]:
				c = nameColumn
			}
			if elsewhereHeads[w] {
				break
			}
		}
		t.columns = append(t.columns, c)
		t.useful = t.useful || c == nameColumn || c == loginColumn || c == mailColumn || c == peopleColumn
	}
	return t
}

// cells parts a row at its bars.
func cells(line string) (list []string) {
	line = strings.TrimSpace(line)
	line = strings.TrimSuffix(strings.TrimPrefix(line, "|"), "|")
	for cell := range strings.SplitSeq(strings.ReplaceAll(line, `\|`, "\x00"), "|") {
		list = append(list, strings.TrimSpace(strings.ReplaceAll(cell, "\x00", "|")))
	}
	return list
}

// row lists the person, or the people, of one row.
func (p *prose) row(line string, number int) {
	says := p.outline.now()
	if says == bygone || says == nobody || !p.table.useful {
		return
	}
	role := p.roleIn(says)
	var one Listed
	var several []Listed
	for i, cell := range cells(line) {
		if i >= len(p.table.columns) {
			break
		}
		pieces := takeApart(cell, p.links)
		var found []piece
		text := ""
		for _, m := range pieces {
			if m.person() {
				found = append(found, m)
			} else if m.team != "" {
				p.team(m.team)
			}
			text += m.text
		}
		switch p.table.columns[i] {
		case rankColumn:
			switch judge(cell) {
			case bygone, nobody:
				return
			case reviews:
				role = Reviewer
			}
		case nameColumn, loginColumn, mailColumn:
			if p.table.columns[i] == loginColumn && len(found) == 0 && loginPattern.MatchString(text) {
				found = []piece{{login: text}}
			}
			list := persons(found, personName(text))
			if len(list) > 1 {
				several = append(several, list...)
				continue
			}
			if len(list) == 1 {
				one.Login, one.Address = firstOf(one.Login, list[0].Login), firstOf(one.Address, list[0].Address)
			}
			if p.table.columns[i] == nameColumn {
				one.Name = firstOf(one.Name, personName(text))
			}
		case peopleColumn:
			several = append(several, persons(found, personName(text))...)
			if len(found) == 0 {
				one.Name = firstOf(one.Name, personName(text))
			}
		default:
			for _, w := range wordsOf(cell) {
				if bygoneInLine[w] {
					return
				}
			}
		}
	}
	if one.Login != "" || one.Address != "" || one.Name != "" {
		several = append(several, one)
	}
	for _, l := range several {
		l.Role, l.Line = role, number
		if !people.IsBot(l.Login, l.Address) {
			p.list(l)
		}
	}
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
