package upstream

import (
	"cmp"
	_ "embed"
	"maps"
	"slices"
	"strings"
	"sync"
)

//go:embed notices.tsv
var noticeTable string

// A Notice is something published about the future of an upstream: mostly its end.
type Notice struct {
	Kind   string // one of the constants below
	Date   string // YYYY-MM-DD: when it was published, or the first day on which it is known to have stood; never empty
	Source string // who said so, where
	Text   string // what it says, in the words of the source; may be empty
}

// Kinds of notice.
const (
	Archived           = "archived"            // made read-only on its forge, or archived by a foundation
	Deprecated         = "deprecated"          // its makers send users elsewhere
	Retired            = "retired"             // given up by its makers or its foundation
	EndOfLife          = "end-of-life"         // no release of it is supported any more
	Unmaintained       = "unmaintained"        // its makers say that nobody keeps it
	Announced          = "announced"           // its makers have said that it will end; whoever stands on it must move from then on
	SeekingMaintainers = "seeking-maintainers" // its makers look for others; no end
	Yanked             = "yanked"              // of a version of a package alone: taken back by its publishers
)

var noticeKinds = []string{Archived, Deprecated, Retired, EndOfLife, Unmaintained, Announced, SeekingMaintainers, Yanked}

// Ends tells whether an upstream has ended with the notice.
func (n Notice) Ends() bool { return n.Kind != SeekingMaintainers && n.Kind != Yanked }

// Notices are lists of notices by upstream (host/owner/name in lower case), or by package URL without version or with a cycle of
// releases for one (OfPackage), the earliest first.
type Notices map[string][]Notice

// Of gives what is published about an upstream. None may mean that the lists are short.
func (l Notices) Of(upstream string) []Notice { return l[strings.ToLower(upstream)] }

// With gives the notices of both lists. Where both say the same of an upstream, with one date, l's counts.
func (l Notices) With(other Notices) Notices {
	all := maps.Clone(l)
	if all == nil {
		all = Notices{}
	}
	for id, more := range other {
		all[id] = InOrder(slices.Concat(all[id], more))
	}
	return all
}

// InOrder sorts notices by date, ends first and then as given, and drops those of a kind and date that stood before.
func InOrder(all []Notice) []Notice {
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b Notice) int {
		if c := cmp.Compare(a.Date, b.Date); c != 0 || a.Ends() == b.Ends() {
			return c
		}
		if a.Ends() {
			return -1
		}
		return 1
	})
	var out []Notice
	for _, n := range all {
		if !slices.ContainsFunc(out, func(o Notice) bool { return o.Kind == n.Kind && o.Date == n.Date }) {
			out = append(out, n)
		}
	}
	return out
}

// Published gives the notices that the program carries. A backtest must not use them. The table is part of the program: a bad
// row is a bug, which the tests find.
var Published = sync.OnceValue(func() Notices {
	all := Notices{}
	for line := range strings.Lines(noticeTable) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(f) == 4 && !strings.HasPrefix(line, "#") {
			all[f[0]] = append(all[f[0]], Notice{Kind: f[1], Date: f[2], Source: f[3]})
		}
	}
	return all
})
