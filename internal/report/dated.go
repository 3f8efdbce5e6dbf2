package report

import (
	"time"

	"github.com/mainstay-oss/mainstay/internal/message"
)

// Figures of another day than the document's are marked from this many days on, and called old from half a year on.
const (
	markedDays = 31
	oldDays    = 183
)

// figuresOf gives the day of an upstream's figures where that differs by more than a month from the document's, else "".
func figuresOf(doc *Document, u *Upstream) string {
	if u == nil || u.Vitals == nil || daysBefore(u.Vitals.AsOf, doc.AsOf) <= markedDays {
		return ""
	}
	return brief(u.Vitals.AsOf)
}

// oldFigures says that an upstream's figures are over half a year older than the document; "" where they are not.
func oldFigures(doc *Document, u *Upstream, p message.Printer) string {
	if u == nil || u.Vitals == nil || daysBefore(u.Vitals.AsOf, doc.AsOf) <= oldDays {
		return ""
	}
	return p.Text("table.old", brief(u.Vitals.AsOf))
}

// daysBefore is how many days a date lies before another; 0 where either is no date.
func daysBefore(date, other string) int {
	a, errA := time.Parse(time.DateOnly, date)
	b, errB := time.Parse(time.DateOnly, other)
	if errA != nil || errB != nil {
		return 0
	}
	return int(b.Sub(a) / (24 * time.Hour))
}

// commonDate gives the one day to which the pulses of all rows reach, as far as a month; "" where they differ by more.
func commonDate(doc *Document, rows []*Upstream) string {
	date, same := "", true
	for _, u := range rows {
		switch {
		case u.Vitals == nil || u.Vitals.AsOf == "":
		case date == "":
			date = u.Vitals.AsOf
		case date != u.Vitals.AsOf:
			same = false
		}
	}
	if same && date != "" {
		return brief(date)
	}
	for _, u := range rows {
		if figuresOf(doc, u) != "" {
			return ""
		}
	}
	return brief(doc.AsOf)
}

// unborn tells whether a history was read that holds no commit up to the day of the figures.
func unborn(u *Upstream) bool {
	return u.State == "unknown" && u.Vitals != nil && u.Vitals.FirstCommit == nil && u.Vitals.Commits12m == 0
}

// upstreamOf finds an upstream by its id; nil if there is none.
func upstreamOf(doc *Document, id string) *Upstream {
	for i := range doc.Upstreams {
		if doc.Upstreams[i].ID == id {
			return &doc.Upstreams[i]
		}
	}
	return nil
}
