package report

import (
	"strings"

	"github.com/mainstay-oss/mainstay/internal/message"
)

// headline is the first line of every view: how far the ranking has come, if not all the way, and the sentence.
func headline(doc *Document, p message.Printer) string {
	s := brief(doc.Summary.Sentence)
	if doc.Command != "inspect" && doc.Summary.Ranked < doc.Summary.Upstreams {
		return p.Text("table.ranked", doc.Summary.Ranked, doc.Summary.Upstreams) + " " + s
	}
	return s
}

// standing says in a word or two how an upstream stands: its band where it has an outlook, else its state; and the
// probability of a stop, empty where there is none.
func standing(u *Upstream, p message.Printer) (word, probability string) {
	if u.State == "quiet" && u.QuietKind != nil {
		return p.Text("table.quiet", stateName("quiet."+*u.QuietKind, p)), ""
	}
	if u.State != "active" || u.Outlook == nil || u.Outlook.Band == "" {
		return stateName("state."+u.State, p), ""
	}
	if u.Outlook.Probability12m != nil {
		probability = message.Percent(*u.Outlook.Probability12m)
	}
	return stateName("band."+u.Outlook.Band, p), probability
}

// stateName translates a word of the contract, whose key ends in that word; one that the catalogue lacks stands as it is.
func stateName(key string, p message.Printer) string {
	if !message.Has(key) {
		return brief(key[strings.LastIndexByte(key, '.')+1:])
	}
	return p.Text(key)
}

// passedReason says why something was passed over; a reason that the catalogue lacks stands as it is.
func passedReason(reason string, p message.Printer) string {
	if key := "report.passed." + reason; message.Has(key) {
		return p.Text(key)
	}
	return brief(reason)
}

// standingStyle is the colour of an upstream's standing; the word beside it always says the same.
func standingStyle(u *Upstream) string {
	switch {
	case u.State == "ended":
		return red
	case u.State != "active" || u.Outlook == nil:
		return ""
	}
	switch u.Outlook.Band {
	case "severe":
		return red
	case "high":
		return yellow
	case "watch":
		return cyan
	case "calm":
		return green
	}
	return ""
}
