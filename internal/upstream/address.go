package upstream

import (
	"errors"
	"fmt"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
)

// An Address is a cleaned repository address. Nothing of the raw text survives in it but names that match strict patterns,
// so that URL can be handed to git.
type Address struct {
	ID     string // host/owner/name in lower case
	URL    string // https address to clone from; case of owner and name as written
	Folder string // folder inside the repository that the raw address pointed to; slash-separated, may be empty
}

const (
	maxAddress  = 2048 // bytes of a raw address
	maxSegments = 10   // parts of a repository path: forges with nested groups
	maxSegment  = 100  // bytes of one part
)

var (
	hostPattern    = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*\.([a-z]{2,63}|xn--[a-z0-9-]{1,59})$`)
	segmentPattern = regexp.MustCompile(`^[A-Za-z0-9_.~+][A-Za-z0-9_.~+-]*$`)
	folderPattern  = regexp.MustCompile(`^[A-Za-z0-9_.~+@ (),=-]+$`)
	digitsPattern  = regexp.MustCompile(`^[0-9]+$`)
)

// ParseAddress cleans an address found in a lockfile, an SBOM or a registry. Such text is not trusted: it must name a known
// forge, or a host that says that it serves git (by its name, a git scheme or a path ending in .git).
func ParseAddress(raw string) (Address, error) { return parseAddress(raw, false) }

// ParseGiven cleans an address that the user wrote: an argument, a setting, a line of a cohort file. Any host is accepted
// that is a domain name, also one inside a company; IP literals, localhost and ports are not (git's own url.*.insteadOf
// setting serves these).
func ParseGiven(raw string) (Address, error) { return parseAddress(raw, true) }

func parseAddress(raw string, given bool) (Address, error) {
	a, err := clean(raw, given)
	if err != nil {
		return Address{}, fmt.Errorf("repository address %s: %w", quoteShort(raw), err)
	}
	return a, nil
}

func clean(raw string, given bool) (Address, error) {
	if len(raw) > maxAddress {
		return Address{}, errors.New("too long")
	}
	s := strings.TrimLeft(raw, " \t\r\n<([{\"'`")
	s = strings.TrimRight(s, " \t\r\n>)]}\"'`.,;:")
	for i := range len(s) {
		if s[i] <= ' ' || s[i] >= 0x7f || s[i] == '\\' {
			return Address{}, errors.New("contains characters that no address has")
		}
	}
	s = cutPrefixFold(s, "scm:git:")
	s = cutPrefixFold(s, "git+")
	switch {
	case s == "":
		return Address{}, errors.New("empty")
	case s[0] == '-':
		return Address{}, errors.New("begins like an option")
	}
	scheme, host, rest, err := split(s)
	if err != nil {
		return Address{}, err
	}
	host, err = cleanHost(host, given)
	if err != nil {
		return Address{}, err
	}
	rest, fragment, _ := strings.Cut(rest, "#")
	rest, query, _ := strings.Cut(rest, "?")
	parts := strings.FieldsFunc(rest, func(r rune) bool { return r == '/' })
	if len(parts) > 64 {
		return Address{}, errors.New("too many parts")
	}
	if host, parts, err = canonical(host, parts, query); err != nil {
		return Address{}, err
	}
	f, known := forges[host]
	repo, view, dotGit := cut(parts, f.owned)
	if len(repo) < 2 {
		return Address{}, errors.New("no owner and name")
	}
	if len(repo) > maxSegments {
		return Address{}, errors.New("too many parts")
	}
	for _, p := range repo {
		if len(p) > maxSegment || !segmentPattern.MatchString(p) || strings.HasPrefix(p, "..") || strings.HasSuffix(p, ".") {
			return Address{}, errors.New("owner or name contains what no forge allows")
		}
	}
	if slices.Contains(f.reserved, strings.ToLower(repo[0])) {
		return Address{}, errors.New("a page of the forge, not a repository")
	}
	address := "https://" + host + "/" + strings.Join(repo, "/")
	if !known {
		byName := servesGit(host)
		if !given && !byName && !dotGit && scheme != "git" && scheme != "ssh" {
			return Address{}, errors.New("not a known forge, and nothing says that it serves git")
		}
		// Plain git servers need the suffix, and forges of every kind accept it.
		if dotGit || (!byName && !given) {
			address += ".git"
		}
	}
	folder := viewFolder(view)
	if folder == "" {
		folder = fragmentFolder(fragment)
	}
	return Address{ID: strings.ToLower(host + "/" + strings.Join(repo, "/")), URL: address, Folder: folder}, nil
}

// split takes an address apart without net/url, which refuses the mixed forms that manifests are full of.
func split(s string) (scheme, host, rest string, err error) {
	if before, after, ok := strings.Cut(s, "://"); ok {
		scheme = strings.ToLower(before)
		if !slices.Contains([]string{"https", "http", "git", "ssh"}, scheme) {
			return "", "", "", errors.New("not a scheme that reaches a public repository")
		}
		end := strings.IndexAny(after, "/?#")
		if end < 0 {
			end = len(after)
		}
		host, rest = after[:end], after[end:]
		host = host[strings.LastIndexByte(host, '@')+1:]
		if before, port, ok := strings.Cut(host, ":"); ok {
			host = before
			switch {
			case port == "" || scheme == "ssh" && digitsPattern.MatchString(port):
				// The port of ssh says nothing about the one of https.
			case digitsPattern.MatchString(port):
				if map[string]string{"https": "443", "http": "80", "git": "9418"}[scheme] != port {
					return "", "", "", errors.New("names a port")
				}
			default: // ssh://git@host:owner/name, a URL and an scp address at once
				rest = "/" + port + rest
			}
		}
		return scheme, host, rest, nil
	}
	if strings.Contains(s, "::") {
		return "", "", "", errors.New("names a git transport helper")
	}
	before, after, scp := strings.Cut(s, ":")
	if !scp || strings.Contains(before, "/") {
		host, rest, _ = strings.Cut(s, "/")
		host = host[strings.LastIndexByte(host, '@')+1:]
		return "", host, "/" + rest, nil
	}
	if short, ok := shorthands[strings.ToLower(before)]; ok {
		return "https", short, "/" + after, nil
	}
	first, _, _ := strings.Cut(after, "/")
	if first == "" || digitsPattern.MatchString(first) {
		return "", "", "", errors.New("names a port or an absolute path")
	}
	return "ssh", before[strings.LastIndexByte(before, '@')+1:], "/" + after, nil
}

// shorthands are npm's, without gist: a gist is no project.
var shorthands = map[string]string{"github": "github.com", "gitlab": "gitlab.com", "bitbucket": "bitbucket.org"}

// Names that never leave a company or a machine. Text found in a lockfile must not make git knock there.
var insideSuffixes = []string{".localhost", ".local", ".localdomain", ".internal", ".intranet", ".lan", ".home", ".corp", ".private", ".arpa", ".invalid", ".onion"}

func cleanHost(host string, given bool) (string, error) {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	if bare, ok := strings.CutPrefix(host, "www."); ok {
		if _, known := forges[bare]; known {
			host = bare
		}
	}
	if len(host) > 253 || !hostPattern.MatchString(host) {
		return "", errors.New("no public host name")
	}
	for _, suffix := range insideSuffixes {
		if strings.HasSuffix(host, suffix) && (!given || suffix == ".localhost") {
			return "", errors.New("a host name inside a private network")
		}
	}
	return host, nil
}

// views are the words after a repository's name that lead to one of its pages.
var views = []string{"-", "tree", "blob", "src", "raw", "edit", "commit", "commits", "issues", "pull", "pulls", "pull-requests",
	"merge_requests", "releases", "release", "tags", "tag", "archive", "archives", "wiki", "wikis", "branches", "blame", "actions", "discussions"}

// cut parts a path into the repository and the page of it. With owned the repository is always the first two parts.
func cut(parts []string, owned bool) (repo, view []string, dotGit bool) {
	for i, p := range parts {
		if i > 0 && i == len(parts)-1 || i == 1 { // name@v1.2.3, as pip and actions write it
			if at := strings.IndexByte(p, '@'); at > 0 {
				p = p[:at]
			}
		}
		if i >= 2 && (owned || slices.Contains(views, strings.ToLower(p))) {
			return repo, parts[i:], false
		}
		if bare, ok := cutDotGit(p); ok && i > 0 {
			if bare == "" {
				return nil, nil, false
			}
			return append(repo, bare), parts[i+1:], true
		}
		repo = append(repo, p)
	}
	return repo, nil, false
}

func cutDotGit(s string) (string, bool) {
	n := len(s)
	for len(s) >= 4 && strings.EqualFold(s[len(s)-4:], ".git") {
		s = s[:len(s)-4]
	}
	return s, len(s) < n
}

// viewFolder reads the folder out of tree/REF/FOLDER, blob/REF/FOLDER/FILE and their relatives. A branch with a slash in its
// name cannot be told from a folder; the first part is taken as the branch.
func viewFolder(view []string) string {
	if len(view) > 0 && view[0] == "-" {
		view = view[1:]
	}
	if len(view) < 3 {
		return ""
	}
	file := false
	switch view[0] {
	case "tree":
	case "blob", "edit", "raw", "blame":
		file = true
	case "src":
		if slices.Contains([]string{"branch", "tag", "commit"}, view[1]) {
			view = view[1:]
		}
	default:
		return ""
	}
	folder := view[2:]
	if file {
		folder = folder[:len(folder)-1]
	}
	return cleanFolder(strings.Join(folder, "/"))
}

// fragmentFolder reads #subdirectory=FOLDER (pip) and #COMMIT&path:FOLDER (pnpm).
func fragmentFolder(fragment string) string {
	for _, f := range strings.Split(fragment, "&") {
		for _, key := range []string{"subdirectory=", "path:"} {
			if v, ok := strings.CutPrefix(f, key); ok {
				return cleanFolder(v)
			}
		}
	}
	return ""
}

// cleanFolder gives a folder inside a repository in its shortest form, or nothing if it is none: it leaves the repository,
// is absurdly long or has odd characters.
func cleanFolder(folder string) string {
	if unescaped, err := url.PathUnescape(folder); err == nil {
		folder = unescaped
	}
	if folder == "" || len(folder) > 500 {
		return ""
	}
	folder = strings.TrimPrefix(path.Clean("/"+folder), "/")
	for _, p := range strings.Split(folder, "/") {
		if !folderPattern.MatchString(p) || p[0] == '-' {
			return ""
		}
	}
	return folder
}

func cutPrefixFold(s, prefix string) string {
	if len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix) {
		return s[len(prefix):]
	}
	return s
}

// quoteShort quotes hostile text for an error message, without the credentials that addresses carry.
func quoteShort(s string) string {
	if at := strings.LastIndexByte(s, '@'); at >= 0 {
		if start := strings.Index(s, "://"); start >= 0 && start+3 < at {
			s = s[:start+3] + "…" + s[at:]
		}
	}
	if len(s) > 120 {
		s = strings.ToValidUTF8(s[:120], "") + "…"
	}
	return fmt.Sprintf("%q", s)
}
