package governance

import (
	"strings"

	"github.com/mainstay-oss/mainstay/internal/people"
)

// Bounds of what may stand around people in a line that lists them, in words: more is prose.
const (
	mostBefore  = 4  // before the first, without a colon
	mostLabel   = 12 // before the first, with a colon: the part of the code that they keep
	mostBetween = 5  // between two
)

// bygoneInLine are words that, anywhere in a line, say that somebody's time is over.
var bygoneInLine = words("emeritus emerita emeriti former formerly retired inactive alumni alumnus alumna")

// sentenceWords begin sentences and not names or labels.
var sentenceWords = words(`see please contact ask ping email mail e join send reach for to if the this that these all any our we you cc
	report thanks thank created copyright based note when by in on at with from and or as it its is are was be no not new open
	read visit follow file check more there here each every who which what where feel make submit add invite obtain
	문의 참고 연락 보기`)

// people lists those whom a line names, if it is a line that lists people. item tells that it stands in a list.
func (p *prose) people(line string, item bool, role Role, number int) {
	pieces := takeApart(line, p.links)
	first := 0
	before := ""
	for ; first < len(pieces) && !pieces[first].person() && pieces[first].team == ""; first++ {
		before += pieces[first].text
	}
	if first == len(pieces) {
		return
	}
	for _, w := range wordsOf(line) {
		if bygoneInLine[w] {
			return
		}
	}
	name, says, ok := leads(before, item)
	if !ok {
		return
	}
	if says == reviews {
		role = Reviewer
	}
	var found []piece
	for i := first; i < len(pieces); i++ {
		switch {
		case pieces[i].person():
			found = append(found, pieces[i])
		case pieces[i].team != "":
			p.team(pieces[i].team)
		case len(wordsOf(pieces[i].text)) > mostBetween:
			i = len(pieces) // prose begins
		}
	}
	for _, l := range persons(found, name) {
		l.Role, l.Line = role, number
		if !people.IsBot(l.Login, l.Address) {
			p.list(l)
		}
	}
}

// leads judges the text before the first person of a line: whether it may stand there, the person's name if it is one, and
// what it says of them if it is a label.
func leads(before string, item bool) (name string, says section, ok bool) {
	text := strings.Trim(before, " \t*_~-–—(<[:,|\"")
	if text == "" {
		return "", silent, true
	}
	list := wordsOf(text)
	if i := strings.LastIndexByte(before, ':'); i >= 0 {
		label := before[:i]
		says = judge(label)
		if says == bygone || says == nobody || len(wordsOf(label)) > mostLabel || startsSentence(wordsOf(label)) {
			return "", says, false
		}
		if rest := strings.Trim(before[i+1:], " \t*_~-–—(<["); rest != "" {
			name = personName(rest)
			return name, says, name != "" && (item || says != silent)
		}
		return personName(label), says, item || says != silent
	}
	if name = personName(text); name != "" {
		return name, silent, true
	}
	if personName(strings.ReplaceAll(text, ",", " ")) != "" { // "Daniel, Dao Example"
		return "", silent, true
	}
	return "", silent, item && len(list) <= mostBefore && !startsSentence(list)
}

func startsSentence(list []string) bool { return len(list) > 0 && sentenceWords[list[0]] }

// persons makes people of the marks of one line. One login and addresses are one person, and so is one address alone; where
// there are several, each is a person and nobody's name is known.
func persons(found []piece, name string) (list []Listed) {
	var logins, addresses []string
	for _, m := range found {
		if m.login != "" && !containsFold(logins, m.login) {
			logins = append(logins, m.login)
		}
		if m.address != "" && !sharedAddress(m.address) && !containsFold(addresses, m.address) {
			addresses = append(addresses, m.address)
		}
		if name == "" {
			name = personName(m.text)
		}
	}
	switch {
	case len(logins) == 1:
		l := Listed{Login: logins[0], Name: name}
		if len(addresses) > 0 {
			l.Address = addresses[0]
		}
		return []Listed{l}
	case len(logins) > 1:
		for _, login := range logins {
			list = append(list, Listed{Login: login})
		}
	case len(addresses) == 1:
		return []Listed{{Address: addresses[0], Name: name}}
	default:
		for _, a := range addresses {
			list = append(list, Listed{Address: a})
		}
	}
	return list
}

func containsFold(list []string, s string) bool {
	for _, t := range list {
		if strings.EqualFold(t, s) {
			return true
		}
	}
	return false
}
