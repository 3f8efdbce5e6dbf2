package report

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
)

// madeItems makes n upstreams of any exposure, depth and tone; at one depth if flat.
func madeItems(rnd *rand.Rand, n int, flat bool) []towerItem {
	items := make([]towerItem, n)
	for i := range items {
		items[i] = towerItem{index: i, rank: i + 1, exposure: rnd.Float64(), depth: 1 + rnd.IntN(9), tone: tones[rnd.IntN(len(tones))]}
		if flat {
			items[i].depth = 1
		}
		if rnd.IntN(5) == 0 {
			items[i].rank, items[i].exposure = 0, []float64{0, 1, -1, 2, 1e-9, math.NaN()}[rnd.IntN(6)]
		}
	}
	return items
}

func eachTower(t *testing.T, check func(t *testing.T, items []towerItem, frame towerFrame, tower placedTower)) {
	for _, n := range []int{1, 2, 8, 12, 13, 41, 200, 1000} {
		for _, flat := range []bool{false, true} {
			for name, frame := range map[string]towerFrame{"wide": wideFrame, "narrow": narrowFrame} {
				t.Run(fmt.Sprintf("%d/%v/%s", n, flat, name), func(t *testing.T) {
					t.Parallel()
					seeds := uint64(max(2, min(20, 400/n)))
					for seed := range seeds {
						items := madeItems(rand.New(rand.NewPCG(seed, uint64(n))), n, flat)
						check(t, items, frame, placeTower(items, frame))
					}
				})
			}
		}
	}
}

func TestTowerHoldsEveryUpstreamOnce(t *testing.T) {
	t.Parallel()
	eachTower(t, func(t *testing.T, items []towerItem, _ towerFrame, tower placedTower) {
		var seen []int
		for _, layer := range tower.layers {
			n := 0
			for _, b := range layer.blocks {
				for _, it := range b.items {
					seen = append(seen, it.index)
					n++
					if it.tone != b.tone {
						t.Errorf("upstream %d of tone %s stands in a block of tone %s", it.index, it.tone, b.tone)
					}
					if layer.tone != "" && layer.tone != it.tone || layer.depth != 0 && layer.depth != min(items[it.index].depth, depthLimit) {
						t.Errorf("upstream %d stands in the wrong layer", it.index)
					}
				}
			}
			if n != layer.count {
				t.Errorf("a layer says %d upstreams and holds %d", layer.count, n)
			}
		}
		slices.Sort(seen)
		for i := range items {
			if i >= len(seen) || seen[i] != i {
				t.Fatalf("%d upstreams, placed: %v", len(items), seen)
			}
		}
		if len(seen) != len(items) {
			t.Errorf("%d upstreams placed %d times", len(items), len(seen))
		}
	})
}

func TestTowerWidthsAreExposures(t *testing.T) {
	t.Parallel()
	eachTower(t, func(t *testing.T, items []towerItem, _ towerFrame, tower placedTower) {
		for _, layer := range tower.layers {
			for _, b := range layer.blocks {
				want := 0.0
				for _, it := range b.items {
					e := items[it.index].exposure
					if !(e >= minExposure) {
						e = minExposure
					}
					want += min(e, 1) * tower.unit
				}
				if math.Abs(b.w-want) > 1e-6 {
					t.Errorf("a block of %d upstreams is %f wide, want %f", len(b.items), b.w, want)
				}
			}
		}
	})
}

func TestTowerBlocksDoNotOverlap(t *testing.T) {
	t.Parallel()
	eachTower(t, func(t *testing.T, _ []towerItem, frame towerFrame, tower placedTower) {
		courses := map[float64][]placedBlock{}
		last := 0.0
		for i, layer := range tower.layers {
			if i > 0 && layer.top < last+layerGap {
				t.Errorf("layer %d begins at %f, the one above ends at %f", i, layer.top, last)
			}
			last = layer.end
			for _, b := range layer.blocks {
				courses[b.y] = append(courses[b.y], b)
				if b.x < -1e-6 || b.x+b.w > frame.width+1e-6 || b.y < layer.top || b.y+b.h > layer.end+1e-6 {
					t.Errorf("a block at %f,%f of %f×%f leaves its layer", b.x, b.y, b.w, b.h)
				}
			}
		}
		var ys []float64
		for y, blocks := range courses {
			ys = append(ys, y)
			slices.SortFunc(blocks, func(a, b placedBlock) int { return int(math.Copysign(1, a.x-b.x)) })
			for i := 1; i < len(blocks); i++ {
				if blocks[i].x < blocks[i-1].x+blocks[i-1].w+blockGap-1e-6 {
					t.Errorf("blocks overlap at %f,%f", blocks[i].x, y)
				}
			}
		}
		slices.Sort(ys)
		for i := 1; i < len(ys); i++ {
			if ys[i] < ys[i-1]+courses[ys[i-1]][0].h {
				t.Errorf("courses overlap at %f", ys[i])
			}
		}
		if tower.height != last {
			t.Errorf("the tower is %f high and ends at %f", tower.height, last)
		}
	})
}

func TestTowerKeepsToItsFrame(t *testing.T) {
	t.Parallel()
	eachTower(t, func(t *testing.T, items []towerItem, frame towerFrame, tower placedTower) {
		limit := float64(max(frame.coursesMax, len(tower.layers)+5))*(frame.courseMin+frame.labelAbove+layerGap) + frame.height
		if tower.height > limit {
			t.Errorf("%d upstreams make a tower %f high, want at most %f", len(items), tower.height, limit)
		}
	})
}

func TestTowerIsDeterministic(t *testing.T) {
	t.Parallel()
	eachTower(t, func(t *testing.T, items []towerItem, frame towerFrame, tower placedTower) {
		if !reflect.DeepEqual(tower, placeTower(items, frame)) {
			t.Error("the same upstreams make two towers")
		}
	})
}

func TestTowerLayers(t *testing.T) {
	t.Parallel()
	deep := []towerItem{{index: 0, rank: 2, exposure: 1, depth: 1, tone: "calm"}, {index: 1, rank: 1, exposure: .5, depth: 2, tone: "severe"}, {index: 2, exposure: .2, depth: 40, tone: "unknown"}, {index: 3, rank: 3, exposure: .1, depth: 9, tone: "calm"}}
	tower := placeTower(deep, wideFrame)
	if len(tower.layers) != 3 || tower.layers[0].depth != 1 || tower.layers[1].depth != 2 || tower.layers[2].depth != depthLimit {
		t.Errorf("layers by depth: %+v", tower.layers)
	}
	if last := tower.layers[2].blocks; len(last) != 2 || last[0].items[0].index != 3 {
		t.Errorf("the ranked stand before the unranked: %+v", last)
	}
	var flat []towerItem
	for i := range layersFrom {
		flat = append(flat, towerItem{index: i, rank: i + 1, exposure: 1, depth: 1, tone: []string{"calm", "ended", "watch"}[i%3]})
	}
	tower = placeTower(flat, wideFrame)
	var got []string
	for _, l := range tower.layers {
		got = append(got, l.tone)
	}
	if !slices.Equal(got, []string{"ended", "watch", "calm"}) {
		t.Errorf("layers by tone: %v", got)
	}
	if tower := placeTower(flat[:layersFrom-1], wideFrame); len(tower.layers) != 1 || tower.layers[0].depth != 1 {
		t.Errorf("few upstreams at one depth: %d layers", len(tower.layers))
	}
	if tower := placeTower(nil, wideFrame); len(tower.layers) != 0 || tower.height != 0 {
		t.Errorf("no upstreams: %+v", tower)
	}
}

func TestBlockStandsOnItsPeople(t *testing.T) {
	t.Parallel()
	b := placedBlock{x: 10, y: 20, w: 100, h: 60, tone: "calm"}
	for factor, want := range map[int]int{0: 2, 1: 1, 2: 2, 3: 3, 5: 5, 6: 1, 40: 1} {
		if got := countRunes(shapeBlock(b, factor, 0).Legs, 'M'); got != want {
			t.Errorf("absence factor %d: %d legs, want %d", factor, got, want)
		}
	}
	if got := shapeBlock(b, 6, 0).Legs; got != "M10 50h100v30h-100z" {
		t.Errorf("six people make a wall, not %s", got)
	}
	if s := shapeBlock(b, 1, crackedFrom); s.Crack == "" {
		t.Error("a fragile block has no crack")
	}
	if s := shapeBlock(b, 1, crackedFrom-0.01); s.Crack != "" {
		t.Error("a sound block is cracked")
	}
	b.tone = "ended"
	if got := countRunes(shapeBlock(b, 4, 0).Legs, 'M'); got != 2 {
		t.Errorf("an ended block stands on one broken leg, not %d pieces", got)
	}
	b.tone = "unknown"
	if s := shapeBlock(b, 4, 1); s.Legs != "" || s.Crack != "" {
		t.Errorf("nothing is known of an unknown block, but it shows %+v", s)
	}
}

func countRunes(s string, r rune) int {
	n := 0
	for _, c := range s {
		if c == r {
			n++
		}
	}
	return n
}
