package people

import (
	"cmp"
	_ "embed"
	"iter"
	"math"
	"slices"
	"strings"
	"sync"
	"time"
)

// domainsTSV holds one fact a line; README.md says where they come from.
//
//go:embed domains.tsv
var domainsTSV string

// Community is the kind of a domain whose addresses a community lends to its members, wherever they work: apache.org,
// debian.org.
const Community = "community"

// An Affiliation says for which organisation the addresses of a domain spoke, and until when.
type Affiliation struct {
	Organisation string
	Kind         string // company, education, public, nonprofit, or Community
	Until        int64  // Unix seconds, exclusive; math.MaxInt64 while it holds
	Source       string // letters of the lists that say so (README.md)
}

// confidence says how far the row can be trusted, by the best of its sources.
func (a *Affiliation) confidence() float32 {
	switch {
	case strings.ContainsAny(a.Source, "HJBS"):
		return confidenceOfDomainLists
	case strings.Contains(a.Source, "e"):
		return confidenceOfEvidentDomain
	}
	return confidenceOfCommonKnowledge
}

// domains is read at the first question and not before: most commands never ask.
var domains = sync.OnceValue(func() map[string][]Affiliation {
	rows := make(map[string][]Affiliation, strings.Count(domainsTSV, "\n"))
	_, rest, _ := strings.Cut(domainsTSV, "\n") // the heading
	for line := range strings.Lines(rest) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		a := Affiliation{Organisation: f[1], Kind: f[3], Until: math.MaxInt64, Source: f[4]}
		if f[2] != "-" {
			until, err := time.Parse(time.DateOnly, f[2])
			if err != nil {
				panic("people: domains.tsv: " + err.Error()) // a test reads every line
			}
			a.Until = until.Unix()
		}
		rows[f[0]] = append(rows[f[0]], a)
	}
	for _, spans := range rows {
		slices.SortStableFunc(spans, func(a, b Affiliation) int { return cmp.Compare(a.Until, b.Until) })
	}
	return rows
})

// Affiliations lists for whom the addresses of a domain spoke, earliest end first: by the rows of the domain itself, else
// of its longest known parent. The first domain that is known decides, so that an address lent by a community does not
// fall through to another owner. The list is empty for unknown domains and for the classes that package history puts in
// place of personal and free-mail domains. It must not be changed.
func Affiliations(domain string) []Affiliation {
	for domain := range parents(domain) {
		if spans, found := domains()[domain]; found {
			return spans
		}
	}
	return nil
}

// parents gives a domain and then all those that it lies under, in lower case.
func parents(domain string) iter.Seq[string] {
	domain = strings.ToLower(strings.Trim(domain, ". "))
	if len(domain) > 253 { // no domain name is longer
		domain = ""
	}
	return func(yield func(string) bool) {
		for domain != "" && yield(domain) {
			_, domain, _ = strings.Cut(domain, ".")
		}
	}
}

// Employer picks the organisation that a list of [Affiliations] gives for a time (Unix seconds); ok is false if there is
// none or it is a community.
func Employer(spans []Affiliation, at int64) (name string, ok bool) {
	for _, a := range spans {
		if at < a.Until {
			return a.Organisation, a.Kind != Community
		}
	}
	return "", false
}

// Organisation names the organisation for which an address under domain spoke at a time (Unix seconds).
func Organisation(domain string, at int64) (name string, ok bool) {
	return Employer(Affiliations(domain), at)
}

// embeddedNames are the organisations of the embedded table that addresses speak for, by their folded names. Of two spellings
// the first in the order of letters counts.
var embeddedNames = sync.OnceValue(func() map[string]string {
	names := make(map[string]string, len(domains()))
	for _, spans := range domains() {
		for _, a := range spans {
			if a.Kind == Community {
				continue
			}
			key := fold(a.Organisation)
			if name, taken := names[key]; !taken || a.Organisation < name {
				names[key] = a.Organisation
			}
		}
	}
	return names
})
