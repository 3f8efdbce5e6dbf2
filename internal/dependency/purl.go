package dependency

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
	"unique"

	packageurl "github.com/package-url/packageurl-go"
)

// longestPURL bounds a package URL, in bytes. Real ones are under 300.
const longestPURL = 2048

// An identity is a package URL taken apart as far as this package needs it.
type identity struct {
	key     string // canonical, without qualifiers and subpath: what makes two packages the same
	purl    string // canonical, with the qualifiers that tell builds and registries apart
	name    string // as the source spells it
	version string
	hints   []Hint // from the qualifiers that hold addresses
	escapes bool   // a part of it is a way out of a folder
}

// parsePURL reads a package URL from a file of unknown origin.
func parsePURL(raw string) (identity, error) {
	switch {
	case raw == "":
		return identity{}, errors.New("empty package URL")
	case len(raw) > longestPURL:
		return identity{}, fmt.Errorf("package URL of %d bytes", len(raw))
	}
	whole, subpath, _ := strings.Cut(raw, "#")
	subpath, err := url.PathUnescape(subpath)
	if err != nil {
		return identity{}, fmt.Errorf("subpath of the package URL: %w", err)
	}
	p, err := packageurl.FromString(whole)
	if err != nil {
		return identity{}, err
	}
	id, err := identify(p)
	if err != nil {
		return identity{}, err
	}
	id.name = intern(spelling(whole, id.name))
	id.escapes = id.escapes || climbs(subpath)
	return id, nil
}

// newPURL makes the package URL of a package that a lockfile names.
func newPURL(kind, namespace, name, version string) (identity, error) {
	if n := len(namespace) + len(name) + len(version); n > longestPURL {
		return identity{}, fmt.Errorf("name and version of %d bytes", n)
	}
	p := packageurl.PackageURL{Type: kind, Namespace: namespace, Name: name, Version: version}
	if err := p.Normalize(); err != nil {
		return identity{}, err
	}
	id, err := identify(p)
	if err != nil {
		return identity{}, err
	}
	id.name = name
	if namespace != "" {
		id.name = namespace + "/" + name
	}
	id.name = intern(id.name)
	return id, nil
}

// identify checks what packageurl does not: that every part is readable text, and whether one climbs out of a folder.
func identify(p packageurl.PackageURL) (identity, error) {
	p.Subpath = ""
	parts := []string{p.Namespace, p.Name, p.Version}
	id := identity{version: intern(p.Version)}
	kept := p.Qualifiers[:0:0]
	for _, q := range p.Qualifiers {
		parts = append(parts, q.Value)
		switch q.Key {
		case "vcs_url":
			id.hints = appendHint(id.hints, "vcs", q.Value)
		case "download_url":
			id.hints = appendHint(id.hints, "download", q.Value)
		default:
			kept = append(kept, q)
		}
	}
	for i, part := range parts {
		if !utf8.ValidString(part) {
			return identity{}, errors.New("a part of the package URL is not UTF-8")
		}
		if strings.ContainsFunc(part, unicode.IsControl) {
			return identity{}, errors.New("a control character in the package URL")
		}
		id.escapes = id.escapes || i < 3 && climbs(part)
	}
	slices.SortFunc(kept, func(a, b packageurl.Qualifier) int {
		return cmp.Or(cmp.Compare(a.Key, b.Key), cmp.Compare(a.Value, b.Value))
	})
	p.Qualifiers = kept
	id.purl = intern(p.ToString())
	id.key = withoutQualifiers(id.purl)
	id.name = p.Name
	if p.Namespace != "" {
		id.name = p.Namespace + "/" + p.Name
	}
	return id, nil
}

// withoutQualifiers gives the part of a canonical package URL that makes two packages the same.
func withoutQualifiers(purl string) string {
	key, _, _ := strings.Cut(purl, "?")
	return key
}

// spelling gives the name as a package URL spells it before lower-casing, if it is the same but for case and "_".
func spelling(raw, canonical string) string {
	rest, _, _ := strings.Cut(raw, "?")
	_, rest, _ = strings.Cut(rest, ":")
	_, rest, _ = strings.Cut(strings.TrimLeft(rest, "/"), "/")
	if i := strings.LastIndexByte(rest, '@'); i > 0 {
		rest = rest[:i]
	}
	name, err := url.PathUnescape(strings.Trim(rest, "/"))
	if err != nil || !strings.EqualFold(strings.ReplaceAll(name, "_", "-"), strings.ReplaceAll(canonical, "_", "-")) {
		return canonical
	}
	return name
}

// climbs says whether a name, used as a path, would lead out of the folder that it is used in.
func climbs(name string) bool {
	if !strings.Contains(name, "..") {
		return false
	}
	for part := range strings.FieldsFuncSeq(name, func(r rune) bool { return r == '/' || r == '\\' }) {
		if part == ".." {
			return true
		}
	}
	return false
}

// intern gives the one copy of a string that all files share: a monorepo names the same packages in hundreds of lockfiles.
func intern(s string) string {
	if s == "" {
		return ""
	}
	return unique.Make(s).Value()
}
