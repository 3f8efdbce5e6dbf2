package report

import (
	"strings"

	"github.com/mainstay-oss/mainstay/internal/message"
)

// What every view says of what is new since an earlier document.

// sinceText names what a document is compared with.
func sinceText(doc *Document, p message.Printer) string {
	since := doc.Changes.Since
	key := "changes.since.store"
	switch {
	case since.Source == "file":
		key = "changes.since.file"
	case since.AsOf == doc.AsOf:
		key = "changes.since.same"
	}
	return p.Text(key, brief(since.AsOf))
}

// changesSentence counts the changes, the most serious first.
func changesSentence(doc *Document, p message.Printer) string {
	c := doc.Changes
	if c.Count() == 0 {
		return p.Text("changes.none", sinceText(doc, p))
	}
	counts := map[string]int{}
	for _, u := range c.Upstreams {
		counts[partOf(u)]++
	}
	for _, n := range c.Packages {
		counts["packages."+n.Kind]++
	}
	for _, g := range c.Gaps {
		counts["gaps."+g.Kind]++
	}
	var parts []string
	left := c.Count()
	for _, part := range []string{"ended", "notice", "quiet", "worse", "packages.notice", "new", "packages.updated", "packages.new", "packages.gone",
		"gone", "unknown", "known", "active", "better", "band", "rank", "gaps.new", "gaps.resolved"} {
		if n := counts[part]; n > 0 && len(parts) < partsSaid {
			parts = append(parts, p.Text("changes.part."+part, n))
			left -= n
		}
	}
	all := strings.Join(parts, ", ")
	if left > 0 {
		all = p.Text("page.more", all, left)
	}
	return p.Text("changes.some", sinceText(doc, p), all)
}

// partsSaid is how many counts the sentence has at most.
const partsSaid = 6

// partOf names the count of the sentence to which a change belongs.
func partOf(c UpstreamChange) string {
	switch {
	case c.Kind == "state" && c.Before != nil && *c.Before == "unknown" && c.After != nil && *c.After != "ended":
		return "known"
	case c.Kind == "state" && c.After != nil:
		return *c.After
	case c.Kind == "band" && c.Direction != "":
		return c.Direction
	}
	return c.Kind
}

// changeText says in a few words what has changed with an upstream. A star stands for a doubt, which a caveat explains.
func changeText(doc *Document, c UpstreamChange, p message.Printer) string {
	name := func(prefix string, v *string) string {
		if v == nil {
			return dash
		}
		return stateName(prefix+*v, p)
	}
	text := ""
	switch c.Kind {
	case "state":
		text = p.Text("changes.state", name("state.", c.Before), name("state.", c.After))
	case "band":
		text = p.Text("changes.band", bandName(c.Before, p), bandName(c.After, p))
	case "rank":
		text = p.Text("changes.rank", name("", c.Before), name("", c.After))
	case "notice":
		text = p.Text("changes.notice", name("notice.", c.After))
	case "gone":
		text = p.Text("changes.gone", name("state.", c.Before))
	default:
		stands := name("state.", c.After)
		if u := upstreamOf(doc, c.Upstream); u != nil {
			word, chance := standing(u, p)
			stands = strings.Join(present(word, chance), " ")
		}
		text = p.Text("changes.new", stands)
	}
	if c.Doubt != "" {
		text += " *"
	}
	return text
}

func bandName(band *string, p message.Printer) string {
	if band == nil || *band == "" {
		return dash
	}
	return stateName("band."+*band, p)
}

// A changeList is a line of packages or gaps: what they have in common, and which they are, the first few by name.
type changeList struct {
	key  string
	all  []string
	more int
}

func (l changeList) text(p message.Printer) string {
	names := strings.Join(l.all, ", ")
	if l.more > 0 {
		names = p.Text("page.more", names, l.more)
	}
	return p.Text(l.key, names)
}

// changeLists are the lines on packages and gaps, each of which names at most so many. What a subject names itself comes first.
func changeLists(c *Changes, most int, p message.Printer) []changeList {
	var lists []changeList
	add := func(key string, names []string) {
		if n := min(len(names), most); n > 0 {
			lists = append(lists, changeList{key, names[:n], len(names) - n})
		}
	}
	for _, kind := range []string{"notice", "updated", "new", "gone"} {
		var names []string
		for _, direct := range []bool{true, false} {
			for _, n := range c.Packages {
				if n.Kind == kind && n.Direct == direct {
					names = append(names, packageChangeText(n, p))
				}
			}
		}
		add("changes.packages."+kind, names)
	}
	for _, kind := range []string{"new", "resolved"} {
		var names []string
		for _, g := range c.Gaps {
			if g.Kind == kind {
				about := append(present(clipName(g.What), clipName(g.File)), wordOr(p, "report.gap.", g.Gap))
				names = append(names, about[0])
			}
		}
		add("changes.gaps."+kind, names)
	}
	return lists
}

// packageChangeText names a package with its versions, without what all of its kind have.
func packageChangeText(c PackageChange, p message.Printer) string {
	name, version := splitPURL(c.PURL)
	name = shortPURL(name)
	switch {
	case c.Kind == "notice" && c.After != nil:
		text := strings.Join(present(clipName(name), clipName(version)), " ") + " (" + stateName("notice."+*c.After, p) + ")"
		if c.Doubt != "" {
			text += " *"
		}
		return text
	case c.Kind == "updated" && c.Before != nil && c.After != nil:
		return clipName(name) + " " + clipName(*c.Before) + " → " + clipName(*c.After)
	case version != "":
		return clipName(name) + " " + clipName(version)
	}
	return clipName(name)
}

// caveatTexts say why differences may not be the world's doing.
func caveatTexts(doc *Document, p message.Printer) []string {
	var all []string
	for _, caveat := range doc.Changes.Caveats {
		key := "changes.caveat." + caveat
		switch caveat {
		case "version":
			all = append(all, p.Text(key, brief(doc.Changes.Since.Version), brief(doc.Tool.Version)))
		case "later":
			all = append(all, p.Text(key, brief(doc.Changes.Since.AsOf)))
		default:
			if message.Has(key) {
				all = append(all, p.Text(key))
			}
		}
	}
	return all
}
