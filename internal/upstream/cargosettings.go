package upstream

import (
	"context"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
)

// cargoConfig is what configuration and credentials files of Cargo say of registries
// (https://doc.rust-lang.org/cargo/reference/config.html).
type cargoConfig struct {
	Source map[string]struct {
		Replace  string `toml:"replace-with"`
		Registry string `toml:"registry"`
	} `toml:"source"`
	Registries map[string]cargoRegistry `toml:"registries"`
}

type cargoRegistry struct{ Index, Token string }

// cargoBuiltIn is the name of Cargo's built-in registry in its configuration.
const cargoBuiltIn = "crates-io"

// readCargoSettings reads what replaces the built-in registry for all crates, and the tokens of the others, which only crates come
// from whose lockfile names them. Places are sparse indexes; a git index cannot be asked.
func readCargoSettings(_ context.Context, env environment, _ string) places {
	home := cargoHome(env)
	var c cargoConfig
	for _, name := range []string{"config", "config.toml", "credentials", "credentials.toml"} { // the latter of a pair wins
		if home != "" {
			_, _ = toml.Decode(readConfig(filepath.Join(home, name)), &c) // a broken file sets nothing
		}
	}
	for key, value := range env.vars {
		if name, ok := strings.CutPrefix(key, "CARGO_REGISTRIES_"); ok {
			c.variable(name, value)
		}
	}
	tokens := map[string]string{}
	hosts := map[string]bool{} // of the user's own registries
	for _, r := range c.Registries {
		if base := sparseIndex(r.Index); base != "" {
			tokens[base] = r.Token
			hosts[hostOf(base)] = true
		}
	}
	p := places{replaces: true}
	next := c.Source[cargoBuiltIn].Replace
	for range 8 { // replacements may be replaced
		s, ok := c.Source[next]
		if !ok {
			if base := sparseIndex(c.Registries[next].Index); base != "" {
				p.own = []place{{base: base, auth: tokens[base]}}
			}
			break
		}
		if s.Replace == "" {
			if base := sparseIndex(s.Registry); base != "" {
				p.own = []place{{base: base, auth: tokens[base]}}
				hosts[hostOf(base)] = true
			}
			break
		}
		next = s.Replace
	}
	p.login = func(base string) string { return tokens[base] }
	// A lockfile names the built-in registry by its git index, from the time before there was another.
	p.builtIn = func(address string) bool {
		return strings.HasPrefix(address, "git+https://github.com/rust-lang/")
	}
	p.fallback = func() []place { return cargoDefault(home, hosts) }
	return p
}

// variable sets what a variable CARGO_REGISTRIES_<NAME>_<KEY> says.
func (c *cargoConfig) variable(name, value string) {
	if c.Registries == nil {
		c.Registries = map[string]cargoRegistry{}
	}
	same := func(registry string) bool {
		return strings.EqualFold(strings.ReplaceAll(registry, "-", "_"), strings.TrimSuffix(strings.TrimSuffix(name, "_INDEX"), "_TOKEN"))
	}
	key := strings.ToLower(strings.TrimSuffix(strings.TrimSuffix(name, "_INDEX"), "_TOKEN"))
	for registry := range c.Registries {
		if same(registry) {
			key = registry
		}
	}
	r := c.Registries[key]
	switch {
	case strings.HasSuffix(name, "_INDEX"):
		r.Index = value
	case strings.HasSuffix(name, "_TOKEN"):
		r.Token = value
	}
	c.Registries[key] = r
}

func cargoHome(env environment) string {
	if dir := env.get("CARGO_HOME"); filepath.IsAbs(dir) {
		return dir
	}
	if home := env.home(); home != "" {
		return filepath.Join(home, ".cargo")
	}
	return ""
}

// sparseIndex gives the address of an index that is served as files, or nothing.
func sparseIndex(address string) string {
	if address, ok := strings.CutPrefix(address, "sparse+"); ok {
		return registryBase(address)
	}
	return ""
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}

// cargoIndexFolder is the name of a folder in which Cargo keeps an index: its host, and a hash.
var cargoIndexFolder = regexp.MustCompile(`^([a-z0-9][a-z0-9.-]*\.[a-z]+)-[0-9a-f]{16}$`)

// cargoDefault finds the address of the built-in index where Cargo keeps what it fetched: no file of its installation names it. Of
// indexes that the user's settings do not name there is one; where there are more, none is taken for it.
func cargoDefault(home string, own map[string]bool) []place {
	if home == "" {
		return nil
	}
	entries, err := os.ReadDir(filepath.Join(home, "registry", "index"))
	if err != nil {
		return nil
	}
	var hosts []string
	for _, e := range entries {
		m := cargoIndexFolder.FindStringSubmatch(e.Name())
		if m == nil || own[m[1]] || slices.Contains(hosts, m[1]) || m[1] == "github.com" { // the git index
			continue
		}
		if readConfig(filepath.Join(home, "registry", "index", e.Name(), "config.json")) != "" {
			hosts = append(hosts, m[1])
		}
	}
	if len(hosts) != 1 {
		return nil
	}
	return []place{{base: "https://" + hosts[0]}}
}
