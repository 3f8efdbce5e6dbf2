package pipeline

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mainstay-oss/mainstay/internal/opening"
	"github.com/mainstay-oss/mainstay/internal/report"
	"github.com/mainstay-oss/mainstay/internal/vitals"
)

// PlanTerms say for whom a plan is made, and for what.
type PlanTerms struct {
	Engineers    int
	Days         int    // working days a year that each has for it; 0 for the rhythm of a regular contributor
	Standing     bool   // weigh by reach, where one becomes known, instead of by the subjects' own exposure
	Organisation string // whose engineers they are, as the register names it; may be empty
	Explain      bool   // show the arithmetic
}

// Plan scans and says where so many engineers would change most.
func (p *Pipeline) Plan(ctx context.Context, req Request, terms PlanTerms) (*report.Document, error) {
	team := p.newTeam(p.within(terms.Organisation))
	return p.scan(ctx, req, question{
		command: "plan",
		how:     wanted{wayIn: true, fit: team},
		prepare: func(ctx context.Context, r *run) {
			if team == nil {
				return
			}
			gaps := p.meet(ctx, team)
			r.mu.Lock()
			defer r.mu.Unlock()
			r.gaps = append(r.gaps, gaps...)
		},
		closer: func(ctx context.Context, r *run) {
			if terms.Standing {
				p.lookUpReach(ctx, r)
			}
			p.lookCloser(ctx, r, p.chosen(r, terms))
		},
		finish: func(r *run) *report.Document {
			doc := p.document(r)
			doc.Next = p.planNext(req, terms)
			p.openings(doc, r, terms)
			doc.Summary.Sentence = p.Printer.Text("plan.none")
			var places []string
			for _, o := range doc.Plan.Openings {
				places = append(places, o.Upstream)
			}
			if len(places) > 0 {
				doc.Summary.Sentence = p.Printer.Text("summary.plan", terms.Engineers, strings.Join(places, ", "))
			}
			return doc
		},
	})
}

// planNext gives commands to try after a plan: the same as a page, its arithmetic, and the standing that it would build on.
func (p *Pipeline) planNext(req Request, terms PlanTerms) []string {
	again := []string{"--engineers", strconv.Itoa(terms.Engineers)}
	if terms.Days > 0 {
		again = append(again, "--days", strconv.Itoa(terms.Days))
	}
	if terms.Standing {
		again = append(again, "--goal", "standing")
	}
	if terms.Organisation != "" {
		again = append(again, "--org", terms.Organisation)
	}
	if p.AsOf.Before(p.Today) {
		again = append(again, "--as-of", p.AsOf.Format(time.DateOnly))
	}
	what := p.repeat(slices.Concat(again, words(req), p.Place))
	next := []string{"mainstay plan " + what + " -o plan.html"}
	if !terms.Explain {
		next = append(next, "mainstay plan "+what+" --explain")
	}
	return append(next, "mainstay drill --busiest "+p.repeat(words(req)))
}

// tooOld is the age from which figures are no ground to send somebody anywhere.
const tooOld = 365 * 24 * time.Hour

// allot finds where engineers would change most. It also tells how many upstreams are too old to be judged.
func (p *Pipeline) allot(r *run, terms PlanTerms) (openings []opening.Opening, old int) {
	var candidates []opening.Candidate
	var reached []opening.Reached
	for _, t := range p.rank(r.targets) {
		m := t.measured
		if m == nil || m.features == nil || m.state != vitals.Active {
			continue
		}
		if p.AsOf.Sub(m.asOf) > tooOld {
			old++
			continue
		}
		c := opening.Candidate{Upstream: t.id, Exposure: t.exposure.Score, Features: *m.features}
		if m.wayIn != nil {
			c.Tractability = m.wayIn.Tractability
		}
		c.Fit = m.fit
		candidates = append(candidates, c)
		reached = append(reached, p.reached(t.target))
	}
	if terms.Standing {
		for i, weight := range opening.ReachWeights(reached) {
			candidates[i].Weight = &weight
		}
	}
	var days *int
	if terms.Days > 0 {
		days = &terms.Days
	}
	return opening.Plan(p.Model, candidates, terms.Engineers, opening.Rhythm(days)), old
}

// chosen gives the targets of a plan's openings.
func (p *Pipeline) chosen(r *run, terms PlanTerms) []*target {
	openings, _ := p.allot(r, terms)
	var targets []*target
	for _, o := range openings {
		for _, t := range r.targets {
			if t.id == o.Upstream {
				targets = append(targets, t)
			}
		}
	}
	return targets
}

// openings writes into the document where engineers would change most.
func (p *Pipeline) openings(doc *report.Document, r *run, terms PlanTerms) {
	openings, old := p.allot(r, terms)
	doc.Plan = &report.Plan{
		Engineers: terms.Engineers, Goal: "exposure", Organisation: terms.Organisation, Openings: []report.Opening{},
	}
	if terms.Standing {
		doc.Plan.Goal = "standing"
	}
	if terms.Days > 0 {
		doc.Plan.Days = &terms.Days
	}
	byID := map[string]*target{}
	for _, t := range r.targets {
		byID[t.id] = t
	}
	for i := range openings {
		doc.Plan.Openings = append(doc.Plan.Openings, p.openingRow(&openings[i], byID[openings[i].Upstream], terms))
	}
	p.notes(doc, old, terms)
}

func (p *Pipeline) openingRow(o *opening.Opening, t *target, terms PlanTerms) report.Opening {
	row := report.Opening{
		Upstream:     o.Upstream,
		Engineers:    o.Engineers,
		Exposure:     o.Exposure,
		LossBefore:   o.Before.Loss,
		LossAfter:    o.After.Loss,
		Fall:         o.Fall,
		FallInterval: o.FallInterval[:],
		Weight:       o.Weight,
		Tractability: o.Factors.Tractability,
		Fit:          o.Factors.Fit,
		Worth:        o.Worth,
		Text:         p.paragraph(o.Sentences...),
		Idle:         p.paragraph(idle(o, t).Sentence()),
	}
	if c := t.measured.closer; c != nil {
		for _, task := range opening.Tasks(c.undone) {
			row.First = append(row.First, report.Task{Kind: string(task.Kind), Where: task.Where, Text: p.paragraph(task.Sentence)})
		}
		row.Seat = p.paragraph(c.seat.Sentences()...)
	}
	if terms.Explain {
		for _, s := range o.Explain() {
			row.Explain = append(row.Explain, p.paragraph(s))
		}
	}
	return row
}

// paragraph puts sentences of a stage into words.
func (p *Pipeline) paragraph(sentences ...opening.Sentence) string {
	var text []string
	for _, s := range sentences {
		text = append(text, p.Printer.Text(s.Key, s.Args...))
	}
	return strings.Join(text, " ")
}

func idle(o *opening.Opening, t *target) opening.Idle {
	return opening.Idle{Exposure: o.Exposure, Subjects: len(t.depths), Packages: len(t.packages), Outlook: *t.measured.outlook}
}

// notes say under a plan what its figures do not say, and how many upstreams were too old to be judged.
func (p *Pipeline) notes(doc *report.Document, old int, terms PlanTerms) {
	note := func(key string, args ...any) { doc.Plan.Notes = append(doc.Plan.Notes, p.Printer.Text(key, args...)) }
	if len(doc.Plan.Openings) == 0 {
		note("plan.none")
	} else {
		note("plan.caveat")
		if terms.Standing {
			note("plan.standing")
		}
	}
	if n := doc.Summary.Ended; n > 0 {
		note("plan.ended", n)
	}
	if old > 0 {
		note("plan.old", old)
	}
}
