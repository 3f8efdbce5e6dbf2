package report

import (
	"strings"

	"github.com/mainstay-oss/mainstay/internal/message"
)

// foldersShown is how many folders a terminal and Markdown name; the JSON document has all of them.
const foldersShown = 8

// territory writes which parts of the code nobody at work knows.
func (t *sheet) territory(u *Upstream) {
	land := u.Territory
	if land == nil {
		return
	}
	t.heading(t.p.Text("report.section.territory"), t.p.Text("report.as_of", brief(land.AsOf)))
	t.text(2, "", territoryText(land, t.p), 0)
	t.facts(territoryFacts(land, t.p))
	folders := telling(land)
	if len(folders) == 0 {
		return
	}
	t.blank()
	t.text(2, bold, t.p.Text("territory.worst"), 0)
	for _, f := range folders[:min(len(folders), foldersShown)] {
		t.folder(f)
	}
	if more := len(folders) - foldersShown; more > 0 {
		t.text(2, dim, t.p.Text("territory.worst_more", more), 0)
	}
}

// folder writes a folder's share of orphaned files, and who could take it over.
func (t *sheet) folder(f *Folder) {
	const bars, gap = 12, 2
	share := " " + padLeft(message.Percent(orphanedShare(f.Orphaned, f.Files)), 5)
	room := min(t.width, paragraphWidth) - 2 - gap - width(share) - bars
	if room < 24 { // no room for a bar
		room += bars + gap
		t.line("  ", t.style(bold, pad(shorten(brief(f.Path), room-gap), room-gap)), share)
	} else {
		t.line("  ", t.style(bold, pad(shorten(brief(f.Path), room), room)), strings.Repeat(" ", gap), pad(bar(orphanedShare(f.Orphaned, f.Files), bars), bars), share)
	}
	t.text(4, "", strings.Join(present(t.p.Text("territory.tip", f.Orphaned, f.Files), knowingText(f, t.p), changedText(f, t.p)), " · "), 0)
	t.text(4, dim, t.p.Text("territory.successors", strings.Join(successorTexts(f, clipName, t.p), "; ")), 0)
}
