package report

import (
	"strconv"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/message"
)

// markdownStanding writes who is listed as having a say, and how outsiders fared.
func markdownStanding(line func(...string), u *Upstream, p message.Printer) {
	line()
	line("### ", p.Text("report.section.seats"))
	line()
	line(mdText(seatsText(u.Governance, p)))
	if g := u.Governance; g != nil && len(g.Series) > 1 {
		const most = 8 // quarters
		line()
		line("| ", p.Text("report.column.quarter"), " | ", p.Text("report.measure.listed"), " | ", p.Text("report.measure.at_work"), " | ",
			p.Text("report.measure.paper"), " | ", p.Text("report.measure.unmatched"), " |")
		line("|---|--:|--:|--:|--:|")
		for _, s := range g.Series[max(0, len(g.Series)-most):] {
			line("| ", mdText(s.AsOf), " | ", strconv.Itoa(s.Listed), " | ", strconv.Itoa(s.Active), " | ", strconv.Itoa(s.Paper), " | ", strconv.Itoa(s.Unmatched), " |")
		}
	}
	if files := seatFiles(u.Governance, p); files != "" {
		line()
		line(mdText(files))
	}
	line()
	line("### ", p.Text("report.section.way_in"))
	line()
	facts := wayFacts(u.WayIn, p)
	if len(facts) == 0 {
		line(mdText(p.Text("wayin.unknown")))
	}
	for _, f := range facts {
		line("- ", p.Text("report.measure."+f.field), ": ", mdText(f.said()))
	}
	if last := lastSeats(u.WayIn, p); last != "" {
		line()
		line(mdText(last))
	}
}

// markdownTerritory writes which parts of the code nobody at work knows, and who could take them over.
func markdownTerritory(line func(...string), u *Upstream, p message.Printer) {
	t := u.Territory
	if t == nil {
		return
	}
	line()
	line("### ", p.Text("report.section.territory"))
	line()
	line(mdText(territoryText(t, p)))
	line()
	for _, f := range territoryFigures(t, p) {
		line("- ", mdText(f.Name), ": ", mdText(f.Value))
	}
	folders := telling(t)
	if len(folders) == 0 {
		return
	}
	line()
	line("| ", p.Text("territory.column.folder"), " | ", p.Text("territory.column.orphaned"), " | ", p.Text("territory.column.knowing"), " | ",
		p.Text("territory.column.last_change"), " | ", p.Text("territory.column.successors"), " |")
	line("|---|--:|--:|---|---|")
	for _, f := range folders[:min(len(folders), foldersShown)] {
		line("| ", mdCode(clipName(f.Path)), " | ", mdText(message.Percent(orphanedShare(f.Orphaned, f.Files))+" ("+p.Text("wayin.count", f.Orphaned, f.Files)+")"), " | ",
			strconv.Itoa(f.Knowing), " | ", mdText(f.LastChange), " | ", mdText(strings.Join(successorTexts(f, clipName, p), "; ")), " |")
	}
	if more := len(folders) - foldersShown; more > 0 {
		line()
		line(mdText(p.Text("territory.worst_more", more)))
	}
}
