package upstream

import (
	"archive/zip"
	"context"
	"encoding/xml"
	"io"
	"path/filepath"
	"slices"
	"strings"
)

// mavenSettings is what settings.xml says of remote repositories (https://maven.apache.org/settings.html).
type mavenSettings struct {
	Mirrors []struct {
		ID  string `xml:"id"`
		URL string `xml:"url"`
		Of  string `xml:"mirrorOf"`
	} `xml:"mirrors>mirror"`
	Servers []struct {
		ID       string `xml:"id"`
		Username string `xml:"username"`
		Password string `xml:"password"`
	} `xml:"servers>server"`
	Profiles []struct {
		ID        string        `xml:"id"`
		ByDefault bool          `xml:"activation>activeByDefault"`
		Remotes   []mavenRemote `xml:"repositories>repository"`
	} `xml:"profiles>profile"`
	Active []string `xml:"activeProfiles>activeProfile"`
}

type mavenRemote struct {
	ID  string `xml:"id"`
	URL string `xml:"url"`
}

// mavenCentral is the id of Maven's built-in repository.
const mavenCentral = "central"

// readMavenSettings reads the user's settings.xml, else the installation's: repositories of profiles that are always active, and
// what mirrors stand for them and for the built-in one. Encrypted passwords and what only a build knows are passed over.
func readMavenSettings(_ context.Context, env environment, _ string) places {
	var s mavenSettings
	for _, file := range mavenSettingsFiles(env) {
		if text := readConfig(file); text != "" && decodePOM([]byte(text), &s) == nil {
			break
		}
		s = mavenSettings{}
	}
	var p places
	add := func(r mavenRemote) {
		id, address := s.mirror(r)
		if one, ok := newPlace(env.mavenExpand(address), nil); ok {
			if one.auth == "" {
				one.auth = s.login(env, id)
			}
			p.own = append(p.own, one)
		}
	}
	for _, profile := range s.Profiles {
		if profile.ByDefault || slices.Contains(s.Active, profile.ID) {
			for _, r := range profile.Remotes {
				add(r)
			}
		}
	}
	mirrored := false
	if id, address := s.mirror(mavenRemote{ID: mavenCentral, URL: "https://" + mavenCentral + ".invalid"}); id != mavenCentral {
		mirrored = true
		add(mavenRemote{ID: id, URL: address})
	}
	p.own = distinct(p.own)
	if !mirrored {
		p.besides = true
		p.fallback = func() []place { return mavenDefault(env) }
	}
	return p
}

// mirror gives the mirror of a repository, or the repository itself: the first whose mirrorOf matches, exact names before patterns.
func (s mavenSettings) mirror(r mavenRemote) (id, address string) {
	for _, m := range s.Mirrors {
		if m.Of == r.ID {
			return m.ID, m.URL
		}
	}
	for _, m := range s.Mirrors {
		matches := false
		for pattern := range strings.SplitSeq(m.Of, ",") {
			switch pattern = strings.TrimSpace(pattern); {
			case strings.HasPrefix(pattern, "!"):
				if pattern[1:] == r.ID {
					matches = false
					goto next
				}
			case pattern == "*", pattern == r.ID:
				matches = true
			case pattern == "external:*", pattern == "external:http:*" && strings.HasPrefix(r.URL, "http:"):
				matches = !strings.Contains(r.URL, "://localhost") && !strings.Contains(r.URL, "://127.") && !strings.HasPrefix(r.URL, "file:")
			}
		}
	next:
		if matches {
			return m.ID, m.URL
		}
	}
	return r.ID, r.URL
}

func (s mavenSettings) login(env environment, id string) string {
	for _, server := range s.Servers {
		if server.ID == id && server.Username != "" && !strings.Contains(server.Password, "{") {
			return basic(env.mavenExpand(server.Username), server.Password)
		}
		if server.ID == id && strings.HasPrefix(server.Password, "${") {
			return basic(env.mavenExpand(server.Username), env.mavenExpand(server.Password))
		}
	}
	return ""
}

// mavenHome finds the installation.
func mavenHome(env environment) string {
	for _, name := range []string{"MAVEN_HOME", "M2_HOME"} {
		if dir := env.get(name); filepath.IsAbs(dir) {
			return dir
		}
	}
	if env.look != nil {
		if program, err := env.look("mvn"); err == nil {
			if real, err := filepath.EvalSymlinks(program); err == nil {
				return filepath.Dir(filepath.Dir(real))
			}
		}
	}
	return ""
}

// mavenDefault finds Maven's built-in repository where Maven itself has it: in the POM that all others inherit from, in a jar of the
// installation.
func mavenDefault(env environment) []place {
	home := mavenHome(env)
	if home == "" {
		return nil
	}
	for _, pattern := range []string{"maven-model-builder-*.jar", "maven-impl-*.jar"} { // of Maven 3, and of 4
		jars, _ := filepath.Glob(filepath.Join(home, "lib", pattern)) // only the pattern can be bad
		for _, jar := range jars {
			if one, ok := newPlace(superRepository(jar), nil); ok {
				return []place{one}
			}
		}
	}
	return nil
}

// superRepository reads the address of the repository in the POM that all others inherit from.
func superRepository(jar string) string {
	z, err := zip.OpenReader(jar)
	if err != nil {
		return ""
	}
	defer z.Close()
	for _, name := range []string{"org/apache/maven/model/pom-4.0.0.xml", "org/apache/maven/model/pom-4.1.0.xml"} {
		f, err := z.Open(name)
		if err != nil {
			continue
		}
		text, err := readAll(f, maxPOM)
		f.Close()
		var super struct {
			Remotes []mavenRemote `xml:"repositories>repository"`
		}
		if err != nil || decodePOM(text, &super) != nil {
			continue
		}
		for _, r := range super.Remotes {
			if r.ID == mavenCentral {
				return r.URL
			}
		}
	}
	return ""
}

// decodePOM reads XML as Maven does: entities of HTML are known, and whatever the encoding is said to be, what matters is ASCII.
func decodePOM(text []byte, into any) error {
	d := xml.NewDecoder(strings.NewReader(string(text)))
	d.Entity = xml.HTMLEntity
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	return d.Decode(into)
}
