package opening

import (
	"github.com/mainstay-oss/mainstay/internal/forecast"
	"github.com/mainstay-oss/mainstay/internal/vitals"
)

// A Verdict says in a word what would become of an upstream; the strings are part of the JSON contract (doc/output.md).
type Verdict string

// Verdicts.
const (
	Stops   Verdict = "stops"    // likely, even if only those leave who are known to
	MayStop Verdict = "may-stop" // likely, if those leave too of whom it is not known
	GoesOn  Verdict = "goes-on"
)

// LikelyStop is the probability from which on maintenance would likely stop.
const LikelyStop = 0.5

// A Drill is one upstream without some of its people. Upper is the case in which those leave as well of whom it is not known.
type Drill struct {
	Before       float64 // probability that maintenance stops as it is
	Lower, Upper Departure
}

// NewDrill asks both cases as of t; false where no outlook applies. The persons are numbered as by meter.Persons(t). Who leaves in the
// lower case leaves in the upper one too.
func NewDrill(m *forecast.Model, meter *vitals.Meter, t int64, lower, upper func(person int32) bool) (Drill, bool) {
	c, active := crewAt(meter, t)
	if !active {
		return Drill{}, false
	}
	var d Drill
	d.Before, _, _ = m.Chances(c.features)
	d.Lower = c.without(m, lower)
	d.Upper = c.without(m, func(person int32) bool { return lower(person) || upper(person) })
	return d, true
}

// Verdict sums a drill up.
func (d Drill) Verdict() Verdict {
	switch {
	case d.Lower.Stop >= LikelyStop:
		return Stops
	case d.Upper.Stop >= LikelyStop:
		return MayStop
	}
	return GoesOn
}
