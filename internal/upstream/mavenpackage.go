package upstream

import (
	"encoding/xml"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// maxParents bounds how far the POMs are followed that a POM inherits from.
const maxParents = 8

// A mavenArtefact is what names a POM.
type mavenArtefact struct {
	Group    string `xml:"groupId"`
	Artifact string `xml:"artifactId"`
	Version  string `xml:"version"`
}

// askMaven plans the questions about an artefact of Maven: its POM, in the user's local repository, in Gradle's cache, or at the
// remote ones; where that names no repository, the POMs that it inherits from. Without a version, the newest.
func askMaven(r *Resolver, a asked) (steps, facts []step) {
	artefact := mavenArtefact{Group: a.purl.Namespace, Artifact: a.purl.Name, Version: a.Version}
	metadata := func(at place, read func([]byte) (answer, error), follow int) step {
		get := at.request(strings.ReplaceAll(artefact.Group, ".", "/")+"/"+artefact.Artifact+"/maven-metadata.xml", maxPOM)
		return step{request: get, goOn: always, follow: follow, read: read}
	}
	if a.Version == "" {
		if _, err := pomPath(artefact.Group, artefact.Artifact, "1"); err != nil {
			return nil, nil
		}
		for _, at := range a.at {
			steps = append(steps, metadata(at, func(b []byte) (answer, error) {
				said, latest, err := readMavenMetadata(b)
				artefact.Version = latest
				if latest != "" {
					said.then = r.pomLine(artefact, []place{at}, 0)
				}
				return said, err
			}, maxParents))
		}
		return steps, nil
	}
	for _, at := range a.at {
		facts = append(facts, metadata(at, func(b []byte) (answer, error) {
			said, _, err := readMavenMetadata(b)
			return said, err
		}, 0))
	}
	return r.pomLine(artefact, a.at, 0), facts
}

// pomLine plans the look-up of a POM that is read for its repository, the depth-th in a line of parents.
func (r *Resolver) pomLine(artefact mavenArtefact, at []place, depth int) []step {
	if depth > maxParents {
		return nil
	}
	steps, err := r.pomSteps(artefact, at)
	if err != nil {
		return nil
	}
	for i := range steps {
		s := &steps[i]
		s.read = func(b []byte) (answer, error) { return r.readPOM(b, artefact, at, depth) }
		s.stopEmpty = true // it is the same wherever it lies
		if depth == 0 {
			s.published, s.follow = true, maxParents
		}
		s.request.shared = depth > 0 // parents are those of many
	}
	return steps
}

// A pom is what a POM says of where it comes from.
type pom struct {
	mavenArtefact
	Parent *mavenArtefact `xml:"parent"`
	URL    string         `xml:"url"`
	SCM    struct {
		URL        string `xml:"url"`
		Connection string `xml:"connection"`
		Developer  string `xml:"developerConnection"`
	} `xml:"scm"`
	Properties pomProperties `xml:"properties"`
	Moved      *struct {
		mavenArtefact
		Message string `xml:"message"`
	} `xml:"distributionManagement>relocation"`
}

type pomProperties map[string]string

// UnmarshalXML reads elements of any name.
func (p *pomProperties) UnmarshalXML(d *xml.Decoder, _ xml.StartElement) error {
	*p = pomProperties{}
	for range 10_000 {
		t, err := d.Token()
		if err != nil {
			return err
		}
		switch e := t.(type) {
		case xml.StartElement:
			var text string
			if err := d.DecodeElement(&text, &e); err != nil {
				return err
			}
			(*p)[e.Name.Local] = strings.TrimSpace(text)
		case xml.EndElement:
			return nil
		}
	}
	return fmt.Errorf("more properties than any real POM has")
}

// readPOM reads where a POM says that it is developed. What it inherits is looked for in its parent: Maven adds the name of the
// artefact to an inherited address, which then names a page and no repository, so that the parent's own address is taken.
func (r *Resolver) readPOM(b []byte, artefact mavenArtefact, at []place, depth int) (answer, error) {
	var p pom
	if err := decodePOM(b, &p); err != nil {
		return answer{}, err
	}
	var a answer
	name := artefact.Group + ":" + artefact.Artifact
	if m := p.Moved; m != nil && depth == 0 {
		to := strings.Trim(either(m.Group, artefact.Group)+":"+either(m.Artifact, artefact.Artifact)+":"+m.Version, ":")
		facts := Facts{Deprecated: noticeText(strings.TrimSuffix("moved to "+to+": "+m.Message, ": "))}
		a.facts = func(string) Facts { return facts }
	}
	for _, address := range []string{p.SCM.URL, p.SCM.Connection, p.SCM.Developer} {
		if c, ok := found(p.expand(address, artefact), "", Repository, "scm in the POM of "+name); ok {
			a.found = append(a.found, c)
			break
		}
	}
	if c, ok := found(p.expand(p.URL, artefact), "", Website, "url in the POM of "+name); ok {
		if host, _, _ := strings.Cut(c.ID, "/"); forges[host].owned {
			a.found = append(a.found, c)
		}
	}
	if len(a.found) == 0 && p.Parent != nil {
		a.then = r.pomLine(*p.Parent, at, depth+1)
	}
	return a, nil
}

var pomUse = regexp.MustCompile(`\$\{([^{}]+)\}`)

// expand puts in what an address refers to, as far as this POM says it. What it inherits stays, and makes no address.
func (p *pom) expand(text string, artefact mavenArtefact) string {
	for range 4 {
		next := pomUse.ReplaceAllStringFunc(strings.TrimSpace(text), func(use string) string {
			name := strings.TrimPrefix(strings.TrimPrefix(use[2:len(use)-1], "project."), "pom.")
			switch name {
			case "artifactId":
				return artefact.Artifact
			case "groupId":
				return artefact.Group
			case "version":
				return artefact.Version
			case "url":
				return p.URL
			case "scm.url":
				return p.SCM.URL
			}
			if v, ok := p.Properties[name]; ok {
				return v
			}
			return use
		})
		if next == text || len(next) > maxAddress {
			break
		}
		text = next
	}
	return text
}

// readMavenMetadata reads the newest version that a remote repository has.
func readMavenMetadata(b []byte) (_ answer, latest string, err error) {
	var m struct {
		Release  string   `xml:"versioning>release"`
		Latest   string   `xml:"versioning>latest"`
		Versions []string `xml:"versioning>versions>version"`
	}
	if err := decodePOM(b, &m); err != nil {
		return answer{}, "", err
	}
	stable := ""
	for _, v := range append(m.Versions, m.Release, m.Latest) {
		v = strings.TrimSpace(v)
		if v == "" || len(v) > 128 {
			continue
		}
		latest = v
		if !mavenPreRelease.MatchString(v) && (stable == "" || laterMaven(v, stable)) {
			stable = v
		}
	}
	if stable == "" {
		return answer{}, latest, nil
	}
	facts := Facts{Latest: noticeText(stable)}
	return answer{facts: func(string) Facts { return facts }}, stable, nil
}

// mavenPreRelease matches what makes a version none that is meant for everybody, by the words that Maven's order knows and those in
// use besides.
var mavenPreRelease = regexp.MustCompile(`(?i)(?:^|[.\-_0-9])(?:alpha|beta|a|b|m|milestone|rc|cr|ea|pre|preview|dev|snapshot|incubating)[.\-_]?[0-9]*(?:[.\-_]|$)`)

// laterMaven compares the numbers that versions begin with.
func laterMaven(version, than string) bool {
	a, b := mavenNumbers.FindString(version), mavenNumbers.FindString(than)
	x, y := strings.Split(a, "."), strings.Split(b, ".")
	for i := range max(len(x), len(y)) {
		var m, n int
		if i < len(x) {
			m, _ = strconv.Atoi(x[i])
		}
		if i < len(y) {
			n, _ = strconv.Atoi(y[i])
		}
		if m != n {
			return m > n
		}
	}
	return true // the list is in the order of publication
}

var mavenNumbers = regexp.MustCompile(`^[0-9]+(?:\.[0-9]+)*`)
