// Package opening says what is at stake at each upstream, in which order to look, and where contributed work would change
// most. Definitions: doc/design.md, "State, outlook, fragility, loss".
package opening

import "github.com/mainstay-oss/mainstay/internal/vitals"

// leaveRate is how often the busiest person of an active project makes no commit in the second year: in 27 % of the
// project-quarters of the training data. Every key person may leave at this common rate.
const leaveRate = 0.27

// Losses of quiet upstreams are conventions, not measurements: nothing was asked of a finished one, a waiting one did not
// answer, and of the rest it is not known.
const (
	lossFinished = 0.05
	lossUnsure   = 0.25
	lossWaiting  = 0.5
)

// Loss is what is at stake at an upstream, 0 to 1: roughly the chance that its maintenance fails its users. collapse and
// fragility are the probabilities of an outlook and count for active upstreams alone. It is nil for unknown ones.
func Loss(state vitals.State, quiet vitals.QuietKind, collapse, fragility float64) *float64 {
	var loss float64
	switch state {
	case vitals.Ended:
		loss = 1
	case vitals.Active:
		loss = 1 - (1-collapse)*(1-leaveRate*fragility)
	case vitals.Quiet:
		switch quiet {
		case vitals.Finished:
			loss = lossFinished
		case vitals.Waiting:
			loss = lossWaiting
		default:
			loss = lossUnsure
		}
	default:
		return nil
	}
	return &loss
}
