package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/history"
	"github.com/mainstay-oss/mainstay/internal/opening"
	"github.com/mainstay-oss/mainstay/internal/pipeline"
	"github.com/mainstay-oss/mainstay/internal/report"
	"github.com/mainstay-oss/mainstay/internal/upstream"
)

func runInspect(ctx context.Context, p *program, args []string) error {
	f := newFlags(p, "inspect")
	if helped, err := f.parse(p, args); helped || err != nil {
		return err
	}
	if f.NArg() != 1 {
		return f.usage(p.printer.Text("cli.one-repo"))
	}
	repo, err := p.repository(ctx, f, f.Arg(0))
	if err != nil {
		return err
	}
	cases, err := f.cases(p)
	if err != nil {
		return err
	}
	l, err := p.assemble(f, "")
	if err != nil {
		return err
	}
	l.WhatIf = cases
	look := pipeline.Look{Territory: f.lookTerritory}
	if f.dryRun {
		return p.dryRun(ctx, f, l, pipeline.Request{PURLs: repo.purls(), Upstreams: repo.ids()})
	}
	return p.finish(ctx, f, l, func(ctx context.Context) (*report.Document, error) {
		if repo.dir == "" {
			return l.Inspect(ctx, repo.id, repo.url, repo.purl, look)
		}
		h, err := l.finder.At(ctx, repo.dir, repo.id)
		if err != nil {
			return nil, p.unreadableFolder(repo.dir, err)
		}
		return l.InspectHistory(ctx, h, l.finder.RepositoryAt(repo.dir, repo.id), repo.dir, look), nil
	})
}

// cases reads what --what-if supposes.
func (f *flagSet) cases(p *program) ([]opening.Case, error) {
	var cases []opening.Case
	for _, text := range f.whatIf {
		c, err := opening.ParseCase(text)
		if err != nil {
			return nil, f.usage(p.printer.Text("cli.bad-what-if", text))
		}
		cases = append(cases, c)
	}
	return cases, nil
}

// A repository is what a user means by REPO: an upstream, a package, or a folder on this machine.
type repository struct {
	id, url string // host/owner/name and its address
	purl    string
	dir     string
}

func (r repository) purls() []string {
	if r.purl == "" {
		return nil
	}
	return []string{r.purl}
}

func (r repository) ids() []string {
	if r.purl != "" || r.dir != "" {
		return nil
	}
	return []string{r.id}
}

// folderID names the upstream that a folder on this machine holds: by its place in a folder of mirrors,
// <host>/<owner>/<name>.git, by the address that it was cloned from, or else by its own name.
func folderID(ctx context.Context, dir string) string {
	name := strings.TrimSuffix(filepath.Base(dir), ".git")
	owner := filepath.Base(filepath.Dir(dir))
	host := filepath.Base(filepath.Dir(filepath.Dir(dir)))
	if strings.HasSuffix(dir, ".git") && name != "" && strings.Contains(host, ".") {
		if a, err := upstream.ParseGiven("https://" + host + "/" + owner + "/" + name); err == nil {
			return a.ID
		}
	}
	if a, err := upstream.ParseGiven(history.Origin(ctx, dir)); err == nil {
		return a.ID
	}
	return "local/" + owner + "/" + name
}

// repository reads one REPO argument. A folder that exists wins over an id that reads the same.
func (p *program) repository(ctx context.Context, f *flagSet, arg string) (repository, error) {
	if strings.HasPrefix(arg, "pkg:") {
		return repository{purl: arg}, nil
	}
	if info, err := os.Stat(arg); err == nil && info.IsDir() {
		abs, err := filepath.Abs(arg)
		if err != nil {
			return repository{}, err
		}
		return repository{dir: arg, id: folderID(ctx, abs)}, nil
	}
	address := arg
	if !strings.Contains(arg, "://") && !strings.HasPrefix(arg, "git@") {
		address = "https://" + arg
	}
	a, err := upstream.ParseGiven(address)
	if err != nil {
		return repository{}, f.usage(p.printer.Text("cli.bad-repo", arg))
	}
	return repository{id: a.ID, url: a.URL}, nil
}
