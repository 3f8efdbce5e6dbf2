package pipeline

import (
	"context"
	"slices"
	"time"

	"github.com/mainstay-oss/mainstay/internal/forecast"
	"github.com/mainstay-oss/mainstay/internal/forecast/reference"
	"github.com/mainstay-oss/mainstay/internal/gap"
	"github.com/mainstay-oss/mainstay/internal/history"
	"github.com/mainstay-oss/mainstay/internal/opening"
	"github.com/mainstay-oss/mainstay/internal/upstream"
	"github.com/mainstay-oss/mainstay/internal/vitals"
)

// measured is all that the document says of one upstream's history. It holds no history: those are large, and dropped as
// soon as they are measured.
type measured struct {
	source        history.Source
	commits       int
	observedUntil time.Time
	pullsKnown    bool

	asOf      time.Time // the earlier of the pipeline's date and the last observation
	vitals    vitals.Vitals
	state     vitals.State
	quiet     vitals.QuietKind
	load      vitals.Load
	asked     *vitals.Asked // nil where pull heads are not known
	factorAgo *int          // absence factor eighteen months before; nil if there was none
	factor24  *int          // and twenty-four
	features  *forecast.Features
	outlook   *forecast.Outlook
	likened   []reference.Precedent
	supposed  []opening.Supposed   // only where asked for
	people    []vitals.Contributor // only where asked for
	said      []upstream.Notice    // by its README
	series    []point              // only where asked for
	names     []string             // of people, by their place; empty where the source holds hashes

	wayIn    *vitals.WayIn  // only where asked for, as all of these
	audience int            // people who committed or opened a pull in 365 days
	fit      *float64       // of the engineers of a plan; nil where it is not known
	standing *standings     // of organisations
	drilled  *opening.Drill // nil too where those who leave do not work here
	roll     *roll          // nil too where no files that list maintainers could be read
	survey   *survey        // nil too where the files could not be read
	closer   *closer        // of an upstream that a plan sends somebody to
}

// point is one quarter.
type point struct {
	at        time.Time
	vitals    vitals.Vitals
	state     vitals.State
	stop      *float64
	fragility *float64
}

// wanted says what is measured of an upstream beyond what a row of a scan needs.
type wanted struct {
	portrait   bool // people, the series by quarter, supposed cases
	wayIn      bool // how outsiders have fared
	governance bool // who is listed, where files can be read
	territory  bool // which parts of the code somebody at work knows, where files can be read
	closer     bool // what there is to do, for who is sent there

	fit       *team      // how far a team's work fits
	footprint [][]string // the work of organisations, each with its subsidiaries
	drill     *drill     // the upstream without those who are supposed to leave
}

// eighteenMonths is how far back a fall of the absence factor is looked for.
const eighteenMonths = 18 * vitals.Month

// measure reads a history as of the pipeline's date. It gives a gap, too, where dates in the history cannot be true.
func (p *Pipeline) measure(ctx context.Context, h *history.History, repo repository, packages []string, how wanted) (*measured, []gap.Gap) {
	meter := vitals.NewMeter(h)
	asOf := vitals.AsOf(h, p.AsOf)
	t := asOf.Unix()
	m := &measured{
		source:        h.Source,
		commits:       len(h.Commits),
		observedUntil: h.ObservedUntil,
		pullsKnown:    h.PullsKnown,
		asOf:          asOf,
		vitals:        meter.At(t),
		load:          meter.Load(t),
		asked:         meter.Asked(t),
	}
	m.said = said(h)
	notices := upstream.InOrder(slices.Concat(p.listed(h.Upstream), m.said))
	m.state, m.quiet = meter.State(t, nil)
	if _, ended := end(notices, p.AsOf); ended {
		m.state, m.quiet = vitals.Ended, "" // a notice holds whenever the history was last observed
	}
	m.factorAgo = meter.At(t - eighteenMonths).ContributorAbsenceFactor
	m.factor24 = meter.At(t - 2*vitals.Year).ContributorAbsenceFactor
	if m.state == vitals.Active {
		if f, ok := forecast.FeaturesAt(meter, t); ok {
			p.foresee(m, h.Upstream, f, how)
		}
	}
	if how.portrait {
		m.people = meter.People(t)
		if p.Names && !h.Hashed {
			for _, c := range m.people {
				m.names = append(m.names, p.nameOf(h, c.Identity, meter.Persons(t)))
			}
		}
		m.series = p.series(meter, notices, h.Upstream, asOf)
	}
	gaps := p.badDates(h)
	return m, append(gaps, p.lookFurther(ctx, m, meter, repo, packages, how)...)
}

// foresee adds what the features of an active upstream tell.
func (p *Pipeline) foresee(m *measured, id string, f forecast.Features, how wanted) {
	model := p.Model.For(id)
	o := model.Outlook(f)
	m.features, m.outlook = &f, &o
	if p.Reference != nil {
		m.likened = p.Reference.Precedents(f, id, m.vitals.FirstCommit, p.AsOf)
	}
	if !how.portrait {
		return
	}
	cases := p.WhatIf
	if len(cases) == 0 {
		cases = opening.StandardCases()
	}
	for _, c := range cases {
		m.supposed = append(m.supposed, opening.Suppose(model, f, c))
	}
}

// ended tells whether a published end of the upstream is dated at or before t.
func (p *Pipeline) ended(id string, t time.Time) bool {
	_, ended := end(p.listed(id), t)
	return ended
}

// series measures at the start of every quarter from the first commit on, and at asOf itself.
func (p *Pipeline) series(meter *vitals.Meter, notices []upstream.Notice, id string, asOf time.Time) []point {
	first := meter.At(asOf.Unix()).FirstCommit
	if first == 0 {
		return nil
	}
	start := time.Unix(first, 0).UTC()
	if start.Year() < 1990 { // a broken clock, not a beginning
		start = time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	quarter := time.Date(start.Year(), (start.Month()-1)/3*3+1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 3, 0)
	var dates []time.Time
	for ; quarter.Before(asOf); quarter = quarter.AddDate(0, 3, 0) {
		dates = append(dates, quarter)
	}
	dates = append(dates, asOf)
	out := make([]point, 0, len(dates))
	for _, d := range dates {
		t := d.Unix()
		pt := point{at: d, vitals: meter.At(t)}
		pt.state, _ = meter.State(t, nil)
		if _, ended := end(notices, d); ended {
			pt.state = vitals.Ended
		}
		if pt.state == vitals.Active {
			if f, ok := forecast.FeaturesAt(meter, t); ok {
				o := p.Model.For(id).Outlook(f)
				pt.stop, pt.fragility = &o.Stop, &o.Fragility
			}
		}
		out = append(out, pt)
	}
	return out
}

// impossibleBefore is when version control began. Older projects were imported into git with their true dates, so the
// year in which git was written says nothing.
var impossibleBefore = time.Date(1972, 1, 1, 0, 0, 0, 0, time.UTC).Unix()

// badDates reports commits whose committer date cannot be true: before there was any version control, or more than a day
// after the history was last observed.
func (p *Pipeline) badDates(h *history.History) []gap.Gap {
	late := h.ObservedUntil.Add(24 * time.Hour).Unix()
	n := 0
	for i := range h.Commits {
		if c := h.Commits[i].Committed; c < impossibleBefore || c > late {
			n++
		}
	}
	if n == 0 {
		return nil
	}
	return []gap.Gap{{Stage: gap.History, Kind: gap.BadDates, What: h.Upstream, Count: n}}
}

// find gets and measures one upstream's history. When ctx has ended, what lies at hand is still read.
func (p *Pipeline) find(ctx context.Context, t *target, how wanted) (*measured, []gap.Gap, error) {
	h, err := p.Histories.Find(ctx, t.id, t.url)
	if err != nil && ctx.Err() != nil {
		if local, localErr := p.Histories.Local(context.WithoutCancel(ctx), t.id); localErr == nil {
			h, err = local, nil
		} else {
			err = &history.Error{Kind: gap.OutOfBudget, Upstream: t.id}
		}
	}
	if err != nil {
		return nil, nil, err
	}
	m, gaps := p.measure(ctx, h, p.repositoryOf(ctx, t.id), t.packages, how)
	return m, gaps, nil
}
