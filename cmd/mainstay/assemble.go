package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/mainstay-oss/mainstay/internal/config"
	"github.com/mainstay-oss/mainstay/internal/dependency"
	"github.com/mainstay-oss/mainstay/internal/forecast"
	"github.com/mainstay-oss/mainstay/internal/forecast/reference"
	"github.com/mainstay-oss/mainstay/internal/history"
	"github.com/mainstay-oss/mainstay/internal/message"
	"github.com/mainstay-oss/mainstay/internal/people"
	"github.com/mainstay-oss/mainstay/internal/pipeline"
	"github.com/mainstay-oss/mainstay/internal/report"
	"github.com/mainstay-oss/mainstay/internal/store"
	"github.com/mainstay-oss/mainstay/internal/upstream"
)

// firstAnswer is when a table on a terminal is shown though histories are still being read.
const firstAnswer = 45 * time.Second

// A line is a pipeline with the sources behind it.
type line struct {
	*pipeline.Pipeline
	resolver *upstream.Resolver
	finder   *history.Finder
	kept     *store.Store // nil for none
}

// assemble makes a pipeline out of the flags and settings. dir is the folder or file that is scanned; empty for none.
func (p *program) assemble(f *flagSet, dir string) (*line, error) {
	asOf, err := f.asOfDate(p.now())
	if err != nil {
		return nil, err
	}
	folder := cmp.Or(dir, ".")
	if info, err := os.Stat(folder); err == nil && !info.IsDir() {
		folder = filepath.Dir(folder)
	}
	settings, err := f.settings(folder)
	if err != nil {
		return nil, err
	}
	if f.lang == "" && settings.Lang != "" {
		p.printer.Lang = message.Lang(settings.Lang)
	}
	notices, err := noticesOf(settings)
	if err != nil {
		return nil, err
	}
	finder := p.finder(f, settings, asOf)
	lookup := upstream.Config{
		Overrides:    settings.Upstreams,
		Cache:        filepath.Join(f.cacheDir(), "registries"),
		Offline:      f.offline,
		AllowPrivate: true,
		Project:      folder,
		Version:      version(),
		// A list speaks of an upstream by the name that it has there.
		Follow: func(id string) bool { return finder.Fetches(id) && len(notices.Of(id)) == 0 },
	}
	resolver, err := upstream.New(lookup)
	if err != nil {
		return nil, f.badSettings(fmt.Errorf("%s: %w", settings.File, err))
	}
	asked := resolver
	if f.dryRun { // what can be known without sending anything, while resolver tells what it would send
		lookup.Offline = true
		if asked, err = upstream.New(lookup); err != nil {
			return nil, err
		}
	}
	register, problems, err := f.register(settings)
	if err != nil {
		return nil, err
	}
	kept, err := f.kept()
	if err != nil {
		return nil, err
	}
	l := &line{
		resolver: resolver,
		finder:   finder,
		kept:     kept,
		Pipeline: &pipeline.Pipeline{
			Resolver:  asked,
			Histories: finder,
			Model:     forecast.Default(),
			Reference: reference.Default(),
			Printer:   p.printer,
			Version:   version(),
			AsOf:      asOf,
			Exclude:   excludes(settings, folder),
			Notices:   notices,
			Register:  register,
			Engineers: settings.Engineers,
			Counters:  resolver,
			Noted:     noted(problems),
			Today:     p.now().UTC().Truncate(24 * time.Hour),
			Names:     f.names,
			Workers:   f.workers(),
			Budget:    f.budget,
			Sources:   f.sources(),
			Place:     f.place(),
		},
	}
	if kept != nil {
		l.Kept = kept
	}
	return l, nil
}

// noticesOf gives the published ends in the user's lists and those that the program knows. The user's count first.
func noticesOf(settings config.Config) (upstream.Notices, error) {
	var all upstream.Notices
	for _, file := range settings.Paths(settings.Notices) {
		list, err := upstream.NoticeFile(file)
		if err != nil {
			return nil, err
		}
		all = all.With(list)
	}
	return all.With(upstream.Published()), nil
}

// finder looks for histories where the flags and settings say. What was fetched after asOf need not be fetched again; the
// zero time stands for now.
func (p *program) finder(f *flagSet, settings config.Config, asOf time.Time) *history.Finder {
	return history.NewFinder(history.Config{
		Mirrors:  append(slices.Clone(f.mirrors), settings.Paths(settings.Mirrors)...),
		Archives: append(slices.Clone(f.histories), settings.Paths(settings.Histories)...),
		CacheDir: filepath.Join(f.cacheDir(), "repositories"),
		Offline:  f.offline,
		IsBot:    people.IsBot,
		Now:      p.now,
		AsOf:     asOf,
	})
}

// excludes gives the patterns of mainstay.yaml as they hold below the scanned folder, which may lie deeper than the file.
// A pattern that covers the scanned folder itself does not hold: the user asked for just that folder.
func excludes(settings config.Config, folder string) []string {
	abs, err := filepath.Abs(folder)
	if err != nil || settings.Dir == "" {
		return settings.Exclude
	}
	base, err := filepath.Abs(settings.Dir)
	if err != nil {
		return settings.Exclude
	}
	rel, err := filepath.Rel(base, abs)
	if err != nil || rel == "." || !filepath.IsLocal(rel) {
		return settings.Exclude
	}
	prefix := filepath.ToSlash(rel) + "/"
	var out []string
	for _, pattern := range settings.Exclude {
		switch below, ok := strings.CutPrefix(path.Clean(pattern), prefix); {
		case ok:
			out = append(out, below)
		case !strings.Contains(pattern, "/"):
			out = append(out, pattern)
		}
	}
	return out
}

// finish runs a question within the budget and writes the answer. Ctrl-C ends the gathering; what is known is written.
func (p *program) finish(ctx context.Context, f *flagSet, l *line, ask func(context.Context) (*report.Document, error)) error {
	if f.output != "" && f.output != "-" {
		if err := writable(f.output); err != nil {
			return p.unwritable(f.output, err)
		}
	}
	bar := p.progress(f)
	l.Progress = bar.show
	if f.format == "table" && f.output == "" && isTerminal(p.stdout) {
		l.FirstAnswer = time.After(firstAnswer)
		l.Early = func(doc *report.Document) {
			bar.done()
			// The full answer follows; a failure to write this one shows there.
			_ = p.write(f, doc)
		}
	}
	doc, err := ask(ctx)
	bar.done()
	if err != nil {
		return err
	}
	doc.Invocation = p.invocation
	if ctx.Err() != nil {
		return p.interrupted(f, doc)
	}
	if err := p.write(f, doc); err != nil {
		return err
	}
	if f.strict && len(doc.Gaps) > 0 {
		return errGaps
	}
	return nil
}

// interrupted prints what is known after Ctrl-C. A file keeps what it holds: half an answer is no replacement for a whole one.
func (p *program) interrupted(f *flagSet, doc *report.Document) error {
	if f.output != "" && f.output != "-" {
		fmt.Fprintln(p.stderr, "mainstay: "+p.printer.Text("cli.kept", f.output))
		return errInterrupted
	}
	fmt.Fprintln(p.stderr, "mainstay: "+p.printer.Text("cli.interrupted"))
	if err := p.write(f, doc); err != nil {
		return err
	}
	return errInterrupted
}

// dryRun lists the hosts that a run would ask, and how often at most.
func (p *program) dryRun(ctx context.Context, f *flagSet, l *line, req pipeline.Request) error {
	plan := pipeline.Planner{Packages: l.resolver.Plan, ModuleFile: l.resolver.PlanGoMod, POM: l.resolver.PlanPOM, Moved: l.resolver.PlanMoved, Repositories: l.finder.Plan}
	switch f.command {
	case "footprint":
		plan.Files, plan.Reach = l.finder.PlanFiles, l.resolver.PlanReach
	case "inspect":
		plan.Files = l.finder.PlanFiles
		if f.lookTerritory {
			plan.Trees = l.finder.PlanTrees
		}
	case "plan":
		plan.Files, plan.Trees, plan.Closer = l.finder.PlanFiles, l.finder.PlanTrees, f.engineers
		if f.goal == "standing" {
			plan.Reach = l.resolver.PlanReach
		}
	}
	planned, err := l.Contacts(ctx, req, plan)
	if err != nil {
		return err
	}
	if len(planned) == 0 {
		fmt.Fprintln(p.stdout, p.printer.Text("cli.dry-run.nothing"))
		return nil
	}
	fmt.Fprintln(p.stdout, p.printer.Text("cli.dry-run.head"))
	further := false
	for _, c := range planned {
		mark := " "
		if c.More {
			mark, further = "+", true
		}
		fmt.Fprintf(p.stdout, "  %6d%s %-40s  %s\n", c.Requests, mark, c.Host, p.printer.Text("cli.dry-run."+c.For))
	}
	if further {
		fmt.Fprintln(p.stdout, p.printer.Text("cli.dry-run.further", dependency.MostPOMs))
	}
	return nil
}
