package upstream

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// A link is a labelled address of a project.
type link struct{ label, address string }

// sourceLabels are the labels of repositories (https://packaging.python.org/en/latest/specifications/well-known-project-urls), and
// those that projects write besides, as they are compared: lower case letters alone.
var sourceLabels = []string{"source", "repository", "sourcecode", "github", "code", "repo", "sources", "gitlab", "git", "githubrepository", "githubrepo", "scm", "vcs"}

// homeLabels are labels of pages that are often the repository, in the order in which they are believed.
var homeLabels = []string{"homepage", "home", "issues", "bugs", "issue", "tracker", "issuetracker", "bugtracker", "download", "documentation", "docs", "changelog", "changes"}

var letters = regexp.MustCompile(`[^a-z]+`)

// fromLinks finds repositories among the links of a project. Of pages that are not said to be the repository only the most
// believed on a forge counts: a project's links often lead to its owners' other repositories.
func fromLinks(links []link, name, where string) (all []candidate) {
	label := func(l link) string { return letters.ReplaceAllString(strings.ToLower(l.label), "") }
	slices.SortFunc(links, func(a, b link) int {
		return cmp.Or(cmp.Compare(placeIn(sourceLabels, label(a)), placeIn(sourceLabels, label(b))),
			cmp.Compare(placeIn(homeLabels, label(a)), placeIn(homeLabels, label(b))), cmp.Compare(a.label, b.label), cmp.Compare(a.address, b.address))
	})
	for _, l := range links {
		if slices.Contains(sourceLabels, label(l)) {
			if c, ok := found(l.address, "", Repository, l.label+" link of "+name+" in the "+where); ok {
				all = append(all, c)
				break
			}
		}
	}
	for _, l := range links {
		if len(all) > 0 && label(l) != "homepage" && label(l) != "home" {
			continue // where a repository is named, what else lies on a forge says nothing
		}
		c, ok := found(l.address, "", Website, l.label+" link of "+name+" in the "+where)
		if host, _, _ := strings.Cut(c.ID, "/"); ok && forges[host].owned && slices.Contains(homeLabels, label(l)) {
			if label(l) != "homepage" && label(l) != "home" {
				c.Folder = ""
			}
			all = append(all, c)
			break
		}
	}
	return all
}

// placeIn gives the place of a word in a list, and one after its end for a word that is not in it.
func placeIn(list []string, word string) int {
	if i := slices.Index(list, word); i >= 0 {
		return i
	}
	return len(list)
}
