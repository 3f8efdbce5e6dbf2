package report

import (
	"cmp"
	"math"
	"slices"
	"strconv"
)

func compareUpstreams(before, after *Document) []UpstreamChange {
	old := map[string]*Upstream{}
	for i := range before.Upstreams {
		old[before.Upstreams[i].ID] = &before.Upstreams[i]
	}
	ranks := map[string]int{}
	var all []UpstreamChange
	for i := range after.Upstreams {
		now := &after.Upstreams[i]
		ranks[now.ID] = rankOf(now)
		was, known := old[now.ID]
		delete(old, now.ID)
		if !known {
			all = append(all, UpstreamChange{Upstream: now.ID, Kind: "new", After: &now.State})
			continue
		}
		if change, changed := compareUpstream(was, now, before.AsOf); changed {
			all = append(all, change)
		}
	}
	for id, was := range old {
		ranks[id] = rankOf(was)
		all = append(all, UpstreamChange{Upstream: id, Kind: "gone", Before: &was.State})
	}
	bands := map[string]string{}
	for i := range after.Upstreams {
		bands[after.Upstreams[i].ID] = bandOf(&after.Upstreams[i])
	}
	weight := func(c UpstreamChange) int { return seriousness(c, bands[c.Upstream]) }
	slices.SortFunc(all, func(a, b UpstreamChange) int {
		return cmp.Or(cmp.Compare(weight(a), weight(b)), cmp.Compare(placeOf(ranks[a.Upstream]), placeOf(ranks[b.Upstream])), cmp.Compare(a.Upstream, b.Upstream))
	})
	return all
}

// placeOf sorts the unranked behind all others.
func placeOf(rank int) int {
	if rank == 0 {
		return math.MaxInt
	}
	return rank
}

func bandOf(u *Upstream) string {
	if u.State != "active" || u.Outlook == nil {
		return ""
	}
	return u.Outlook.Band
}

// bands from the best to the worst. Unsure has no place among them.
var bands = []string{"calm", "watch", "high", "severe"}

// compareUpstream gives what weighs most of what has changed with an upstream.
func compareUpstream(was, now *Upstream, since string) (UpstreamChange, bool) {
	c := UpstreamChange{Upstream: now.ID}
	if sourceOf(was) != sourceOf(now) {
		c.Doubt = "source"
	}
	notice := newNotice(was, now)
	if notice != nil && notice.Date <= since { // it had been published, and was not known here
		c.Doubt = "notice"
	}
	if was.State != now.State {
		c.Kind, c.Before, c.After, c.Direction = "state", &was.State, &now.State, stateDirection(was.State, now.State)
		if now.State != "ended" && c.Doubt == "notice" {
			c.Doubt = ""
		}
		return c, true
	}
	if notice != nil {
		c.Kind, c.After, c.Direction = "notice", &notice.Kind, "worse"
		if c.Doubt == "source" { // a notice does not come from the history
			c.Doubt = ""
		}
		return c, true
	}
	if a, b := bandOf(was), bandOf(now); a != b {
		c.Kind, c.Before, c.After = "band", &a, &b
		if i, j := slices.Index(bands, a), slices.Index(bands, b); i >= 0 && j >= 0 {
			c.Direction = direction(j > i)
		}
		return c, true
	}
	const first, places = 10, 3
	i, j := rankOf(was), rankOf(now)
	if i == 0 || j == 0 || (i <= first) == (j <= first) || max(i-j, j-i) < places {
		return c, false
	}
	a, b := strconv.Itoa(i), strconv.Itoa(j)
	c.Kind, c.Before, c.After, c.Direction = "rank", &a, &b, direction(j < i)
	return c, true
}

func direction(worse bool) string {
	if worse {
		return "worse"
	}
	return "better"
}

// stateDirection judges a change of state. To know or not to know is neither better nor worse.
func stateDirection(was, now string) string {
	order := []string{"active", "quiet", "ended"}
	i, j := slices.Index(order, was), slices.Index(order, now)
	if i < 0 || j < 0 {
		return ""
	}
	return direction(j > i)
}

// sourceOf is where an upstream's history came from; empty where there was none.
func sourceOf(u *Upstream) string {
	if u.History == nil {
		return ""
	}
	switch u.History.Source {
	case "network", "cache": // the cache is what the network gave
		return "network"
	}
	return u.History.Source
}

// newNotice gives the first notice that the earlier document does not have.
func newNotice(was, now *Upstream) *Notice {
	for i := range now.Notices {
		n := &now.Notices[i]
		if !slices.ContainsFunc(was.Notices, func(o Notice) bool { return o.Kind == n.Kind && o.Date == n.Date && o.Source == n.Source }) {
			return n
		}
	}
	return nil
}

// seriousness orders changes: what has ended, what is about to, what is merely different, what is better.
func seriousness(c UpstreamChange, band string) int {
	ended := c.After != nil && *c.After == "ended"
	switch {
	case c.Kind == "state" && ended:
		return 0
	case c.Kind == "new" && ended:
		return 1
	case c.Kind == "notice":
		return 2
	case c.Kind == "band" && c.Direction == "worse":
		return 3 + len(bands) - 1 - slices.Index(bands, band) // the worst first
	case c.Kind == "state" && c.Direction == "worse":
		return 8
	case c.Kind == "new" && (band == "severe" || band == "high"):
		return 9
	case c.Kind == "rank" && c.Direction == "worse":
		return 10
	case c.Kind == "new":
		return 11
	case c.Kind == "state" && c.After != nil && *c.After == "unknown":
		return 12
	case c.Direction == "":
		return 13 + slices.Index([]string{"band", "state", "gone"}, c.Kind)
	}
	return 17
}
