package upstream

import (
	"cmp"
	"fmt"
	"slices"
)

func surest(all []candidate) float64 {
	best := 0.0
	for _, c := range all {
		v, _ := confidence(c.method)
		best = max(best, v)
	}
	return best
}

// choose weighs the rules' answers: the surest wins, and pays for being contradicted.
func choose(all []candidate) Resolution {
	if len(all) == 0 {
		return Resolution{}
	}
	all = slices.SortedFunc(slices.Values(all), func(a, b candidate) int {
		_, ra := confidence(a.method)
		_, rb := confidence(b.method)
		return cmp.Or(cmp.Compare(ra, rb), cmp.Compare(a.ID, b.ID), cmp.Compare(b.Folder, a.Folder), cmp.Compare(a.URL, b.URL), cmp.Compare(a.evidence, b.evidence))
	})
	win := all[0]
	sure, _ := confidence(win.method)
	res := Resolution{Upstream: win.ID, URL: win.URL, Folder: win.Folder, Method: win.method, Confidence: sure, Evidence: win.evidence}
	against := 0.0
	for _, c := range all[1:] {
		switch {
		case c.ID == win.ID:
			if res.Folder == "" {
				res.Folder = c.Folder
			}
		case c.method == NestedGroup: // a guess, now known to be wrong
		default:
			if v, _ := confidence(c.method); v > against {
				against = v
				res.Evidence += fmt.Sprintf("; but %s says %s", c.evidence, c.ID)
			}
		}
	}
	res.Confidence *= 1 - against/2
	return res
}

// oneAddress gives all packages of an upstream the same address to clone from: sources differ in upper and lower case.
func oneAddress(m map[string]Resolution) {
	best := make(map[string]string)
	for _, r := range m {
		if old, ok := best[r.Upstream]; !ok || r.URL < old {
			best[r.Upstream] = r.URL
		}
	}
	for k, r := range m {
		r.URL = best[r.Upstream]
		m[k] = r
	}
}
