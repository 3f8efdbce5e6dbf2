package opening

import (
	"math"
	"slices"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/forecast"
	"github.com/mainstay-oss/mainstay/internal/vitals"
)

// A Candidate is an upstream that engineers could join.
type Candidate struct {
	Upstream string
	Exposure float64           // 0 to 1
	Features forecast.Features // of an active upstream, from forecast.FeaturesAt
}

// An Opening is a place where contributed work lowers loss most.
type Opening struct {
	Upstream  string
	Engineers int // of the plan's, how many join here
	Exposure  float64
	Before    Standing
	After     Standing // with the engineers
	Fall      float64  // exposure × (loss before - loss after)
	Sentences []Sentence
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

// Plan sends engineers, each a regular contributor, one after the other to where the fall in exposure × loss is greatest, ties
// to the lower id. A second one on the same upstream counts for what they add to the first. Openings come in the order in
// which they were chosen, which is that of their worth; there are fewer than engineers where nobody else would change anything.
//
// An upstream that m was trained on is judged as everywhere: by the regressions that never saw it (forecast.Model.For).
//
// Candidates are active upstreams. One that has ended is no candidate: it needs a replacement or a fork, not another
// contributor; for quiet ones the model has no say.
func Plan(m *forecast.Model, candidates []Candidate, engineers int) []Opening {
	places := make([]place, len(candidates))
	for i, c := range candidates {
		// A project that the model was trained on is judged by a model that has not seen it.
		places[i] = place{Candidate: c, model: m.For(c.Upstream)}
		places[i].before = stand(places[i].model, c.Features)
		places[i].now = places[i].before
		places[i].consider()
	}
	slices.SortFunc(places, func(a, b place) int { return strings.Compare(a.Upstream, b.Upstream) })
	var order []int // places in the order in which they were first chosen
	for range engineers {
		best := -1
		for i := range places {
			if g := places[i].gain(); g > 0 && (best < 0 || g > places[best].gain()) {
				best = i
			}
		}
		if best < 0 {
			break
		}
		if places[best].engineers == 0 {
			order = append(order, best)
		}
		places[best].join()
	}
	openings := make([]Opening, len(order))
	for k, i := range order {
		openings[k] = places[i].opening()
	}
	return openings
}

// leastFall is the fall in loss under which help changes nothing worth a sentence.
const leastFall = 1e-4

// A place is a candidate with the engineers sent so far.
type place struct {
	Candidate
	model             *forecast.Model
	engineers         int
	before, now, next Standing // without engineers, with those sent, with one more
	supposed          forecast.Features
}

func (p *place) consider() {
	from := p.Features
	if p.engineers > 0 {
		from = p.supposed
	}
	p.supposed = WithContributor(from, RegularRhythm)
	p.next = stand(p.model, p.supposed)
}

func (p *place) join() {
	p.engineers++
	p.now = p.next
	p.consider()
}

// gain is what one more engineer is worth here.
func (p *place) gain() float64 {
	if p.now.Loss-p.next.Loss < leastFall {
		return 0
	}
	return p.Exposure * (p.now.Loss - p.next.Loss)
}

func stand(m *forecast.Model, f forecast.Features) Standing {
	var s Standing
	s.Stop, s.Collapse, s.Fragility = m.Chances(f)
	s.Loss = *Loss(vitals.Active, "", s.Collapse, s.Fragility)
	return s
}

func (p *place) opening() Opening {
	return Opening{
		Upstream:  p.Upstream,
		Engineers: p.engineers,
		Exposure:  p.Exposure,
		Before:    p.before,
		After:     p.now,
		Fall:      p.Exposure * (p.before.Loss - p.now.Loss),
		Sentences: p.sentences(),
	}
}

// sentences tell who holds the upstream up, what the engineers would change, and what that rests on.
func (p *place) sentences() []Sentence {
	f := &p.Features
	n := func(x float64) int { return int(math.Round(x)) }
	var s []Sentence
	if f.SecondCommits == 0 {
		s = append(s, Sentence{"plan.alone", []any{n(f.Commits12m)}})
	} else {
		s = append(s, Sentence{"plan.share", []any{f.BusiestCommits / f.Commits12m, n(f.Commits12m), n(f.AbsenceFactor), n(f.SecondCommits)}})
	}
	rhythm := n(math.Min(RegularRhythm, f.BusiestCommits))
	s = append(s,
		Sentence{"plan.regulars", []any{n(f.Regulars12m)}},
		Sentence{"plan.fall", []any{p.engineers, rhythm, p.before.Loss, p.now.Loss}},
		Sentence{"plan.collapse", []any{p.before.Collapse, p.now.Collapse}},
		Sentence{"plan.fragility", []any{p.before.Fragility, p.now.Fragility}},
	)
	return s
}
