package upstream

import (
	"context"
	"encoding/base64"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
)

// npmSettings is what the user's npm configuration says about registries.
type npmSettings struct {
	registry string            // of the user's own settings, base address without a slash at its end; empty if none is set
	scopes   map[string]string // "@scope" → registry
	logins   []npmLogin
	project  map[string]string // "" and "@scope" → registry as the scanned folder's .npmrc has it: trusted no more than its lockfile

	fallback func() string // npm's built-in registry, asked of the program when nothing else names one
}

// An npmLogin belongs to every address below a host and path, and to nothing else.
type npmLogin struct {
	below string // host/path/
	auth  string // Authorization header
}

// readNPMSettings reads environment variables and the user's .npmrc as npm does. The .npmrc of the scanned folder is read
// without its environment variables and credentials: it belongs to the scanned, not to the user.
func readNPMSettings(ctx context.Context, env environment, project string) npmSettings {
	path := env.npmVariable("userconfig")
	if path == "" && env.home() != "" {
		path = filepath.Join(env.home(), ".npmrc")
	}
	user := parseNPMRC(readConfig(path), func(name string) (string, bool) { v, ok := env.vars[name]; return v, ok })
	for _, global := range []string{env.npmVariable("globalconfig")} {
		for k, v := range parseNPMRC(readConfig(global), func(name string) (string, bool) { v, ok := env.vars[name]; return v, ok }) {
			if _, ok := user[k]; !ok {
				user[k] = v
			}
		}
	}
	s := npmSettings{scopes: make(map[string]string), project: make(map[string]string)}
	s.registry = registryBase(either(env.npmVariable("registry"), user["registry"]))
	parts := make(map[string]map[string]string) // logins given in parts
	for k, v := range user {
		if scope, ok := strings.CutSuffix(k, ":registry"); ok && strings.HasPrefix(scope, "@") {
			if base := registryBase(v); base != "" {
				s.scopes[scope] = base
			}
		}
		if below, ok := strings.CutPrefix(k, "//"); ok {
			i := strings.LastIndex(below, ":")
			if i < 0 {
				continue
			}
			place := strings.TrimSuffix(below[:i], "/") + "/"
			if parts[place] == nil {
				parts[place] = make(map[string]string)
			}
			parts[place][below[i+1:]] = v
		}
	}
	for place, p := range parts {
		switch secret, err := base64.StdEncoding.DecodeString(p["_password"]); {
		case p["_authToken"] != "":
			s.logins = append(s.logins, npmLogin{place, "Bearer " + p["_authToken"]})
		case p["_auth"] != "":
			s.logins = append(s.logins, npmLogin{place, "Basic " + p["_auth"]})
		case p["username"] != "" && err == nil:
			s.logins = append(s.logins, npmLogin{place, basic(p["username"], string(secret))})
		}
	}
	if project != "" {
		for k, v := range parseNPMRC(readConfig(filepath.Join(project, ".npmrc")), nil) {
			if scope, ok := strings.CutSuffix(k, ":registry"); ok && strings.HasPrefix(scope, "@") {
				s.project[scope] = registryBase(v)
			} else if k == "registry" {
				s.project[""] = registryBase(v)
			}
		}
	}
	s.fallback = sync.OnceValue(func() string {
		if env.run == nil {
			return ""
		}
		out, err := env.run(ctx, "npm", "config", "get", "registry")
		if err != nil {
			return ""
		}
		return registryBase(out)
	})
	return s
}

// npmVariable reads npm_config_NAME, whose case npm ignores.
func (e environment) npmVariable(name string) string {
	for _, prefix := range []string{"npm_config_", "NPM_CONFIG_"} {
		if v := e.get(prefix + name); v != "" {
			return v
		}
		if v := e.get(prefix + strings.ToUpper(name)); v != "" {
			return v
		}
	}
	return ""
}

// parseNPMRC reads key = value lines. ${NAME} is replaced where variables may be read, and drops the line where not.
func parseNPMRC(text string, variable func(string) (string, bool)) map[string]string {
	m := make(map[string]string)
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == ';' || line[0] == '#' || line[0] == '[' {
			continue
		}
		k, v, ok := strings.Cut(line, "=")
		if !ok {
			continue
		}
		k, ok = expand(strings.Trim(strings.TrimSpace(k), `"'`), variable)
		if !ok {
			continue
		}
		if v, ok = expand(strings.Trim(strings.TrimSpace(v), `"'`), variable); ok {
			m[k] = v
		}
	}
	return m
}

func expand(s string, variable func(string) (string, bool)) (string, bool) {
	var out strings.Builder
	for {
		before, after, ok := strings.Cut(s, "${")
		out.WriteString(before)
		if !ok {
			return out.String(), true
		}
		name, rest, ok := strings.Cut(after, "}")
		if !ok || variable == nil {
			return "", false
		}
		v, ok := variable(strings.TrimSuffix(name, "?"))
		if !ok && !strings.HasSuffix(name, "?") {
			return "", false
		}
		out.WriteString(v)
		s = rest
	}
}

// registryBase cleans the address of a registry: http or https, without credentials, query or a slash at its end.
func registryBase(s string) string {
	u, err := url.Parse(strings.TrimSpace(s))
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || len(s) > maxAddress {
		return ""
	}
	return strings.TrimSuffix((&url.URL{Scheme: u.Scheme, Host: strings.ToLower(u.Host), Path: u.Path}).String(), "/")
}

// login gives the credentials that the user keeps for an address. They travel encrypted, or to a registry that the user
// wrote with http themselves.
func (s npmSettings) login(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && !s.named(address) {
		return ""
	}
	place, best := u.Host+u.Path+"/", npmLogin{}
	for _, l := range s.logins {
		if strings.HasPrefix(place, l.below) && len(l.below) > len(best.below) {
			best = l
		}
	}
	return best.auth
}

// named says whether the user's own settings name a registry.
func (s npmSettings) named(address string) bool {
	if s.registry != "" && strings.HasPrefix(address+"/", s.registry+"/") {
		return true
	}
	for _, base := range s.scopes {
		if strings.HasPrefix(address+"/", base+"/") {
			return true
		}
	}
	return false
}

// hosts lists the hosts of the user's own settings.
func (s npmSettings) hosts() []string {
	var all []string
	add := func(base string) {
		if u, err := url.Parse(base); err == nil && u.Hostname() != "" {
			all = append(all, u.Hostname())
		}
	}
	add(s.registry)
	for _, base := range s.scopes {
		add(base)
	}
	for _, l := range s.logins {
		add("https://" + l.below)
	}
	return all
}

// registries gives the places to ask about a package, in order. A lockfile that says where the package comes from is
// believed: a private name is not told to another registry, unless the user set one for all packages.
func (s npmSettings) registries(name, locked string) []string {
	scope := ""
	if strings.HasPrefix(name, "@") {
		scope, _, _ = strings.Cut(name, "/")
	}
	var list []string
	add := func(base string) {
		for _, b := range list {
			if b == base {
				return
			}
		}
		if base != "" {
			list = append(list, base)
		}
	}
	if scope != "" {
		add(s.scopes[scope])
	}
	add(locked)
	if len(list) == 0 && scope != "" {
		add(s.project[scope])
	}
	if scope == "" || s.scopes[scope] == "" {
		add(s.registry)
	}
	if len(list) == 0 {
		add(s.project[""])
	}
	if len(list) == 0 {
		add(s.fallback())
	}
	return list
}
