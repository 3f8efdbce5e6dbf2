package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/forecast"
	"github.com/mainstay-oss/mainstay/internal/pipeline"
	"github.com/mainstay-oss/mainstay/internal/report"
)

func runBacktest(ctx context.Context, p *program, args []string) error {
	f := newFlags(p, "backtest")
	if helped, err := f.parse(p, args); helped || err != nil {
		return err
	}
	switch {
	case f.NArg() > 0:
		return f.usage(p.printer.Text("cli.no-arguments", f.Arg(0)))
	case len(f.histories) == 0:
		return f.usage(p.printer.Text("cli.no-histories"))
	case !slices.Contains(report.BacktestFormats(), f.format):
		return f.usage(p.printer.Text("cli.backtest-format", f.format))
	case f.predictions == "-" || f.predictions != "" && f.output != "" && filepath.Clean(f.predictions) == filepath.Clean(f.output):
		return f.usage(p.printer.Text("cli.predictions-file"))
	}
	retired, err := retirements(f.retired)
	if err != nil {
		return err
	}
	bar := p.progress(f)
	model := forecast.Default()
	b := pipeline.Backtest{Folders: f.histories, Retired: retired, Judge: model.Judge(), Workers: f.workers(), Progress: bar.show}
	done, err := b.Run(ctx)
	bar.done()
	if errors.Is(err, pipeline.ErrNoArchives) {
		return errors.New(p.printer.Text("cli.no-archives", strings.Join(f.histories, ", ")))
	}
	if ctx.Err() != nil {
		return errors.New(p.printer.Text("backtest.interrupted"))
	}
	if err != nil {
		return errors.New(p.printer.Text("cli.no-archive-folder", err.Error()))
	}
	doc := done.Document(model, retired, p.printer, version())
	if f.output != "" || f.format == "csv" || len(done.Gaps) == done.Archives {
		p.warn(doc.Gaps) // the answer does not show them where the user looks
	}
	if len(done.Gaps) == done.Archives {
		return errors.New(p.printer.Text("cli.no-readable-archives", done.Archives))
	}
	if f.predictions != "" {
		if err := writeWhole(f.predictions, done.WritePredictions); err != nil {
			return p.unwritable(f.predictions, err)
		}
		if !f.quiet {
			fmt.Fprintln(p.stderr, p.printer.Text("backtest.predictions", f.predictions, doc.Counts.Quarters+doc.Counts.QuartersUnknown))
		}
	}
	if err := p.writeBacktest(f, doc); err != nil {
		return err
	}
	if f.strict && len(done.Gaps) > 0 {
		return errGaps
	}
	return nil
}

// retirements reads the list that --retired names; nil without one.
func retirements(path string) (*forecast.Retirements, error) {
	if path == "" {
		return nil, nil
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	list, err := forecast.ReadRetirements(bufio.NewReader(file))
	if err != nil {
		return nil, fmt.Errorf("%s:%w", path, err) // err begins with the line
	}
	return list, nil
}

// warn names on standard error what could not be read.
func (p *program) warn(gaps []report.Gap) {
	for _, g := range gaps {
		place := g.File
		if g.Line != nil {
			place = fmt.Sprintf("%s:%d", g.File, *g.Line)
		}
		fmt.Fprintf(p.stderr, "mainstay: %s: %s · %s\n", cmp.Or(place, g.What), g.Why, g.Hint)
	}
}

// writeBacktest sends a backtest to --output or standard output. A file appears whole or not at all.
func (p *program) writeBacktest(f *flagSet, doc *report.Backtest) error {
	opts := report.Options{Printer: p.printer}
	if f.output == "" || f.output == "-" {
		opts.Width = terminalWidth(p.stdout)
		opts.Color = !f.noColor && os.Getenv("NO_COLOR") == "" && isTerminal(p.stdout)
		return report.WriteBacktest(p.stdout, doc, f.format, opts)
	}
	if err := writeWhole(f.output, func(w io.Writer) error { return report.WriteBacktest(w, doc, f.format, opts) }); err != nil {
		return p.unwritable(f.output, err)
	}
	if !f.quiet {
		fmt.Fprintln(p.stderr, doc.Sentence)
		fmt.Fprintln(p.stderr, p.printer.Text("cli.wrote", f.output))
	}
	return nil
}
