package upstream

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
)

// gemDefault has ruby say which source RubyGems uses where nothing is configured. Nothing of the user's is loaded for that.
const gemDefault = "print Gem.default_sources.first"

// readGemSettings reads the sources of RubyGems, and the mirrors and logins of Bundler (https://guides.rubygems.org/command-reference,
// https://bundler.io/man/bundle-config.1.html). Sources count for gems of which no lockfile says where they come from: Bundler
// takes the others from there, or from what stands in its place as a mirror.
func readGemSettings(ctx context.Context, env environment, _ string) places {
	bundle := readBundleConfig(env)
	p := places{replaces: true, login: bundle.login}
	builtIn := sync.OnceValue(func() []place {
		if env.run == nil {
			return nil
		}
		out, err := env.run(ctx, "ruby", "-e", gemDefault)
		if one, ok := newPlace(out, nil); err == nil && ok {
			return []place{one}
		}
		return nil
	})
	isBuiltIn := func(base string) bool {
		known := builtIn()
		return len(known) == 1 && known[0].base == base
	}
	p.mirror = bundle.mirror
	p.builtIn = func(address string) bool {
		base := registryBase(address)
		return bundle.mirror(base) == base && isBuiltIn(base)
	}
	p.fallback = builtIn
	if known := bundle.mirrors; len(known) > 0 {
		for _, one := range known {
			p.own = append(p.own, place{base: one.to, auth: bundle.login(one.to)})
		}
		p.own = distinct(p.own)
		return p
	}
	for _, source := range gemSources(env) {
		if one, ok := newPlace(source, nil); ok {
			one.auth = either(one.auth, bundle.login(one.base))
			p.own = append(p.own, one)
		}
	}
	if len(p.own) == 1 && p.own[0].auth == "" && isBuiltIn(p.own[0].base) { // which says no more than that there is no choice
		p.own = nil
	}
	return p
}

// gemSources gives the sources that the last of RubyGems' configuration files names which names any.
func gemSources(env environment) (sources []string) {
	files := []string{filepath.Join(env.etc, "gemrc"), below(env.configDir(), filepath.Join("gem", "gemrc")), below(env.home(), ".gemrc")}
	files = append(files, filepath.SplitList(env.get("GEMRC"))...)
	for _, file := range files {
		var c map[string]any
		if yaml.Unmarshal([]byte(readConfig(file)), &c) != nil {
			continue // a broken file sets nothing
		}
		for _, key := range []string{":sources", "sources"} {
			if list, ok := c[key].([]any); ok && len(list) > 0 {
				sources = nil
				for _, one := range list {
					if text, ok := one.(string); ok {
						sources = append(sources, text)
					}
				}
			}
		}
	}
	return sources
}

// bundleConfig is what Bundler's settings say: those of the user's file and, before them, variables.
type bundleConfig struct {
	mirrors []bundleMirror    // sorted
	logins  map[string]string // by host or address
}

type bundleMirror struct{ of, to string } // of is empty for all sources

func readBundleConfig(env environment) bundleConfig {
	c := bundleConfig{logins: map[string]string{}}
	settings := map[string]string{}
	file := env.get("BUNDLE_USER_CONFIG")
	if file == "" {
		file = below(either(env.get("BUNDLE_USER_HOME"), below(env.home(), ".bundle")), "config")
	}
	for line := range strings.Lines(readConfig(file)) {
		if key, value, ok := strings.Cut(strings.TrimSpace(line), ": "); ok {
			settings[strings.Trim(key, `"'`)] = strings.Trim(strings.TrimSpace(value), `"'`)
		}
	}
	for key, value := range env.vars {
		settings[key] = value
	}
	for key, value := range settings {
		name, ok := strings.CutPrefix(key, "BUNDLE_")
		if !ok {
			continue
		}
		// Bundler writes a dot as two underscores, and a hyphen as three.
		name = strings.ToLower(strings.ReplaceAll(strings.ReplaceAll(name, "___", "-"), "__", "."))
		if of, ok := strings.CutPrefix(name, "mirror."); ok {
			to, of := registryBase(value), strings.TrimSuffix(of, "/")
			switch {
			case to == "":
			case of == "all":
				c.mirrors = append(c.mirrors, bundleMirror{"", to})
			case registryBase(of) != "":
				c.mirrors = append(c.mirrors, bundleMirror{registryBase(of), to})
			}
			continue
		}
		if strings.Contains(name, ".") && value != "" {
			c.logins[strings.TrimSuffix(name, "/")] = value
		}
	}
	slices.SortFunc(c.mirrors, func(a, b bundleMirror) int { return strings.Compare(a.of+" "+a.to, b.of+" "+b.to) })
	return c
}

// mirror gives what stands in the place of a source: the mirror of it, or of all; itself if there is none.
func (c bundleConfig) mirror(base string) string {
	out := base
	for _, m := range c.mirrors {
		if m.of == "" || m.of == strings.ToLower(base) { // that of all stands first
			out = m.to
		}
	}
	return out
}

// login gives the credentials for a source: a name and a password, or a token alone. They travel encrypted.
func (c bundleConfig) login(base string) string {
	if !strings.HasPrefix(base, "https://") {
		return ""
	}
	value := either(c.logins[strings.ToLower(base)], c.logins[strings.ToLower(hostOf(base))])
	if value == "" {
		return ""
	}
	user, pass, _ := strings.Cut(value, ":")
	return basic(user, pass)
}
