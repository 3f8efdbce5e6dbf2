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
)

const (
	// ridge was chosen among 5, 20, 50, 100 and 200 by out-of-fold figures, which hardly differ.
	ridge = 50
	// refits is the number of bootstrap refits behind the interval.
	refits = 200
	// seed makes the draws of the refits the same each time.
	seed = 20120101
)

// minPositives is how many rows with and without the outcome a regression needs to be fitted at all.
const minPositives = 20

// Train fits a model to the table and judges it out-of-fold. The same rows give the same model, bit for bit.
func Train(rows []Row) (*Model, error) {
	m := &Model{Rows: len(rows)}
	x := make([][]float64, len(rows))
	for i := range rows {
		x[i] = inputs(&rows[i].Features)
		for j, v := range x[i] {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return nil, fmt.Errorf("%s %s: term %s is %v", rows[i].Repo, rows[i].AsOf, terms[j].name, v)
			}
		}
		m.Newest = max(m.Newest, rows[i].AsOf)
		m.Projects = append(m.Projects, rows[i].Repo)
	}
	slices.Sort(m.Projects)
	m.Projects = slices.Compact(m.Projects)
	if err := enough(rows); err != nil {
		return nil, err
	}

	mean, _ := moments(sample{x: x}, len(terms))
	for j, t := range terms {
		r := Range{Name: t.name, Mean: round(mean[j]), Low: math.Inf(1), High: math.Inf(-1)}
		for i := range x {
			r.Low, r.High = math.Min(r.Low, x[i][j]), math.Max(r.High, x[i][j])
		}
		m.Terms = append(m.Terms, Range{r.Name, r.Mean, round(r.Low), round(r.High)})
	}

	fitted := make([]regressions, folds+1) // the last one on all folds
	parallel(len(fitted), func(k int) { fitted[k] = regress(rows, x, k) })
	m.regressions, m.Folds = fitted[folds], fitted[:folds]

	m.Bootstrap = make([]logistic, refits)
	project := make([]int, len(rows))
	for i := range rows {
		project[i], _ = slices.BinarySearch(m.Projects, rows[i].Repo)
	}
	draws := make([][]float64, refits)
	for b := range draws {
		draws[b] = draw(uint64(b), project, len(m.Projects))
	}
	y := outcomeOf(rows, func(r *Row) bool { return r.Stop })
	parallel(refits, func(b int) {
		m.Bootstrap[b] = rounded(fit(sample{x, y, draws[b]}, signs(), ridge, &m.Stop))
	})

	forecasts := m.OutOfFold(rows)
	m.Figures = forecasts.Figures()
	return m, nil
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
	s := make([]int, len(terms))
	for i := range terms {
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
		b := *m
		b.regressions = m.Folds[k]
		blind[k] = &b
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
	for _, at := range []string{`{"intercept"`, `{"name"`, `"projects"`, `"terms"`, `"stop":`, `"collapse":`, `"fragility":`, `"folds"`, `"bootstrap"`, `"figures_out_of_fold"`} {
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
