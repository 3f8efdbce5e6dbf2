// Package vitals measures an upstream as of a date, without looking ahead. The definitions are in doc/measures.md; names
// follow CHAOSS where it has one.
//
// A [Meter] measures one history as of any date: what an upstream looks like ([Meter.At]), who works on it
// ([Meter.People]), what state it is in ([Meter.State]) and, for training and backtests alone, what came after
// ([Meter.Outcome]).
package vitals

// Windows, in seconds. A window ends at the as-of date T and is open on the left: (T-length, T].
const (
	Day     = 86400
	Year    = 365 * Day
	Months3 = 91 * Day
	Month   = Year / 12 // a stretch of Vitals.Months: 30 days and 10 hours
)

// State is what can be said of an upstream before any forecast.
type State string

// States; doc/measures.md defines each.
const (
	Active  State = "active"
	Quiet   State = "quiet"
	Ended   State = "ended"
	Unknown State = "unknown"
)

// Vitals are the measures of one upstream as of one date. A pointer is nil where the measure cannot be computed.
type Vitals struct {
	Commits12m               int      // human commits in 365 days
	Commits3m                int      // human commits in 91 days
	Contributors12m          int      // persons among their authors
	ContributorAbsenceFactor *int     // smallest number of persons whose commits reach half; nil without commits
	TopShare                 *float64 // the busiest person's share of Commits12m, 0 to 1; nil without commits
	SecondShare              *float64 // the second busiest person's share; nil without commits
	ElephantFactor           *int     // the same over organisations; nil when under 60 % of the commits are attributed
	Newcomers12m             int      // persons whose first human commit lies in the window
	DepartedShare            *float64 // share of the human commits of (T-730 d, T-183 d] by persons silent in the last 183 days; nil without such commits
	DaysSinceCommit          *int     // whole days since the last human commit; nil without one
	Releases12m              int      // tags created in the window
	DaysSinceRelease         *int     // whole days since the last tag; nil without one
	PullsOpened12m           *int     // pull heads authored in the window; nil where pull heads were not looked for
	PullsMerged12m           int      // pulls that a commit's subject names in the window
	FirstCommit              int64    // date of the first human commit, Unix seconds; 0 without one
	LastCommit               int64    // date of the last human commit up to T, Unix seconds; 0 without one
	Months                   [24]int  // human commits in each of the 24 stretches of 365/12 days up to T, oldest first
	Busiest                  int32    // number of the busiest person (as in Meter.Persons); -1 without commits in 12 months
}
