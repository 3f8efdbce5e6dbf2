package opening

import "math"

// sentences tell who holds the upstream up, what the engineers would change, and what that rests on.
func (o *Opening) sentences() []Sentence {
	f := &o.Features
	var s []Sentence
	if f.SecondCommits == 0 {
		s = append(s, Sentence{"plan.alone", []any{whole(f.Commits12m)}})
	} else {
		s = append(s, Sentence{"plan.share", []any{f.BusiestCommits / f.Commits12m, whole(f.Commits12m), whole(f.AbsenceFactor), whole(f.SecondCommits)}})
	}
	return append(s,
		Sentence{"plan.regulars", []any{whole(f.Regulars12m)}},
		Sentence{"plan.fall", []any{o.Engineers, o.commits(), o.Before.Loss, o.After.Loss}},
		Sentence{"plan.collapse", []any{o.Before.Collapse, o.After.Collapse}},
		Sentence{"plan.fragility", []any{o.Before.Fragility, o.After.Fragility}},
	)
}

func whole(x float64) int { return int(math.Round(x)) }

// commits is what each engineer is supposed to make in a year here: nobody outdoes the busiest person.
func (o *Opening) commits() int { return whole(math.Min(o.Rhythm, o.Features.BusiestCommits)) }

// Explain gives the arithmetic behind the worth of an opening, a line each.
func (o *Opening) Explain() []Sentence {
	var lines []Sentence
	add := func(key string, args ...any) { lines = append(lines, Sentence{key, args}) }
	if o.Weight != nil {
		add("plan.explain.weight", o.Factors.Weight)
	} else {
		add("plan.explain.exposure", o.Factors.Weight)
	}
	add("plan.explain.before", o.Before.Collapse, leaveRate, o.Before.Fragility, o.Before.Loss)
	loss := o.Before.Loss
	for i, s := range o.Steps {
		add("plan.explain.step", i+1, o.commits(), s.Collapse, leaveRate, s.Fragility, s.Loss, loss-s.Loss)
		loss = s.Loss
	}
	add("plan.explain.fall", o.Before.Loss, o.After.Loss, o.Before.Loss-o.After.Loss)
	add("plan.explain.interval", o.fallEnds[0], o.fallEnds[1])
	if o.Tractability != nil {
		add("plan.explain.tractability", o.Factors.Tractability)
	} else {
		add("plan.explain.tractability.common", o.Factors.Tractability)
	}
	switch {
	case o.Factors.Fit == nil:
		add("plan.explain.worth", o.Factors.Weight, o.Before.Loss-o.After.Loss, o.Factors.Tractability, o.Worth)
		return lines
	case o.Fit != nil:
		add("plan.explain.fit", *o.Factors.Fit)
	default:
		add("plan.explain.fit.common", *o.Factors.Fit)
	}
	add("plan.explain.worth.fit", o.Factors.Weight, o.Before.Loss-o.After.Loss, o.Factors.Tractability, *o.Factors.Fit, o.Worth)
	return lines
}
