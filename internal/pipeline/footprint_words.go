package pipeline

import (
	"slices"
	"strings"
	"time"

	"github.com/mainstay-oss/mainstay/internal/footprint"
	"github.com/mainstay-oss/mainstay/internal/report"
)

// standingSentence says an organisation's standing in the last year.
func (p *Pipeline) standingSentence(o *report.Organisation, upstreams int) string {
	text := p.Printer.Text
	last := &o.InAll.Last12m
	switch {
	case upstreams == 0:
		return text("summary.footprint.unknown")
	case last.Commits == 0:
		return text("summary.footprint.nothing", o.Name, upstreams)
	}
	var said []string
	if last.CommitsOpen == 0 {
		said = append(said, text("summary.footprint.exact", o.Name, last.Share[0], last.CommitsAll, upstreams, last.People))
	} else {
		said = append(said, text("summary.footprint", o.Name, last.Share[0], last.Share[1], last.CommitsAll, upstreams, last.People))
	}
	if last.Rank != nil {
		said = append(said, text("summary.footprint.rank", *last.Rank, last.Organisations))
	} else {
		said = append(said, text("summary.footprint.unranked", float64(last.CommitsAll-last.CommitsOpen)/float64(last.CommitsAll)))
	}
	return strings.Join(said, " ")
}

// footprintNotes say what the figures do not.
func (p *Pipeline) footprintNotes(total *footprint.Result, targets []*target) []string {
	var notes []string
	note := func(key string, args ...any) { notes = append(notes, p.Printer.Text(key, args...)) }
	if len(targets) == 0 {
		return nil
	}
	note("footprint.note.mail")
	if total.Hashed > 0 {
		note("footprint.note.hashed", total.Hashed)
	}
	if n, oldest := p.behind(targets); n > 0 {
		note("footprint.note.behind", n, oldest.Format(time.DateOnly))
	}
	if total.PullsUnknown > 0 {
		note("footprint.note.pulls", total.PullsUnknown)
	}
	seatless := 0
	for _, t := range targets {
		if t.measured.roll == nil {
			seatless++
		}
	}
	if seatless > 0 {
		note("footprint.note.seats", seatless)
	}
	return notes
}

// behind counts the targets whose figures are more than a month older than the document's date, and gives the oldest date.
func (p *Pipeline) behind(targets []*target) (n int, oldest time.Time) {
	for _, t := range targets {
		if at := t.measured.asOf; at.Before(p.AsOf.AddDate(0, -1, 0)) {
			if n++; n == 1 || at.Before(oldest) {
				oldest = at
			}
		}
	}
	return n, oldest
}

// footprintNext gives commands to try after a footprint, for the same day: they are to tell of the same commits and people.
func (p *Pipeline) footprintNext(req Request, organisations []string) []string {
	var orgs []string
	for _, name := range organisations {
		orgs = append(orgs, "--org", name)
	}
	asked := words(req)
	if p.AsOf.Before(p.Today) {
		asked = slices.Concat(asked, []string{"--as-of", p.AsOf.Format(time.DateOnly)})
	}
	asked = slices.Concat(asked, p.Place)
	what := p.repeat(slices.Concat(orgs, asked))
	return []string{
		"mainstay footprint " + what + " -o footprint.html",
		"mainstay footprint " + what + " --names --fill open.yaml",
		"mainstay plan --goal standing --engineers 2 " + p.repeat(slices.Concat(orgs[:2], asked)),
	}
}
