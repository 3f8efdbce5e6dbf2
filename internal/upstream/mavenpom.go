package upstream

import (
	"context"
	"encoding/xml"
	"fmt"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/package-url/packageurl-go"
)

// maxPOM bounds a POM; the largest BOMs have some 400 kB.
const maxPOM = 4 << 20

// POM gives the POM of an artefact: from the user's local repository, else from the first repository of the user's Maven
// settings, or the one that Maven has built in, that has it. A snapshot has no fixed address there and is not fetched. Errors
// are or wrap ErrNotFound, ErrOffline, ErrUnreachable or the context's.
func (r *Resolver) POM(ctx context.Context, group, artifact, version string) ([]byte, error) {
	steps, err := r.askPOM(group, artifact, version)
	if err != nil {
		return nil, err
	}
	worst := ErrNotFound
	for _, s := range steps {
		resp, err := r.body(ctx, s)
		if err == nil {
			return resp.body, nil
		}
		if gravity(err) > gravity(worst) {
			worst = err
		}
	}
	return nil, fmt.Errorf("POM of %s:%s:%s: %w", group, artifact, version, worst)
}

// PlanPOM names the host that POM would ask first, sending nothing. It is empty if the local repository has the file, or if
// nobody is asked.
func (r *Resolver) PlanPOM(group, artifact, version string) (host string) {
	steps, err := r.askPOM(group, artifact, version)
	if err != nil || r.offline {
		return ""
	}
	for _, s := range steps {
		if body, here := r.atHand(s); body != nil {
			return ""
		} else if u, err := url.Parse(s.request.url); !here && err == nil {
			return u.Host
		}
	}
	return ""
}

// askPOM plans where a POM is looked for.
func (r *Resolver) askPOM(group, artifact, version string) ([]step, error) {
	known := r.places[packageurl.TypeMaven]()
	at, from := known.order(nil)
	if from != named && known.private != nil && known.private(group+"/"+artifact) {
		at = nil
	}
	steps, err := r.pomSteps(mavenArtefact{group, artifact, version}, at)
	if err == nil && from == nowhere && r.offline {
		steps = append(steps, step{unknown: true})
	}
	return steps, err
}

// pomSteps are the places of a POM: the user's local repository, Gradle's cache, and remote ones.
func (r *Resolver) pomSteps(a mavenArtefact, at []place) (steps []step, err error) {
	below, err := pomPath(a.Group, a.Artifact, a.Version)
	if err != nil {
		return nil, err
	}
	if dir := r.mavenRepository(); dir != "" {
		steps = append(steps, step{file: filepath.Join(dir, filepath.FromSlash(below)), from: "local maven repository", limit: maxPOM, goOn: always})
	}
	if r.gradleHome != "" {
		kept, _ := filepath.Glob(filepath.Join(r.gradleHome, "caches", "modules-2", "files-2.1", a.Group, a.Artifact, a.Version, "*", "*.pom"))
		for _, file := range kept {
			steps = append(steps, step{file: file, from: "gradle cache", limit: maxPOM, goOn: always})
		}
	}
	if strings.HasSuffix(a.Version, "-SNAPSHOT") {
		return steps, nil
	}
	for _, p := range at {
		get := p.request(below, maxPOM)
		get.forever = true
		steps = append(steps, step{request: get, goOn: always})
	}
	return steps, nil
}

// coordinate is a part of what names an artefact: also a name of a folder.
var coordinate = regexp.MustCompile(`^[A-Za-z0-9_+~-][A-Za-z0-9_.+~-]*$`)

// pomPath gives the path of a POM in a repository of Maven's layout
// (https://maven.apache.org/repository/layout.html).
func pomPath(group, artifact, version string) (string, error) {
	for part := range strings.SplitSeq(group, ".") {
		if !coordinate.MatchString(part) {
			return "", fmt.Errorf("%q is no group of Maven", group)
		}
	}
	if !coordinate.MatchString(artifact) || !coordinate.MatchString(version) {
		return "", fmt.Errorf("%q, %q is no artefact of Maven", artifact, version)
	}
	return strings.ReplaceAll(group, ".", "/") + "/" + artifact + "/" + version + "/" + artifact + "-" + version + ".pom", nil
}

var repositoryOption = regexp.MustCompile(`(?:^|\s)-Dmaven\.repo\.local=("[^"]*"|'[^']*'|\S+)`)

// readMavenRepository finds the user's local repository: the option maven.repo.local where variables hold it, else what
// settings.xml says, the user's before the installation's, else the folder that Maven takes for itself.
func readMavenRepository(env environment) string {
	for _, name := range []string{"MAVEN_ARGS", "MAVEN_OPTS"} {
		if m := repositoryOption.FindStringSubmatch(env.get(name)); m != nil {
			return onlyAbsolute(strings.Trim(m[1], `"'`))
		}
	}
	home := env.home()
	for _, name := range mavenSettingsFiles(env) {
		var settings struct {
			LocalRepository string `xml:"localRepository"`
		}
		text := readConfig(name)
		if err := xml.Unmarshal([]byte(text), &settings); text == "" || err != nil {
			continue
		}
		if dir := strings.TrimSpace(settings.LocalRepository); dir != "" {
			return onlyAbsolute(env.mavenExpand(dir))
		}
	}
	if home == "" {
		return ""
	}
	return filepath.Join(home, ".m2", "repository")
}

// mavenSettingsFiles are the user's settings.xml and the installation's.
func mavenSettingsFiles(env environment) (files []string) {
	if home := env.home(); home != "" {
		files = append(files, filepath.Join(home, ".m2", "settings.xml"))
	}
	if dir := mavenHome(env); dir != "" {
		files = append(files, filepath.Join(dir, "conf", "settings.xml"))
	}
	return files
}

// onlyAbsolute gives a path, unless it is relative to a folder that nobody knows.
func onlyAbsolute(dir string) string {
	if !filepath.IsAbs(dir) {
		return ""
	}
	return dir
}

var mavenVariable = regexp.MustCompile(`\$\{([^{}]*)\}`)

// mavenExpand puts in what settings.xml may refer to.
func (e environment) mavenExpand(text string) string {
	return mavenVariable.ReplaceAllStringFunc(text, func(use string) string {
		name := use[2 : len(use)-1]
		if name == "user.home" {
			return e.home()
		}
		if variable, ok := strings.CutPrefix(name, "env."); ok {
			return e.get(variable)
		}
		return use
	})
}
