package main

import (
	"context"
	"os"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/pipeline"
	"github.com/mainstay-oss/mainstay/internal/report"
)

func runScan(ctx context.Context, p *program, args []string) error {
	return p.answer(ctx, "scan", args, func(ctx context.Context, line *pipeline.Pipeline, f *flagSet, req pipeline.Request) (*report.Document, error) {
		return line.Scan(ctx, req)
	})
}

func runPlan(ctx context.Context, p *program, args []string) error {
	return p.answer(ctx, "plan", args, func(ctx context.Context, line *pipeline.Pipeline, f *flagSet, req pipeline.Request) (*report.Document, error) {
		return line.Plan(ctx, req, f.engineers)
	})
}

// answer is what scan and plan share: read the command line, gather within the budget, write the document.
func (p *program) answer(ctx context.Context, command string, args []string,
	ask func(context.Context, *pipeline.Pipeline, *flagSet, pipeline.Request) (*report.Document, error)) error {
	f := newFlags(p, command)
	if helped, err := f.parse(p, args); helped || err != nil {
		return err
	}
	req, err := f.request(p)
	if err != nil {
		return err
	}
	line, err := p.assemble(f, req.Path)
	if err != nil {
		return err
	}
	if f.dryRun {
		return p.dryRun(ctx, line, req)
	}
	return p.finish(ctx, f, line, func(ctx context.Context) (*report.Document, error) { return ask(ctx, line.Pipeline, f, req) })
}

// request reads what to look at from the arguments: one path, or any number of purls, or a cohort.
func (f *flagSet) request(p *program) (pipeline.Request, error) {
	args := f.Args()
	if f.cohort != "" {
		if len(args) > 0 {
			return pipeline.Request{}, f.usage(p.printer.Text("cli.path-and-cohort"))
		}
		return pipeline.Request{Cohort: f.cohort}, nil
	}
	if len(args) == 0 {
		return pipeline.Request{Path: "."}, nil
	}
	if strings.HasPrefix(args[0], "pkg:") {
		for _, a := range args {
			if !strings.HasPrefix(a, "pkg:") {
				return pipeline.Request{}, f.usage(p.printer.Text("cli.one-path", args[0], a))
			}
		}
		return pipeline.Request{PURLs: args}, nil
	}
	if len(args) > 1 {
		return pipeline.Request{}, f.usage(p.printer.Text("cli.one-path", args[0], args[1]))
	}
	if _, err := os.Stat(args[0]); os.IsNotExist(err) {
		return pipeline.Request{}, f.usage(p.printer.Text("cli.no-path", args[0]))
	}
	return pipeline.Request{Path: args[0]}, nil
}
