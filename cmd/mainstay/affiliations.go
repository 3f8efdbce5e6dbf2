package main

import (
	"fmt"

	"github.com/mainstay-oss/mainstay/internal/config"
	"github.com/mainstay-oss/mainstay/internal/gap"
	"github.com/mainstay-oss/mainstay/internal/people"
	"github.com/mainstay-oss/mainstay/internal/pipeline"
	"github.com/mainstay-oss/mainstay/internal/store"
)

// register reads who worked for whom: the file that --affiliations names, else the one of the settings, on top of the embedded
// table. What could not be used of it is told as problems.
func (f *flagSet) register(settings config.Config) (*people.Register, []people.Problem, error) {
	file := f.affiliations
	if file == "" && settings.Affiliations != "" {
		file = settings.Paths([]string{settings.Affiliations})[0]
	}
	if file == "" {
		return people.NewRegister(nil), nil, nil
	}
	read, problems, err := people.ReadAffiliations(file)
	if err != nil {
		return nil, nil, said{f.printer.Text("cli.bad-affiliations", err.Error()), fmt.Errorf("affiliations: %w", err)}
	}
	return people.NewRegister(read), problems, nil
}

// noted gives the problems of the user's files as gaps.
func noted(problems []people.Problem) []gap.Gap {
	var gaps []gap.Gap
	for _, bad := range problems {
		detail := bad.What
		if bad.Remedy != "" {
			detail += "; " + bad.Remedy
		}
		gaps = append(gaps, gap.Gap{Stage: gap.People, Kind: gap.BadEntry, File: bad.File, Line: bad.Line, Detail: detail, Count: 1})
	}
	return gaps
}

// kept is where reach is kept from run to run: --store, else the user's folder for such things. Without a home there is none.
func (f *flagSet) kept() (pipeline.ReachStore, error) {
	if f.command != "footprint" && f.command != "plan" {
		return nil, nil
	}
	dir := f.store
	if dir == "" {
		var err error
		if dir, err = store.DefaultDir(); err != nil {
			return nil, nil
		}
	}
	return store.Open(dir)
}
