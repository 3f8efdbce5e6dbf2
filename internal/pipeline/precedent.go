package pipeline

import (
	"math"
	"strings"
	"time"

	"github.com/mainstay-oss/mainstay/internal/forecast/reference"
	"github.com/mainstay-oss/mainstay/internal/report"
	"github.com/mainstay-oss/mainstay/internal/vitals"
)

// precedentRows tells of the past cases that an upstream resembles.
func (p *Pipeline) precedentRows(m *measured) []report.Precedent {
	var rows []report.Precedent
	for i := range m.likened {
		c := &m.likened[i]
		rows = append(rows, report.Precedent{
			Upstream: "github.com/" + strings.ToLower(c.Repo),
			AsOf:     c.AsOf.Format(time.DateOnly),
			Outcome:  c.Outcome,
			Text:     p.precedent(c),
		})
	}
	return rows
}

// soon is how many months before its retirement a project is still said to be so many months before it.
const soon = 36

// precedent puts one case into a sentence.
func (p *Pipeline) precedent(c *reference.Precedent) string {
	text := p.Printer.Text
	on := c.AsOf.Format(time.DateOnly)
	if !c.Retired.IsZero() {
		months := int(math.Round(c.Retired.Sub(c.AsOf).Hours() / 24 / 365 * 12))
		if months <= soon {
			return text("precedent.retired", c.Repo, max(months, 1), on, c.Commits12m, c.TopShare)
		}
		return text("precedent.retired-late", c.Repo, on, c.Commits12m, c.TopShare, months/12)
	}
	said := func(key string, last int) string { return text(key, c.Repo, on, c.Commits12m, c.TopShare, last) }
	years := int(c.Later.Sub(c.AsOf).Hours() / 24 / 365)
	switch {
	case c.Outcome == reference.Continued && c.State == vitals.Active:
		return said("precedent.active", years)
	case c.Outcome == reference.Continued:
		return said("precedent.quiet", years)
	}
	key := "precedent." + c.Outcome
	if c.SecondYear < 0 {
		key += "-uncounted"
	}
	sentence := said(key, c.SecondYear)
	// What has fallen under a fifth may still count as active; only after a stop is that news.
	if c.Outcome == reference.Stop && c.State == vitals.Active && years > 2 {
		sentence += text("precedent.again", years)
	}
	return sentence
}
