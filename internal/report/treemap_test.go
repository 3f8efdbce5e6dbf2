package report

import (
	"cmp"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
)

// TestSquarifyPaperExample is the example of Bruls, Huizing and van Wijk, figure 4: 6, 6, 4, 3, 2, 2 and 1 in 6 × 4.
func TestSquarifyPaperExample(t *testing.T) {
	t.Parallel()
	got := squarify([]float64{6, 6, 4, 3, 2, 2, 1}, box{0, 0, 6, 4})
	want := []box{
		{0, 0, 3, 2}, {0, 2, 3, 2}, // a column of two
		{3, 0, 12.0 / 7, 7.0 / 3}, {3 + 12.0/7, 0, 9.0 / 7, 7.0 / 3}, // a row of two
		{3, 7.0 / 3, 1.2, 5.0 / 3}, {4.2, 7.0 / 3, 1.2, 5.0 / 3}, {5.4, 7.0 / 3, 0.6, 5.0 / 3},
	}
	for i := range want {
		if !near(got[i], want[i]) {
			t.Errorf("box %d is %v, want %v", i, got[i], want[i])
		}
	}
}

func near(a, b box) bool {
	return math.Abs(a.x-b.x) < 1e-9 && math.Abs(a.y-b.y) < 1e-9 && math.Abs(a.w-b.w) < 1e-9 && math.Abs(a.h-b.h) < 1e-9
}

// TestTreemapShares holds the rules of a treemap over random trees: areas are proportional, nothing overlaps, all lies
// within its frame and fills it, and the same weights give the same boxes.
func TestTreemapShares(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 3))
	for round := range 300 {
		frame := box{random.Float64() * 10, random.Float64() * 10, 1 + random.Float64()*1000, 1 + random.Float64()*1000}
		blocks := make([][]float64, 1+random.IntN(30))
		total := 0.0
		for i := range blocks {
			blocks[i] = make([]float64, 1+random.IntN(20))
			for j := range blocks[i] {
				blocks[i][j] = math.Ceil(math.Pow(random.Float64(), 4) * 1000)
				total += blocks[i][j]
			}
			if round%2 == 0 {
				slices.SortFunc(blocks[i], func(a, b float64) int { return cmp.Compare(b, a) })
			}
		}
		outer, inner := treemap(blocks, frame)
		unit := frame.w * frame.h / total
		checkShares(t, outer, frame)
		for i, parts := range blocks {
			checkShares(t, inner[i], outer[i])
			for j, w := range parts {
				if got, want := inner[i][j].w*inner[i][j].h, w*unit; math.Abs(got-want) > 1e-6*frame.w*frame.h {
					t.Fatalf("part %d of block %d has the area %g, want %g", j, i, got, want)
				}
			}
		}
		againOuter, againInner := treemap(blocks, frame)
		if !reflect.DeepEqual(outer, againOuter) || !reflect.DeepEqual(inner, againInner) {
			t.Fatal("the same weights give other boxes")
		}
	}
}

// checkShares fails where boxes overlap, leave their frame or do not fill it.
func checkShares(t *testing.T, boxes []box, frame box) {
	t.Helper()
	slack := 1e-9 * (frame.x + frame.y + frame.w + frame.h)
	area := 0.0
	for i, b := range boxes {
		area += b.w * b.h
		if b.w < 0 || b.h < 0 || b.x < frame.x-slack || b.y < frame.y-slack || b.x+b.w > frame.x+frame.w+slack || b.y+b.h > frame.y+frame.h+slack {
			t.Fatalf("%v leaves its frame %v", b, frame)
		}
		for _, c := range boxes[:i] {
			if min(b.x+b.w, c.x+c.w)-max(b.x, c.x) > slack && min(b.y+b.h, c.y+c.h)-max(b.y, c.y) > slack {
				t.Fatalf("%v overlaps %v", b, c)
			}
		}
	}
	if math.Abs(area-frame.w*frame.h) > 1e-6*frame.w*frame.h {
		t.Fatalf("the boxes cover %g of %g", area, frame.w*frame.h)
	}
}

// TestSquarifyKeepsShapes: of weights that fall and are not far apart, no box is long; the last ones take what is left.
func TestSquarifyKeepsShapes(t *testing.T) {
	t.Parallel()
	weights := make([]float64, 40)
	for i := range weights {
		weights[i] = float64(100 - i)
	}
	for i, b := range squarify(weights, box{0, 0, 960, 520}) {
		if long := max(b.w/b.h, b.h/b.w); long > 3 {
			t.Errorf("box %d is %g times as long as broad", i, long)
		}
	}
}

// TestSquarifyWithstands weights that are none, and frames without room.
func TestSquarifyWithstands(t *testing.T) {
	t.Parallel()
	frame := box{2, 3, 10, 10}
	got := squarify([]float64{math.NaN(), 1, -4, math.Inf(1), 0, 1}, frame)
	empty := box{2, 3, 0, 0}
	for _, i := range []int{0, 2, 3, 4} {
		if got[i] != empty {
			t.Errorf("what is no weight got the box %v", got[i])
		}
	}
	checkShares(t, []box{got[1], got[5]}, frame)
	for _, f := range []box{{}, {0, 0, 10, 0}, {0, 0, -1, 5}, {0, 0, math.NaN(), 5}, {0, 0, math.Inf(1), 5}} {
		for _, b := range squarify([]float64{1, 2}, f) {
			if b.w != 0 || b.h != 0 {
				t.Errorf("in %v there is the box %v", f, b)
			}
		}
	}
	if n := len(squarify(nil, frame)); n != 0 {
		t.Errorf("no weights gave %d boxes", n)
	}
	for _, b := range squarify([]float64{math.MaxFloat64, math.MaxFloat64}, frame) {
		if b.w*b.h != 0 {
			t.Errorf("weights beyond all bounds gave %v", b)
		}
	}
}
