package upstream

import (
	"encoding/json"
	"net/url"
	"strconv"
)

const (
	searchSize = 20      // packages in an answer: the one asked for comes among the first
	maxSearch  = 2 << 20 // bytes of an answer
)

// askNPMSearch plans the questions about an npm package. Only a registry's search says what it counts, as a part of what it
// finds. Who may hear of the package is decided as for its manifest.
func askNPMSearch(r *Resolver, name string, q Query) []count {
	if !sendableNPM(name) {
		return nil
	}
	var all []count
	for _, base := range r.npm().registries(name, lockedAt(q.Hints, name)) {
		address := base + "/-/v1/search?text=" + url.QueryEscape(name) + "&size=" + strconv.Itoa(searchSize)
		all = append(all, count{
			registry: base,
			request:  request{url: address, accept: "application/json", auth: r.npm().login(base), limit: maxSearch},
			read:     func(b []byte) (Reach, error) { return readNPMSearch(b, name) },
		})
	}
	return all
}

// readNPMSearch finds a package in a search's answer by its exact name. Registries differ in what they add to one, and the
// same registry writes a count as a number today and as a text tomorrow.
func readNPMSearch(b []byte, name string) (Reach, error) {
	var answer struct {
		Objects []struct {
			Package    struct{ Name string }
			Downloads  json.RawMessage
			Dependents json.RawMessage
		}
	}
	if err := json.Unmarshal(b, &answer); err != nil {
		return Reach{}, err
	}
	for _, o := range answer.Objects {
		if o.Package.Name != name {
			continue
		}
		var downloads struct{ Monthly json.RawMessage }
		if json.Unmarshal(o.Downloads, &downloads) != nil {
			downloads.Monthly = nil // some give a number of another kind
		}
		return Reach{Downloads: countOf(downloads.Monthly), Dependents: countOf(o.Dependents)}, nil
	}
	return Reach{}, nil
}
