package pipeline

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/mainstay-oss/mainstay/internal/gap"
	"github.com/mainstay-oss/mainstay/internal/upstream"
	"github.com/mainstay-oss/mainstay/internal/vitals"
)

// because gives the clauses that say why an upstream stands where it stands, the strongest first, at most three.
func (p *Pipeline) because(t *target) []string {
	text := p.Printer.Text
	var why []string
	if p.ended(t.id, p.AsOf) {
		kind, date, source, _ := upstream.Notice(t.id)
		why = append(why, text("because.ended", p.noticeKind(kind), date, source))
	}
	m := t.measured
	if m == nil {
		return why
	}
	v := &m.vitals
	if m.state == vitals.Quiet {
		switch {
		case v.Commits12m > 0:
			why = append(why, text("because.quiet.few", v.Commits12m))
		case v.LastCommit != 0:
			why = append(why, text("because.quiet", day(v.LastCommit)))
		default:
			why = append(why, text("because.quiet.never"))
		}
		if m.asked != nil && m.asked.Pulls > 0 {
			why = append(why, text("because.quiet.waiting", m.asked.Outsiders, m.asked.Oldest))
		}
	}
	if v.ContributorAbsenceFactor != nil && *v.ContributorAbsenceFactor == 1 && m.state != vitals.Ended {
		why = append(why, text("because.alone", *v.TopShare, v.Commits12m))
	}
	if fell, ago, now := m.fell(); fell && m.state == vitals.Active {
		why = append(why, text("because.fell", ago, now))
	}
	if m.outlook != nil {
		for _, r := range m.outlook.Reasons {
			// What concerns the busiest person's share has been said above, with the figure that people know it by.
			if r.Weight > 0 && !(r.Code == "share" && v.ContributorAbsenceFactor != nil && *v.ContributorAbsenceFactor == 1) {
				why = append(why, text("reason."+r.Code, r.Args...))
			}
		}
		if len(why) < 3 {
			why = append(why, text("because.fragile", m.outlook.Fragility))
		}
	}
	return why[:min(len(why), 3)]
}

// fell tells whether the absence factor fell to half or less within eighteen months, and to where from where.
func (m *measured) fell() (fell bool, ago, now int) {
	if m.factorAgo == nil || m.vitals.ContributorAbsenceFactor == nil {
		return false, 0, 0
	}
	ago, now = *m.factorAgo, *m.vitals.ContributorAbsenceFactor
	return ago >= 2*now && ago >= 3, ago, now
}

func day(unix int64) string { return time.Unix(unix, 0).UTC().Format(time.DateOnly) }

// noticeKind names a kind of notice in the user's language.
func (p *Pipeline) noticeKind(kind string) string { return p.Printer.Text("notice." + kind) }

// notRead is the one honest line on what was not read, and for the most frequent causes why; empty if everything was.
func (p *Pipeline) notRead(targets []*target, gaps []gap.Gap) string {
	missing, recalled, files, packages := 0, 0, 0, 0
	for _, t := range targets {
		switch {
		case t.measured == nil:
			missing++
		case t.measured.source == fromReference:
			recalled++
		}
	}
	var causes []string
	for _, g := range gaps {
		switch {
		case g.Stage == gap.Inventory && g.File != "":
			files += g.Count
		case g.Kind == gap.Unresolved:
			packages += g.Count
		case g.Stage == gap.History && (g.Kind == gap.HostUnreachable || g.Kind == gap.Offline || g.Kind == gap.OutOfBudget):
			causes = append(causes, p.Printer.Text("notread."+string(g.Kind), g.Count, g.What))
		}
	}
	var parts []string
	if missing+recalled > 0 {
		line := p.Printer.Text("notread.upstreams", missing+recalled, len(targets))
		if len(causes) > 0 {
			line += " (" + strings.Join(causes, ", ") + ")"
		}
		parts = append(parts, line)
	}
	if recalled > 0 {
		parts = append(parts, p.Printer.Text("notread.reference", recalled, p.Reference.Date()))
	}
	if packages > 0 {
		parts = append(parts, p.Printer.Text("notread.packages", packages))
	}
	if files > 0 {
		parts = append(parts, p.Printer.Text("notread.files", files))
	}
	if len(parts) == 0 {
		return ""
	}
	initial, size := utf8.DecodeRuneInString(parts[0])
	parts[0] = string(unicode.ToUpper(initial)) + parts[0][size:]
	return strings.Join(parts, "; ") + "."
}

// summary is the sentence that answers a scan.
func (p *Pipeline) summary(cohort string, upstreams, onePerson, ended int) string {
	switch {
	case upstreams == 0:
		return p.Printer.Text("summary.none")
	case cohort != "":
		return p.Printer.Text("summary.cohort", cohort, upstreams, onePerson, ended)
	}
	return p.Printer.Text("summary.scan", upstreams, onePerson, ended)
}

// portrait is the sentence that answers an inspection.
func (p *Pipeline) portrait(t *target) string {
	m := t.measured
	if m == nil {
		return p.Printer.Text("summary.inspect.unknown")
	}
	v := &m.vitals
	var parts []string
	if m.state == vitals.Ended {
		kind, date, _, _ := upstream.Notice(t.id)
		parts = append(parts, p.Printer.Text("summary.inspect.ended", p.noticeKind(kind), date))
	}
	switch {
	case v.Commits12m == 0:
		parts = append(parts, p.Printer.Text("summary.inspect.silent"))
	case *v.ContributorAbsenceFactor == 1:
		parts = append(parts, p.Printer.Text("summary.inspect.alone", *v.TopShare, v.Commits12m))
	default:
		parts = append(parts, p.Printer.Text("summary.inspect.shared", *v.ContributorAbsenceFactor, v.Commits12m, *v.TopShare))
	}
	if fell, ago, now := m.fell(); fell {
		parts = append(parts, p.Printer.Text("summary.inspect.fell", ago, now))
	}
	if m.source == fromReference {
		parts = append(parts, p.Printer.Text("summary.inspect.reference", m.asOf.Format(time.DateOnly)))
	}
	return strings.Join(parts, " ")
}
