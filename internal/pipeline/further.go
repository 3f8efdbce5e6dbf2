package pipeline

import (
	"context"

	"github.com/mainstay-oss/mainstay/internal/gap"
	"github.com/mainstay-oss/mainstay/internal/history"
	"github.com/mainstay-oss/mainstay/internal/people"
	"github.com/mainstay-oss/mainstay/internal/vitals"
)

// A repository gives the repository behind a history, when it is needed.
type repository func() (*history.Repository, error)

func (p *Pipeline) repositoryOf(ctx context.Context, id string) repository {
	return func() (*history.Repository, error) { return p.Histories.Repository(ctx, id) }
}

// lookFurther measures what a question wants beyond a row of a scan.
func (p *Pipeline) lookFurther(ctx context.Context, m *measured, meter *vitals.Meter, repo repository, packages []string, how wanted) []gap.Gap {
	t := m.asOf.Unix()
	var gaps []gap.Gap
	if how.wayIn {
		w := meter.WayIn(t)
		m.wayIn, m.audience = &w, meter.Audience(t)
	}
	if how.fit != nil {
		m.fit = p.fit(ctx, meter, t, how.fit, packages)
	}
	if how.governance {
		gaps = append(gaps, p.governance(ctx, m, meter.History(), repo)...)
	}
	if how.territory {
		missing := p.territory(ctx, m, meter, repo)
		if how.closer && meter.History().Source == history.Archive {
			missing = nil // nobody asked for the files of an archive, which holds none
		}
		gaps = append(gaps, missing...)
	}
	if how.footprint != nil {
		p.measureFootprint(m, meter, how.footprint)
	}
	if how.drill != nil {
		p.measureDrill(m, meter, how.drill)
	}
	if how.closer {
		m.closer = newCloser(m, meter)
	}
	return gaps
}

// nameOf gives the name behind an author string, and none of who does not want to be named.
func (p *Pipeline) nameOf(h *history.History, identity int32, persons *people.Persons) string {
	who := persons.Of(identity)
	for i := range h.Identities {
		if persons.Of(int32(i)) == who && p.Register.OptedOut(&h.Identities[i]) {
			return ""
		}
	}
	return h.Identities[identity].Name
}

// within gives an organisation with its subsidiaries, nil for none.
func (p *Pipeline) within(organisation string) []string {
	if organisation == "" {
		return nil
	}
	return p.Register.Within(organisation)
}
