package main

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/mattn/go-runewidth"

	"github.com/mainstay-oss/mainstay/internal/pipeline"
)

// A progressLine shows on one line of a terminal how far the run has come. It draws at most ten times a second.
type progressLine struct {
	mu    sync.Mutex
	w     io.Writer
	text  func(key string, args ...any) string
	now   func() time.Time
	drawn time.Time
	shown bool
}

// progress gives what draws the progress, or nil where nobody watches.
func (p *program) progress(f *flagSet) *progressLine {
	if f.quiet || !isTerminal(p.stderr) {
		return nil
	}
	return &progressLine{w: p.stderr, text: p.printer.Text, now: time.Now}
}

func (l *progressLine) show(s pipeline.Step) {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if l.shown && now.Sub(l.drawn) < 100*time.Millisecond {
		return
	}
	l.drawn, l.shown = now, true
	line := l.text("cli.progress." + s.Stage)
	if s.Total > 0 {
		const cells = 20
		full := cells * s.Done / s.Total
		line = fmt.Sprintf("%s%s %d/%d  %s", strings.Repeat("█", full), strings.Repeat("░", cells-full), s.Done, s.Total, line)
	}
	if s.What != "" {
		line += "  " + s.What
	}
	fmt.Fprint(l.w, "\r\x1b[K"+runewidth.Truncate(line, 79, "…"))
}

// done clears the line.
func (l *progressLine) done() {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.shown {
		fmt.Fprint(l.w, "\r\x1b[K")
	}
}
