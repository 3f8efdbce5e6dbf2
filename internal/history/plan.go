package history

import (
	"strings"
	"time"
)

// Requests that the network source makes at most, by count of a test server. Git asks for the address and for the references
// before it fetches anything, so that a fetch takes three; each command may take one more, where the host redirects it, wants
// to know who asks, or needs a second round to find out what is there already. What a run takes to mend comes on top: a
// default branch that is not there, an entry of the cache that git cannot work with.
const (
	requestsPerHost     = 2 + 1 // the first question, whether the host answers
	requestsPerUpstream = 7 + 3 // commits with tags; for .mailmap and the README the newest tree, then the files
	requestsForPulls    = 3 + 1 // pull heads
	requestsForTrees    = 3 + 1 // trees of the default branch
	requestsForFiles    = 9 + 3 // FilesAt: root folders, other folders, files
)

// Plan tells how many requests Find would send at most for these upstreams, by host, and Pulls for those of them that are
// looked at again, refined at most. It sends nothing. Which those will be is not known before, so that each host counts as
// many of them as it could get.
func (f *Finder) Plan(upstreams []string, refined int) map[string]int {
	plan := make(map[string]int)
	if f.config.Offline || f.config.CacheDir == "" {
		return plan
	}
	seen := make(map[string]bool)
	pulls := make(map[string]int) // upstreams by host whose pull heads could be fetched
	for _, id := range upstreams {
		id = strings.ToLower(id)
		if seen[id] || !validUpstream(id) || f.hasOwn(id) {
			continue
		}
		seen[id] = true
		host, _, _ := strings.Cut(id, "/")
		state, err := readState(f.entry(id))
		if err != nil || !f.fresh(id, state) {
			plan[host] += requestsPerUpstream
		}
		if err != nil || state.Pulls == 0 || f.fresh(id, state) && !state.hasPulls() {
			pulls[host]++
		}
	}
	for host, n := range pulls {
		plan[host] += min(n, max(refined, 0)) * requestsForPulls
	}
	for host, n := range plan {
		if n == 0 {
			delete(plan, host)
			continue
		}
		plan[host] += requestsPerHost
	}
	return plan
}

// PlanTrees tells how many requests Changes and Tree would send at most for these upstreams, by host, on top of what Plan
// tells. It sends nothing.
func (f *Finder) PlanTrees(upstreams []string) map[string]int {
	last := f.config.AsOf
	if last.IsZero() {
		last = f.config.Now().UTC().Truncate(24 * time.Hour) // nothing is measured as of later today
	}
	return f.planMore(upstreams, requestsForTrees, func(id string) bool {
		state, err := readState(f.entry(id) + treesSuffix)
		return f.hasOwn(id) || err == nil && state.Fetched >= last.Unix()
	})
}

// PlanFiles tells how many requests FilesAt would send at most for these upstreams, by host, on top of what Plan says. It
// sends nothing. A mirror costs nothing, and an archive has no files unless the cache has the upstream too.
func (f *Finder) PlanFiles(upstreams []string) map[string]int {
	return f.planMore(upstreams, requestsForFiles, func(id string) bool {
		if !f.hasOwn(id) {
			return false
		}
		_, err := readState(f.entry(id))
		return err != nil || f.hasMirror(id)
	})
}

// planMore counts, by host, so many requests for each upstream that is not at hand.
func (f *Finder) planMore(upstreams []string, requests int, atHand func(id string) bool) map[string]int {
	plan := make(map[string]int)
	if f.config.Offline || f.config.CacheDir == "" {
		return plan
	}
	seen := make(map[string]bool)
	for _, id := range upstreams {
		id = strings.ToLower(id)
		if seen[id] || !validUpstream(id) || atHand(id) {
			continue
		}
		seen[id] = true
		host, _, _ := strings.Cut(id, "/")
		if plan[host] == 0 {
			plan[host] = requestsPerHost
		}
		plan[host] += requests
	}
	return plan
}

// hasOwn tells whether a mirror or an archive has the upstream, as far as that shows without reading it.
func (f *Finder) hasOwn(id string) bool {
	_, archive := f.archives()[id]
	return archive || f.hasMirror(id)
}

func (f *Finder) hasMirror(id string) bool {
	for _, root := range f.config.Mirrors {
		if len(f.mirrors.find(root, id)) > 0 {
			return true
		}
	}
	return false
}
