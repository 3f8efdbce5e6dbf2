package dependency

import (
	"cmp"
	"strings"
	"time"
	"unicode"
)

// Said is what a file passes on of what a registry, or the package's maker, said of a version when the file was written. It is not
// to be trusted further than the file, and may have changed since.
type Said struct {
	Released   string // YYYY-MM-DD: when the version was published
	Deprecated string // what was said, in one line, if it was said to be deprecated
	File       string // path of the file; of several the first; set in a graph only
}

// Or joins what two entries, or two files, say of one version: the earlier day, and always the same one of two texts.
func (s Said) Or(other Said) Said {
	return Said{first(s.Released, other.Released), first(s.Deprecated, other.Deprecated), first(s.File, other.File)}
}

// from notes the file of what is said, if something is.
func (s Said) from(file string) Said {
	if s != (Said{}) {
		s.File = file
	}
	return s
}

// first gives the lesser of two texts that are not empty.
func first(a, b string) string { return min(cmp.Or(a, b), cmp.Or(b, a)) }

// mostSaid is how many bytes of a text are kept: those of registries are rarely over 300.
const mostSaid = 1000

// oneLine cleans a text that somebody wrote for people.
func oneLine(text string) string {
	if len(text) > mostSaid {
		text = strings.ToValidUTF8(text[:mostSaid], "") + "…"
	}
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
}

// deprecated reads npm's mark of a version: a text or, in old packages, true.
func (r *jsonReader) deprecated() string {
	if r.peek() != 't' {
		return oneLine(r.text())
	}
	if r.truth() {
		return "deprecated"
	}
	return ""
}

// dayOf gives the day of a time as lockfiles write it, or nothing.
func dayOf(stamp string) string {
	for _, layout := range []string{time.RFC3339Nano, time.DateTime} { // the second: Composer 1
		if t, err := time.Parse(layout, stamp); err == nil {
			return dayOfTime(t)
		}
	}
	return ""
}

func dayOfTime(t time.Time) string {
	if t = t.UTC(); t.Year() < 1970 || t.Year() > 9999 {
		return ""
	}
	return t.Format(time.DateOnly)
}

// uploaded gives the day on which the first of some archives was published, as Python's lockfiles tell it: in a string (uv),
// or as a time (PEP 751).
func uploaded(archives ...tomlTable) (day string) {
	for _, a := range archives {
		switch at := a["upload-time"].(type) {
		case string:
			day = first(day, dayOf(at))
		case time.Time:
			if strings.HasSuffix(at.Location().String(), "-local") { // without a zone, which means UTC; the decoder takes that of the machine
				at = time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, time.UTC)
			}
			day = first(day, dayOfTime(at))
		}
	}
	return day
}
