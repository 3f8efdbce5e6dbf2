package dependency

import (
	"cmp"
	"fmt"
	"slices"
)

// FromPURLs makes an inventory of packages that the user names. Each is a subject of kind "purl", with itself as its one
// direct package. The error names the first that is no package URL.
func FromPURLs(purls []string) (Inventory, error) {
	var inv Inventory
	seen := map[string]bool{}
	for _, raw := range purls {
		id, err := parsePURL(raw)
		if err != nil {
			return Inventory{}, fmt.Errorf("%s: %w", short(raw), err)
		}
		if id.escapes {
			return Inventory{}, fmt.Errorf("%s: a part of it leads out of its folder", short(raw))
		}
		if seen[id.key] {
			continue
		}
		seen[id.key] = true
		sortHints(id.hints)
		inv.Subjects = append(inv.Subjects, Subject{ID: id.purl, Path: raw, Kind: "purl"})
		inv.Files = append(inv.Files, File{Format: "purl", Subject: id.purl, Packages: []Package{
			{PURL: id.purl, Name: id.name, Version: id.version, Direct: true, Scope: Runtime, Hints: id.hints},
		}})
	}
	slices.SortFunc(inv.Subjects, func(a, b Subject) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(inv.Files, func(a, b File) int { return cmp.Compare(a.Subject, b.Subject) })
	return inv, nil
}
