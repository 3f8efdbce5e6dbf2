package people

import (
	"cmp"
	"crypto/sha256"
	"maps"
	"slices"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/history"
)

// A Register knows for which organisation people worked when: from the embedded table of domains, and from the user's file with
// its lists. The nil Register knows the embedded table alone. It does not change.
type Register struct {
	names    map[string]string      // by folded spelling: what the file and the lists call organisations
	children map[string][]string    // subsidiaries, sorted
	domains  map[string][]domainRow // of the file; they stand in place of the embedded rows of the same domain
	rolls    []register             // the file's people, then the lists in their order
	byName   map[string]int32       // people of the file that are known by their name alone

	optOut       map[string]bool
	optOutHashes map[[32]byte]bool
}

// A register is one roll whose organisations have the names that count.
type register struct {
	roll
	evidence   Evidence
	confidence float32
}

// A domainRow says for whom a domain speaks until when.
type domainRow struct {
	organisation string
	until        int64
}

// NewRegister makes a Register of the user's file; of nil the nil Register.
func NewRegister(f *AffiliationsFile) *Register {
	if f == nil {
		return nil
	}
	r := &Register{
		names: f.names(), children: map[string][]string{}, domains: map[string][]domainRow{}, byName: f.byName,
		optOut: f.optOut, optOutHashes: f.optOutHashes,
	}
	r.rolls = append(r.rolls, register{r.named(f.people, r.name), FromFile, confidenceOfFile})
	for _, l := range f.lists {
		r.rolls = append(r.rolls, register{r.named(l, r.nameInList), FromList, confidenceOfList})
	}
	for _, o := range f.organisations {
		name := r.name(o.name)
		for _, d := range o.domains {
			r.domains[d.domain] = append(r.domains[d.domain], domainRow{name, d.until})
		}
		if o.parent != "" {
			parent := r.name(o.parent)
			r.children[parent] = append(r.children[parent], name)
		}
	}
	for _, rows := range r.domains {
		slices.SortStableFunc(rows, func(a, b domainRow) int { return cmp.Compare(a.until, b.until) })
	}
	for parent, children := range r.children {
		slices.Sort(children)
		r.children[parent] = slices.Compact(children)
	}
	return r
}

// name gives the name that counts for a spelling, and makes it one if nobody has named the organisation before: the spelling of
// the user's file goes before that of the embedded table, and that before a list's.
func (r *Register) name(spelling string) string {
	key := fold(spelling)
	name, known := r.names[key]
	if !known {
		if name, known = embeddedNames()[key]; !known {
			name = spelling
		}
		r.names[key] = name
	}
	return name
}

// nameInList is name for lists, which write out the legal forms of companies: without them an organisation may be known.
func (r *Register) nameInList(spelling string) string {
	key := fold(spelling)
	if name, known := r.Canonical(spelling); known {
		r.names[key] = name
	} else if name, known := r.Canonical(withoutLegalForm(key)); known {
		r.names[key] = name
	}
	return r.name(spelling)
}

// legalForms are words at the end of a company's name that say what it is before the law.
var legalForms = set(`inc incorporated llc ltd limited corp corporation co company gmbh ag kg se sa sas srl spa bv nv ab as oy plc pty pvt pte lp llp kk`)

// withoutLegalForm takes legal forms from the end of a folded name, down to one word.
func withoutLegalForm(name string) string {
	for {
		i := strings.LastIndexByte(name, ' ')
		if i < 0 || !legalForms[strings.NewReplacer(".", "", ",", "").Replace(name[i+1:])] {
			return name
		}
		name = strings.TrimRight(name[:i], " ,")
	}
}

// named gives a roll with the names that count.
func (r *Register) named(l roll, name func(string) string) roll {
	known := map[string]string{"": ""} // nobody's stays nobody's
	named := roll{byAddress: l.byAddress, people: make([][]span, len(l.people))}
	for i, spans := range l.people {
		named.people[i] = slices.Clone(spans)
		for j := range spans {
			s := &named.people[i][j]
			counts, ok := known[s.organisation]
			if !ok {
				counts = name(s.organisation)
				known[s.organisation] = counts
			}
			s.organisation = counts
		}
	}
	return named
}

// affiliations gives for whom the addresses of a domain speak, by the file's rows and the embedded ones, and whether the rows are
// those of the domain itself and not of one that it lies under. Classes of domains have none.
func (r *Register) affiliations(domain string) (spans []Affiliation, exact, own bool) {
	if history.DomainClass(domain) != "" {
		return nil, false, false
	}
	exact = true
	for d := range parents(domain) {
		if r != nil {
			if rows, found := r.domains[d]; found {
				for _, row := range rows {
					spans = append(spans, Affiliation{Organisation: row.organisation, Until: row.until})
				}
				return spans, exact, true
			}
		}
		if spans, found := domains()[d]; found {
			return spans, exact, false
		}
		exact = false
	}
	return nil, false, false
}

// Canonical gives the name that counts for an organisation, whatever the case; ok is false if nobody names it: neither the file nor
// its lists nor the embedded table. Communities that lend addresses are no organisations in this sense.
func (r *Register) Canonical(name string) (canonical string, ok bool) {
	key := fold(name)
	if r != nil {
		if canonical, ok = r.names[key]; ok {
			return canonical, true
		}
	}
	canonical, ok = embeddedNames()[key]
	return canonical, ok
}

// Similar gives up to three organisations that somebody who wrote name may have meant, the nearest first.
func (r *Register) Similar(name string) []string {
	all := map[string]bool{}
	for key, canonical := range embeddedNames() {
		if r == nil || r.names[key] == "" {
			all[canonical] = true
		}
	}
	if r != nil {
		for _, canonical := range r.names {
			all[canonical] = true
		}
	}
	return nearest(name, slices.Collect(maps.Keys(all)), 3)
}

// Within lists an organisation and all its subsidiaries, and theirs, by the names that count: the organisation first, the others
// sorted. What nobody has named is alone.
func (r *Register) Within(name string) []string {
	canonical, ok := r.Canonical(name)
	if !ok {
		return []string{name}
	}
	all := []string{canonical}
	if r == nil {
		return all
	}
	seen := map[string]bool{canonical: true}
	for i := 0; i < len(all); i++ {
		for _, child := range r.children[all[i]] {
			if !seen[child] {
				seen[child] = true
				all = append(all, child)
			}
		}
	}
	slices.Sort(all[1:])
	return all
}

// OptedOut tells whether somebody does not want to be named or attributed, by their author string alone. Who opted out under
// another of their addresses is found by [Attribution.OptedOut].
func (r *Register) OptedOut(id *history.Identity) bool {
	if r == nil || id.Email == "" {
		return false
	}
	return r.optOut[id.Email] || len(r.optOutHashes) > 0 && r.optOutHashes[sha256.Sum256([]byte(id.Email))]
}

// OptOuts tells for each identity of a history whether the person behind it opted out: by any of their author strings.
func (r *Register) OptOuts(h *history.History, persons *Persons) []bool {
	out := make([]bool, len(h.Identities))
	if r == nil || len(r.optOut)+len(r.optOutHashes) == 0 {
		return out
	}
	whole := make([]bool, persons.Count())
	for i := range h.Identities {
		out[i] = r.OptedOut(&h.Identities[i])
		if p := persons.Of(int32(i)); out[i] && p >= 0 {
			whole[p] = true
		}
	}
	for i := range out {
		if p := persons.Of(int32(i)); p >= 0 {
			out[i] = whole[p]
		}
	}
	return out
}
