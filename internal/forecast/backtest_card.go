package forecast

import (
	"errors"
	"fmt"
	"math"
)

// cardTolerance is by how much a figure may fall under the card: a table keeps fewer digits than a history.
const cardTolerance = 0.002

// UnderCard tells in which respects the model fares worse, over all quarters of a backtest, than the card says; nil if in
// none. The card is what Train measured and doc/forecast.md says. A figure that is not known falls under it.
func UnderCard(tasks []TaskFigures, card Figures) error {
	var under []error
	for _, t := range tasks {
		promised := card.Stop
		switch t.Task {
		case TaskCollapse:
			promised = card.Collapse
		case TaskFragility:
			promised = card.Fragility
		}
		all := t.Groups[0].Methods
		own := all[len(all)-1]
		for _, c := range []struct {
			name      string
			got, want float64 // the more the better
		}{
			{"AUC", own.AUC.Value, promised.AUC},
			{"average precision", own.AP.Value, promised.AP},
			{"recall", own.Recall5.Value, promised.Recall5},
			{"skill", own.Skill.Value, promised.Skill},
			{"calibration", 1 - own.ECE.Value, 1 - promised.ECE},
		} {
			if math.IsNaN(c.got) || c.got < c.want-cardTolerance {
				under = append(under, fmt.Errorf("%s: %s is %.4f, the card says %.4f", t.Task, c.name, c.got, c.want))
			}
		}
	}
	return errors.Join(under...)
}
