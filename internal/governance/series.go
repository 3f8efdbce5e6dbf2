package governance

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/mainstay-oss/mainstay/internal/gap"
	"github.com/mainstay-oss/mainstay/internal/history"
)

// A Series tells who held the seats of an upstream over time.
type Series struct {
	// Points are the rolls at the starts of quarters, oldest first; those at which a file named somebody.
	Points []Roll
	// Now is the roll as of the date asked for, nil if no file names anybody then.
	Now *Roll
	// People are the lines that Now's seats name, as Listing.People.
	People []Listed
	// First are those who came to a seat while it was watched, the last first; among equals by number.
	First []FirstSeat
}

// A FirstSeat says when somebody came to a seat: between the start of a quarter and that of the one before. It counts only where
// they were added to a file that listed people before: who stands in a new file may have had the seat for long. Left out is
// also who is listed before their first commit, and who came when the quarter before could not be read whole.
type FirstSeat struct {
	Person      int32 // number as in people.Persons of the date asked for
	Listed      int64 // the first start of a quarter at which they were listed
	FirstCommit int64 // human
	Days        int   // between the two
}

// mostYears is how far back a series goes.
const mostYears = 15

// History reads the governance files of a repository at the start of each quarter from its first commit on, fifteen years at
// most, and as of a date, and finds the people there in its history. It sends what history.Repository.FilesAt sends.
//
// The gaps are what could not be read; problems of a file are told of the newest reading that has them. The error is an
// *history.Error where nothing could be read at all.
func History(ctx context.Context, repo *history.Repository, h *history.History, asOf time.Time) (*Series, []gap.Gap, error) {
	t := asOf.Unix()
	dates := append(quarters(h, asOf), t)
	snapshots, err := repo.FilesAt(ctx, dates, Wanted)
	if err != nil {
		return nil, nil, err
	}
	logins, err := repo.Logins(ctx, h)
	if err != nil {
		return nil, nil, err
	}
	s, gaps := watch(h, logins, snapshots)
	return s, gaps, nil
}

// quarters lists the first days of quarters after the first commit, up to a date.
func quarters(h *history.History, asOf time.Time) (dates []int64) {
	if len(h.Commits) == 0 {
		return nil
	}
	asOf = asOf.UTC()
	began := max(h.Commits[0].Committed, asOf.AddDate(-mostYears, 0, 0).Unix()-1)
	first := time.Unix(began, 0).UTC()
	for d := time.Date(first.Year(), (first.Month()-1)/3*3+1, 1, 0, 0, 0, 0, time.UTC); !d.After(asOf); d = d.AddDate(0, 3, 0) {
		if d.Unix() > began {
			dates = append(dates, d.Unix())
		}
	}
	return dates
}

// watch makes a series of what was read; the last snapshot is that of the date asked for.
func watch(h *history.History, logins []history.Login, snapshots []history.Snapshot) (*Series, []gap.Gap) {
	m := NewMatcher(h, logins)
	s := &Series{}
	readings := readAll(snapshots)
	for i := range readings {
		r := &readings[i]
		if len(r.listing.Files) == 0 {
			continue
		}
		roll := m.Roll(*r.listing, r.date)
		if i == len(readings)-1 {
			s.Now, s.People = &roll, r.listing.People
		} else {
			s.Points = append(s.Points, roll)
		}
	}
	s.First = m.firstSeats(readings)
	return s, gapsOf(h.Upstream, readings)
}

// A reading is one snapshot, read.
type reading struct {
	date    int64
	listing *Listing
	gaps    []gap.Gap
	whole   bool // nothing was missing
}

// readAll reads each different set of files once.
func readAll(snapshots []history.Snapshot) []reading {
	list := make([]reading, len(snapshots))
	for i, s := range snapshots {
		list[i] = reading{date: s.Date, whole: len(s.Lacks) == 0}
		if i > 0 && slices.Equal(s.Files, snapshots[i-1].Files) && slices.Equal(s.Lacks, snapshots[i-1].Lacks) {
			list[i].listing, list[i].gaps = list[i-1].listing, list[i-1].gaps
			continue
		}
		l, gaps := Read(s.Files)
		for _, lack := range s.Lacks {
			gaps = append(gaps, gap.Gap{Stage: gap.History, Kind: lack.Kind, File: lack.Path, Detail: lack.Detail, Count: 1})
		}
		list[i].listing, list[i].gaps = &l, gaps
	}
	return list
}

// gapsOf gives what was wrong, each kind with a file once: as of the newest date that has it.
func gapsOf(upstream string, readings []reading) (gaps []gap.Gap) {
	type key struct {
		file string
		kind gap.Kind
	}
	seen := map[key]bool{}
	for i, r := range slices.Backward(readings) {
		newer := map[key]bool{}
		for _, g := range r.gaps {
			k := key{g.File, g.Kind}
			if seen[k] {
				continue
			}
			newer[k] = true
			g.What = upstream
			if i < len(readings)-1 {
				g.Detail = fmt.Sprintf("as of %s: %s", time.Unix(r.date, 0).UTC().Format(time.DateOnly), g.Detail)
			}
			gaps = append(gaps, g)
		}
		for k := range newer {
			seen[k] = true
		}
	}
	gap.Sort(gaps)
	return gaps
}

// firstSeats finds who came to a seat. People are told apart as of the last date, when most is known.
func (m *Matcher) firstSeats(readings []reading) (list []FirstSeat) {
	if len(readings) == 0 {
		return nil
	}
	t := readings[len(readings)-1].date
	persons := m.index.At(t)
	began := m.began(persons, t)
	seen := map[who]bool{}
	var last *Listing
	var before map[string]bool // files that listed people a quarter before
	for _, r := range readings {
		if !r.whole {
			before = nil // when somebody came since is not known
		}
		if r.listing == last && before != nil {
			continue
		}
		last = r.listing
		now := map[string]bool{}
		came := map[who]bool{} // by being added to a file that was there
		var order []who
		for i := range r.listing.People {
			l := &r.listing.People[i]
			now[l.File] = true
			if !l.Role.Seat() {
				continue
			}
			w := m.match(l, persons, t)
			if w == unknown || seen[w] {
				continue
			}
			if _, met := came[w]; !met {
				order = append(order, w)
			}
			came[w] = came[w] || before[l.File]
		}
		for _, w := range order {
			seen[w] = true
			if first, ok := began[w]; ok && came[w] && first <= r.date {
				list = append(list, FirstSeat{int32(w), r.date, first, int((r.date - first) / (24 * 60 * 60))})
			}
		}
		before = now
		if !r.whole {
			before = nil
		}
	}
	slices.SortFunc(list, func(a, b FirstSeat) int {
		return cmp.Or(cmp.Compare(b.Listed, a.Listed), cmp.Compare(a.Person, b.Person))
	})
	return list
}
