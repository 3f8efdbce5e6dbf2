package people

import (
	"slices"
	"sort"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/history"
)

// Evidence says what ties a commit to an organisation.
type Evidence uint8

// Kinds of evidence, in the order in which they are asked.
const (
	NoEvidence       Evidence = iota
	FromFile                  // the user's affiliations.yaml
	FromList                  // a dated list of people that the user names
	FromDomain                // the domain of the commit's own address
	FromOtherAddress          // another address of the same person in the same repository, within 180 days
)

// How far evidence can be trusted, by its source. doc/measures.md has the reasons; they order claims and are no probabilities.
const (
	confidenceOfFile            = 1
	confidenceOfList            = 0.9
	confidenceOfDomainLists     = 0.85 // a row of domains.tsv from a public list
	confidenceOfEvidentDomain   = 0.8  // the domain has its organisation's name
	confidenceOfCommonKnowledge = 0.7

	byParentDomain = 0.95 // times, where a row is for a domain that the address's lies under
	byOtherAddress = 0.8  // times the confidence of the other address's evidence
	byConflict     = 0.5  // times, where equally near commits speak for different organisations
)

// Nobody is the organisation of a claim that names none.
const Nobody = -1

// A Claim says for whom somebody worked at some time.
type Claim struct {
	// Organisation is an index into Attribution.Organisations, or Nobody: then the evidence says that they worked for no
	// organisation, or, without evidence, nothing is known.
	Organisation int32
	Evidence     Evidence
	Confidence   float32 // 0 to 1; 0 without evidence
}

// Known tells whether there is evidence, be it that they worked for no organisation.
func (c Claim) Known() bool { return c.Evidence != NoEvidence }

// unknown is the claim without evidence.
var unknown = Claim{Organisation: Nobody}

// An Attribution says for whom the people of one history worked, as far as can be known as of a date.
type Attribution struct {
	Organisations []string // names, sorted
	commits       []Claim  // by commit up to the date
	identities    []ownEvidence
	persons       *Persons
	others        *otherAddresses
	out           []bool // identities of people who opted out
}

// Commit gives the claim for a commit, by its index in History.Commits; it must lie at or before the date.
func (a *Attribution) Commit(i int) Claim { return a.commits[i] }

// Of gives the claim for an author string at a time (Unix seconds).
func (a *Attribution) Of(identity int32, at int64) Claim {
	if a.out[identity] {
		return unknown
	}
	if c := a.identities[identity].at(at); c.Known() {
		return c
	}
	return a.others.at(a.persons.Of(identity), identity, at)
}

// OptedOut tells whether the person behind an author string does not want to be named, by any of their author strings.
func (a *Attribution) OptedOut(identity int32) bool { return a.out[identity] }

// Number gives the index of an organisation in Organisations, -1 if it has none.
func (a *Attribution) Number(name string) int32 {
	if i, found := slices.BinarySearch(a.Organisations, name); found {
		return int32(i)
	}
	return -1
}

// Attribute tells for whom the people of h worked. Persons must be those of the date t (Unix seconds); nothing later than t
// is evidence.
func (r *Register) Attribute(h *history.History, persons *Persons, t int64) *Attribution {
	e := newEvidenceReader(r)
	a := &Attribution{persons: persons, identities: make([]ownEvidence, len(h.Identities)), out: r.OptOuts(h, persons)}
	for i := range h.Identities {
		a.identities[i] = e.of(&h.Identities[i])
	}
	a.Organisations = e.settle()

	end := sort.Search(len(h.Commits), func(i int) bool { return h.Commits[i].Committed > t })
	a.commits = make([]Claim, end)
	for i := range a.commits {
		a.commits[i] = unknown
		if c := &h.Commits[i]; !a.out[c.Author] {
			a.commits[i] = a.identities[c.Author].at(c.Committed)
		}
	}
	a.others = newOtherAddresses(h, persons, a.commits)
	for i := range a.commits {
		if c := &h.Commits[i]; !a.commits[i].Known() && !a.out[c.Author] {
			a.commits[i] = a.others.at(persons.Of(c.Author), c.Author, c.Committed)
		}
	}
	return a
}

// A turn is one span of evidence, with numbers in place of names.
type turn struct {
	from, until  int64
	organisation int32
	confidence   float32
}

// A source is what one roll, or a domain, says of somebody.
type source struct {
	evidence Evidence
	turns    []turn // as [inForce] needs them
}

// ownEvidence is what speaks for an author string by itself, in the order in which it is asked.
type ownEvidence []source

func (o ownEvidence) at(at int64) Claim {
	for _, s := range o {
		if i := inForce(len(s.turns), at, func(i int) (int64, int64) { return s.turns[i].from, s.turns[i].until }); i >= 0 {
			if t := &s.turns[i]; t.confidence > 0 {
				return Claim{t.organisation, s.evidence, t.confidence}
			}
		}
	}
	return unknown
}

// An evidenceReader finds the evidence for author strings, and numbers the organisations that it meets.
type evidenceReader struct {
	r       *Register
	numbers map[string]int32
	names   []string
	domains map[string][]turn
	people  []map[int32][]turn // of each roll
}

func newEvidenceReader(r *Register) *evidenceReader {
	e := &evidenceReader{r: r, numbers: map[string]int32{}, domains: map[string][]turn{}}
	if r != nil {
		for range r.rolls {
			e.people = append(e.people, map[int32][]turn{})
		}
	}
	return e
}

// of gives the evidence for an author string.
func (e *evidenceReader) of(id *history.Identity) (own ownEvidence) {
	if e.r != nil {
		for i := range e.r.rolls {
			person, found := e.r.rolls[i].byAddress[id.Email]
			if !found && i == 0 && len(e.r.byName) > 0 {
				person, found = e.r.byName[strings.TrimSpace(id.Name)]
			}
			if found {
				own = append(own, source{e.r.rolls[i].evidence, e.person(i, person)})
			}
		}
	}
	if turns := e.domain(id.Domain); len(turns) > 0 {
		own = append(own, source{FromDomain, turns})
	}
	return own
}

// person gives the turns of a person of a roll.
func (e *evidenceReader) person(roll int, person int32) []turn {
	turns, known := e.people[roll][person]
	if !known {
		for _, s := range e.r.rolls[roll].people[person] {
			turns = append(turns, turn{s.from, s.until, e.number(s.organisation), e.r.rolls[roll].confidence})
		}
		e.people[roll][person] = turns
	}
	return turns
}

// domain gives the turns of a domain. A community's have no confidence: they say nothing.
func (e *evidenceReader) domain(domain string) []turn {
	turns, known := e.domains[domain]
	if known {
		return turns
	}
	spans, exact, own := e.r.affiliations(domain)
	for i := range spans {
		t := turn{from: always, until: spans[i].Until, organisation: Nobody}
		if spans[i].Kind != Community {
			name := spans[i].Organisation
			t.confidence = confidenceOfFile
			if !own {
				name, _ = e.r.Canonical(name)
				t.confidence = spans[i].confidence()
			}
			if !exact {
				t.confidence *= byParentDomain
			}
			t.organisation = e.number(name)
		}
		turns = append(turns, t)
	}
	e.domains[domain] = turns
	return turns
}

func (e *evidenceReader) number(name string) int32 {
	if name == "" {
		return Nobody
	}
	n, known := e.numbers[name]
	if !known {
		n = int32(len(e.names))
		e.numbers[name] = n
		e.names = append(e.names, name)
	}
	return n
}

// settle sorts the organisations and gives all turns their numbers.
func (e *evidenceReader) settle() []string {
	sorted := slices.Sorted(slices.Values(e.names))
	place := make([]int32, len(sorted))
	for i, name := range sorted {
		place[e.numbers[name]] = int32(i)
	}
	renumber := func(turns []turn) {
		for i := range turns {
			if n := turns[i].organisation; n >= 0 {
				turns[i].organisation = place[n]
			}
		}
	}
	for _, turns := range e.domains {
		renumber(turns)
	}
	for _, people := range e.people {
		for _, turns := range people {
			renumber(turns)
		}
	}
	return sorted
}
