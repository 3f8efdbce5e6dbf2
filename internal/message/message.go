// Package message holds every word that a user meets, in English and Korean, in one catalogue of text files.
//
// A text may hold places for arguments:
//
//	{0}           the first argument; integers are grouped by thousands
//	{0%}          a fraction as a percentage
//	{0.2}         a number with two decimals
//	{0?one|many}  one of two wordings by number (Korean texts seldom need it)
//	{0~은|는}      the Korean particle that follows {0}: the first after a consonant, the second after a vowel ({0%~은|는} and
//	              {0.2~은|는} likewise). The place prints the particle alone.
package message

import (
	"embed"
	"fmt"
	"math"
	"sort"
	"strconv"
	"strings"
)

//go:embed catalogue/*.txt
var files embed.FS

// A Lang is a language of the catalogue.
type Lang string

// Languages.
const (
	English Lang = "en"
	Korean  Lang = "ko"
)

type entry struct{ en, ko string }

var catalogue = mustLoad()

// mustLoad panics on a malformed catalogue: it is part of the program, and the tests load it.
func mustLoad() map[string]entry {
	all := map[string]entry{}
	names, err := files.ReadDir("catalogue")
	if err != nil {
		panic(err)
	}
	for _, n := range names {
		data, err := files.ReadFile("catalogue/" + n.Name())
		if err != nil {
			panic(err)
		}
		if err := load(all, string(data)); err != nil {
			panic("message: catalogue/" + n.Name() + ": " + err.Error())
		}
	}
	return all
}

// load reads one catalogue file into all. A file is a list of entries: the key on a line of its own, then indented lines
// that begin with "en " and "ko ". A "#" at the start of a line begins a comment. A further indented line that begins with
// "|" continues the text above it on a new line.
func load(all map[string]entry, text string) error {
	key, last := "", ""
	for i, line := range strings.Split(text, "\n") {
		trimmed := strings.TrimSpace(line)
		indented := line != "" && (line[0] == ' ' || line[0] == '\t')
		switch {
		case trimmed == "" || strings.HasPrefix(line, "#"):
		case !indented:
			if _, twice := all[trimmed]; twice {
				return fmt.Errorf("line %d: key %q stands twice", i+1, trimmed)
			}
			key, last = trimmed, ""
			all[key] = entry{}
		case key == "":
			return fmt.Errorf("line %d: text before any key", i+1)
		default:
			e := all[key]
			switch {
			case strings.HasPrefix(trimmed, "en "):
				e.en, last = strings.TrimSpace(trimmed[3:]), "en"
			case strings.HasPrefix(trimmed, "ko "):
				e.ko, last = strings.TrimSpace(trimmed[3:]), "ko"
			case strings.HasPrefix(trimmed, "|") && last == "en":
				e.en += "\n" + strings.TrimPrefix(trimmed, "|")
			case strings.HasPrefix(trimmed, "|") && last == "ko":
				e.ko += "\n" + strings.TrimPrefix(trimmed, "|")
			default:
				return fmt.Errorf("line %d: want \"en \", \"ko \" or \"|\", got %q", i+1, trimmed)
			}
			all[key] = e
		}
	}
	return nil
}

// Keys lists every key of the catalogue, sorted.
func Keys() []string {
	keys := make([]string, 0, len(catalogue))
	for k := range catalogue {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

// A Printer writes texts in one language. The zero Printer writes English.
type Printer struct{ Lang Lang }

// Has tells whether the catalogue holds the key.
func Has(key string) bool { _, ok := catalogue[key]; return ok }

// Text gives the text of a key with its arguments filled in. An unknown key is returned between brackets, so that a page
// is still written; a test keeps unknown keys out of the code.
func (p Printer) Text(key string, args ...any) string {
	e, ok := catalogue[key]
	if !ok {
		return "[" + key + "]"
	}
	t := e.en
	if p.Lang == Korean {
		t = e.ko
	}
	return expand(t, args)
}

// expand fills the places of a text. A brace that opens no place stands for itself.
func expand(t string, args []any) string {
	if !strings.Contains(t, "{") {
		return t
	}
	var b strings.Builder
	for {
		open := strings.IndexByte(t, '{')
		if open < 0 {
			break
		}
		end := strings.IndexByte(t[open:], '}')
		if end < 0 {
			break
		}
		b.WriteString(t[:open])
		b.WriteString(place(t[open+1:open+end], args))
		t = t[open+end+1:]
	}
	b.WriteString(t)
	return b.String()
}

func place(body string, args []any) string {
	digits := 0
	for digits < len(body) && body[digits] >= '0' && body[digits] <= '9' {
		digits++
	}
	n, err := strconv.Atoi(body[:digits])
	if err != nil || n >= len(args) {
		return "{" + body + "}"
	}
	rest := body[digits:]
	if before, forms, ok := strings.Cut(rest, "~"); ok && !strings.HasPrefix(rest, "?") {
		consonant, vowel, _ := strings.Cut(forms, "|")
		return particle(place(body[:digits]+before, args), consonant, vowel)
	}
	switch {
	case rest == "":
		return plain(args[n])
	case rest == "%":
		if f, ok := args[n].(float64); ok {
			return Percent(f)
		}
	case rest[0] == '.':
		decimals, err := strconv.Atoi(rest[1:])
		if f, ok := args[n].(float64); ok && err == nil && decimals >= 0 && decimals <= 9 {
			return strconv.FormatFloat(f, 'f', decimals, 64)
		}
	case strings.HasPrefix(rest, "?"):
		one, many, _ := strings.Cut(rest[1:], "|")
		if fmt.Sprint(args[n]) == "1" {
			return one
		}
		return many
	}
	return "{" + body + "}"
}

func plain(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case int:
		return Int(v)
	case int32:
		return Int(int(v))
	case int64:
		return Int(int(v))
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return fmt.Sprint(v)
}

// Int writes an integer with its thousands grouped by commas.
func Int(n int) string {
	s := strconv.Itoa(n)
	start := 0
	if n < 0 {
		start = 1
	}
	for i := len(s) - 3; i > start; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Percent writes a fraction as a percentage: whole above 10 %, one decimal below it, "<0.1 %" for what is smaller.
func Percent(f float64) string {
	p := f * 100
	switch {
	case math.IsNaN(p):
		return "–"
	case p > 0 && p < 0.1:
		return "<0.1 %"
	case p != 0 && math.Abs(p) < 9.95:
		return strconv.FormatFloat(p, 'f', 1, 64) + " %"
	}
	return strconv.FormatFloat(math.Round(p), 'f', 0, 64) + " %"
}
