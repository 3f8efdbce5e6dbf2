package footprint

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/mainstay-oss/mainstay/internal/history"
	"github.com/mainstay-oss/mainstay/internal/need"
	"github.com/mainstay-oss/mainstay/internal/people"
	"github.com/mainstay-oss/mainstay/internal/vitals"
)

var benchAsked = [][]string{{"Red Hat", "CoreOS"}, {"Google"}, {"Tencent"}}

// typical makes a history of 2,500 commits and 1,500 pulls by some 200 people over ten years.
func typical(r *rand.Rand, number int) *history.History {
	h := &history.History{Upstream: fmt.Sprint("host/o/", number), PullsKnown: true, ObservedUntil: time.Unix(date("2025-01-01"), 0)}
	domains := []string{"redhat.com", "google.com", "tencent.com", "ibm.com", "huawei.com", "vmware.com", "coreos.com", "apache.org"}
	for i := range 250 {
		domain := domains[r.IntN(len(domains))]
		if i%3 > 0 {
			domain = "gmail.com"
		}
		who := r.IntN(5000)
		h.Identities = append(h.Identities, history.Identity{Name: fmt.Sprint("Person ", who), Email: fmt.Sprintf("p%d@%s", who, domain), Domain: domain, Bot: i%40 == 0})
	}
	few := func() int32 { return int32(250 * r.Float64() * r.Float64() * r.Float64()) }
	for range 2500 {
		at := date("2015-01-01") + r.Int64N(3650*vitals.Day)
		h.Commits = append(h.Commits, history.Commit{Committed: at, Authored: at, Author: few(), Parents: uint8(1 + r.IntN(5)/4)})
	}
	for i := range 1500 {
		at := date("2015-01-01") + r.Int64N(3650*vitals.Day)
		h.Pulls = append(h.Pulls, history.Pull{Number: int32(i + 1), Author: few(), Authored: at, HeadCommitted: at})
	}
	slices.SortFunc(h.Commits, func(a, b history.Commit) int { return int(a.Committed - b.Committed) })
	return h
}

// footprint measures all upstreams on two goroutines, and all together.
func footprint(n int, read func(i int) *history.History) *Result {
	results := make([]*Result, n)
	var wait sync.WaitGroup
	next := make(chan int)
	for range 2 {
		wait.Go(func() {
			var register *people.Register
			for i := range next {
				h := read(i)
				at := vitals.AsOf(h, time.Unix(date("2025-01-01"), 0)).Unix()
				m := vitals.NewMeter(h)
				a := register.Attribute(h, m.Persons(at), at)
				results[i] = Measure(&Upstream{Meter: m, Claims: a, Organisations: a.Organisations}, benchAsked, at)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wait.Wait()
	return Total(results, benchAsked)
}

// BenchmarkFootprint measures 1,000 upstreams of ten years, with who worked for whom, and all of them together.
func BenchmarkFootprint(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	histories := make([]*history.History, 1000)
	for i := range histories {
		histories[i] = typical(r, i)
	}
	for b.Loop() {
		total := footprint(len(histories), func(i int) *history.History { return histories[i] })
		if n := len(total.Standings[0].Quarters); n != 40 {
			b.Fatalf("%d quarters", n)
		}
	}
	b.ReportMetric(float64(len(histories)*b.N)/b.Elapsed().Seconds(), "upstreams/s")
}

// BenchmarkArchives is the same from reading the shared archives on.
func BenchmarkArchives(b *testing.B) {
	dirs, err := filepath.Glob(filepath.Join(need.Shared(b), "data", "histories", "*", "meta.json"))
	if err != nil || len(dirs) == 0 {
		b.Fatalf("no archives: %v", err)
	}
	for b.Loop() {
		total := footprint(len(dirs), func(i int) *history.History {
			h, err := history.ReadArchive(filepath.Dir(dirs[i]), "")
			if err != nil {
				b.Error(err)
				return &history.History{}
			}
			return h
		})
		if total.Standings[0].Last12m.CommitsAll == 0 {
			b.Fatal("no commits")
		}
	}
	b.ReportMetric(float64(len(dirs)*b.N)/b.Elapsed().Seconds(), "upstreams/s")
}
