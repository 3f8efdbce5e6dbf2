package upstream

import (
	"math"
	"strconv"

	"github.com/package-url/packageurl-go"
)

// Bounds of looking up reach: a search costs a registry more than a look-up.
const (
	ReachPerUpstream = 5  // packages of one upstream
	ReachPerRun      = 50 // packages of all
	reachParallel    = 4  // asked side by side
)

// A Reach is what a registry counts of the use that others make of a package. Nil is not known, which is not none.
type Reach struct {
	Downloads  *int   // in a month
	Dependents *int   // packages of the registry that depend on it
	Source     string // host of the registry; empty if none counts
	On         string // YYYY-MM-DD, UTC: the day on which it said so; empty if none counts
}

func (r Reach) known() bool { return r.Downloads != nil || r.Dependents != nil }

// counters plan, by type of package URL, the requests that ask registries what they count of a package: in the order in which
// they are sent until one knows something; none where there is no place to ask. Of a type that is not here no registry counts:
// module proxies do not say how often a Go module is fetched.
var counters = map[string]func(r *Resolver, name string, q Query) []count{
	packageurl.TypeNPM: askNPMSearch,
}

// Counted chooses the packages whose reach is looked up: of each upstream the first few that a registry may count, and no more
// in all than a run may ask about. Both orders are the caller's, the most exposed first. An upstream for whose packages too
// little is left gets none, as part of a sum is no sum. Versions of one package count once. The result is parallel to what is
// given.
func Counted(upstreams [][]Query) [][]Query {
	left := ReachPerRun
	out := make([][]Query, len(upstreams))
	for i, all := range upstreams {
		var chosen []Query
		seen := make(map[string]bool)
		for _, q := range all {
			kind, name := countable(q)
			if key := kind + " " + name; counters[kind] != nil && !seen[key] && len(chosen) < ReachPerUpstream {
				seen[key] = true
				chosen = append(chosen, q)
			}
		}
		if len(chosen) <= left {
			left -= len(chosen)
			out[i] = chosen
		}
	}
	return out
}

// countable gives the type of a package's registry and the package's name there.
func countable(q Query) (kind, name string) {
	p, err := packageurl.FromString(q.PURL)
	if err != nil {
		return "", ""
	}
	return p.Type, registryName(q, p)
}

// Together gives what Resolver.Reach found of the packages of one upstream as one: all downloads, and the dependents of the
// package that has the most, as nobody says which of them depend on several. Where one package could not be looked up nothing
// is known: a sum over fewer would look like a fall.
func Together(found map[string]Reach, chosen []Query) Reach {
	var all Reach
	for _, q := range chosen {
		one, ok := found[q.PURL]
		if !ok {
			return Reach{}
		}
		all.Downloads = both(all.Downloads, one.Downloads, func(a, b int) int { return a + min(b, math.MaxInt-a) })
		all.Dependents = both(all.Dependents, one.Dependents, func(a, b int) int { return max(a, b) })
		all.Source = either(all.Source, one.Source)
		if all.On == "" || one.On != "" && one.On < all.On {
			all.On = one.On // the whole is as old as its oldest part
		}
	}
	return all
}

// both joins two numbers; what is not known stands back.
func both(a, b *int, join func(a, b int) int) *int {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	n := join(*a, *b)
	return &n
}

// countOf reads a count: a JSON number, or a text of digits, as registries give either. What is neither is not known.
func countOf(raw []byte) *int {
	if n := len(raw); n > 2 && raw[0] == '"' && raw[n-1] == '"' {
		raw = raw[1 : n-1]
	}
	for _, c := range raw {
		if c < '0' || c > '9' {
			return nil
		}
	}
	n, err := strconv.Atoi(string(raw))
	if err != nil {
		return nil
	}
	return &n
}
