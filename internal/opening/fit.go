package opening

import (
	"maps"
	"slices"
)

// A Team is what an organisation's engineers have shown in the repositories that it names.
type Team struct {
	Changes map[string]int // changes of files by language
	Commits map[string]int // human commits of the last two years by upstream
}

const (
	leastFit = 0.5 // of a team that knows none of the languages: there are documents, releases and questions
	halfKnow = 20  // changes with which a language is half known
	atHome   = 3   // commits with which a team is at home in an upstream: as many as part going on from a stop

	// CommonFit stands for a fit that is not known: the middle of what languages say.
	CommonFit = (1 + leastFit) / 2
)

// Fit says how far what the team has shown fits an upstream whose source files, by language, are given: 0 to 1.
//
// A language of which the team has made n changes is known to n/(n+20). The fit is a half, and the other half goes by how much of
// the upstream's files is known so. It rises to 1 with the team's first three commits in the upstream itself. It is nil
// where the team has shown nothing at all, or where the languages of an upstream without commits of theirs are not known.
// It weighs, it does not forecast: nobody is judged by it.
func (t Team) Fit(upstream string, files map[string]int) *float64 {
	if len(t.Changes) == 0 && len(t.Commits) == 0 {
		return nil
	}
	fit, known := t.languages(files)
	if !known {
		fit = CommonFit
	}
	here := min(1, float64(t.Commits[upstream])/atHome)
	if !known && here == 0 {
		return nil
	}
	fit += (1 - fit) * here
	return &fit
}

// languages is the fit by languages alone; false where those of the upstream are not known.
func (t Team) languages(files map[string]int) (fit float64, known bool) {
	all, knows := 0.0, 0.0
	for _, language := range slices.Sorted(maps.Keys(files)) { // sums of floats depend on their order
		n := max(0, float64(files[language]))
		changes := max(0, float64(t.Changes[language]))
		all += n
		knows += n * changes / (changes + halfKnow)
	}
	if all == 0 {
		return 0, false
	}
	return leastFit + (1-leastFit)*knows/all, true
}
