package upstream

import (
	"context"
	"encoding/json"
	"regexp"
)

var pubName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// readPubSettings reads the registry that stands for the built-in one, and tokens of others (https://dart.dev/tools/pub/custom-package-repositories).
// Every lockfile names where each package comes from, so that no default is needed.
func readPubSettings(_ context.Context, env environment, _ string) places {
	tokens := map[string]string{}
	var kept struct {
		Hosted []struct{ URL, Token, Env string }
	}
	if json.Unmarshal([]byte(readConfig(below(below(env.configDir(), "dart"), "pub-tokens.json"))), &kept) == nil {
		for _, h := range kept.Hosted {
			if token := either(h.Token, env.get(h.Env)); token != "" {
				tokens[registryBase(h.URL)] = "Bearer " + token
			}
		}
	}
	p := places{replaces: true, login: func(base string) string { return tokens[base] }}
	if one, ok := newPlace(env.get("PUB_HOSTED_URL"), nil); ok {
		one.auth = either(one.auth, tokens[one.base])
		p.own = []place{one}
	}
	return p
}

// askPub plans the question about a package of pub (https://github.com/dart-lang/pub/blob/master/doc/repository-spec-v2.md).
func askPub(_ *Resolver, a asked) (steps, facts []step) {
	if !pubName.MatchString(a.name) {
		return nil, nil
	}
	for _, at := range a.at {
		get := at.request("api/packages/"+a.name, maxManifest)
		get.accept = "application/vnd.pub.v2+json"
		steps = append(steps, step{request: get, goOn: always, read: func(b []byte) (answer, error) { return readPub(b, a.name) }})
	}
	return steps, nil
}

func readPub(b []byte, name string) (answer, error) {
	type version struct {
		Version   string
		Published string
		Retracted bool
		Pubspec   struct {
			Repository, Homepage string
			Issues               string `json:"issue_tracker"`
		}
	}
	var p struct {
		Discontinued bool   `json:"isDiscontinued"`
		Instead      string `json:"replacedBy"`
		Latest       version
		Versions     []version
	}
	if err := json.Unmarshal(b, &p); err != nil {
		return answer{}, err
	}
	said := p.Latest.Pubspec
	found := fromLinks([]link{{"Repository", said.Repository}, {"Homepage", said.Homepage}, {"Issues", said.Issues}}, name, "package registry")
	of := map[string]Facts{}
	for _, v := range p.Versions {
		f := Facts{Released: dayOf(v.Published)}
		if v.Retracted {
			f.Yanked = "retracted"
		}
		of[v.Version] = f
	}
	whole := Facts{Latest: noticeText(p.Latest.Version), LatestReleased: dayOf(p.Latest.Published)}
	if p.Discontinued {
		whole.Deprecated = "discontinued"
		if p.Instead != "" {
			whole.Deprecated = noticeText("discontinued: use " + p.Instead)
		}
	}
	return answer{found: found, facts: func(version string) Facts { return of[version].or(whole) }}, nil
}
