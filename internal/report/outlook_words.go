package report

import (
	"strings"

	"github.com/mainstay-oss/mainstay/internal/message"
)

// headline is the first line of every view: the sentence and, where not all is ranked, how far the ranking has come.
func headline(doc *Document, p message.Printer) string {
	s := doc.Summary
	switch {
	case doc.Command == "drill" && doc.Drill != nil:
		return brief(drillSentence(doc))
	case doc.Command == "inspect" && len(doc.Upstreams) > 0 && unborn(&doc.Upstreams[0]):
		return p.Text("report.unborn", brief(doc.AsOf))
	case doc.Command == "inspect" || doc.Command == "footprint" || s.Ranked >= s.Upstreams:
		return brief(s.Sentence)
	case doc.Command == "plan":
		return p.Text("table.ranked", s.Ranked, s.Upstreams) + " " + brief(s.Sentence)
	case len(doc.Subjects) == 1 && doc.Subjects[0].Kind == "cohort":
		return p.Text("table.headline.cohort", s.Upstreams, s.Ranked, s.OnePerson, s.Ended, brief(subjectName(doc.Subjects[0], p)))
	}
	return p.Text("table.headline.scan", s.Upstreams, s.Ranked, s.OnePerson, s.Ended)
}

// stateCounts counts the upstreams of each state, and the packages where there are any.
func stateCounts(doc *Document, p message.Printer) string {
	s := doc.Summary
	counts := p.Text("table.counts", s.Active, s.Quiet, s.Ended, s.Unknown)
	if s.Packages > 0 {
		counts += " · " + p.Text("table.packages", s.Packages, s.Direct)
	}
	return counts
}

// endOf says how and when an upstream ended, as far as a notice tells.
func endOf(u *Upstream, p message.Printer) string {
	for _, n := range u.Notices {
		if n.Kind == "seeking-maintainers" { // no end
			continue
		}
		kind := brief(n.Kind)
		if message.Has("notice." + n.Kind) {
			kind = p.Text("notice." + n.Kind)
		}
		return strings.Join(present(kind, brief(n.Date)), ", ")
	}
	return stateName("state.ended", p)
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
