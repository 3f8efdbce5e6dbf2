package dependency

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// POMs gives POMs that do not lie in the scanned folder. A [ModuleFiles] that implements it is asked for them too.
// Implementations are safe for concurrent use.
type POMs interface {
	POM(ctx context.Context, group, artifact, version string) ([]byte, error)
}

// Bounds of what all projects of an inventory ask for together.
const (
	MostPOMs     = 5000 // that Connect asks for
	mostPOMBytes = 256 << 20
	mostRounds   = 500
)

var errTooMany = fmt.Errorf("over %d POMs, or %d MB of them, are needed; the rest was not asked for", MostPOMs, mostPOMBytes>>20)

// connectPOMs gets the parents and BOMs that are not in the scanned folder, and with them the versions that they manage; then
// the POMs of the packages, and so what these need. In each round it walks as far as it can, and gets what was lacking: all
// POMs of one depth before any of the next, so that none is asked for that does not count in the end.
func (inv *Inventory) connectPOMs(ctx context.Context, source POMs, concurrency int) []gap.Gap {
	var files []*File
	var shelves []*poms // one, if one call of Read made the inventory
	for i := range inv.Files {
		if f := &inv.Files[i]; f.maven != nil {
			files = append(files, f)
			if !slices.Contains(shelves, f.maven.all) {
				shelves = append(shelves, f.maven.all)
			}
		}
	}
	if len(files) == 0 {
		return nil
	}
	g := pomGetter{source: source, concurrency: concurrency, got: map[pomID]*pom{}, failed: map[pomID]error{}}
	for _, s := range shelves {
		s.asks, s.fetched, s.walked = source != nil, map[pomID]*pom{}, 0
		clear(s.models)
		clear(s.lines)
		clear(s.ids)
	}
	open := slices.Clone(files)
	for round := 0; source != nil && round < mostRounds && ctx.Err() == nil; round++ {
		wanted := map[pomID]bool{}
		open = slices.DeleteFunc(open, func(f *File) bool { return !f.maven.walk().pending })
		for _, s := range shelves {
			for id := range s.wanted {
				wanted[id] = true
			}
		}
		if len(wanted) == 0 {
			break
		}
		g.get(ctx, wanted)
		for _, s := range shelves {
			for id := range s.wanted {
				s.fetched[id] = g.got[id]
			}
			s.again()
		}
	}
	for _, s := range shelves {
		s.again()
		s.asks = false
	}
	return tell(ctx, files, &g)
}

// tell makes the last walk, and says what was not to be had.
func tell(ctx context.Context, files []*File, g *pomGetter) []gap.Gap {
	var gaps []gap.Gap
	lacking := map[pomID]int{} // → index in gaps
	without := map[pomID]bool{}
	for _, f := range files {
		m := f.maven
		lacks := m.all.model(m.pom).lacks
		wrong, more := m.apply(f)
		m.later = false
		gaps = append(gaps, m.tell(wrong)...)
		for _, l := range lacks {
			if l.managed && !f.lacksVersions() {
				continue
			}
			i, told := lacking[l.pomID]
			if !told {
				i = len(gaps)
				lacking[l.pomID] = i
				gaps = append(gaps, gap.Gap{Stage: gap.Inventory, Kind: gap.NoParent, What: l.String(), File: l.in.place, Line: l.line, Detail: g.why(l)})
				if l.in.place == "" {
					gaps[i].Line = 0
				}
			}
			gaps[i].Count++
		}
		for _, id := range more {
			without[id] = true
		}
	}
	n := 0
	var failed error
	for _, id := range slices.SortedFunc(maps.Keys(without), pomID.compare) {
		err := g.failed[id]
		if err == nil && g.source != nil && id.canBeAsked() {
			err = errTooMany // the rounds were over before
		}
		if _, told := lacking[id]; !told && err != nil && ctx.Err() == nil {
			n, failed = n+1, err
		}
	}
	if n > 0 {
		gaps = append(gaps, gap.Gap{Stage: gap.Inventory, Kind: gap.NoEdges, What: "pom.xml", Detail: short(failed.Error()), Count: n})
	}
	return gaps
}

// lacksVersions says whether dependency management could say more than is known: of a package that the project names, or of
// what its packages need.
func (f *File) lacksVersions() bool {
	return slices.ContainsFunc(f.Packages, func(p Package) bool { return p.Version == "" || !p.Direct })
}

// why says why a POM is not at hand.
func (g *pomGetter) why(l pomLack) string {
	failed := ""
	if err := g.failed[l.pomID]; err != nil {
		failed = strings.TrimPrefix(err.Error(), "POM of "+l.String()+": ") // which the gap names
	}
	switch {
	case l.why != "" && failed != "":
		return short(l.why + "; " + failed)
	case failed != "":
		return short(failed)
	case l.why == "" && !l.canBeAsked():
		return "its coordinates are not known"
	}
	return l.why
}

// A pomGetter gets POMs, each once.
type pomGetter struct {
	source      POMs
	concurrency int
	asked       int
	bytes       atomic.Int64
	got         map[pomID]*pom
	failed      map[pomID]error
}

// get gets those that were not asked for yet.
func (g *pomGetter) get(ctx context.Context, wanted map[pomID]bool) {
	list := slices.SortedFunc(maps.Keys(wanted), pomID.compare)
	list = slices.DeleteFunc(list, func(id pomID) bool { return g.got[id] != nil || g.failed[id] != nil })
	for _, id := range list[min(len(list), max(0, MostPOMs-g.asked)):] {
		g.failed[id] = errTooMany
	}
	list = list[:min(len(list), max(0, MostPOMs-g.asked))]
	g.asked += len(list)

	results := make([]struct {
		pom *pom
		err error
	}, len(list))
	next := make(chan int)
	var workers sync.WaitGroup
	for range min(g.concurrency, len(list)) {
		workers.Go(func() {
			for i := range next {
				results[i].pom, results[i].err = g.one(ctx, list[i])
			}
		})
	}
	for i := range list {
		next <- i
	}
	close(next)
	workers.Wait()
	for i, r := range results {
		if r.err != nil {
			g.failed[list[i]] = r.err
		} else {
			g.got[list[i]] = r.pom
		}
	}
}

func (g *pomGetter) one(ctx context.Context, id pomID) (*pom, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if g.bytes.Load() > mostPOMBytes {
		return nil, errTooMany
	}
	data, err := g.source.POM(ctx, id.group, id.artifact, id.version)
	if err != nil {
		return nil, err
	}
	g.bytes.Add(int64(len(data)))
	return parseFetchedPOM(data)
}

// parseFetchedPOM reads the POM of a dependency.
func parseFetchedPOM(data []byte) (p *pom, err error) {
	if len(data) > mostXMLBytes {
		return nil, errTooLarge
	}
	defer func() {
		if r := recover(); r != nil {
			p, err = nil, fmt.Errorf("the reader of pom.xml failed: %v", r)
		}
	}()
	p, _, fatal := readPOM(data)
	if fatal != nil {
		return nil, fmt.Errorf("its POM, line %d: %s %s", fatal.line, fatal.kind, fatal.detail)
	}
	p.leftOut = nil
	return p, nil
}
