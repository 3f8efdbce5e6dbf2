package dependency

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"sync"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// ModuleFiles gives the go.mod of Go modules. Implementations are safe for concurrent use.
type ModuleFiles interface {
	// GoMod gives the go.mod of a module at a version, both in their true case.
	GoMod(ctx context.Context, path, version string) ([]byte, error)
}

// Connect adds the edges between the modules of each go.mod: a go.mod lists the modules that a build selects but not which
// of them needs which, so that comes from the modules' own files, at most concurrency at a time. An edge leads to the
// version that the project selects, and only direct requirements count (what is marked "// indirect" is needed by
// another). A module whose file is not to be had has no edges; File.Edges says whether those of all direct ones were.
//
// Of projects of Maven it gets parents, BOMs and what dependencies need, if files is a [POMs] too (see connectPOMs).
//
// If all files of Go modules were read, modules that only tools need become [Dev]. The gaps name files that cannot be read as go.mod,
// and count those that are not to be had in one. When ctx ends, what was read by then is used.
func (inv *Inventory) Connect(ctx context.Context, files ModuleFiles, concurrency int) []gap.Gap {
	var wanted []module.Version
	for i := range inv.Files {
		if f := &inv.Files[i]; f.Format == "go.mod" {
			for _, p := range f.Packages {
				wanted = append(wanted, module.Version{Path: p.Name, Version: p.Version})
			}
		}
	}
	module.Sort(wanted)
	wanted = slices.Compact(wanted)
	known, gaps := readRequirements(ctx, files, wanted, max(1, concurrency))
	for i := range inv.Files {
		if inv.Files[i].Format == "go.mod" {
			inv.Files[i].connect(known)
		}
	}
	source, _ := files.(POMs)
	gaps = append(gaps, inv.connectPOMs(ctx, source, max(1, concurrency))...)
	gap.Sort(gaps)
	return gaps
}

// requirements are the module paths that a go.mod names.
type requirements struct{ direct, indirect []string }

// readRequirements reads the module files.
func readRequirements(ctx context.Context, files ModuleFiles, wanted []module.Version, concurrency int) (map[module.Version]requirements, []gap.Gap) {
	type result struct {
		requirements
		err error
		bad error
	}
	results := make([]result, len(wanted))
	next := make(chan int)
	var workers sync.WaitGroup
	for range min(concurrency, len(wanted)) {
		workers.Go(func() {
			for i := range next {
				data, err := files.GoMod(ctx, wanted[i].Path, wanted[i].Version)
				if err != nil {
					results[i].err = err
					continue
				}
				results[i].requirements, results[i].bad = parseRequirements(data)
			}
		})
	}
	asked := 0
feed:
	for ; asked < len(wanted); asked++ {
		select {
		case next <- asked:
		case <-ctx.Done():
			break feed
		}
	}
	close(next)
	workers.Wait()

	known := make(map[module.Version]requirements, asked)
	var gaps []gap.Gap
	var failed error
	failures := 0
	for i, r := range results[:asked] {
		switch {
		case r.bad != nil:
			gaps = append(gaps, gap.Gap{Stage: gap.Inventory, Kind: gap.Syntax, What: wanted[i].String(), Detail: short("its go.mod: " + r.bad.Error()), Count: 1})
		case r.err == nil:
			known[wanted[i]] = r.requirements
		case ctx.Err() == nil:
			failed = r.err
			failures++
		}
	}
	if failures > 0 {
		gaps = append(gaps, gap.Gap{Stage: gap.Inventory, Kind: gap.NoEdges, What: "go.mod", Detail: short(failed.Error()), Count: failures})
	}
	return known, gaps
}

// parseRequirements reads the go.mod of a dependency.
func parseRequirements(data []byte) (r requirements, err error) {
	if lines := bytes.Count(data, []byte{'\n'}); len(data) > mostModBytes || lines > mostModLines {
		return r, fmt.Errorf("too large: %d bytes, %d lines", len(data), lines)
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the reader of go.mod failed: %v", p)
		}
	}()
	mod, err := modfile.ParseLax("go.mod", data, nil)
	if err != nil {
		return r, err
	}
	for _, q := range mod.Require {
		if q.Indirect {
			r.indirect = append(r.indirect, intern(q.Mod.Path))
		} else {
			r.direct = append(r.direct, intern(q.Mod.Path))
		}
	}
	return r, nil
}

// connect fills Requires of the packages of one go.mod.
func (f *File) connect(known map[module.Version]requirements) {
	at := make(map[string]int32, len(f.Packages)) // by the path of the require line
	for i, p := range f.Packages {
		at[p.requirePath()] = int32(i)
	}
	f.Edges = true
	complete := true
	var edges, all [][2]int32
	for i := range f.Packages {
		p := &f.Packages[i]
		p.Requires = nil
		needs, ok := known[module.Version{Path: p.Name, Version: p.Version}]
		complete = complete && ok
		f.Edges = f.Edges && (ok || !p.Direct)
		for _, path := range needs.direct {
			if to, ok := at[path]; ok {
				edges = append(edges, [2]int32{int32(i), to})
			}
		}
		for _, path := range needs.indirect {
			if to, ok := at[path]; ok {
				all = append(all, [2]int32{int32(i), to})
			}
		}
	}
	if complete {
		f.markTools(append(all, edges...))
	}
	set := packageSet{list: f.Packages}
	set.connect(edges)
}

// requirePath gives the path by which go.mod files name the module: the one before replace.
func (p *Package) requirePath() string {
	if p.required != "" {
		return p.required
	}
	return p.Name
}

// markTools gives the scope of development to what tools need and the project itself does not. So that nothing is taken
// for a tool by mistake, edges include what modules mark "// indirect".
func (f *File) markTools(edges [][2]int32) {
	next := make([][]int32, len(f.Packages))
	for _, e := range edges {
		next[e[0]] = append(next[e[0]], e[1])
	}
	reach := func(from func(*Package) bool) []bool {
		seen := make([]bool, len(f.Packages))
		var queue []int32
		for i := range f.Packages {
			if from(&f.Packages[i]) {
				seen[i] = true
				queue = append(queue, int32(i))
			}
		}
		for head := 0; head < len(queue); head++ {
			for _, to := range next[queue[head]] {
				if !seen[to] {
					seen[to] = true
					queue = append(queue, to)
				}
			}
		}
		return seen
	}
	byProject := reach(func(p *Package) bool { return p.Direct })
	byTools := reach(func(p *Package) bool { return p.tool && !p.Direct })
	for i := range f.Packages {
		switch {
		case byProject[i]:
			f.Packages[i].Scope = Runtime
		case byTools[i]:
			f.Packages[i].Scope = Dev
		}
	}
}
