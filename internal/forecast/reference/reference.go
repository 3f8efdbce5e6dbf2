// Package reference is the embedded reference cohort: monthly vitals and features of the public projects that the forecast
// was trained on, with what became of them. It serves two ends: precedents, past project-quarters that resemble an upstream
// ([Cohort.Precedents]), and an answer for its own projects where no history can be had ([Cohort.At]).
//
// The cohort is one file, cohort.bin, made from history archives by
//
//	go run ./internal/forecast/reference/make --histories DIR --retired FILE
//
// It holds counts, shares and dates; no names, no addresses, no hashes of persons.
package reference

import (
	_ "embed"
	"math"
	"sort"
	"strings"
	"sync"
	"time"

	"github.com/mainstay-oss/mainstay/internal/forecast"
	"github.com/mainstay-oss/mainstay/internal/vitals"
)

//go:embed cohort.bin
var embedded []byte

// Default gives the embedded cohort.
func Default() *Cohort { return parsed() }

var parsed = sync.OnceValue(func() *Cohort {
	c, err := Parse(embedded)
	if err != nil {
		panic("reference: cohort.bin: " + err.Error()) // part of the program; a test loads it
	}
	return c
})

// A Cohort holds the months of its projects. It is safe for concurrent use.
type Cohort struct {
	index
	projects map[string]int // by upstream, host/owner/name in lower case
	starts   []int          // by project, its first row; one more at the end
	blobs    map[string]*blob
	months   *blob

	cases func() *cases
}

// index says what the file holds; rows stand project by project, the oldest month first.
type index struct {
	Projects []project `json:"projects"` // by repo
	Columns  []shape   `json:"columns"`
}

type project struct {
	Repo        string `json:"repo"`              // owner/name on github.com, with its own capitals
	First       int    `json:"first"`             // its first month, counted from 2012-01
	Months      int    `json:"months"`            // how many follow, itself included
	FirstCommit int64  `json:"first_commit"`      // date of its first human commit, Unix seconds
	Commits     int    `json:"commits"`           // in its archive, of any kind
	Until       int64  `json:"until"`             // when it was last observed, Unix seconds
	Pulls       bool   `json:"pulls"`             // pull heads were looked for
	Retired     int64  `json:"retired,omitempty"` // 00:00 UTC, Unix seconds; 0 if it was not
}

type shape struct {
	Name   string `json:"name"`
	Digits int    `json:"digits"`
	Size   int    `json:"size"` // of its deflated bytes
}

// Columns that are no features of the forecast.
const (
	colElephant   = "elephant_factor"
	colSilentDays = "days_since_commit_whole"
	colLastCommit = "last_commit_days"         // days from the date of the last human commit to the first of the month
	colTagDays    = "days_since_release_whole" //
	colOpened     = "pulls_opened_12m"
	colState      = "state"   // 0 active, then the kinds of quiet in the order of kinds
	colOutcome    = "outcome" // of quarters that count: 1 for a stop, 2 for a collapse, 4 if the busiest person left
	colMonths     = "months"
)

var kinds = []vitals.QuietKind{"", vitals.Finished, vitals.Waiting, vitals.Unsure}

const (
	outStop     = 1
	outCollapse = 2
	outLeft     = 4
)

// monthAt gives the first day of a month counted from 2012-01.
func monthAt(n int) time.Time { return time.Date(2012, time.Month(1+n), 1, 0, 0, 0, 0, time.UTC) }

// monthOf gives the number of the newest month whose first day is not after t.
func monthOf(t time.Time) int {
	t = t.UTC()
	return (t.Year()-2012)*12 + int(t.Month()) - 1
}

// Date is the newest month for which the cohort holds any project, YYYY-MM.
func (c *Cohort) Date() string {
	newest := 0
	for _, p := range c.Projects {
		newest = max(newest, p.First+p.Months-1)
	}
	return monthAt(newest).Format("2006-01")
}

// An Entry is what the cohort holds of one project as of the first day of a month. What it does not hold is nil, as in the
// vitals of any history; Vitals.Busiest is -1.
type Entry struct {
	Repo          string // owner/name on github.com, with its own capitals
	AsOf          time.Time
	Vitals        vitals.Vitals
	State         vitals.State // before any published end
	Quiet         vitals.QuietKind
	Features      *forecast.Features // of an active project; nil else, and where the file lacks a feature of this version
	Commits       int                // in the archive that it was made from, of any kind
	ObservedUntil time.Time
}

// At gives the newest month of an upstream (host/owner/name) that is not after asOf.
func (c *Cohort) At(upstream string, asOf time.Time) (Entry, bool) {
	i, ok := c.projects[strings.ToLower(upstream)]
	if !ok {
		return Entry{}, false
	}
	p := &c.Projects[i]
	month := min(monthOf(asOf)-p.First, p.Months-1)
	if month < 0 {
		return Entry{}, false
	}
	return c.entry(i, month), true
}

// Back gives the entry of so many months before e; false where there is none.
func (c *Cohort) Back(e Entry, months int) (Entry, bool) {
	return c.at(e, monthOf(e.AsOf)-months)
}

// at gives the entry of the same project of exactly that month.
func (c *Cohort) at(e Entry, month int) (Entry, bool) {
	i := c.projects[id(e.Repo)]
	month -= c.Projects[i].First
	if month < 0 || month >= c.Projects[i].Months {
		return Entry{}, false
	}
	return c.entry(i, month), true
}

// Quarters gives the entries of the first days of quarters up to e, oldest first, e itself last.
func (c *Cohort) Quarters(e Entry) []Entry {
	i := c.projects[id(e.Repo)]
	p := &c.Projects[i]
	last := monthOf(e.AsOf)
	var all []Entry
	for m := p.First; m < last; m++ {
		if m%3 == 0 {
			all = append(all, c.entry(i, m-p.First))
		}
	}
	return append(all, e)
}

// id is the upstream of a project.
func id(repo string) string { return "github.com/" + strings.ToLower(repo) }

func (c *Cohort) entry(i, month int) Entry {
	p := &c.Projects[i]
	row := c.starts[i] + month
	at := monthAt(p.First + month)
	e := Entry{Repo: p.Repo, AsOf: at, Commits: p.Commits, ObservedUntil: time.Unix(p.Until, 0).UTC(), State: vitals.Active}
	if s := int(or(c.value(colState, row), 0)); s > 0 && s < len(kinds) {
		e.State, e.Quiet = vitals.Quiet, kinds[s]
	}
	e.Vitals = c.vitals(p, row, at.Unix())
	if e.State == vitals.Active {
		e.Features = c.features(row)
	}
	return e
}

func (c *Cohort) vitals(p *project, row int, t int64) vitals.Vitals {
	count := func(name string) int { return int(or(c.value(name, row), 0)) }
	maybe := func(name string) *int {
		x := c.value(name, row)
		if math.IsNaN(x) {
			return nil
		}
		n := int(x)
		return &n
	}
	v := vitals.Vitals{
		Commits12m:               count("commits_12m"),
		Commits3m:                count("commits_3m"),
		Contributors12m:          count("contributors_12m"),
		ContributorAbsenceFactor: maybe("absence_factor"),
		ElephantFactor:           maybe(colElephant),
		Newcomers12m:             count("newcomers_12m"),
		DaysSinceCommit:          maybe(colSilentDays),
		Releases12m:              count("releases_12m"),
		DaysSinceRelease:         maybe(colTagDays),
		PullsMerged12m:           count("merged_12m"),
		FirstCommit:              p.FirstCommit,
		LastCommit:               t - int64(count(colLastCommit))*vitals.Day,
		Busiest:                  -1,
	}
	if v.Commits12m > 0 {
		top := float64(count("busiest_commits")) / float64(v.Commits12m)
		second := float64(count("second_commits")) / float64(v.Commits12m)
		v.TopShare, v.SecondShare = &top, &second
	}
	if x := c.value("departed_share", row); !math.IsNaN(x) {
		v.DepartedShare = &x
	}
	if p.Pulls {
		v.PullsOpened12m = maybe(colOpened)
	}
	values := c.months.decoded()
	for k := range v.Months {
		v.Months[k] = int(values[row*len(v.Months)+k])
	}
	return v
}

// features fills the features of this version; nil if the file lacks one of them.
func (c *Cohort) features(row int) *forecast.Features {
	f := &forecast.Features{}
	for _, col := range forecast.Columns() {
		if c.blobs[col.Name] == nil {
			return nil
		}
		*col.Of(f) = c.value(col.Name, row)
	}
	return f
}

// value is NaN where the file has none.
func (c *Cohort) value(name string, row int) float64 {
	b := c.blobs[name]
	if b == nil {
		return math.NaN()
	}
	x := b.decoded()[row]
	if x == missing {
		return math.NaN()
	}
	return float64(x) / b.unit
}

func or(x, otherwise float64) float64 {
	if math.IsNaN(x) {
		return otherwise
	}
	return x
}

// Lacks names the features of this version that the cohort does not hold: it must then be made again.
func (c *Cohort) Lacks() []string {
	var names []string
	for _, col := range forecast.Columns() {
		if c.blobs[col.Name] == nil {
			names = append(names, col.Name)
		}
	}
	sort.Strings(names)
	return names
}
