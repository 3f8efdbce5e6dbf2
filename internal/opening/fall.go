package opening

import (
	"math"

	"github.com/mainstay-oss/mainstay/internal/forecast"
)

// jackknifed is the 90th percentile of Student's t with 7 degrees of freedom: for eight parts.
const jackknifed = 1.415

// fallInterval gives the 80 % interval of the fall in loss that n engineers bring, from before to after.
//
// It is the jackknife over the folds of the training projects: the fall is judged by the model without each eighth of the
// projects in turn, and the spread of these says how far it could have come out otherwise had other projects been looked at. It
// is no wider than from no fall at all to all of the loss, and holds the fall. It does not say whether somebody who is sent has
// the effect of somebody who came.
func fallInterval(parts []*forecast.Model, f forecast.Features, rhythm float64, n int, before, after float64) [2]float64 {
	helped := Case{Join: n, Rhythm: rhythm}.join(f)
	falls := make([]float64, len(parts))
	for i, m := range parts {
		falls[i] = stand(m, f).Loss - stand(m, helped).Loss
	}
	half := jackknifed * jackknife(falls)
	fall := before - after
	return [2]float64{max(0, fall-half), min(before, fall+half)}
}

// jackknife gives the standard error of a figure that came out so with each part of the data left out in turn.
func jackknife(without []float64) float64 {
	n, mean, squares := float64(len(without)), 0.0, 0.0
	for _, x := range without {
		mean += x / n
	}
	for _, x := range without {
		squares += (x - mean) * (x - mean)
	}
	return math.Sqrt(squares * (n - 1) / n)
}
