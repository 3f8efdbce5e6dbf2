package upstream

import (
	"context"
	"encoding/json"
	"regexp"
	"strings"
)

var (
	hexName    = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	hexAddress = regexp.MustCompile(`https?://[^\s"]+`)
)

// readHexSettings reads where the interface of the user's Hex lies (https://hexdocs.pm/hex/Mix.Tasks.Hex.Config.html).
func readHexSettings(ctx context.Context, env environment, _ string) places {
	var p places
	if one, ok := newPlace(env.get("HEX_API_URL"), nil); ok {
		p.own = append(p.own, one)
	}
	p.fallback = func() []place {
		if env.run == nil {
			return nil
		}
		out, err := env.run(ctx, "mix", "hex.config", "api_url")
		if one, ok := newPlace(hexAddress.FindString(out), nil); err == nil && ok {
			return []place{one}
		}
		return nil
	}
	return p
}

// askHex plans the questions about a package of Hex (https://github.com/hexpm/specifications/blob/main/http_api.md). Those of an
// organisation have names that are its own.
func askHex(_ *Resolver, a asked) (steps, facts []step) {
	if !hexName.MatchString(a.purl.Name) || a.purl.Namespace != "" {
		return nil, nil
	}
	for _, at := range a.at {
		steps = append(steps, step{request: at.request("packages/"+a.purl.Name, maxManifest), goOn: always, read: func(b []byte) (answer, error) { return readHex(b, a.purl.Name) }})
		facts = append(facts, step{request: at.request("packages/"+a.purl.Name+"/owners", maxManifest), goOn: always, read: readHexOwners})
	}
	return steps, facts
}

func readHex(b []byte, name string) (answer, error) {
	type retirement struct{ Reason, Message string }
	var p struct {
		Meta     struct{ Links map[string]string }
		Stable   string `json:"latest_stable_version"`
		Releases []struct {
			Version    string
			Inserted   string      `json:"inserted_at"`
			Retirement *retirement `json:"retirement"`
		}
		Retirements map[string]retirement
	}
	if err := json.Unmarshal(b, &p); err != nil {
		return answer{}, err
	}
	var links []link
	for label, address := range p.Meta.Links {
		links = append(links, link{label, address})
	}
	of := map[string]Facts{}
	for _, r := range p.Releases {
		f := Facts{Released: dayOf(r.Inserted)}
		taken, is := p.Retirements[r.Version]
		if r.Retirement != nil {
			taken, is = *r.Retirement, true
		}
		if is {
			f.Yanked = either(noticeText(strings.TrimSuffix("retired, "+taken.Reason+": "+taken.Message, ": ")), yankedWord)
		}
		of[r.Version] = f
	}
	whole := Facts{Latest: noticeText(p.Stable), LatestReleased: of[p.Stable].Released}
	return answer{found: fromLinks(links, name, "package registry"), facts: func(version string) Facts { return of[version].or(whole) }}, nil
}

func readHexOwners(b []byte) (answer, error) {
	var owners []struct{ Username string }
	if err := json.Unmarshal(b, &owners); err != nil {
		return answer{}, err
	}
	n := len(owners)
	return answer{facts: func(string) Facts { return Facts{Publishers: &n} }}, nil
}
