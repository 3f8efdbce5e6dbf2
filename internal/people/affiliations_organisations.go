package people

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/history"
)

// organisation reads one entry of organisations.
func (r *affiliationsReader) organisation(v value) {
	of, ok := r.mapping(v, "an organisation", "name", "aliases", "domains", "parent")
	if !ok {
		return
	}
	o := organisation{name: printable(r.field(of, "name")), parent: printable(r.field(of, "parent")), line: v.line()}
	switch standing(o.name) {
	case notKnown:
		r.add(Malformed, o.line, "add its name", "an organisation without a name; it is passed over")
		return
	case worksForNone:
		r.add(Malformed, o.line, "give it another name, as an alias of which it may stand", "%s means that somebody works for no organisation; the entry is passed over", quoted(o.name))
		return
	}
	for _, a := range r.texts(of["aliases"], "another spelling of the name") {
		if alias := printable(a.text); standing(alias) == organisationName {
			o.aliases = append(o.aliases, alias)
		}
	}
	for _, d := range of["domains"].list() {
		if span, ok := r.domain(d); ok {
			o.domains = append(o.domains, span)
		}
	}
	r.file.organisations = append(r.file.organisations, o)
}

// domain reads one of an organisation's domains, plain or with its end.
func (r *affiliationsReader) domain(v value) (d domainSpan, ok bool) {
	d.until, d.line = still, v.line()
	text, single := v.text()
	if !single {
		of, ok := r.mapping(v, "a domain", "domain", "until")
		if !ok {
			return d, false
		}
		text = r.field(of, "domain")
		if until := r.field(of, "until"); until != "" {
			if d.until, ok = parseDay(until); !ok {
				r.add(Malformed, d.line, "write YYYY-MM-DD, YYYY-MM or YYYY", "%s is no date; the domain is passed over", quoted(until))
				return d, false
			}
		}
	}
	d.domain = strings.ToLower(strings.Trim(strings.TrimPrefix(text, "@"), ". "))
	switch class := history.DomainClass(d.domain); class {
	case "":
		return d, true
	case history.DomainUnknown:
		r.add(Malformed, d.line, "write what stands behind the @ of its addresses", "%s is no domain; it is passed over", quoted(text))
	default:
		r.add(Malformed, d.line, "name its people one by one, by their addresses", "anybody can have an address at %s (%s); it is passed over", quoted(text), class)
	}
	return d, false
}

// fold is what names of organisations are compared by: without regard to case and the number of spaces.
func fold(name string) string { return strings.Join(strings.Fields(strings.ToLower(name)), " ") }

// settleNames gives each spelling to one organisation, and each entry and parent the name that counts. A name that stands twice
// makes one organisation of the entries.
func (r *affiliationsReader) settleNames() {
	names, lines := map[string]string{}, map[string]int{}
	all := r.file.organisations
	for i := range all {
		o := &all[i]
		key := fold(o.name)
		if before, taken := lines[key]; taken {
			r.add(Twice, o.line, "write one entry", "%s stands on line %d already; both entries are read as one", quoted(o.name), before)
			o.name = names[key]
			continue
		}
		names[key], lines[key] = o.name, o.line
	}
	for i := range all {
		for _, alias := range all[i].aliases {
			key := fold(alias)
			if name, taken := names[key]; taken && name != all[i].name {
				r.add(Twice, all[i].line, "leave it with one of them", "alias %s names the organisation on line %d too; there it counts", quoted(alias), lines[key])
				continue
			} else if !taken {
				names[key], lines[key] = all[i].name, all[i].line
			}
		}
	}
	for i := range all {
		if name, known := names[fold(all[i].parent)]; known {
			all[i].parent = name
		}
	}
	r.file.names = names
}

// settleParents leaves each organisation one parent, and none to those that are, over some others, part of themselves.
func (r *affiliationsReader) settleParents() {
	above := map[string]*organisation{} // the entry that names the parent
	for i := range r.file.organisations {
		o := &r.file.organisations[i]
		switch before := above[fold(o.name)]; {
		case o.parent == "":
		case before == nil:
			above[fold(o.name)] = o
		default:
			if fold(before.parent) != fold(o.parent) {
				r.add(Twice, o.line, "leave one", "a second parent of %s; that on line %d counts", quoted(o.name), before.line)
			}
			o.parent = ""
		}
	}
	walk := map[*organisation]int{} // that came by, from 1
	for i := range r.file.organisations {
		o := above[fold(r.file.organisations[i].name)]
		for o != nil && walk[o] == 0 {
			walk[o] = i + 1
			o = above[fold(o.parent)]
		}
		if o != nil && walk[o] == i+1 {
			r.breakCircle(o, above)
		}
	}
}

// breakCircle takes the parents from an organisation that is part of itself, and from those over which it is.
func (r *affiliationsReader) breakCircle(first *organisation, above map[string]*organisation) {
	const shown = 5
	text := quoted(first.name)
	n := 0
	for o := first; o != nil && o.parent != ""; n++ {
		if n < shown {
			text += " in " + quoted(o.parent)
		}
		next := above[fold(o.parent)]
		o.parent = ""
		o = next
	}
	if n > shown {
		text += fmt.Sprintf(" and so on, %d in all", n)
	}
	r.add(Circle, first.line, "remove one of the parents", "%s: organisations cannot be part of each other; none of these has a parent now", text)
}

// settleDomains tells of domains that speak for two organisations at a time. Where they differ in their end they follow each
// other.
func (r *affiliationsReader) settleDomains() {
	type end struct {
		domain string
		until  int64
	}
	type owner struct {
		name string
		line int
	}
	first := map[end]owner{}
	for i := range r.file.organisations {
		o := &r.file.organisations[i]
		o.domains = slices.DeleteFunc(o.domains, func(d domainSpan) bool {
			before, taken := first[end{d.domain, d.until}]
			if !taken {
				first[end{d.domain, d.until}] = owner{o.name, d.line}
				return false
			}
			if before.name != o.name {
				r.add(Overlap, d.line, "leave it with one of them, or say until when it was the earlier one's", "%s is %s's already (line %d); there it counts",
					d.domain, quoted(before.name), before.line)
			}
			return true
		})
	}
}
