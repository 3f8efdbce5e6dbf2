package opening

import "strings"

// A WayToSeat is what is known of how people come to have a say at an upstream. What is not known is nil, zero or empty.
type WayToSeat struct {
	Files     []string // paths of the files that list who has a say
	Days      []int    // from first commit to first listing, of the last who were listed: vitals.DaysToSeat
	Median    *int     // their median
	Newcomers int      // as in vitals.WayIn
	Stayed    int      // as in vitals.WayIn
}

// Sentences tell the way to a seat: where it is listed who has one, how long it took the last of them, and how many who come
// stay. There are none where nothing is known.
func (w WayToSeat) Sentences() []Sentence {
	var s []Sentence
	files := strings.Join(w.Files, ", ")
	switch {
	case len(w.Files) > 0 && w.Median != nil && len(w.Days) > 0:
		s = append(s, Sentence{"plan.seat.days", []any{files, len(w.Days), *w.Median}})
	case len(w.Files) > 0:
		s = append(s, Sentence{"plan.seat.files", []any{files}})
	}
	if w.Newcomers > 0 {
		s = append(s, Sentence{"plan.seat.stay", []any{w.Newcomers, w.Stayed}})
	}
	return s
}
