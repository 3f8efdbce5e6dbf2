package upstream

import (
	"context"
	"encoding/xml"
	"io"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
)

// nugetConfig is what NuGet's configuration files say (https://learn.microsoft.com/nuget/reference/nuget-config-file). Names of
// settings and of sources are the same in any case, and kept in lower case.
type nugetConfig struct {
	sources  []nugetSource
	disabled map[string]bool
	login    map[string]map[string]string // Username, ClearTextPassword and others in lower case, by source
	mapped   map[string][]string          // patterns of names, by source; nil: no source has any
	mapping  string                       // the source whose patterns are being read
	packages string                       // folder of what NuGet has unpacked
}

type nugetSource struct{ name, address string }

// readNuGetSettings reads the user's configuration and that of the machine, and on top of it, as NuGet does, that of the scanned
// folder. A source that only the scanned names gets no login: it could bear the name of one of the user's. What a source hears of
// follows packageSourceMapping. Passwords that Windows has encrypted are not read.
func readNuGetSettings(ctx context.Context, env environment, project string) places {
	c := readNuGetConfig(env)
	var user []place
	for _, s := range c.sources {
		if one, ok := c.place(s, env); ok {
			user = append(user, one)
		}
	}
	if project != "" {
		for _, name := range []string{"nuget.config", "NuGet.config", "NuGet.Config"} {
			c.read(readConfig(filepath.Join(project, name)), func(string) string { return "" })
		}
	}
	var p places
	patterns := map[string][]string{} // by address
	for _, s := range c.sources {
		base := registryBase(s.address)
		if base == "" || c.disabled[s.name] {
			continue
		}
		patterns[base] = append(patterns[base], c.mapped[s.name]...)
		if i := slices.IndexFunc(user, func(u place) bool { return u.base == base }); i >= 0 {
			p.own = append(p.own, user[i])
		} else {
			p.scanned = append(p.scanned, place{base: base})
		}
	}
	if len(c.mapped) > 0 {
		p.among = func(name string, all []place) []place { return hearing(name, all, patterns) }
		return p
	}
	builtIn := sync.OnceValue(func() []place { return nugetDefault(ctx, env) })
	p.fallback = builtIn
	// NuGet writes its built-in source into a user's configuration that has none, and projects often name it: that is no choice.
	if all := slices.Concat(p.own, p.scanned); len(all) == 1 && all[0].auth == "" {
		if known := builtIn(); len(known) == 1 && known[0].base == all[0].base {
			p.own, p.scanned = nil, nil
		}
	}
	return p
}

// readNuGetConfig reads all configuration files that hold for the user, those first that others override.
func readNuGetConfig(env environment) nugetConfig {
	var files []string
	glob := func(dir string) {
		if dir != "" {
			found, _ := filepath.Glob(filepath.Join(dir, "*.[cC]onfig")) // only the pattern can be bad
			files = append(files, found...)
		}
	}
	home := either(env.get("DOTNET_CLI_HOME"), env.home())
	switch dir := env.get("NUGET_COMMON_APPLICATION_DATA"); {
	case dir != "":
		glob(filepath.Join(dir, "NuGet", "Config"))
	case runtime.GOOS == "windows":
		if dir := env.get("ProgramFiles(x86)"); dir != "" {
			glob(filepath.Join(dir, "NuGet", "Config"))
		}
	case runtime.GOOS == "darwin":
		glob("/Library/Application Support/NuGet/Config")
	default:
		glob(filepath.Join(env.etc, "opt", "NuGet", "Config"))
	}
	var user []string // folders with the user's own file
	if runtime.GOOS == "windows" {
		if dir := env.get("AppData"); dir != "" {
			user = []string{filepath.Join(dir, "NuGet")}
		}
	} else if home != "" {
		user = []string{filepath.Join(home, ".config", "NuGet"), filepath.Join(home, ".nuget", "NuGet")}
		glob(filepath.Join(home, ".nuget", "config"))
	}
	for _, dir := range user {
		glob(filepath.Join(dir, "config"))
		files = append(files, filepath.Join(dir, "NuGet.Config"))
	}
	c := nugetConfig{}
	for _, file := range files {
		c.read(readConfig(file), env.get)
	}
	return c
}

var nugetVariable = regexp.MustCompile(`%([A-Za-z_][A-Za-z0-9_()]*)%`)

// read adds what one file says. A broken file says what stands before the break.
func (c *nugetConfig) read(text string, variable func(string) string) {
	d := xml.NewDecoder(strings.NewReader(strings.TrimPrefix(text, "\ufeff")))
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	var path []string // of elements in lower case
	for {
		t, err := d.RawToken()
		if err != nil {
			return
		}
		switch t := t.(type) {
		case xml.EndElement:
			path = path[:max(len(path)-1, 0)]
		case xml.StartElement:
			name := strings.ToLower(t.Name.Local)
			if path = append(path, name); len(path) > 16 {
				return
			}
			a := map[string]string{}
			for _, one := range t.Attr {
				a[strings.ToLower(one.Name.Local)] = nugetVariable.ReplaceAllStringFunc(one.Value, func(v string) string {
					return either(variable(strings.Trim(v, "%")), v)
				})
			}
			c.element(path, t.Name.Local, a)
		}
	}
}

// element takes one element in.
func (c *nugetConfig) element(path []string, name string, a map[string]string) {
	if len(path) < 3 || path[0] != "configuration" {
		return
	}
	key, last := strings.ToLower(a["key"]), path[len(path)-1]
	switch section := path[1]; {
	case section == "packagesources" && last == "clear":
		c.sources = nil
	case section == "packagesources" && last == "add" && key != "":
		c.sources = slices.DeleteFunc(c.sources, func(s nugetSource) bool { return s.name == key })
		c.sources = append(c.sources, nugetSource{key, a["value"]})
	case section == "packagesources" && last == "remove":
		c.sources = slices.DeleteFunc(c.sources, func(s nugetSource) bool { return s.name == key })
	case section == "disabledpackagesources" && last == "clear":
		c.disabled = nil
	case section == "disabledpackagesources" && last == "add":
		set(&c.disabled, key, strings.EqualFold(a["value"], "true"))
	case section == "packagesourcecredentials" && len(path) == 4 && last == "add":
		source := strings.ReplaceAll(path[2], "_x0020_", " ")
		if c.login[source] == nil {
			set(&c.login, source, map[string]string{})
		}
		c.login[source][key] = a["value"]
	case section == "packagesourcemapping" && last == "clear":
		c.mapped = nil
	case section == "packagesourcemapping" && len(path) == 3 && last == "packagesource" && key != "":
		set(&c.mapped, key, nil) // in place of what an earlier file says of the source
		c.mapping = key
	case section == "packagesourcemapping" && len(path) == 4 && last == "package" && c.mapped != nil:
		c.mapped[c.mapping] = append(c.mapped[c.mapping], strings.ToLower(a["pattern"]))
	case section == "config" && last == "add" && key == "globalpackagesfolder":
		c.packages = a["value"]
	}
}

func set[V any](m *map[string]V, key string, value V) {
	if *m == nil {
		*m = map[string]V{}
	}
	(*m)[key] = value
}

// place gives where a source of the user's that is in use may be asked.
func (c *nugetConfig) place(s nugetSource, env environment) (place, bool) {
	base := registryBase(s.address)
	if base == "" || c.disabled[s.name] {
		return place{}, false
	}
	login := c.login[s.name]
	user, pass := login["username"], login["cleartextpassword"]
	for key, value := range env.vars { // NuGetPackageSourceCredentials_NAME=Username=…;Password=…
		if len(key) > len(nugetLogin) && strings.EqualFold(key, nugetLogin+s.name) {
			for part := range strings.SplitSeq(value, ";") {
				k, v, _ := strings.Cut(part, "=")
				switch strings.ToLower(strings.TrimSpace(k)) {
				case "username":
					user = v
				case "password":
					pass = v
				}
			}
		}
	}
	one := place{base: base}
	if pass != "" {
		one.auth = basic(user, pass)
	}
	return one, true
}

const nugetLogin = "NuGetPackageSourceCredentials_"

// hearing gives those of some sources that may hear of a package: the ones with the pattern that fits its name best, the name
// itself before the longest beginning of it.
func hearing(name string, all []place, patterns map[string][]string) (out []place) {
	name = strings.ToLower(name)
	best := 0
	for _, one := range all {
		fit := -1
		for _, pattern := range patterns[one.base] {
			beginning, open := strings.CutSuffix(pattern, "*")
			switch {
			case pattern == name:
				fit = len(name) + 1
			case open && strings.HasPrefix(name, beginning):
				fit = max(fit, len(beginning))
			}
		}
		switch {
		case fit < best:
		case fit > best:
			best, out = fit, []place{one}
		default:
			out = append(out, one)
		}
	}
	return out
}

// nugetDefault has the dotnet program say which source it uses where nothing is configured, in a home of its own. On Windows the
// user's folder does not come from the environment, so that the answer would be the user's.
func nugetDefault(ctx context.Context, env environment) []place {
	if env.run == nil || runtime.GOOS == "windows" {
		return nil
	}
	out, err := env.run(ctx, "dotnet", "nuget", "list", "source", "--format", "Short")
	if err != nil {
		return nil
	}
	for line := range strings.Lines(out) {
		// E stands for enabled; sources of the maker's own and of the machine have more letters.
		if address, ok := strings.CutPrefix(strings.TrimSpace(line), "E "); ok {
			if one, ok := newPlace(address, nil); ok {
				return []place{one}
			}
		}
	}
	return nil
}

// nugetPackagesFolder is where NuGet keeps what it has unpacked.
func nugetPackagesFolder(env environment) string {
	if dir := either(env.get("NUGET_PACKAGES"), readNuGetConfig(env).packages); filepath.IsAbs(dir) {
		return dir
	}
	if home := either(env.get("DOTNET_CLI_HOME"), env.home()); home != "" {
		return filepath.Join(home, ".nuget", "packages")
	}
	return ""
}
