package pipeline

// noticeSources gives the words for who published an end, by the words of the table in package upstream. They leave out the
// kind of notice, which stands beside them.
var noticeSources = map[string]string{
	"announced by Kubernetes":                            "notice.source.announcement",
	"archived by the CNCF (landscape, August 2026)":      "notice.source.cncf",
	"archived on its forge":                              "notice.source.forge",
	"archived on its forge, with a notice in the README": "notice.source.forge-readme",
	"deprecated by its authors":                          "notice.source.authors",
	"marked as unmaintained by its authors":              "notice.source.unmaintained",
	"moved to github.com/kubernetes-retired":             "notice.source.kubernetes",
	"moved to the Apache Attic":                          "notice.source.attic",
	"notice in the README":                               "notice.source.readme",
	"retired from the Apache Incubator":                  "notice.source.incubator",
	"the company behind it closed":                       "notice.source.company",
}

// noticeSource says in the user's language who published an end. A source of others, such as a registry or a list of the
// user's, keeps its own words.
func (p *Pipeline) noticeSource(source string) string {
	if key, ok := noticeSources[source]; ok {
		return p.Printer.Text(key)
	}
	return source
}
