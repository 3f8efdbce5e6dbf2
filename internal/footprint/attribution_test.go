package footprint

import (
	"github.com/mainstay-oss/mainstay/internal/history"
	"github.com/mainstay-oss/mainstay/internal/people"
	"github.com/mainstay-oss/mainstay/internal/vitals"
)

// ownDomain are claims that hold only what the domain of a commit's own address says.
type ownDomain struct{ Claims }

func (d ownDomain) Of(identity int32, at int64) people.Claim {
	return fromDomain(d.Claims.Of(identity, at))
}
func (d ownDomain) Commit(i int) people.Claim { return fromDomain(d.Claims.Commit(i)) }

func fromDomain(c people.Claim) people.Claim {
	if c.Evidence != people.FromDomain {
		return people.Claim{Organisation: people.Nobody}
	}
	return c
}

// domainsAlone attributes by the embedded table of domains, and nothing else.
func domainsAlone(h *history.History, at int64) *Upstream {
	m := vitals.NewMeter(h)
	var register *people.Register
	a := register.Attribute(h, m.Persons(at), at)
	return &Upstream{Meter: m, Claims: ownDomain{a}, Organisations: a.Organisations}
}
