package dependency

import (
	"errors"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
)

// pypiName is what a name on PyPI looks like.
// https://packaging.python.org/en/latest/specifications/name-normalization/
var pypiName = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$`)

// normalName gives the one spelling of a name: lower case, "-" for any run of "-", "_" and ".".
func normalName(name string) string {
	plain := true
	for i := range len(name) {
		c := name[i]
		if 'A' <= c && c <= 'Z' || c == '_' || c == '.' || c == '-' && i > 0 && name[i-1] == '-' {
			plain = false
			break
		}
	}
	if plain {
		return name
	}
	var b strings.Builder
	run := false
	for _, r := range strings.ToLower(name) {
		if r == '-' || r == '_' || r == '.' {
			run = true
			continue
		}
		if run {
			b.WriteByte('-')
			run = false
		}
		b.WriteRune(r)
	}
	if run {
		b.WriteByte('-')
	}
	return b.String()
}

func normalNames(names []string) []string {
	normal := make([]string, len(names))
	for i, n := range names {
		normal[i] = normalName(n)
	}
	return normal
}

// pypiPURL gives the package URL of a distribution on an index of PyPI's kind.
func pypiPURL(name, version string) (identity, error) {
	if !pypiName.MatchString(name) {
		return identity{}, errors.New("not a name of a Python package")
	}
	return newPURL("pypi", "", normalName(name), version)
}

// A pythonSource is where a Python package comes from, as far as a file says it.
type pythonSource struct {
	git, commit string // address of a repository, and what is checked out
	download    string // address of one artefact
	index       string // address of a package index
	local       bool   // a folder or file of the project itself
	other       bool   // version control other than git
}

// identity gives the package of a name from a source. A git source that comes without a version is the commit, on a
// forge that has package URLs of its own.
func (s pythonSource) identity(name, version string) (identity, []Hint, error) {
	hints := appendHint(nil, "registry", s.index)
	download, _, _ := strings.Cut(s.download, "#") // a digest
	hints = appendHint(hints, "download", download)
	if version == "" && s.download != "" {
		if n, v := artefact(s.download); normalName(n) == normalName(name) {
			version = v
		}
	}
	if s.git == "" {
		id, err := pypiPURL(name, version)
		return id, hints, err
	}
	address := cleanAddress(s.git)
	hints = appendHint(hints, "vcs", address)
	if version != "" || address == "" {
		id, err := pypiPURL(name, version)
		return id, hints, err
	}
	if !pypiName.MatchString(name) {
		return identity{}, nil, errors.New("not a name of a Python package")
	}
	commit := strings.ToLower(s.commit)
	if !commitHash.MatchString(commit) {
		commit = "" // a branch or tag fixes no version
	}
	id, _, err := gitIdentity(normalName(name), address, commit)
	return id, hints, err
}

// pipGitSource reads the address of a repository as pip writes it behind a requirement: git+https://host/path@revision#fragment.
func pipGitSource(address string) pythonSource {
	address, _, _ = strings.Cut(address, "#")
	address, _, _ = strings.Cut(address, "?")
	revision := ""
	if at := strings.LastIndexByte(address, '@'); at > 0 {
		if scheme := strings.Index(address, "://"); scheme >= 0 && strings.Contains(address[scheme+3:at], "/") {
			address, revision = address[:at], address[at+1:]
		}
	}
	return pythonSource{git: address, commit: revision}
}

// isVersionControl says whether an address is one of pip's for version control, and whether that is git.
func isVersionControl(address string) (is, git bool) {
	kind, _, ok := strings.Cut(strings.ToLower(address), "+")
	if !ok || !slices.Contains([]string{"git", "hg", "svn", "bzr"}, kind) {
		return false, false
	}
	return true, kind == "git"
}

// addressSource tells what kind of source an address is: a repository, a file at hand or an artefact elsewhere.
func addressSource(address string) pythonSource {
	vcs, git := isVersionControl(address)
	switch {
	case strings.Contains(strings.ToLower(address[:min(len(address), 16)]), "file:"):
		return pythonSource{local: true}
	case git:
		return pipGitSource(address)
	case vcs:
		return pythonSource{other: true}
	case !strings.Contains(address, "://"):
		return pythonSource{local: true}
	}
	return pythonSource{download: address}
}

// artefact takes the name and version out of the address of a wheel or a source distribution; nothing if it is neither.
// https://packaging.python.org/en/latest/specifications/binary-distribution-format/
func artefact(address string) (name, version string) {
	address, _, _ = strings.Cut(address, "#")
	address, _, _ = strings.Cut(address, "?")
	base := path.Base(address)
	if decoded, err := url.PathUnescape(base); err == nil {
		base = decoded
	}
	if wheel, ok := strings.CutSuffix(base, ".whl"); ok {
		parts := strings.Split(wheel, "-")
		if len(parts) != 5 && len(parts) != 6 || !pypiName.MatchString(parts[0]) || !startsWithDigit(parts[1]) {
			return "", ""
		}
		return parts[0], parts[1]
	}
	for _, suffix := range []string{".tar.gz", ".zip", ".tar.bz2", ".tgz"} {
		whole, ok := strings.CutSuffix(base, suffix)
		if !ok {
			continue
		}
		dash := strings.LastIndexByte(whole, '-')
		if dash < 0 || !pypiName.MatchString(whole[:dash]) || !startsWithDigit(whole[dash+1:]) {
			return "", ""
		}
		return whole[:dash], whole[dash+1:]
	}
	return "", ""
}

func startsWithDigit(s string) bool { return s != "" && '0' <= s[0] && s[0] <= '9' }

// groupScope gives the scope of a dependency group by its name: tools give no other sign of what it is for.
func groupScope(group string) Scope {
	if words := groupWords(group); slices.ContainsFunc(words, isTestWord) {
		return Test
	}
	return Dev
}

func groupWords(name string) []string {
	return strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return r == '-' || r == '_' || r == '.' || r == ' ' })
}

func isTestWord(word string) bool { return slices.Contains([]string{"test", "tests", "testing"}, word) }

func isDevWord(word string) bool {
	return slices.Contains([]string{"dev", "develop", "development", "lint", "linting", "typing", "mypy", "doc", "docs"}, word)
}
