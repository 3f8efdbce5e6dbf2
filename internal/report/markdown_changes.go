package report

import "github.com/mainstay-oss/mainstay/internal/message"

// markdownChanges writes what is new since an earlier document.
func markdownChanges(line func(...string), doc *Document, p message.Printer) {
	c := doc.Changes
	if c == nil {
		return
	}
	line()
	if c.Count() == 0 {
		line(mdText(changesSentence(doc, p)))
		return
	}
	line("### ", p.Text("changes.title"))
	line()
	line(mdText(changesSentence(doc, p)))
	lists := changeLists(c, 8, p)
	if len(c.Upstreams)+len(lists) > 0 {
		line()
	}
	shown := c.Upstreams[:min(len(c.Upstreams), changesDrawn)]
	for _, u := range shown {
		line("- ", mdCode(u.Upstream), ": ", mdText(changeText(doc, u, p)))
	}
	if more := len(c.Upstreams) - len(shown); more > 0 {
		line("- ", mdText(p.Text("changes.more", more)))
	}
	for _, l := range lists {
		line("- ", mdText(l.text(p)))
	}
	for _, caveat := range caveatTexts(doc, p) {
		line()
		line(mdText(caveat))
	}
}

// changesDrawn is how many changed upstreams a page or a comment names.
const changesDrawn = 12
