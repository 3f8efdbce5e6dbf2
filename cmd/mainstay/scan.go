package main

import (
	"context"
	"os"
	"slices"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/pipeline"
	"github.com/mainstay-oss/mainstay/internal/report"
	"github.com/mainstay-oss/mainstay/internal/upstream"
)

func runScan(ctx context.Context, p *program, args []string) error {
	return p.answer(ctx, "scan", args, p.compared)
}

func runPlan(ctx context.Context, p *program, args []string) error {
	return p.answer(ctx, "plan", args, func(ctx context.Context, l *line, f *flagSet, req pipeline.Request) (*report.Document, error) {
		organisations, err := f.organisations(l.Register)
		if err != nil {
			return nil, err
		}
		terms := pipeline.PlanTerms{Engineers: f.engineers, Days: f.days, Standing: f.goal == "standing", Explain: f.explain}
		if len(organisations) > 0 {
			terms.Organisation = organisations[0]
		}
		return l.Plan(ctx, req, terms)
	})
}

// answer is what the commands that scan share: read the command line, gather within the budget, write the document.
func (p *program) answer(ctx context.Context, command string, args []string,
	ask func(context.Context, *line, *flagSet, pipeline.Request) (*report.Document, error)) error {
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
	defer line.close()
	if f.dryRun {
		return p.dryRun(ctx, f, line, req)
	}
	return p.finish(ctx, f, line, func(ctx context.Context) (*report.Document, error) { return ask(ctx, line, f, req) })
}

// request reads what to look at from the arguments: one path, or any number of purls or of repositories, or a cohort.
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
	if _, err := os.Stat(args[0]); os.IsNotExist(err) {
		return f.named(p, args)
	}
	if len(args) > 1 {
		return pipeline.Request{}, f.usage(p.printer.Text("cli.one-path", args[0], args[1]))
	}
	return pipeline.Request{Path: args[0]}, nil
}

// named reads arguments that name repositories, as host/owner/name or by their address.
func (f *flagSet) named(p *program, args []string) (pipeline.Request, error) {
	var req pipeline.Request
	for _, arg := range args {
		address := arg
		if !strings.Contains(arg, "://") {
			if host, _, _ := strings.Cut(arg, "/"); !strings.Contains(host, ".") {
				return req, f.usage(p.printer.Text("cli.no-path", arg))
			}
			address = "https://" + arg
		}
		a, err := upstream.ParseGiven(address)
		if err != nil {
			return req, f.usage(p.printer.Text("cli.no-path", arg))
		}
		if !slices.Contains(req.Upstreams, a.ID) {
			req.Upstreams = append(req.Upstreams, a.ID)
		}
	}
	return req, nil
}
