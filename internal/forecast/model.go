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

// A Model is three logistic regressions over the same terms, and what is needed to say how sure they are and why. It is
// read-only and safe for concurrent use.
type Model struct {
	Newest   string   `json:"newest"`   // date of the newest row that it was trained on, YYYY-MM-DD
	Rows     int      `json:"rows"`     // project-quarters
	Projects []string `json:"projects"` // owner/name on github.com of every project trained on, sorted
	Terms    []Range  `json:"terms"`

	regressions
	// Folds are the same regressions trained without one fold of the projects each, for judging the training projects.
	Folds []regressions `json:"folds"`
	// Bootstrap are refits of Stop on projects drawn with replacement.
	Bootstrap []logistic `json:"bootstrap"`

	Figures Figures `json:"figures_out_of_fold"`
}

type regressions struct {
	Stop      logistic `json:"stop"`
	Collapse  logistic `json:"collapse"`
	Fragility logistic `json:"fragility"`
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
	all := slices.Clone(m.Bootstrap)
	for _, r := range append(slices.Clone(m.Folds), m.regressions) {
		all = append(all, r.Stop, r.Collapse, r.Fragility)
	}
	for _, l := range all {
		if len(l.Weights) != len(terms) {
			return nil, fmt.Errorf("a regression has %d weights, not %d", len(l.Weights), len(terms))
		}
	}
	if len(m.Folds) != folds || len(m.Bootstrap) == 0 {
		return nil, fmt.Errorf("%d folds and %d refits: train again", len(m.Folds), len(m.Bootstrap))
	}
	return m, nil
}

// folds is the number of parts into which the training projects are cut.
const folds = 8

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
	// The refits move along, so that the interval lies around the blind forecast; see Interval in Outlook.
	blind.Bootstrap = make([]logistic, len(m.Bootstrap))
	for i, b := range m.Bootstrap {
		l := logistic{Intercept: b.Intercept + blind.Stop.Intercept - m.Stop.Intercept, Weights: slices.Clone(b.Weights)}
		for j := range l.Weights {
			l.Weights[j] += blind.Stop.Weights[j] - m.Stop.Weights[j]
		}
		blind.Bootstrap[i] = l
	}
	return &blind
}

// Outlook forecasts from features that FeaturesAt reported as those of an active upstream.
func (m *Model) Outlook(f Features) Outlook {
	x := m.inputs(&f)
	var o Outlook
	o.Stop, o.Collapse, o.Fragility = m.chances(x)
	o.Interval = m.interval(x, o.Stop)
	o.Band = Band(o.Stop, o.Interval)
	o.Reasons = m.reasons(&m.Stop, &f, x, o.Stop >= bands[0].end, maxReasons)
	o.FragilityReasons = m.reasons(&m.Fragility, &f, x, true, minReasons)
	return o
}

// Chances gives the three probabilities of an Outlook without interval and reasons, for asking "what if" many times.
func (m *Model) Chances(f Features) (stop, collapse, fragility float64) {
	return m.chances(m.inputs(&f))
}

func (m *Model) chances(x []float64) (stop, collapse, fragility float64) {
	stop = sigmoid(m.Stop.logit(x))
	return stop, math.Max(stop, sigmoid(m.Collapse.logit(x))), sigmoid(m.Fragility.logit(x))
}

// inputs computes the terms and keeps them within what training has seen.
func (m *Model) inputs(f *Features) []float64 {
	x := inputs(f)
	for i := range x {
		x[i] = math.Min(math.Max(x[i], m.Terms[i].Low), m.Terms[i].High)
	}
	return x
}

// interval gives the 10th and the 90th of a hundred refits, and always holds p.
func (m *Model) interval(x []float64, p float64) [2]float64 {
	refits := make([]float64, len(m.Bootstrap))
	for i := range m.Bootstrap {
		refits[i] = sigmoid(m.Bootstrap[i].logit(x))
	}
	slices.Sort(refits)
	return [2]float64{math.Min(p, quantile(refits, 0.1)), math.Max(p, quantile(refits, 0.9))}
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
