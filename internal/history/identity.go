package history

import (
	"strings"
	"unicode/utf8"
)

// Bounds of what is kept of a name and an address, in bytes: more than any real one, so that a repository whose commits
// carry megabytes of name cannot fill the memory.
const (
	maxName  = 256
	maxEmail = 320
)

// normalName gives a name as UTF-8. Bytes that are not UTF-8 are read as ISO 8859-1, by far the commonest other encoding
// in commits without an encoding header.
func normalName(raw []byte) string {
	return validText(raw, maxName)
}

// normalEmail gives an address as Identity.Email has it, and its domain as Identity.Domain has it: as it stands, or a class
// where it is a forge's or none at all.
func normalEmail(raw []byte) (email, domain string) {
	email = strings.ToLower(validText(raw, maxEmail))
	if login, ok := noReplyLogin(email); ok {
		return login + "@noreply", DomainNoReply
	}
	at := strings.LastIndexByte(email, '@')
	if at < 0 {
		return email, DomainUnknown
	}
	if local := email[:at]; local == "noreply" || local == "no-reply" {
		return email, DomainNoReply // a forge or a service that signs with its own name, like GitHub as committer
	}
	domain = strings.TrimSuffix(email[at+1:], ".")
	if class := DomainClass(domain); class == DomainUnknown || class == DomainNoReply {
		domain = class
	}
	return email, domain
}

// Address gives an address as Identity.Email has it: in lower case, a forge's no-reply address reduced to its login.
func Address(text string) string {
	email, _ := normalEmail([]byte(strings.TrimSpace(text)))
	return email
}

// noReplyLogin finds the login behind an address that a forge hands out instead of a private one. The address is in lower case.
//
//	12345+login@users.noreply.github.com   GitHub since 2017, and its enterprise servers
//	login@users.noreply.github.com         GitHub before
//	12345-login@users.noreply.gitlab.com   GitLab
//	12345+login@user.noreply.gitee.com     Gitee
//	login@noreply.codeberg.org             Gitea and Forgejo
func noReplyLogin(email string) (login string, ok bool) {
	at := strings.LastIndexByte(email, '@')
	if at <= 0 {
		return "", false
	}
	login, host := email[:at], email[at+1:]
	switch {
	case strings.HasPrefix(host, "users.noreply."), strings.HasPrefix(host, "user.noreply."):
		digits := 0
		for digits < len(login) && isDigit(login[digits]) {
			digits++
		}
		// A login may begin with digits and hold a hyphen itself, so GitHub's hyphens stay.
		if digits > 0 && digits+1 < len(login) && (login[digits] == '+' || login[digits] == '-' && strings.Contains(host, "gitlab")) {
			login = login[digits+1:]
		}
	case strings.HasPrefix(host, "noreply."):
	default:
		return "", false
	}
	if login == "noreply" || login == "no-reply" {
		return "", false // the forge itself
	}
	return login, true
}

// validText gives the first limit bytes of raw as valid UTF-8.
func validText(raw []byte, limit int) string {
	if len(raw) > limit {
		raw = raw[:limit]
		for i := 0; i < utf8.UTFMax-1 && !utf8.Valid(raw); i++ { // not in the midst of a character
			raw = raw[:len(raw)-1]
		}
	}
	if utf8.Valid(raw) {
		return string(raw)
	}
	var b strings.Builder
	for len(raw) > 0 {
		r, n := utf8.DecodeRune(raw)
		if r == utf8.RuneError && n <= 1 {
			r = rune(raw[0])
		}
		b.WriteRune(r)
		raw = raw[n:]
	}
	return b.String()
}

// A roster gives every author string of one history its number.
type roster struct {
	isBot      func(name, email string) bool
	identities []Identity
	byRaw      map[string]int32    // "Name <address" as it stands in commits: the common case, without allocation
	byText     map[[2]string]int32 // name and address as kept
}

func newRoster(isBot func(name, email string) bool) *roster {
	if isBot == nil {
		isBot = func(string, string) bool { return false }
	}
	return &roster{isBot: isBot, byRaw: map[string]int32{}, byText: map[[2]string]int32{}}
}

// number gives the number of the person who signed.
func (r *roster) number(s *signature) int32 {
	if n, ok := r.byRaw[string(s.who)]; ok {
		return n
	}
	name := normalName(s.name)
	email, domain := normalEmail(s.email)
	text := [2]string{name, email}
	n, ok := r.byText[text]
	if !ok {
		n = int32(len(r.identities))
		r.identities = append(r.identities, Identity{Name: name, Email: email, Domain: domain, Bot: r.isBot(name, email)})
		r.byText[text] = n
	}
	if len(s.who) <= maxName+maxEmail {
		r.byRaw[string(s.who)] = n
	}
	return n
}
