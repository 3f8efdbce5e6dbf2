package report

import "math"

// A box is a rectangle of a picture.
type box struct{ x, y, w, h float64 }

// A treemap shares a frame among blocks, and each block among its parts; every area is proportional to its weight. The
// weights of a block's parts add up to its own.
func treemap(blocks [][]float64, frame box) (outer []box, inner [][]box) {
	weights := make([]float64, len(blocks))
	for i, parts := range blocks {
		for _, w := range parts {
			if counts(w) {
				weights[i] += w
			}
		}
	}
	outer, inner = squarify(weights, frame), make([][]box, len(blocks))
	for i, parts := range blocks {
		inner[i] = squarify(parts, outer[i])
	}
	return outer, inner
}

// counts tells whether a weight takes room.
func counts(w float64) bool { return w > 0 && finite(w) }

// squarify shares a frame among weights, one box each, as near to squares as rows along the shorter side of what is left
// allow (Bruls, Huizing and van Wijk, Squarified Treemaps, 2000). Weights that fall give the best shapes; what is no weight
// gets an empty box.
func squarify(weights []float64, frame box) []box {
	boxes := make([]box, len(weights))
	var order []int // of the weights that take room
	total := 0.0
	for i, w := range weights {
		boxes[i] = box{x: frame.x, y: frame.y}
		if counts(w) {
			order = append(order, i)
			total += w
		}
	}
	if !counts(total) || !counts(frame.w) || !counts(frame.h) {
		return boxes
	}
	scale := frame.w / total * frame.h
	left := frame // what is not shared out yet
	for len(order) > 0 {
		side := min(left.w, left.h)
		var row rowOf
		for _, i := range order {
			next := row.with(weights[i] * scale)
			if row.n > 0 && next.worst(side) > row.worst(side) {
				break
			}
			row = next
		}
		placed := order[:row.n]
		order = order[row.n:]
		left = row.place(boxes, placed, weights, left, len(order) == 0)
	}
	return boxes
}

// A rowOf is the areas of one row of boxes.
type rowOf struct {
	n                   int
	sum, least, largest float64
}

func (r rowOf) with(area float64) rowOf {
	if r.n == 0 {
		return rowOf{1, area, area, area}
	}
	return rowOf{r.n + 1, r.sum + area, min(r.least, area), max(r.largest, area)}
}

// worst is the longest of the row's boxes: length over breadth, where the row lies along a side.
func (r rowOf) worst(side float64) float64 {
	breadth := r.sum / side
	return max(r.largest/breadth/breadth, breadth/r.least*breadth)
}

// place puts the row along the shorter side of what is left and gives what remains; the last row takes all of it.
func (r rowOf) place(boxes []box, items []int, weights []float64, left box, last bool) box {
	rowWeight := 0.0
	for _, i := range items {
		rowWeight += weights[i]
	}
	down := left.w >= left.h // a column at the left, its boxes below each other
	side, depth := left.w, left.h
	if down {
		side, depth = left.h, left.w
	}
	breadth := depth
	if !last {
		breadth = min(r.sum/side, depth)
	}
	at := 0.0
	for k, i := range items {
		length := side - at
		if k < len(items)-1 {
			length = math.Min(weights[i]/rowWeight*side, length)
		}
		if down {
			boxes[i] = box{left.x, left.y + at, breadth, length}
		} else {
			boxes[i] = box{left.x + at, left.y, length, breadth}
		}
		at += length
	}
	if down {
		return box{left.x + breadth, left.y, left.w - breadth, left.h}
	}
	return box{left.x, left.y + breadth, left.w, left.h - breadth}
}
