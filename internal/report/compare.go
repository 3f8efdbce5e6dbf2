package report

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
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

func compareUpstreams(before, after *Document) []UpstreamChange {
	old := map[string]*Upstream{}
	for i := range before.Upstreams {
		old[before.Upstreams[i].ID] = &before.Upstreams[i]
	}
	ranks := map[string]int{}
	var all []UpstreamChange
	for i := range after.Upstreams {
		now := &after.Upstreams[i]
		ranks[now.ID] = rankOf(now)
		was, known := old[now.ID]
		delete(old, now.ID)
		if !known {
			all = append(all, UpstreamChange{Upstream: now.ID, Kind: "new", After: &now.State})
			continue
		}
		if change, changed := compareUpstream(was, now, before.AsOf); changed {
			all = append(all, change)
		}
	}
	for id, was := range old {
		ranks[id] = rankOf(was)
		all = append(all, UpstreamChange{Upstream: id, Kind: "gone", Before: &was.State})
	}
	bands := map[string]string{}
	for i := range after.Upstreams {
		bands[after.Upstreams[i].ID] = bandOf(&after.Upstreams[i])
	}
	weight := func(c UpstreamChange) int { return seriousness(c, bands[c.Upstream]) }
	slices.SortFunc(all, func(a, b UpstreamChange) int {
		return cmp.Or(cmp.Compare(weight(a), weight(b)), cmp.Compare(placeOf(ranks[a.Upstream]), placeOf(ranks[b.Upstream])), cmp.Compare(a.Upstream, b.Upstream))
	})
	return all
}

// placeOf sorts the unranked behind all others.
func placeOf(rank int) int {
	if rank == 0 {
		return int(^uint(0) >> 1)
	}
	return rank
}

func bandOf(u *Upstream) string {
	if u.State != "active" || u.Outlook == nil {
		return ""
	}
	return u.Outlook.Band
}

// bands from the best to the worst. Unsure has no place among them.
var bands = []string{"calm", "watch", "high", "severe"}

// compareUpstream gives what weighs most of what has changed with an upstream.
func compareUpstream(was, now *Upstream, since string) (UpstreamChange, bool) {
	c := UpstreamChange{Upstream: now.ID}
	if sourceOf(was) != sourceOf(now) {
		c.Doubt = "source"
	}
	notice := newNotice(was, now)
	if notice != nil && notice.Date <= since { // it had been published, and was not known here
		c.Doubt = "notice"
	}
	if was.State != now.State {
		c.Kind, c.Before, c.After, c.Direction = "state", &was.State, &now.State, stateDirection(was.State, now.State)
		if now.State != "ended" && c.Doubt == "notice" {
			c.Doubt = ""
		}
		return c, true
	}
	if notice != nil {
		c.Kind, c.After, c.Direction = "notice", &notice.Kind, "worse"
		if c.Doubt == "source" { // a notice does not come from the history
			c.Doubt = ""
		}
		return c, true
	}
	if a, b := bandOf(was), bandOf(now); a != b {
		c.Kind, c.Before, c.After = "band", &a, &b
		if i, j := slices.Index(bands, a), slices.Index(bands, b); i >= 0 && j >= 0 {
			c.Direction = direction(j > i)
		}
		return c, true
	}
	const first, places = 10, 3
	i, j := rankOf(was), rankOf(now)
	if i == 0 || j == 0 || (i <= first) == (j <= first) || max(i-j, j-i) < places {
		return c, false
	}
	a, b := strconv.Itoa(i), strconv.Itoa(j)
	c.Kind, c.Before, c.After, c.Direction = "rank", &a, &b, direction(j < i)
	return c, true
}

func direction(worse bool) string {
	if worse {
		return "worse"
	}
	return "better"
}

// stateDirection judges a change of state. To know or not to know is neither better nor worse.
func stateDirection(was, now string) string {
	order := []string{"active", "quiet", "ended"}
	i, j := slices.Index(order, was), slices.Index(order, now)
	if i < 0 || j < 0 {
		return ""
	}
	return direction(j > i)
}

// sourceOf is where an upstream's history came from; empty where there was none.
func sourceOf(u *Upstream) string {
	if u.History == nil {
		return ""
	}
	switch u.History.Source {
	case "network", "cache": // the cache is what the network gave
		return "network"
	}
	return u.History.Source
}

// newNotice gives the first notice that the earlier document does not have.
func newNotice(was, now *Upstream) *Notice {
	for i := range now.Notices {
		n := &now.Notices[i]
		if !slices.ContainsFunc(was.Notices, func(o Notice) bool { return o.Kind == n.Kind && o.Date == n.Date && o.Source == n.Source }) {
			return n
		}
	}
	return nil
}

// seriousness orders changes: what has ended, what is about to, what is merely different, what is better.
func seriousness(c UpstreamChange, band string) int {
	ended := c.After != nil && *c.After == "ended"
	switch {
	case c.Kind == "state" && ended:
		return 0
	case c.Kind == "new" && ended:
		return 1
	case c.Kind == "notice":
		return 2
	case c.Kind == "band" && c.Direction == "worse":
		return 3 + len(bands) - 1 - slices.Index(bands, band) // the worst first
	case c.Kind == "state" && c.Direction == "worse":
		return 8
	case c.Kind == "new" && (band == "severe" || band == "high"):
		return 9
	case c.Kind == "rank" && c.Direction == "worse":
		return 10
	case c.Kind == "new":
		return 11
	case c.Kind == "state" && c.After != nil && *c.After == "unknown":
		return 12
	case c.Direction == "":
		return 13 + slices.Index([]string{"band", "state", "gone"}, c.Kind)
	}
	return 17
}

// splitPURL parts a package URL into what stays from version to version, and the version.
func splitPURL(purl string) (name, version string) {
	rest := ""
	if i := strings.IndexAny(purl, "?#"); i >= 0 {
		purl, rest = purl[:i], purl[i:]
	}
	if at := strings.LastIndexByte(purl, '@'); at > strings.LastIndexByte(purl, '/') {
		return purl[:at] + rest, purl[at+1:]
	}
	return purl + rest, ""
}

// comparePackages pairs versions of a package that are gone with ones that are new, in order; what has no partner is new or gone.
// What is newly said of a package is told besides.
func comparePackages(before, after *Document) []PackageChange {
	was, is := byPURL(before.Packages), byPURL(after.Packages)
	all := append(compareVersions(was, is), packagesWithNews(was, is, before.AsOf)...)
	place := func(c PackageChange) int { return slices.Index([]string{"notice", "updated", "new", "gone"}, c.Kind) }
	slices.SortFunc(all, func(a, b PackageChange) int {
		return cmp.Or(cmp.Compare(place(a), place(b)), cmp.Compare(a.PURL, b.PURL), cmp.Compare(*cmp.Or(a.After, a.Before), *cmp.Or(b.After, b.Before)))
	})
	return all
}

// packagesWithNews lists what is said of packages that was not said of them before. That a package is deprecated is said of all its
// versions.
func packagesWithNews(was, is map[string]*Package, since string) (all []PackageChange) {
	type saying struct{ of, kind string }
	said, asked := map[saying]bool{}, map[string]bool{} // asked tells of which packages registries were known to say something
	for purl, p := range was {
		name, _ := splitPURL(purl)
		asked[name] = asked[name] || p.Registry != nil
		for _, n := range p.Notices {
			said[saying{purl, n.Kind}] = true
			said[saying{name, n.Kind}] = true
		}
	}
	for purl, p := range is {
		name, _ := splitPURL(purl)
		for _, n := range p.Notices {
			if said[saying{purl, n.Kind}] || n.Kind == "deprecated" && said[saying{name, n.Kind}] {
				continue
			}
			said[saying{purl, n.Kind}] = true
			c := PackageChange{PURL: purl, Kind: "notice", After: &n.Kind, Direct: p.Direct, Upstream: p.Upstream}
			switch {
			case was[purl] == nil: // of what was not used then nothing was asked
			case n.Date <= since:
				c.Doubt = "notice"
			case p.Registry != nil && !asked[name]:
				c.Doubt = "source"
			}
			all = append(all, c)
		}
	}
	return all
}

// compareVersions tells what is updated, new and gone.
func compareVersions(was, is map[string]*Package) []PackageChange {
	type versions struct{ gone, added []*Package }
	changed := map[string]*versions{}
	of := func(p *Package) *versions {
		name, _ := splitPURL(p.PURL)
		if changed[name] == nil {
			changed[name] = &versions{}
		}
		return changed[name]
	}
	for purl, p := range is {
		if was[purl] == nil {
			v := of(p)
			v.added = append(v.added, p)
		}
	}
	for purl, p := range was {
		if is[purl] == nil {
			v := of(p)
			v.gone = append(v.gone, p)
		}
	}
	var all []PackageChange
	for _, v := range changed {
		for _, side := range [][]*Package{v.gone, v.added} {
			slices.SortFunc(side, func(a, b *Package) int { return cmp.Compare(a.PURL, b.PURL) })
		}
		for i := range max(len(v.gone), len(v.added)) {
			var c PackageChange
			if i < len(v.gone) {
				_, version := splitPURL(v.gone[i].PURL)
				c = PackageChange{PURL: v.gone[i].PURL, Kind: "gone", Before: &version, Direct: v.gone[i].Direct, Upstream: v.gone[i].Upstream}
			}
			if i < len(v.added) {
				_, version := splitPURL(v.added[i].PURL)
				kind := "new"
				if c.Kind != "" {
					kind = "updated"
				}
				c = PackageChange{PURL: v.added[i].PURL, Kind: kind, Before: c.Before, After: &version, Direct: v.added[i].Direct, Upstream: v.added[i].Upstream}
			}
			all = append(all, c)
		}
	}
	return all
}

func byPURL(packages []Package) map[string]*Package {
	all := make(map[string]*Package, len(packages))
	for i := range packages {
		all[packages[i].PURL] = &packages[i]
	}
	return all
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
