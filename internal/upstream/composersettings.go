package upstream

import (
	"context"
	"encoding/json"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// composerLine matches the address of the built-in repository in what Composer says of its configuration.
var composerLine = regexp.MustCompile(`\[repositories\.packagist[^\]]*\.url\] (\S+)`)

// readComposerSettings reads the repositories of the user's config.json, which come before the built-in one, and logins of
// auth.json (https://getcomposer.org/doc/06-config.md, https://getcomposer.org/doc/articles/authentication-for-private-packages.md).
// A project's own are in its composer.json, and belong to the scanned.
func readComposerSettings(ctx context.Context, env environment, _ string) places {
	home := composerHome(env)
	logins := map[string]string{}
	var auth struct {
		Basic  map[string]struct{ Username, Password string } `json:"http-basic"`
		Bearer map[string]string                              `json:"bearer"`
	}
	for _, text := range []string{readConfig(below(home, "auth.json")), env.get("COMPOSER_AUTH")} {
		if json.Unmarshal([]byte(text), &auth) != nil {
			continue // a broken file sets nothing
		}
		for host, l := range auth.Basic {
			logins[host] = basic(l.Username, l.Password)
		}
		for host, token := range auth.Bearer {
			logins[host] = "Bearer " + token
		}
	}
	var config struct{ Repositories json.RawMessage }
	_ = json.Unmarshal([]byte(readConfig(below(home, "config.json"))), &config)
	p := places{besides: true}
	for _, r := range composerRepositories(config.Repositories) {
		if one, ok := newPlace(r.URL, logins); ok && r.Type == "composer" {
			p.own = append(p.own, one)
		} else if r.off {
			p.besides = false
		}
	}
	p.own = distinct(p.own)
	p.login = func(base string) string { return logins[hostOf(base)] }
	if !p.besides {
		return p
	}
	p.fallback = func() []place {
		if env.run == nil {
			return nil
		}
		out, err := env.run(ctx, "composer", "config", "--global", "--list", "--no-interaction", "--no-plugins")
		if m := composerLine.FindStringSubmatch(out); err == nil && m != nil {
			if one, ok := newPlace(strings.Replace(m[1], "https?:", "https:", 1), nil); ok {
				return []place{one}
			}
		}
		return nil
	}
	return p
}

func composerHome(env environment) string {
	if dir := env.get("COMPOSER_HOME"); dir != "" {
		return dir
	}
	for _, dir := range []string{below(env.configDir(), "composer"), below(env.home(), ".composer")} {
		if dir != "" && (readConfig(filepath.Join(dir, "config.json")) != "" || readConfig(filepath.Join(dir, "auth.json")) != "") {
			return dir
		}
	}
	return ""
}

type composerRepository struct {
	Type, URL string
	off       bool // switches the built-in repository off
}

// composerRepositories reads a list, or an object by name, of repositories; {"NAME": false} switches one off.
func composerRepositories(raw json.RawMessage) (all []composerRepository) {
	var list []json.RawMessage
	var named map[string]json.RawMessage
	if json.Unmarshal(raw, &named) == nil {
		names := make([]string, 0, len(named))
		for name := range named {
			names = append(names, name)
		}
		slices.Sort(names)
		for _, name := range names {
			if string(named[name]) == "false" {
				all = append(all, composerRepository{off: strings.HasPrefix(name, "packagist")})
				continue
			}
			list = append(list, named[name])
		}
	} else if json.Unmarshal(raw, &list) != nil {
		return nil
	}
	for _, one := range list {
		var r composerRepository
		var off map[string]json.RawMessage
		if json.Unmarshal(one, &off) == nil && len(off) == 1 {
			for name, value := range off {
				r.off = string(value) == "false" && strings.HasPrefix(name, "packagist")
			}
		}
		if json.Unmarshal(one, &r) == nil {
			all = append(all, r)
		}
	}
	return all
}
