package governance

import (
	"slices"
	"strings"
	"unicode"
)

// A section is what a heading says of those who stand below it.
type section int

const (
	silent  section = iota // nothing: as the heading above it
	seats                  // they have a say
	board                  // they sit on a committee
	reviews                // they are asked
	members                // they belong to what the heading above names
	nobody                 // they have no say, or nobody is listed there
	bygone                 // they had one
)

// Words of headings, in lower case. A heading is judged by the first of these lists that it has a word of.
var (
	bygoneWords = words(`emeritus emerita emeriti former formerly past alumni alumnus alumna alums retired inactive previous
		previously historical honorary departed memoriam ex 명예 전임 은퇴 이전 전직 비활동 前任 曾任 荣誉 荣休`)
	// What becomes of a role, not who has it.
	processWords = words(`how becoming become adding add removing remove removal process processes responsibility responsibilities
		duties duty nomination nominations nominate nominating election elections electing voting vote votes meeting meetings
		decision decisions requirement requirements expectation expectations ladder onboarding offboarding stepping candidates
		candidate inactivity selection selecting changes changing conduct policy guidelines guide rules joining
		방법 절차 책임 의무 선출 투표 되기`)
	// People without a say.
	helperWords = words(`contributor contributors contributing acknowledgement acknowledgements acknowledgment acknowledgments
		thanks credits author authors sponsor sponsors adopters users triage triager triagers friends security contact contacts
		release translators mentors supporters backers partners 기여자 감사 후원 贡献者 致谢`)
	boardWords = words(`steering tsc toc pmc psc governing oversight council board bdfl director directors chair chairs
		운영위원회 기술위원회`)
	seatWords = words(`maintainer maintainers maintainership comaintainers committer committers owner owners codeowner codeowners approver approvers
		lead leads leader leaders leadership gatekeeper gatekeepers admin admins administrators
		메인테이너 유지관리자 관리자 커미터 책임자 维护者 维护人`)
	reviewWords = words(`reviewer reviewers 리뷰어 검토자 审阅者`)
	memberWords = words(`member members collaborators 구성원 成员`)
	coreWords   = words(`team developers devs`)
)

func words(list string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(list) {
		set[w] = true
	}
	return set
}

// wordsOf parts a text into words of letters and digits, in lower case.
func wordsOf(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(c rune) bool {
		return !unicode.IsLetter(c) && !unicode.IsDigit(c)
	})
}

// judge tells what a heading says.
func judge(heading string) section {
	list := wordsOf(heading)
	has := func(set map[string]bool) bool {
		return slices.ContainsFunc(list, func(w string) bool { return set[w] })
	}
	switch {
	case has(bygoneWords):
		return bygone
	case has(processWords):
		return nobody
	case has(boardWords):
		return board
	case has(seatWords):
		if has(helperWords) && slices.ContainsFunc(list, func(w string) bool { return strings.HasPrefix(w, "contributor") }) {
			return nobody // "Maintainers and contributors": who is which is not said
		}
		return seats
	case slices.Contains(list, "core") && has(coreWords):
		return seats
	case has(reviewWords):
		return reviews
	case has(helperWords):
		return nobody
	case has(memberWords):
		return members
	}
	return silent
}

// outline follows the headings of a text.
type outline struct {
	open []heading
	base section // above the first heading
}

type heading struct {
	level int
	says  section
}

// enter opens a heading and closes those that it ends.
func (o *outline) enter(level int, text string) {
	for len(o.open) > 0 && o.open[len(o.open)-1].level >= level {
		o.open = o.open[:len(o.open)-1]
	}
	o.open = append(o.open, heading{level, judge(text)})
}

// now gives what the headings say here: the innermost that says something, but nobody who stands below past ones is listed, nor
// the members of anything but a committee.
func (o *outline) now() section {
	says := o.base
	for _, h := range o.open {
		if h.says == bygone {
			return bygone
		}
		switch {
		case h.says == members && says != board:
			says = nobody
		case h.says != silent && h.says != members:
			says = h.says
		}
	}
	return says
}
