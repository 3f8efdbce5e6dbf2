package forecast

import "math"

// eceBins is the number of bins of equal mass over which calibration is averaged.
const eceBins = 10

// ranked is a set of scored rows in the order of falling scores, ready to be judged many times: each time with another
// number of copies of each project.
type ranked struct {
	score   []float64
	event   []int32 // 1 with the outcome, else 0
	project []int32 // number of the row's project
	ties    []int32 // ends of the stretches of equal score
	// Rows, and rows with the outcome, by project.
	rows, events []int
}

// rank sorts rows by falling score; ties stay in the order given. Without project, all rows are of one.
func rank(scores []float64, outcome []bool, project []int32) *ranked {
	r := &ranked{score: make([]float64, len(scores)), event: make([]int32, len(scores)), project: make([]int32, len(scores))}
	for k, i := range byScore(scores) {
		r.score[k], r.event[k] = scores[i], int32(indicator(outcome[i]))
		if project != nil {
			r.project[k] = project[i]
		}
		if k > 0 && r.score[k] != r.score[k-1] {
			r.ties = append(r.ties, int32(k))
		}
	}
	r.ties = append(r.ties, int32(len(scores)))
	for k, p := range r.project {
		for int(p) >= len(r.rows) {
			r.rows, r.events = append(r.rows, 0), append(r.events, 0)
		}
		r.rows[p]++
		r.events[p] += int(r.event[k])
	}
	return r
}

// figures are what one look at a ranked set gives. All are NaN where there is no row with, or none without, the outcome,
// but for brier and ece, which need a row only.
type figures struct {
	positives, negatives int
	auc, ap, recall      float64
	// threshold is the lowest score at which at most 5 % of the rows without the outcome raise an alarm; NaN if there is none,
	// which no score reaches.
	threshold    float64
	brier, skill float64
	ece          float64
}

// once lists each project once.
func (r *ranked) once() []int32 {
	times := make([]int32, len(r.rows))
	for p := range times {
		times[p] = 1
	}
	return times
}

// size counts the rows with and without the outcome when each project stands times[project] times in the set.
func (r *ranked) size(times []int32) (positives, negatives int) {
	for p, n := range r.rows {
		positives += int(times[p]) * r.events[p]
		negatives += int(times[p]) * (n - r.events[p])
	}
	return positives, negatives
}

// judge gives every figure of the set. Each project stands times[project] times in it. Definitions are those of Metrics.
func (r *ranked) judge(times []int32) figures {
	f := r.judgeRanks(times)
	total := float64(f.positives + f.negatives)
	if total == 0 {
		return f
	}
	f.brier, f.ece = r.calibration(times, f.positives+f.negatives)
	if f.positives > 0 && f.negatives > 0 {
		rate := float64(f.positives) / total
		f.skill = 1 - f.brier/(rate*(1-rate))
	}
	return f
}

// judgeRanks gives the figures that look at the order alone: all that can be said of scores that are no probabilities. Rows of
// one score are passed at once, and count half in the AUC.
func (r *ranked) judgeRanks(times []int32) figures {
	unknown := math.NaN()
	f := figures{auc: unknown, ap: unknown, recall: unknown, threshold: unknown, brier: unknown, skill: unknown, ece: unknown}
	f.positives, f.negatives = r.size(times)
	if f.positives == 0 || f.negatives == 0 {
		return f
	}
	var (
		hits, alarms int // rows with and without the outcome so far
		halves       int // twice the area under the ROC curve, in pairs
		precision    float64
		recalled     int
	)
	start := 0
	for _, end := range r.ties {
		all, with := 0, 0
		event := r.event[start:end]
		for i, p := range r.project[start:end] {
			n := times[p]
			all += int(n)
			with += int(n * event[i])
		}
		start = int(end)
		if all == 0 {
			continue
		}
		halves += (all - with) * (2*hits + with)
		hits, alarms = hits+with, alarms+all-with
		if with > 0 {
			precision += float64(with) * float64(hits) / float64(hits+alarms)
		}
		if 20*alarms <= f.negatives {
			recalled, f.threshold = hits, r.score[end-1]
		}
	}
	f.auc = float64(halves) / (2 * float64(f.positives) * float64(f.negatives))
	f.ap = precision / float64(f.positives)
	f.recall = float64(recalled) / float64(f.positives)
	return f
}

// calibration gives the mean squared error, and the distance of forecast and frequency averaged over bins of equal mass. The
// copies of one row may lie in several bins.
func (r *ranked) calibration(times []int32, total int) (brier, ece float64) {
	bin, passed, end := 0, 0, total/eceBins
	forecast, found := 0.0, 0 // sums over the bin at hand
	for k, score := range r.score {
		n := int(times[r.project[k]])
		if n == 0 {
			continue
		}
		off := score - float64(r.event[k])
		brier += float64(n) * off * off
		for passed+n > end {
			part := end - passed
			ece += math.Abs(forecast + float64(part)*score - float64(found+part*int(r.event[k])))
			forecast, found = 0, 0
			passed, n = end, n-part
			bin++
			end = (bin + 1) * total / eceBins
		}
		forecast += float64(n) * score
		found += n * int(r.event[k])
		passed += n
	}
	ece += math.Abs(forecast - float64(found))
	return brier / float64(total), ece / float64(total)
}

// judged is a ranked set as it is, and as it came out in each draw.
type judged struct {
	once  figures
	drawn []figures
}

// judgeAll judges probabilities in full, other scores by their order.
func judgeAll(r *ranked, drawn [][]int32, probabilities bool) judged {
	judge := r.judgeRanks
	if probabilities {
		judge = r.judge
	}
	j := judged{once: judge(r.once()), drawn: make([]figures, len(drawn))}
	for d, times := range drawn {
		j.drawn[d] = judge(times)
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

func (j *judged) auc() Spread    { return j.spread(func(f *figures) float64 { return f.auc }) }
func (j *judged) ap() Spread     { return j.spread(func(f *figures) float64 { return f.ap }) }
func (j *judged) recall() Spread { return j.spread(func(f *figures) float64 { return f.recall }) }
func (j *judged) brier() Spread  { return j.spread(func(f *figures) float64 { return f.brier }) }
func (j *judged) skill() Spread  { return j.spread(func(f *figures) float64 { return f.skill }) }
func (j *judged) ece() Spread    { return j.spread(func(f *figures) float64 { return f.ece }) }
