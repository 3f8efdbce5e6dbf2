package report

import (
	"github.com/mainstay-oss/mainstay/internal/message"
)

// What every view says of a territory.

// territoryText tells in a sentence how much of the code nobody at work knows.
func territoryText(t *Territory, p message.Printer) string {
	switch {
	case t.Files <= 0:
		return p.Text("territory.none")
	case t.Orphaned <= 0:
		return p.Text("territory.whole")
	}
	return p.Text("territory.text", t.Orphaned, t.Files, orphanedShare(t.Orphaned, t.Files))
}

// territoryFacts are its figures, with their names.
func territoryFacts(t *Territory, p message.Printer) []fact {
	figures := territoryFigures(t, p)
	facts := make([]fact, len(figures))
	for i, f := range figures {
		facts[i] = fact{f.Name, f.Value}
	}
	return facts
}

func territoryFigures(t *Territory, p message.Printer) []figureView {
	return []figureView{
		figure(p, "truck_factor", countText(t.TruckFactor)),
		figure(p, "orphaned", shareText(t.OrphanedShare)),
		figure(p, "source_files", message.Int(t.Files)),
		figure(p, "authors", message.Int(t.Authors)),
		figure(p, "left_out", message.Int(t.PassedOver)),
	}
}

// orphanedShare is the share of orphaned files in a folder; 0 where it has none.
func orphanedShare(orphaned, files int) float64 {
	if files <= 0 {
		return 0
	}
	return min(max(float64(orphaned)/float64(files), 0), 1)
}

func knowingText(f *Folder, p message.Printer) string {
	if f.Knowing <= 0 {
		return p.Text("territory.knowing.nobody")
	}
	return p.Text("territory.knowing", f.Knowing)
}

func changedText(f *Folder, p message.Printer) string {
	if f.LastChange == "" {
		return ""
	}
	return p.Text("territory.changed", clipName(f.LastChange))
}

// successorTexts tells how much of a folder each who could take it over has changed, by name where the document has one.
func successorTexts(f *Folder, date func(string) string, p message.Printer) []string {
	const most = 3
	var texts []string
	for _, s := range f.Successors[:min(len(f.Successors), most)] {
		key, name := "territory.successor", ""
		if s.Name != nil && *s.Name != "" {
			key, name = "territory.successor.named", clipName(*s.Name)
		}
		texts = append(texts, p.Text(key, s.Files, s.Share, date(s.LastChange), name))
	}
	if len(texts) == 0 {
		return []string{p.Text("territory.successors.none")}
	}
	return texts
}
