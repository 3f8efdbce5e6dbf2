package report

import (
	"cmp"
	"html/template"
	"slices"
	"strconv"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/message"
)

// A pageView is the document as the page shows it: every text chosen, cleaned and formatted, every picture drawn. The
// template only puts things in order.
type pageView struct {
	Lang, Title, Policy string
	Style               template.CSS
	Script              template.JS

	Eyebrow, Sentence, AsOf, NotRead, Ranked string
	Counts                                   []countView
	Strip                                    []stripPart
	PlanFirst                                bool
	Changes                                  *changesView // for scan

	Footprint *footprintView // for footprint

	Towers    []towerView
	Legend    []legendView
	ByTone    bool
	One       *upstreamView // for inspect
	First     []upstreamView
	Ended     []endedView         // where more than a few of the first have ended
	Leave     []packageNoticeView // packages that are deprecated or yanked
	Plan      *planView
	Drill     *drillView // for drill
	Rows      []rowView
	MoreLeave int  // of Leave, those that are not shown
	Dated     bool // some rows are of another day than the page
	Filters   []filterView
	Gaps      []gapView
	Passed    []string
	Next      []string
	Measures  []termView

	Reproduce, Tool, Schema string
}

type countView struct {
	Value, Label, Tone string
}

type stripPart struct {
	X, W px
	Tone string
	Text string
}

type legendView struct {
	Tone, Text string
}

type filterView struct {
	Tone, Text string
	Count      int
}

type termView struct {
	ID, Name, Explain string
}

type endedView struct {
	Rank, Before, Last, Link, Text, Row string
}

type gapView struct {
	Stage, Kind, Place, What, Why, Hint string
	Count                               int
}

func newPage(doc *Document, p message.Printer) *pageView {
	lang := string(p.Lang)
	if p.Lang != message.Korean {
		lang = string(message.English)
	}
	style := pageStyle
	if doc.Command == "footprint" {
		style += footprintStyle
	}
	v := &pageView{
		Lang: lang, Policy: policy(style, pageScript), Style: template.CSS(style), Script: template.JS(pageScript),
		Eyebrow:  eyebrow(doc, p),
		Sentence: pageText(sentence(doc, p)),
		AsOf:     clipName(doc.AsOf),
		NotRead:  pageText(doc.Summary.NotRead),
		Gaps:     newGaps(doc, p),
		Measures: newTerms(p), Reproduce: reproduce(doc, lang),
		Tool:   strings.TrimSpace(clipName(doc.Tool.Name) + " " + clipName(doc.Tool.Version)),
		Schema: strconv.Itoa(doc.SchemaVersion),
	}
	v.Title = p.Text("page.title", v.Eyebrow, v.AsOf)
	for _, command := range doc.Next {
		v.Next = append(v.Next, clip(command, textRunes))
	}
	for _, passed := range doc.Passed {
		v.Passed = append(v.Passed, p.Text("page.passed", message.Int(passed.Count), pageText(passedReason(passed.Reason, p))))
	}
	if doc.Command == "footprint" {
		v.addFootprint(doc, p)
		return v
	}
	packages := map[string]*Package{}
	for i := range doc.Packages {
		packages[doc.Packages[i].PURL] = &doc.Packages[i]
	}
	ways := func(u *Upstream) []wayView { return newWays(doc, u, packages, p) }
	if doc.Command == "inspect" && len(doc.Upstreams) == 1 {
		one := newUpstream(&doc.Upstreams[0], p, ways(&doc.Upstreams[0]))
		one.addDepth(&doc.Upstreams[0], p)
		v.One = &one
		return v
	}
	if doc.Command == "drill" && doc.Drill != nil {
		v.Drill = newDrill(doc, p)
		return v
	}
	v.Plan = newPlan(doc, p)
	v.PlanFirst = doc.Command == "plan" && v.Plan != nil
	v.Counts = newCounts(doc, p)
	v.Changes = newChanges(doc, p)
	if len(doc.Upstreams) == 0 {
		return v
	}
	v.Ranked = p.Text("report.ranked", doc.Summary.Ranked, len(doc.Upstreams))
	counts := map[string]int{}
	for i := range doc.Upstreams {
		counts[toneOf(&doc.Upstreams[i])]++
	}
	v.Strip = newStrip(counts, len(doc.Upstreams), p)
	v.Towers = newTowers(doc, p)
	v.ByTone = v.Towers[0].byTone
	for _, tone := range tones {
		if counts[tone] > 0 {
			v.Legend = append(v.Legend, legendView{tone, p.Text(toneKey(tone))})
			v.Filters = append(v.Filters, filterView{tone, p.Text(toneKey(tone)), counts[tone]})
		}
	}
	for i := range doc.Upstreams {
		row := newRowView(i, &doc.Upstreams[i], p)
		row.Dated = figuresOf(doc, &doc.Upstreams[i])
		v.Dated = v.Dated || row.Dated != ""
		v.Rows = append(v.Rows, row)
	}
	rowOf := map[*Upstream]string{}
	for i := range doc.Upstreams {
		rowOf[&doc.Upstreams[i]] = rowHref(i)
	}
	v.Leave, v.MoreLeave = newPackageNotices(doc, p)
	look := newFirstLook(doc)
	for _, u := range look.rows {
		card := newUpstream(u, p, ways(u))
		card.Row = rowOf[u]
		if date := figuresOf(doc, u); date != "" {
			card.Dated = p.Text("report.as_of", unbroken(date))
		}
		v.First = append(v.First, card)
	}
	slices.SortStableFunc(v.First, func(a, b upstreamView) int { return cmp.Compare(a.rank, b.rank) })
	for _, u := range look.ended {
		e := endedView{Rank: message.Int(rankOf(u)), Link: forgeLink(u.ID), Text: pageText(endOf(u, p)), Row: rowOf[u]}
		e.Before, e.Last = splitID(u.ID)
		v.Ended = append(v.Ended, e)
	}
	return v
}

// sentence is the page's headline; how far the ranking has come stands above it.
func sentence(doc *Document, p message.Printer) string {
	if doc.Command == "inspect" && len(doc.Upstreams) > 0 && unborn(&doc.Upstreams[0]) {
		return headline(doc, p)
	}
	if doc.Command == "drill" && doc.Drill != nil {
		return drillSentence(doc)
	}
	return doc.Summary.Sentence
}

// eyebrow says what kind of page this is and of what.
func eyebrow(doc *Document, p message.Printer) string {
	key, bare := "page.kind.scan", "page.bare.scan"
	switch {
	case doc.Command == "inspect":
		key, bare = "page.kind.inspect", "page.bare.inspect"
	case doc.Command == "plan":
		key, bare = "page.kind.plan", "page.bare.plan"
	case doc.Command == "drill" && doc.Drill != nil:
		return p.Text("page.kind.drill", drillOf(doc.Drill, p))
	case doc.Command == "footprint":
		return footprintEyebrow(doc, p)
	case len(doc.Subjects) == 1 && doc.Subjects[0].Kind == "cohort":
		key = "page.kind.cohort"
	}
	if all := subjectNames(doc, p); all != "" {
		return p.Text(key, all)
	}
	return p.Text(bare)
}

// subjectNames names the subjects, the first three by name.
func subjectNames(doc *Document, p message.Printer) string {
	const most = 3
	var all []string
	for i, s := range doc.Subjects {
		if i == most {
			return p.Text("page.more", strings.Join(all, ", "), len(doc.Subjects)-most)
		}
		all = append(all, subjectName(s, p))
	}
	return strings.Join(all, ", ")
}

// subjectName names a subject; a folder that was named by a dot has no better name than "this folder".
func subjectName(s Subject, p message.Printer) string {
	switch id := cmp.Or(s.ID, s.Path, s.Kind); id {
	case ".", "./":
		return p.Text("page.subject.here")
	default:
		return clipName(id)
	}
}

func newCounts(doc *Document, p message.Printer) []countView {
	s := doc.Summary
	all := []struct {
		n         int
		key, tone string
		always    bool
	}{
		{s.Upstreams, "page.count.upstreams", "", true},
		{s.OnePerson, "page.count.one_person", "", true},
		{s.High, "page.count.high", "severe", true},
		{s.Ended, "state.ended", "ended", true},
		{s.Quiet, "state.quiet", "quiet", false},
		{s.Unknown, "state.unknown", "unknown", false},
		{s.Active, "state.active", "", true},
		{s.Packages, "page.count.packages", "", false},
	}
	var counts []countView
	for _, c := range all {
		if c.n > 0 || c.always {
			counts = append(counts, countView{message.Int(c.n), p.Text(c.key, c.n), c.tone})
		}
	}
	return counts
}

// newStrip shares 1000 among the tones by their counts.
func newStrip(counts map[string]int, all int, p message.Printer) []stripPart {
	var parts []stripPart
	x := 0.0
	for _, tone := range tones {
		if n := counts[tone]; n > 0 {
			w := float64(n) / float64(all) * 1000
			parts = append(parts, stripPart{px(x), px(max(w-2, 1)), tone, p.Text("page.tip.figure", p.Text(toneKey(tone)), message.Int(n))})
			x += w
		}
	}
	return parts
}

func newGaps(doc *Document, p message.Printer) []gapView {
	var gaps []gapView
	for _, g := range doc.Gaps {
		place := clipName(g.File)
		if g.Line != nil && place != "" {
			place += ":" + strconv.Itoa(*g.Line)
		}
		gaps = append(gaps, gapView{
			Stage: wordOr(p, "report.stage.", g.Stage), Kind: wordOr(p, "report.gap.", g.Kind), Place: place,
			What: clipName(g.What), Why: pageText(g.Why), Hint: pageText(g.Hint), Count: g.Count,
		})
	}
	return gaps
}

// wordOr looks a word of the document up, and shows the word itself where the catalogue has none.
func wordOr(p message.Printer, prefix, word string) string {
	if message.Has(prefix + word) {
		return p.Text(prefix + word)
	}
	return clipName(word)
}

// terms are the measures that the page explains, by their field in the JSON document.
var terms = []string{
	"state", "probability_12m", "interval", "band", "collapse_12m", "fragility", "contributor_absence_factor_12m", "top_share_12m",
	"contributors_12m", "commits_12m", "exposure", "loss", "attention", "observed_until",
}

func newTerms(p message.Printer) []termView {
	var all []termView
	for _, t := range terms {
		all = append(all, termView{"def-" + t, p.Text("report.measure." + t), p.Text("report.explain." + t)})
	}
	return all
}

// reproduce is the command that writes this page again: the one that was typed, with the date and the language that it may
// have left to the day and the machine. Where it is not known, one is made from what was scanned.
func reproduce(doc *Document, lang string) string {
	if doc.Invocation != "" {
		command := clip(doc.Invocation, textRunes)
		for _, flag := range [][2]string{{"--as-of", clipName(doc.AsOf)}, {"--lang", lang}} {
			if !strings.Contains(command+" ", " "+flag[0]+" ") && !strings.Contains(command, " "+flag[0]+"=") {
				command += " " + flag[0] + " " + ShellWord(flag[1])
			}
		}
		return command
	}
	words := []string{"mainstay", clipName(cmp.Or(doc.Command, "scan"))}
	if doc.Command == "plan" && doc.Plan != nil {
		words = append(words, "--engineers", strconv.Itoa(doc.Plan.Engineers))
		if doc.Plan.Goal == "standing" {
			words = append(words, "--goal", "standing")
		}
	}
	if doc.Command == "drill" && doc.Drill != nil {
		if doc.Drill.Who == "busiest" {
			words = append(words, "--busiest")
		} else {
			words = append(words, "--org", ShellWord(clipName(doc.Drill.Who)))
		}
	}
	if doc.Command == "footprint" {
		for _, o := range footprintOf(doc).Organisations[:min(len(footprintOf(doc).Organisations), organisationsDrawn)] {
			words = append(words, "--org", ShellWord(clipName(o.Name)))
		}
	}
	switch {
	case doc.Command == "inspect" && len(doc.Upstreams) == 1:
		words = append(words, ShellWord(clipName(doc.Upstreams[0].ID)))
	default:
		for i, s := range doc.Subjects {
			if i == 8 {
				words = append(words, "…")
				break
			}
			if s.Kind == "cohort" {
				words = append(words, "--cohort")
			}
			words = append(words, ShellWord(clipName(cmp.Or(s.Path, s.ID))))
		}
	}
	words = append(words, "--as-of", ShellWord(clipName(doc.AsOf)), "--lang", lang, "-f", "html", "-o", "report.html")
	return strings.Join(words, " ")
}
