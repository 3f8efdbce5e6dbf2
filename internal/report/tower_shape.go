package report

import (
	"math"
	"strconv"
	"strings"
)

// A blockShape is how one block looks: the slab that carries the load, the legs it stands on, the crack of a fragile one.
type blockShape struct {
	Slab, Legs, Crack string // SVG path data; empty where there is none
}

const (
	legsMax      = 6    // as many people hold a block up as a wall
	crackedFrom  = 0.25 // fragility from which a block is cracked
	crackBeside  = 30   // width from which a crack leaves room for the rank
	slabOfCourse = 0.5  // height of the slab in the height of a course
)

// shapeBlock draws the block of one upstream. factor is the contributor absence factor, 0 where it is not known.
func shapeBlock(b placedBlock, factor int, fragility float64) blockShape {
	slab := math.Round(b.h * slabOfCourse)
	var d svgPath
	var s blockShape
	switch b.tone {
	case "unknown":
		d.rect(b.x+0.75, b.y+0.75, b.w-1.5, b.h-1.5)
		return blockShape{Slab: d.String()}
	case "ended":
		// Nothing holds it any more: one broken leg.
		d.rect(b.x, b.y, b.w, slab)
		s.Slab = d.String()
		leg, mid := legWidth(b.w), b.x+b.w/2
		gap := (b.h - slab) / 3
		var l svgPath
		l.poly(mid-leg/2, b.y+slab, mid+leg/2, b.y+slab, mid+leg/2, b.y+slab+gap*0.6, mid-leg/2, b.y+slab+gap*1.3)
		l.poly(mid-leg/2, b.y+b.h, mid-leg/2, b.y+slab+gap*2.4, mid+leg/2, b.y+slab+gap*1.7, mid+leg/2, b.y+b.h)
		s.Legs = l.String()
		return s
	}
	d.rect(b.x, b.y, b.w, slab)
	s.Slab = d.String()
	s.Legs = blockLegs(b, slab, factor)
	ranked := len(b.items) == 1 && b.items[0].card
	if fragility >= crackedFrom && b.w >= 12 && (b.w >= crackBeside || !ranked) {
		s.Crack = blockCrack(b, slab)
	}
	return s
}

// blockLegs draws one leg for each person of the absence factor, a wall from legsMax on or where there is no room for gaps.
func blockLegs(b placedBlock, slab float64, factor int) string {
	var d svgPath
	leg := legWidth(b.w)
	top, h := b.y+slab, b.h-slab
	switch {
	case factor <= 0: // nobody in the last year: only the corners still stand
		d.rect(b.x, top, min(1.5, b.w/4), h)
		d.rect(b.x+b.w-min(1.5, b.w/4), top, min(1.5, b.w/4), h)
	case factor >= legsMax || float64(factor)*leg*1.6 > b.w:
		d.rect(b.x, top, b.w, h)
	default:
		step := b.w / float64(factor)
		for i := range factor {
			d.rect(b.x+step*(float64(i)+0.5)-leg/2, top, leg, h)
		}
	}
	return d.String()
}

func legWidth(w float64) float64 { return min(max(w*0.09, 2.5), 8) }

// blockCrack runs down the slab, near its right end so that a label has room.
func blockCrack(b placedBlock, slab float64) string {
	x := b.x + b.w*0.82
	if b.w < crackBeside {
		x = b.x + b.w/2
	}
	reach := min(b.w*0.13, 7)
	var d svgPath
	d.line(x, b.y, x-reach, b.y+slab*0.34, x+reach*0.5, b.y+slab*0.52, x-reach*0.7, b.y+slab)
	return d.String()
}

// heapShape draws several small upstreams as one slab over a wall.
func heapShape(b placedBlock) blockShape {
	slab := math.Round(b.h * slabOfCourse)
	var s, l svgPath
	s.rect(b.x, b.y, b.w, slab)
	l.rect(b.x, b.y+slab, b.w, b.h-slab)
	return blockShape{Slab: s.String(), Legs: l.String()}
}

// A svgPath collects SVG path data, numbers rounded to a tenth.
type svgPath struct{ b strings.Builder }

func (p *svgPath) String() string { return p.b.String() }

func (p *svgPath) num(f float64) { p.b.WriteString(tenth(f)) }

func (p *svgPath) rect(x, y, w, h float64) {
	p.b.WriteByte('M')
	p.num(x)
	p.b.WriteByte(' ')
	p.num(y)
	p.b.WriteByte('h')
	p.num(w)
	p.b.WriteByte('v')
	p.num(h)
	p.b.WriteByte('h')
	p.num(-w)
	p.b.WriteByte('z')
}

// line draws through the points given as x, y, x, y …
func (p *svgPath) line(points ...float64) {
	for i := 0; i+1 < len(points); i += 2 {
		if i == 0 {
			p.b.WriteByte('M')
		} else {
			p.b.WriteByte('L')
		}
		p.num(points[i])
		p.b.WriteByte(' ')
		p.num(points[i+1])
	}
}

func (p *svgPath) poly(points ...float64) {
	p.line(points...)
	p.b.WriteByte('z')
}

// tenth writes a number with at most one decimal; what is no number becomes 0.
func tenth(f float64) string {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		f = 0
	}
	s := strconv.FormatFloat(math.Round(f*10)/10, 'f', -1, 64)
	if s == "-0" {
		return "0"
	}
	return s
}
