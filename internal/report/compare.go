package report

import (
	"cmp"
	"slices"
)

// Compare says what is new in a document since an earlier one. It looks at fields alone, never at sentences, so the two may be
// in different languages. since says where the earlier one was; its dates and version are read off the document.
//
// Told are: upstreams that are new or gone; another state; a notice that was not there; another band of the outlook; an upstream
// that comes among the first ten, or leaves them, by three places or more. Of one upstream only what weighs most is told: an end
// says all that its notice and its lost outlook would.
func Compare(before, after *Document, since Since) *Changes {
	since.AsOf, since.Version = before.AsOf, before.Tool.Version
	c := &Changes{
		Since:     since,
		Upstreams: compareUpstreams(before, after),
		Packages:  comparePackages(before, after),
		Gaps:      compareGaps(before.Gaps, after.Gaps),
	}
	c.Caveats = caveats(before, after, c)
	return c
}

// caveats lists why a difference may not be the world's doing.
func caveats(before, after *Document, c *Changes) []string {
	var all []string
	add := func(holds bool, caveat string) {
		if holds && c.Count() > 0 {
			all = append(all, caveat)
		}
	}
	add(before.Tool.Version != after.Tool.Version, "version")
	add(!shareSubject(before.Subjects, after.Subjects), "subjects")
	add(before.AsOf > after.AsOf, "later")
	add(incomplete(before) || incomplete(after), "incomplete")
	add(slices.ContainsFunc(c.Upstreams, func(u UpstreamChange) bool { return u.Doubt != "" }) ||
		slices.ContainsFunc(c.Packages, func(n PackageChange) bool { return n.Doubt != "" }), "source")
	return all
}

// shareSubject tells whether any subject is in both. Two of nothing share all.
func shareSubject(a, b []Subject) bool {
	if len(a) == 0 && len(b) == 0 {
		return true
	}
	ids := map[string]bool{}
	for _, s := range a {
		ids[local(s.ID)] = true
	}
	return slices.ContainsFunc(b, func(s Subject) bool { return ids[local(s.ID)] })
}

// incomplete tells whether a run was ended before it had seen all.
func incomplete(doc *Document) bool {
	return slices.ContainsFunc(doc.Gaps, func(g Gap) bool { return g.Kind == "out-of-budget" || g.Kind == "interrupted" })
}

// compareGaps tells gaps apart by what they are and where, not by their count or their words.
func compareGaps(before, after []Gap) []GapChange {
	keys := func(gaps []Gap, kind string) map[GapChange]bool {
		all := map[GapChange]bool{}
		for _, g := range gaps {
			all[GapChange{Kind: kind, Stage: g.Stage, Gap: g.Kind, File: local(g.File), What: local(g.What)}] = true
		}
		return all
	}
	added, resolved := keys(after, "new"), keys(before, "resolved")
	for g := range added {
		g.Kind = "resolved"
		if resolved[g] {
			delete(resolved, g)
			g.Kind = "new"
			delete(added, g)
		}
	}
	var all []GapChange
	for _, set := range []map[GapChange]bool{added, resolved} {
		for g := range set {
			all = append(all, g)
		}
	}
	slices.SortFunc(all, func(a, b GapChange) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Stage, b.Stage), cmp.Compare(a.Gap, b.Gap), cmp.Compare(a.File, b.File), cmp.Compare(a.What, b.What))
	})
	return all
}
