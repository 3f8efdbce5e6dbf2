// Package report owns the one document that Mainstay produces; every format is a view of it. The contract and the version
// promise are in doc/output.md.
package report

// SchemaVersion is raised when a field is removed or changes its meaning; new fields do not raise it.
const SchemaVersion = 1

// A Document is the result of one run. Arrays are never null; a number that cannot be computed is null, never 0.
type Document struct {
	SchemaVersion int        `json:"schema_version"`
	Tool          Tool       `json:"tool"`
	Command       string     `json:"command"`    // scan, inspect, plan, footprint or drill
	Invocation    string     `json:"invocation"` // the command line as typed, quoted for a POSIX shell; empty if not known
	Language      string     `json:"language"`
	AsOf          string     `json:"as_of"` // YYYY-MM-DD, 00:00 UTC
	Summary       Summary    `json:"summary"`
	Subjects      []Subject  `json:"subjects"`
	Packages      []Package  `json:"packages"`
	Upstreams     []Upstream `json:"upstreams"` // by attention rank, then the unranked by id
	Plan          *Plan      `json:"plan"`      // the plan, or the one opening that a scan ends with; null if nothing can be said
	Footprint     *Footprint `json:"footprint"` // organisations' standing; null but for footprint
	Drill         *Drill     `json:"drill"`     // what would stop if somebody left; null but for drill
	Changes       *Changes   `json:"changes"`   // what is new since an earlier scan; null where there is none to compare with
	Passed        []Passed   `json:"passed_over"`
	Gaps          []Gap      `json:"gaps"`
	Next          []string   `json:"next"` // commands to try next
}

// Tool names the program that wrote the document.
type Tool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// Summary is the first answer: a sentence and the counts behind it.
type Summary struct {
	Sentence  string `json:"sentence"`
	Upstreams int    `json:"upstreams"` // all upstreams, whatever their state
	Ranked    int    `json:"ranked"`    // those with a loss, and so a rank
	Active    int    `json:"active"`
	Quiet     int    `json:"quiet"`
	Ended     int    `json:"ended"`
	Unknown   int    `json:"unknown"`
	OnePerson int    `json:"one_person"` // upstreams, not ended, whose absence factor is 1
	High      int    `json:"high"`       // upstreams in the bands high and severe
	Packages  int    `json:"packages"`   // distinct packages
	Direct    int    `json:"direct"`     // of these, named by a subject itself
	Resolved  int    `json:"resolved"`   // of these, with a known upstream
	NotRead   string `json:"not_read"`   // one honest line on what was not read; empty if nothing
}

// Subject is one thing that was scanned.
type Subject struct {
	ID   string `json:"id"`
	Path string `json:"path"`
	Kind string `json:"kind"` // folder, sbom, purl, cohort, upstream
}

// Package is a distinct package over all subjects.
type Package struct {
	PURL       string      `json:"purl"`
	Direct     bool        `json:"direct"`
	Scope      string      `json:"scope"`
	Subjects   []string    `json:"subjects"`
	Path       []string    `json:"path"` // purls of a shortest way from a subject to this package, without the package itself
	Requires   []string    `json:"requires"`
	File       string      `json:"file"`
	Line       *int        `json:"line"`
	Upstream   *string     `json:"upstream"`
	Resolution *Resolution `json:"resolution"`
	Registry   *Registry   `json:"registry"` // what is said of it where it is published; null if nothing is known
	Notices    []Notice    `json:"notices"`  // deprecated, or yanked: of the version in use
}

// Registry is what registries, and files of the user's, say of a package.
type Registry struct {
	Released       *string `json:"released"` // YYYY-MM-DD
	Latest         *string `json:"latest"`
	LatestReleased *string `json:"latest_released"` // YYYY-MM-DD
	Publishers     *int    `json:"publishers"`
	Source         string  `json:"source"`
	Observed       *string `json:"observed"` // YYYY-MM-DD
}

// Resolution says how the upstream of a package was found.
type Resolution struct {
	Method     string  `json:"method"`
	Confidence float64 `json:"confidence"` // 0 to 1
	Evidence   string  `json:"evidence"`
	Folder     string  `json:"folder"` // inside a monorepo; empty if not known
}

// Upstream is one source repository and all that is said of it.
type Upstream struct {
	ID         string      `json:"id"` // host/owner/name
	Packages   []string    `json:"packages"`
	State      string      `json:"state"`      // active, quiet, ended, unknown
	QuietKind  *string     `json:"quiet_kind"` // finished, waiting or unsure; null unless quiet
	Exposure   Exposure    `json:"exposure"`
	Vitals     *Vitals     `json:"vitals"`
	Outlook    *Outlook    `json:"outlook"`
	Fragility  *Fragility  `json:"fragility"`
	WhatIf     []WhatIf    `json:"what_if"` // supposed cases; filled by inspect
	Load       *Load       `json:"load"`
	Notices    []Notice    `json:"notices"`
	Loss       *float64    `json:"loss"`
	Attention  *Attention  `json:"attention"`
	History    *History    `json:"history"`
	Series     []Point     `json:"series"`     // by quarter, oldest first; filled by inspect
	People     []Person    `json:"people"`     // busiest first; filled by inspect
	Governance *Governance `json:"governance"` // filled by inspect, plan and footprint
	WayIn      *WayIn      `json:"way_in"`     // filled by inspect and plan
	Territory  *Territory  `json:"territory"`  // filled by inspect --territory, and by plan for its openings
}

// Exposure is how much of the subjects rides on an upstream.
type Exposure struct {
	Score    float64 `json:"score"`    // 0 to 1, 1 for the most exposed upstream
	Direct   bool    `json:"direct"`   // a subject names one of its packages itself
	Depth    int     `json:"depth"`    // of its shallowest package, 1 for direct
	Subjects int     `json:"subjects"` // how many subjects ride on it
	Packages int     `json:"packages"`
}

// Vitals are the measures of doc/measures.md as of AsOf.
type Vitals struct {
	AsOf                     string   `json:"as_of"` // the earlier of the document's date and the day the source was last observed
	Commits12m               int      `json:"commits_12m"`
	Commits3m                int      `json:"commits_3m"`
	Contributors12m          int      `json:"contributors_12m"`
	ContributorAbsenceFactor *int     `json:"contributor_absence_factor_12m"`
	TopShare                 *float64 `json:"top_share_12m"`
	ElephantFactor           *int     `json:"elephant_factor_12m"`
	Newcomers12m             int      `json:"newcomers_12m"`
	DepartedShare            *float64 `json:"departed_share"`
	DaysSinceCommit          *int     `json:"days_since_commit"`
	Releases12m              int      `json:"releases_12m"`
	DaysSinceRelease         *int     `json:"days_since_release"`
	PullsOpened12m           *int     `json:"pulls_opened_12m"`
	PullsMerged12m           int      `json:"pulls_merged_12m"`
	FirstCommit              *string  `json:"first_commit"` // YYYY-MM-DD
	LastCommit               *string  `json:"last_commit"`  // YYYY-MM-DD
	Months                   []int    `json:"months"`       // human commits in 24 stretches of 365/12 days, oldest first
}

// Outlook is the forecast for an active upstream.
type Outlook struct {
	Probability12m *float64    `json:"probability_12m"` // that maintenance stops
	Collapse12m    *float64    `json:"collapse_12m"`    // that it stops, or falls under a fifth
	Interval       []float64   `json:"interval"`        // 80 % interval of probability_12m: two numbers
	Band           string      `json:"band"`            // calm, watch, high, severe or unsure
	Reasons        []Reason    `json:"reasons"`         // strongest first
	Precedents     []Precedent `json:"precedents"`
}

// Reason is one cause of an outlook, as a sentence with its figures.
type Reason struct {
	Code   string  `json:"code"`
	Text   string  `json:"text"`
	Weight float64 `json:"weight"` // contribution to the log-odds against the average project; positive raises the risk
}

// Precedent is a past case that resembles this one.
type Precedent struct {
	Upstream string `json:"upstream"`
	AsOf     string `json:"as_of"`
	Outcome  string `json:"outcome"` // stop, collapse or continued
	Text     string `json:"text"`
}

// WhatIf is how the upstream would stand in a supposed case.
type WhatIf struct {
	Case           string    `json:"case"` // "+1", "+2@24", "busiest leaves", "busiest leaves, +1": the same in every language
	Text           string    `json:"text"`
	Probability12m *float64  `json:"probability_12m"`
	Interval       []float64 `json:"interval"` // empty where the busiest leaves
	Collapse12m    *float64  `json:"collapse_12m"`
	Fragility      *float64  `json:"fragility"` // null where the busiest leaves
	Loss           *float64  `json:"loss"`
}

// Fragility is how likely maintenance is to stop if the busiest person leaves.
type Fragility struct {
	Score               *float64 `json:"score"`
	KeyShare            *float64 `json:"key_share"`
	SecondShare         *float64 `json:"second_share"`
	AbsenceFactor24mAgo *int     `json:"absence_factor_24m_ago"`
	ListedMaintainers   *int     `json:"listed_maintainers"`
	ActiveMaintainers   *int     `json:"active_maintainers"`
}

// Load is what is asked of the people relative to what they get done. Definitions are in doc/measures.md.
type Load struct {
	PullsOpened12m      *int     `json:"pulls_opened_12m"`
	PullsMerged12m      int      `json:"pulls_merged_12m"`
	CommitsSinceRelease *int     `json:"commits_since_release"`
	CommitsPerRelease   *float64 `json:"commits_per_release"` // median between past releases
	ReleaseBacklog      *float64 `json:"release_backlog"`     // the first over the second
	Regulars12m         int      `json:"regulars_12m"`
	NewOutsiders12m     *int     `json:"new_outsiders_12m"`
	OutsidersPerRegular *float64 `json:"new_outsiders_per_regular"`
	WaitingOutsiders    *int     `json:"waiting_outsiders"` // who asked with pulls that were not taken
	WaitingPulls        *int     `json:"waiting_pulls"`
	WaitingDays         *int     `json:"waiting_days"` // since the oldest of them; null without any
}

// Notice is a published end.
type Notice struct {
	Kind   string `json:"kind"`
	Date   string `json:"date"`
	Source string `json:"source"`
	Text   string `json:"text"`
}

// Attention is the order in which to look.
type Attention struct {
	Rank  int      `json:"rank"`  // 1 for the first to look at
	Score float64  `json:"score"` // exposure × loss
	Why   []string `json:"why"`   // because-clauses with figures
}

// History says where the history of an upstream came from.
type History struct {
	Source        string `json:"source"` // mirror, archive, cache, network or reference
	Commits       int    `json:"commits"`
	ObservedUntil string `json:"observed_until"` // YYYY-MM-DD
}

// Point is one quarter in the life of an upstream.
type Point struct {
	AsOf                     string   `json:"as_of"`
	Commits12m               int      `json:"commits_12m"`
	Contributors12m          int      `json:"contributors_12m"`
	ContributorAbsenceFactor *int     `json:"contributor_absence_factor_12m"`
	TopShare                 *float64 `json:"top_share_12m"`
	State                    string   `json:"state"`
	Probability12m           *float64 `json:"probability_12m"`
	Fragility                *float64 `json:"fragility"`
}

// Person is one contributor of the last year, without a name unless the user asked for names.
type Person struct {
	Name       *string `json:"name"`  // null without --names, and where the source holds only hashes
	Share      float64 `json:"share"` // of the human commits of the last 365 days
	Commits12m int     `json:"commits_12m"`
	Since      string  `json:"since"` // first human commit, YYYY-MM-DD
	LastCommit string  `json:"last_commit"`
}

// Plan is an ordered list of openings.
type Plan struct {
	Engineers    int       `json:"engineers"`
	Days         *int      `json:"days"`         // working days that each has in a year; null for a regular contributor's rhythm
	Goal         string    `json:"goal"`         // exposure or standing
	Organisation string    `json:"organisation"` // whose engineers; empty if not said
	Openings     []Opening `json:"openings"`
	Notes        []string  `json:"notes"` // what the figures do not say, and what no contributor can help
}

// Opening is a place where contributed work changes most.
type Opening struct {
	Upstream     string    `json:"upstream"`
	Engineers    int       `json:"engineers"`
	Exposure     float64   `json:"exposure"`
	LossBefore   float64   `json:"loss_before"`
	LossAfter    float64   `json:"loss_after"`
	Fall         float64   `json:"fall"`          // exposure × (loss_before − loss_after)
	FallInterval []float64 `json:"fall_interval"` // 80 % interval of fall: two numbers
	Weight       *float64  `json:"weight"`        // what takes the place of exposure under the goal standing
	Tractability float64   `json:"tractability"`  // how far outsiders get here; the common value where nothing is known
	Fit          *float64  `json:"fit"`           // how far the engineers' work so far fits; null where no repositories of theirs are named
	Worth        float64   `json:"worth"`         // what the plan maximises: (weight or exposure) × fall in loss × tractability × fit
	Text         string    `json:"text"`          // one paragraph with the figures
	First        []Task    `json:"first"`         // what to pick up first
	Seat         string    `json:"seat"`          // the way to a seat, in a sentence; empty where nothing is known
	Idle         string    `json:"idle"`          // the price of doing nothing, in a sentence
	Explain      []string  `json:"explain"`       // the arithmetic behind worth; filled by --explain
}

// Task is something to pick up.
type Task struct {
	Kind  string `json:"kind"`  // orphaned-folder, open-pull, overdue-release, second-maintainer
	Where string `json:"where"` // a folder, or the number of a pull; may be empty
	Text  string `json:"text"`
}

// Passed counts what was passed over on purpose.
type Passed struct {
	Reason string `json:"reason"` // vendored, testdata, excluded, hidden, link; the same in every language
	Count  int    `json:"count"`
}

// Gap is something that could not be read.
type Gap struct {
	Stage string `json:"stage"`
	Kind  string `json:"kind"`
	File  string `json:"file"`
	Line  *int   `json:"line"`
	What  string `json:"what"`
	Why   string `json:"why"`
	Hint  string `json:"hint"`
	Count int    `json:"count"`
}
