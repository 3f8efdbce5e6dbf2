package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/mainstay-oss/mainstay/internal/config"
	"github.com/mainstay-oss/mainstay/internal/dependency"
	"github.com/mainstay-oss/mainstay/internal/message"
	"github.com/mainstay-oss/mainstay/internal/report"
)

// A flagSet is the flags of one sub-command with their values.
type flagSet struct {
	*pflag.FlagSet
	command string
	printer message.Printer

	format, output  string
	asOf            string
	offline, dryRun bool
	mirrors         []string
	histories       []string
	cache           string
	budget          time.Duration
	lang            string
	configFile      string
	names           bool
	noColor, quiet  bool
	strict          bool
	cohort          string
	engineers       int
	whatIf          []string
	jobs            int

	retired, predictions string // of backtest

	orgs          []string // of footprint, drill and plan: organisations by name
	affiliations  string
	fill          string // of footprint
	busiest       bool   // of drill
	days          int    // of plan
	goal          string // of plan
	explain       bool   // of plan
	lookTerritory bool   // of inspect
	store         string // of scan, plan and footprint
	baseline      string // of scan
}

// newFlags declares the flags that a sub-command takes. Their texts are cli.flag.<name>.
func newFlags(p *program, command string) *flagSet {
	f := &flagSet{FlagSet: pflag.NewFlagSet(command, pflag.ContinueOnError), command: command, printer: p.printer}
	f.SetOutput(p.stderr)
	f.Usage = func() {}
	f.SortFlags = false
	text := func(name string) string { return p.printer.Text("cli.flag." + name) }

	scans := slices.Contains([]string{"scan", "plan", "footprint", "drill"}, command)
	answers := scans || command == "inspect"
	if command == "footprint" || command == "drill" {
		f.StringArrayVar(&f.orgs, "org", nil, text("org"))
	}
	if command == "drill" {
		f.BoolVar(&f.busiest, "busiest", false, text("busiest"))
	}
	if scans {
		f.StringVar(&f.cohort, "cohort", "", text("cohort"))
	}
	if command == "scan" {
		f.StringVar(&f.baseline, "baseline", "", text("baseline"))
	}
	if command == "footprint" || command == "plan" || command == "scan" {
		f.StringVar(&f.store, "store", "", text("store"))
	}
	if command == "footprint" {
		f.StringVar(&f.fill, "fill", "", text("fill"))
	}
	if command == "plan" {
		f.IntVar(&f.engineers, "engineers", 1, text("engineers"))
		f.IntVar(&f.days, "days", 0, text("days"))
		f.StringArrayVar(&f.orgs, "org", nil, text("plan-org"))
		f.StringVar(&f.goal, "goal", "exposure", text("goal"))
		f.BoolVar(&f.explain, "explain", false, text("explain"))
	}
	if command == "inspect" {
		f.StringArrayVar(&f.whatIf, "what-if", nil, text("what-if"))
		f.BoolVar(&f.lookTerritory, "territory", false, text("territory"))
	}
	if command == "backtest" {
		f.StringSliceVar(&f.histories, "histories", nil, text("histories"))
		f.StringVar(&f.retired, "retired", "", text("retired"))
		f.StringVar(&f.predictions, "predictions", "", text("predictions"))
		f.StringVarP(&f.format, "format", "f", "", text("backtest-format"))
		f.StringVarP(&f.output, "output", "o", "", text("output"))
		f.BoolVar(&f.strict, "strict", false, text("strict"))
		f.BoolVar(&f.quiet, "quiet", false, text("quiet"))
		f.StringVar(&f.lang, "lang", "", text("lang"))
		f.IntVarP(&f.jobs, "jobs", "j", 0, text("jobs"))
		f.BoolVar(&f.noColor, "no-color", false, text("no-color"))
	}
	if command == "help" || command == "version" {
		f.StringVar(&f.lang, "lang", "", text("lang"))
	}
	if answers {
		f.StringVarP(&f.format, "format", "f", "", text("format"))
	}
	if answers {
		f.StringVarP(&f.output, "output", "o", "", text("output"))
	}
	if command == "archive" {
		f.StringVarP(&f.output, "output", "o", "", text("archive-output"))
		f.StringVar(&f.affiliations, "affiliations", "", text("archive-affiliations"))
	}
	if answers {
		f.StringVar(&f.asOf, "as-of", "", text("as-of"))
		f.StringSliceVar(&f.histories, "histories", nil, text("histories"))
		f.BoolVar(&f.names, "names", false, text("names"))
		f.StringVar(&f.affiliations, "affiliations", "", text("affiliations"))
		f.BoolVar(&f.strict, "strict", false, text("strict"))
	}
	if answers || command == "archive" {
		f.BoolVar(&f.offline, "offline", false, text("offline"))
		f.StringSliceVar(&f.mirrors, "mirrors", nil, text("mirrors"))
		f.StringVar(&f.cache, "cache", "", text("cache"))
		f.DurationVar(&f.budget, "budget", 0, text("budget"))
		f.StringVar(&f.configFile, "config", "", text("config"))
		f.BoolVar(&f.quiet, "quiet", false, text("quiet"))
		f.StringVar(&f.lang, "lang", "", text("lang"))
	}
	if answers {
		f.IntVarP(&f.jobs, "jobs", "j", 0, text("jobs"))
		f.BoolVar(&f.dryRun, "dry-run", false, text("dry-run"))
		f.BoolVar(&f.noColor, "no-color", false, text("no-color"))
	}
	return f
}

// parse reads the command line; flags may stand before, between and after arguments. helped tells that the user asked for
// help and got it.
func (f *flagSet) parse(p *program, args []string) (helped bool, err error) {
	if err := f.Parse(args); err != nil {
		if errors.Is(err, pflag.ErrHelp) {
			return true, p.help(f.command)
		}
		return false, f.usage(p.flagMistake(err))
	}
	if f.lang != "" && f.lang != "en" && f.lang != "ko" {
		return false, f.usage(p.printer.Text("cli.bad-lang", f.lang))
	}
	if f.budget < 0 || f.jobs < 0 {
		return false, f.usage(p.printer.Text("cli.negative"))
	}
	if f.command == "plan" {
		switch {
		case f.engineers < 1:
			return false, f.usage(p.printer.Text("cli.bad-engineers"))
		case f.days < 0 || f.days > 366 || f.days == 0 && f.Changed("days"):
			return false, f.usage(p.printer.Text("cli.bad-days"))
		case f.goal != "exposure" && f.goal != "standing":
			return false, f.usage(p.printer.Text("cli.bad-goal", f.goal))
		case len(f.orgs) > 1:
			return false, f.usage(p.printer.Text("cli.one-org"))
		}
	}
	switch {
	case f.command == "footprint" && len(f.orgs) == 0:
		return false, f.usage(p.printer.Text("cli.some-org"))
	case f.command == "drill" && (len(f.orgs) > 1 || (len(f.orgs) == 1) == f.busiest):
		return false, f.usage(p.printer.Text("cli.who-leaves"))
	case f.fill != "" && !f.names:
		return false, f.usage(p.printer.Text("cli.fill-names"))
	case f.fill != "" && exists(f.fill): // somebody may have filled it in
		return false, f.usage(p.printer.Text("cli.fill-exists", f.fill))
	}
	if f.format == "" {
		f.format = "table"
		switch ext := strings.TrimPrefix(filepath.Ext(f.output), "."); {
		case report.FormatOf(ext) != "":
			f.format = report.FormatOf(ext)
		case ext != "" && ext != "txt" && f.command != "archive":
			return false, f.usage(p.printer.Text("cli.unknown-ending", f.output))
		}
	}
	if !slices.Contains(report.Formats(), f.format) {
		return false, f.usage(p.printer.Text("cli.bad-format", f.format))
	}
	for _, dir := range slices.Concat(f.mirrors, f.histories) {
		if info, err := os.Stat(dir); err != nil || !info.IsDir() {
			return false, f.usage(p.printer.Text("cli.no-folder", dir))
		}
	}
	return false, nil
}

func exists(file string) bool {
	_, err := os.Lstat(file)
	return err == nil
}

func (f *flagSet) usage(text string) error { return usageError{command: f.command, text: text} }

// sources are the flags that say where answers come from, as they were given: a command that a user is told to try next
// needs them too.
func (f *flagSet) sources() []string {
	var words []string
	f.Visit(func(flag *pflag.Flag) {
		switch flag.Name {
		case "mirrors", "histories":
			values, _ := f.GetStringSlice(flag.Name) // the flag exists, so there is no error
			for _, v := range values {
				words = append(words, "--"+flag.Name, v)
			}
		case "cache", "config", "lang", "affiliations":
			words = append(words, "--"+flag.Name, flag.Value.String())
		case "offline", "names":
			words = append(words, "--"+flag.Name)
		}
	})
	return words
}

// asOfDate is the start of the day that --as-of names, or of today.
func (f *flagSet) asOfDate(now time.Time) (time.Time, error) {
	today := now.UTC().Truncate(24 * time.Hour)
	if f.asOf == "" {
		return today, nil
	}
	t, err := time.Parse(time.DateOnly, f.asOf)
	if err != nil {
		return time.Time{}, f.usage(f.printer.Text("cli.bad-date", f.asOf))
	}
	if t.After(today) {
		return time.Time{}, f.usage(f.printer.Text("cli.future-date", f.asOf))
	}
	return t, nil
}

// settings reads mainstay.yaml: the file that --config names, else the one nearest to the folder that is scanned.
func (f *flagSet) settings(dir string) (config.Config, error) {
	var c config.Config
	var err error
	if f.configFile != "" {
		c, err = config.Load(f.configFile)
	} else {
		c, err = config.Find(dir)
	}
	if err != nil {
		return c, f.badSettings(err)
	}
	for _, pattern := range c.Exclude {
		if err := dependency.CheckExclude(pattern); err != nil {
			return c, f.badSettings(fmt.Errorf("%s: %w", c.File, err))
		}
	}
	return c, nil
}

// badSettings tells in the user's words that settings cannot be used; a file that cannot be read is told of as any other.
func (f *flagSet) badSettings(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return err
	}
	return said{f.printer.Text("cli.bad-settings", err.Error()), err}
}

// cacheDir is --cache, else the user's cache folder. A machine without a home has none; then a folder of the temporary
// directory serves, so that a run still works.
func (f *flagSet) cacheDir() string {
	if f.cache != "" {
		return f.cache
	}
	base, err := os.UserCacheDir()
	if err != nil {
		base = filepath.Join(os.TempDir(), fmt.Sprintf("cache-%d", os.Getuid()))
	}
	return filepath.Join(base, "mainstay")
}

// workers is how many upstreams are read side by side.
func (f *flagSet) workers() int {
	if f.jobs > 0 {
		return f.jobs
	}
	return min(max(runtime.GOMAXPROCS(0), 2), 8)
}
