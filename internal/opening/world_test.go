package opening

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mainstay-oss/mainstay/internal/history"
	"github.com/mainstay-oss/mainstay/internal/need"
	"github.com/mainstay-oss/mainstay/internal/vitals"
)

// asOf is the date of the tiny worlds.
var asOf = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC).Unix()

// world makes a history from lines of text in any order: "FROM..TO/STEP WHO" are commits of WHO, so many days before asOf; "AGO
// WHO" is one. WHO is a name with or without a domain; its address is WHO, at home unless it has a domain.
func world(text string) *history.History {
	h := &history.History{Upstream: "example.com/a/b", ObservedUntil: time.Unix(asOf+3*vitals.Year, 0)}
	known := map[string]int32{}
	for line := range strings.Lines(strings.TrimSpace(text)) {
		var from, to, step int
		var who string
		if n, _ := fmt.Sscanf(strings.TrimSpace(line), "%d..%d/%d %s", &from, &to, &step, &who); n < 4 {
			if n, _ := fmt.Sscanf(strings.TrimSpace(line), "%d %s", &from, &who); n < 2 {
				panic("unknown line " + line)
			}
			to, step = from, 1
		}
		author, ok := known[who]
		if !ok {
			author = int32(len(h.Identities))
			known[who] = author
			name, domain, _ := strings.Cut(who, "@")
			if domain == "" {
				domain = "home"
			}
			h.Identities = append(h.Identities, history.Identity{Name: name, Email: name + "@" + domain, Domain: domain})
		}
		for ago := from; ago <= to; ago += step {
			at := asOf - int64(ago)*vitals.Day
			h.Commits = append(h.Commits, history.Commit{Committed: at, Authored: at, Author: author, Committer: author, Parents: 1})
		}
	}
	slices.SortStableFunc(h.Commits, func(a, b history.Commit) int { return int(a.Committed - b.Committed) })
	return h
}

// archives reads the history archives in a folder, oldest name first, and takes every nth.
func archives(t testing.TB, dir string, nth int) (all []*history.History) {
	t.Helper()
	meta, err := filepath.Glob(filepath.Join(dir, "*", "meta.json"))
	if err != nil || len(meta) == 0 {
		t.Fatalf("no histories in %s: %v", dir, err)
	}
	for i := 0; i < len(meta); i += nth {
		h, err := history.ReadArchive(filepath.Dir(meta[i]), "")
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, h)
	}
	return all
}

// retirements reads the dates of retirement of the shared data, by owner/name.
func retirements(t testing.TB) map[string]int64 {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(need.Shared(t), "data", "retired.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	dates := map[string]int64{}
	for _, line := range strings.Split(strings.TrimSpace(string(data)), "\n")[1:] {
		f := strings.Split(line, "\t")
		day, err := time.Parse(time.DateOnly, f[1])
		if err != nil {
			t.Fatal(err)
		}
		dates[strings.ToLower(f[0])] = day.Unix()
	}
	return dates
}
