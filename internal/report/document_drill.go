package report

// Drill tells what would likely stop if somebody left tomorrow.
type Drill struct {
	Who       string          `json:"who"`       // `busiest` for the busiest person of each upstream, else the organisation's name
	Threshold float64         `json:"threshold"` // from which probability on maintenance would likely stop (0 to 1)
	Text      string          `json:"text"`      // the answer in a sentence
	Upstreams []DrillUpstream `json:"upstreams"` // those that they work on, by what is at stake
	Subjects  []DrillSubject  `json:"subjects"`  // those that rest on one whose maintenance would likely, or possibly, stop
	Notes     []string        `json:"notes"`     // what the figures do not say
}

// DrillUpstream is one upstream without those who leave. Both ends of an interval are one case each: those leave who are
// attributed to the organisation, or those attributable to nobody as well.
type DrillUpstream struct {
	Upstream    string    `json:"upstream"`    // id
	People      []int     `json:"people"`      // how many people of 365 days leave: lower and upper end (≥ 0)
	Share       []float64 `json:"share"`       // their share of the human commits of 365 days (0 to 1)
	Before      *float64  `json:"before"`      // probability that maintenance stops as it is (0 to 1)
	Probability []float64 `json:"probability"` // probability that it stops without them (0 to 1)
	Verdict     string    `json:"verdict"`     // `stops` where the lower end is at or over the threshold, `may-stop` where the upper end is, else `goes-on`
}

// DrillSubject is a subject with what it rests on.
type DrillSubject struct {
	Subject string   `json:"subject"`  // id
	Stops   []string `json:"stops"`    // upstreams below it whose verdict is `stops`
	MayStop []string `json:"may_stop"` // those whose verdict is `may-stop`
}
