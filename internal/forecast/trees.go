package forecast

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
)

// A tree is a decision tree over levels of terms, its nodes in preorder: the left child, for levels up to that of the node,
// follows it.
type tree []node

type node struct {
	term  uint8  // leaf for a leaf
	level uint8  // up to here to the left
	arg   uint16 // index of the right child; of a leaf, the share of outcomes in units of valueUnit
}

const (
	leaf      = 255
	topLevel  = 255 // a term's range in training is cut into so many equal steps
	valueUnit = 1.0 / math.MaxUint16
	mostNodes = math.MaxUint16
)

// at gives the share of the outcomes where the levels lead, in units of valueUnit.
func (t tree) at(levels []uint8) uint16 {
	i := uint16(0)
	for {
		n := t[i]
		switch {
		case n.term == leaf:
			return n.arg
		case levels[n.term] <= n.level:
			i++
		default:
			i = n.arg
		}
	}
}

// trees is a list of them; what the list means is said where it is used.
type trees []tree

// mean averages trees; there is at least one.
func (ts trees) mean(levels []uint8) float64 {
	sum := 0
	for _, t := range ts {
		sum += int(t.at(levels))
	}
	return float64(sum) * valueUnit / float64(len(ts))
}

// A grower grows extremely randomised trees (Geurts, Ernst and Wehenkel 2006): at each node it draws one cut for each
// term and takes the best of these. Many of them, averaged, are smooth, and hold on to little that is chance.
type grower struct {
	levels  [][]uint8 // by row, then by term; fewer terms than leaf
	outcome []bool
	least   int     // rows in a leaf
	rate    float64 // towards which leaves are drawn, as by two more rows
	random  *rand.Rand

	tree tree

	// Of each term at the node at hand: its least and greatest level, the cut drawn, and how many rows lie left of it.
	low, high, level [leaf]uint8
	left, hits       [leaf]int
}

const drawn = 2 // rows with the common rate that each leaf is thought to hold besides its own

// grow grows a tree on rows, which it reorders; a row may stand there several times.
func (g *grower) grow(rows []int32) tree {
	g.tree = nil
	g.node(rows)
	return g.tree
}

func (g *grower) node(rows []int32) {
	positives := 0
	for _, r := range rows {
		if g.outcome[r] {
			positives++
		}
	}
	at := len(g.tree)
	g.tree = append(g.tree, node{})
	term, level, ok := -1, uint8(0), false
	if len(rows) >= 2*g.least && positives > 0 && positives < len(rows) && at+2*len(rows) < mostNodes {
		term, level, ok = g.cut(rows, positives)
	}
	if !ok {
		p := (float64(positives) + drawn*g.rate) / float64(len(rows)+drawn)
		g.tree[at] = node{term: leaf, arg: uint16(math.Round(p / valueUnit))}
		return
	}
	left := 0
	for i, r := range rows {
		if g.levels[r][term] <= level {
			rows[i], rows[left] = rows[left], r
			left++
		}
	}
	g.node(rows[:left])
	g.tree[at] = node{term: uint8(term), level: level, arg: uint16(len(g.tree))}
	g.node(rows[left:])
}

// cut draws a level for each term that is not the same on all rows, and gives what parts outcomes best by the Gini
// index. Only whole numbers are compared up to the last step, so that every machine grows the same tree.
func (g *grower) cut(rows []int32, positives int) (term int, level uint8, ok bool) {
	low, high, at := &g.low, &g.high, &g.level
	terms := len(g.levels[rows[0]])
	copy(low[:], g.levels[rows[0]])
	copy(high[:], g.levels[rows[0]])
	for _, r := range rows {
		for t, l := range g.levels[r] {
			low[t], high[t] = min(low[t], l), max(high[t], l)
		}
	}
	for t := range terms {
		at[t] = low[t]
		if low[t] < high[t] {
			at[t] += uint8(g.random.IntN(int(high[t] - low[t])))
		}
	}
	clear(g.left[:terms])
	clear(g.hits[:terms])
	for _, r := range rows {
		hit := 0
		if g.outcome[r] {
			hit = 1
		}
		for t, l := range g.levels[r] {
			if l <= at[t] {
				g.left[t]++
				g.hits[t] += hit
			}
		}
	}
	best := 0.0
	for t := range terms {
		n, p := g.left[t], g.hits[t]
		m, q := len(rows)-n, positives-p
		if low[t] == high[t] || n < g.least || m < g.least {
			continue
		}
		if gain := float64(p*p)/float64(n) + float64(q*q)/float64(m); gain > best {
			term, level, ok, best = t, at[t], true, gain
		}
	}
	return term, level, ok
}

// MarshalJSON writes the trees in a few bytes a node, as base64: for each node in preorder its term and level, or, for a
// leaf, 255 and its share in units of 1/65535, high byte first.
func (ts trees) MarshalJSON() ([]byte, error) {
	var out []byte
	for _, t := range ts {
		for _, n := range t {
			if n.term != leaf {
				out = append(out, n.term, n.level)
				continue
			}
			out = append(out, leaf, byte(n.arg>>8), byte(n.arg))
		}
	}
	return json.Marshal(base64.StdEncoding.EncodeToString(out))
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (ts *trees) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return err
	}
	rest, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return fmt.Errorf("trees: %w", err)
	}
	*ts = nil
	for len(rest) > 0 {
		t, after, err := readTree(rest)
		if err != nil {
			return err
		}
		*ts = append(*ts, t)
		rest = after
	}
	return nil
}

var errTree = errors.New("trees: cut or damaged")

// readTree reads one tree from the beginning of data. It keeps the way back itself, so that no depth exhausts the stack.
func readTree(data []byte) (t tree, rest []byte, err error) {
	var open []uint16 // nodes whose sides are being read
	for {
		if len(data) < 2 || len(t) > mostNodes-1 {
			return nil, nil, errTree
		}
		if data[0] != leaf {
			open = append(open, uint16(len(t)))
			t = append(t, node{term: data[0], level: data[1]})
			data = data[2:]
			continue
		}
		if len(data) < 3 {
			return nil, nil, errTree
		}
		t = append(t, node{term: leaf, arg: uint16(data[1])<<8 | uint16(data[2])})
		data = data[3:]
		// The tree goes on at the right side of the last node whose right side is unread.
		for len(open) > 0 && t[open[len(open)-1]].arg > 0 {
			open = open[:len(open)-1]
		}
		if len(open) == 0 {
			return t, data, nil
		}
		t[open[len(open)-1]].arg = uint16(len(t))
	}
}
