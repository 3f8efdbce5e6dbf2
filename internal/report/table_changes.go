package report

import "strings"

// changesShown is how many changed upstreams a terminal names; the JSON document has all of them.
const changesShown = 7

// changes writes what is new since an earlier document; that nothing is takes one line.
func (t *sheet) changes(doc *Document) {
	c := doc.Changes
	if c == nil {
		return
	}
	if c.Count() == 0 {
		t.text(0, dim, changesSentence(doc, t.p), 0)
		return
	}
	t.heading(t.p.Text("changes.title"), "")
	t.text(2, "", changesSentence(doc, t.p), 0)
	shown := c.Upstreams[:min(len(c.Upstreams), changesShown)]
	longest, texts := 0, make([]string, len(shown))
	textWidth := 0
	for i, u := range shown {
		longest = max(longest, width(brief(u.Upstream)))
		texts[i] = changeText(doc, u, t.p)
		textWidth = max(textWidth, width(texts[i]))
	}
	idWidth := max(min(longest, t.width-2-gutter-textWidth), 12)
	for i, u := range shown {
		style := ""
		switch u.Direction {
		case "worse":
			style = red
		case "better":
			style = green
		}
		t.line("  ", t.style(bold, pad(shorten(brief(u.Upstream), idWidth), idWidth)), strings.Repeat(" ", gutter), t.style(style, texts[i]))
	}
	if more := len(c.Upstreams) - len(shown); more > 0 {
		t.text(2, dim, t.p.Text("changes.more", more), 0)
	}
	for _, l := range changeLists(c, 3, t.p) {
		t.text(2, "", l.text(t.p), 2)
	}
	for _, caveat := range caveatTexts(doc, t.p) {
		t.text(2, dim, caveat, 0)
	}
}
