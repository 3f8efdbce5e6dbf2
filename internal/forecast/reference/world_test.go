package reference

import (
	"fmt"
	"strings"
	"time"

	"github.com/mainstay-oss/mainstay/internal/history"
	"github.com/mainstay-oss/mainstay/internal/vitals"
)

// A life is a project told in a line: who committed every so many days from one date to another.
type life struct {
	repo, until, retired string
	work                 string // "WHO EVERY FROM TO", several by semicolons
}

func date(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t
}

func (l life) history() *history.History {
	h := &history.History{Upstream: id(l.repo), ObservedUntil: date(l.until)}
	known := map[string]int32{}
	for _, w := range strings.Split(l.work, ";") {
		var who, from, to string
		var every int64
		if _, err := fmt.Sscan(w, &who, &every, &from, &to); err != nil {
			panic(err)
		}
		n, ok := known[who]
		if !ok {
			n = int32(len(h.Identities))
			known[who] = n
			h.Identities = append(h.Identities, history.Identity{Name: who, Email: who + "@home", Domain: "home"})
		}
		// An hour of each day is everybody's own, so that no two commits fall on one second.
		for at := date(from).Unix() + int64(n+1)*3600; at < date(to).Unix(); at += every * vitals.Day {
			h.Commits = append(h.Commits, history.Commit{Committed: at, Authored: at, Author: n, Committer: n, Parents: 1})
		}
	}
	sortCommits(h)
	return h
}

func sortCommits(h *history.History) {
	for i := 1; i < len(h.Commits); i++ {
		for j := i; j > 0 && h.Commits[j].Committed < h.Commits[j-1].Committed; j-- {
			h.Commits[j], h.Commits[j-1] = h.Commits[j-1], h.Commits[j]
		}
	}
}

func (l life) track() Track {
	var end *int64
	if l.retired != "" {
		at := date(l.retired).Unix()
		end = &at
	}
	t, ok, err := Measure(l.history(), l.repo, end)
	if err != nil || !ok {
		panic(fmt.Sprint(l.repo, ok, err))
	}
	return t
}

func cohort(lives ...life) *Cohort {
	var tracks []Track
	for _, l := range lives {
		tracks = append(tracks, l.track())
	}
	data, err := Encode(tracks)
	if err != nil {
		panic(err)
	}
	c, err := Parse(data)
	if err != nil {
		panic(err)
	}
	return c
}
