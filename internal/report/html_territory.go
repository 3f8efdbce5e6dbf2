package report

import (
	"strconv"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/message"
)

// A landView is a territory: its figures, a map of its folders, and the most orphaned of them with who could take over.
type landView struct {
	Text, AsOf string
	Figures    []figureView
	Maps       []mapView
	Legend     []string // by level
	Folders    []folderView
	More       string
}

type folderView struct {
	ID, Path, Files, Orphaned, Share, Knowing, Last string
	Bar                                             string // path data on 100 × 8
	Successors                                      []string
}

// foldersListed is how many folders the page names below the map.
const foldersListed = 15

func newLandView(t *Territory, p message.Printer) *landView {
	if t == nil {
		return nil
	}
	v := &landView{Text: pageText(territoryText(t, p)), Figures: territoryFigures(t, p), AsOf: p.Text("report.as_of", unbroken(t.AsOf))}
	v.Figures[1].Alarm = t.OrphanedShare != nil && *t.OrphanedShare >= 0.5
	v.Figures[0].Alarm = t.TruckFactor != nil && *t.TruckFactor == 1
	folders := telling(t)
	rows := map[*Folder]string{}
	for i, f := range folders[:min(len(folders), foldersListed)] {
		share := orphanedShare(f.Orphaned, f.Files)
		row := folderView{ID: "f" + strconv.Itoa(i+1), Path: clipName(f.Path), Files: message.Int(f.Files), Orphaned: message.Int(f.Orphaned), Share: message.Percent(share),
			Knowing: message.Int(f.Knowing), Last: dateText(&f.LastChange), Bar: unitBar(0, share), Successors: pageTexts(successorTexts(f, unbroken, p))}
		rows[f] = "#" + row.ID
		v.Folders = append(v.Folders, row)
	}
	if more := len(folders) - len(v.Folders); more > 0 {
		v.More = p.Text("territory.worst_more", more)
	}
	plots := newPlots(t)
	if len(plots) == 0 {
		return v
	}
	for level := range orphanLevels {
		v.Legend = append(v.Legend, p.Text("territory.legend."+strconv.Itoa(level)))
	}
	v.Maps = []mapView{newMap(plots, rows, box{0, 0, 960, 520}, "mw", fontWide, p), newMap(plots, rows, box{0, 0, 340, 460}, "mn", fontNarrow, p)}
	v.Maps[0].Wide = true
	return v
}

// orphanLevels is how many shades of orphaned share there are.
const orphanLevels = 5

// orphanLevel is 0 for nothing orphaned, then one level for each quarter.
func orphanLevel(orphaned, files int) int {
	if orphaned <= 0 {
		return 0
	}
	return min(1+int(orphanedShare(orphaned, files)*4), orphanLevels-1)
}

// A mapView is the map drawn for one width of the window.
type mapView struct {
	ID            string // prefix of the ids in this picture
	Wide          bool
	Width, Height px
	Blocks        []mapBlock
}

// A mapBlock is a folder at the top with those directly below it. Its name stands on a tab in its upper left corner, which
// covers no more than the corner of a cell: every area stays what it stands for.
type mapBlock struct {
	Frame, Tab   string // path data
	Name         string
	NameX, NameY px
	Cells        []mapCell
}

type mapCell struct {
	X, Y, W, H       px
	Level            int
	Name, Share, Tip string
	Href             string
	TX, NameY, SY    px
}

func newMap(plots []plot, rows map[*Folder]string, frame box, id string, font float64, p message.Printer) mapView {
	v := mapView{ID: id, Width: px(frame.w), Height: px(frame.h)}
	weights := make([][]float64, len(plots))
	for i := range plots {
		for _, part := range plots[i].drawn() {
			weights[i] = append(weights[i], float64(part.files))
		}
	}
	outer, inner := treemap(weights, frame)
	for i := range plots {
		b := mapBlock{}
		var d svgPath
		d.rect(outer[i].x, outer[i].y, outer[i].w, outer[i].h)
		b.Frame = d.String()
		tab := b.addTab(&plots[i], outer[i], font, p)
		for k, part := range plots[i].drawn() {
			b.Cells = append(b.Cells, newMapCell(&part, &plots[i], inner[i][k], tab, rows, font, p))
		}
		v.Blocks = append(v.Blocks, b)
	}
	return v
}

// drawn are the cells of a block: its parts, or the whole.
func (l *plot) drawn() []plot {
	if len(l.parts) == 0 {
		return []plot{*l}
	}
	return l.parts
}

// addTab names a block that has parts, where there is room, and gives the room that the name takes.
func (b *mapBlock) addTab(l *plot, frame box, font float64, p message.Printer) box {
	tall := font * 1.5
	if len(l.parts) == 0 || frame.h < 2*tall {
		return box{}
	}
	name := fitText(l.name("", p), (frame.w-14)/font)
	if name == "" {
		return box{}
	}
	tab := box{frame.x, frame.y, min(textWidth(name)*font+12, frame.w), tall}
	var d svgPath
	d.rect(tab.x, tab.y, tab.w, tab.h)
	b.Tab, b.Name, b.NameX, b.NameY = d.String(), name, px(tab.x+6), px(tab.y+tall/2+font*0.36)
	return tab
}

// newMapCell writes the name and the orphaned share into a cell, as far as there is room beside the tab of its block.
func newMapCell(l, block *plot, b, tab box, rows map[*Folder]string, font float64, p message.Printer) mapCell {
	const inset = 0.5 // half of the line between two cells
	c := mapCell{X: px(b.x + inset), Y: px(b.y + inset), W: px(max(b.w-2*inset, 0)), H: px(max(b.h-2*inset, 0)), Level: orphanLevel(l.orphaned, l.files)}
	share := message.Percent(orphanedShare(l.orphaned, l.files))
	c.Tip = l.name("", p) + "\n" + p.Text("territory.tip", l.orphaned, l.files) + " (" + share + ")"
	if f := l.folder; f != nil && l.more == 0 && !l.own {
		c.Tip += "\n" + knowingText(f, p)
		c.Href = rows[f]
	}
	top := b.y
	if b.x < tab.x+tab.w && b.y < tab.y+tab.h {
		top = tab.y + tab.h
	}
	line, room := font*1.35, b.y+b.h-top
	c.TX = px(b.x + 7)
	if name := l.fitName(block.path, (b.w-12)/font, p); name != "" && room >= line+5 {
		c.Name, c.NameY = name, px(top+line)
		if room >= 2*line+5 && textWidth(share)*font <= b.w-12 {
			c.Share, c.SY = share, px(top+2*line)
		}
	}
	return c
}

// fitName shortens a folder's name to a width in ems; the last part of a path says most.
func (l *plot) fitName(block string, ems float64, p message.Printer) string {
	name := l.name(block, p)
	if last := name[strings.LastIndexByte(name, '/')+1:]; textWidth(name) > ems && l.more == 0 && !l.own && last != "" {
		name = last
	}
	return fitText(name, ems)
}

// name is the folder's path, without that of the block in which it lies.
func (l *plot) name(block string, p message.Printer) string {
	if l.more > 0 {
		return p.Text("territory.more", l.more)
	}
	name := l.path
	if name == "" {
		name = p.Text("territory.root")
	}
	if block != "" && block != l.path {
		name = strings.TrimPrefix(name, block+"/")
	} else if block != "" && l.own {
		name = name[strings.LastIndexByte(name, '/')+1:]
	}
	if l.own && l.path != "" {
		name = p.Text("territory.own", name)
	}
	return clipName(name)
}
