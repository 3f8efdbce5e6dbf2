package report

import "github.com/mainstay-oss/mainstay/internal/message"

// changesView is what is new since an earlier document.
type changesView struct {
	Sentence string
	Same     bool // nothing has changed
	Rows     []changedView
	More     string
	Lists    []string
	Caveats  []string
}

type changedView struct {
	Direction, Before, Last, Link, Text, Row string
}

// newChanges is nil where there is nothing to compare with.
func newChanges(doc *Document, p message.Printer) *changesView {
	c := doc.Changes
	if c == nil {
		return nil
	}
	rowOf := map[string]string{}
	for i := range doc.Upstreams {
		rowOf[doc.Upstreams[i].ID] = rowHref(i)
	}
	v := &changesView{Sentence: pageText(changesSentence(doc, p)), Same: c.Count() == 0, Caveats: pageTexts(caveatTexts(doc, p))}
	shown := c.Upstreams[:min(len(c.Upstreams), changesDrawn)]
	for _, u := range shown {
		row := changedView{Direction: "other", Link: forgeLink(u.Upstream), Text: pageText(changeText(doc, u, p)), Row: rowOf[u.Upstream]}
		if u.Direction == "worse" || u.Direction == "better" {
			row.Direction = u.Direction
		}
		row.Before, row.Last = splitID(u.Upstream)
		v.Rows = append(v.Rows, row)
	}
	if more := len(c.Upstreams) - len(shown); more > 0 {
		v.More = p.Text("changes.more", more)
	}
	for _, l := range changeLists(c, 8, p) {
		v.Lists = append(v.Lists, pageText(l.text(p)))
	}
	return v
}
