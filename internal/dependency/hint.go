package dependency

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
	"unicode"
)

const (
	longestHint = 1024 // bytes of an address
	mostHints   = 16   // of one package
)

// appendHint adds an address, if it is one that a repository or an artefact can have and is not there yet.
func appendHint(hints []Hint, kind, raw string) []Hint {
	address := cleanAddress(raw)
	if address == "" || len(hints) >= mostHints {
		return hints
	}
	h := Hint{Kind: kind, URL: intern(address)}
	if slices.Contains(hints, h) {
		return hints
	}
	return append(hints, h)
}

func sortHints(hints []Hint) {
	slices.SortFunc(hints, func(a, b Hint) int { return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.URL, b.URL)) })
}

// cleanAddress gives an address without credentials, or nothing if its scheme could name a local file or run something.
func cleanAddress(raw string) string {
	raw = strings.TrimSpace(raw)
	if len(raw) > longestHint || strings.ContainsFunc(raw, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) || r == unicode.ReplacementChar }) {
		return ""
	}
	raw = strings.TrimPrefix(raw, "scm:") // Maven writes scm:git:ADDRESS
	if rest, ok := strings.CutPrefix(raw, "git:"); ok && !strings.HasPrefix(rest, "//") {
		raw = rest
	}
	for _, forge := range []struct{ short, host string }{{"github:", "github.com"}, {"gitlab:", "gitlab.com"}, {"bitbucket:", "bitbucket.org"}} {
		if rest, ok := strings.CutPrefix(raw, forge.short); ok {
			raw = "https://" + forge.host + "/" + rest
		}
	}
	if user, rest, ok := strings.Cut(raw, "@"); ok && !strings.ContainsAny(user, ":/") {
		// git's short form, user@host:path
		if host, path, ok := strings.Cut(rest, ":"); ok && !strings.HasPrefix(path, "/") && !strings.Contains(host, "/") {
			raw = "ssh://" + host + "/" + path
		}
	}
	u, err := url.Parse(raw)
	if err != nil || u.Hostname() == "" || strings.HasPrefix(u.Hostname(), "-") {
		return ""
	}
	switch strings.TrimPrefix(strings.ToLower(u.Scheme), "git+") {
	case "http", "https", "ssh", "git":
	default:
		return ""
	}
	u.User = nil
	return u.String()
}
