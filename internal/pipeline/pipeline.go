// Package pipeline knows the order of the stages, and is the only code that does: inventory, upstreams, histories, vitals,
// forecast, openings, and the document that reports them. It bounds what runs side by side, keeps the budget, tells how far
// it has come, and turns whatever could not be read into gaps.
package pipeline

import (
	"context"
	"time"

	"github.com/mainstay-oss/mainstay/internal/dependency"
	"github.com/mainstay-oss/mainstay/internal/forecast"
	"github.com/mainstay-oss/mainstay/internal/forecast/reference"
	"github.com/mainstay-oss/mainstay/internal/gap"
	"github.com/mainstay-oss/mainstay/internal/history"
	"github.com/mainstay-oss/mainstay/internal/message"
	"github.com/mainstay-oss/mainstay/internal/opening"
	"github.com/mainstay-oss/mainstay/internal/people"
	"github.com/mainstay-oss/mainstay/internal/report"
	"github.com/mainstay-oss/mainstay/internal/upstream"
)

// Resolver finds the repositories behind packages, and the module files that hold a Go project's edges.
type Resolver interface {
	dependency.ModuleFiles
	Resolve(ctx context.Context, queries []upstream.Query) (map[string]upstream.Resolution, []gap.Gap)
}

// Histories gives the history of an upstream. A failure is a *history.Error.
type Histories interface {
	Find(ctx context.Context, id, url string) (*history.History, error)
	// Local is Find without the network.
	Local(ctx context.Context, id string) (*history.History, error)
	// Pulls adds the pull heads to a history that was read without them.
	Pulls(ctx context.Context, h *history.History) (*history.History, error)
	// Repository gives the repository behind a history, for what commits alone do not tell.
	Repository(ctx context.Context, id string) (*history.Repository, error)
}

// A Step tells how far a run has come.
type Step struct {
	Stage       string // inventory, upstreams or histories
	Done, Total int    // Total is 0 where it is not known
	What        string // what was just finished; may be empty
}

// A Pipeline answers requests. All fields down to Workers must be set, but those of which nil is said to do.
type Pipeline struct {
	Resolver  Resolver
	Histories Histories
	Model     *forecast.Model
	Reference *reference.Cohort // gives precedents, and stands in where no history can be had; nil for neither
	WhatIf    []opening.Case    // what an inspection supposes; the standard cases if empty
	Printer   message.Printer   // the language of the sentences in the document
	Version   string            // of the program
	AsOf      time.Time         // start of a day, UTC; nothing after it is used
	Exclude   []string          // patterns of folders and files to pass over
	Notices   upstream.Notices  // published ends and the like; those of the program if nil
	Register  *people.Register  // who worked for whom; nil for what addresses tell by the embedded table
	Engineers []string          // upstreams in which the engineers of a plan work; nil for none
	Counters  Counters          // registries that count the use of packages; nil where none is asked
	Kept      ReachStore        // where reach is kept from run to run; nil for nowhere
	Noted     []gap.Gap         // what could not be used of the files that the fields above were made of
	Today     time.Time         // start of the day of the run, UTC: what is looked up is of this day
	Names     bool              // show people's names where the history holds them
	Workers   int               // upstreams read side by side; at least 1
	Budget    time.Duration     // for looking up and fetching; 0 for no end
	Sources   []string          // flags that say where answers come from, for the commands to try next
	Place     []string          // flags that say where is kept what outlasts a run, for those of them that keep something

	// Progress is told of each step; it may be called from several goroutines.
	Progress func(Step)
	// Early is given the document as it stands once FirstAnswer has passed and histories are still being read. It is
	// called at most once.
	Early       func(*report.Document)
	FirstAnswer <-chan time.Time
}

func (p *Pipeline) tell(s Step) {
	if p.Progress != nil {
		p.Progress(s)
	}
}

// A Request says what to look at. Exactly one of its fields is set.
type Request struct {
	Path      string   // folder, lockfile or SBOM
	PURLs     []string // packages
	Cohort    string   // name of a cohort, or a file that lists one
	Upstreams []string // host/owner/name
}
