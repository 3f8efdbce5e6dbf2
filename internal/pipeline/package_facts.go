package pipeline

import (
	"strings"
	"time"

	"github.com/mainstay-oss/mainstay/internal/report"
	"github.com/mainstay-oss/mainstay/internal/upstream"
)

// addFacts writes down what registries say of a package, as far as it holds for the pipeline's date: what was published later is
// left out, and so is what was seen later and has no day of its own.
func (p *Pipeline) addFacts(row *report.Package, f upstream.Facts) {
	day := p.AsOf.Format(time.DateOnly)
	on := func(date string) *string { // a date that the document may know
		if date == "" || date > day {
			return nil
		}
		return &date
	}
	r := report.Registry{Source: f.Source, Released: on(f.Released), LatestReleased: on(f.LatestReleased), Observed: on(f.Observed)}
	seen := r.Observed != nil
	if f.Latest != "" && (r.LatestReleased != nil || f.LatestReleased == "" && seen) {
		r.Latest = &f.Latest
	}
	if seen {
		r.Publishers = f.Publishers
	}
	if r.Released != nil || r.Latest != nil || r.Publishers != nil {
		row.Registry = &r
	}
	for _, n := range published(p.listedOfPackage(row.PURL), p.AsOf) {
		text := n.Text
		if text == "" {
			text = strings.TrimPrefix(n.Source, n.Kind+": ") // the kind stands beside it
		}
		row.Notices = append(row.Notices, report.Notice{Kind: n.Kind, Date: n.Date, Source: n.Source, Text: text})
	}
	for _, n := range []report.Notice{
		{Kind: upstream.Deprecated, Date: f.DeprecatedOn, Text: f.Deprecated},
		{Kind: upstream.Yanked, Date: f.YankedOn, Text: f.Yanked},
	} {
		if n.Text != "" && on(n.Date) != nil {
			n.Source = f.Source
			row.Notices = append(row.Notices, n)
		}
	}
}
