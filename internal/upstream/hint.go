package upstream

import (
	"fmt"
	"slices"
	"strings"

	"github.com/package-url/packageurl-go"

	"github.com/mainstay-oss/mainstay/internal/dependency"
)

// A Query asks which repository makes a package.
type Query struct {
	PURL    string // canonical package URL; the key of the answer
	Name    string // as the registry spells it: @scope/name, github.com/BurntSushi/toml; empty: taken from PURL
	Version string // as the registry spells it; empty if not fixed
	Hints   []dependency.Hint
	Said    dependency.Said // of the version, by the file: weaker than what its registry says
	Direct  bool            // a subject names it itself: its registry is asked for facts even where the repository is known
}

// maxHints bounds how many hints of one package are looked at.
const maxHints = 20

// local collects what the static rules say about a query: its purl, its module path, its hints. Overrides stand elsewhere.
func local(q Query, p packageurl.PackageURL) []candidate {
	var all []candidate
	add := func(c candidate, ok bool) {
		if ok {
			all = append(all, c)
		}
	}
	add(fromPURL(p))
	if v := p.Qualifiers.Map()["vcs_url"]; v != "" {
		add(found(v, "", PURL, "vcs_url of the package URL"))
	}
	if p.Type == packageurl.TypeGolang {
		add(fromModulePath(registryName(q, p)))
	}
	for i, h := range q.Hints {
		if i == maxHints {
			break
		}
		add(fromHint(h))
	}
	return all
}

// registryName gives a package's name as its registry spells it.
func registryName(q Query, p packageurl.PackageURL) string {
	switch {
	case q.Name != "":
		return q.Name
	case p.Namespace != "":
		return p.Namespace + "/" + p.Name
	}
	return p.Name
}

// fromRepository says whether a file takes a package from its repository, so that no registry need hear of it. A Go module's path
// is its repository, wherever it comes from.
func fromRepository(q Query, p packageurl.PackageURL) bool {
	is := func(kind string) bool {
		return slices.ContainsFunc(q.Hints, func(h dependency.Hint) bool { return h.Kind == kind })
	}
	return p.Type != packageurl.TypeGolang && is("vcs") && !is("registry")
}

// fromPURL reads the package URLs that are addresses of repositories themselves.
func fromPURL(p packageurl.PackageURL) (candidate, bool) {
	hosts := map[string]string{"github": "github.com/", "githubactions": "github.com/", "bitbucket": "bitbucket.org/", "gitlab": "gitlab.com/",
		"swift": ""} // swift: the namespace begins with the host
	host, ok := hosts[p.Type]
	if !ok || p.Namespace == "" {
		return candidate{}, false
	}
	name := p.Name
	folder := p.Subpath
	namespace := p.Namespace
	if p.Type == "githubactions" { // owner/name/folder/of/the/action
		if parts := strings.SplitN(namespace+"/"+name, "/", 3); len(parts) == 3 {
			namespace, name, folder = parts[0], parts[1], parts[2]
		}
	}
	return found(host+namespace+"/"+name, folder, PURL, "package URL of type "+p.Type)
}

// replaces gives the name of what a package is used in place of, which makes it a fork, or the place where a project went.
func replaces(hints []dependency.Hint) string {
	for _, h := range hints {
		if h.Kind == "replaces" {
			return strings.TrimPrefix(h.URL, "https://")
		}
	}
	return ""
}

// fromHint reads what a lockfile or an SBOM says about a package's origin.
func fromHint(h dependency.Hint) (candidate, bool) {
	if h.Kind == "registry" {
		return candidate{}, false
	}
	lower := strings.ToLower(h.URL)
	method := LockHint
	switch {
	case h.Kind == "vcs", strings.HasPrefix(lower, "git+"), strings.HasPrefix(lower, "git:"), strings.HasPrefix(lower, "git@"), strings.HasPrefix(lower, "ssh:"),
		strings.HasPrefix(lower, "github:"), strings.HasPrefix(lower, "gitlab:"), strings.HasPrefix(lower, "bitbucket:"):
		// Says itself that it is a repository: any host that serves git will do.
	case h.Kind == "website":
		method = Website
	case h.Kind == "download", h.Kind == "distribution":
	default:
		return candidate{}, false
	}
	c, ok := found(h.URL, "", method, fmt.Sprintf("%s address in the file", h.Kind))
	if !ok || h.Kind == "vcs" {
		return c, ok
	}
	host, _, _ := strings.Cut(c.ID, "/")
	if _, known := forges[host]; !known && (method == Website || h.Kind == "distribution") {
		return candidate{}, false
	}
	return c, true
}
