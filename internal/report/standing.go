package report

import (
	"strings"

	"github.com/mainstay-oss/mainstay/internal/message"
)

// What every view says of an upstream's seats and of the way in.

// seatsText counts the seats in a sentence.
func seatsText(g *Governance, p message.Printer) string {
	switch {
	case g == nil:
		return p.Text("seats.unknown")
	case g.Listed <= 0:
		return p.Text("seats.none")
	case g.Unmatched > 0:
		return p.Text("seats.text_unmatched", g.Active, g.Listed, g.Paper, g.Unmatched)
	}
	return p.Text("seats.text", g.Active, g.Listed, g.Paper)
}

// filesShown is how many governance files a view names; the JSON document has all of them.
const filesShown = 4

// seatFiles names the files that the seats were read from; empty where there are none.
func seatFiles(g *Governance, p message.Printer) string {
	if g == nil || len(g.Files) == 0 {
		return ""
	}
	files := make([]string, 0, filesShown)
	for _, f := range g.Files[:min(len(g.Files), filesShown)] {
		files = append(files, clipName(f))
	}
	all := strings.Join(files, ", ")
	if more := len(g.Files) - filesShown; more > 0 {
		all = p.Text("page.more", all, more)
	}
	return p.Text("seats.files", all)
}

// A wayFact is one figure of the way in: a value, for a share also of how many, or why there is none.
type wayFact struct {
	field, value, of, why string
	share                 *float64
}

// said is the fact in one line.
func (f wayFact) said() string {
	switch {
	case f.value == "":
		return f.why
	case f.of == "":
		return f.value
	}
	return f.value + " (" + f.of + ")"
}

// wayFacts lists how outsiders fared; nothing where nothing at all is known.
func wayFacts(w *WayIn, p message.Printer) []wayFact {
	if w == nil {
		return nil
	}
	pulls := wayFact{field: "merged_share", why: p.Text("wayin.pulls_unknown")}
	if w.OutsidePulls != nil {
		pulls = shareFact("merged_share", w.MergedShare, w.OutsideMerged, *w.OutsidePulls, p)
	}
	facts := []wayFact{pulls, shareFact("stayed_share", w.StayedShare, &w.Stayed, w.Newcomers, p)}
	seat := wayFact{field: "days_to_seat", why: p.Text("wayin.no_seat")}
	if w.MedianToSeat != nil {
		seat = wayFact{field: "days_to_seat", value: message.Int(*w.MedianToSeat)}
	}
	tractability := wayFact{field: "tractability", why: p.Text("wayin.unknown")}
	if w.Tractability != nil {
		tractability = wayFact{field: "tractability", value: twoDecimals(*w.Tractability)}
	}
	return append(facts, seat, tractability)
}

func shareFact(field string, share *float64, some *int, all int, p message.Printer) wayFact {
	if share == nil || some == nil {
		return wayFact{field: field, why: p.Text("wayin.none")}
	}
	return wayFact{field: field, value: message.Percent(*share), of: p.Text("wayin.count", *some, all), share: share}
}

// lastSeats tells how long each of the last took to be listed; empty where none is known.
func lastSeats(w *WayIn, p message.Printer) string {
	if w == nil || len(w.DaysToSeat) == 0 {
		return ""
	}
	return p.Text("wayin.last", list(w.DaysToSeat[:min(len(w.DaysToSeat), 5)], ", ", message.Int))
}
