package main

import (
	"cmp"
	"errors"
	"io/fs"

	"github.com/mainstay-oss/mainstay/internal/config"
	"github.com/mainstay-oss/mainstay/internal/gap"
	"github.com/mainstay-oss/mainstay/internal/people"
)

// register reads the file that says who worked for whom when: the one that --affiliations names, else the settings'. Without
// one it is nil, which knows the embedded table of domains. Problems are of parts of the file, or of its lists, that were passed
// over; the error is of the whole file: what cannot be understood may hold somebody who does not want to be named.
func (f *flagSet) register(settings config.Config) (*people.Register, []people.Problem, error) {
	path := cmp.Or(f.affiliations, settings.Path(settings.Affiliations))
	if path == "" {
		return nil, nil, nil
	}
	file, problems, err := people.ReadAffiliations(path)
	if err != nil {
		var unreadable *fs.PathError
		if errors.As(err, &unreadable) {
			return nil, nil, err
		}
		return nil, nil, said{f.printer.Text("cli.bad-affiliations", err.Error()), err}
	}
	return people.NewRegister(file), problems, nil
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
