package people

import (
	"encoding/hex"
	"slices"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/history"
)

// fileKeys are the keys of affiliations.yaml.
var fileKeys = []string{"organisations", "people", "opt_out", "lists"}

// An affiliationsReader reads one affiliations.yaml.
type affiliationsReader struct {
	file AffiliationsFile
	problems
	lists    []entryText   // paths
	entries  []personEntry // by index in file.people
	sections map[string]int
}

type entryText struct {
	text string
	line int
}

// A personEntry remembers what a person of the file was called, for messages.
type personEntry struct {
	name string
	line int
}

func (r *affiliationsReader) read(text string) error {
	r.file.people.byAddress = map[string]int32{}
	r.file.byName = map[string]int32{}
	r.file.optOut = map[string]bool{}
	r.file.optOutHashes = map[[32]byte]bool{}
	r.sections = map[string]int{}
	all, err := sections(text)
	if err != nil {
		return err
	}
	for _, s := range all {
		if err := r.section(s); err != nil {
			return err
		}
	}
	r.settleNames()
	r.breakCircles()
	r.settleDomains()
	return nil
}

// section reads all entries under one key.
func (r *affiliationsReader) section(s piece) error {
	key, entries, ok, err := s.entries()
	if err != nil {
		return err
	}
	if ok {
		if !r.known(key, s.line) {
			return nil
		}
		entries = slices.DeleteFunc(entries, func(e piece) bool {
			tooLarge := len(e.text) > entrySize
			if tooLarge {
				r.add(Malformed, e.line, "split it", "an entry of more than %d bytes; it is passed over", entrySize)
			}
			return tooLarge
		})
		for _, p := range together(entries) {
			v, err := p.parse()
			if err != nil {
				return err
			}
			for _, e := range v.list() {
				r.entry(key, e)
			}
		}
		return nil
	}
	if len(s.text) > entrySize {
		r.add(Malformed, s.line, "write it as a list, each entry on a line of its own that begins with a dash", "more than %d bytes in one piece; they are passed over", entrySize)
		return nil
	}
	v, err := s.parse()
	if err != nil {
		return err
	}
	fields, ok := v.fields()
	if !ok {
		r.add(Malformed, s.line, "write one of the keys "+strings.Join(fileKeys, ", ")+", and a colon", "no key")
		return nil
	}
	for _, f := range fields {
		if r.known(f.key, f.line) {
			for _, e := range f.value.list() {
				r.entry(f.key, e)
			}
		}
	}
	return nil
}

func (r *affiliationsReader) known(key string, line int) bool {
	if !slices.Contains(fileKeys, key) {
		r.unknownKey(key, line, fileKeys)
		return false
	}
	if before := r.sections[key]; before > 0 {
		r.add(Twice, line, "put its entries under the first", "%s stands on line %d already; both are read", key, before)
	} else {
		r.sections[key] = line
	}
	return true
}

func (r *affiliationsReader) unknownKey(key string, line int, allowed []string) {
	remedy := "the keys here are " + strings.Join(allowed, ", ")
	if near := nearest(key, allowed, 1); len(near) > 0 {
		remedy = "did you mean " + near[0] + "?"
	}
	r.add(UnknownKey, line, remedy, "%s is no key here; it is passed over", quoted(key))
}

// entry reads one entry under a key.
func (r *affiliationsReader) entry(key string, v value) {
	switch key {
	case "organisations":
		r.organisation(v)
	case "people":
		r.person(v)
	case "opt_out":
		if text, ok := r.single(v, "an address, or sha256: and the hash of one"); ok {
			r.optOut(text, v.line())
		}
	case "lists":
		if text, ok := r.single(v, "the path of a list"); ok {
			r.lists = append(r.lists, entryText{text, v.line()})
		}
	}
}

// single gives the text of an entry that is a single value, which must be something.
func (r *affiliationsReader) single(v value, want string) (string, bool) {
	text, ok := v.text()
	if !ok || text == "" {
		r.add(Malformed, v.line(), "write "+want, "expected %s; the entry is passed over", want)
		return "", false
	}
	return text, true
}

// mapping gives the values of an entry by key. Keys that are not allowed, or stand twice, are problems.
func (r *affiliationsReader) mapping(v value, what string, allowed ...string) (map[string]value, bool) {
	fields, ok := v.fields()
	if !ok {
		r.add(Malformed, v.line(), "its keys are "+strings.Join(allowed, ", "), "%s has no keys; it is passed over", what)
		return nil, false
	}
	of := map[string]value{}
	for _, f := range fields {
		_, twice := of[f.key]
		switch {
		case !slices.Contains(allowed, f.key):
			r.unknownKey(f.key, f.line, allowed)
		case twice:
			r.add(Twice, f.line, "put both under one key", "%s stands twice in one entry; the first counts", f.key)
		default:
			of[f.key] = f.value
		}
	}
	return of, true
}

// texts gives the single values of a list.
func (r *affiliationsReader) texts(v value, want string) (all []entryText) {
	for _, one := range v.list() {
		if text, ok := r.single(one, want); ok {
			all = append(all, entryText{text, one.line()})
		}
	}
	return all
}

// field gives a single value of an entry, empty where there is none.
func (r *affiliationsReader) field(of map[string]value, key string) string {
	v, ok := of[key]
	if !ok {
		return ""
	}
	text, ok := v.text()
	if !ok {
		r.add(Malformed, v.line(), "write one value", "%s is a collection; it is passed over", key)
	}
	return text
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
		if login == "" || strings.ContainsAny(login, "@ \t\n/") {
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
		r.claim(r.file.byName, name, n)
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
	case !strings.Contains(address, "@") || strings.ContainsAny(address, " \t\n"):
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
	arrange(all, &r.problems)
	return all
}

// optOut reads one entry of opt_out.
func (r *affiliationsReader) optOut(text string, line int) {
	if digits, ok := strings.CutPrefix(strings.ToLower(text), "sha256:"); ok {
		sum, err := hex.DecodeString(strings.TrimSpace(digits))
		if err != nil || len(sum) != 32 {
			r.add(Malformed, line, "write sha256: and the 64 hexadecimal digits of the hash of the lower-case address", "%s is no hash; nobody opts out by it", quoted(text))
			return
		}
		r.file.optOutHashes[[32]byte(sum)] = true
		return
	}
	address := history.Address(text)
	if !strings.Contains(address, "@") || strings.ContainsAny(address, " \t\n") {
		r.add(Malformed, line, "write name@host, login@noreply or sha256: and a hash", "%s is no address; nobody opts out by it", quoted(text))
		return
	}
	r.file.optOut[address] = true
}
