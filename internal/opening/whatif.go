package opening

import "github.com/mainstay-oss/mainstay/internal/forecast"

// RegularRhythm is the work of a regular contributor that plans suppose: 48 human commits a year, four a month. In the
// training data the second busiest person of a project-quarter makes 25 (median) to 58 (mean).
const RegularRhythm = 48

// WithContributor tells how the features of an upstream would stand if one more person had worked on it through the last
// year, evenly, with so many commits a year, but no more than its busiest person: help joins a project, it does not take it over.
//
// It is the same project with one more pair of hands. What tells of its past stays as it was: commits of earlier years and
// the change against them, who left, newcomers, releases, pulls. Commits12m stays too, as the yardstick that a collapse
// is measured by. So the effect is rather under- than overstated. It compares with projects that have such a person; it is
// no proof that hiring one has this effect.
func WithContributor(f forecast.Features, rhythm float64) forecast.Features {
	m := min(rhythm, f.BusiestCommits)
	if !(m > 0) {
		return f
	}
	f.Added += m
	f.Commits3m += m * 91 / 365
	f.Commits1m += m * 30 / 365
	f.DaysSinceCommit = min(f.DaysSinceCommit, 365/m)
	f.Weeks3m += (13 - f.Weeks3m) * min(1, m/52) // weeks with work, if the two do not coordinate
	f.Contributors12m++
	f.Regulars12m++
	f.SecondCommits = max(f.SecondCommits, m)
	return f
}
