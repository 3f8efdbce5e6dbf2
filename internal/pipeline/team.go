package pipeline

import (
	"context"
	"slices"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/gap"
	"github.com/mainstay-oss/mainstay/internal/history"
	"github.com/mainstay-oss/mainstay/internal/opening"
	"github.com/mainstay-oss/mainstay/internal/people"
	"github.com/mainstay-oss/mainstay/internal/territory"
	"github.com/mainstay-oss/mainstay/internal/vitals"
)

// A team is what an organisation's engineers have shown in the repositories that the settings name.
type team struct {
	within    []string        // the organisation and its subsidiaries; nil if none was named
	addresses map[string]bool // of the engineers
	changes   map[string]int  // of source files by language, over two years
}

// shownFor is how far back an engineer's work counts: what somebody did long ago they may have forgotten.
const shownFor = 2 * vitals.Year

// newTeam is a team of which nothing is known yet; nil where the settings name no repositories and no organisation is given.
func (p *Pipeline) newTeam(within []string) *team {
	if len(p.Engineers) == 0 && within == nil {
		return nil
	}
	return &team{within: within, addresses: map[string]bool{}, changes: map[string]int{}}
}

// meet looks at the repositories that the settings name. One that cannot be read is a gap, and the others count.
func (p *Pipeline) meet(ctx context.Context, tm *team) (gaps []gap.Gap) {
	for _, id := range p.Engineers {
		h, err := p.Histories.Find(ctx, id, "")
		if err != nil && ctx.Err() != nil { // time is up; what lies at hand still counts
			h, err = p.Histories.Local(context.WithoutCancel(ctx), id)
		}
		if err == nil {
			err = p.shown(ctx, tm, h)
		}
		if err != nil {
			gaps = append(gaps, noFiles(id, err))
		}
	}
	return gaps
}

// shown adds what one repository shows: who worked in it, and in which languages.
func (p *Pipeline) shown(ctx context.Context, tm *team, h *history.History) error {
	t := vitals.AsOf(h, p.AsOf).Unix()
	ours := p.engineers(tm, h, t)
	for i, is := range ours {
		if is && !h.Hashed {
			tm.addresses[h.Identities[i].Email] = true
		}
	}
	repo, err := p.Histories.Repository(ctx, h.Upstream)
	if err != nil {
		return err
	}
	return repo.Changes(ctx, h, p.AsOf, func(c history.Change) error {
		if c.Committed > t-shownFor && c.Committed <= t && c.Author >= 0 && ours[c.Author] {
			if language, ok := territory.Language(c.Path); ok {
				tm.changes[language]++
			}
		}
		return nil
	})
}

// engineers tells by identity who counts as an engineer of the team: who made a human commit in two years and works for the
// organisation or, where none is named, whoever did.
func (p *Pipeline) engineers(tm *team, h *history.History, t int64) []bool {
	ours := make([]bool, len(h.Identities))
	var claims *people.Attribution
	if tm.within != nil {
		claims = p.Register.Attribute(h, people.NewIndex(h).At(t), t)
	}
	for i := range h.Commits {
		c := &h.Commits[i]
		if c.Committed > t {
			break
		}
		if c.Committed <= t-shownFor || !h.Human(c) {
			continue
		}
		if claims == nil || claimed(claims, claims.Commit(i), tm.within) {
			ours[c.Author] = true
		}
	}
	return ours
}

// claimed tells whether a claim is for one of some organisations.
func claimed(a *people.Attribution, c people.Claim, within []string) bool {
	return c.Known() && c.Organisation != people.Nobody && slices.Contains(within, a.Organisations[c.Organisation])
}

// fit tells how far the team's work fits an upstream, nil where that is not known.
func (p *Pipeline) fit(ctx context.Context, meter *vitals.Meter, t int64, tm *team, packages []string) *float64 {
	h := meter.History()
	commits := 0
	var claims *people.Attribution
	if tm.within != nil {
		claims = p.Register.Attribute(h, meter.Persons(t), t)
	}
	for i := range h.Commits {
		c := &h.Commits[i]
		if c.Committed > t {
			break
		}
		if c.Committed <= t-shownFor || !h.Human(c) {
			continue
		}
		if tm.addresses[h.Identities[c.Author].Email] && !h.Hashed || claims != nil && claimed(claims, claims.Commit(i), tm.within) {
			commits++
		}
	}
	shown := opening.Team{Changes: tm.changes, Commits: map[string]int{}}
	if commits > 0 {
		shown.Commits[h.Upstream] = commits
	}
	return shown.Fit(h.Upstream, p.languages(ctx, h.Upstream, packages))
}

// languages counts the source files of an upstream by language, where its files lie at hand; else the ecosystems of its
// packages tell, which is coarse and costs nothing.
func (p *Pipeline) languages(ctx context.Context, id string, packages []string) map[string]int {
	files := map[string]int{}
	if repo, err := p.Histories.Repository(ctx, id); err == nil && repo.Whole() {
		if tree, err := repo.Tree(ctx, p.AsOf); err == nil {
			for _, path := range tree.Files {
				if language, ok := territory.Language(path); ok {
					files[language]++
				}
			}
		}
	}
	if len(files) > 0 {
		return files
	}
	for _, purl := range packages {
		kind, _, _ := strings.Cut(strings.TrimPrefix(purl, "pkg:"), "/")
		for _, language := range ecosystems[kind] {
			files[language]++
		}
	}
	return files
}

// ecosystems tells in which languages the packages of a type of package URL are mostly written.
var ecosystems = map[string][]string{
	"cargo":     {"Rust"},
	"cocoapods": {"Swift", "Objective-C"},
	"composer":  {"PHP"},
	"gem":       {"Ruby"},
	"golang":    {"Go"},
	"hex":       {"Elixir"},
	"maven":     {"Java"},
	"npm":       {"JavaScript", "TypeScript"},
	"nuget":     {"C#"},
	"pub":       {"Dart"},
	"pypi":      {"Python"},
	"swift":     {"Swift"},
}
