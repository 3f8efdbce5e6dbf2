package report

// What is said of one upstream beyond its measures, where a command asks for it.

// Governance says who is listed as having a say, and who of them is at work. It is null where no governance file could be read.
type Governance struct {
	AsOf      string       `json:"as_of"`     // the day for which the files were read, YYYY-MM-DD
	Files     []string     `json:"files"`     // paths of the files that were read
	Listed    int          `json:"listed"`    // people listed, each once; teams are not opened (≥ 0)
	Active    int          `json:"active"`    // of these, with a human commit in 365 days (≥ 0)
	Paper     int          `json:"paper"`     // of these, known from commits or pull heads, without one in 365 days (≥ 0)
	Unmatched int          `json:"unmatched"` // of these, found under no commit and no pull head: whether they are at work is not known (≥ 0)
	Series    []SeatsPoint `json:"series"`    // by quarter start, oldest first; those for which files were found
}

// SeatsPoint is Governance at the start of one quarter.
type SeatsPoint struct {
	AsOf      string `json:"as_of"`     // start of a quarter, YYYY-MM-DD
	Listed    int    `json:"listed"`    // as above (≥ 0)
	Active    int    `json:"active"`    // as above (≥ 0)
	Paper     int    `json:"paper"`     // as above (≥ 0)
	Unmatched int    `json:"unmatched"` // as above (≥ 0)
}

// WayIn tells how outsiders have fared who wanted to join.
type WayIn struct {
	OutsidePulls  *int     `json:"outside_pulls"`       // pulls of outsiders that were opened in 730 days, 90 days ago or earlier; null where pull heads are not known (≥ 0)
	OutsideMerged *int     `json:"outside_merged"`      // of these, taken (≥ 0)
	MergedShare   *float64 `json:"merged_share"`        // the second over the first (0 to 1)
	Newcomers     int      `json:"newcomers"`           // people whose first human commit is two to four years old (≥ 0)
	Stayed        int      `json:"stayed"`              // of these, with a human commit in the second year after the first (≥ 0)
	StayedShare   *float64 `json:"stayed_share"`        // the second over the first (0 to 1)
	DaysToSeat    []int    `json:"days_to_seat"`        // from first commit to first listing, for the last five who were listed, newest first (≥ 0)
	MedianToSeat  *int     `json:"days_to_seat_median"` // their median (≥ 0)
	Tractability  *float64 `json:"tractability"`        // how far outsiders get here; null where nothing is known (0 to 1)
}

// Territory says which parts of the code somebody at work knows.
type Territory struct {
	AsOf          string   `json:"as_of"`          // the day of the files that were looked at, YYYY-MM-DD
	Files         int      `json:"files"`          // source files; copies of other people's code, data, pictures and generated files are left out (≥ 0)
	PassedOver    int      `json:"passed_over"`    // files left out (≥ 0)
	Authors       int      `json:"authors"`        // people who know at least one file by degree of authorship (≥ 0)
	TruckFactor   *int     `json:"truck_factor"`   // how few of them can leave so that more than half of the files have no author left (≥ 1)
	Orphaned      int      `json:"orphaned"`       // files none of whose authors made a human commit in 365 days (≥ 0)
	OrphanedShare *float64 `json:"orphaned_share"` // of the files (0 to 1)
	Folders       []Folder `json:"folders"`        // folders, most orphaned files first, then by path; nested ones stand for themselves too
}

// Folder is one folder of the code with all below it.
type Folder struct {
	Path       string      `json:"path"`        // path; empty for the root
	Files      int         `json:"files"`       // source files in it and below (≥ 1)
	Orphaned   int         `json:"orphaned"`    // of these, orphaned (≥ 0)
	Knowing    int         `json:"knowing"`     // people at work who are authors of at least one of its files (≥ 0)
	LastChange string      `json:"last_change"` // newest human change of one of its files, YYYY-MM-DD
	Successors []Successor `json:"successors"`  // who at work knows most of it, first first; at most three
}

// Successor is somebody at work who knows a part of a folder.
type Successor struct {
	Name       *string `json:"name"`        // null without `--names`, and for who does not want to be named
	Files      int     `json:"files"`       // files of the folder that they have changed (≥ 1)
	Share      float64 `json:"share"`       // of the files of the folder (0 to 1)
	LastChange string  `json:"last_change"` // their newest change there, YYYY-MM-DD
}
