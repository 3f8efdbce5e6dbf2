package forecast

import "math"

// A logistic is a logistic regression over the terms. Weights are per unit of a term, not standardised.
type logistic struct {
	Intercept float64   `json:"intercept"`
	Weights   []float64 `json:"weights"` // in the order of the terms
}

// logit is the log-odds for the inputs x.
func (l *logistic) logit(x []float64) float64 {
	s := l.Intercept
	for i, w := range l.Weights {
		s += float64(w * x[i]) // the conversion keeps compilers from fusing, so that every machine gets the same bits
	}
	return s
}

func sigmoid(logit float64) float64 { return 1 / (1 + math.Exp(-logit)) }

// A sample is what a regression is fitted to.
type sample struct {
	x      [][]float64
	y      []bool
	weight []float64 // nil for 1 each
}

// fit finds the weights that maximise the likelihood less ridge/2 times the sum of the squared weights on standardised
// terms, each weight on its allowed side of 0. Newton's method, with coordinate descent for the bounded quadratic in each
// step; deterministic. start, if not nil, is where to begin.
//
// The ridge is what keeps correlated terms from running apart (Hoerl and Kennard 1970; le Cessie and van Houwelingen 1992
// for logistic regression).
func fit(s sample, signs []int, ridge float64, start *logistic) logistic {
	d := len(signs)
	mean, sd := moments(s, d)
	n := len(s.x)
	z := make([]float64, n*(d+1)) // rows of standardised terms behind a leading 1
	positive, total := 0.0, 0.0
	for r, x := range s.x {
		row := z[r*(d+1) : (r+1)*(d+1)]
		row[0] = 1
		for j := range d {
			row[j+1] = (x[j] - mean[j]) / sd[j]
		}
		w := weightOf(s, r)
		total += w
		if s.y[r] {
			positive += w
		}
	}

	b := make([]float64, d+1)
	rate := (positive + 0.5) / (total + 1)
	b[0] = math.Log(rate / (1 - rate))
	if start != nil {
		b[0] = start.Intercept
		for j, w := range start.Weights {
			b[0] += float64(w * mean[j])
			b[j+1] = w * sd[j]
		}
	}

	grad := make([]float64, d+1)
	hess := make([]float64, (d+1)*(d+1))
	next := make([]float64, d+1)
	const (
		steps   = 100
		enough  = 1e-9
		certain = 1e-9 // all rows are forecast with near certainty: one outcome alone was seen, and the maximum lies at infinity
	)
	last, least := append([]float64(nil), b...), math.Inf(1) // the best so far and its loss
	for range steps {
		loss := 0.0
		for _, v := range b[1:] {
			loss += float64(ridge / 2 * v * v)
		}
		clear(grad)
		clear(hess)
		for r := range n {
			w := weightOf(s, r)
			if w == 0 {
				continue
			}
			row := z[r*(d+1) : (r+1)*(d+1)]
			logit := 0.0
			for j, v := range row {
				logit += float64(b[j] * v)
			}
			p := sigmoid(logit)
			if s.y[r] {
				loss += float64(w * softplus(-logit))
			} else {
				loss += float64(w * softplus(logit))
			}
			miss := float64(w * (p - indicator(s.y[r])))
			curve := float64(w * p * (1 - p))
			for j, v := range row {
				grad[j] += float64(miss * v)
				cv := curve * v
				h := hess[j*(d+1) : j*(d+1)+j+1]
				for k := range h {
					h[k] += float64(cv * row[k])
				}
			}
		}
		if !(loss <= least+enough*math.Abs(least)) {
			for j := range b { // a full step went too far: go half of it
				b[j] = (b[j] + last[j]) / 2
			}
			continue
		}
		copy(last, b)
		least = loss
		for j := 1; j <= d; j++ {
			grad[j] += float64(ridge * b[j])
			hess[j*(d+1)+j] += ridge
		}
		for j := range d + 1 {
			for k := range j {
				hess[k*(d+1)+j] = hess[j*(d+1)+k]
			}
		}
		if hess[0] < certain {
			break
		}
		descend(next, b, grad, hess, signs)
		moved := 0.0
		for j := range b {
			moved = math.Max(moved, math.Abs(next[j]-b[j]))
		}
		copy(b, next)
		if moved < enough {
			break
		}
	}

	out := logistic{Intercept: b[0], Weights: make([]float64, d)}
	for j := range d {
		out.Weights[j] = b[j+1] / sd[j]
		out.Intercept -= float64(out.Weights[j] * mean[j])
	}
	return out
}

// softplus is log(1+exp(x)) without overflow.
func softplus(x float64) float64 { return math.Max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }

// descend minimises the quadratic with gradient grad and matrix hess around b, within the signs, into x.
func descend(x, b, grad, hess []float64, signs []int) {
	d := len(b)
	copy(x, b)
	slope := append([]float64(nil), grad...)
	const sweeps, enough = 2000, 1e-11
	for range sweeps {
		moved := 0.0
		for j := range d {
			to := x[j] - slope[j]/hess[j*d+j]
			if j > 0 {
				switch {
				case signs[j-1] > 0:
					to = math.Max(0, to)
				case signs[j-1] < 0:
					to = math.Min(0, to)
				}
			}
			if step := to - x[j]; step != 0 {
				x[j] = to
				row := hess[j*d : (j+1)*d]
				for k := range slope {
					slope[k] += float64(step * row[k])
				}
				moved = math.Max(moved, math.Abs(step))
			}
		}
		if moved < enough {
			return
		}
	}
}

func weightOf(s sample, r int) float64 {
	if s.weight == nil {
		return 1
	}
	return s.weight[r]
}

// moments gives the weighted mean and standard deviation of each term; a term without spread gets deviation 1.
func moments(s sample, d int) (mean, sd []float64) {
	mean, sd = make([]float64, d), make([]float64, d)
	total := 0.0
	for r, x := range s.x {
		w := weightOf(s, r)
		total += w
		for j := range d {
			mean[j] += float64(w * x[j])
		}
	}
	for j := range d {
		mean[j] /= total
	}
	for r, x := range s.x {
		w := weightOf(s, r)
		for j := range d {
			off := x[j] - mean[j]
			sd[j] += float64(w * off * off)
		}
	}
	for j := range d {
		sd[j] = math.Sqrt(sd[j] / total)
		if sd[j] < 1e-9 {
			sd[j] = 1
		}
	}
	return mean, sd
}
