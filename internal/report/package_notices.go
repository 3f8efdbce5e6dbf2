package report

import (
	"cmp"
	"slices"
	"strings"

	"github.com/package-url/packageurl-go"

	"github.com/mainstay-oss/mainstay/internal/message"
)

// A packageNotice is a package that its registry, or its makers, send users away from.
type packageNotice struct {
	name, ecosystem string
	text            string // what is said, by kind and date, in the user's language
	direct          bool
}

const packageNoticesShown = 5 // in the table; Markdown and the page show more

// packageNotices lists the packages with notices, those that a subject names itself first.
func packageNotices(doc *Document, p message.Printer) (all []packageNotice) {
	for i := range doc.Packages {
		pkg := &doc.Packages[i]
		for _, n := range pkg.Notices {
			one := packageNotice{name: brief(pkg.PURL), direct: pkg.Direct}
			if u, err := packageurl.FromString(pkg.PURL); err == nil {
				one.name, one.ecosystem = brief(strings.TrimSuffix(strings.TrimPrefix(u.Namespace+"/"+u.Name, "/")+" "+u.Version, " ")), u.Type
			}
			kind := brief(n.Kind)
			if message.Has("notice." + n.Kind) {
				kind = p.Text("notice." + n.Kind)
			}
			one.text = strings.Join(present(kind, brief(n.Date)), ", ")
			if n.Text != "" && n.Text != n.Kind {
				one.text += ": " + brief(n.Text)
			}
			all = append(all, one)
		}
	}
	slices.SortStableFunc(all, func(a, b packageNotice) int {
		if a.direct != b.direct {
			if a.direct {
				return -1
			}
			return 1
		}
		return cmp.Compare(a.name, b.name)
	})
	return all
}

// packageNotices writes them, a line each.
func (t *sheet) packageNotices(doc *Document) {
	all := packageNotices(doc, t.p)
	if len(all) == 0 {
		return
	}
	t.heading(t.p.Text("report.section.package_notices"), "")
	for _, n := range all[:min(len(all), packageNoticesShown)] {
		t.bullet(2, "-", strings.Join(present(n.name, bracketed(n.ecosystem)), " ")+": "+n.text)
	}
	if more := len(all) - packageNoticesShown; more > 0 {
		t.text(2, dim, t.p.Text("table.more_package_notices", more), 0)
	}
}

func bracketed(s string) string {
	if s == "" {
		return ""
	}
	return "(" + s + ")"
}

// markdownPackageNotices writes them as a list.
func markdownPackageNotices(line func(...string), doc *Document, p message.Printer) {
	all := packageNotices(doc, p)
	if len(all) == 0 {
		return
	}
	line()
	line("### ", p.Text("report.section.package_notices"))
	line()
	for _, n := range all[:min(len(all), maxGaps)] {
		line("- ", mdCode(n.name), " ", mdText(strings.Join(present(bracketed(n.ecosystem), n.text), " ")))
	}
	if more := len(all) - maxGaps; more > 0 {
		line()
		line(mdText(p.Text("table.more_package_notices", more)))
	}
}

// A packageNoticeView is one on the page.
type packageNoticeView struct{ Name, Ecosystem, Text string }

const packageNoticesOnPage = 200

func newPackageNotices(doc *Document, p message.Printer) (views []packageNoticeView, more int) {
	all := packageNotices(doc, p)
	for _, n := range all[:min(len(all), packageNoticesOnPage)] {
		views = append(views, packageNoticeView{clipName(n.name), clipName(n.ecosystem), pageText(n.text)})
	}
	return views, max(len(all)-packageNoticesOnPage, 0)
}
