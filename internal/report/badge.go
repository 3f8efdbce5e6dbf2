package report

import (
	"bytes"
	"encoding/xml"
	"fmt"

	"github.com/mainstay-oss/mainstay/internal/message"
)

// A badge is a small picture for a README: what it is about to the left, the answer to the right.
type badge struct {
	label, value string
	tone         string
	title        string // all of it in words
}

// Shape of a badge, in pixels.
const (
	badgeHeight = 20
	badgeFont   = 11
	badgeRunes  = 40 // longest text of either side
)

// badgeTones are the grounds to the right; white text has a contrast of 4.5 or more on each.
var badgeTones = map[string]string{
	"calm": "#3f7a4f", "watch": "#8a6a00", "high": "#b3530d", "severe": "#ab1f2c", "ended": "#20262c", "quiet": "#5f6b73", "unsure": "#75629c", "unknown": "#5f6b73",
	"share": "#0d5373",
}

// writeBadge writes a picture of one line. It loads nothing, has no script, and no ids, so that it can stand inside a page.
func writeBadge(b *bytes.Buffer, doc *Document, opts Options) error {
	g := newBadge(doc, opts.Printer)
	g.label, g.value = clip(g.label, badgeRunes), clip(g.value, badgeRunes)
	left, right := badgeWidth(g.label), badgeWidth(g.value)
	text := func(x, w int, s string) {
		if s == "" {
			return
		}
		// The length is fixed, so that the text fits its ground in every font.
		fmt.Fprintf(b, `<text x="%d" y="14" textLength="%d" lengthAdjust="spacingAndGlyphs">%s</text>`, x+badgePad, w-2*badgePad, escaped(s))
	}
	fmt.Fprintf(b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" role="img" aria-label="%s"><title>%s</title>`,
		left+right, badgeHeight, escaped(g.label+": "+g.value), escaped(pageText(g.title)))
	fmt.Fprintf(b, `<path fill="#555" d="M3 0h%dv%dH3a3 3 0 0 1-3-3V3a3 3 0 0 1 3-3z"/>`, left-3, badgeHeight)
	fmt.Fprintf(b, `<path fill="%s" d="M%d 0h%da3 3 0 0 1 3 3v%da3 3 0 0 1-3 3h-%dz"/>`, badgeTones[g.tone], left, right-3, badgeHeight-6, right-3)
	fmt.Fprintf(b, `<g fill="#fff" font-family="Verdana,DejaVu Sans,Noto Sans KR,Noto Sans CJK KR,Malgun Gothic,sans-serif" font-size="%d">`, badgeFont)
	text(0, left, g.label)
	text(left, right, g.value)
	b.WriteString("</g></svg>\n")
	return nil
}

// newBadge chooses what a document's badge says.
func newBadge(doc *Document, p message.Printer) badge {
	asOf := brief(doc.AsOf)
	switch {
	case doc.Command == "footprint":
		return footprintBadge(doc, p)
	case doc.Command == "inspect" && len(doc.Upstreams) > 0:
		u := &doc.Upstreams[0]
		word, _ := standing(u, p)
		if unborn(u) {
			word = p.Text("report.not_begun")
		}
		return badge{p.Text("badge.inspect"), word, toneOf(u), p.Text("badge.inspect.title", clipName(u.ID), word, asOf)}
	}
	n := doc.Summary.Upstreams
	return badge{p.Text("badge.scan"), p.Text("footprint.covers", n), "share", p.Text("badge.scan.title", n, asOf)}
}

// footprintBadge gives the first organisation's share of the commits of 365 days in all upstreams.
func footprintBadge(doc *Document, p message.Printer) badge {
	g := badge{label: p.Text("badge.footprint"), value: p.Text("footprint.unknown"), tone: "unknown"}
	f := footprintOf(doc)
	if len(f.Organisations) == 0 {
		g.title = p.Text("footprint.organisations.none")
		return g
	}
	o := &f.Organisations[0]
	share := shareRange(o.InAll.Last12m.Share, p)
	if share == dash {
		share = p.Text("footprint.unknown")
	} else {
		g.tone = "share"
	}
	n, _ := covered(doc)
	g.value = clip(o.Name, badgeRunes-len(share)-2) + " " + share
	g.title = p.Text("badge.footprint.title", clipName(o.Name), share, n, brief(doc.AsOf))
	return g
}

// badgePad is the room on either side of a text.
const badgePad = 6

// badgeWidth estimates how wide a ground must be for its text: Verdana's letters are somewhat wider than those of the page,
// Hangul takes a full em.
func badgeWidth(s string) int {
	const verdana = 1.08
	w := 0.0
	for _, r := range s {
		if cells.RuneWidth(r) == 2 {
			w += 1
		} else {
			w += runeWidth(r) * verdana
		}
	}
	return int(w*badgeFont+0.5) + 2*badgePad
}

// escaped makes a text safe in an attribute and between tags.
func escaped(s string) string {
	var b bytes.Buffer
	xml.EscapeText(&b, []byte(s)) // a buffer never fails
	return b.String()
}
