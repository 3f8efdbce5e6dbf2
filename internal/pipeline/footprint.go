package pipeline

import (
	"context"
	"slices"
	"time"

	"github.com/mainstay-oss/mainstay/internal/footprint"
	"github.com/mainstay-oss/mainstay/internal/history"
	"github.com/mainstay-oss/mainstay/internal/people"
	"github.com/mainstay-oss/mainstay/internal/report"
	"github.com/mainstay-oss/mainstay/internal/vitals"
)

// Footprint scans and says what standing organisations, given by the names that the register knows, have in the upstreams.
// Beside the document it gives the people whose affiliation would settle most, the busiest first; only where names are shown.
func (p *Pipeline) Footprint(ctx context.Context, req Request, organisations []string) (*report.Document, []people.OpenPerson, error) {
	var asked [][]string
	for _, name := range organisations {
		asked = append(asked, p.Register.Within(name))
	}
	var open []people.OpenPerson
	doc, err := p.scan(ctx, req, question{
		command: "footprint",
		how:     wanted{governance: true, footprint: asked},
		closer:  p.lookUpReach,
		finish: func(r *run) *report.Document {
			doc := p.document(r)
			doc.Next = p.footprintNext(req, organisations)
			p.standing(doc, r, asked)
			open = toSettle(r)
			return doc
		},
	})
	return doc, open, err
}

// standings is what measure keeps of one upstream for a footprint.
type standings struct {
	result *footprint.Result
	seats  [][]footprint.Seats // by organisation asked for
	open   []people.OpenPerson // those of result.Attribution.People, where names may be shown
}

// measureFootprint measures the work of organisations, and their seats where rolls are known.
func (p *Pipeline) measureFootprint(m *measured, meter *vitals.Meter, asked [][]string) {
	h, t := meter.History(), m.asOf.Unix()
	claims := p.Register.Attribute(h, meter.Persons(t), t)
	u := &footprint.Upstream{Meter: meter, Claims: claims, Organisations: claims.Organisations, OptedOut: p.Register.OptedOut}
	s := &standings{result: footprint.Measure(u, asked, t)}
	rolls := m.rolls()
	for _, organisation := range asked {
		s.seats = append(s.seats, u.Seats(rolls, organisation))
	}
	if p.Names && !h.Hashed {
		for _, o := range s.result.Attribution.People {
			s.open = append(s.open, openPerson(h, meter.Persons(t), o, t))
		}
	}
	m.standing = s
}

// openPerson gathers the author strings of somebody whose affiliation is not known.
func openPerson(h *history.History, persons *people.Persons, o footprint.Open, t int64) people.OpenPerson {
	who := persons.Of(o.Identity)
	out := people.OpenPerson{Name: h.Identities[o.Identity].Name, Commits: o.Commits}
	for i := range h.Commits {
		c := &h.Commits[i]
		if c.Committed > t {
			break
		}
		if persons.Of(c.Author) == who {
			if out.First.IsZero() {
				out.First = time.Unix(c.Committed, 0).UTC()
			}
			out.Last = time.Unix(c.Committed, 0).UTC()
			if email := h.Identities[c.Author].Email; !slices.Contains(out.Addresses, email) {
				out.Addresses = append(out.Addresses, email)
			}
		}
	}
	return out
}

// toSettle joins the people to settle of all upstreams by address, most commits first.
func toSettle(r *run) []people.OpenPerson {
	var all []people.OpenPerson
	for _, t := range r.targets {
		if t.measured != nil && t.measured.standing != nil {
			all = append(all, t.measured.standing.open...)
		}
	}
	return people.JoinOpen(all)
}

// standing writes the footprint into the document.
func (p *Pipeline) standing(doc *report.Document, r *run, asked [][]string) {
	var targets []*target
	var results []*footprint.Result
	for _, t := range r.targets {
		if t.measured != nil && t.measured.standing != nil {
			targets = append(targets, t)
			results = append(results, t.measured.standing.result)
		}
	}
	total := footprint.Total(results, asked)
	out := &report.Footprint{}
	for i, names := range asked {
		org := report.Organisation{Name: names[0], Includes: names[1:]}
		var seats [][]footprint.Seats
		for k, t := range targets {
			if len(t.measured.standing.seats) > 0 {
				seats = append(seats, t.measured.heldBy(t.measured.standing.seats[i], p.AsOf))
			}
			s := standingRow(t.id, &results[k].Standings[i], t.measured.standing.seats[i])
			s.Reach = p.reachRows(t, &results[k].Standings[i])
			if worked(&results[k].Standings[i]) || seated(s.Seats) {
				org.Upstreams = append(org.Upstreams, s)
			}
		}
		org.InAll = standingRow("", &total.Standings[i], footprint.TotalSeats(seats))
		org.InAll.Reach = pullAuthors(&total.Standings[i])
		sortStandings(org.Upstreams)
		org.Text = p.standingSentence(&org, len(targets))
		out.Organisations = append(out.Organisations, org)
	}
	out.Attribution = append(out.Attribution, attributionRow("", &total.Attribution, nil))
	for k, t := range targets {
		out.Attribution = append(out.Attribution, attributionRow(t.id, &results[k].Attribution, t.measured.standing))
	}
	out.Notes = p.footprintNotes(total, targets)
	doc.Footprint = out
	if len(out.Organisations) > 0 && len(targets) > 0 {
		doc.Summary.Sentence = out.Organisations[0].Text
	}
}

// worked tells whether any commit was ever attributed.
func worked(s *footprint.Standing) bool {
	return slices.ContainsFunc(s.Years, func(p footprint.Presence) bool { return p.Commits > 0 })
}

func seated(seats []report.Seats) bool {
	return slices.ContainsFunc(seats, func(s report.Seats) bool { return s.Seats > 0 })
}
