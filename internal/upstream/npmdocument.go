package upstream

import (
	"encoding/json"
	"errors"
)

// notOffered is what is said of a version that a registry knows to have been published, and has no more.
const notOffered = "no longer offered by the registry"

// readNPMDocument reads all that a registry says of a package
// (https://github.com/npm/registry/blob/main/docs/responses/package-metadata.md). Where the project lives stands at its top or,
// in registries that leave that out, in the latest version.
func readNPMDocument(b []byte, name string) (answer, error) {
	var d struct {
		npmManifest
		Tags        struct{ Latest string } `json:"dist-tags"`
		Time        map[string]json.RawMessage
		Versions    map[string]npmManifest
		Maintainers []json.RawMessage
	}
	var odd *json.UnmarshalTypeError // a field of some old version, which is no reason to know nothing of the others
	if err := json.Unmarshal(b, &d); err != nil && (!errors.As(err, &odd) || d.Versions == nil) {
		return answer{}, err
	}
	latest, known := d.Versions[d.Tags.Latest]
	found := d.repositories(name)
	if len(found) == 0 {
		found = latest.repositories(name)
	}
	released := make(map[string]string, len(d.Time))
	for version, raw := range d.Time { // and created, modified, or unpublished with an object
		var stamp string
		if json.Unmarshal(raw, &stamp) == nil {
			released[version] = dayOf(stamp)
		}
	}
	project := Facts{Deprecated: deprecation(latest.Deprecated)}
	if known && newer(d.Tags.Latest, "") {
		project.Latest, project.LatestReleased = d.Tags.Latest, released[d.Tags.Latest]
	}
	if n := len(d.Maintainers); n > 0 { // registries of one's own leave the field out
		project.Publishers = &n
	}
	deprecated := map[string]string{}
	for version, m := range d.Versions {
		if text := deprecation(m.Deprecated); text != "" {
			deprecated[version] = text
		}
	}
	gone := map[string]bool{}
	for version := range released {
		if _, has := d.Versions[version]; !has {
			gone[version] = true
		}
	}
	return answer{found: found, facts: func(version string) Facts {
		f := Facts{Released: released[version]}
		if text := deprecated[version]; text != "" {
			f.Deprecated, f.DeprecatedAlone = text, known && project.Deprecated == ""
		}
		if gone[version] && f.Released != "" {
			f.Yanked = notOffered
		}
		return f.or(project)
	}}, nil
}
