package territory

import (
	"cmp"
	"math"
	"slices"
)

// Weights of the degree of authorship, and how much of it makes an author.
const (
	doaBase    = 3.293
	doaCreator = 1.098 // for whoever created the file
	doaChange  = 0.164 // for each change of one's own
	doaOthers  = 0.321 // taken off for the logarithm of 1 + changes of others

	authorAtLeast  = 3.293 // degree of an author
	authorShareMin = 0.75  // of the highest degree for the file, more than this
)

// degree gives the degree of authorship of a person for a file. The creation of a file is no change of it.
func degree(created bool, own, others int32) float64 {
	d := doaBase + doaChange*float64(own) - doaOthers*math.Log1p(float64(others))
	if created {
		d += doaCreator
	}
	return d
}

// authorsOf gives the authors of a file by their numbers.
func authorsOf(shares []share) (authors []int32) {
	var all int32
	for i := range shares {
		all += shares[i].changes
	}
	highest := 0.0
	for i := range shares {
		highest = max(highest, degree(shares[i].created, shares[i].changes, all-shares[i].changes))
	}
	for i := range shares {
		d := degree(shares[i].created, shares[i].changes, all-shares[i].changes)
		if d >= authorAtLeast && d > authorShareMin*highest {
			authors = append(authors, shares[i].person)
		}
	}
	slices.Sort(authors)
	return authors
}

// fileCounts gives how many files each author has, given the authors of each file.
func fileCounts(authors [][]int32) map[int32]int {
	count := make(map[int32]int)
	for _, of := range authors {
		for _, p := range of {
			count[p]++
		}
	}
	return count
}

// truckFactor takes away the author with most files, of equals the one who began first, until more than half of the files
// have no author left, and gives whom it took away. Where that is so from the start, or nobody is an author, it gives nil.
func truckFactor(authors [][]int32) (gone []int32) {
	count := fileCounts(authors)
	left := make([]int, len(authors)) // authors left by file
	held := make(map[int32][]int32, len(count))
	covered := 0
	for i, of := range authors {
		left[i] = len(of)
		if len(of) > 0 {
			covered++
		}
		for _, p := range of {
			held[p] = append(held[p], int32(i))
		}
	}
	order := make([]int32, 0, len(count))
	for p := range count {
		order = append(order, p)
	}
	slices.SortFunc(order, func(a, b int32) int { return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a, b)) })
	for _, p := range order {
		if 2*covered < len(authors) {
			break
		}
		for _, i := range held[p] {
			if left[i]--; left[i] == 0 {
				covered--
			}
		}
		gone = append(gone, p)
	}
	return gone
}
