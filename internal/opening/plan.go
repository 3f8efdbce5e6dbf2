package opening

import (
	"cmp"
	"slices"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/forecast"
	"github.com/mainstay-oss/mainstay/internal/vitals"
)

// A Candidate is an upstream that engineers could join.
type Candidate struct {
	Upstream     string
	Exposure     float64           // 0 to 1
	Features     forecast.Features // of an active upstream, from forecast.FeaturesAt
	Weight       *float64          // 0 to 1; takes the place of exposure where the goal is standing, nil where it is exposure
	Tractability *float64          // 0 to 1, from vitals.WayIn; nil where nothing is known, which counts as what is common
	Fit          *float64          // 0 to 1, from Fit; nil where it is not known
}

// An Opening is a place where contributed work lowers loss most.
type Opening struct {
	Candidate
	Engineers int        // of the plan's, how many join here
	Rhythm    float64    // commits a year of each
	Before    Standing   // without engineers
	Steps     []Standing // with one engineer, with two, …, with all who join
	After     Standing   // with all of them: the last of Steps
	Fall      float64    // exposure × (loss before - loss after)
	// FallInterval is the 80 % interval of Fall: how far it could have come out otherwise had other projects been looked at.
	FallInterval [2]float64
	Factors      Factors
	fallEnds     [2]float64 // the same of the fall in loss, without exposure
	Worth        float64    // what the plan maximises: the factors × (loss before - loss after)
	Sentences    []Sentence
}

// Factors are what a fall in loss is weighed by.
type Factors struct {
	Weight       float64  // the candidate's, or its exposure
	Tractability float64  // the candidate's, or what is common
	Fit          *float64 // the candidate's, or what is common; nil where no candidate of the plan has one: then it does not count
}

func (f Factors) product() float64 {
	product := f.Weight * f.Tractability
	if f.Fit != nil {
		product *= *f.Fit
	}
	return product
}

// A Standing is what the model says of an upstream with or without help, each 0 to 1.
type Standing struct {
	Stop, Collapse, Fragility, Loss float64
}

// A Sentence is a text of the message catalogue with its figures; those of an opening make up one paragraph.
type Sentence struct {
	Key  string
	Args []any
}

// fullTime is the number of working days a year of which a regular contributor's rhythm is supposed.
const fullTime = 220

// Rhythm is how many commits a year somebody makes who has so many working days for it: a regular contributor's for 220, in
// proportion for others, but at least one. Nil means a regular contributor.
func Rhythm(days *int) float64 {
	if days == nil {
		return RegularRhythm
	}
	return max(1, RegularRhythm*float64(*days)/fullTime)
}

const (
	// leastFall is the fall in loss under which one more engineer changes nothing worth a sentence.
	leastFall = 1e-4
	// mostTogether is how many of a plan's engineers may join one upstream: more joined none that the model could have seen.
	mostTogether = 20
)

// Plan sends engineers to where they are worth most in all: where the sum of the falls in loss, each weighed by exposure (or by
// the weight given), tractability and fit, is greatest. It is exact: each candidate has a table of what one, two, … engineers
// are worth there, and allocate finds the best way to share them out. An engineer who would lower no loss by at least leastFall
// stays at home. Openings come by worth, then by id.
//
// An upstream that m was trained on is judged as everywhere: by the regressions that never saw it (forecast.Model.For).
//
// Candidates are active upstreams. One that has ended is no candidate: it needs a replacement or a fork, not another
// contributor; for quiet ones the model has no say.
func Plan(m *forecast.Model, candidates []Candidate, engineers int, rhythm float64) []Opening {
	if engineers <= 0 {
		return nil
	}
	fits := slices.ContainsFunc(candidates, func(c Candidate) bool { return c.Fit != nil })
	var places []place
	for _, c := range candidates {
		p := place{Candidate: c, factors: c.factors(fits), rhythm: rhythm, model: m.For(c.Upstream)}
		if p.factors.product() > 0 {
			p.before = stand(p.model, c.Features)
			places = append(places, p)
		}
	}
	places = promising(places, engineers)
	slices.SortFunc(places, func(a, b place) int { return strings.Compare(a.Upstream, b.Upstream) })
	tables := make([][]float64, len(places))
	for i := range places {
		tables[i] = places[i].table()
	}
	var openings []Opening
	parts := m.Parts()
	for i, n := range allocate(tables, engineers) {
		if n > 0 {
			openings = append(openings, places[i].opening(n, parts))
		}
	}
	slices.SortStableFunc(openings, func(a, b Opening) int { return cmp.Compare(b.Worth, a.Worth) })
	return openings
}

// factors gives what a fall counts for. fits tells that the fit of some candidate is known: then it counts for all.
func (c *Candidate) factors(fits bool) Factors {
	f := Factors{Weight: c.Exposure, Tractability: vitals.CommonTractability, Fit: c.Fit}
	if c.Weight != nil {
		f.Weight = *c.Weight
	}
	if c.Tractability != nil {
		f.Tractability = *c.Tractability
	}
	if f.Fit == nil && fits {
		common := CommonFit
		f.Fit = &common
	}
	return f
}

// A place is a candidate with what engineers would change there.
type place struct {
	Candidate
	factors Factors
	rhythm  float64
	model   *forecast.Model
	before  Standing
	steps   []Standing // with one engineer, with two, …
}

// climb asks the model about one engineer, two, … up to n.
func (p *place) climb(n int) {
	f := p.Features
	for range n {
		f = WithContributor(f, p.rhythm)
		p.steps = append(p.steps, stand(p.model, f))
	}
}

// worth is what n engineers are worth here.
func (p *place) worth(n int) float64 {
	return p.factors.product() * (p.before.Loss - p.steps[n-1].Loss)
}

// table gives what one engineer is worth here, what two are, …, each less the least for which they would come.
func (p *place) table() []float64 {
	worth := make([]float64, len(p.steps))
	for i := range worth {
		worth[i] = p.worth(i+1) - p.factors.product()*leastFall*float64(i+1)
	}
	return worth
}

func stand(m *forecast.Model, f forecast.Features) Standing {
	var s Standing
	s.Stop, s.Collapse, s.Fragility = m.Chances(f)
	s.Loss = *Loss(vitals.Active, "", s.Collapse, s.Fragility)
	return s
}

func (p *place) opening(n int, parts []*forecast.Model) Opening {
	o := Opening{
		Candidate: p.Candidate,
		Engineers: n,
		Rhythm:    p.rhythm,
		Before:    p.before,
		Steps:     p.steps[:n],
		After:     p.steps[n-1],
		Fall:      p.Exposure * (p.before.Loss - p.steps[n-1].Loss),
		Factors:   p.factors,
		Worth:     p.worth(n),
	}
	o.fallEnds = fallInterval(parts, p.Features, p.rhythm, n, p.before.Loss, o.After.Loss)
	o.FallInterval = [2]float64{p.Exposure * o.fallEnds[0], p.Exposure * o.fallEnds[1]}
	o.Sentences = o.sentences()
	return o
}
