package report

import (
	"iter"
	"slices"
	"strconv"
)

// A drillRecord is one upstream of a drill with the drill itself.
type drillRecord struct {
	*DrillUpstream
	drill *Drill
}

// drillColumns are those of CSV for the command drill. The order is part of the contract: new columns are added at the end.
var drillColumns = []column[drillRecord]{
	{"upstream", func(r *drillRecord) string { return textCell(r.Upstream) }},
	{"people_low", func(r *drillRecord) string { return nthInt(r.People, 0) }},
	{"people_high", func(r *drillRecord) string { return nthInt(r.People, 1) }},
	{"share_low", func(r *drillRecord) string { return nth(r.Share, 0) }},
	{"share_high", func(r *drillRecord) string { return nth(r.Share, 1) }},
	{"before", func(r *drillRecord) string { return optional(r.Before, number) }},
	{"probability_low", func(r *drillRecord) string { return nth(r.Probability, 0) }},
	{"probability_high", func(r *drillRecord) string { return nth(r.Probability, 1) }},
	{"verdict", func(r *drillRecord) string { return textCell(r.Verdict) }},
	{"subjects", func(r *drillRecord) string {
		return textCell(list(r.subjects(), "; ", func(s string) string { return s }))
	}},
	{"who", func(r *drillRecord) string { return textCell(r.drill.Who) }},
	{"threshold", func(r *drillRecord) string { return number(r.drill.Threshold) }},
}

// subjects are the ids of those that rest on the upstream.
func (r *drillRecord) subjects() []string {
	var ids []string
	for _, s := range r.drill.Subjects {
		if slices.Contains(s.Stops, r.Upstream) || slices.Contains(s.MayStop, r.Upstream) {
			ids = append(ids, s.Subject)
		}
	}
	return ids
}

func nthInt(values []int, i int) string {
	if i >= len(values) {
		return ""
	}
	return strconv.Itoa(values[i])
}

// drillRecords are the records of a drill.
func drillRecords(d *Drill) iter.Seq[*drillRecord] {
	return func(yield func(*drillRecord) bool) {
		for i := range d.Upstreams {
			if !yield(&drillRecord{&d.Upstreams[i], d}) {
				return
			}
		}
	}
}
