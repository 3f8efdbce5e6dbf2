package pipeline

import (
	"math"

	"github.com/mainstay-oss/mainstay/internal/opening"
	"github.com/mainstay-oss/mainstay/internal/report"
)

// whatIfRows tells how an upstream would stand in the supposed cases.
func (p *Pipeline) whatIfRows(m *measured) []report.WhatIf {
	var rows []report.WhatIf
	for i := range m.supposed {
		s := &m.supposed[i]
		row := report.WhatIf{
			Case:           s.Case.String(),
			Text:           p.supposition(s.Case, m.features.BusiestCommits),
			Probability12m: &s.Stop,
			Collapse12m:    &s.Collapse,
			Fragility:      s.Fragility,
			Loss:           &s.Loss,
		}
		if s.Interval != nil {
			row.Interval = s.Interval[:]
		}
		rows = append(rows, row)
	}
	return rows
}

// supposition says a case in words, with the rhythm that really is supposed: nobody who joins outdoes the busiest person.
func (p *Pipeline) supposition(c opening.Case, busiest float64) string {
	rhythm := int(math.Round(min(c.Rhythm, busiest)))
	switch {
	case c.Leaves && c.Join > 0:
		return p.Printer.Text("whatif.both", c.Join, rhythm)
	case c.Leaves:
		return p.Printer.Text("whatif.leaves")
	}
	return p.Printer.Text("whatif.join", c.Join, rhythm)
}
