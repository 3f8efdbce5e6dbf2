package report

import (
	"cmp"
	"slices"
	"strings"
)

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
