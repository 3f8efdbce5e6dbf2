package main

import (
	"errors"
	"io/fs"
	"strings"
	"syscall"

	"github.com/spf13/pflag"

	"github.com/mainstay-oss/mainstay/internal/dependency"
	"github.com/mainstay-oss/mainstay/internal/history"
	"github.com/mainstay-oss/mainstay/internal/store"
	"github.com/mainstay-oss/mainstay/internal/upstream"
)

// Errors of the stages are technical English. What a user can do something about is said here in the user's language, with
// the technical cause in brackets.

// words says why a run failed.
func (p *program) words(err error) string {
	text := p.printer.Text
	var said said
	var format *dependency.UnknownFormatError
	var cohort *upstream.UnknownCohortError
	var path *fs.PathError
	var kept *store.Error
	switch {
	case errors.As(err, &said):
		return said.text
	case errors.As(err, &format):
		return text("cli.unknown-format", format.Path, strings.Join(format.Known, ", "))
	case errors.As(err, &cohort):
		return text("cli.unknown-cohort", cohort.Name, strings.Join(upstream.Cohorts, ", "))
	case errors.As(err, &kept):
		return p.unusableStore(kept)
	case errors.As(err, &path):
		return p.unreadable(path)
	}
	return err.Error()
}

// unusableStore says why a store cannot be used, and what can be done about it.
func (p *program) unusableStore(err *store.Error) string {
	cause := err.Err.Error()
	var path *fs.PathError
	if errors.As(err, &path) {
		cause = path.Err.Error()
	}
	return p.printer.Text("cli.store."+string(err.Kind), err.File, cause)
}

// said is a failure that is in the user's words already.
type said struct {
	text  string
	cause error
}

func (s said) Error() string { return s.text }
func (s said) Unwrap() error { return s.cause }

func (p *program) unreadable(err *fs.PathError) string {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return p.printer.Text("cli.no-file", err.Path)
	case errors.Is(err, fs.ErrPermission):
		return p.printer.Text("cli.no-permission", err.Path)
	}
	return p.printer.Text("cli.cannot-read", err.Path, err.Err.Error())
}

// unwritable tells that a file could not be written. It names the file that the user asked for, not the temporary one beside it.
func (p *program) unwritable(file string, err error) error {
	cause := err.Error()
	var refused syscall.Errno
	if errors.As(err, &refused) {
		cause = refused.Error() // without the path
	}
	return said{p.printer.Text("cli.cannot-write", file, cause), err}
}

// unreadableFolder tells why the folder that a user named as a repository could not be read.
func (p *program) unreadableFolder(dir string, err error) error {
	var failed *history.Error
	switch {
	case errors.Is(err, history.ErrNotRepository):
		return said{p.printer.Text("cli.not-repository", dir), err}
	case errors.As(err, &failed):
		g := failed.Gap()
		why := p.printer.Text("gap."+string(g.Kind)+".why", dir, 1)
		if g.Detail != "" {
			why += " (" + g.Detail + ")"
		}
		return said{dir + ": " + why, err}
	}
	return err
}

// flagMistake tells what is wrong with a flag.
func (p *program) flagMistake(err error) string {
	text := p.printer.Text
	var unknown *pflag.NotExistError
	var missing *pflag.ValueRequiredError
	var invalid *pflag.InvalidValueError
	switch {
	case errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() != "":
		return text("cli.unknown-flag", "-"+unknown.GetSpecifiedName()[:1])
	case errors.As(err, &unknown):
		return text("cli.unknown-flag", "--"+unknown.GetSpecifiedName())
	case errors.As(err, &missing):
		return text("cli.flag-needs-value", "--"+missing.GetFlag().Name)
	case errors.As(err, &invalid):
		key := "cli.flag-value"
		switch kind := invalid.GetFlag().Value.Type(); kind {
		case "int", "duration", "bool":
			key += "." + kind
		}
		return text(key, "--"+invalid.GetFlag().Name, invalid.GetValue())
	}
	return text("cli.bad-flag", err.Error())
}
