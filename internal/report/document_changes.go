package report

// Changes is what is new since an earlier document on the same, or on what is asked to be compared. The words of its fields are
// the same in every language.
type Changes struct {
	Since     Since            `json:"since"`
	Caveats   []string         `json:"caveats"`   // why differences may come from elsewhere than from the world: version, subjects, later, incomplete, source
	Upstreams []UpstreamChange `json:"upstreams"` // the most serious first
	Packages  []PackageChange  `json:"packages"`  // notices, updated, new, gone; each by purl
	Gaps      []GapChange      `json:"gaps"`      // new, resolved
}

// Since says what the document is compared with.
type Since struct {
	Source  string  `json:"source"`  // store or file
	AsOf    string  `json:"as_of"`   // of the earlier document, YYYY-MM-DD
	Ran     *string `json:"ran"`     // the day on which it was made, YYYY-MM-DD; null where only the document is known
	Version string  `json:"version"` // of the program that made it
}

// UpstreamChange is one change of one upstream.
type UpstreamChange struct {
	Upstream  string  `json:"upstream"`
	Kind      string  `json:"kind"`      // state, notice, band, rank, new or gone
	Before    *string `json:"before"`    // the state, band or rank; null for what is new, and for a notice
	After     *string `json:"after"`     // the same, the kind of the notice; null for what is gone
	Direction string  `json:"direction"` // worse, better or empty
	Doubt     string  `json:"doubt"`     // why what is known may have changed and not the world: source or notice; empty if nothing says so
}

// PackageChange is one package that is new, gone or of another version, or of which something is newly said.
type PackageChange struct {
	PURL     string  `json:"purl"`   // as it is now; of one that is gone, as it was
	Kind     string  `json:"kind"`   // notice, updated, new or gone
	Before   *string `json:"before"` // version; null for what is new, and for a notice
	After    *string `json:"after"`  // version, or the kind of the notice; null for what is gone
	Direct   bool    `json:"direct"`
	Upstream *string `json:"upstream"`
	Doubt    string  `json:"doubt"` // of a notice, as in an upstream
}

// GapChange is something that can no longer be read, or can be again.
type GapChange struct {
	Kind  string `json:"kind"` // new or resolved
	Stage string `json:"stage"`
	Gap   string `json:"gap"` // the kind of the gap
	File  string `json:"file"`
	What  string `json:"what"`
}

// Count is how many changes there are in all.
func (c *Changes) Count() int { return len(c.Upstreams) + len(c.Packages) + len(c.Gaps) }
