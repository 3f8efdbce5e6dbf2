package upstream

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/package-url/packageurl-go"
)

// An override is one line of the user's own map from packages to repositories.
type override struct {
	key     string // as written
	purl    string // a purl without version, or with * at its end the beginning of one; empty for a module path
	address Address
}

// parseOverrides checks the user's map. Keys are a package URL without a version, the beginning of one followed by *, or a
// Go module path, which stands for the modules below it too. Values are repository addresses.
func parseOverrides(m map[string]string) ([]override, error) {
	var all []override
	for key, value := range m {
		o := override{key: key}
		if strings.HasPrefix(key, "pkg:") {
			o.purl = key
			if !strings.HasSuffix(key, "*") {
				p, err := packageurl.FromString(key)
				if err != nil {
					return nil, fmt.Errorf("upstream override %q: %w", key, err)
				}
				o.purl = bare(p)
			}
		} else if key == "" || strings.ContainsAny(key, " \t\n*@") {
			return nil, fmt.Errorf("upstream override %q: want a package URL without version, the beginning of one with * at its end, or a module path", key)
		}
		var err error
		if o.address, err = ParseGiven(value); err != nil {
			return nil, fmt.Errorf("upstream override %q: %w", key, err)
		}
		all = append(all, o)
	}
	// Longest key first: the most specific line wins.
	slices.SortFunc(all, func(a, b override) int {
		return cmp.Or(cmp.Compare(len(b.key), len(a.key)), cmp.Compare(a.key, b.key))
	})
	return all, nil
}

// bare gives a package URL's identity: type, namespace and name.
func bare(p packageurl.PackageURL) string {
	p.Version, p.Subpath, p.Qualifiers = "", "", nil
	return p.ToString()
}

func overridden(all []override, q Query, p packageurl.PackageURL) (candidate, bool) {
	id := bare(p)
	module := ""
	if p.Type == packageurl.TypeGolang {
		module = registryName(q, p)
	}
	for _, o := range all {
		prefix, glob := strings.CutSuffix(o.purl, "*")
		switch {
		case o.purl == "":
			if module == "" || !strings.EqualFold(module, o.key) && !hasPathPrefixFold(module, o.key) {
				continue
			}
		case glob:
			if !strings.HasPrefix(id, prefix) {
				continue
			}
		case id != o.purl:
			continue
		}
		return candidate{Address: o.address, method: Override, evidence: fmt.Sprintf("override %q", o.key)}, true
	}
	return candidate{}, false
}

func hasPathPrefixFold(p, prefix string) bool {
	return len(p) > len(prefix) && p[len(prefix)] == '/' && strings.EqualFold(p[:len(prefix)], prefix)
}
