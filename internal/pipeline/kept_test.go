package pipeline

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mainstay-oss/mainstay/internal/history"
	"github.com/mainstay-oss/mainstay/internal/report"
	"github.com/mainstay-oss/mainstay/internal/store"
)

// remembering is a store of one scan.
type remembering struct{ last *store.Scan }

func (r *remembering) Keep(_ context.Context, scan *store.Scan) error { r.last = scan; return nil }

func (r *remembering) Last(_ context.Context, key string, asOf time.Time) (*store.Scan, error) {
	if r.last == nil || r.last.Key != key || r.last.AsOf > asOf.Format(time.DateOnly) {
		return nil, nil
	}
	return r.last, nil
}

// TestKeptScansCompare: the next scan of the same request is
// compared with it, one of another with nothing.
func TestKeptScansCompare(t *testing.T) {
	t.Parallel()
	pump := weekly("github.com/acme/pump", 2)
	kept := &remembering{}
	scan := func(asOf time.Time, shelves *shelves, purls ...string) (*report.Document, Request) {
		t.Helper()
		p := over(shelves)
		p.Resolver, p.AsOf, p.Today, p.Version = acme{}, asOf, today, "v1"
		req := Request{PURLs: purls}
		before, err := Before(t.Context(), kept, req, p.AsOf)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := p.Scan(t.Context(), req)
		if err != nil {
			t.Fatal(err)
		}
		if before != nil {
			doc.Changes = report.Compare(before.Document, doc, before.Since)
		}
		if err := p.Keep(t.Context(), kept, req, doc); err != nil {
			t.Fatal(err)
		}
		return doc, req
	}
	purls := []string{"pkg:npm/pump@1.0.0", "pkg:npm/valve@2.0.0"}
	doc, req := scan(today.AddDate(0, -1, 0), &shelves{near: map[string]*history.History{pump.Upstream: pump}}, purls...)
	if doc.Changes != nil {
		t.Errorf("the first scan has changes: %+v", doc.Changes)
	}
	if kept.last.Key != Key(req) || kept.last.AsOf != doc.AsOf || kept.last.Ran != today.Format(time.DateOnly) || kept.last.Version != "v1" {
		t.Errorf("%+v", kept.last)
	}

	// What was unknown is now known, and is not told as a revival.
	const valve = "github.com/acme/valve"
	v := weekly(valve, 2)
	doc, _ = scan(today, &shelves{near: map[string]*history.History{pump.Upstream: pump, valve: v}}, purls...)
	if doc.Changes == nil || len(doc.Changes.Upstreams) != 1 {
		t.Fatalf("%+v", doc.Changes)
	}
	unknown, active, day := "unknown", "active", today.Format(time.DateOnly)
	if diff := cmp.Diff(report.UpstreamChange{Upstream: valve, Kind: "state", Before: &unknown, After: &active, Doubt: "source"}, doc.Changes.Upstreams[0]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(report.Since{Source: "store", AsOf: today.AddDate(0, -1, 0).Format(time.DateOnly), Ran: &day, Version: "v1"}, doc.Changes.Since); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if doc, _ = scan(today, &shelves{}, "pkg:npm/pump@1.0.0"); doc.Changes != nil {
		t.Errorf("a scan of something else is compared: %+v", doc.Changes)
	}
}
