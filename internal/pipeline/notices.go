package pipeline

import (
	"slices"
	"time"

	"github.com/mainstay-oss/mainstay/internal/history"
	"github.com/mainstay-oss/mainstay/internal/report"
	"github.com/mainstay-oss/mainstay/internal/upstream"
	"github.com/mainstay-oss/mainstay/internal/vitals"
)

// listed gives the notices of an upstream by the lists alone: the user's and the program's.
func (p *Pipeline) listed(id string) []upstream.Notice {
	if p.Notices == nil {
		return upstream.Published().Of(id)
	}
	return p.Notices.Of(id)
}

// listedOfPackage gives the notices of a package in one version by the user's lists.
func (p *Pipeline) listedOfPackage(purl string) []upstream.Notice { return p.Notices.OfPackage(purl) }

// said gives what an upstream's README says, if its history holds that.
func said(h *history.History) []upstream.Notice {
	s := h.Statement
	if s == nil {
		return nil
	}
	return []upstream.Notice{{Kind: s.Kind, Date: time.Unix(s.Date, 0).UTC().Format(time.DateOnly), Source: s.File, Text: s.Text}}
}

// notices gives all that is published about a target, the earliest first, dated after the pipeline's date too.
func (p *Pipeline) notices(t *target) []upstream.Notice {
	all := slices.Concat(p.listed(t.id), t.registry)
	if t.measured != nil {
		all = append(all, t.measured.said...)
	}
	return upstream.InOrder(all)
}

// published picks the notices dated at or before a day.
func published(notices []upstream.Notice, at time.Time) []upstream.Notice {
	day := at.Format(time.DateOnly)
	return slices.DeleteFunc(slices.Clone(notices), func(n upstream.Notice) bool { return n.Date > day })
}

// end gives the earliest published end at or before a day. A notice holds whenever a history was last observed.
func end(notices []upstream.Notice, at time.Time) (upstream.Notice, bool) {
	known := published(notices, at)
	if i := slices.IndexFunc(known, upstream.Notice.Ends); i >= 0 {
		return known[i], true
	}
	return upstream.Notice{}, false
}

// end gives the published end of a target as of the pipeline's date.
func (p *Pipeline) end(t *target) (upstream.Notice, bool) { return end(p.notices(t), p.AsOf) }

// noticeRows lists the notices of a target up to the pipeline's date.
func (p *Pipeline) noticeRows(t *target) (rows []report.Notice) {
	for _, n := range published(p.notices(t), p.AsOf) {
		row := report.Notice{Kind: n.Kind, Date: n.Date, Source: p.noticeSource(n.Source), Text: n.Text}
		if row.Text == "" {
			row.Text = p.noticeKind(n.Kind)
		}
		rows = append(rows, row)
	}
	return rows
}

// settle makes the measures of a target heed what registries say of it, which measuring its history could not know.
func (p *Pipeline) settle(t *target) {
	m := t.measured
	if m == nil || m.state == vitals.Ended {
		return
	}
	if _, ended := p.end(t); ended {
		m.state, m.quiet = vitals.Ended, ""
		m.features, m.outlook = nil, nil
	}
}
