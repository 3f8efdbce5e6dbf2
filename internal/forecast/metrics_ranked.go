package forecast

import "math"

// eceBins is the number of bins of equal mass over which calibration is averaged.
const eceBins = 10

// ranked is a set of scored rows in the order of falling scores, ready to be judged many times: each time with another
// number of copies of each project.
type ranked struct {
	score   []float64
	outcome []bool
	project []int32 // number of the row's project; nil if no row is ever repeated
	// Rows, and rows with the outcome, by project.
	rows, positives []int
}

// rank sorts rows by falling score; ties stay in the order given. project may be nil.
func rank(scores []float64, outcome []bool, project []int32) *ranked {
	r := &ranked{score: make([]float64, len(scores)), outcome: make([]bool, len(scores))}
	if project != nil {
		r.project = make([]int32, len(scores))
	}
	for k, i := range byScore(scores) {
		r.score[k], r.outcome[k] = scores[i], outcome[i]
		if project != nil {
			r.project[k] = project[i]
		}
	}
	for k, p := range r.project {
		for int(p) >= len(r.rows) {
			r.rows, r.positives = append(r.rows, 0), append(r.positives, 0)
		}
		r.rows[p]++
		r.positives[p] += int(indicator(r.outcome[k]))
	}
	return r
}

// figures are what one look at a ranked set gives. All are NaN where there is no row with, or none without, the outcome,
// but for brier and ece, which need a row only.
type figures struct {
	positives, negatives float64
	auc, ap, recall      float64
	// threshold is the lowest score at which at most 5 % of the rows without the outcome raise an alarm; NaN if there is none,
	// which no score reaches.
	threshold    float64
	brier, skill float64
	ece          float64
}

// size counts the rows with and without the outcome when each project stands times[project] times in the set.
func (r *ranked) size(times []int32) (positives, negatives float64) {
	if times == nil {
		for _, y := range r.outcome {
			positives += indicator(y)
		}
		return positives, float64(len(r.outcome)) - positives
	}
	for p, n := range r.rows {
		positives += float64(int(times[p]) * r.positives[p])
		negatives += float64(int(times[p]) * (n - r.positives[p]))
	}
	return positives, negatives
}

// judge walks the rows once, from the top. Each project stands times[project] times in the set, once if times is nil.
// Definitions are those of Metrics: rows of one score are passed at once, and count half in the AUC.
func (r *ranked) judge(times []int32) figures {
	unknown := math.NaN()
	f := figures{auc: unknown, ap: unknown, recall: unknown, threshold: unknown, brier: unknown, skill: unknown, ece: unknown}
	f.positives, f.negatives = r.size(times)
	total := f.positives + f.negatives
	if total == 0 {
		return f
	}
	walk := walk{threshold: unknown, negatives: f.negatives, total: total, end: math.Floor(total / eceBins)}
	for k, score := range r.score {
		copies := 1.0
		if times != nil {
			copies = float64(times[r.project[k]])
		}
		if copies > 0 {
			walk.pass(score, r.outcome[k], copies)
		}
	}
	walk.endTie()
	walk.endBin()
	f.brier, f.ece = walk.squares/total, walk.off/total
	if f.positives > 0 && f.negatives > 0 {
		f.auc = walk.area / (f.positives * f.negatives)
		f.ap = walk.precision / f.positives
		f.recall, f.threshold = walk.recalled/f.positives, walk.threshold
		rate := f.positives / total
		f.skill = 1 - f.brier/(rate*(1-rate))
	}
	return f
}

// walk is a way down the ranks.
type walk struct {
	total, negatives float64 // rows in all, and those without the outcome

	hits, alarms float64 // rows with and without the outcome above the tie at hand
	score        float64 // of the tie at hand
	with, sans   float64 // rows of the tie with and without the outcome

	area, precision     float64 // under the ROC curve; sum of the precisions at each hit
	recalled, threshold float64 // hits at 5 % false alarms, and the score that gives them

	squares float64 // sum of squared errors

	bin, passed     float64 // number of the bin at hand, and rows that have gone into bins
	end             float64 // rows passed at the end of that bin
	forecast, found float64 // sum of the scores and of the outcomes in it
	off             float64 // sum of the distances of those two over the bins before
}

func (w *walk) pass(score float64, outcome bool, copies float64) {
	if score != w.score {
		w.endTie()
		w.score = score
	}
	y := 0.0
	if outcome {
		y = 1
		w.with += copies
	} else {
		w.sans += copies
	}
	w.squares += copies * (score - y) * (score - y)
	for w.passed+copies > w.end && w.bin < eceBins-1 { // copies of one row may lie in several bins
		rest := w.end - w.passed
		w.forecast += rest * score
		w.found += rest * y
		w.passed = w.end
		copies -= rest
		w.endBin()
	}
	w.forecast += copies * score
	w.found += copies * y
	w.passed += copies
}

func (w *walk) endTie() {
	if w.with+w.sans == 0 {
		return
	}
	w.area += w.sans * (w.hits + w.with/2)
	w.hits, w.alarms = w.hits+w.with, w.alarms+w.sans
	w.precision += w.with * w.hits / (w.hits + w.alarms)
	if 20*w.alarms <= w.negatives {
		w.recalled, w.threshold = w.hits, w.score
	}
	w.with, w.sans = 0, 0
}

func (w *walk) endBin() {
	w.off += math.Abs(w.forecast - w.found)
	w.forecast, w.found = 0, 0
	w.bin++
	w.end = math.Floor((w.bin + 1) * w.total / eceBins)
}

// judged is a ranked set as it is, and as it came out in each draw.
type judged struct {
	once  figures
	drawn []figures
}

func judgeAll(r *ranked, drawn [][]int32) judged {
	j := judged{once: r.judge(nil), drawn: make([]figures, len(drawn))}
	for d, times := range drawn {
		j.drawn[d] = r.judge(times)
	}
	return j
}

// spread gives one of the figures with its interval.
func (j *judged) spread(of func(f *figures) float64) Spread {
	drawn := make([]float64, len(j.drawn))
	for d := range drawn {
		drawn[d] = of(&j.drawn[d])
	}
	return spread(of(&j.once), drawn)
}

func (j judged) auc() Spread    { return j.spread(func(f *figures) float64 { return f.auc }) }
func (j judged) ap() Spread     { return j.spread(func(f *figures) float64 { return f.ap }) }
func (j judged) recall() Spread { return j.spread(func(f *figures) float64 { return f.recall }) }
func (j judged) brier() Spread  { return j.spread(func(f *figures) float64 { return f.brier }) }
func (j judged) skill() Spread  { return j.spread(func(f *figures) float64 { return f.skill }) }
func (j judged) ece() Spread    { return j.spread(func(f *figures) float64 { return f.ece }) }
