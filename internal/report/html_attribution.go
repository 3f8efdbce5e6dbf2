package report

import (
	"strconv"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/message"
)

// An attributionView says how much is attributed, of all upstreams and of each.
type attributionView struct {
	Text  string
	Share intervalView
	Rows  []attributionRow
	Who   bool // some are named, or their commits told
	More  string
}

type attributionRow struct {
	Before, Last, Link   string
	Share                intervalView
	Commits              string
	Elephant, ElephantAs string
	Settle, SettleAs     string
	Who                  []string
}

// newAttribution tells of each upstream how much is attributed, and whose affiliations would settle it.
func newAttribution(f *Footprint, p message.Printer) attributionView {
	var v attributionView
	if a := attributionOfAll(f); a != nil {
		v.Text = pageText(attributionText(a, p))
	}
	shown := 0
	for i := range f.Attribution {
		a := &f.Attribution[i]
		if a.Upstream == "" {
			continue
		}
		if shown++; shown > attributionOnPage {
			continue
		}
		row := attributionRow{Link: forgeLink(a.Upstream), Commits: message.Int(a.Commits), Elephant: p.Text("footprint.unknown"), Who: whoOf(a, p)}
		row.Before, row.Last = splitID(a.Upstream)
		if a.Share != nil {
			row.Share = newInterval([]float64{*a.Share, *a.Share}, p)
		} else {
			row.Share = newInterval(nil, p)
		}
		if a.ElephantFactor != nil {
			row.Elephant, row.ElephantAs = message.Int(*a.ElephantFactor), strconv.Itoa(*a.ElephantFactor)
		}
		switch {
		case a.Share == nil:
			row.Settle = dash
		case a.ToSettle == nil:
			row.Settle = p.Text("footprint.settle.never")
		case *a.ToSettle == 0:
			row.Settle, row.SettleAs = p.Text("footprint.settle.nobody"), "0"
		default:
			row.Settle, row.SettleAs = p.Text("footprint.settle.people", *a.ToSettle), strconv.Itoa(*a.ToSettle)
		}
		v.Who = v.Who || len(row.Who) > 0
		v.Rows = append(v.Rows, row)
	}
	if shown > attributionOnPage {
		v.More = p.Text("footprint.attribution.more", shown-attributionOnPage)
	}
	return v
}

// whoOf tells whose affiliations would settle an upstream: by name where the document holds one, else by their commits.
func whoOf(a *Attribution, p message.Printer) []string {
	var who, unnamed []string
	for _, o := range a.People[:min(len(a.People), peopleOnPage)] {
		if o.Name != nil && *o.Name != "" {
			who = append(who, p.Text("footprint.settle.named", clipName(*o.Name), o.Commits))
		} else {
			unnamed = append(unnamed, message.Int(o.Commits))
		}
	}
	if len(unnamed) > 0 {
		who = append(who, p.Text("footprint.settle.unnamed", strings.Join(unnamed, ", ")))
	}
	if more := len(a.People) - peopleOnPage; more > 0 {
		who = append(who, p.Text("footprint.settle.others", more))
	}
	return who
}
