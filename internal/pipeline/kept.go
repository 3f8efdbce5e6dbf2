package pipeline

import (
	"bytes"
	"context"
	"time"

	"github.com/mainstay-oss/mainstay/internal/report"
	"github.com/mainstay-oss/mainstay/internal/store"
)

// ScanStore keeps scans from run to run.
type ScanStore interface {
	Keep(ctx context.Context, scan *store.Scan) error
	Last(ctx context.Context, key string, asOf time.Time) (*store.Scan, error)
}

// An Earlier is a document that another is compared with, and where it was.
type Earlier struct {
	Document *report.Document
	Since    report.Since
}

// Before gives the scan that is kept of the same request as the last before or on a day; nil where there is none.
func Before(ctx context.Context, kept ScanStore, req Request, day time.Time) (*Earlier, error) {
	key := Key(req)
	if key == "" {
		return nil, nil
	}
	last, err := kept.Last(ctx, key, day)
	if last == nil || err != nil {
		return nil, err
	}
	doc, err := report.Read(bytes.NewReader(last.Document))
	if err != nil {
		return nil, err
	}
	return &Earlier{doc, report.Since{Source: "store", Ran: &last.Ran}}, nil
}

// Keep keeps a scan for later ones. Names of people are not in what is kept.
func (p *Pipeline) Keep(ctx context.Context, kept ScanStore, req Request, doc *report.Document) error {
	key := Key(req)
	if key == "" {
		return nil
	}
	text, err := report.Kept(doc)
	if err != nil {
		return err
	}
	return kept.Keep(ctx, &store.Scan{Key: key, AsOf: doc.AsOf, Ran: p.Today.Format(time.DateOnly), Version: doc.Tool.Version, Document: text})
}
