package main

import (
	"bufio"
	"errors"
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

// writeWhole writes a file beside its place and moves it there when it is complete. A link is followed; what is no file,
// such as a pipe or a terminal, is written to as it is.
func writeWhole(file string, write func(io.Writer) error) (err error) {
	if target, err := filepath.EvalSymlinks(file); err == nil {
		file = target
	}
	if info, err := os.Stat(file); err == nil && !info.Mode().IsRegular() {
		return writeThrough(file, write)
	}
	if err := writable(file); err != nil {
		return err
	}
	tmp, err := os.CreateTemp(filepath.Dir(file), ".mainstay-*")
	if err != nil {
		return fmt.Errorf("%s: %w", file, errors.Unwrap(err)) // without the name of the temporary file
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
	if info, err := os.Stat(file); err == nil { // a file that is there keeps its rights
		if err := tmp.Chmod(info.Mode().Perm()); err != nil {
			return err
		}
	} else if err := tmp.Chmod(0o666 &^ umask()); err != nil {
		return err
	}
	if err := tmp.Close(); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), file)
}

// writable tells, before any work is done, why a file could not be written.
func writable(file string) error {
	info, err := os.Stat(filepath.Dir(file))
	switch {
	case err != nil:
		return err
	case !info.IsDir():
		return fmt.Errorf("%s is not a folder", filepath.Dir(file))
	}
	if info, err := os.Stat(file); err == nil && info.IsDir() {
		return fmt.Errorf("%s is a folder", file)
	}
	return nil
}

// writeThrough writes to something that cannot be replaced.
func writeThrough(file string, write func(io.Writer) error) error {
	f, err := os.OpenFile(file, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(f)
	if err := write(out); err != nil {
		f.Close()
		return err
	}
	if err := out.Flush(); err != nil {
		f.Close()
		return err
	}
	return f.Close()
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
