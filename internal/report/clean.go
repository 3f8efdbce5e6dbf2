package report

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxMarks is how many combining marks may follow one character; scripts in use need up to four.
const maxMarks = 4

// clean makes an outside string safe to show on one line. Paths, package URLs and names come from files that anyone may
// have written: control characters could drive the terminal, bidirectional ones could show one name as another. They are
// shown as escapes (\x1b, \u202e); white space of any kind becomes one plain blank.
func clean(s string) string {
	if isPlain(s) {
		return s
	}
	var b strings.Builder
	marks := 0
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Me, r) {
			marks++
		} else {
			marks = 0
		}
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case unicode.IsSpace(r):
			b.WriteByte(' ')
		case r < 0x100 && invisible(r):
			fmt.Fprintf(&b, `\x%02x`, r)
		case r > 0xffff && invisible(r):
			fmt.Fprintf(&b, `\U%08x`, r)
		case invisible(r):
			fmt.Fprintf(&b, `\u%04x`, r)
		case marks <= maxMarks:
			b.WriteRune(r)
		}
		i += size
	}
	return b.String()
}

func isPlain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// invisible tells whether a character has no shape of its own: controls, formats (with the bidirectional ones and
// zero-width joiners), separators of lines, private and unassigned surrogates.
func invisible(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co, unicode.Cs) ||
		r >= 0xe0100 && r <= 0xe01ef || // variation selectors for ideographs, a known way to hide text
		r >= 0xfff0 && r <= 0xfff8 || r == 0x115f || r == 0x1160 || r == 0x3164 || r == 0xffa0 // fillers
}

// maxShown is how many bytes of a text people are shown; sentences are far shorter.
const maxShown = 4000

// brief is clean for the eyes: what is too long to be read ends in an ellipsis.
func brief(s string) string {
	if len(s) <= maxShown {
		return clean(s)
	}
	cut := maxShown
	for !utf8.RuneStart(s[cut]) && cut > maxShown-utf8.UTFMax {
		cut--
	}
	return clean(s[:cut]) + "…"
}
