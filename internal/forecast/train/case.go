package main

import (
	"fmt"
	"io"
	"time"

	"github.com/mainstay-oss/mainstay/internal/forecast"
	"github.com/mainstay-oss/mainstay/internal/history"
	"github.com/mainstay-oss/mainstay/internal/vitals"
)

// showCase prints what the embedded model says of one archive on the first day of every quarter at which it was active. A
// project that the model was trained on is judged out-of-fold.
func showCase(dir string, stdout io.Writer) error {
	h, err := history.ReadArchive(dir, "")
	if err != nil {
		return err
	}
	model := forecast.Default().For(h.Upstream)
	if model != forecast.Default() {
		fmt.Fprintln(stdout, "a training project: judged by the regressions that never saw it")
	}
	m := vitals.NewMeter(h)
	fmt.Fprintf(stdout, "%s\nas of        commits  absence  share  stop   80 %% interval     band    collapse  fragility\n", h.Upstream)
	for d := time.Date(2012, 1, 1, 0, 0, 0, 0, time.UTC); !d.After(h.ObservedUntil); d = d.AddDate(0, 3, 0) {
		f, active := forecast.FeaturesAt(m, d.Unix())
		if !active {
			continue
		}
		o := model.Outlook(f)
		fmt.Fprintf(stdout, "%s  %7.0f  %7.0f  %4.0f%%  %.3f  %.3f to %.3f  %-7s  %.3f     %.3f\n", d.Format(time.DateOnly),
			f.Commits12m, f.AbsenceFactor, 100*f.BusiestCommits/f.Commits12m, o.Stop, o.Interval[0], o.Interval[1], o.Band, o.Collapse, o.Fragility)
	}
	return nil
}
