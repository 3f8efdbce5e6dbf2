package dependency

import "fmt"

// FromPURLs makes an inventory of packages that a user names, each direct and in a subject of their own. The error names
// the first that is no package URL.
func FromPURLs(purls []string) (Inventory, error) {
	var inv Inventory
	for _, raw := range purls {
		id, err := parsePURL(raw)
		if err != nil {
			return Inventory{}, fmt.Errorf("%s: %w", raw, err)
		}
		inv.Subjects = append(inv.Subjects, Subject{ID: id.purl, Path: raw, Kind: "purl"})
		inv.Files = append(inv.Files, File{
			Subject: id.purl,
			Format:  "purl",
			Packages: []Package{{
				PURL: id.purl, Name: id.name, Version: id.version, Direct: true, Scope: Runtime, Hints: id.hints,
			}},
		})
	}
	return inv, nil
}
