package report

import (
	"strconv"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/message"
)

// organisationsDrawn is how many organisations have pictures and a section of their own; all others stand in the table.
const organisationsDrawn = 6

// footprintOf is the footprint of a document of that command; an empty one where there is none.
func footprintOf(doc *Document) *Footprint {
	if doc.Footprint == nil {
		return &Footprint{}
	}
	return doc.Footprint
}

// ends gives both ends of a share, in order and between 0 and 1; ok is false where the share is not known.
func ends(share []float64) (low, high float64, ok bool) {
	if len(share) != 2 || !finite(share[0]) || !finite(share[1]) {
		return 0, 0, false
	}
	low = min(max(share[0], 0), 1)
	return low, max(min(share[1], 1), low), true
}

// shareRange writes both ends of a share: whole percentages, with a decimal where whole ones would hide a little or would
// not tell the ends apart. One figure alone stands only where nothing is left open; a dash where the share is not known.
func shareRange(share []float64, p message.Printer) string {
	low, high, ok := ends(share)
	switch {
	case !ok:
		return dash
	case low == high:
		return message.Percent(low)
	}
	a, b := percentEnd(low, false), percentEnd(high, false)
	if a == b {
		a, b = percentEnd(low, true), percentEnd(high, true)
	}
	return p.Text("footprint.range", a, b)
}

func percentEnd(f float64, fine bool) string {
	decimals := 0
	switch {
	case f > 0 && f < 0.0005:
		return "<0.1"
	case fine || f > 0 && f < 0.0095:
		decimals = 1
	}
	return strconv.FormatFloat(f*100, 'f', decimals, 64)
}

// span writes a count as an interval; one figure where nothing is left open.
func span(low, open int, p message.Printer) string {
	if open <= 0 {
		return message.Int(low)
	}
	return p.Text("footprint.span", message.Int(low), message.Int(low+open))
}

// rankShort writes a place for a cell of a table: a dash where it is not known, and in brackets the places that remain
// possible where there is more than one.
func rankShort(o *Presence, p message.Printer) string {
	place := whole(o.Rank)
	if best, worst, ok := places(o); ok && (best != worst || o.Rank == nil) {
		place += " (" + span(best, worst-best, p) + ")"
	}
	return place
}

// rankLong says the same in words: the place, and what it leaves open.
func rankLong(o *Presence, p message.Printer) (place, remark string) {
	if o.CommitsAll <= 0 && o.Rank == nil {
		return p.Text("footprint.no_commits"), ""
	}
	place = p.Text("footprint.unknown")
	if o.Rank != nil {
		place = p.Text("footprint.rank.of", *o.Rank, o.Organisations)
	}
	best, worst, ok := places(o)
	switch {
	case !ok || o.Rank != nil && best == worst:
	case best == worst:
		remark = p.Text("footprint.rank.only", best)
	default:
		remark = p.Text("footprint.rank.between", best, worst)
	}
	return place, remark
}

func places(o *Presence) (best, worst int, ok bool) {
	if len(o.RankRange) != 2 {
		return 0, 0, false
	}
	return o.RankRange[0], max(o.RankRange[0], o.RankRange[1]), true
}

// latestSeats is the last sample of the seats; nil where none was taken.
func latestSeats(s *Standing) *Seats {
	if len(s.Seats) == 0 {
		return nil
	}
	return &s.Seats[len(s.Seats)-1]
}

// seatsShort writes how many of the seats are the organisation's; a dash where no governance files could be read.
func seatsShort(s *Standing, p message.Printer) string {
	seats := latestSeats(s)
	if seats == nil {
		return dash
	}
	return p.Text("footprint.of", span(seats.Seats, seats.Open, p), message.Int(seats.Listed))
}

// paperShort writes how many of the organisation's seats are held on paper alone.
func paperShort(s *Standing) string {
	if seats := latestSeats(s); seats != nil {
		return message.Int(seats.Paper)
	}
	return dash
}

// lastStayed is the newest year of whose first-timers it is known who stayed; nil where none is.
func lastStayed(s *Standing) *Presence {
	for i := len(s.Years) - 1; i >= 0; i-- {
		if s.Years[i].Stayed != nil {
			return &s.Years[i]
		}
	}
	return nil
}

// stayedLong says how many of the newest first-timers stayed of whom that is known.
func stayedLong(s *Standing, p message.Printer) string {
	y := lastStayed(s)
	switch {
	case y == nil:
		return p.Text("footprint.stayed.early")
	case y.FirstTimers == 0:
		return p.Text("footprint.stayed.none", brief(y.Period))
	}
	return p.Text("footprint.stayed.of", *y.Stayed, y.FirstTimers, brief(y.Period))
}

// lastReach is the newest quarter, not one that is still running, whose pull authors are known; nil where there is none.
func lastReach(s *Standing) *Reach {
	running := runningQuarters(s)
	var found *Reach
	for i := range s.Reach {
		r := &s.Reach[i]
		if r.PullAuthors != nil && !running[r.Quarter] {
			found = r
		}
	}
	return found
}

// runningQuarters are the quarters that are not over.
func runningQuarters(s *Standing) map[string]bool {
	running := map[string]bool{}
	for _, q := range s.Quarters {
		if !q.Whole {
			running[q.Period] = true
		}
	}
	return running
}

// lastLookup is the newest quarter in which what others use was looked up; nil where it was not.
func lastLookup(s *Standing) *Reach {
	for i := len(s.Reach) - 1; i >= 0; i-- {
		if r := &s.Reach[i]; r.Downloads != nil || r.Dependents != nil || r.Subjects != nil || r.Packages != nil {
			return r
		}
	}
	return nil
}

// reachLine puts the newest of what others use in one line; empty where nothing is known.
func reachLine(s *Standing, p message.Printer) string {
	var parts []string
	if r := lastReach(s); r != nil {
		parts = append(parts, p.Text("footprint.reach.pulls", brief(r.Quarter), *r.PullAuthors))
	}
	if r := lastLookup(s); r != nil {
		looked := len(parts)
		if r.Dependents != nil {
			parts = append(parts, p.Text("footprint.reach.dependents", *r.Dependents))
		}
		if r.Downloads != nil {
			parts = append(parts, p.Text("footprint.reach.downloads", *r.Downloads))
		}
		if r.ObservedOn != "" && len(parts) > looked {
			parts = append(parts, p.Text("footprint.reach.on", brief(r.ObservedOn)))
		}
	}
	return strings.Join(parts, " · ")
}

// covered counts the upstreams that the figures rest on, and all that were asked for.
func covered(doc *Document) (n, all int) {
	for _, a := range footprintOf(doc).Attribution {
		if a.Upstream != "" {
			n++
		}
	}
	return n, max(n, doc.Summary.Upstreams)
}

func coversText(doc *Document, p message.Printer) string {
	n, all := covered(doc)
	if n < all {
		return p.Text("footprint.covers.some", n, all)
	}
	return p.Text("footprint.covers", n)
}

// attributionOfAll is how much is attributed of all upstreams together; nil where the document does not say.
func attributionOfAll(f *Footprint) *Attribution {
	if len(f.Attribution) == 0 || f.Attribution[0].Upstream != "" {
		return nil
	}
	return &f.Attribution[0]
}

// footprintFacts says of which day the figures are, what they cover, and how much of the work is attributed.
func footprintFacts(doc *Document, p message.Printer) string {
	parts := []string{p.Text("report.as_of", brief(doc.AsOf)), coversText(doc, p)}
	if a := attributionOfAll(footprintOf(doc)); a != nil && a.Share != nil {
		parts = append(parts, p.Text("footprint.attributed", *a.Share))
	} else if a != nil {
		parts = append(parts, p.Text("footprint.attributed.none"))
	}
	return strings.Join(parts, " · ")
}

// settled is the share from which ranks and elephant factors are given.
const settled = 0.6

// attributionText says in sentences how much is attributed and what is missing.
func attributionText(a *Attribution, p message.Printer) string {
	if a.Share == nil {
		return p.Text("footprint.attribution.empty")
	}
	text := p.Text("footprint.attribution.all", a.Attributed, a.Commits, *a.Share)
	switch {
	case a.ElephantFactor != nil:
		return text + " " + p.Text("footprint.attribution.elephant", *a.ElephantFactor)
	case *a.Share >= settled:
		return text
	}
	text += " " + p.Text("footprint.attribution.under") + " "
	if a.ToSettle == nil {
		return text + p.Text("footprint.attribution.never")
	}
	return text + p.Text("footprint.attribution.settle", *a.ToSettle)
}

// includes names the subsidiaries that are counted in, the first three by name.
func includes(o *Organisation, p message.Printer) string {
	const most = 3
	names := make([]string, 0, most)
	for _, n := range o.Includes[:min(len(o.Includes), most)] {
		names = append(names, clipName(n))
	}
	all := strings.Join(names, ", ")
	if more := len(o.Includes) - most; more > 0 {
		all = p.Text("footprint.includes.more", all, more)
	}
	if all == "" {
		return ""
	}
	return p.Text("footprint.includes", all)
}
