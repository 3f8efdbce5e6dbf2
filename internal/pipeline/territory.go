package pipeline

import (
	"context"
	"errors"
	"time"

	"github.com/mainstay-oss/mainstay/internal/gap"
	"github.com/mainstay-oss/mainstay/internal/history"
	"github.com/mainstay-oss/mainstay/internal/report"
	"github.com/mainstay-oss/mainstay/internal/territory"
	"github.com/mainstay-oss/mainstay/internal/vitals"
)

// A survey is the territory of an upstream, with the names of its successors where they may be shown.
type survey struct {
	*territory.Territory
	names map[int32]string // by identity
}

// territory measures which parts of the code somebody at work knows.
func (p *Pipeline) territory(ctx context.Context, m *measured, meter *vitals.Meter, repo repository) []gap.Gap {
	h := meter.History()
	r, err := repo()
	if err != nil {
		return []gap.Gap{noFiles(h.Upstream, err)}
	}
	persons := meter.Persons(m.asOf.Unix())
	found, err := territory.Measure(ctx, r, h, persons, m.asOf)
	if err != nil {
		return []gap.Gap{noFiles(h.Upstream, err)}
	}
	m.survey = &survey{Territory: found}
	if p.Names && !h.Hashed {
		m.survey.names = map[int32]string{}
		for _, f := range found.Folders {
			for _, s := range f.Successors {
				if _, known := m.survey.names[s.Identity]; !known {
					m.survey.names[s.Identity] = p.nameOf(h, s.Identity, persons)
				}
			}
		}
	}
	return nil
}

// noFiles tells that the files of an upstream could not be read.
func noFiles(id string, err error) gap.Gap {
	g := gap.Gap{Stage: gap.People, Kind: gap.NoFiles, What: id, Count: 1}
	var known *history.Error
	if errors.As(err, &known) && known.Kind != gap.NoHistory {
		g.Detail = string(known.Kind)
		if known.Detail != "" {
			g.Detail = known.Detail
		}
	}
	return g
}

func (p *Pipeline) territoryRow(m *measured) *report.Territory {
	s := m.survey
	if s == nil {
		return nil
	}
	row := &report.Territory{
		AsOf:       m.asOf.Format(time.DateOnly),
		Files:      s.Files,
		PassedOver: s.PassedOver,
		Authors:    s.Authors,
		Orphaned:   s.Orphaned,
	}
	if n := len(s.TruckFactor); n > 0 {
		row.TruckFactor = &n
	}
	if s.Files > 0 {
		share := float64(s.Orphaned) / float64(s.Files)
		row.OrphanedShare = &share
	}
	for _, f := range s.Folders {
		folder := report.Folder{Path: f.Path, Files: f.Files, Orphaned: f.Orphaned, Knowing: f.Knowing}
		if f.LastChange != 0 {
			folder.LastChange = day(f.LastChange)
		}
		for _, heir := range f.Successors {
			successor := report.Successor{Files: heir.Files, Share: float64(heir.Files) / float64(f.Files), LastChange: day(heir.LastChange)}
			if name := s.names[heir.Identity]; name != "" {
				successor.Name = &name
			}
			folder.Successors = append(folder.Successors, successor)
		}
		row.Folders = append(row.Folders, folder)
	}
	return row
}
