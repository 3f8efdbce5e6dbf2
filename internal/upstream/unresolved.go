package upstream

import (
	"context"
	"errors"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

type badPURL struct{ error }

// gaps gathers what was not resolved, one gap a cause where the cause is shared.
type gaps struct {
	single []gap.Gap
	shared map[string]*gap.Gap // by kind and host
}

func (g *gaps) add(purl string, err error) {
	one := gap.Gap{Stage: gap.Upstream, Kind: gap.Unresolved, What: purl, Count: 1}
	var he *hostError
	var bad badPURL
	switch {
	case err == nil, errors.Is(err, ErrNotFound):
		// The kind says it all.
	case errors.As(err, &bad):
		one.Kind, one.Detail = gap.BadPURL, bad.Error()
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		one.Kind, one.What = gap.OutOfBudget, ""
	case errors.Is(err, ErrOffline):
		one.Kind, one.What = gap.Offline, ""
	case errors.As(err, &he):
		one.Kind, one.What, one.Detail = gap.HostUnreachable, he.host, he.cause.Error()
	default:
		one.Detail = err.Error()
	}
	switch one.Kind {
	case gap.OutOfBudget, gap.Offline, gap.HostUnreachable:
		key := string(one.Kind) + " " + one.What
		if g.shared == nil {
			g.shared = make(map[string]*gap.Gap)
		}
		if old := g.shared[key]; old != nil {
			old.Count++
			old.Detail = min(old.Detail, one.Detail)
			return
		}
		g.shared[key] = &one
	default:
		g.single = append(g.single, one)
	}
}

func (g *gaps) list() []gap.Gap {
	all := g.single
	for _, s := range g.shared {
		all = append(all, *s)
	}
	gap.Sort(all)
	return all
}
