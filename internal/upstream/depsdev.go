package upstream

import (
	"encoding/json"
	"net/url"
	"strings"
)

// depsDev is the address of deps.dev, a public index of packages of many kinds with the repositories behind them
// (https://docs.deps.dev/api/v3). It is asked last, and hears only of packages that come from a client's built-in registry:
// what the user's settings or the scanned file take from a registry of their own may have a name that is nobody's business.
const depsDev = "https://api.deps.dev/v3"

// askDepsDev plans the questions about a package of a system, as deps.dev calls registries: the version in use, or the one that
// it takes for the usual where none is fixed.
func (r *Resolver) askDepsDev(system string, a asked) []step {
	if system == "" || len(a.name) > 512 {
		return nil
	}
	at := depsDev + "/systems/" + system + "/packages/" + url.PathEscape(a.name)
	version := func(v string) step {
		return step{request: request{url: at + "/versions/" + url.PathEscape(v), limit: maxManifest}, read: func(b []byte) (answer, error) { return readDepsDev(b, a.name) }, goOn: always, anyway: true}
	}
	if a.Version != "" {
		return []step{version(a.Version)}
	}
	return []step{{request: request{url: at, limit: maxManifest}, goOn: always, anyway: true, follow: 1, read: func(b []byte) (answer, error) {
		var p struct {
			Versions []struct {
				Key     struct{ Version string } `json:"versionKey"`
				Default bool                     `json:"isDefault"`
			}
		}
		err := json.Unmarshal(b, &p)
		for _, v := range p.Versions {
			if v.Default && v.Key.Version != "" {
				return answer{then: []step{version(v.Key.Version)}}, nil
			}
		}
		return answer{}, err
	}}}
}

// readDepsDev reads what deps.dev knows of a version. How it knows a repository tells how sure it is: a signed statement of the
// build, the origin that a proxy recorded, or what the package says of itself.
func readDepsDev(b []byte, name string) (answer, error) {
	var v struct {
		Key        struct{ Version string } `json:"versionKey"`
		Published  string                   `json:"publishedAt"`
		Deprecated bool                     `json:"isDeprecated"`
		Reason     string                   `json:"deprecatedReason"`
		Links      []struct{ Label, URL string }
		Projects   []struct {
			Key        struct{ ID string } `json:"projectKey"`
			Provenance string              `json:"relationProvenance"`
			Type       string              `json:"relationType"`
		} `json:"relatedProjects"`
	}
	if err := json.Unmarshal(b, &v); err != nil {
		return answer{}, err
	}
	var a answer
	add := func(address string, m Method, evidence string) {
		c, ok := found(address, "", m, evidence+" of "+name+" at deps.dev")
		if host, _, _ := strings.Cut(c.ID, "/"); ok && (m != Website || forges[host].owned) {
			a.found = append(a.found, c)
		}
	}
	for _, p := range v.Projects {
		if p.Type != "SOURCE_REPO" {
			continue
		}
		switch p.Provenance {
		case "SLSA_ATTESTATION", "PYPI_PUBLISH_ATTESTATION", "RUBYGEMS_PUBLISH_ATTESTATION":
			add("https://"+p.Key.ID, Attestation, "attestation")
		case "GO_ORIGIN":
			add("https://"+p.Key.ID, ProxyOrigin, "origin")
		}
	}
	for _, l := range v.Links {
		switch l.Label {
		case "SOURCE_REPO":
			add(l.URL, DepsDev, "source link")
		case "HOMEPAGE", "ISSUE_TRACKER":
			add(l.URL, Website, "homepage or tracker")
		}
	}
	facts := Facts{Released: dayOf(v.Published)}
	if v.Deprecated {
		facts.Deprecated = either(noticeText(v.Reason), deprecatedWord)
	}
	a.facts = func(version string) Facts {
		if version == "" || version == v.Key.Version {
			return facts
		}
		return Facts{}
	}
	return a, nil
}
