package people

import (
	"slices"

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

// An Attribution says for whom the people of one history worked, as far as can be known as of a date.
type Attribution struct {
	Organisations []string // names, sorted
	commits       []Claim  // by commit up to the date
	of            func(identity int32, at int64) Claim
}

// Commit gives the claim for a commit, by its index in History.Commits; it must lie at or before the date.
func (a *Attribution) Commit(i int) Claim { return a.commits[i] }

// Of gives the claim for an author string at a time (Unix seconds).
func (a *Attribution) Of(identity int32, at int64) Claim { return a.of(identity, at) }

// Number gives the index of an organisation in Organisations, -1 if it has none.
func (a *Attribution) Number(name string) int32 {
	if i, found := slices.BinarySearch(a.Organisations, name); found {
		return int32(i)
	}
	return -1
}

// A Register knows for which organisation people worked when. The nil Register knows the embedded table of domains alone.
type Register struct{}

// Attribute tells for whom the people of h worked. Persons must be those of the date t (Unix seconds); nothing later than t
// is evidence.
func (r *Register) Attribute(h *history.History, persons *Persons, t int64) *Attribution {
	a := &Attribution{}
	names := map[string]bool{}
	for i := range h.Identities {
		for _, span := range Affiliations(h.Identities[i].Domain) {
			if span.Kind != Community {
				names[span.Organisation] = true
			}
		}
	}
	for name := range names {
		a.Organisations = append(a.Organisations, name)
	}
	slices.Sort(a.Organisations)
	a.of = func(identity int32, at int64) Claim {
		if name, ok := Organisation(h.Identities[identity].Domain, at); ok {
			return Claim{Organisation: a.Number(name), Evidence: FromDomain, Confidence: 0.8}
		}
		return Claim{Organisation: Nobody}
	}
	for i := range h.Commits {
		if h.Commits[i].Committed > t {
			break
		}
		a.commits = append(a.commits, a.of(h.Commits[i].Author, h.Commits[i].Committed))
	}
	return a
}

// Within lists an organisation and all its subsidiaries, by name, the organisation first. What nobody has named is alone.
func (r *Register) Within(name string) []string { return []string{name} }

// OptedOut tells whether somebody does not want to be named or attributed, by their author string.
func (r *Register) OptedOut(id *history.Identity) bool { return false }
