package dependency

import (
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
)

// A requirement is what a manifest says that it needs.
type requirement struct {
	name    string // as written
	version string // only where a single one is admitted
	extras  []string
	source  pythonSource
}

const longestRequirement = 8192 // bytes

var (
	requirementHead = regexp.MustCompile(`^([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[([^\]]*)\])?\s*`)
	versionClause   = regexp.MustCompile(`^(===|==|~=|!=|<=|>=|<|>)\s*((?:[^\s,;()<>=!~@\[\]"']|![0-9])+)$`)
)

// parseRequirement reads a dependency specifier: a name, extras, then a version specifier or "@" and an address, then
// perhaps a marker. Markers are not judged: what one system needs and another does not is needed.
// https://packaging.python.org/en/latest/specifications/dependency-specifiers/
func parseRequirement(text string) (requirement, error) {
	if len(text) > longestRequirement {
		return requirement{}, fmt.Errorf("a requirement of %d bytes", len(text))
	}
	text = strings.TrimSpace(text)
	m := requirementHead.FindStringSubmatch(text)
	if m == nil {
		return requirement{}, errors.New("no name of a Python package where a requirement begins")
	}
	q := requirement{name: m[1], extras: extras(m[2])}
	rest := text[len(m[0]):]
	if address, ok := strings.CutPrefix(rest, "@"); ok {
		address, _, _ = strings.Cut(strings.TrimSpace(address), " ;")
		address, _, _ = strings.Cut(address, " ")
		if address == "" {
			return requirement{}, errors.New(`no address behind "@"`)
		}
		return q.from(address), nil
	}
	specifier, _, _ := strings.Cut(rest, ";")
	version, err := exactVersion(specifier)
	q.version = version
	return q, err
}

// extras reads a list of extras.
func extras(list string) []string {
	var names []string
	for extra := range strings.SplitSeq(list, ",") {
		if extra = strings.TrimSpace(extra); extra != "" {
			names = append(names, normalName(extra))
		}
	}
	return names
}

// from gives the requirement with its source, whose version replaces any other.
func (q requirement) from(address string) requirement {
	q.source, q.version = addressSource(address), ""
	if q.name == "" && q.source.download != "" {
		q.name, _ = artefact(address)
	}
	return q
}

// exactVersion reads a version specifier and gives the version if it admits a single one. The legacy parentheses around it
// are allowed.
// https://packaging.python.org/en/latest/specifications/version-specifiers/
func exactVersion(specifier string) (string, error) {
	specifier = strings.TrimSpace(specifier)
	if inner, ok := strings.CutPrefix(specifier, "("); ok {
		inner, ok = strings.CutSuffix(inner, ")")
		if !ok {
			return "", errors.New("a parenthesis that is not closed")
		}
		specifier = strings.TrimSpace(inner)
	}
	if specifier == "" {
		return "", nil
	}
	version := ""
	for clause := range strings.SplitSeq(strings.TrimSuffix(specifier, ","), ",") {
		m := versionClause.FindStringSubmatch(strings.TrimSpace(clause))
		if m == nil {
			return "", fmt.Errorf("%.80q is no version specifier", strings.TrimSpace(clause))
		}
		if (m[1] == "==" || m[1] == "===") && !strings.Contains(m[2], "*") {
			version = m[2]
		}
	}
	return version, nil
}

// readRequirement reads a requirement as pip takes it: a dependency specifier, an address, or a path.
func readRequirement(text string) (requirement, error) {
	head := requirementHead.FindString(text)
	switch {
	case head != "" && strings.HasPrefix(text[len(head):], "@"):
		return parseRequirement(text)
	case strings.Contains(text, "://"), strings.HasPrefix(text, "file:"):
		address, _, _ := strings.Cut(text, " ")
		return addressRequirement(strings.TrimSuffix(address, ";"))
	}
	item, _, _ := strings.Cut(text, ";")
	item = strings.TrimSpace(item)
	before := item[:strings.IndexAny(item+"=", "=<>!~")] // a version
	if strings.HasPrefix(item, ".") || strings.ContainsAny(before, `/\`) || isArchive(item) {
		return requirement{source: pythonSource{local: true}}, nil
	}
	return parseRequirement(text)
}

func isArchive(name string) bool {
	return slices.ContainsFunc([]string{".whl", ".tar.gz", ".zip", ".tar.bz2", ".tgz"}, func(s string) bool { return strings.HasSuffix(strings.ToLower(name), s) })
}

// addressRequirement reads an address that stands for a requirement. Its name is in the fragment ("#egg=name[extra]"), in
// the name of the artefact, or at last that of the repository.
func addressRequirement(address string) (requirement, error) {
	if len(address) > longestRequirement {
		return requirement{}, fmt.Errorf("an address of %d bytes", len(address))
	}
	var q requirement
	_, fragment, _ := strings.Cut(address, "#")
	for part := range strings.SplitSeq(fragment, "&") {
		if egg, ok := strings.CutPrefix(part, "egg="); ok {
			if m := requirementHead.FindStringSubmatch(egg); m != nil {
				q.name, q.extras = m[1], extras(m[2])
			}
		}
	}
	q = q.from(address)
	if q.name == "" && q.source.git != "" {
		q.name = strings.TrimSuffix(path.Base(q.source.git), ".git")
	}
	if q.name == "" && !q.source.local {
		return q, errors.New("an address that tells no name of a package")
	}
	return q, nil
}

var credentials = regexp.MustCompile(`://[^/@\s]*@`)

// redacted gives a text from a file as a problem may quote it: short, and without user names and passwords.
func redacted(text string) string { return short(credentials.ReplaceAllString(text, "://")) }
