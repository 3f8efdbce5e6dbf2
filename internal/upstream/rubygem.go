package upstream

import (
	"encoding/json"
	"net/url"
	"regexp"
)

var gemName = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$`)

// askGem plans the questions about a gem by the interface of RubyGems (https://guides.rubygems.org/rubygems-org-api): what its
// newest version says of itself; for facts, all its versions and who may publish them. Servers that hold gems and the compact
// index alone have no such addresses, and know nothing of repositories.
func askGem(_ *Resolver, a asked) (steps, facts []step) {
	if !gemName.MatchString(a.name) {
		return nil, nil
	}
	name := url.PathEscape(a.name)
	for _, at := range a.at {
		gem := at.request("api/v1/gems/"+name+".json", maxManifest)
		steps = append(steps, step{request: gem, goOn: always, stopEmpty: true, read: func(b []byte) (answer, error) { return readGem(b, a.name) }})
		facts = append(facts, step{request: at.request("api/v1/versions/"+name+".json", maxManifest), goOn: always, read: func(b []byte) (answer, error) { return readGemVersions(b, len(a.at) == 1) }},
			step{request: at.request("api/v1/gems/"+name+"/owners.json", maxManifest), goOn: always, read: readGemOwners})
	}
	return steps, facts
}

// gemAnswer is what a server says of a gem. Its metadata name some links that stand at the top only where the server is
// RubyGems' own.
type gemAnswer struct {
	Version  string
	Created  string `json:"version_created_at"`
	Source   string `json:"source_code_uri"`
	Home     string `json:"homepage_uri"`
	Bugs     string `json:"bug_tracker_uri"`
	Changes  string `json:"changelog_uri"`
	Metadata map[string]any
}

// readGem reads the links of a gem.
func readGem(b []byte, name string) (answer, error) {
	var g gemAnswer
	if err := json.Unmarshal(b, &g); err != nil {
		return answer{}, err
	}
	text := func(top, key string) string {
		below, _ := g.Metadata[key].(string)
		return either(top, below)
	}
	links := []link{{"Source code", text(g.Source, "source_code_uri")}, {"Homepage", text(g.Home, "homepage_uri")},
		{"Bug tracker", text(g.Bugs, "bug_tracker_uri")}, {"Changelog", text(g.Changes, "changelog_uri")}}
	return answer{
		found: fromLinks(links, name, "gem server"),
		facts: func(string) Facts { return Facts{Latest: g.Version, LatestReleased: dayOf(g.Created)} },
	}, nil
}

// readGemVersions reads the versions of a gem, one entry for each platform. One that was yanked is not among them, if they are all:
// of several servers each may have some.
func readGemVersions(b []byte, all bool) (answer, error) {
	var list []struct {
		Number  string
		Created string `json:"created_at"`
	}
	if err := json.Unmarshal(b, &list); err != nil {
		return answer{}, err
	}
	released := make(map[string]string, len(list))
	for _, v := range list {
		day := dayOf(v.Created)
		if old, known := released[v.Number]; !known || day != "" && day < old {
			released[v.Number] = day
		}
	}
	return answer{facts: func(version string) Facts {
		day, there := released[version]
		f := Facts{Released: day}
		if !there && all && version != "" && len(released) > 0 {
			f.Yanked = yankedWord
		}
		return f
	}}, nil
}

func readGemOwners(b []byte) (answer, error) {
	var list []struct{}
	if err := json.Unmarshal(b, &list); err != nil || len(list) == 0 {
		return answer{}, err
	}
	n := len(list)
	return answer{facts: func(string) Facts { return Facts{Publishers: &n} }}, nil
}
