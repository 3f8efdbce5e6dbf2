package store

import (
	"fmt"
	"time"
)

// A Quarter is what stands for a calendar quarter in a series.
type Quarter struct {
	Name string // 2025-Q2
	Observation
}

// Quarters gives one observation for each calendar quarter that has any: the last for which a registry gave a figure, or, if
// there is none, the last. The series is of one upstream, the oldest first, as Series gives it; so is the result.
func Quarters(series []Observation) []Quarter {
	var out []Quarter
	for _, o := range series {
		name := quarter(o.Date)
		n := len(out) - 1
		switch {
		case n < 0 || out[n].Name != name:
			out = append(out, Quarter{name, o})
		case o.counted() || !out[n].counted():
			out[n].Observation = o
		}
	}
	return out
}

// quarter names the quarter of a day, YYYY-MM-DD.
func quarter(date string) string {
	t, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return ""
	}
	return fmt.Sprintf("%d-Q%d", t.Year(), (t.Month()+2)/3)
}
