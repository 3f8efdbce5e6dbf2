package report

import (
	"math"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/message"
)

// A towerView is the tower drawn for one width of the window.
type towerView struct {
	ID            string // prefix of the ids in this picture
	Width, Height px
	Wide          bool
	Roof          []roofView
	Layers        []layerView
	Ground        px
	Left, Right   px // of the ground
	Shift         string
	byTone        bool
}

type roofView struct {
	X, Y, W, H, TX, TY px
	Text, Tip          string
}

type layerView struct {
	Name, Count        string
	X, Y, Top, End, TY px
	Floor              string // path data of the floor that the layer stands on; empty for the lowest
	Blocks             []blockView
}

type blockView struct {
	blockShape
	Tone, Href, Tip string
	First           bool // one of the first ten: reached by the keyboard
	Heap            bool
	Rank            string
	Label           string
	TX, TY, LX      px
}

// The two frames: beside the names of the layers on a wide window, under them on a narrow one.
var (
	wideFrame   = towerFrame{width: 960, unitMax: 290, courses: 6, coursesMax: 10, perCourse: 50, height: 640, courseMin: 48, courseMax: 104}
	narrowFrame = towerFrame{width: 340, unitMax: 150, courses: 8, coursesMax: 18, perCourse: 12, height: 800, courseMin: 36, courseMax: 68, labelAbove: 22}
)

const (
	towerGutter = 140.0 // for the names of the layers, in the wide frame
	roofHeight  = 40.0
	roofGap     = 4.0
	floorHeight = 3.0
	fontWide    = 12.5
	fontNarrow  = 11.0
)

func newTowers(doc *Document, p message.Printer) []towerView {
	items := make([]towerItem, len(doc.Upstreams))
	cards := map[*Upstream]bool{}
	for _, u := range newFirstLook(doc).rows {
		cards[u] = true
	}
	for i := range doc.Upstreams {
		u := &doc.Upstreams[i]
		items[i] = towerItem{index: i, rank: rankOf(u), card: cards[u], exposure: u.Exposure.Score, depth: u.Exposure.Depth, tone: toneOf(u)}
	}
	return []towerView{
		newTower(doc, p, items, wideFrame, "w", towerGutter, fontWide),
		newTower(doc, p, items, narrowFrame, "n", 0, fontNarrow),
	}
}

func newTower(doc *Document, p message.Printer, items []towerItem, frame towerFrame, id string, left, font float64) towerView {
	placed := placeTower(items, frame)
	v := towerView{ID: id, Wide: left > 0, Width: px(frame.width + left)}
	offset := roofHeight + roofGap
	v.Shift = "translate(" + tenth(left) + " " + tenth(offset) + ")"
	v.Roof = newRoof(doc, p, topWidth(placed, len(doc.Subjects), frame), frame.width, left, font)
	low, high := frame.width, 0.0
	for _, layer := range placed.layers {
		v.byTone = layer.tone != ""
		lv := layerView{Name: layerName(layer, p), Count: p.Text("page.tower.layer.count", layer.count)}
		lv.Top, lv.End = px(layer.top), px(layer.end)
		lv.X, lv.Y, lv.TY = px(-left), px(layer.top+13), px(layer.top+29)
		if left == 0 {
			lv.Y = px(layer.top - 7)
		}
		for _, b := range layer.blocks {
			lv.Blocks = append(lv.Blocks, newBlock(doc, b, p, font))
		}
		v.Layers = append(v.Layers, lv)
		l, r := layer.span()
		low, high = min(low, l), max(high, r)
	}
	for i := range len(placed.layers) - 1 {
		l1, r1 := placed.layers[i].span()
		l2, r2 := placed.layers[i+1].span()
		var floor svgPath
		left, right := max(min(l1, l2)-8, 0), min(max(r1, r2)+8, frame.width)
		floor.rect(left, placed.layers[i].end, right-left, floorHeight)
		v.Layers[i].Floor = floor.String()
	}
	v.Ground = px(placed.height)
	v.Left, v.Right = px(max(low-24, 0)), px(min(high+24, frame.width))
	v.Height = px(offset + placed.height + 14)
	return v
}

// topWidth is the width of the roof: that of the first course, and enough for the names of the subjects.
func topWidth(t placedTower, subjects int, frame towerFrame) float64 {
	low, high := frame.width, 0.0
	for _, layer := range t.layers[:min(1, len(t.layers))] {
		for _, b := range layer.blocks {
			if b.y == layer.top {
				low, high = min(low, b.x), max(high, b.x+b.w)
			}
		}
	}
	const enough = 130 // for the name of a subject
	return max(high-low, frame.width/3, min(frame.width, float64(subjects)*enough))
}

// newRoof draws the subjects: one slab each while they are few, else one for all.
func newRoof(doc *Document, p message.Printer, w, frame, left, font float64) []roofView {
	all := make([]string, 0, len(doc.Subjects))
	for _, s := range doc.Subjects {
		all = append(all, subjectName(s, p))
	}
	shown := all
	if n := len(all); n == 0 {
		return nil
	} else if float64(n)*72 > w {
		shown = []string{p.Text("page.tower.subjects", n)}
	}
	each := (w - blockGap*float64(len(shown)-1)) / float64(len(shown))
	roofs := make([]roofView, len(shown))
	x := left + (frame-w)/2
	for i, s := range shown {
		tip := s
		if len(shown) < len(all) {
			tip = strings.Join(all[:min(len(all), 40)], "\n")
		}
		roofs[i] = roofView{X: px(x), W: px(each), H: roofHeight, TX: px(x + each/2), TY: px(roofHeight/2 + font*0.36), Text: fitText(s, (each-12)/font), Tip: tip}
		x += each + blockGap
	}
	return roofs
}

func layerName(l placedLayer, p message.Printer) string {
	switch {
	case l.tone != "":
		return p.Text(toneKey(l.tone))
	case l.depth == 1:
		return p.Text("page.tower.direct")
	case l.depth >= depthLimit:
		return p.Text("page.tower.deeper", l.depth)
	}
	return p.Text("page.tower.depth", l.depth)
}

func newBlock(doc *Document, b placedBlock, p message.Printer, font float64) blockView {
	slab := math.Round(b.h * slabOfCourse)
	v := blockView{Tone: b.tone, TY: px(b.y + slab/2 + font*0.36)}
	if len(b.items) > 1 {
		v.blockShape = heapShape(b)
		v.Href = "#all"
		v.Tip = heapTip(doc, b, p)
		v.LX = px(b.x + b.w/2)
		v.Label = fitText(p.Text("page.tower.heap", len(b.items), p.Text(toneKey(b.tone))), (b.w-6)/font)
		if v.Label == "" || strings.HasSuffix(v.Label, "…") {
			v.Label = fitText("+"+message.Int(len(b.items)), max((b.w-4)/font, 0))
		}
		v.Tone += " heap"
		v.Heap = true
		return v
	}
	it := b.items[0]
	u := &doc.Upstreams[it.index]
	factor, fragility := 0, 0.0
	if u.Vitals != nil && u.Vitals.ContributorAbsenceFactor != nil {
		factor = *u.Vitals.ContributorAbsenceFactor
	}
	if u.Fragility != nil && u.Fragility.Score != nil {
		fragility = *u.Fragility.Score
	}
	v.blockShape = shapeBlock(b, factor, fragility)
	v.Href = rowHref(it.index)
	v.Tip = blockTip(u, p)
	room := b.w - 14
	x := b.x + 7
	if it.card {
		v.First = true
		v.Href = cardHref(it.rank)
		v.Rank = message.Int(it.rank)
		w := textWidth(v.Rank) * (font + 1)
		if b.w < w+30 { // a rank alone stands in the middle
			x, room = b.x+(b.w-w)/2, 0
		}
		if b.w < w+2 {
			v.Rank = ""
		}
		v.TX = px(x)
		x += w + 6
		room -= w + 6
	}
	if v.Crack != "" {
		room -= b.w * 0.24
	}
	_, last := splitID(u.ID)
	v.Label = fitText(last, room/font)
	v.LX = px(x)
	return v
}

// blockTip says what a block stands for, a line for each figure.
func blockTip(u *Upstream, p message.Printer) string {
	lines := []string{clipName(u.ID), toneText(u, p)}
	if o := u.Outlook; o != nil && o.Probability12m != nil {
		lines = append(lines, p.Text("page.tip.figure", p.Text("report.measure.probability_12m"), message.Percent(*o.Probability12m)))
	}
	if v := u.Vitals; v != nil {
		if v.ContributorAbsenceFactor != nil {
			lines = append(lines, p.Text("page.tip.figure", p.Text("report.measure.contributor_absence_factor_12m"), message.Int(*v.ContributorAbsenceFactor)))
		}
		if v.TopShare != nil {
			lines = append(lines, p.Text("page.tip.figure", p.Text("report.measure.top_share_12m"), message.Percent(*v.TopShare)))
		}
	}
	if f := u.Fragility; f != nil && f.Score != nil {
		lines = append(lines, p.Text("page.tip.figure", p.Text("report.measure.fragility"), message.Percent(*f.Score)))
	}
	lines = append(lines, p.Text("page.tip.figure", p.Text("report.measure.exposure"), twoDecimals(u.Exposure.Score)))
	return strings.Join(lines, "\n")
}

// heapTip names the first upstreams of a heap.
func heapTip(doc *Document, b placedBlock, p message.Printer) string {
	const most = 12
	lines := []string{p.Text("page.tower.heap", len(b.items), p.Text(toneKey(b.tone)))}
	for i, it := range b.items {
		if i == most {
			lines = append(lines, "…")
			break
		}
		lines = append(lines, clipName(doc.Upstreams[it.index].ID))
	}
	return strings.Join(lines, "\n")
}
