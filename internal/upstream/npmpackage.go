package upstream

import (
	"encoding/json"
	"net/url"
	"regexp"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/dependency"
)

const maxManifest = 8 << 20 // bytes of what a registry says about a package

var (
	npmName      = regexp.MustCompile(`^(@[A-Za-z0-9~*!'()_.-]{1,214}/)?[A-Za-z0-9~*!'()_.-]{1,214}$`)
	npmShorthand = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9_.-]+(#.*)?$`)
)

// askNPM plans the questions about an npm package: the latest manifest, which knows where the project lives now, and which
// is the same for all versions; then the whole document, for registries that have no address for the latest. The document also
// knows when versions came out and which are deprecated: of a package that a subject names itself it is asked for first.
func askNPM(r *Resolver, a asked) (steps, facts []step) {
	if !sendableNPM(a.name) {
		return nil, nil
	}
	bases := r.npm().registries(a.name, lockedAt(a.Hints, a.name))
	if r.offline && len(bases) == 0 {
		return []step{{unknown: true, goOn: always}}, nil
	}
	for _, base := range bases {
		ask := func(suffix string, read func([]byte, string) (answer, error)) step {
			address := base + "/" + url.PathEscape(a.name) + suffix
			q := request{url: address, accept: "application/json", auth: r.npm().login(base), limit: maxManifest}
			return step{request: q, read: func(b []byte) (answer, error) { return read(b, a.name) }, goOn: always}
		}
		first, second := ask("/latest", readManifest), ask("", readNPMDocument)
		if a.Direct {
			first, second = second, first
		}
		first.stopEmpty = true
		steps = append(steps, first, second)
	}
	return steps, nil
}

// sendableNPM tells whether a name can be part of an address.
func sendableNPM(name string) bool {
	return npmName.MatchString(name) && name != "." && name != ".." && !strings.Contains(name, "/..")
}

// lockedAt gives the registry that a lockfile names for a package, or nothing.
func lockedAt(hints []dependency.Hint, name string) string {
	for _, h := range hints {
		if h.Kind != "download" && h.Kind != "distribution" {
			continue
		}
		if base := lockedRegistry(h.URL, name); base != "" {
			return base
		}
	}
	return ""
}

// lockedRegistry finds the registry's address in that of a package's archive: BASE/NAME/-/FILE.
func lockedRegistry(download, name string) string {
	base := registryBase(download)
	u, err := url.Parse(base)
	if err != nil || base == "" {
		return ""
	}
	before, _, ok := strings.Cut(u.Path, "/-/")
	if !ok {
		return ""
	}
	if before, ok = strings.CutSuffix(before, "/"+name); !ok {
		return ""
	}
	u.Path, u.RawPath = before, ""
	return strings.TrimSuffix(u.String(), "/")
}

// An npmManifest is what is read of a version's package.json as the registry keeps it.
type npmManifest struct {
	Version    string
	Repository json.RawMessage
	Bugs       json.RawMessage
	Homepage   json.RawMessage
	Deprecated json.RawMessage
}

// readManifest reads where the manifest of a package's latest version says that it is developed. Who may publish is not read:
// the manifest has it as it was when the version came out.
func readManifest(b []byte, name string) (answer, error) {
	var m npmManifest
	if err := json.Unmarshal(b, &m); err != nil {
		return answer{}, err
	}
	facts := Facts{Deprecated: deprecation(m.Deprecated)}
	if newer(m.Version, "") {
		facts.Latest = m.Version
	}
	return answer{found: m.repositories(name), facts: func(string) Facts { return facts }}, nil
}

// repositories gives the addresses in a manifest.
func (m npmManifest) repositories(name string) (all []candidate) {
	address, folder := repositoryField(m.Repository)
	if npmShorthand.MatchString(address) {
		address = "github:" + address
	}
	if c, ok := found(address, folder, NPMRepository, "repository field of "+name+" in the npm registry"); ok {
		all = append(all, c)
	}
	for field, raw := range map[string]json.RawMessage{"bugs": m.Bugs, "homepage": m.Homepage} {
		address, _ := repositoryField(raw)
		if !strings.HasPrefix(address, "http") {
			continue
		}
		c, ok := found(address, "", Website, field+" field of "+name+" in the npm registry")
		if host, _, _ := strings.Cut(c.ID, "/"); ok && forges[host].owned {
			c.Folder = ""
			all = append(all, c)
		}
	}
	return all
}

// repositoryField reads a field that is a string, an object with url and directory, or, in old packages, a list of these.
func repositoryField(raw json.RawMessage) (address, folder string) {
	var object struct{ Type, URL, Directory string }
	var list []json.RawMessage
	switch {
	case len(raw) == 0:
	case json.Unmarshal(raw, &address) == nil:
	case json.Unmarshal(raw, &object) == nil:
		if object.Type == "" || strings.EqualFold(object.Type, "git") || strings.Contains(object.URL, "git") {
			return object.URL, object.Directory
		}
	case json.Unmarshal(raw, &list) == nil && len(list) > 0 && len(list[0]) > 0 && list[0][0] != '[':
		return repositoryField(list[0])
	}
	return address, ""
}
