package report

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Longest texts shown, in runes. What a file of somebody else's holds may be of any length.
const (
	nameRunes = 200  // names, purls, paths
	textRunes = 3000 // sentences and paragraphs
)

// clip makes a text of unknown origin safe to look at: nothing invisible, and at most limit runes. Markup is left to
// html/template.
func clip(s string, limit int) string {
	if len(s) > limit {
		n := 0
		for i := range s {
			if n++; n > limit {
				s = s[:i] + "…"
				break
			}
		}
	}
	return clean(s)
}

func clipName(s string) string { return clip(s, nameRunes) }

// pageText is clip for sentences; a percent sign stays on the line of its number.
func pageText(s string) string { return strings.ReplaceAll(clip(s, textRunes), " %", "\u00a0%") }

func pageTexts(all []string) []string {
	out := make([]string, len(all))
	for i, s := range all {
		out[i] = pageText(s)
	}
	return out
}

// forges are the hosts of public forges; an upstream on one of these is linked to, others are only named.
var forges = []string{
	"android.googlesource.com", "bitbucket.org", "chromium.googlesource.com", "code.qt.io", "codeberg.org", "framagit.org",
	"git.kernel.org", "git.savannah.gnu.org", "git.sr.ht", "gitee.com", "github.com", "gitlab.com", "gitlab.freedesktop.org",
	"gitlab.gnome.org", "go.googlesource.com", "invent.kde.org", "opendev.org", "salsa.debian.org", "sourceware.org",
}

var forgePath = regexp.MustCompile(`^(/[A-Za-z0-9_~+-][A-Za-z0-9._~+-]*){1,6}$`)

// forgeLink gives the address of an upstream's home, or "" where its name is not plainly that of a repository on a forge.
func forgeLink(id string) string {
	host, _, ok := strings.Cut(id, "/")
	if !ok || len(id) > nameRunes || !slices.Contains(forges, strings.ToLower(host)) || !forgePath.MatchString(id[len(host):]) {
		return ""
	}
	return "https://" + strings.ToLower(host) + id[len(host):]
}

// splitID gives the part of an upstream's name before its last slash, and the last part. The host is left out where it is
// the commonest.
func splitID(id string) (before, last string) {
	id = strings.TrimPrefix(clipName(id), "github.com/")
	if i := strings.LastIndexByte(id, '/'); i >= 0 {
		return id[:i+1], id[i+1:]
	}
	return "", id
}

// shortPURL writes a purl without what a reader can do without: scheme, qualifiers, subpath and percent signs.
func shortPURL(purl string) string {
	s := strings.TrimPrefix(purl, "pkg:")
	s, _, _ = strings.Cut(s, "?")
	s, _, _ = strings.Cut(s, "#")
	s = strings.ReplaceAll(s, "%40", "@")
	return clipName(s)
}

// ShellWord quotes a word for a POSIX shell where that is needed, so that a command of the document can be copied.
func ShellWord(s string) string {
	if s != "" && !strings.HasPrefix(s, "~") && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._/:@%+=,~-") == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// textWidth estimates the width of a text in ems of a sans-serif: Hangul and other wide letters one, others by their kind.
func textWidth(s string) float64 {
	w := 0.0
	for _, r := range s {
		w += runeWidth(r)
	}
	return w
}

func runeWidth(r rune) float64 {
	switch {
	case r >= 0x1100:
		return 1
	case strings.ContainsRune("iIljtf.,:;'|!()-r", r):
		return 0.36
	case strings.ContainsRune("mwMW@%", r):
		return 0.9
	case r >= 'A' && r <= 'Z':
		return 0.68
	}
	return 0.57
}

// fitText shortens a text to a width in ems; "" where not even four letters fit.
func fitText(s string, ems float64) string {
	if textWidth(s) <= ems {
		return s
	}
	w, cut := 0.0, 0
	for i, r := range s {
		if w += runeWidth(r); w > ems-0.8 {
			break
		}
		cut = i + utf8.RuneLen(r)
	}
	if utf8.RuneCountInString(s[:cut]) < 4 {
		return ""
	}
	return s[:cut] + "…"
}
