package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/mainstay-oss/mainstay/internal/message"
	"github.com/mainstay-oss/mainstay/internal/report"
)

// Exit codes, a promise of the command line (doc/output.md).
const (
	exitDone   = 0 // the answer was given
	exitUsage  = 2 // the command line was not understood
	exitGaps   = 3 // the answer was given, but with gaps, and --strict asked to be told
	exitFailed = 4 // no answer could be given

	exitInterrupted = 130 // ended by Ctrl-C, as shells count it; what was known has been printed
)

// A command is one sub-command: its name and what runs it.
type command struct {
	name string
	run  func(ctx context.Context, p *program, args []string) error
}

// commands in the order in which help lists them. Each has the texts cli.<name>.synopsis, .summary and .help.
func commands() []command {
	return []command{
		{"scan", runScan},
		{"inspect", runInspect},
		{"plan", runPlan},
		{"footprint", runFootprint},
		{"drill", runDrill},
		{"archive", runArchive},
		{"backtest", runBacktest},
		{"help", runHelp},
		{"version", runVersion},
	}
}

// A program is one run: where it writes, and what it may know of the world outside.
type program struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	printer        message.Printer
	now            func() time.Time
	invocation     string // the command line as it was typed, for who wants the same again
}

// errInterrupted ends a run that Ctrl-C ended early.
var errInterrupted = errors.New("interrupted")

// errGaps ends a run that gave its answer but met gaps while --strict was given.
var errGaps = errors.New("gaps")

// A usageError is a command line that was not understood.
type usageError struct {
	command string // the sub-command whose help is of use; empty for none
	text    string
}

func (e usageError) Error() string { return e.text }

// run is the program as a function: data to stdout, words to stderr, the exit code as result.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	p := &program{stdin: stdin, stdout: stdout, stderr: stderr, now: clock, invocation: invocation(args)}
	p.printer.Lang = langOf(args, os.Getenv)

	// A first Ctrl-C ends the gathering and prints what is known; a second one ends the program, as stop() then restores
	// the default action.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	go func() { <-ctx.Done(); stop() }()

	err := p.dispatch(ctx, args)
	var usage usageError
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, errGaps):
		return exitGaps
	case errors.Is(err, errInterrupted):
		return exitInterrupted
	case errors.As(err, &usage):
		fmt.Fprintln(stderr, "mainstay: "+usage.text)
		try := "mainstay help"
		if usage.command != "" {
			try = "mainstay help " + usage.command
		}
		fmt.Fprintln(stderr, p.printer.Text("cli.try", try))
		return exitUsage
	default:
		fmt.Fprintln(stderr, "mainstay: "+p.words(err))
		return exitFailed
	}
}

// invocation is a command line as a shell takes it.
func invocation(args []string) string {
	words := []string{"mainstay"}
	for _, a := range args {
		words = append(words, report.ShellWord(a))
	}
	return strings.Join(words, " ")
}

func (p *program) dispatch(ctx context.Context, args []string) error {
	lang, args := languageFirst(args)
	if len(args) == 0 {
		return runHelp(ctx, p, lang)
	}
	name := args[0]
	switch name {
	case "-h", "--help":
		name = "help"
	case "-v", "--version":
		name = "version"
	}
	for _, c := range commands() {
		if c.name == name {
			return c.run(ctx, p, append(lang, args[1:]...))
		}
	}
	if strings.HasPrefix(name, "-") {
		return usageError{text: p.printer.Text("cli.flag-first", name)}
	}
	return usageError{text: p.printer.Text("cli.unknown-command", name)}
}

// clock gives the time, or noon of the day that MAINSTAY_TODAY fixes, so that a run can be repeated to the byte.
func clock() time.Time {
	if day, err := time.Parse(time.DateOnly, os.Getenv("MAINSTAY_TODAY")); err == nil {
		return day.Add(12 * time.Hour)
	}
	return time.Now()
}

// langOf finds the language before the flags are parsed, because a mistake in the flags is answered in it too. As with other
// flags the last one counts.
func langOf(args []string, getenv func(string) string) message.Lang {
	for i, a := range slices.Backward(args) {
		if v, ok := strings.CutPrefix(a, "--lang="); ok {
			return langNamed(v)
		}
		if a == "--lang" && i+1 < len(args) {
			return langNamed(args[i+1])
		}
	}
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := getenv(name); v != "" {
			return langNamed(v)
		}
	}
	return message.English
}

// languageFirst parts a --lang that stands before the command from the rest: it says how to answer, not what to do.
func languageFirst(args []string) (lang, rest []string) {
	switch {
	case len(args) > 1 && args[0] == "--lang":
		return args[:2:2], args[2:]
	case len(args) > 0 && strings.HasPrefix(args[0], "--lang="):
		return args[:1:1], args[1:]
	}
	return nil, args
}

// langNamed takes "ko", "ko_KR.UTF-8" and the like for Korean, all else for English.
func langNamed(s string) message.Lang {
	if s == "ko" || strings.HasPrefix(s, "ko_") || strings.HasPrefix(s, "ko-") || strings.HasPrefix(s, "ko.") {
		return message.Korean
	}
	return message.English
}

func runVersion(_ context.Context, p *program, args []string) error {
	f := newFlags(p, "version")
	if helped, err := f.parse(p, args); helped || err != nil {
		return err
	}
	if f.NArg() > 0 {
		return f.usage(p.printer.Text("cli.no-arguments", f.Arg(0)))
	}
	_, err := fmt.Fprintln(p.stdout, "mainstay "+version())
	return err
}

// version is the module's version where the binary was installed as one, else the commit it was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "devel"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	i := slices.IndexFunc(info.Settings, func(s debug.BuildSetting) bool { return s.Key == "vcs.revision" })
	if i < 0 {
		return "devel"
	}
	return "devel-" + info.Settings[i].Value[:min(12, len(info.Settings[i].Value))]
}

func runHelp(_ context.Context, p *program, args []string) error {
	f := newFlags(p, "help")
	if helped, err := f.parse(p, args); helped || err != nil {
		return err
	}
	if args = f.Args(); len(args) == 0 {
		fmt.Fprintln(p.stdout, p.printer.Text("cli.help.head"))
		fmt.Fprintln(p.stdout)
		for _, c := range commands() {
			fmt.Fprintf(p.stdout, "  mainstay %-9s  %s\n", c.name, p.printer.Text("cli."+c.name+".summary"))
		}
		fmt.Fprintln(p.stdout)
		fmt.Fprintln(p.stdout, p.printer.Text("cli.help.foot"))
		return nil
	}
	for _, c := range commands() {
		if c.name == args[0] {
			return p.help(c.name)
		}
	}
	return usageError{text: p.printer.Text("cli.unknown-command", args[0])}
}

// help prints the help of one sub-command with the flags that it takes.
func (p *program) help(name string) error {
	fmt.Fprintln(p.stdout, p.printer.Text("cli."+name+".synopsis"))
	fmt.Fprintln(p.stdout)
	fmt.Fprintln(p.stdout, p.printer.Text("cli."+name+".help"))
	if flags := newFlags(p, name); flags.HasFlags() {
		fmt.Fprintln(p.stdout)
		fmt.Fprintln(p.stdout, p.printer.Text("cli.help.flags"))
		usage(p.stdout, flags.FlagSet, p.printer)
	}
	return nil
}
