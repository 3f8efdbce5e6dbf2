package main

import (
	"os"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/store"
)

// kept is where is kept what outlasts a run: where --store says, else in the user's folder for such things. Without a home, or
// where the user wants none, it is nil.
func (f *flagSet) kept() (*store.Store, error) {
	if f.Lookup("store") == nil || f.store == "none" {
		return nil, nil
	}
	if file, ok := strings.CutPrefix(f.store, "sqlite:"); ok && file != "" {
		return store.Open(file), nil
	}
	dir := f.store
	if dir == "" {
		var err error
		if dir, err = store.DefaultDir(); err != nil {
			return nil, nil
		}
	}
	if info, err := os.Stat(dir); err == nil && !info.IsDir() || strings.Contains(dir, "://") || strings.HasPrefix(dir, "sqlite:") {
		return nil, f.usage(f.printer.Text("cli.bad-store", f.store))
	}
	return store.Open(store.FileIn(dir)), nil
}

// place is --store as it was given: a command that a user is told to try next and that keeps something needs it too.
func (f *flagSet) place() []string {
	if f.store == "" {
		return nil
	}
	return []string{"--store", f.store}
}

// close ends the use of what a line holds open. All that was to be kept is on the disk by then.
func (l *line) close() {
	if l.kept != nil {
		_ = l.kept.Close()
	}
}
