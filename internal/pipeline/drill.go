package pipeline

import (
	"context"
	"slices"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/history"
	"github.com/mainstay-oss/mainstay/internal/opening"
	"github.com/mainstay-oss/mainstay/internal/people"
	"github.com/mainstay-oss/mainstay/internal/report"
	"github.com/mainstay-oss/mainstay/internal/vitals"
)

// A drill supposes that somebody leaves: everybody who works for an organisation or its subsidiaries, or, if there is none, the
// busiest person of each upstream.
type drill struct {
	within []string
}

// Drill scans and says what would likely stop if everybody who works for an organisation left tomorrow, or, without one, the
// busiest person of each upstream.
func (p *Pipeline) Drill(ctx context.Context, req Request, organisation string) (*report.Document, error) {
	d := &drill{within: p.within(organisation)}
	return p.scan(ctx, req, question{
		command: "drill",
		how:     wanted{drill: d},
		finish: func(r *run) *report.Document {
			doc := p.document(r)
			p.drilled(doc, r, organisation)
			return doc
		},
	})
}

// measureDrill supposes that they leave an active upstream. One that the organisation never touched does not lose anybody: that
// somebody there may be theirs is then as likely as anywhere.
func (p *Pipeline) measureDrill(m *measured, meter *vitals.Meter, d *drill) {
	h, t := meter.History(), m.asOf.Unix()
	lower := opening.Busiest(meter, t)
	upper := lower
	if d.within != nil {
		claims := p.Register.Attribute(h, meter.Persons(t), t)
		if !touched(h, claims, d.within, t) {
			return
		}
		lower, upper = opening.Members(meter, claims, d.within, t)
	}
	if drilled, active := opening.NewDrill(p.Model.For(h.Upstream), meter, t, lower, upper); active && m.outlook != nil {
		m.drilled = &drilled
	}
}

// touched tells whether any commit up to t is attributed to one of some organisations.
func touched(h *history.History, claims *people.Attribution, within []string, t int64) bool {
	for i := range h.Commits {
		if h.Commits[i].Committed > t {
			break
		}
		if claimed(claims, claims.Commit(i), within) {
			return true
		}
	}
	return false
}

// drilled writes the drill into the document.
func (p *Pipeline) drilled(doc *report.Document, r *run, organisation string) {
	out := &report.Drill{Who: organisation, Threshold: opening.LikelyStop}
	if organisation == "" {
		out.Who = "busiest"
	}
	rests := map[string]*report.DrillSubject{}
	stops, may, nobody := 0, 0, 0
	for _, t := range p.rank(r.targets) {
		m := t.measured
		if m == nil || m.drilled == nil {
			continue
		}
		d := m.drilled
		verdict := d.Verdict()
		out.Upstreams = append(out.Upstreams, report.DrillUpstream{
			Upstream:    t.id,
			People:      []int{d.Lower.People, d.Upper.People},
			Share:       []float64{d.Lower.Share, d.Upper.Share},
			Before:      &d.Before,
			Probability: []float64{d.Lower.Stop, d.Upper.Stop},
			Verdict:     string(verdict),
		})
		if d.Upper.Nobody {
			nobody++
		}
		switch verdict {
		case opening.Stops:
			stops++
		case opening.MayStop:
			may++
		default:
			continue
		}
		for subject := range t.depths {
			s := rests[subject]
			if s == nil {
				s = &report.DrillSubject{Subject: subject}
				rests[subject] = s
			}
			if verdict == opening.Stops {
				s.Stops = append(s.Stops, t.id)
			} else {
				s.MayStop = append(s.MayStop, t.id)
			}
		}
	}
	for _, s := range rests {
		slices.Sort(s.Stops)
		slices.Sort(s.MayStop)
		out.Subjects = append(out.Subjects, *s)
	}
	slices.SortFunc(out.Subjects, func(a, b report.DrillSubject) int { return strings.Compare(a.Subject, b.Subject) })
	undrilled := 0
	for _, t := range r.targets {
		if m := t.measured; m == nil || m.outlook == nil || m.source == fromReference {
			undrilled++
		}
	}
	out.Text = p.drillSentence(organisation, out, stops, may, len(r.targets)-undrilled)
	note := func(key string, args ...any) { out.Notes = append(out.Notes, p.Printer.Text(key, args...)) }
	if len(out.Upstreams) > 0 {
		note("summary.drill.note.suppose")
	}
	if organisation != "" {
		note("summary.drill.note.interval")
	}
	if nobody > 0 {
		note("summary.drill.note.nobody", nobody)
	}
	if undrilled > 0 {
		note("summary.drill.note.inactive", undrilled)
	}
	doc.Drill = out
	doc.Summary.Sentence = out.Text
}

func (p *Pipeline) drillSentence(organisation string, d *report.Drill, stops, may, drilled int) string {
	switch {
	case drilled == 0:
		return p.Printer.Text("summary.drill.none")
	case organisation == "" && stops == 0:
		return p.Printer.Text("summary.drill.busiest.none", len(d.Upstreams))
	case organisation == "":
		return p.Printer.Text("summary.drill.busiest", len(d.Upstreams), stops)
	case len(d.Upstreams) == 0:
		return p.Printer.Text("summary.drill.untouched", organisation, drilled)
	}
	if stops+may == 0 {
		return p.Printer.Text("summary.drill.organisation.none", organisation, len(d.Upstreams))
	}
	if stops == 0 {
		return p.Printer.Text("summary.drill.organisation.may", organisation, len(d.Upstreams), may)
	}
	return p.Printer.Text("summary.drill.organisation", organisation, len(d.Upstreams), stops, may)
}
