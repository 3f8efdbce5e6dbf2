package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"golang.org/x/term"

	"github.com/mainstay-oss/mainstay/internal/report"
)

// write sends a document to --output or standard output. A file appears whole or not at all.
func (p *program) write(f *flagSet, doc *report.Document) error {
	opts := report.Options{Printer: p.printer}
	if f.output == "" || f.output == "-" {
		opts.Width = terminalWidth(p.stdout)
		opts.Color = !f.noColor && os.Getenv("NO_COLOR") == "" && isTerminal(p.stdout)
		out := bufio.NewWriter(p.stdout)
		if err := report.Write(out, doc, f.format, opts); err != nil {
			return err
		}
		return out.Flush()
	}
	if err := writeWhole(f.output, func(w io.Writer) error { return report.Write(w, doc, f.format, opts) }); err != nil {
		return p.unwritable(f.output, err)
	}
	if !f.quiet {
		fmt.Fprintln(p.stderr, doc.Summary.Sentence)
		fmt.Fprintln(p.stderr, p.printer.Text("cli.wrote", f.output))
	}
	return nil
}

// writeWhole writes a file beside its place and moves it there when it is complete.
func writeWhole(file string, write func(io.Writer) error) (err error) {
	tmp, err := os.CreateTemp(filepath.Dir(file), ".mainstay-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			tmp.Close()
			os.Remove(tmp.Name())
		}
	}()
	out := bufio.NewWriter(tmp)
	if err := write(out); err != nil {
		return err
	}
	if err := out.Flush(); err != nil {
		return err
	}
	if err := tmp.Chmod(0o644); err != nil {
		return err
	}
	if err := tmp.Close(); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), file)
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// terminalWidth is how many cells a line may have: what the terminal holds, but no more than reads well; 0, the format's
// own default, where there is no terminal.
func terminalWidth(w io.Writer) int {
	f, ok := w.(*os.File)
	if !ok {
		return 0
	}
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return 0
	}
	return min(width, 100)
}
