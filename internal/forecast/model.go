package forecast

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math"
	"slices"
	"strings"
	"sync"
)

// A Model judges by the mean of two on the scale of log-odds, for each of three questions: a logistic regression over some of
// the terms and a forest of extremely randomised trees over all of them. It also holds what is needed to say how sure it is and
// why. It is read-only and safe for concurrent use.
type Model struct {
	Newest   string   `json:"newest"`   // date of the newest row that it was trained on, YYYY-MM-DD
	Rows     int      `json:"rows"`     // project-quarters
	Projects []string `json:"projects"` // owner/name on github.com of every project trained on, sorted
	Terms    []Range  `json:"terms"`

	regressions
	// Folds are the same regressions trained without one fold of the projects each, for judging the training projects.
	Folds []regressions `json:"folds"`
	// Forests hold as many trees for each pair of folds, grown without that pair: for judging a training project there are
	// those that never saw its fold.
	Forests forests `json:"forests"`
	// Refits are smaller models of stop, each trained on projects drawn with replacement: a regression and RefitTrees.
	Refits     []logistic `json:"refits"`
	RefitTrees trees      `json:"refit_trees"` // as many for each refit, one refit after the other

	Figures Figures `json:"figures_out_of_fold"`
}

type regressions struct {
	Stop      logistic `json:"stop"`
	Collapse  logistic `json:"collapse"`
	Fragility logistic `json:"fragility"`
}

type forests struct {
	Stop      trees `json:"stop"`
	Collapse  trees `json:"collapse"`
	Fragility trees `json:"fragility"`
}

// A Range says where a term lies in the training data. Inputs outside are moved to its ends: the model does not guess
// beyond what it has seen.
type Range struct {
	Name string  `json:"name"`
	Mean float64 `json:"mean"` // the average project-quarter, against which reasons are counted
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// Figures are how good the model is on projects that it was not trained on: each row is judged by the fold that left its
// project out.
type Figures struct {
	Stop      Metrics `json:"stop"`
	Collapse  Metrics `json:"collapse"`
	Fragility Metrics `json:"fragility"` // on the rows in which the busiest person left
}

//go:embed model.json
var embedded []byte

// Default gives the embedded model.
func Default() *Model { return parsed() }

var parsed = sync.OnceValue(func() *Model {
	m, err := ParseModel(embedded)
	if err != nil {
		panic("forecast: model.json: " + err.Error()) // part of the program; a test loads it
	}
	return m
})

// ParseModel reads a model and checks that it fits the terms of this version.
func ParseModel(data []byte) (*Model, error) {
	m := &Model{}
	if err := json.Unmarshal(data, m); err != nil {
		return nil, err
	}
	if len(m.Terms) != len(terms) {
		return nil, fmt.Errorf("%d terms, not %d: train again", len(m.Terms), len(terms))
	}
	for i := range terms {
		if m.Terms[i].Name != terms[i].name {
			return nil, fmt.Errorf("term %d is %q, not %q: train again", i+1, m.Terms[i].Name, terms[i].name)
		}
	}
	if len(m.Folds) != folds || len(m.Refits) == 0 {
		return nil, fmt.Errorf("%d folds and %d refits: train again", len(m.Folds), len(m.Refits))
	}
	all := slices.Clone(m.Refits)
	for _, r := range append(slices.Clone(m.Folds), m.regressions) {
		all = append(all, r.Stop, r.Collapse, r.Fragility)
	}
	for _, l := range all {
		if len(l.Weights) != linear {
			return nil, fmt.Errorf("a regression has %d weights, not %d", len(l.Weights), linear)
		}
	}
	for _, ts := range []trees{m.Forests.Stop, m.Forests.Collapse, m.Forests.Fragility} {
		if len(ts) == 0 || len(ts)%len(pairs) != 0 {
			return nil, fmt.Errorf("a forest of %d trees, not of as many for each of %d pairs of folds", len(ts), len(pairs))
		}
	}
	if len(m.RefitTrees) == 0 || len(m.RefitTrees)%len(m.Refits) != 0 {
		return nil, fmt.Errorf("%d trees for %d refits", len(m.RefitTrees), len(m.Refits))
	}
	for _, ts := range []trees{m.Forests.Stop, m.Forests.Collapse, m.Forests.Fragility, m.RefitTrees} {
		for _, t := range ts {
			for _, n := range t {
				if n.term != leaf && int(n.term) >= len(terms) {
					return nil, fmt.Errorf("a tree asks for term %d of %d", n.term+1, len(terms))
				}
			}
		}
	}
	return m, nil
}

// folds is the number of parts into which the training projects are cut.
const folds = 8

// pairs are the pairs of folds that trees are grown without, in a fixed order: tree i of a forest is blind to pair i modulo
// their number.
var pairs = func() (all [][2]int) {
	for a := range folds {
		for b := a + 1; b < folds; b++ {
			all = append(all, [2]int{a, b})
		}
	}
	return all
}()

// Fold gives the part, 0 to 7, to which a project (owner/name) belongs, for ever: by a hash of its name.
func Fold(repo string) int {
	h := fnv.New32a()
	h.Write([]byte(repo))
	return int(h.Sum32() % folds)
}

// Trained tells whether the model was trained on an upstream (host/owner/name), and under which name.
func (m *Model) Trained(upstream string) (repo string, ok bool) {
	for _, p := range m.Projects {
		if strings.EqualFold("github.com/"+p, upstream) {
			return p, true
		}
	}
	return "", false
}

// For gives the model to judge an upstream by in a backtest: for one that m was trained on, the regressions that never saw
// it; else m itself.
func (m *Model) For(upstream string) *Model {
	repo, ok := m.Trained(upstream)
	if !ok {
		return m
	}
	return m.without(Fold(repo))
}

func (m *Model) without(fold int) *Model {
	blind := *m
	blind.regressions = m.Folds[fold]
	for _, f := range []*trees{&blind.Forests.Stop, &blind.Forests.Collapse, &blind.Forests.Fragility} {
		*f = without(*f, fold)
	}
	return &blind
}

// Parts gives m as it comes out without each fold of the training projects in turn. How far they part says how far a figure
// rests on which projects are in the data. m must be a whole model, not one that For gave.
func (m *Model) Parts() []*Model {
	parts := make([]*Model, folds)
	for fold := range parts {
		parts[fold] = m.without(fold)
	}
	return parts
}

// without picks the trees of a forest that were grown without a fold.
func without(all trees, fold int) (picked trees) {
	for i, t := range all {
		if p := pairs[i%len(pairs)]; p[0] == fold || p[1] == fold {
			picked = append(picked, t)
		}
	}
	return picked
}

// Outlook forecasts from features that FeaturesAt reported as those of an active upstream.
func (m *Model) Outlook(f Features) Outlook {
	in := m.inputs(&f)
	var o Outlook
	o.Stop, o.Collapse, o.Fragility = m.chances(in)
	o.Interval = m.interval(in, o.Stop)
	o.Band = Band(o.Stop, o.Interval)
	o.Reasons = m.reasons(m.stop, &f, in, o.Stop >= bands[0].end, maxReasons)
	o.FragilityReasons = m.reasons(m.fragility, &f, in, true, minReasons)
	return o
}

// Chances gives the three probabilities of an Outlook without interval and reasons, for asking "what if" many times.
//
// A what-if (Features.Measured) moves the regressions alone: the forest stays with the upstream as measured, and what it
// differs from the regression there stays as it was. So help that lowers every regression lowers the forecast.
func (m *Model) Chances(f Features) (stop, collapse, fragility float64) {
	return m.chances(m.inputs(&f))
}

func (m *Model) chances(in input) (stop, collapse, fragility float64) {
	stop = sigmoid(m.stop(in))
	return stop, math.Max(stop, sigmoid(judge(&m.Collapse, m.Forests.Collapse, in))), sigmoid(m.fragility(in))
}

func (m *Model) stop(in input) float64      { return judge(&m.Stop, m.Forests.Stop, in) }
func (m *Model) fragility(in input) float64 { return judge(&m.Fragility, m.Forests.Fragility, in) }

// An input is what the two halves of the model judge by.
type input struct {
	terms    []float64 // within the range of training
	measured []float64 // the same of the upstream as measured, without what a what-if supposes
	levels   []uint8   // of the measured terms
}

// judge gives the log-odds: half the regression's and half the forest's, and in a what-if all of what the regression moves.
func judge(l *logistic, ts trees, in input) float64 {
	p := ts.mean(in.levels)
	logit := l.logit(in.terms)
	return logit + (math.Log(p/(1-p))-l.logit(in.measured))/2
}

// inputs computes the terms and keeps them within what training has seen.
func (m *Model) inputs(f *Features) input {
	in := input{terms: m.within(inputs(f))}
	in.measured = in.terms
	if f.Measured != nil {
		in.measured = m.within(inputs(f.Measured))
	}
	in.levels = m.levels(in.measured)
	return in
}

func (m *Model) within(x []float64) []float64 {
	for i := range x {
		x[i] = math.Min(math.Max(x[i], m.Terms[i].Low), m.Terms[i].High)
	}
	return x
}

// levels says where in its range in training each term lies, in 255 steps.
func (m *Model) levels(x []float64) []uint8 {
	levels := make([]uint8, len(x))
	for i := range x {
		levels[i] = m.Terms[i].level(x[i])
	}
	return levels
}

func (r *Range) level(x float64) uint8 {
	switch {
	case !(x > r.Low):
		return 0
	case x >= r.High:
		return topLevel
	}
	return uint8(topLevel * (x - r.Low) / (r.High - r.Low))
}

// interval gives the 10th and the 90th percentile of the refits, and always holds p. The refits are smaller than the model;
// they are moved together so that their mean log-odds are the forecast's: it is their spread that counts.
func (m *Model) interval(in input, p float64) [2]float64 {
	odds := make([]float64, len(m.Refits))
	each := len(m.RefitTrees) / len(m.Refits)
	mean := 0.0
	for i := range odds {
		odds[i] = judge(&m.Refits[i], m.RefitTrees[i*each:(i+1)*each], in)
		mean += odds[i]
	}
	mean /= float64(len(odds))
	slices.Sort(odds)
	shift := math.Log(p/(1-p)) - mean
	return [2]float64{
		math.Min(p, sigmoid(quantile(odds, 0.1)+shift)),
		math.Max(p, sigmoid(quantile(odds, 0.9)+shift)),
	}
}

// quantile interpolates linearly between the sorted values.
func quantile(sorted []float64, q float64) float64 {
	at := q * float64(len(sorted)-1)
	i := int(at)
	if i+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	return sorted[i] + (at-float64(i))*(sorted[i+1]-sorted[i])
}
