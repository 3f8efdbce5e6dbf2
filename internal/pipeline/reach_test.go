package pipeline

import (
	"context"
	"testing"
	"time"

	"github.com/mainstay-oss/mainstay/internal/gap"
	"github.com/mainstay-oss/mainstay/internal/history"
	"github.com/mainstay-oss/mainstay/internal/report"
	"github.com/mainstay-oss/mainstay/internal/store"
	"github.com/mainstay-oss/mainstay/internal/upstream"
)

// counting is a registry that counts npm packages.
type counting struct {
	downloads int
	on        time.Time
	asked     int
}

func (c *counting) Reach(_ context.Context, queries []upstream.Query) (map[string]upstream.Reach, []gap.Gap) {
	out := map[string]upstream.Reach{}
	for _, q := range queries {
		c.asked++
		downloads := c.downloads
		out[q.PURL] = upstream.Reach{Downloads: &downloads, Source: "registry.example", On: c.on.Format(time.DateOnly)}
	}
	return out, nil
}

// acme resolves every package to an upstream of acme.
type acme struct{ byPath }

func (acme) Resolve(_ context.Context, queries []upstream.Query) (map[string]upstream.Resolution, []gap.Gap) {
	out := map[string]upstream.Resolution{}
	for _, q := range queries {
		out[q.PURL] = upstream.Resolution{Upstream: "github.com/acme/" + q.Name, Method: upstream.PURL, Confidence: 1}
	}
	return out, nil
}

// TestReachBecomesASeries: what registries count of today is kept, so that a later run shows it beside its own; a look back
// looks nothing up, and sees nothing of what came later; what a registry said long ago is no observation of today.
func TestReachBecomesASeries(t *testing.T) {
	t.Parallel()
	kept := store.Open(store.FileIn(t.TempDir()))
	defer kept.Close()
	h := weekly("github.com/acme/pump", 2)
	for i := range h.Identities {
		h.Identities[i].Domain = "google.com"
	}
	registry := &counting{}
	footprint := func(asOf, day time.Time, downloads int, said time.Time) []report.Reach {
		t.Helper()
		registry.downloads, registry.on = downloads, said
		p := over(&shelves{near: map[string]*history.History{h.Upstream: h}})
		p.Resolver, p.Counters, p.Kept, p.AsOf, p.Today = acme{}, registry, kept, asOf, day
		doc, _, err := p.Footprint(context.Background(), Request{PURLs: []string{"pkg:npm/pump@1.0.0"}}, []string{"Google"})
		if err != nil {
			t.Fatal(err)
		}
		return doc.Footprint.Organisations[0].Upstreams[0].Reach
	}
	at := func(rows []report.Reach, quarter string) report.Reach {
		for _, r := range rows {
			if r.Quarter == quarter {
				return r
			}
		}
		return report.Reach{}
	}
	spring := time.Date(2025, 4, 10, 0, 0, 0, 0, time.UTC)
	first := at(footprint(spring, spring, 100, spring), "2025-Q2")
	if first.Downloads == nil || *first.Downloads != 100 || first.ObservedOn != "2025-04-10" || *first.Subjects != 1 || *first.Packages != 1 || first.Dependents != nil {
		t.Errorf("first run: %+v", first)
	}
	summer := today
	rows := footprint(summer, summer, 250, summer)
	if old, now := at(rows, "2025-Q2"), at(rows, "2025-Q3"); old.Downloads == nil || *old.Downloads != 100 || now.Downloads == nil || *now.Downloads != 250 {
		t.Errorf("second run: %+v then %+v", old, now)
	}
	asked := registry.asked
	back := footprint(spring, summer, 999, summer)
	if registry.asked != asked {
		t.Error("a look back asks a registry")
	}
	if now := at(back, "2025-Q3"); now.Downloads != nil {
		t.Errorf("a look back sees what came later: %+v", now)
	}
	later := summer.AddDate(0, 4, 0)
	if stale := at(footprint(later, later, 300, summer), "2025-Q4"); stale.Downloads != nil || stale.ObservedOn != "2025-11-01" {
		t.Errorf("an old answer of a registry passes for one of today: %+v", stale)
	}
}
