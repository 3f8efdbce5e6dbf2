// Package forecast turns vitals and history into calibrated probabilities: that maintenance stops, that it collapses, and
// that it stops if the busiest person leaves; with reasons. Definitions, training data and honest figures: doc/forecast.md.
//
// The way from a history to an outlook: [FeaturesAt] computes plain facts about an upstream as of a date, [Default] gives
// the model trained on the histories of table.csv, and [Model.Outlook] applies it. "go run ./internal/forecast/train"
// trains again; [Train] is what it calls.
package forecast

// Bands of the probability of a stop.
const (
	Calm   = "calm"   // under 3 %
	Watch  = "watch"  // under 10 %
	High   = "high"   // under 25 %
	Severe = "severe" // 25 % and more
	Unsure = "unsure" // the interval spans three bands
)

// A Reason is one cause of an outlook. Its sentence is message "reason.<Code>" with Args.
type Reason struct {
	Code   string
	Args   []any
	Weight float64 // contribution to the log-odds against the average project-quarter of the training data
}

// An Outlook is the forecast for one active upstream as of one date.
type Outlook struct {
	Stop      float64    // P(stop), 0 to 1
	Collapse  float64    // P(collapse), 0 to 1, never below Stop
	Interval  [2]float64 // 80 % interval of Stop; what it covers stands in doc/forecast.md
	Band      string
	Fragility float64  // P(stop | the busiest person leaves)
	Reasons   []Reason // three to five, strongest first: what raises the risk of a stop, for calm upstreams what lowers it
	// FragilityReasons are at most three causes that raise fragility, strongest first, weighed in its own log-odds.
	FragilityReasons []Reason
}

// bands lists the bands from calm to severe with the probability at which each ends.
var bands = []struct {
	name string
	end  float64
}{{Calm, 0.03}, {Watch, 0.10}, {High, 0.25}, {Severe, 2}}

// Band names the band of a probability with its 80 % interval.
func Band(p float64, interval [2]float64) string {
	low, high := bandOf(interval[0]), bandOf(interval[1])
	if high-low >= 2 {
		return Unsure
	}
	return bands[bandOf(p)].name
}

func bandOf(p float64) int {
	for i, b := range bands {
		if p < b.end {
			return i
		}
	}
	return len(bands) - 1
}
