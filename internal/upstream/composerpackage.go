package upstream

import (
	"encoding/json"
	"net/url"
	"regexp"
	"strings"
)

var composerName = regexp.MustCompile(`^[a-z0-9]([_.-]?[a-z0-9]+)*/[a-z0-9](([_.]|-{1,2})?[a-z0-9]+)*$`)

// askComposer plans the questions about a package of Composer: where a repository keeps what it knows of packages stands in its
// packages.json (https://getcomposer.org/doc/05-repositories.md#composer).
func askComposer(_ *Resolver, a asked) (steps, facts []step) {
	name := strings.ToLower(a.name)
	if !composerName.MatchString(name) {
		return nil, nil
	}
	for _, at := range a.at {
		root := at.request("packages.json", maxManifest)
		root.shared = true
		steps = append(steps, step{request: root, goOn: always, follow: 1, read: func(b []byte) (answer, error) {
			address, err := composerMetadata(b, root.url, name)
			if address == "" || err != nil {
				return answer{}, err
			}
			get := at.elsewhere(address, maxManifest)
			return answer{then: []step{{request: get, goOn: always, read: func(b []byte) (answer, error) { return readComposer(b, name) }}}}, nil
		}})
	}
	return steps, nil
}

// composerMetadata gives the address of what a repository knows of a package; the login goes to no other host.
func composerMetadata(b []byte, root, name string) (string, error) {
	var p struct {
		Address string `json:"metadata-url"`
	}
	if err := json.Unmarshal(b, &p); err != nil {
		return "", err
	}
	here, err := url.Parse(root)
	if err != nil || !strings.Contains(p.Address, "%package%") {
		return "", nil // a repository of Composer 1, or a file that holds all
	}
	u, err := here.Parse(strings.ReplaceAll(p.Address, "%package%", name))
	if err != nil || u.Scheme != "https" && u.Scheme != here.Scheme || u.User != nil || u.Host == "" {
		return "", errNoPlace
	}
	return u.String(), nil
}

// composerVersion is a version; in the minified form what it does not say is as in the version before it.
type composerVersion struct {
	Version   *string         `json:"version"`
	Time      *string         `json:"time"`
	Homepage  *string         `json:"homepage"`
	Abandoned json.RawMessage `json:"abandoned"`
	Source    json.RawMessage `json:"source"`
	Support   json.RawMessage `json:"support"`
}

// readComposer reads what a repository knows of a package: the newest version tells where it is developed now.
func readComposer(b []byte, name string) (answer, error) {
	var p struct {
		Packages map[string][]composerVersion
	}
	if err := json.Unmarshal(b, &p); err != nil {
		return answer{}, err
	}
	versions := p.Packages[name]
	if len(versions) == 0 {
		return answer{}, nil
	}
	var a answer
	first := versions[0]
	var source struct{ Type, URL string }
	var support struct{ Source string }
	_ = json.Unmarshal(first.Source, &source) // absent, or "__unset"
	_ = json.Unmarshal(first.Support, &support)
	for _, address := range []string{source.URL, support.Source} {
		if c, ok := found(address, "", Repository, "source of "+name+" in the package repository"); ok && (address != source.URL || source.Type == "git") {
			a.found = append(a.found, c)
			break
		}
	}
	if first.Homepage != nil {
		a.found = append(a.found, fromLinks([]link{{"Homepage", *first.Homepage}}, name, "package repository")...)
	}
	of := map[string]Facts{}
	var whole Facts
	var last composerVersion
	for _, v := range versions {
		if v.Version == nil {
			continue
		}
		if v.Time != nil {
			last.Time = v.Time
		}
		f := Facts{}
		if last.Time != nil {
			f.Released = dayOf(*last.Time)
		}
		of[*v.Version] = f
		if whole.Latest == "" && newer(*v.Version, "") {
			whole.Latest, whole.LatestReleased = *v.Version, f.Released
		}
	}
	var instead string
	var is bool
	switch {
	case json.Unmarshal(first.Abandoned, &instead) == nil && instead != "" && instead != "__unset":
		whole.Deprecated = noticeText("abandoned: use " + instead)
	case json.Unmarshal(first.Abandoned, &is) == nil && is:
		whole.Deprecated = "abandoned"
	}
	a.facts = func(version string) Facts { return of[version].or(whole) }
	return a, nil
}
