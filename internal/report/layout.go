package report

import (
	"math"
	"strings"

	"github.com/mattn/go-runewidth"
)

// cells counts terminal cells: two for Hangul, Han and their kin, one for characters of ambiguous width, whatever the
// locale, so that the same document gives the same text everywhere.
var cells = &runewidth.Condition{StrictEmojiNeutral: true}

func width(s string) int { return cells.StringWidth(s) }

// pad fills s with blanks up to n cells.
func pad(s string, n int) string { return s + strings.Repeat(" ", max(0, n-width(s))) }

// padLeft puts blanks before s up to n cells.
func padLeft(s string, n int) string { return strings.Repeat(" ", max(0, n-width(s))) + s }

// wrap breaks text at blanks into lines of at most n cells. A unit stays with its number ("62 %"); a word that is wider than a
// line is cut.
func wrap(text string, n int) []string {
	var lines []string
	line := ""
	for _, word := range words(text) {
		for {
			joined := word
			if line != "" {
				joined = line + " " + word
			}
			if width(joined) <= n {
				line = joined
				break
			}
			if line != "" {
				lines, line = append(lines, line), ""
				continue
			}
			head := cells.Truncate(word, n, "")
			if head == "" { // narrower than one character
				head = word
			}
			lines = append(lines, head)
			if word = word[len(head):]; word == "" {
				break
			}
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// words splits at blanks, except before a lone unit or dash that belongs to the word before it.
func words(text string) []string {
	var found []string
	for _, w := range strings.Fields(text) {
		if last := len(found) - 1; last >= 0 && (strings.HasPrefix(w, "%") || w == "–" || w == "→" || w == "·") {
			found[last] += " " + w
			continue
		}
		found = append(found, w)
	}
	return found
}

// shorten brings an upstream's id to at most n cells. The host and the end of the name say most, so the owner gives way first,
// then the middle of what is left: "github.com/a-very-l…/ingress-nginx".
func shorten(id string, n int) string {
	if width(id) <= n {
		return id
	}
	first, last := strings.IndexByte(id, '/'), strings.LastIndexByte(id, '/')
	if first >= 0 && last > first {
		host, owner, name := id[:first+1], id[first+1:last], id[last:]
		if room := n - width(host) - width(name); room >= 3 {
			return host + cells.Truncate(owner, room, "…") + name
		}
	}
	head := (n - 1) / 2
	return cells.Truncate(id, head, "") + "…" + tail(id, n-1-head)
}

// tail gives the end of s that fits n cells.
func tail(s string, n int) string {
	runes := []rune(s)
	from, used := len(runes), 0
	for from > 0 {
		w := cells.RuneWidth(runes[from-1])
		if used+w > n {
			break
		}
		used += w
		from--
	}
	return string(runes[from:])
}

var blocks = []rune("▁▂▃▄▅▆▇█")

// spark draws values as one character each, on a scale of their own: a dot for nothing, a full block for the largest, a blank
// for NaN.
func spark(values []float64) string {
	top := 0.0
	for _, v := range values {
		if v > top { // not max: an unknown value is no number
			top = v
		}
	}
	return sparkTo(top, values)
}

// sparkTo draws values on a scale that ends at top, so that several rows can be compared.
func sparkTo(top float64, values []float64) string {
	var b strings.Builder
	for _, v := range values {
		switch {
		case math.IsNaN(v):
			b.WriteByte(' ')
		case v <= 0:
			b.WriteRune('·')
		default:
			step := int(math.Ceil(v/top*float64(len(blocks)))) - 1
			b.WriteRune(blocks[min(max(step, 0), len(blocks)-1)])
		}
	}
	return b.String()
}

// rangeBar draws a share that is an interval into n cells of which each stands for an equal part of the whole: full up to the
// lower end, shaded up to the upper one, dotted to the end of the scale.
func rangeBar(low, high float64, n int) string {
	full, shaded := int(math.Round(low*float64(n))), int(math.Round(high*float64(n)))
	s := strings.Repeat("█", full)
	if full == 0 && low > 0 {
		s, full = "▏", 1
	}
	if shaded = max(shaded, full); shaded == full && high > low && full < n && high < 1 {
		shaded++ // however narrow, an interval is no number
	}
	return s + strings.Repeat("░", shaded-full) + strings.Repeat("·", max(n-shaded, 0))
}

// bar draws a share of n cells in eighths of a cell.
func bar(share float64, n int) string {
	const eighths = "▏▎▍▌▋▊▉"
	parts := int(math.Round(min(max(share, 0), 1) * float64(n) * 8))
	s := strings.Repeat("█", parts/8)
	if rest := parts % 8; rest > 0 {
		s += string([]rune(eighths)[rest-1])
	} else if parts == 0 && share > 0 {
		s = "▏"
	}
	return s
}
