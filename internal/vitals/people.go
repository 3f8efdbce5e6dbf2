package vitals

import (
	"cmp"
	"slices"
)

// A Contributor is one person's human work on one upstream, as of a date.
type Contributor struct {
	Person     int32   // number as in Meter.Persons of that date
	Identity   int32   // the author string used most in the window, the latest among equals: index into History.Identities
	Commits12m int     // human commits in 365 days
	Commits3m  int     // human commits in 91 days
	Share      float64 // of all human commits in 365 days, 0 to 1
	First      int64   // date of the first human commit ever, Unix seconds
	Last       int64   // date of the last human commit up to the date, Unix seconds
}

// People lists the persons with human commits in the year up to t: most commits first, equals by the later last commit,
// then by the earlier first, then by number, so that the first is Vitals.Busiest.
func (m *Meter) People(t int64) []Contributor {
	upTo := m.upTo(t)
	year := m.human[m.upTo(t-Year):upTo]
	if len(year) == 0 {
		return nil
	}
	persons := m.index.At(t)
	began := m.began(persons)
	place := map[int32]int{}
	var list []Contributor
	strings := map[int32]int{} // commits by identity
	for _, w := range slices.Backward(year) {
		p := persons.Of(w.author)
		i, known := place[p]
		if !known {
			i = len(list)
			place[p] = i
			list = append(list, Contributor{Person: p, Identity: w.author, First: began[p], Last: w.at})
		}
		c := &list[i]
		c.Commits12m++
		if w.at > t-Months3 {
			c.Commits3m++
		}
		strings[w.author]++
	}
	// Going back in time once more, the first string to hold the most commits is the one used last.
	for _, w := range slices.Backward(year) {
		if c := &list[place[persons.Of(w.author)]]; strings[w.author] > strings[c.Identity] {
			c.Identity = w.author
		}
	}
	for i := range list {
		list[i].Share = float64(list[i].Commits12m) / float64(len(year))
	}
	slices.SortFunc(list, func(a, b Contributor) int {
		return cmp.Or(cmp.Compare(b.Commits12m, a.Commits12m), cmp.Compare(b.Last, a.Last),
			cmp.Compare(a.First, b.First), cmp.Compare(a.Person, b.Person))
	})
	return list
}
