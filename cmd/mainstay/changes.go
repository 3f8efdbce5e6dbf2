package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/mainstay-oss/mainstay/internal/pipeline"
	"github.com/mainstay-oss/mainstay/internal/report"
)

// compared scans, says in the document what is new since the scan before or since --baseline, and keeps the scan. A store that
// cannot be used takes nothing from the answer: one line says that the scan is not kept.
func (p *program) compared(ctx context.Context, l *line, f *flagSet, req pipeline.Request) (*report.Document, error) {
	before, unusable, err := p.before(ctx, l, f, req)
	if err != nil {
		return nil, err
	}
	doc, err := l.Scan(ctx, req)
	if err != nil || ctx.Err() != nil { // of half a scan nothing can be told
		return doc, err
	}
	if before != nil {
		doc.Changes = report.Compare(before.Document, doc, before.Since)
	}
	if unusable == nil && l.kept != nil {
		unusable = l.Keep(context.WithoutCancel(ctx), l.kept, req, doc)
	}
	if unusable != nil {
		fmt.Fprintln(p.stderr, "mainstay: "+p.printer.Text("cli.not-kept", p.words(unusable)))
	}
	if l.kept != nil {
		for _, bad := range l.kept.Problems() {
			fmt.Fprintln(p.stderr, "mainstay: "+p.printer.Text("cli.not-taken-in", fmt.Sprintf("%s:%d", bad.File, bad.Line), bad.Detail))
		}
	}
	return doc, nil
}

// before finds what a scan is compared with; nil for nothing. unusable says why the store is of no use to this run; an error ends it,
// because the user asked for a comparison that cannot be made.
func (p *program) before(ctx context.Context, l *line, f *flagSet, req pipeline.Request) (e *pipeline.Earlier, unusable, err error) {
	if f.baseline == "" {
		if l.kept != nil {
			e, unusable = pipeline.Before(ctx, l.kept, req, l.AsOf)
		}
		return e, unusable, nil
	}
	day, dateErr := time.Parse(time.DateOnly, f.baseline)
	if dateErr != nil {
		e, err = p.baselineFile(f)
		return e, nil, err
	}
	if l.kept == nil {
		return nil, nil, f.usage(p.printer.Text("cli.baseline-no-store", f.baseline))
	}
	if e, err = pipeline.Before(ctx, l.kept, req, day); e != nil || err != nil {
		return e, nil, err
	}
	const named = 10
	dates, err := l.kept.Dates(ctx, pipeline.Key(req), named)
	switch {
	case err != nil:
		return nil, nil, err
	case len(dates) == 0:
		return nil, nil, f.usage(p.printer.Text("cli.baseline-none", f.baseline))
	}
	return nil, nil, f.usage(p.printer.Text("cli.baseline-dates", f.baseline, strings.Join(dates, ", ")))
}

// baselineFile reads the JSON document of an earlier run.
func (p *program) baselineFile(f *flagSet) (*pipeline.Earlier, error) {
	file, err := os.Open(f.baseline)
	if errors.Is(err, os.ErrNotExist) {
		return nil, f.usage(p.printer.Text("cli.baseline-no-file", f.baseline))
	}
	if err != nil {
		return nil, err
	}
	defer file.Close()
	doc, err := report.Read(file)
	for wrong, key := range map[error]string{report.ErrNoDocument: "cli.baseline-no-document", report.ErrNewer: "cli.baseline-newer", report.ErrNoScan: "cli.baseline-no-scan"} {
		if errors.Is(err, wrong) {
			return nil, said{p.printer.Text(key, f.baseline), err}
		}
	}
	if err != nil {
		return nil, err
	}
	return &pipeline.Earlier{Document: doc, Since: report.Since{Source: "file"}}, nil
}
