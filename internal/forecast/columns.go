package forecast

// A Column is one feature as a table keeps it: its name, and how many digits after the point are written.
type Column struct {
	Name   string
	Digits int
	Of     func(f *Features) *float64
}

// Columns lists the features in the order of the training table. With them another table, such as the embedded reference
// cohort's, holds features without knowing them one by one.
func Columns() []Column {
	all := make([]Column, len(columns))
	for i, c := range columns {
		all[i] = Column{c.name, c.digits, c.field}
	}
	return all
}
