package forecast

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"time"
)

const (
	// ridge was chosen among 5, 20, 50, 100 and 200 by out-of-fold figures, which hardly differ.
	ridge = 50
	// treesPerPair, times the 28 pairs of folds, is the number of trees in a forest; for judging a training project there are seven
	// times as many.
	treesPerPair = 8
	leastInLeaf  = 10
	// refits is the number of bootstrap refits behind the interval. Their trees are few and small.
	refits           = 50
	treesPerRefit    = 20
	leastInRefitLeaf = 50
	// seed makes all draws the same each time.
	seed = 20120101
)

// minPositives is how many rows with and without the outcome a regression needs to be fitted at all.
const minPositives = 20

// Train fits a model to the table and judges it out-of-fold. The same rows give the same model, bit for bit.
func Train(rows []Row) (*Model, error) {
	m, x, err := learn(rows)
	if err != nil {
		return nil, err
	}
	levels := m.table(x)
	project := make([]int, len(rows))
	for i := range rows {
		project[i], _ = slices.BinarySearch(m.Projects, rows[i].Repo)
	}
	m.Refits, m.RefitTrees = make([]logistic, refits), make(trees, refits*treesPerRefit)
	y := outcomeOf(rows, func(r *Row) bool { return r.Stop })
	parallel(refits, func(b int) {
		times := draw(uint64(b), project, len(m.Projects))
		m.Refits[b] = rounded(fit(sample{x, y, times}, signs(), ridge, &m.Stop))
		var drawn []int32
		for i, n := range times {
			for range int(n) {
				drawn = append(drawn, int32(i))
			}
		}
		g := newGrower(levels, y, drawn, uint64(1+b))
		g.least = leastInRefitLeaf
		for i := range treesPerRefit {
			m.RefitTrees[b*treesPerRefit+i] = g.grow(drawn)
		}
	})
	m.Figures = m.OutOfFold(rows).Figures()
	return m, nil
}

// TrainBefore trains on the quarters whose outcome was known by a date (YYYY-MM-DD), and gives the out-of-fold forecasts of
// those from it on: of other projects, in later years.
func TrainBefore(rows []Row, date string) (Forecasts, error) {
	day, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return Forecasts{}, err
	}
	known := day.AddDate(-2, 0, 0).Format(time.DateOnly)
	var early, late []Row
	for _, r := range rows {
		switch {
		case r.AsOf <= known:
			early = append(early, r)
		case r.AsOf >= date:
			late = append(late, r)
		}
	}
	m, _, err := learn(early)
	if err != nil {
		return Forecasts{}, err
	}
	return m.OutOfFold(late), nil
}

// learn fits regressions and forests; it gives the rows' terms too.
func learn(rows []Row) (*Model, [][]float64, error) {
	m := &Model{Rows: len(rows)}
	x := make([][]float64, len(rows))
	for i := range rows {
		x[i] = inputs(&rows[i].Features)
		for j, v := range x[i] {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return nil, nil, fmt.Errorf("%s %s: term %s is %v", rows[i].Repo, rows[i].AsOf, terms[j].name, v)
			}
		}
		m.Newest = max(m.Newest, rows[i].AsOf)
		m.Projects = append(m.Projects, rows[i].Repo)
	}
	slices.Sort(m.Projects)
	m.Projects = slices.Compact(m.Projects)
	if err := enough(rows); err != nil {
		return nil, nil, err
	}

	mean, _ := moments(sample{x: x}, len(terms))
	for j, t := range terms {
		r := Range{Name: t.name, Mean: round(mean[j]), Low: math.Inf(1), High: math.Inf(-1)}
		for i := range x {
			r.Low, r.High = math.Min(r.Low, x[i][j]), math.Max(r.High, x[i][j])
		}
		m.Terms = append(m.Terms, Range{r.Name, r.Mean, round(r.Low), round(r.High)})
	}

	regressed := make([]regressions, folds+1) // the last one on all folds
	parallel(len(regressed), func(k int) { regressed[k] = regress(rows, x, k) })
	m.regressions, m.Folds = regressed[folds], regressed[:folds]
	m.Forests = plant(rows, m.table(x))
	return m, x, nil
}

// table gives the levels of the terms, by row.
func (m *Model) table(x [][]float64) [][]uint8 {
	all := make([][]uint8, len(x))
	for i := range x {
		all[i] = m.levels(x[i])
	}
	return all
}

// newGrower prepares for growing trees on some rows; n tells its draws from those of others.
func newGrower(levels [][]uint8, outcome []bool, rows []int32, n uint64) *grower {
	positives := 0
	for _, r := range rows {
		if outcome[r] {
			positives++
		}
	}
	return &grower{
		levels: levels, outcome: outcome, rate: float64(positives) / float64(len(rows)),
		least: leastInLeaf, random: rand.New(rand.NewPCG(seed, n<<32)),
	}
}

// plant grows the three forests.
func plant(rows []Row, levels [][]uint8) forests {
	stop := outcomeOf(rows, func(r *Row) bool { return r.Stop })
	collapse := outcomeOf(rows, func(r *Row) bool { return r.Collapse })
	var out [3]trees
	for i := range out {
		out[i] = make(trees, treesPerPair*len(pairs))
	}
	parallel(len(out)*len(pairs), func(n int) {
		task, p := n/len(pairs), n%len(pairs)
		y := [...][]bool{stop, collapse, stop}[task]
		var seen []int32
		for i := range rows {
			fold := Fold(rows[i].Repo)
			if fold != pairs[p][0] && fold != pairs[p][1] && (task != 2 || rows[i].Left) {
				seen = append(seen, int32(i))
			}
		}
		g := newGrower(levels, y, seen, uint64(1000+n))
		for i := range treesPerPair {
			out[task][i*len(pairs)+p] = g.grow(seen)
		}
	})
	return forests{Stop: out[0], Collapse: out[1], Fragility: out[2]}
}

// enough asks that every fold leaves both outcomes of every regression behind.
func enough(rows []Row) error {
	for k := range folds {
		var stops, stays, collapses, upholds, leftStops, leftStays int
		for i := range rows {
			r := &rows[i]
			if Fold(r.Repo) == k {
				continue
			}
			count(r.Stop, &stops, &stays)
			count(r.Collapse, &collapses, &upholds)
			if r.Left {
				count(r.Stop, &leftStops, &leftStays)
			}
		}
		if least := min(stops, stays, collapses, upholds, leftStops, leftStays); least < minPositives {
			return fmt.Errorf("training without fold %d leaves only %d rows of one outcome; at least %d are needed", k, least, minPositives)
		}
	}
	return nil
}

func count(is bool, yes, no *int) {
	if is {
		*yes++
	} else {
		*no++
	}
}

// regress fits the three regressions to the rows outside a fold.
func regress(rows []Row, x [][]float64, fold int) regressions {
	pick := func(keep func(*Row) bool, outcome func(*Row) bool) sample {
		var s sample
		for i := range rows {
			if Fold(rows[i].Repo) != fold && keep(&rows[i]) {
				s.x = append(s.x, x[i])
				s.y = append(s.y, outcome(&rows[i]))
			}
		}
		return s
	}
	all := func(*Row) bool { return true }
	left := func(r *Row) bool { return r.Left }
	stop := func(r *Row) bool { return r.Stop }
	collapse := func(r *Row) bool { return r.Collapse }
	return regressions{
		Stop:      rounded(fit(pick(all, stop), signs(), ridge, nil)),
		Collapse:  rounded(fit(pick(all, collapse), signs(), ridge, nil)),
		Fragility: rounded(fit(pick(left, stop), signs(), ridge, nil)),
	}
}

func signs() []int {
	s := make([]int, linear)
	for i := range s {
		s[i] = terms[i].sign
	}
	return s
}

func outcomeOf(rows []Row, of func(*Row) bool) []bool {
	y := make([]bool, len(rows))
	for i := range rows {
		y[i] = of(&rows[i])
	}
	return y
}

// draw gives each row the number of times that its project was drawn with replacement.
func draw(n uint64, project []int, projects int) []float64 {
	random := rand.New(rand.NewPCG(seed, n))
	times := make([]float64, projects)
	for range projects {
		times[random.IntN(projects)]++
	}
	weight := make([]float64, len(project))
	for i, p := range project {
		weight[i] = times[p]
	}
	return weight
}

// Forecasts are out-of-fold forecasts for the rows of a table, with what came of them.
type Forecasts struct {
	Rows                      []Row
	Stop, Collapse, Fragility []float64
}

// OutOfFold forecasts every row by the regressions that never saw its project.
func (m *Model) OutOfFold(rows []Row) Forecasts {
	out := Forecasts{Rows: rows}
	blind := make([]*Model, folds)
	for k := range blind {
		blind[k] = m.without(k)
	}
	for i := range rows {
		stop, collapse, fragility := blind[Fold(rows[i].Repo)].Chances(rows[i].Features)
		out.Stop = append(out.Stop, stop)
		out.Collapse = append(out.Collapse, collapse)
		out.Fragility = append(out.Fragility, fragility)
	}
	return out
}

// Figures judges the forecasts.
func (f Forecasts) Figures() Figures {
	fragility, stopIfLeft := f.WhereLeft(f.Fragility)
	return Figures{
		Stop:      tidy(Measure(f.Stop, outcomeOf(f.Rows, func(r *Row) bool { return r.Stop }))),
		Collapse:  tidy(Measure(f.Collapse, outcomeOf(f.Rows, func(r *Row) bool { return r.Collapse }))),
		Fragility: tidy(Measure(fragility, stopIfLeft)),
	}
}

// WhereLeft picks the scores of the rows in which the busiest person left, and whether maintenance stopped there.
func (f Forecasts) WhereLeft(scores []float64) (picked []float64, stop []bool) {
	for i := range f.Rows {
		if f.Rows[i].Left {
			picked = append(picked, scores[i])
			stop = append(stop, f.Rows[i].Stop)
		}
	}
	return picked, stop
}

// Encode writes a model as the JSON that ParseModel reads and that is embedded: regressions on one line each.
func (m *Model) Encode() ([]byte, error) {
	flat, err := json.Marshal(m)
	if err != nil {
		return nil, err
	}
	// Compact numbers, one regression or term a line: small, and a diff shows what moved.
	for _, at := range []string{`{"intercept"`, `{"name"`, `"projects"`, `"terms"`, `"stop":`, `"collapse":`, `"fragility":`, `"folds"`, `"forests"`, `"refits"`, `"refit_trees"`, `"figures_out_of_fold"`} {
		flat = bytes.ReplaceAll(flat, []byte(at), []byte("\n"+at))
	}
	flat = bytes.ReplaceAll(flat, []byte(":\n{"), []byte(":{"))
	return append(flat, '\n'), nil
}

// round keeps six significant digits: far more than the data carry, few enough to hide the last bits in which machines differ.
func round(x float64) float64 {
	r, _ := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 6, 64), 64)
	return r
}

func rounded(l logistic) logistic {
	l.Intercept = round(l.Intercept)
	for i := range l.Weights {
		l.Weights[i] = round(l.Weights[i])
	}
	return l
}

// tidy keeps four decimals of each figure.
func tidy(m Metrics) Metrics {
	for _, x := range []*float64{&m.AUC, &m.AP, &m.Recall5, &m.Brier, &m.Skill, &m.ECE, &m.Calibrate.Slope, &m.Calibrate.Intercept} {
		*x = math.Round(*x*1e4) / 1e4
	}
	return m
}

// parallel calls do for 0 to n-1, on as many goroutines as there are processors.
func parallel(n int, do func(i int)) {
	var wait sync.WaitGroup
	next := make(chan int)
	for range min(n, runtime.GOMAXPROCS(0)) {
		wait.Go(func() {
			for i := range next {
				do(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wait.Wait()
}
