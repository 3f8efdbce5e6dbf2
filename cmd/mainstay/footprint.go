package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/people"
	"github.com/mainstay-oss/mainstay/internal/pipeline"
	"github.com/mainstay-oss/mainstay/internal/report"
)

func runFootprint(ctx context.Context, p *program, args []string) error {
	return p.answer(ctx, "footprint", args, func(ctx context.Context, l *line, f *flagSet, req pipeline.Request) (*report.Document, error) {
		organisations, err := f.organisations(l.Register)
		if err != nil {
			return nil, err
		}
		doc, open, err := l.Footprint(ctx, req, organisations)
		if err != nil || f.fill == "" || ctx.Err() != nil {
			return doc, err
		}
		return doc, p.writeOpen(f, open)
	})
}

// organisations reads the names that --org gives. One that nothing knows is refused: its footprint would be an empty page.
func (f *flagSet) organisations(known *people.Register) ([]string, error) {
	var names []string
	for _, asked := range f.orgs {
		name, ok := known.Canonical(asked)
		if !ok {
			text := f.printer.Text("cli.unknown-org", asked)
			if near := known.Similar(asked); len(near) > 0 {
				text += " " + f.printer.Text("cli.similar-org", strings.Join(near, ", "))
			}
			return nil, f.usage(text)
		}
		names = append(names, name)
	}
	return names, nil
}

// writeOpen writes the file of people whose affiliation would settle most, ready to fill in.
func (p *program) writeOpen(f *flagSet, open []people.OpenPerson) error {
	if len(open) == 0 {
		fmt.Fprintln(p.stderr, "mainstay: "+p.printer.Text("cli.nobody-to-fill-in", f.fill))
		return nil
	}
	if err := writeWhole(f.fill, func(w io.Writer) error { return people.WriteOpen(w, open) }); err != nil {
		return p.unwritable(f.fill, err)
	}
	if !f.quiet {
		fmt.Fprintln(p.stderr, p.printer.Text("cli.to-fill-in", f.fill, len(open)))
	}
	return nil
}
