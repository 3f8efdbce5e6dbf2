package report

import (
	"cmp"
	"math"
	"slices"
)

// The tower is the picture of what the subjects stand on: a block is an upstream, as wide as its exposure; a layer is a
// depth, the subjects on top and what holds everything up lowest; a block stands on as many legs as people hold it. Where
// all upstreams lie at one depth, as in a cohort, the layers are the tones, the worst on top.
//
// This file places the blocks; it knows numbers only. Equal input gives equal output: nothing depends on map order.

// Tones are what a block, a chip or a row is coloured by, in the order in which they call for attention.
var tones = []string{"ended", "severe", "high", "unsure", "watch", "quiet", "calm", "unknown"}

// minExposure keeps the least exposed upstream visible: a block is at least this share of the widest.
const minExposure = 0.02

// depthLimit is the last depth with a layer of its own; what lies deeper shares that layer.
const depthLimit = 6

// layersFrom is the number of upstreams at one single depth from which the layers are tones instead of depths.
const layersFrom = 13

// A towerItem is one upstream to place.
type towerItem struct {
	index    int  // in Document.Upstreams
	rank     int  // attention rank; 0 without one
	card     bool // shown in full, with its rank
	exposure float64
	depth    int
	tone     string
}

// A towerFrame is the room that a tower has.
type towerFrame struct {
	width      float64 // of the widest course
	unitMax    float64 // width of a block of exposure 1, at most
	courses    int     // wanted at most over all layers, for few upstreams
	coursesMax int     // the same for very many
	perCourse  int     // so many more upstreams allow one more course
	height     float64 // wanted for all courses together
	courseMin  float64 // bounds of the height of one course
	courseMax  float64
	labelAbove float64 // height kept above each layer for its name; 0 where the name stands beside it
}

// A placedBlock is one upstream, or several small ones of one tone in one layer.
type placedBlock struct {
	x, y, w, h float64
	tone       string
	items      []towerItem
}

// A placedLayer is one depth, or one tone.
type placedLayer struct {
	depth    int    // 0 where the layer is a tone
	tone     string // empty where the layer is a depth
	count    int    // upstreams
	top, end float64
	blocks   []placedBlock
}

// span gives the left and the right end of the layer's widest course.
func (l placedLayer) span() (left, right float64) {
	for i, b := range l.blocks {
		if i == 0 {
			left, right = b.x, b.x+b.w
		}
		left, right = min(left, b.x), max(right, b.x+b.w)
	}
	return left, right
}

type placedTower struct {
	unit   float64 // width of exposure 1
	layers []placedLayer
	height float64
}

const (
	blockGap   = 3.0  // between blocks of a course
	courseGap  = 4.0  // between courses
	layerGap   = 9.0  // between layers, for the floor
	smallWidth = 14.0 // calm blocks narrower than this are put together
	tinyWidth  = 5.0  // so is every other block narrower than this
	heapWidth  = 150.0
)

// placeTower chooses the largest scale at which the tower keeps to its frame, and places every block.
func placeTower(items []towerItem, frame towerFrame) placedTower {
	layers := towerLayers(items)
	unit := frame.unitMax
	most := max(min(frame.courses+len(items)/frame.perCourse, frame.coursesMax), len(layers))
	if len(layers) > 0 && layers[0].tone != "" { // a layer of one course for each tone would leave the blocks thin
		most = max(most, len(layers)+min(len(items)/12, 5))
	}
	rows := make([][]placedBlock, len(layers))
	for {
		n := 0
		for i, layer := range layers {
			rows[i] = makeBlocks(layer.items, unit, frame.width)
			n += len(fillCourses(rows[i], frame.width))
		}
		if n <= most || unit < 1 {
			return stack(layers, rows, n, unit, frame)
		}
		unit *= 0.95
	}
}

type layerItems struct {
	depth int
	tone  string
	items []towerItem
}

func towerLayers(items []towerItem) []layerItems {
	items = slices.Clone(items)
	byTone := len(items) >= layersFrom
	for i := range items {
		items[i].depth = min(max(items[i].depth, 1), depthLimit)
		if e := items[i].exposure; !(e >= minExposure) { // NaN too
			items[i].exposure = minExposure
		} else {
			items[i].exposure = min(e, 1)
		}
		byTone = byTone && items[i].depth == items[0].depth
	}
	layer := func(it towerItem) int {
		if byTone {
			return slices.Index(tones, it.tone)
		}
		return it.depth
	}
	slices.SortStableFunc(items, func(a, b towerItem) int {
		return cmp.Or(cmp.Compare(layer(a), layer(b)), cmp.Compare(towerOrder(a), towerOrder(b)), cmp.Compare(a.index, b.index))
	})
	var layers []layerItems
	for _, it := range items {
		if len(layers) == 0 || layer(layers[len(layers)-1].items[0]) != layer(it) {
			l := layerItems{depth: it.depth}
			if byTone {
				l = layerItems{tone: it.tone}
			}
			layers = append(layers, l)
		}
		last := &layers[len(layers)-1]
		last.items = append(last.items, it)
	}
	return layers
}

// towerOrder puts the ranked first, by rank, then the unranked.
func towerOrder(it towerItem) int {
	if it.rank <= 0 {
		return math.MaxInt
	}
	return it.rank
}

// makeBlocks turns the items of a layer into blocks, small ones of one tone put together. The widths of the blocks of a
// layer sum to unit times the exposures of its items.
func makeBlocks(items []towerItem, unit, width float64) []placedBlock {
	blocks := make([]placedBlock, 0, len(items))
	small := map[string][]towerItem{}
	for i, it := range items {
		w := it.exposure * unit
		if w < tinyWidth || w < smallWidth && (it.tone == "calm" || it.tone == "quiet" || it.tone == "unknown") {
			small[it.tone] = append(small[it.tone], it)
			continue
		}
		blocks = append(blocks, placedBlock{w: w, tone: it.tone, items: items[i : i+1 : i+1]})
	}
	heap := min(heapWidth, width/2)
	for _, tone := range tones {
		var b placedBlock
		for _, it := range small[tone] {
			b.w += it.exposure * unit
			b.items = append(b.items, it)
			if b.w >= heap {
				b.tone = tone
				blocks = append(blocks, b)
				b = placedBlock{}
			}
		}
		if len(b.items) > 0 {
			b.tone = tone
			blocks = append(blocks, b)
		}
	}
	return blocks
}

// packCourses breaks the blocks of a layer into as few courses as fit the width, and these as even as their order allows.
func packCourses(blocks []placedBlock, width float64) [][]placedBlock {
	if len(blocks) == 0 {
		return nil
	}
	n := len(fillCourses(blocks, width))
	low, high := 0.0, width
	for range 24 {
		mid := (low + high) / 2
		if courses := fillCourses(blocks, mid); len(courses) > n || courses == nil {
			low = mid
		} else {
			high = mid
		}
	}
	return fillCourses(blocks, high)
}

// fillCourses packs greedily. A block wider than the limit has a course of its own.
func fillCourses(blocks []placedBlock, limit float64) [][]placedBlock {
	var courses [][]placedBlock
	used := 0.0
	for _, b := range blocks {
		if n := len(courses); n > 0 && used+blockGap+b.w <= limit {
			courses[n-1] = append(courses[n-1], b)
			used += blockGap + b.w
			continue
		}
		courses = append(courses, []placedBlock{b})
		used = b.w
	}
	return courses
}

// stack gives every block its place; courses are centred.
func stack(layers []layerItems, rows [][]placedBlock, courses int, unit float64, frame towerFrame) placedTower {
	tower := placedTower{unit: unit}
	if courses == 0 {
		return tower
	}
	h := math.Round(min(max(frame.height/float64(courses), frame.courseMin), frame.courseMax))
	y := 0.0
	for i, layer := range layers {
		if i > 0 {
			y += layerGap
		}
		y += frame.labelAbove
		placed := placedLayer{depth: layer.depth, tone: layer.tone, count: len(layer.items), top: y}
		for j, course := range packCourses(rows[i], frame.width) {
			if j > 0 {
				y += courseGap
			}
			total := blockGap * float64(len(course)-1)
			for _, b := range course {
				total += b.w
			}
			x := (frame.width - total) / 2
			for _, b := range course {
				b.x, b.y, b.h = x, y, h
				x += b.w + blockGap
				placed.blocks = append(placed.blocks, b)
			}
			y += h
		}
		placed.end = y
		tower.layers = append(tower.layers, placed)
	}
	tower.height = y
	return tower
}
