package report

import (
	"strings"
	"testing"
)

// TestPageTellsChanges: each change is a row with what the table says of it, and leads to the upstream's row where it has one; that
// nothing has changed is one line without a heading; without anything to compare with there is no section.
func TestPageTellsChanges(t *testing.T) {
	t.Parallel()
	for _, p := range languages {
		doc := changed(p)
		root := parsePage(t, render(t, doc, "html", Options{Printer: p}))
		section := byID(root, "changes")
		if section == nil {
			t.Fatal("no section")
		}
		text := textOf(section)
		for i, c := range doc.Changes.Upstreams {
			_, last := splitID(c.Upstream)
			want := strings.ReplaceAll(changeText(doc, c, p), " %", "\u00a0%")
			if i < changesDrawn && (!strings.Contains(text, last) || !strings.Contains(text, want)) {
				t.Errorf("%s: the page does not say %q of %s", p.Lang, want, c.Upstream)
			}
		}
		for _, a := range elements(section, "a") {
			if target, inside := strings.CutPrefix(attr(a, "href"), "#"); inside && byID(root, target) == nil {
				t.Errorf("%s: a link leads to #%s, which is not there", p.Lang, target)
			}
		}
		for _, caveat := range caveatTexts(doc, p) {
			if !strings.Contains(text, caveat) {
				t.Errorf("%s: the page does not say %q", p.Lang, caveat)
			}
		}
		same := byID(parsePage(t, render(t, unchanged(p), "html", Options{Printer: p})), "changes")
		if same == nil || len(elements(same, "h2")) != 0 || !strings.Contains(textOf(same), changesSentence(unchanged(p), p)) {
			t.Errorf("%s: that nothing has changed is not told in a line", p.Lang)
		}
		if byID(parsePage(t, render(t, scan(p), "html", Options{Printer: p})), "changes") != nil {
			t.Errorf("%s: a section on changes without any comparison", p.Lang)
		}
	}
}

// TestChangesAreBounded: however much has changed, the terminal shows a few lines and says how much more there is.
func TestChangesAreBounded(t *testing.T) {
	t.Parallel()
	for _, p := range languages {
		doc := scan(p)
		many := &Document{AsOf: "2025-06-01", Tool: doc.Tool}
		for i := range 2000 {
			id := "github.com/acme/upstream-" + strings.Repeat("x", i%50) + string(rune('a'+i%26))
			many.Upstreams = append(many.Upstreams, Upstream{ID: id, State: "active"})
			many.Packages = append(many.Packages, Package{PURL: "pkg:npm/" + id + "@1"})
			many.Gaps = append(many.Gaps, Gap{Stage: "history", Kind: "vanished", What: id})
		}
		before := strings.Count(render(t, doc, "table", Options{Printer: p}), "\n")
		doc.Changes = Compare(many, doc, Since{Source: "file"})
		after := strings.Count(render(t, doc, "table", Options{Printer: p}), "\n")
		if after-before > 30 {
			t.Errorf("%s: %d changes take %d lines", p.Lang, doc.Changes.Count(), after-before)
		}
		if len(render(t, doc, "md", Options{Printer: p})) > 60_000 {
			t.Errorf("%s: too long for a comment", p.Lang)
		}
	}
}
