package forecast

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"testing"
)

// TestGrowFindsThePlainCut grows trees where one term says it all and others are noise.
func TestGrowFindsThePlainCut(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	const n = 400
	levels := make([][]uint8, n)
	outcome := make([]bool, n)
	var rows []int32
	for i := range n {
		for range 3 {
			levels[i] = append(levels[i], uint8(random.IntN(256)))
		}
		outcome[i] = levels[i][1] >= 128
		rows = append(rows, int32(i))
	}
	var grown trees
	g := &grower{levels: levels, outcome: outcome, least: 5, rate: 0.5, random: random}
	for range 50 {
		grown = append(grown, g.grow(rows))
	}
	for level, want := range map[uint8][2]float64{0: {0, 0.1}, 60: {0, 0.1}, 200: {0.9, 1}, 255: {0.9, 1}} {
		if p := grown.mean([]uint8{30, level, 220}); !(p > want[0] && p < want[1]) {
			t.Errorf("at level %d: %v, want %v", level, p, want)
		}
	}
	for _, tree := range grown {
		holds(t, tree, levels, rows, 5)
	}
}

// holds checks that a tree is sound and that each of its leaves holds enough rows.
func holds(t *testing.T, grown tree, levels [][]uint8, rows []int32, least int) {
	t.Helper()
	at := map[int]int{}
	for _, r := range rows {
		i := 0
		for grown[i].term != leaf {
			if levels[r][grown[i].term] <= grown[i].level {
				i++
			} else {
				i = int(grown[i].arg)
			}
		}
		at[i]++
	}
	for i, n := range grown {
		if n.term == leaf && (at[i] < least || n.arg == 0 || n.arg == 65535) {
			t.Fatalf("leaf %d holds %d rows and says %v", i, at[i], float64(n.arg)*valueUnit)
		}
	}
}

func TestGrowOnOneOutcome(t *testing.T) {
	t.Parallel()
	g := &grower{levels: [][]uint8{{1}, {2}, {3}, {4}}, outcome: make([]bool, 4), least: 1, rate: 0.25, random: rand.New(rand.NewPCG(1, 1))}
	if got := g.grow([]int32{0, 1, 2, 3}); len(got) != 1 || got[0] != (node{term: leaf, arg: 5461}) {
		t.Errorf("%+v, want one leaf of 0.5/6", got)
	}
}

// TestTreesRoundTrip writes the embedded forests and reads them again.
func TestTreesRoundTrip(t *testing.T) {
	t.Parallel()
	for _, ts := range []trees{Default().Forests.Stop, Default().Forests.Fragility, Default().RefitTrees, nil} {
		data, err := json.Marshal(ts)
		if err != nil {
			t.Fatal(err)
		}
		var again trees
		if err := json.Unmarshal(data, &again); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(ts, again) {
			t.Error("trees are not read as they were written")
		}
	}
}

// TestForestsAreBlind turns over the outcomes of one fold: trees grown without it stay as they are, and others do not.
func TestForestsAreBlind(t *testing.T) {
	t.Parallel()
	rows := append([]Row(nil), rowsOfTable(t)...)
	m := Default()
	x := make([][]float64, len(rows))
	const fold = 3
	for i := range rows {
		x[i] = m.within(inputs(&rows[i].Features))
		if Fold(rows[i].Repo) == fold {
			rows[i].Stop, rows[i].Collapse, rows[i].Left = !rows[i].Stop, !rows[i].Collapse, !rows[i].Left
			x[i] = make([]float64, len(terms))
		}
	}
	got := plant(rows, m.table(x))
	for _, f := range [][2]trees{{got.Stop, m.Forests.Stop}, {got.Collapse, m.Forests.Collapse}, {got.Fragility, m.Forests.Fragility}} {
		if !reflect.DeepEqual(without(f[0], fold), without(f[1], fold)) {
			t.Error("trees that judge a fold depend on its rows")
		}
		if reflect.DeepEqual(f[0], f[1]) {
			t.Error("no tree depends on the rows turned over")
		}
	}
	if n := len(without(m.Forests.Stop, fold)); n != treesPerPair*(folds-1) {
		t.Errorf("%d trees judge a fold", n)
	}
}

func FuzzTrees(f *testing.F) {
	for _, seed := range []string{`""`, `"AQAB"`, `"/wAB"`, `"AQD/AAD/AAE="`, `"AQABAAEA"`, `null`, `3`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var ts trees
		if json.Unmarshal(data, &ts) != nil {
			return
		}
		levels := make([]uint8, 256)
		for _, one := range ts {
			one.at(levels) // ends, within the tree
		}
		again, err := json.Marshal(ts)
		var back trees
		if err != nil || json.Unmarshal(again, &back) != nil || !(len(ts) == 0 && len(back) == 0 || reflect.DeepEqual(ts, back)) {
			t.Fatalf("%s is written %s", data, again)
		}
	})
}

// TestLasting says the plain of who is likely to stay.
func TestLasting(t *testing.T) {
	t.Parallel()
	gone, newcomer, regular := against(300, 1, 1), against(5, 1, 0.1), against(5, 12, 5)
	if !(gone < newcomer && newcomer < regular && gone > 0) {
		t.Errorf("gone %v, newcomer %v, regular %v", gone, newcomer, regular)
	}
	last := 0.0
	for _, rhythm := range []float64{1, 6, 12, 48, 200} {
		if a := AgainstLeaving(rhythm); a <= last {
			t.Errorf("rhythm %v adds %v, a slower one %v", rhythm, a, last)
		} else {
			last = a
		}
	}
	if AgainstLeaving(0) != 0 || AgainstLeaving(-1) != 0 {
		t.Error("nobody adds something")
	}
}
