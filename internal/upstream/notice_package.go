package upstream

import (
	"errors"
	"fmt"
	"strings"

	"github.com/package-url/packageurl-go"
)

// OfPackage gives what lists say of a package in one version: of the package as a whole, and of the cycle of releases that the
// version belongs to. A cycle 3.2 is that of the versions 3.2, 3.2.1, 3.2-rc1; the longest that a list has counts.
func (l Notices) OfPackage(purl string) []Notice {
	p, err := packageurl.FromString(purl)
	if err != nil || len(l) == 0 {
		return nil
	}
	of := l[bare(p)]
	for cycle := strings.TrimPrefix(p.Version, "v"); cycle != ""; {
		if n, ok := l[packageCycle(p, cycle)]; ok {
			return InOrder(append(n[:len(n):len(n)], of...))
		}
		cycle = cycle[:max(strings.LastIndexAny(cycle, ".-+_"), 0)]
	}
	return of
}

// packageCycle is the key of a cycle of releases of a package.
func packageCycle(p packageurl.PackageURL, cycle string) string {
	p.Version, p.Subpath, p.Qualifiers = strings.TrimPrefix(cycle, "v"), "", nil
	return p.ToString()
}

// noticeKey reads what a row of a list is about: an upstream, or a package, of which a version names a cycle of releases.
func noticeKey(s string) (string, error) {
	if !strings.HasPrefix(s, "pkg:") {
		return noticeUpstream(s)
	}
	p, err := packageurl.FromString(s)
	if err != nil {
		return "", fmt.Errorf("%q: %w", clipRunes(s, 60), err)
	}
	key := packageCycle(p, p.Version)
	if len(key) > maxAddress || strings.ContainsAny(key, "\t\r\n") {
		return "", errors.New("no package URL")
	}
	return key, nil
}
