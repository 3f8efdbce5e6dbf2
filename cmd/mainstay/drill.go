package main

import (
	"context"

	"github.com/mainstay-oss/mainstay/internal/pipeline"
	"github.com/mainstay-oss/mainstay/internal/report"
)

func runDrill(ctx context.Context, p *program, args []string) error {
	return p.answer(ctx, "drill", args, func(ctx context.Context, l *line, f *flagSet, req pipeline.Request) (*report.Document, error) {
		if f.busiest {
			return l.Drill(ctx, req, "")
		}
		organisations, err := f.organisations(l.Register)
		if err != nil {
			return nil, err
		}
		return l.Drill(ctx, req, organisations[0])
	})
}
