package pipeline

import (
	"cmp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/mainstay-oss/mainstay/internal/gap"
	"github.com/mainstay-oss/mainstay/internal/report"
	"github.com/mainstay-oss/mainstay/internal/vitals"
)

// because gives the clauses that say why an upstream stands where it stands, the strongest first, at most three.
func (p *Pipeline) because(t *target) []string {
	text := p.Printer.Text
	var why []string
	if n, ended := p.end(t); ended {
		why = append(why, text("because.ended", p.noticeKind(n.Kind), n.Date, cmp.Or(p.noticeSource(n.Source), n.Text, t.id)))
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
	if v.ContributorAbsenceFactor != nil && *v.ContributorAbsenceFactor == 1 && m.state == vitals.Active {
		why = append(why, text("because.alone", *v.TopShare, v.Commits12m))
	}
	if fell, ago, now := m.fell(); fell && m.state == vitals.Active {
		why = append(why, text("because.fell", ago, now))
	}
	if m.outlook != nil {
		for _, r := range m.outlook.Reasons {
			// What concerns the busiest person's share has been said above, with the figure that people know it by.
			said := r.Code == "share" && v.ContributorAbsenceFactor != nil && *v.ContributorAbsenceFactor == 1
			if r.Weight > 0 && !said && !incidental(r.Code) {
				why = append(why, text("reason."+r.Code, r.Args...))
			}
		}
		if len(why) < 3 {
			why = append(why, text("because.fragile", m.outlook.Fragility))
		}
	}
	return why[:min(len(why), 3)]
}

// incidental tells whether a cause is statistics without a story: true on average, and no reason that a maintainer would
// give. It stays among the reasons of the forecast, where its weight is shown.
func incidental(code string) bool {
	for _, prefix := range []string{"hands", "weekends", "age"} {
		if strings.HasPrefix(code, prefix) {
			return true
		}
	}
	return false
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

// notRead is the one honest line on what was not read, and for the most frequent causes why; empty only if nothing is missing.
func (p *Pipeline) notRead(targets []*target, gaps []gap.Gap) string {
	missing, recalled := 0, 0
	for _, t := range targets {
		switch {
		case t.measured == nil:
			missing++
		case t.measured.source == fromReference:
			recalled++
		}
	}
	files, packages, modules, doubtful, uncounted, entries := 0, 0, 0, 0, 0, 0
	var causes []string // of histories that are missing
	var beside []string // of what is missing besides: files of a repository, what is kept
	for _, g := range gaps {
		n := max(g.Count, 1)
		switch {
		case g.Kind == gap.NoEdges:
			modules += n
		case g.Kind == gap.NoParent: // one file, whoever needs it
			files++
		case g.Stage == gap.Inventory:
			files += n
		case g.Kind == gap.NoReach:
			uncounted += n
		case g.Stage == gap.Upstream:
			packages += n
		case g.Kind == gap.BadDates:
			doubtful++
		case g.Kind == gap.BadEntry:
			entries += n
		case g.Stage == gap.People:
			beside = append(beside, p.cause(g))
		default:
			causes = append(causes, p.cause(g))
		}
	}
	causes, beside = fewCauses(causes), fewCauses(beside)
	var parts []string
	if missing+recalled > 0 {
		line := p.Printer.Text("notread.upstreams", missing+recalled, len(targets))
		if len(causes) > 0 {
			line += " (" + strings.Join(causes, ", ") + ")"
		}
		parts = append(parts, line)
	} else {
		parts = append(parts, causes...)
	}
	if recalled > 0 {
		parts = append(parts, p.Printer.Text("notread.reference", recalled, p.Reference.Date()))
	}
	parts = append(parts, beside...)
	for _, part := range []struct {
		key string
		n   int
	}{{"notread.packages", packages}, {"notread.files", files}, {"notread.modules", modules}, {"notread.doubtful", doubtful}, {"notread.reach", uncounted}, {"notread.entries", entries}} {
		if part.n > 0 {
			parts = append(parts, p.Printer.Text(part.key, part.n))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	initial, size := utf8.DecodeRuneInString(parts[0])
	parts[0] = string(unicode.ToUpper(initial)) + parts[0][size:]
	return strings.Join(parts, "; ") + "."
}

// cause says in few words why something was not read.
func (p *Pipeline) cause(g gap.Gap) string {
	n := max(g.Count, 1)
	switch g.Kind {
	case gap.HostUnreachable, gap.Offline, gap.OutOfBudget, gap.Interrupted:
		return p.Printer.Text("notread."+string(g.Kind), n, g.What)
	}
	return p.Printer.Text("notread.cause", cmp.Or(g.What, g.File), p.Printer.Text("gap."+string(g.Kind)+".why", g.What, n))
}

// fewCauses keeps the first causes, and a sign that there are more.
func fewCauses(all []string) []string {
	const most = 3
	if len(all) > most {
		return append(all[:most], "…")
	}
	return all
}

// summary is the sentence that answers a scan. Where not all could be measured it says of how many it speaks: what is not
// known rests on nobody knows how many.
func (p *Pipeline) summary(cohort string, s report.Summary) string {
	var name []any
	key := "summary.scan."
	if cohort != "" {
		name, key = []any{cohort}, "summary.cohort."
	}
	switch known := s.Upstreams - s.Unknown; {
	case s.Upstreams == 0 && s.Packages > 0:
		return p.Printer.Text("summary.unresolved", s.Packages)
	case s.Upstreams == 0:
		return p.Printer.Text("summary.none")
	case known == 0:
		return p.Printer.Text(key+"unknown", append([]any{s.Upstreams}, name...)...)
	case known < s.Upstreams:
		return p.Printer.Text(key+"some", append([]any{s.Upstreams, s.OnePerson, s.Ended, known}, name...)...)
	}
	return p.Printer.Text(key+"all", append([]any{s.Upstreams, s.OnePerson, s.Ended}, name...)...)
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
		n, _ := p.end(t)
		parts = append(parts, p.Printer.Text("summary.inspect.ended", p.noticeKind(n.Kind), n.Date))
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
