package report

// Footprint is the standing of organisations in the upstreams. Every share is an interval: its lower end is what is attributed
// to the organisation, its upper end that plus all that is attributable to nobody.
type Footprint struct {
	Organisations []Organisation `json:"organisations"` // in the order in which they were asked for
	Attribution   []Attribution  `json:"attribution"`   // how much is attributed: first all upstreams together, then each by id
	Notes         []string       `json:"notes"`         // what the figures do not say
}

// Organisation is the standing of one organisation.
type Organisation struct {
	Name      string     `json:"name"`      // its name in the table of organisations, or as it was asked for
	Includes  []string   `json:"includes"`  // subsidiaries counted in, by name
	Text      string     `json:"text"`      // its standing in a sentence
	InAll     Standing   `json:"in_all"`    // all upstreams together
	Upstreams []Standing `json:"upstreams"` // those with work that is attributed to it, most commits in 365 days first
}

// Standing is the work and the seats of one organisation in one upstream, or in all.
type Standing struct {
	Upstream string     `json:"upstream"` // id; empty for all together
	Last12m  Presence   `json:"last_12m"` // the 365 days up to the date of the measures
	Years    []Presence `json:"years"`    // by calendar year, oldest first
	Quarters []Presence `json:"quarters"` // by calendar quarter, oldest first
	Seats    []Seats    `json:"seats"`    // by quarter start, oldest first; empty where no governance files could be read
	Reach    []Reach    `json:"reach"`    // by quarter, oldest first: what others use of it, beside the work and with no claim that one causes the other
}

// Presence is the work of one organisation in one stretch of time. A human commit counts once, where it was committed.
type Presence struct {
	Period         string    `json:"period"`           // `2025`, `2025-Q2` or `12m`
	From           string    `json:"from"`             // first day, YYYY-MM-DD
	Until          string    `json:"until"`            // first day after it, YYYY-MM-DD
	Whole          bool      `json:"whole"`            // the stretch lies before the date of the measures
	Commits        int       `json:"commits"`          // human commits attributed to the organisation (≥ 0)
	CommitsOpen    int       `json:"commits_open"`     // human commits attributable to nobody (≥ 0)
	CommitsAll     int       `json:"commits_all"`      // all human commits (≥ 0)
	Share          []float64 `json:"share"`            // lower and upper end of its share of the commits; empty without commits (0 to 1)
	Confidence     *float64  `json:"confidence"`       // mean confidence of the evidence behind `commits` (0 to 1)
	People         int       `json:"people"`           // people with commits attributed to it (≥ 0)
	PeopleOpen     int       `json:"people_open"`      // people with commits attributable to nobody and none attributed (≥ 0)
	PeopleAll      int       `json:"people_all"`       // all people with human commits (≥ 0)
	FirstTimers    int       `json:"first_timers"`     // of `people`, those whose first human commit in the upstream lies here; in all: in any of the upstreams (≥ 0)
	FirstTimersAll int       `json:"first_timers_all"` // of `people_all`, the same (≥ 0)
	Stayed         *int      `json:"stayed"`           // of `first_timers`, with a human commit in the second year after the first; null until two years have passed (≥ 0)
	StayedAll      *int      `json:"stayed_all"`       // of `first_timers_all`, the same (≥ 0)
	Rank           *int      `json:"rank"`             // place among the organisations by commits; null where under 60 % of the commits are attributed, or none to it (≥ 1)
	RankRange      []int     `json:"rank_range"`       // best and worst place that the commits attributable to nobody leave open; empty without such commits and its own (≥ 1)
	Organisations  int       `json:"organisations"`    // organisations with commits here (≥ 0)
}

// Seats are the listed maintainers of one upstream, and those of them who work for the organisation.
type Seats struct {
	AsOf   string    `json:"as_of"`  // start of a quarter, YYYY-MM-DD
	Listed int       `json:"listed"` // people listed (≥ 0)
	Seats  int       `json:"seats"`  // of these, attributed to the organisation (≥ 0)
	Open   int       `json:"open"`   // of these, attributable to nobody (≥ 0)
	Share  []float64 `json:"share"`  // lower and upper end of its share of the seats; empty where nobody is listed (0 to 1)
	Active int       `json:"active"` // of `seats`, with a human commit in the 365 days before (≥ 0)
	Paper  int       `json:"paper"`  // of `seats`, without one (≥ 0)
}

// Reach is what others use of an upstream.
type Reach struct {
	Quarter     string `json:"quarter"`      // `2025-Q2`
	PullAuthors *int   `json:"pull_authors"` // people outside the organisation who opened pulls; null where pull heads are not known (≥ 0)
	ObservedOn  string `json:"observed_on"`  // day on which the following were looked up; empty where they were not, YYYY-MM-DD
	Subjects    *int   `json:"subjects"`     // subjects of the scan that ride on it (≥ 0)
	Packages    *int   `json:"packages"`     // packages of the scan that it makes (≥ 0)
	Downloads   *int   `json:"downloads"`    // downloads of its packages in a month, as registries give them (≥ 0)
	Dependents  *int   `json:"dependents"`   // packages that depend on its packages, as registries give them (≥ 0)
}

// Attribution says how much of the work of 365 days is known to be an organisation's, or nobody's.
type Attribution struct {
	Upstream       string   `json:"upstream"`        // id; empty for all together
	Commits        int      `json:"commits"`         // human commits (≥ 0)
	Attributed     int      `json:"attributed"`      // of these, attributed (≥ 0)
	Share          *float64 `json:"share"`           // the second over the first (0 to 1)
	ElephantFactor *int     `json:"elephant_factor"` // smallest number of organisations that make half of the attributed commits; null where under 60 % are attributed, or all of them make less (≥ 1)
	ToSettle       *int     `json:"to_settle"`       // fewest people whose affiliation would bring the share to 60 %; null where all of them would not (≥ 0)
	People         []Open   `json:"people"`          // these people, most commits first; in all together none
}

// Open is somebody whose affiliation is not known.
type Open struct {
	Name    *string `json:"name"`    // null without `--names`, where the source holds hashes only, and for who does not want to be named
	Commits int     `json:"commits"` // their human commits of 365 days that are attributable to nobody (≥ 1)
}
