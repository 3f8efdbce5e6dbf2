package report

// first is how many upstreams the table, Markdown and the page show: the ten to look at first.
const first = 10

// manyEnded is how many of the ten may have ended before the ended get a list of their own.
const manyEnded = 3

// A firstLook is what a reader is shown first. Ranks are those of the document.
type firstLook struct {
	rows  []*Upstream // to look at first
	ended []*Upstream // in a list of their own; empty where they stand among the rows
}

// newFirstLook chooses the ten of highest attention. Where more than three of these have ended, of which one can only say
// that they need a replacement or a fork, all ended go into a list of their own and living ones fill the ten.
func newFirstLook(doc *Document) firstLook {
	var all, living, ended []*Upstream
	for i := range doc.Upstreams {
		u := &doc.Upstreams[i]
		switch {
		case u.Attention == nil:
			continue
		case u.State == "ended":
			ended = append(ended, u)
		default:
			living = append(living, u)
		}
		all = append(all, u)
	}
	many := 0
	for _, u := range all[:min(len(all), first)] {
		if u.State == "ended" {
			many++
		}
	}
	if many <= manyEnded {
		return firstLook{rows: all[:min(len(all), first)]}
	}
	return firstLook{rows: living[:min(len(living), first)], ended: ended}
}

// shownEnded are as many of the ended as a view without scrolling lists.
func (f firstLook) shownEnded() []*Upstream { return f.ended[:min(len(f.ended), first)] }
