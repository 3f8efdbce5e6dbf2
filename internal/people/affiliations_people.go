package people

import (
	"strings"
	"unicode"

	"github.com/mainstay-oss/mainstay/internal/history"
)

// A personEntry remembers what a person of the file was called, for messages.
type personEntry struct {
	name string
	line int
}

// person reads one entry of people.
func (r *affiliationsReader) person(v value) {
	of, ok := r.mapping(v, "a person", "name", "emails", "logins", "at")
	if !ok {
		return
	}
	line := v.line()
	name := strings.TrimSpace(r.field(of, "name"))
	var addresses []string
	for _, e := range r.texts(of["emails"], "an address") {
		if address, ok := r.address(e.text, e.line); ok {
			addresses = append(addresses, address)
		}
	}
	for _, e := range r.texts(of["logins"], "the name of an account") {
		login := strings.ToLower(strings.TrimPrefix(strings.TrimSuffix(e.text, "@noreply"), "@"))
		if !isAddress(login+"@noreply") || strings.ContainsAny(login, "@/") {
			r.add(Malformed, e.line, "write the name of the account alone; addresses stand under emails", "%s is no login; it is passed over", quoted(e.text))
			continue
		}
		addresses = append(addresses, login+"@noreply")
	}
	spans := r.spans(of["at"], line)
	if len(addresses) == 0 && Generic(name) {
		r.add(Malformed, line, "add emails or logins", "nothing to know the person by; the entry is passed over")
		return
	}
	if len(spans) == 0 {
		return // what is missing has been said
	}
	n := int32(len(r.file.people.people))
	r.file.people.people = append(r.file.people.people, spans)
	r.entries = append(r.entries, personEntry{name, line})
	if len(addresses) == 0 {
		r.claim(r.file.people.byName, name, n)
	}
	for _, address := range addresses {
		r.claim(r.file.people.byAddress, address, n)
	}
}

// claim notes by what a person is known, unless somebody else is.
func (r *affiliationsReader) claim(by map[string]int32, key string, person int32) {
	other, taken := by[key]
	if !taken {
		by[key] = person
		return
	}
	if other != person {
		r.add(Twice, r.entries[person].line, "leave it with one of them", "%s stands in the entry on line %d too; there it counts", quoted(key), r.entries[other].line)
	}
}

// address reads one of a person's addresses.
func (r *affiliationsReader) address(text string, line int) (string, bool) {
	address := history.Address(text)
	switch {
	case !isAddress(address):
		r.add(Malformed, line, "write name@host, or put the name of an account under logins", "%s is no address; it is passed over", quoted(text))
	case GenericAddress(address):
		r.add(Malformed, line, "name addresses of one person", "%s is nobody's own; it is passed over", quoted(text))
	default:
		return address, true
	}
	return "", false
}

// spans reads for whom somebody worked: one organisation, or a list with dates.
func (r *affiliationsReader) spans(v value, line int) (all []span) {
	rows := v.list()
	if len(rows) == 0 {
		r.add(Unfilled, line, "fill this in: the organisation they work for, or independent", "no organisation under at; the entry is passed over")
	}
	for _, row := range rows {
		var organisation, from, until string
		at := row.line()
		if text, ok := row.text(); ok {
			organisation = text
		} else if of, ok := r.mapping(row, "a row of at", "organisation", "from", "until"); ok {
			organisation, from, until = r.field(of, "organisation"), r.field(of, "from"), r.field(of, "until")
		} else {
			continue
		}
		if standing(printable(organisation)) == notKnown {
			r.add(Unfilled, at, "fill this in: the organisation they work for, or independent", "no organisation; the row is passed over")
			continue
		}
		if s, ok := parseSpan(organisation, from, until, at, &r.problems); ok {
			all = append(all, s)
		}
	}
	return arrange(all, &r.problems)
}

// isAddress tells whether an address, as history has it, has the form of one.
func isAddress(address string) bool {
	at := strings.LastIndexByte(address, '@')
	return at > 0 && at < len(address)-1 &&
		!strings.ContainsFunc(address, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsGraphic(r) })
}
