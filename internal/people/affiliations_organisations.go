package people

import (
	"cmp"
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

// settleNames gives each spelling to one organisation. A name that stands twice makes one organisation of the entries.
func (r *affiliationsReader) settleNames() {
	lines := map[string]int{}
	for i := range r.file.organisations {
		o := &r.file.organisations[i]
		if before, taken := lines[fold(o.name)]; taken {
			r.add(Twice, o.line, "write one entry", "%s stands on line %d already; both entries are read as one", quoted(o.name), before)
			continue
		}
		lines[fold(o.name)] = o.line
	}
	owner := map[string]string{} // of an alias
	for i := range r.file.organisations {
		o := &r.file.organisations[i]
		o.aliases = slices.DeleteFunc(o.aliases, func(alias string) bool {
			key := fold(alias)
			before, taken := lines[key]
			if taken && key != fold(o.name) && owner[key] != fold(o.name) {
				r.add(Twice, o.line, "leave it with one of them", "alias %s names the organisation on line %d too; there it counts", quoted(alias), before)
				return true
			}
			if !taken {
				lines[key], owner[key] = o.line, fold(o.name)
			}
			return false
		})
	}
}

// breakCircles takes the parents from organisations that are, over some others, part of themselves.
func (r *affiliationsReader) breakCircles() {
	names := r.file.names()
	number := map[string]int{} // the first entry of each organisation that says a parent
	for i, o := range r.file.organisations {
		if _, said := number[names[fold(o.name)]]; !said && o.parent != "" {
			number[names[fold(o.name)]] = i
		} else if said && o.parent != "" {
			r.add(Twice, o.line, "leave one", "a second parent of %s; the first counts", quoted(o.name))
			r.file.organisations[i].parent = ""
		}
	}
	above := func(i int) (int, bool) {
		parent := r.file.organisations[i].parent
		j, found := number[cmp.Or(names[fold(parent)], parent)]
		return j, found && parent != ""
	}
	seen := make([]int, len(r.file.organisations)) // the walk that came by, from 1
	for start := range r.file.organisations {
		i, found := start, true
		for found && seen[i] == 0 {
			seen[i] = start + 1
			i, found = above(i)
		}
		if !found || seen[i] != start+1 {
			continue
		}
		members, path := []int{}, ""
		for j := i; len(members) == 0 || j != i; j, _ = above(j) {
			members = append(members, j)
			path += quoted(r.file.organisations[j].name) + " in "
		}
		r.add(Circle, r.file.organisations[i].line, "remove one of the parents", "%s%s: organisations cannot be part of each other; none of these has a parent now",
			path, quoted(r.file.organisations[i].name))
		for _, j := range members {
			r.file.organisations[j].parent = ""
		}
	}
}

// settleDomains tells of domains that speak for two organisations at a time. Where they differ in their end they follow each
// other.
func (r *affiliationsReader) settleDomains() {
	type end struct {
		domain string
		until  int64
	}
	first := map[end]*organisation{}
	for i := range r.file.organisations {
		o := &r.file.organisations[i]
		o.domains = slices.DeleteFunc(o.domains, func(d domainSpan) bool {
			before, taken := first[end{d.domain, d.until}]
			if !taken {
				first[end{d.domain, d.until}] = o
				return false
			}
			if fold(before.name) != fold(o.name) {
				r.add(Overlap, d.line, "leave it with one of them, or say until when it was the earlier one's", "%s is %s's already (line %d); there it counts",
					d.domain, quoted(before.name), before.line)
			}
			return true
		})
	}
}

// names gives the name of each organisation by its folded spellings.
func (f *AffiliationsFile) names() map[string]string {
	all := map[string]string{}
	for pass := range 2 { // names go before aliases
		for _, o := range f.organisations {
			spellings := o.aliases
			if pass == 0 {
				spellings = []string{o.name}
			}
			for _, s := range spellings {
				if _, taken := all[fold(s)]; !taken {
					all[fold(s)] = all[fold(o.name)]
					if pass == 0 {
						all[fold(s)] = o.name
					}
				}
			}
		}
	}
	return all
}
