package history

import (
	"context"
	"errors"
	"strconv"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// An Error says why a history could not be had. Every function of this package that gives a history fails with one (found
// with errors.As), so that a caller can report it as a gap.
type Error struct {
	Kind     gap.Kind
	Upstream string // host/owner/name; may be empty where the caller knows it
	Host     string // the host that failed, with HostUnreachable; may be empty
	File     string // the file concerned; may be empty
	Line     int    // 1-based; 0 if not known
	Detail   string // the cause, not translated; may be empty
	Err      error  // the error behind it; may be nil
}

// ErrNotRepository says that a folder holds no git repository.
var ErrNotRepository = errors.New("not a git repository")

// Error gives place, kind and cause on one line.
func (e *Error) Error() string {
	text := string(e.Kind)
	switch {
	case e.Detail != "":
		text += ": " + e.Detail
	case e.Err != nil:
		text += ": " + e.Err.Error()
	}
	switch {
	case e.File != "" && e.Line > 0:
		text = e.File + ":" + strconv.Itoa(e.Line) + ": " + text
	case e.File != "":
		text = e.File + ": " + text
	}
	if e.Upstream != "" {
		text = e.Upstream + ": " + text
	}
	return text
}

// Unwrap gives the error behind e.
func (e *Error) Unwrap() error { return e.Err }

// Gap gives e as a gap. What it concerns is the host if one failed, else the upstream.
func (e *Error) Gap() gap.Gap {
	g := gap.Gap{Stage: gap.History, Kind: e.Kind, File: e.File, Line: e.Line, What: e.Upstream, Detail: e.Detail, Count: 1}
	if e.Kind == gap.HostUnreachable && e.Host != "" {
		g.What = e.Host
	}
	if g.Detail == "" && e.Err != nil {
		g.Detail = e.Err.Error()
	}
	switch e.Kind {
	case gap.OutOfBudget, gap.Offline, gap.Shallow, gap.EmptyRepository:
		g.Detail = "" // it would say the same as the kind
	}
	return g
}

// failure gives err as an *Error about upstream: as it is if it is one already, as OutOfBudget if the context ended, else as
// of the given kind.
func failure(upstream string, kind gap.Kind, err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		if e.Upstream != "" {
			return e
		}
		named := *e
		named.Upstream = upstream
		return &named
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		kind = gap.OutOfBudget
	}
	return &Error{Kind: kind, Upstream: upstream, Err: err}
}
