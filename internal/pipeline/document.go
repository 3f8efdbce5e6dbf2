package pipeline

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/mainstay-oss/mainstay/internal/dependency"
	"github.com/mainstay-oss/mainstay/internal/gap"
	"github.com/mainstay-oss/mainstay/internal/opening"
	"github.com/mainstay-oss/mainstay/internal/report"
	"github.com/mainstay-oss/mainstay/internal/upstream"
	"github.com/mainstay-oss/mainstay/internal/vitals"
)

// A run is everything that one request has gathered; the document is a view of it.
type run struct {
	mu sync.Mutex // guards what follows while an early answer may be written

	command     string
	cohort      string
	inventory   dependency.Inventory
	packages    []dependency.Node
	resolutions map[string]upstream.Resolution // by purl
	targets     []*target
	gaps        []gap.Gap // of inventory and resolution
	asked       string    // how the user named the one upstream, where that is not its id
	next        []string
	key         string // of what was asked about, for what is kept from run to run; empty if nothing is
	interrupted bool   // by the user, not by the budget
}

// document writes a run down. It may be called while histories are still missing.
func (p *Pipeline) document(r *run) *report.Document {
	doc := &report.Document{
		SchemaVersion: report.SchemaVersion,
		Tool:          report.Tool{Name: "mainstay", Version: p.Version},
		Command:       r.command,
		Language:      cmp.Or(string(p.Printer.Lang), "en"),
		AsOf:          p.AsOf.Format(time.DateOnly),
		Next:          r.next,
	}
	if len(r.targets) == 0 {
		doc.Next = []string{"mainstay help " + r.command} // nothing that could be planned, shown or looked back on
	}
	for _, s := range r.inventory.Subjects {
		doc.Subjects = append(doc.Subjects, report.Subject{ID: s.ID, Path: s.Path, Kind: s.Kind})
	}
	for _, passed := range r.inventory.Passed {
		doc.Passed = append(doc.Passed, report.Passed{Reason: passed.Reason, Count: passed.Count})
	}
	for i := range r.packages {
		doc.Packages = append(doc.Packages, p.packageRow(&r.packages[i], r.resolutions))
	}
	for _, ranked := range p.rank(r.targets) {
		doc.Upstreams = append(doc.Upstreams, p.upstreamRow(ranked))
	}
	gaps := slices.Concat(r.gaps, historyGaps(r.targets))
	if r.interrupted {
		for i := range gaps {
			if gaps[i].Kind == gap.OutOfBudget {
				gaps[i].Kind = gap.Interrupted
			}
		}
	}
	gap.Sort(gaps)
	for _, g := range gaps {
		doc.Gaps = append(doc.Gaps, p.gapRow(g))
	}
	doc.Summary = p.count(doc)
	doc.Summary.Sentence = p.summary(r.cohort, doc.Summary)
	doc.Summary.NotRead = p.notRead(r.targets, gaps)
	report.Normalise(doc)
	return doc
}

func (p *Pipeline) packageRow(n *dependency.Node, resolutions map[string]upstream.Resolution) report.Package {
	row := report.Package{
		PURL:     n.PURL,
		Direct:   n.Direct,
		Scope:    string(n.Scope),
		Subjects: n.Subjects,
		Path:     n.Path,
		Requires: n.Requires,
		File:     n.File,
	}
	if n.Line > 0 {
		row.Line = &n.Line
	}
	res, ok := resolutions[n.PURL]
	if ok {
		p.addFacts(&row, res.Facts)
	}
	if ok && res.Upstream != "" {
		row.Upstream = &res.Upstream
		row.Resolution = &report.Resolution{Method: res.Method, Confidence: res.Confidence, Evidence: res.Evidence, Folder: res.Folder}
	}
	return row
}

// ranked is a target with what is at stake.
type ranked struct {
	*target
	exposure          opening.Exposure
	loss              *float64
	opening.Attention // its Rank is 0 without a loss
}

// rank orders the targets by attention; those without a loss follow by id.
func (p *Pipeline) rank(targets []*target) []ranked {
	var rides []opening.Ride
	for _, t := range targets {
		for subject, depth := range t.depths {
			rides = append(rides, opening.Ride{Upstream: t.id, Subject: subject, Depth: depth, Weight: t.weight})
		}
	}
	exposures := opening.Exposures(rides)
	out := make([]ranked, len(targets))
	stakes := make([]opening.Stake, len(targets))
	for i, t := range targets {
		out[i] = ranked{target: t, exposure: exposures[t.id], loss: p.loss(t)}
		stakes[i] = opening.Stake{Upstream: t.id, Exposure: out[i].exposure.Score, Loss: out[i].loss}
	}
	places := map[string]opening.Attention{}
	for _, a := range opening.Rank(stakes) {
		places[a.Upstream] = a
	}
	for i := range out {
		out[i].Attention = places[out[i].id]
	}
	slices.SortFunc(out, func(a, b ranked) int {
		if (a.Rank > 0) != (b.Rank > 0) {
			return cmp.Compare(b.Rank, a.Rank) // the ranked first
		}
		return cmp.Or(cmp.Compare(a.Rank, b.Rank), cmp.Compare(a.id, b.id))
	})
	return out
}

// loss is what is at stake with an upstream, nil where nothing is known of it.
func (p *Pipeline) loss(t *target) *float64 {
	state, quiet := p.state(t)
	var collapse, fragility float64
	if t.measured != nil && t.measured.outlook != nil {
		collapse, fragility = t.measured.outlook.Collapse, t.measured.outlook.Fragility
	}
	return opening.Loss(state, quiet, collapse, fragility)
}

// state is the state of an upstream, which a published end decides even where no history could be had.
func (p *Pipeline) state(t *target) (vitals.State, vitals.QuietKind) {
	if _, ended := p.end(t); ended {
		return vitals.Ended, ""
	}
	if t.measured != nil {
		return t.measured.state, t.measured.quiet
	}
	return vitals.Unknown, ""
}

func (p *Pipeline) upstreamRow(r ranked) report.Upstream {
	state, quiet := p.state(r.target)
	row := report.Upstream{
		ID:       r.id,
		Packages: r.packages,
		State:    string(state),
		Exposure: report.Exposure{
			Score:    r.exposure.Score,
			Direct:   r.exposure.Direct,
			Depth:    r.exposure.Depth,
			Subjects: r.exposure.Subjects,
			Packages: len(r.packages),
		},
		Loss: r.loss,
	}
	if r.Rank > 0 {
		row.Attention = &report.Attention{Rank: r.Rank, Score: r.Score, Why: p.because(r.target)}
	}
	row.Notices = p.noticeRows(r.target)
	m := r.measured
	if m == nil {
		return row
	}
	if quiet != "" {
		kind := string(quiet)
		row.QuietKind = &kind
	}
	row.Vitals = vitalsRow(m)
	if m.source != fromReference { // which holds none
		row.Load = loadRow(m)
	}
	row.WhatIf = p.whatIfRows(m)
	row.History = &report.History{Source: string(m.source), Commits: m.commits, ObservedUntil: m.observedUntil.UTC().Format(time.DateOnly)}
	row.Fragility = &report.Fragility{KeyShare: m.vitals.TopShare, SecondShare: m.vitals.SecondShare, AbsenceFactor24mAgo: m.factor24}
	if o := m.outlook; o != nil {
		row.Fragility.Score = &o.Fragility
		row.Outlook = &report.Outlook{
			Probability12m: &o.Stop,
			Collapse12m:    &o.Collapse,
			Interval:       o.Interval[:],
			Band:           o.Band,
		}
		for _, reason := range o.Reasons {
			row.Outlook.Reasons = append(row.Outlook.Reasons, report.Reason{
				Code: reason.Code, Text: p.Printer.Text("reason."+reason.Code, reason.Args...), Weight: reason.Weight,
			})
		}
		row.Outlook.Precedents = p.precedentRows(m)
	}
	for _, pt := range m.series {
		row.Series = append(row.Series, report.Point{
			AsOf:                     pt.at.Format(time.DateOnly),
			Commits12m:               pt.vitals.Commits12m,
			Contributors12m:          pt.vitals.Contributors12m,
			ContributorAbsenceFactor: pt.vitals.ContributorAbsenceFactor,
			TopShare:                 pt.vitals.TopShare,
			State:                    string(pt.state),
			Probability12m:           pt.stop,
			Fragility:                pt.fragility,
		})
	}
	row.WayIn = wayInRow(m)
	row.Governance = governanceRow(m)
	row.Territory = p.territoryRow(m)
	if m.roll != nil && m.roll.Now != nil {
		row.Fragility.ListedMaintainers, row.Fragility.ActiveMaintainers = &row.Governance.Listed, &row.Governance.Active
	}
	for i, c := range m.people {
		person := report.Person{Share: c.Share, Commits12m: c.Commits12m, Since: day(c.First), LastCommit: day(c.Last)}
		if i < len(m.names) && m.names[i] != "" {
			person.Name = &m.names[i]
		}
		row.People = append(row.People, person)
	}
	return row
}

func loadRow(m *measured) *report.Load {
	l := &m.load
	row := &report.Load{
		PullsOpened12m:      l.PullsOpened12m,
		PullsMerged12m:      l.PullsMerged12m,
		CommitsSinceRelease: l.CommitsSinceRelease,
		CommitsPerRelease:   l.CommitsPerRelease,
		ReleaseBacklog:      l.ReleaseBacklog,
		Regulars12m:         l.Regulars12m,
		NewOutsiders12m:     l.NewOutsiders12m,
		OutsidersPerRegular: l.PerRegular,
	}
	if a := m.asked; a != nil {
		row.WaitingOutsiders, row.WaitingPulls = &a.Outsiders, &a.Pulls
		if a.Pulls > 0 {
			row.WaitingDays = &a.Oldest
		}
	}
	return row
}

func vitalsRow(m *measured) *report.Vitals {
	v := &m.vitals
	row := &report.Vitals{
		AsOf:                     m.asOf.Format(time.DateOnly),
		Commits12m:               v.Commits12m,
		Commits3m:                v.Commits3m,
		Contributors12m:          v.Contributors12m,
		ContributorAbsenceFactor: v.ContributorAbsenceFactor,
		TopShare:                 v.TopShare,
		ElephantFactor:           v.ElephantFactor,
		Newcomers12m:             v.Newcomers12m,
		DepartedShare:            v.DepartedShare,
		DaysSinceCommit:          v.DaysSinceCommit,
		Releases12m:              v.Releases12m,
		DaysSinceRelease:         v.DaysSinceRelease,
		PullsOpened12m:           v.PullsOpened12m,
		PullsMerged12m:           v.PullsMerged12m,
		Months:                   v.Months[:],
	}
	if v.FirstCommit != 0 {
		first, last := day(v.FirstCommit), day(v.LastCommit)
		row.FirstCommit, row.LastCommit = &first, &last
	}
	return row
}

func (p *Pipeline) gapRow(g gap.Gap) report.Gap {
	row := report.Gap{
		Stage: string(g.Stage),
		Kind:  string(g.Kind),
		File:  g.File,
		What:  g.What,
		Why:   p.Printer.Text("gap."+string(g.Kind)+".why", g.What, max(g.Count, 1)),
		Hint:  p.Printer.Text("gap."+string(g.Kind)+".hint", g.What),
		Count: max(g.Count, 1),
	}
	if g.Line > 0 {
		row.Line = &g.Line
	}
	if detail := strings.TrimSpace(g.Detail); detail != "" {
		row.Why += " (" + detail + ")"
	}
	return row
}

// count fills the numbers of the summary from the rows of the document.
func (p *Pipeline) count(doc *report.Document) report.Summary {
	s := report.Summary{Upstreams: len(doc.Upstreams), Packages: len(doc.Packages)}
	for i := range doc.Packages {
		if doc.Packages[i].Direct {
			s.Direct++
		}
		if doc.Packages[i].Upstream != nil {
			s.Resolved++
		}
	}
	for i := range doc.Upstreams {
		u := &doc.Upstreams[i]
		switch vitals.State(u.State) {
		case vitals.Active:
			s.Active++
		case vitals.Quiet:
			s.Quiet++
		case vitals.Ended:
			s.Ended++
		default:
			s.Unknown++
		}
		if u.Attention != nil {
			s.Ranked++
		}
		if u.State != string(vitals.Ended) && u.Vitals != nil && u.Vitals.ContributorAbsenceFactor != nil && *u.Vitals.ContributorAbsenceFactor == 1 {
			s.OnePerson++
		}
		if u.Outlook != nil && (u.Outlook.Band == "high" || u.Outlook.Band == "severe") {
			s.High++
		}
	}
	return s
}
