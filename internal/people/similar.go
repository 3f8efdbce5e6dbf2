package people

import (
	"cmp"
	"slices"
	"strings"
)

// maxCompared bounds what names are compared by, in runes.
const maxCompared = 60

// nearest gives up to n of the candidates that somebody who wrote name may have meant, the nearest first: those that a few
// letters would turn into it, then those of which it is one of the words, or the other way round.
func nearest(name string, candidates []string, n int) []string {
	type ranked struct {
		name string
		rank int
	}
	want := []rune(fold(name))
	want = want[:min(len(want), maxCompared)]
	if len(want) == 0 {
		return nil
	}
	limit := max(1, len(want)/4)
	if len(want) < 3 {
		limit = 0
	}
	var near []ranked
	var d distances
	for _, c := range candidates {
		folded := fold(c)
		have := []rune(folded)
		have = have[:min(len(have), maxCompared)]
		rank := -1
		if difference := len(have) - len(want); difference <= limit && -difference <= limit {
			if between := d.between(want, have, limit); between <= limit {
				rank = between
			}
		}
		if rank < 0 && (hasWords(folded, string(want)) || hasWords(string(want), folded)) {
			rank = maxCompared + max(len(have)-len(want), len(want)-len(have))
		}
		if rank >= 0 {
			near = append(near, ranked{c, rank})
		}
	}
	slices.SortFunc(near, func(a, b ranked) int { return cmp.Or(cmp.Compare(a.rank, b.rank), strings.Compare(a.name, b.name)) })
	var names []string
	for _, r := range near[:min(len(near), n)] {
		names = append(names, r.name)
	}
	return names
}

// hasWords tells whether words, of some length, stand in a text as whole words.
func hasWords(text, words string) bool {
	return len(words) >= 3 && strings.Contains(" "+text+" ", " "+words+" ")
}

// distances counts the letters that must be put in, taken out, exchanged or swapped with their neighbour to make one word of
// another.
type distances struct{ rows [3][]int }

// between stops counting, with a number over the limit, once it is reached.
func (d *distances) between(a, b []rune, limit int) int {
	for i := range d.rows {
		d.rows[i] = slices.Grow(d.rows[i][:0], len(b)+1)[:len(b)+1]
	}
	before, last, now := d.rows[0], d.rows[1], d.rows[2]
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		now[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			exchange := last[j-1]
			if a[i-1] != b[j-1] {
				exchange++
			}
			now[j] = min(exchange, last[j]+1, now[j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				now[j] = min(now[j], before[j-2]+1)
			}
			least = min(least, now[j])
		}
		if least > limit+1 { // a swap reaches over one row
			return limit + 1
		}
		before, last, now = last, now, before
	}
	return last[len(b)]
}
