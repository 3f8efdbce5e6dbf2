package report

import (
	"math"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/message"
)

// markdownFootprint writes the standing of organisations: side by side with a bar for each quarter, by upstream, and how much
// is attributed.
func markdownFootprint(line func(...string), doc *Document, p message.Printer) {
	f := footprintOf(doc)
	line(mdText(footprintFacts(doc, p)))
	head := func(align string, keys ...string) {
		names := make([]string, len(keys))
		for i, k := range keys {
			names[i] = p.Text(k)
		}
		line("| ", strings.Join(names, " | "), " |")
		line(align)
	}
	if len(f.Organisations) == 0 {
		line()
		line(mdText(p.Text("footprint.organisations.none")))
	} else {
		line()
		line("### ", p.Text("footprint.section.organisations"))
		line()
		head("|---|--:|---|--:|--:|--:|--:|--:|--:|", "footprint.column.organisation", "footprint.column.share", "footprint.column.trend",
			"footprint.column.rank", "footprint.column.people", "footprint.column.new", "footprint.column.stayed", "footprint.column.seats", "footprint.column.paper")
		for i := range f.Organisations {
			o := &f.Organisations[i]
			now := &o.InAll.Last12m
			line("| ", mdText(present(o.Name, dash)[0]), " | ", mdText(shareRange(now.Share, p)), " | ", quarterBars(&o.InAll, p), " | ",
				mdText(rankShort(now, p)), " | ", p.Text("footprint.of", message.Int(now.People), message.Int(now.PeopleAll)), " | ", message.Int(now.FirstTimers),
				" | ", mdText(stayedLong(&o.InAll, p)), " | ", mdText(seatsShort(&o.InAll, p)), " | ", paperShort(&o.InAll), " |")
		}
		line()
		line(mdText(p.Text("footprint.legend")))
	}
	drawn := f.Organisations[:min(len(f.Organisations), organisationsDrawn)]
	used := false
	for i := range drawn {
		markdownPlaces(line, head, &drawn[i], doc, p)
		if reach := reachLine(&drawn[i].InAll, p); reach != "" {
			line()
			line(mdText(reach))
			used = true
		}
	}
	if used {
		line()
		line(mdText(p.Text("footprint.reach.caveat")))
	}
	if a := attributionOfAll(f); a != nil {
		line()
		line("### ", p.Text("footprint.section.attribution"))
		line()
		line(mdText(attributionText(a, p)))
	}
	if len(f.Notes) > 0 {
		line()
		line("### ", p.Text("footprint.section.notes"))
		line()
		for _, n := range f.Notes {
			line("- ", mdText(n))
		}
	}
}

// markdownPlaces writes one organisation: its standing in a sentence, the upstreams where it works most.
func markdownPlaces(line func(...string), head func(string, ...string), o *Organisation, doc *Document, p message.Printer) {
	line()
	line("### ", mdText(p.Text("footprint.section.places", brief(o.Name))))
	line()
	if o.Text != "" && o.Text != doc.Summary.Sentence {
		line(mdText(o.Text))
		line()
	}
	if with := includes(o, p); with != "" {
		line(mdText(with))
		line()
	}
	if len(o.Upstreams) == 0 {
		line(mdText(p.Text("footprint.places.none", brief(o.Name))))
		return
	}
	head("|---|--:|--:|--:|--:|--:|--:|", "report.column.upstream", "footprint.column.share", "footprint.column.commits", "footprint.column.people",
		"footprint.column.seats", "footprint.column.paper", "footprint.column.rank")
	for i := range o.Upstreams[:min(len(o.Upstreams), first)] {
		s := &o.Upstreams[i]
		now := &s.Last12m
		line("| ", mdCode(s.Upstream), " | ", mdText(shareRange(now.Share, p)), " | ", message.Int(now.Commits), " | ", message.Int(now.People), " | ",
			mdText(seatsShort(s, p)), " | ", paperShort(s), " | ", mdText(rankShort(now, p)), " |")
	}
	if more := len(o.Upstreams) - first; more > 0 {
		line()
		line(mdText(p.Text("footprint.places.more", more)))
	}
}

// quarterBars draws both ends of the share in the last quarters, on a scale that ends at the highest upper end.
func quarterBars(s *Standing, p message.Printer) string {
	const most = 24
	quarters := s.Quarters[max(0, len(s.Quarters)-most):]
	lows, highs, top := make([]float64, len(quarters)), make([]float64, len(quarters)), 0.0
	for i, q := range quarters {
		low, high, ok := ends(q.Share)
		if !ok {
			low, high = math.NaN(), math.NaN()
		} else {
			top = max(top, high)
		}
		lows[i], highs[i] = low, high
	}
	if top == 0 {
		return dash
	}
	return mdCode(sparkTo(top, highs)) + " " + p.Text("footprint.end.high") + "<br>" + mdCode(sparkTo(top, lows)) + " " + p.Text("footprint.end.low")
}
