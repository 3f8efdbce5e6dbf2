package dependency

import (
	"errors"
	"net/url"
	"path"
	"regexp"
	"strings"
)

var (
	commitHash = regexp.MustCompile(`^[0-9a-f]{40}([0-9a-f]{24})?$`)
	shortHash  = regexp.MustCompile(`^[0-9a-f]{7,40}$`)
	oneVersion = regexp.MustCompile(`^[=v\s]*([0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?)(\+[0-9A-Za-z.-]+)?$`) // semver's, as npm cleans it
)

// memory is what one scan remembers over its files: a monorepo names the same packages in hundreds of lockfiles.
type memory struct{ locked map[lockedAs]lockedPackage }

func newMemory() *memory { return &memory{locked: map[lockedAs]lockedPackage{}} }

// lockedAs is all that a lockfile says about which package an entry is.
type lockedAs struct{ name, version, source string }

type lockedPackage struct {
	id    identity
	hints []Hint // shared: never written to
	err   error
}

// identity gives the package behind an entry of a lockfile of npm's world: its name in the registry (of an alias or a patch
// the real one), its version, and the address where it comes from, if the file says. What comes from git, or as the archive
// of a commit from a forge, is that repository at that commit, where the forge has package URLs of its own.
func (m *memory) identity(name, version, source string) (identity, []Hint, error) {
	as := lockedAs{name, version, source}
	p, ok := m.locked[as]
	if !ok {
		if address, commit, ok := gitSource(source); ok {
			p.id, p.hints, p.err = gitIdentity(name, address, commit)
		} else {
			if version == "" {
				version = archiveVersion(name, source)
			}
			p.id, p.err = npmPURL(name, version)
			p.hints = appendHint(nil, "download", source)
		}
		if len(p.hints) == 0 {
			p.hints = nil
		}
		p.hints = p.hints[:len(p.hints):len(p.hints)]
		// Not pieces of the file's text, which would stay.
		m.locked[lockedAs{strings.Clone(as.name), strings.Clone(as.version), strings.Clone(as.source)}] = p
	}
	return p.id, p.hints, p.err
}

// splitNPM cuts "name@rest" or "@scope/name@rest" at the "@" behind the name.
func splitNPM(s string) (name, rest string) {
	if i := strings.IndexByte(s[min(1, len(s)):], '@'); i >= 0 {
		return s[:i+1], s[i+2:]
	}
	return s, ""
}

func npmPURL(name, version string) (identity, error) {
	namespace, base, scoped := strings.Cut(name, "/")
	if !scoped {
		namespace, base = "", name
	}
	if base == "" || !scoped && base[0] == '@' || scoped && (len(namespace) < 2 || namespace[0] != '@' || strings.Contains(base, "/")) {
		return identity{}, errors.New("not an npm package name")
	}
	return newPURL("npm", namespace, base, version)
}

// gitSource tells whether an address is that of a git repository, or of an archive that a forge makes of one commit, and
// takes it apart. The part behind "#" may be a commit, "commit=…" (yarn from 2 on), or anything else, which fixes nothing.
func gitSource(source string) (address, commit string, ok bool) {
	address, fragment, _ := strings.Cut(source, "#")
	for part := range strings.SplitSeq(fragment, "&") {
		part = strings.TrimPrefix(part, "commit=")
		if commitHash.MatchString(part) || strings.HasPrefix(address, "github:") && shortHash.MatchString(part) { // Bun shortens
			commit = part
		}
	}
	for _, prefix := range []string{"git+", "git:", "git@", "ssh:", "github:", "gitlab:", "bitbucket:", "gist:"} {
		if strings.HasPrefix(address, prefix) {
			return address, commit, true
		}
	}
	if !strings.HasPrefix(address, "https://") && !strings.HasPrefix(address, "http://") {
		return "", "", false
	}
	if strings.HasSuffix(address, ".git") {
		return address, commit, true
	}
	return archiveSource(address)
}

// archiveSource takes the address of a forge's archive of one commit apart.
func archiveSource(address string) (repository, commit string, ok bool) {
	u, err := url.Parse(address)
	if err != nil {
		return "", "", false
	}
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	host := strings.ToLower(u.Hostname())
	if len(parts) != 4 {
		return "", "", false
	}
	switch host + " " + parts[2] {
	case "codeload.github.com tar.gz", "codeload.github.com legacy.tar.gz":
		host = "github.com"
	case "github.com archive", "github.com tarball", "bitbucket.org get":
	default:
		return "", "", false
	}
	commit = strings.TrimSuffix(strings.TrimSuffix(parts[3], ".gz"), ".tar")
	if !commitHash.MatchString(commit) {
		return "", "", false // of a tag or branch: its file is all that is fixed
	}
	return "https://" + host + "/" + parts[0] + "/" + parts[1], commit, true
}

// archiveVersion gives the version in the name of an archive, as registries make it: name-1.2.3.tgz.
func archiveVersion(name, source string) string {
	u, err := url.Parse(source)
	if err != nil || u.Host == "" {
		return ""
	}
	rest, ok := strings.CutPrefix(path.Base(u.Path), path.Base(name)+"-")
	version, isArchive := strings.CutSuffix(rest, ".tgz")
	if !ok || !isArchive || !oneVersion.MatchString(version) {
		return ""
	}
	return version
}

func gitIdentity(name, address, commit string) (identity, []Hint, error) {
	hints := appendHint(nil, "vcs", address)
	clean := cleanAddress(address)
	u, err := url.Parse(clean)
	if err != nil {
		return identity{}, nil, errors.New("not an address of a git repository")
	}
	owner, repo, ok := strings.Cut(strings.TrimSuffix(strings.Trim(u.Path, "/"), ".git"), "/")
	kind := map[string]string{"github.com": "github", "bitbucket.org": "bitbucket"}[strings.ToLower(u.Hostname())]
	if !ok || kind == "" || owner == "" || repo == "" || strings.Contains(repo, "/") {
		id, err := newPURL("generic", "", name, commit)
		return id, hints, err
	}
	id, err := newPURL(kind, owner, repo, commit)
	return id, hints, err
}
