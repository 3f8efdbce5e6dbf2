package upstream

import (
	"context"
	"encoding/base64"
	"net/url"
	"path/filepath"
	"strings"

	"golang.org/x/mod/module"
)

// goSettings is what the user's Go configuration says about where modules come from.
type goSettings struct {
	proxies  []goProxy
	known    bool   // GOPROXY is set somewhere, if only to off
	direct   bool   // modules may be looked up at their own host
	noProxy  string // patterns of modules that no proxy may hear of
	modCache string // folder of the module cache, may be empty
}

// A goProxy is one entry of GOPROXY.
type goProxy struct {
	base     string // http(s) address without credentials and without a slash at its end, or empty
	folder   string // of a file:// proxy
	auth     string // Authorization header
	anyError bool   // followed by |: the next is asked after any error, not only if this one does not know the module
}

// readGoSettings reads variables, then the file of `go env -w`, then the go installation's own defaults, as the go command
// does; only the program itself knows a default that stands in none of them.
func readGoSettings(ctx context.Context, env environment) goSettings {
	file := ""
	switch goenv := env.get("GOENV"); {
	case goenv == "off":
	case goenv != "":
		file = readConfig(goenv)
	default:
		if d := env.configDir(); d != "" {
			file = readConfig(filepath.Join(d, "go", "env"))
		}
	}
	user := parseGoEnv(file)
	installed := parseGoEnv(readConfig(goDefaults(env)))
	get := func(name string) string {
		return either(env.get(name), either(user[name], installed[name]))
	}
	s := goSettings{noProxy: either(get("GONOPROXY"), get("GOPRIVATE"))}
	list := get("GOPROXY")
	if list == "" && env.run != nil {
		if out, err := env.run(ctx, "go", "env", "GOPROXY"); err == nil {
			list = out
		}
	}
	s.known = list != ""
	s.proxies, s.direct = parseGoProxy(list, netrc(env))
	if s.modCache = get("GOMODCACHE"); s.modCache == "" {
		gopath := get("GOPATH")
		if gopath == "" && env.home() != "" {
			gopath = filepath.Join(env.home(), "go")
		}
		if list := filepath.SplitList(gopath); len(list) > 0 {
			s.modCache = filepath.Join(list[0], "pkg", "mod")
		}
	}
	if !filepath.IsAbs(s.modCache) {
		s.modCache = ""
	}
	return s
}

// goDefaults gives the path of the installation's go.env.
func goDefaults(env environment) string {
	root := env.get("GOROOT")
	if root == "" && env.look != nil {
		if program, err := env.look("go"); err == nil {
			if real, err := filepath.EvalSymlinks(program); err == nil {
				root = filepath.Dir(filepath.Dir(real))
			}
		}
	}
	if root == "" {
		return ""
	}
	return filepath.Join(root, "go.env")
}

func parseGoEnv(text string) map[string]string {
	m := make(map[string]string)
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if k, v, ok := strings.Cut(line, "="); ok && k != "" && k[0] != '#' {
			m[k] = v
		}
	}
	return m
}

// parseGoProxy reads a GOPROXY list. Nothing counts after off or direct.
func parseGoProxy(list string, logins map[string]string) (proxies []goProxy, direct bool) {
	for list != "" && len(proxies) < 16 {
		one, separator := list, byte(',')
		if i := strings.IndexAny(list, ",|"); i >= 0 {
			one, separator, list = list[:i], list[i], list[i+1:]
		} else {
			list = ""
		}
		switch one = strings.TrimSpace(one); one {
		case "":
			continue
		case "off":
			return proxies, false
		case "direct":
			return proxies, true
		}
		if !strings.Contains(one, "://") {
			one = "https://" + one
		}
		u, err := url.Parse(one)
		if err != nil {
			continue
		}
		p := goProxy{anyError: separator == '|'}
		switch {
		case u.Scheme == "file":
			p.folder = filepath.FromSlash(u.Path)
		case (u.Scheme == "https" || u.Scheme == "http") && u.Host != "":
			p.auth = logins[u.Hostname()]
			if u.User != nil {
				p.auth = basic(u.User.Username(), password(u.User))
			}
			u.User = nil
			p.base = strings.TrimSuffix(u.String(), "/")
		default:
			continue
		}
		proxies = append(proxies, p)
	}
	return proxies, false
}

func password(u *url.Userinfo) string {
	p, _ := u.Password()
	return p
}

func basic(user, password string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password))
}

// netrc reads the user's logins by host, as the go command does: macros and the default entry are passed over.
func netrc(env environment) map[string]string {
	path := env.get("NETRC")
	if path == "" && env.home() != "" {
		path = filepath.Join(env.home(), ".netrc")
	}
	m := make(map[string]string)
	var machine, login, secret string
	macro := false
	flush := func() {
		if machine != "" && login != "" {
			if _, seen := m[machine]; !seen {
				m[machine] = basic(login, secret)
			}
		}
		machine, login, secret = "", "", ""
	}
	for line := range strings.Lines(readConfig(path)) {
		fields := strings.Fields(line)
		if macro { // a macro ends with an empty line
			macro = len(fields) > 0
			continue
		}
	line:
		for i := 0; i < len(fields); i++ {
			value := ""
			if i+1 < len(fields) {
				value = fields[i+1]
			}
			switch fields[i] {
			case "machine":
				flush()
				machine = value
			case "login":
				login = value
			case "password":
				secret = value
			case "default":
				flush()
				return m // stands last
			case "macdef":
				macro = true
				break line
			default:
				continue
			}
			i++
		}
	}
	flush()
	return m
}

// private says whether no proxy may hear of a module.
func (s goSettings) private(path string) bool {
	return s.noProxy != "" && module.MatchPrefixPatterns(s.noProxy, path)
}
