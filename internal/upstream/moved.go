package upstream

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
)

// Publishers' statements outlive the addresses in them: owners take other names, projects move to a foundation. Forges send on
// from the old address to the new one, and git follows; so must whoever wants one upstream to be one. A forge is asked with
// git's own first question (https://git-scm.com/docs/http-protocol, "Discovering References"), of which the status and the
// address sent on to are all that is read.
//
// Asking costs a round trip, eight at once: a server that takes 50 ms to answer tells of 600 repositories in 4.0 s
// (BenchmarkMoved). So only about those is asked that Config.Follow names: repositories whose history must be fetched from the
// same host anyway, in three requests or more each and with their commits in the last, so that the question adds little. A
// history at hand bears the name under which it was got, and is found under that alone.
const (
	movedTail     = "/info/refs?service=git-upload-pack"
	movedKept     = 30 * 24 * time.Hour // an answer counts: who moves, moves once in years
	maxMoves      = 3                   // moves one after the other
	maxAsked      = 1000                // repositories asked about in a run
	movedPatience = 5 * time.Second     // for all of them; those not answered about keep their names, and the next run asks on
)

// whereabouts asks a forge where a repository lives. The newer protocol keeps its answer short.
func whereabouts(address string) request {
	return request{url: address + movedTail, limit: maxAddress, keep: movedKept, look: true}
}

// gitAddress is where git's questions about a repository go. Forges send on from the address without the suffix, which would
// cost one more.
func (a Address) gitAddress() string {
	host, _, _ := strings.Cut(a.ID, "/")
	if _, known := forges[host]; known && host != "git.sr.ht" {
		return a.URL + ".git"
	}
	return a.URL
}

// sentOn reads where an answer sends on to: to git's own question at another repository, as git itself demands.
func sentOn(from string, status int, location string) (address string, to Address, ok bool) {
	switch status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
	default:
		return "", Address{}, false
	}
	base, err := url.Parse(from)
	if err != nil {
		return "", Address{}, false
	}
	u, err := base.Parse(location)
	if err != nil || u.Scheme != "https" || u.User != nil || u.Fragment != "" {
		return "", Address{}, false
	}
	address, ok = strings.CutSuffix(u.String(), movedTail)
	if !ok {
		return "", Address{}, false
	}
	to, err = ParseAddress(address)
	return address, to, err == nil && to.Folder == ""
}

// home follows a repository to where it lives now. It does so only to an end that answers; a loop has none.
func (r *Resolver) home(ctx context.Context, a Address) (Address, bool) {
	at, now := a.gitAddress(), a
	for range maxMoves + 1 {
		resp, err := r.fetch.get(ctx, whereabouts(at))
		if err != nil {
			return Address{}, false
		}
		if resp.status == http.StatusOK {
			return now, now.ID != a.ID
		}
		next, to, ok := sentOn(at, resp.status, string(resp.body))
		if !ok {
			return Address{}, false
		}
		at, now = next, to
	}
	return Address{}, false
}

// follow renames the repositories among candidates that have moved, before they are weighed: that one source gives the old
// address and another the new one is no contradiction.
func (r *Resolver) follow(ctx context.Context, jobs []*job) {
	ctx, cancel := context.WithTimeout(ctx, r.movedFor)
	defer cancel()
	asked := r.movable(jobs)
	homes := make([]Address, len(asked))
	var g errgroup.Group
	g.SetLimit(r.parallel)
	for i, a := range asked {
		g.Go(func() error {
			homes[i], _ = r.home(ctx, a)
			return nil
		})
	}
	_ = g.Wait() // never an error
	to := make(map[string]Address, len(asked))
	for i, a := range asked {
		if homes[i].ID != "" {
			to[a.ID] = homes[i]
		}
	}
	for _, j := range jobs {
		for i := range j.known {
			c := &j.known[i]
			if now, ok := to[c.ID]; ok && now.ID != c.ID && c.method != Override {
				c.evidence += ", moved from " + c.ID
				c.ID, c.URL = now.ID, now.URL
			}
		}
	}
}

// movable lists the repositories whose forges are asked, those of packages that subjects name themselves first.
func (r *Resolver) movable(jobs []*job) []Address {
	if r.follows == nil {
		return nil
	}
	type seen struct {
		Address
		direct bool
	}
	all := make(map[string]seen)
	for _, j := range jobs {
		for _, c := range j.known {
			// What the user says stands, and a guess may name a folder.
			if c.method == Override || c.method == NestedGroup {
				continue
			}
			s, known := all[c.ID]
			if !known || c.URL < s.URL { // sources differ in upper and lower case
				s.Address = c.Address
			}
			s.direct = s.direct || j.query.Direct
			all[c.ID] = s
		}
	}
	maps.DeleteFunc(all, func(id string, _ seen) bool { return !r.follows(id) })
	ordered := slices.SortedFunc(maps.Values(all), func(a, b seen) int {
		switch {
		case a.direct == b.direct:
			return cmp.Compare(a.ID, b.ID)
		case a.direct:
			return -1
		}
		return 1
	})
	out := make([]Address, 0, min(len(ordered), maxAsked))
	for _, s := range ordered[:min(len(ordered), maxAsked)] {
		out = append(out, s.Address)
	}
	return out
}

// PlanMoved gives, per host, how many requests Resolve would send at most to learn where repositories live, as far as they are
// known without asking. Nothing is sent.
func (r *Resolver) PlanMoved(queries []Query) map[string]int {
	p := planned{hosts: make(map[string]int), shared: make(map[string]bool)}
	if r.offline {
		return p.hosts
	}
	jobs, questions := r.prepare(queries)
	for _, j := range jobs {
		if q := questions[j.ask]; q != nil {
			j.known = append(j.known, p.question(r, q)...)
		}
	}
	hosts := make(map[string]int)
	for _, a := range r.movable(jobs) {
		at := a.gitAddress()
		for left := maxMoves + 1; left > 0; left-- {
			e, _, enough := r.fetch.cached(whereabouts(at))
			if !enough { // where it would be sent on to is not known; mostly to the same host, if at all
				if u, err := url.Parse(at); err == nil {
					hosts[u.Host] += left
				}
				break
			}
			next, _, ok := sentOn(at, e.Status, string(e.Body))
			if !ok {
				break
			}
			at = next
		}
	}
	return hosts
}
