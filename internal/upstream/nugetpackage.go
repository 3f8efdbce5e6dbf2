package upstream

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

var nugetID = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$`)

// askNuGet plans the questions about a NuGet package: the manifest that NuGet has unpacked; then, at each source, its index of
// services, which says where manifests lie, and the manifest (https://learn.microsoft.com/nuget/api/overview). Sources of the
// older protocol, whose address names no index, are not asked.
func askNuGet(r *Resolver, a asked) (steps, facts []step) {
	if !nugetID.MatchString(a.name) || a.Version != "" && nugetVersion(a.Version) == "" {
		return nil, nil
	}
	id, version := strings.ToLower(a.name), nugetVersion(a.Version)
	read := func(b []byte) (answer, error) { return readNuspec(b, a.name) }
	if folder := r.nugetPackages(); folder != "" && version != "" {
		file := filepath.Join(folder, id, version, id+".nuspec")
		steps = append(steps, step{file: file, from: "NuGet packages folder", limit: maxManifest, goOn: always, read: read})
	}
	for _, at := range a.at {
		if !strings.HasSuffix(at.base, ".json") {
			continue
		}
		index := request{url: at.base, auth: at.auth, limit: maxManifest, shared: true}
		// below gives a request at a service of the source, and whether it has that.
		below := func(b []byte, path string, types ...string) (request, bool) {
			base := nugetService(b, at.base, types)
			get := request{url: base + path, limit: maxManifest}
			if hostOf(base) == hostOf(at.base) {
				get.auth = at.auth
			}
			return get, base != ""
		}
		manifest := func(b []byte, version string) (then []step) {
			if get, ok := below(b, id+"/"+url.PathEscape(version)+"/"+id+".nuspec", "PackageBaseAddress/3.0.0"); ok {
				get.forever = true
				then = []step{{request: get, goOn: always, read: read}}
			}
			return then
		}
		find := step{request: index, goOn: always, follow: 1, read: func(b []byte) (answer, error) { return answer{then: manifest(b, version)}, nil }}
		if version == "" {
			find.follow = 2
			find.read = func(b []byte) (answer, error) {
				get, ok := below(b, id+"/index.json", "PackageBaseAddress/3.0.0")
				if !ok {
					return answer{}, nil
				}
				return answer{then: []step{{request: get, goOn: always, read: func(list []byte) (answer, error) {
					newest, err := readNuGetVersions(list)
					if newest == "" {
						return answer{}, err
					}
					return answer{then: manifest(b, newest)}, nil
				}}}}, nil
			}
		}
		steps = append(steps, find)
		facts = append(facts, step{request: index, goOn: always, follow: 1 + nugetPages, read: func(b []byte) (answer, error) {
			get, ok := below(b, id+"/index.json", "RegistrationsBaseUrl/3.6.0", "RegistrationsBaseUrl/Versioned", "RegistrationsBaseUrl/3.4.0", "RegistrationsBaseUrl")
			if !ok {
				return answer{}, nil
			}
			return answer{then: []step{{request: get, goOn: always, read: func(b []byte) (answer, error) { return readRegistration(b, get, version) }}}}, nil
		}})
	}
	return steps, facts
}

// nugetService finds the address of a service in an index of them, by the first of the given types that it has. It ends in a
// slash, lies on the web, and is no less safe than the index.
func nugetService(index []byte, from string, types []string) string {
	var v struct {
		Resources []struct {
			ID   string          `json:"@id"`
			Type json.RawMessage `json:"@type"`
		}
	}
	if json.Unmarshal(index, &v) != nil {
		return ""
	}
	for _, kind := range types {
		for _, s := range v.Resources {
			var one string
			var many []string
			if json.Unmarshal(s.Type, &one) != nil {
				_ = json.Unmarshal(s.Type, &many) // neither: of no type
			}
			if base := registryBase(s.ID); base != "" && (one == kind || slices.Contains(many, kind)) &&
				(strings.HasPrefix(base, "https:") || strings.HasPrefix(from, "http:")) {
				return base + "/"
			}
		}
	}
	return ""
}

// readNuspec reads where a package's manifest says that it is developed (https://learn.microsoft.com/nuget/reference/nuspec).
func readNuspec(b []byte, name string) (answer, error) {
	var p struct {
		Metadata struct {
			Project    string `xml:"projectUrl"`
			Repository struct {
				URL string `xml:"url,attr"`
			} `xml:"repository"`
		} `xml:"metadata"`
	}
	if err := xml.Unmarshal(bytes.TrimPrefix(b, []byte("\ufeff")), &p); err != nil {
		return answer{}, err
	}
	links := []link{{"Repository", p.Metadata.Repository.URL}, {"Homepage", p.Metadata.Project}}
	return answer{found: fromLinks(links, name, "package's manifest")}, nil
}

// readNuGetVersions gives the newest version of a list that is no pre-release, or the last one where all are.
func readNuGetVersions(b []byte) (newest string, err error) {
	var v struct{ Versions []string }
	if err := json.Unmarshal(b, &v); err != nil {
		return "", err
	}
	last := ""
	for _, s := range v.Versions {
		s = nugetVersion(s)
		if s == "" {
			continue
		}
		if last = s; !strings.Contains(s, "-") && (newest == "" || nugetNewer(s, newest)) {
			newest = s
		}
	}
	return either(newest, last), nil
}

// nugetPages are how many pages of a registration are read: the one with the version in use and the last.
const nugetPages = 2

// registrationPage is a part of what a source says of a package, in ascending order of versions. Of large packages the index
// only tells where the parts lie (https://learn.microsoft.com/nuget/api/registration-base-url-resource).
type registrationPage struct {
	ID           string `json:"@id"`
	Lower, Upper string
	Items        []struct {
		Entry struct {
			Version     string
			Published   string
			Listed      *bool
			Deprecation *struct {
				Reasons   []string
				Message   string
				Alternate *struct{ ID string } `json:"alternatePackage"`
			}
		} `json:"catalogEntry"`
	}
}

func readRegistration(b []byte, asked request, version string) (answer, error) {
	var v struct{ Items []registrationPage }
	if err := json.Unmarshal(b, &v); err != nil {
		return answer{}, err
	}
	here, err := url.Parse(asked.url)
	if err != nil {
		return answer{}, err
	}
	var a answer
	told := map[string]bool{}
	var inlined registrationPage
	for i, p := range v.Items {
		inlined.Items = append(inlined.Items, p.Items...)
		last := i == len(v.Items)-1
		if len(p.Items) > 0 || !last && (version == "" || nugetNewer(nugetVersion(p.Lower), version) || nugetNewer(version, nugetVersion(p.Upper))) {
			continue
		}
		u, err := here.Parse(p.ID)
		if err != nil || u.Host != here.Host || u.Scheme != here.Scheme || u.User != nil || told[u.Path] || len(told) == nugetPages {
			continue
		}
		told[u.Path] = true
		u.Fragment = ""
		get := request{url: u.String(), auth: asked.auth, limit: maxManifest}
		a.then = append(a.then, step{request: get, goOn: always, read: func(b []byte) (answer, error) {
			var p registrationPage
			if err := json.Unmarshal(b, &p); err != nil {
				return answer{}, err
			}
			return answer{facts: p.facts(last)}, nil
		}})
	}
	if len(inlined.Items) > 0 {
		a.facts = inlined.facts(len(a.then) == 0)
	}
	return a, nil
}

// facts reads a page; newest says whether it holds the newest versions. A version that its owners have hidden from searches is
// taken back as far as a source can: it is still there for who has it.
func (p registrationPage) facts(newest bool) func(version string) Facts {
	of := make(map[string]Facts, len(p.Items))
	var project Facts
	for _, item := range p.Items {
		e := item.Entry
		f := Facts{Released: dayOf(e.Published)}
		if f.Released < "1901" { // what NuGet writes of hidden versions
			f.Released = ""
		}
		if e.Listed != nil && !*e.Listed {
			f.Yanked = "unlisted"
		}
		if d := e.Deprecation; d != nil {
			text := strings.Join(d.Reasons, ", ")
			if d.Message != "" {
				text = strings.TrimPrefix(text+": "+d.Message, ": ")
			}
			if d.Alternate != nil && d.Alternate.ID != "" {
				text = strings.TrimSpace(text + " (instead: " + d.Alternate.ID + ")")
			}
			f.Deprecated = either(noticeText(text), deprecatedWord)
		}
		v := nugetVersion(e.Version)
		of[v] = f
		if newest && f.Yanked == "" && v != "" && !strings.Contains(v, "-") && (project.Latest == "" || nugetNewer(v, nugetVersion(project.Latest))) {
			project.Latest, project.LatestReleased = e.Version, f.Released
		}
	}
	return func(version string) Facts {
		if version == "" {
			return of[nugetVersion(project.Latest)].or(project)
		}
		return of[nugetVersion(version)].or(project)
	}
}

var nugetForm = regexp.MustCompile(`^([0-9]{1,9})(?:\.([0-9]{1,9}))?(?:\.([0-9]{1,9}))?(?:\.([0-9]{1,9}))?(-[0-9A-Za-z.-]{1,200})?(?:\+[0-9A-Za-z.-]*)?$`)

// nugetVersion writes a version as addresses hold it: three numbers, or four if the last is not zero, without zeros before them
// and without what follows a plus sign (https://learn.microsoft.com/nuget/concepts/package-versioning). Empty if it is none.
func nugetVersion(s string) string {
	m := nugetForm.FindStringSubmatch(s)
	if m == nil {
		return ""
	}
	number := func(s string) string { return either(strings.TrimLeft(s, "0"), "0") }
	out := number(m[1]) + "." + number(m[2]) + "." + number(m[3])
	if n := number(m[4]); n != "0" {
		out += "." + n
	}
	return strings.ToLower(out + m[5])
}

// nugetNewer compares two versions that nugetVersion has written. Pre-releases of one version are in no order here.
func nugetNewer(version, than string) bool {
	split := func(s string) ([]string, bool) {
		numbers, _, pre := strings.Cut(s, "-")
		parts := strings.Split(numbers, ".")
		for len(parts) < 4 {
			parts = append(parts, "0")
		}
		return parts, pre
	}
	a, preA := split(version)
	b, preB := split(than)
	for i := range 4 {
		switch {
		case len(a[i]) != len(b[i]):
			return len(a[i]) > len(b[i])
		case a[i] != b[i]:
			return a[i] > b[i]
		}
	}
	return preB && !preA
}
