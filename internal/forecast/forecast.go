// Package forecast turns vitals and history into calibrated probabilities: that maintenance stops, that it collapses, and
// that it stops if the busiest person leaves; with reasons. Definitions, training data and honest figures: doc/forecast.md.
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
	Weight float64 // contribution to the log-odds of a stop against the average project of the training data
}

// An Outlook is the forecast for one active upstream as of one date.
type Outlook struct {
	Stop      float64    // P(stop), 0 to 1
	Collapse  float64    // P(collapse), 0 to 1, never below Stop
	Interval  [2]float64 // 80 % interval of Stop
	Band      string
	Fragility float64 // P(stop | the busiest person leaves)
	Reasons   []Reason
}
