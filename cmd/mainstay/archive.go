package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"time"

	"github.com/mainstay-oss/mainstay/internal/history"
	"github.com/mainstay-oss/mainstay/internal/people"
)

func runArchive(ctx context.Context, p *program, args []string) error {
	f := newFlags(p, "archive")
	if helped, err := f.parse(p, args); helped || err != nil {
		return err
	}
	if f.NArg() == 0 {
		return f.usage(p.printer.Text("cli.some-repo"))
	}
	if f.output == "" {
		return f.usage(p.printer.Text("cli.no-output"))
	}
	settings, err := f.settings(".")
	if err != nil {
		return err
	}
	register, problems, err := f.register(settings)
	if err != nil {
		return err
	}
	for _, problem := range problems { // one may be about somebody who opted out
		fmt.Fprintln(p.stderr, "mainstay: "+problem.String())
	}
	settings.Histories = nil // an archive is written from a repository, not from another archive
	finder := p.finder(f, settings, time.Time{})
	if f.budget > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, f.budget)
		defer cancel()
	}

	// One key for this export, known to nobody afterwards: within it the same person has the same hash.
	key := make([]byte, 32)
	if _, err := rand.Read(key); err != nil {
		return err
	}
	if err := os.MkdirAll(f.output, 0o755); err != nil {
		return p.unwritable(f.output, err)
	}
	options := history.ArchiveOptions{
		Generic:        people.Generic,
		GenericAddress: people.GenericAddress,
		// The domain of an employer is no hint at one person, however few work there.
		Organisation: func(domain string) bool { return len(people.Affiliations(domain)) > 0 },
	}
	failed := 0
	for _, arg := range f.Args() {
		if err := p.archiveOne(ctx, f, finder, arg, key, options, register); err != nil {
			failed++
			fmt.Fprintln(p.stderr, "mainstay: "+p.words(err))
		}
	}
	if failed > 0 {
		return errors.New(p.printer.Text("cli.archive-failed", failed, f.NArg()))
	}
	return nil
}

// archiveOne writes the archive of one repository.
func (p *program) archiveOne(ctx context.Context, f *flagSet, finder *history.Finder, arg string, key []byte, options history.ArchiveOptions, register *people.Register) error {
	repo, err := p.repository(ctx, f, arg)
	if err != nil {
		return err
	}
	h, err := p.readWhole(ctx, finder, repo)
	if err != nil {
		return err
	}
	out := register.OptOuts(h, people.NewIndex(h).At(math.MaxInt64))
	options.OptedOut = func(identity int32) bool { return out[identity] }
	dir := filepath.Join(f.output, history.ArchiveName(h.Upstream))
	if err := history.WriteArchive(dir, h, key, options); err != nil {
		return p.unwritable(dir, err)
	}
	if !f.quiet {
		fmt.Fprintln(p.stderr, p.printer.Text("cli.archived", dir, len(h.Commits)))
	}
	return nil
}

// readWhole reads a repository with its pull heads.
func (p *program) readWhole(ctx context.Context, finder *history.Finder, repo repository) (*history.History, error) {
	if repo.dir != "" {
		h, err := finder.At(ctx, repo.dir, repo.id)
		if err != nil {
			return nil, p.unreadableFolder(repo.dir, err)
		}
		return h, nil
	}
	h, err := finder.Find(ctx, repo.id, repo.url)
	if err != nil || h.PullsKnown {
		return h, err
	}
	with, err := finder.Pulls(ctx, h)
	if err != nil {
		fmt.Fprintln(p.stderr, "mainstay: "+p.printer.Text("cli.archive-no-pulls", h.Upstream, err.Error()))
		return h, nil
	}
	return with, nil
}
