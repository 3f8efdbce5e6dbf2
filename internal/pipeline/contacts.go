package pipeline

import (
	"cmp"
	"context"
	"slices"

	"github.com/mainstay-oss/mainstay/internal/upstream"
)

// A Contact is a host that a run would ask.
type Contact struct {
	Host     string
	Requests int    // at most
	For      string // registry or git
}

// Contacts tells, sending nothing, which hosts an answer to the request would ask: registries about packages, and git hosts
// for the upstreams that are known without asking.
func (p *Pipeline) Contacts(ctx context.Context, req Request,
	registries func([]upstream.Query) map[string]int, git func(ids []string) map[string]int) ([]Contact, error) {
	r := &run{}
	ids := slices.Clone(req.Upstreams)
	var queries []upstream.Query
	switch {
	case req.Cohort != "":
		if err := r.enlist(req.Cohort); err != nil {
			return nil, err
		}
	case req.Path != "" || len(req.PURLs) > 0:
		if err := p.inventory(ctx, r, req); err != nil {
			return nil, err
		}
		queries = r.queries()
		p.resolve(ctx, r)
	}
	for _, t := range r.targets {
		ids = append(ids, t.id)
	}
	var out []Contact
	for host, n := range registries(queries) {
		out = append(out, Contact{Host: host, Requests: n, For: "registry"})
	}
	for host, n := range git(ids) {
		out = append(out, Contact{Host: host, Requests: n, For: "git"})
	}
	slices.SortFunc(out, func(a, b Contact) int {
		return cmp.Or(cmp.Compare(a.For, b.For), cmp.Compare(a.Host, b.Host))
	})
	return out, nil
}
