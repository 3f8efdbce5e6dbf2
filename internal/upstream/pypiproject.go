package upstream

import (
	"bufio"
	"bytes"
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

var pypiName = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9._-]{0,212}[A-Za-z0-9])?$`)

// askPyPI plans the questions about a Python project: the JSON of its latest release, which knows where the project lives now
// (https://docs.pypi.org/api/json); then, for indexes that have none, the metadata file of its newest file in the simple index
// (PEP 658, PEP 691).
func askPyPI(_ *Resolver, a asked) (steps, facts []step) {
	if !pypiName.MatchString(a.name) {
		return nil, nil
	}
	for _, at := range a.at {
		root := at
		root.base = strings.TrimSuffix(at.base, "/simple")
		json := root.request("pypi/"+url.PathEscape(a.name)+"/json", maxManifest)
		steps = append(steps, step{request: json, goOn: always, stopEmpty: true, read: func(b []byte) (answer, error) { return readPyPI(b, a.name) }})
		simple := at.request(url.PathEscape(strings.ToLower(pypiSeparators.ReplaceAllString(a.name, "-")))+"/", maxManifest)
		simple.accept = "application/vnd.pypi.simple.v1+json"
		steps = append(steps, step{request: simple, goOn: always, follow: 1, read: func(b []byte) (answer, error) { return readSimple(b, a.name, simple) }})
	}
	return steps, nil
}

var pypiSeparators = regexp.MustCompile(`[-_.]+`)

// pypiFile is what an index says of a file of a release. The two interfaces write its date differently.
type pypiFile struct {
	Uploaded string          `json:"upload_time_iso_8601"`
	Yanked   bool            `json:"yanked"`
	Reason   json.RawMessage `json:"yanked_reason"`
}

// readPyPI reads what the latest release of a project says of itself, and what the index says of all of them.
func readPyPI(b []byte, name string) (answer, error) {
	var p struct {
		Info struct {
			Version     string
			Homepage    string            `json:"home_page"`
			Download    string            `json:"download_url"`
			ProjectURLs map[string]string `json:"project_urls"`
			Classifiers []string
		}
		Releases  map[string][]pypiFile
		Ownership *struct{ Roles []struct{ User string } }
		Status    json.RawMessage `json:"project-status"`
	}
	if err := json.Unmarshal(b, &p); err != nil {
		return answer{}, err
	}
	links := []link{{"Homepage", p.Info.Homepage}, {"Download", p.Info.Download}}
	for label, address := range p.Info.ProjectURLs {
		links = append(links, link{label, address})
	}
	of := make(map[string]Facts, len(p.Releases))
	latest := ""
	for version, files := range p.Releases {
		f, on := Facts{}, ""
		yanked := len(files) > 0
		for _, file := range files {
			if day := dayOf(file.Uploaded); f.Released == "" || day < f.Released {
				f.Released = day
			}
			on = either(on, reasonOf(file.Reason))
			yanked = yanked && file.Yanked
		}
		if yanked {
			f.Yanked = either(on, yankedWord)
		}
		of[version] = f
	}
	latest = p.Info.Version
	project := Facts{Latest: latest, LatestReleased: of[latest].Released}
	if p.Ownership != nil {
		users := map[string]bool{}
		for _, role := range p.Ownership.Roles {
			users[role.User] = true
		}
		n := len(users)
		project.Publishers = &n
	}
	project.Deprecated = pypiStatus(p.Status)
	if project.Deprecated == "" && slices.Contains(p.Info.Classifiers, "Development Status :: 7 - Inactive") {
		project.Deprecated = "Development Status :: 7 - Inactive"
	}
	return answer{found: fromLinks(links, name, "package index"), facts: func(version string) Facts { return of[version].or(project) }}, nil
}

// yankedWord is what is said of a version that was taken back for no reason given.
const yankedWord = "yanked"

func reasonOf(raw json.RawMessage) string {
	var text string
	_ = json.Unmarshal(raw, &text) // null, or a form not known: no reason
	return noticeText(text)
}

// pypiStatus reads the marker of PEP 792: archived and deprecated are statements of the project's owners.
func pypiStatus(raw json.RawMessage) string {
	var status struct{ Status, Reason string }
	if json.Unmarshal(raw, &status) != nil || status.Status != "archived" && status.Status != "deprecated" {
		return ""
	}
	return noticeText(strings.TrimSuffix(status.Status+": "+status.Reason, ": "))
}

// readSimple finds the newest file of a project that has a metadata file beside it, on the same host.
func readSimple(b []byte, name string, asked request) (answer, error) {
	var p struct {
		Files []struct {
			Filename string
			URL      string
			Uploaded string          `json:"upload-time"`
			Core     json.RawMessage `json:"core-metadata"`
			Dist     json.RawMessage `json:"dist-info-metadata"`
		}
	}
	if err := json.Unmarshal(b, &p); err != nil {
		return answer{}, err
	}
	here, err := url.Parse(asked.url)
	if err != nil {
		return answer{}, err
	}
	best, when := "", ""
	for _, f := range p.Files {
		has := either(string(f.Core), string(f.Dist))
		u, err := here.Parse(f.URL)
		if err != nil || u.Host != here.Host || u.Scheme != here.Scheme || u.User != nil || has == "" || has == "false" || best != "" && f.Uploaded < when {
			continue
		}
		u.Fragment = ""
		best, when = u.String()+".metadata", f.Uploaded
	}
	if best == "" {
		return answer{}, nil
	}
	file := request{url: best, auth: asked.auth, limit: maxManifest, forever: true}
	return answer{then: []step{{request: file, goOn: always, read: func(b []byte) (answer, error) { return readCoreMetadata(b, name), nil }}}}, nil
}

// readCoreMetadata reads the links in a metadata file: headers as in mail, before an empty line.
func readCoreMetadata(b []byte, name string) answer {
	var links []link
	lines := bufio.NewScanner(bytes.NewReader(b))
	lines.Buffer(nil, maxManifest)
	for lines.Scan() && lines.Text() != "" {
		key, value, _ := strings.Cut(lines.Text(), ":")
		switch strings.ToLower(key) {
		case "home-page":
			links = append(links, link{"Homepage", strings.TrimSpace(value)})
		case "project-url":
			label, address, _ := strings.Cut(value, ",")
			links = append(links, link{strings.TrimSpace(label), strings.TrimSpace(address)})
		}
	}
	return answer{found: fromLinks(links, name, "package index")}
}
