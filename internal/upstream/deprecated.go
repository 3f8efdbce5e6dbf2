package upstream

import (
	"bytes"
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/package-url/packageurl-go"
	"golang.org/x/mod/modfile"
)

// What registries and modules say of packages is used for the upstream only where all that is known of it agrees. Of packages
// that only others need nothing is asked for it: what is known of them is a by-product of finding the upstream.

// deprecatedWord is what is said where a registry says no more than that.
const deprecatedWord = "deprecated"

// deprecation reads the field of an npm manifest: a text, or in old packages true.
func deprecation(raw json.RawMessage) string {
	var text string
	var is bool
	switch {
	case json.Unmarshal(raw, &text) == nil:
		return noticeText(text)
	case json.Unmarshal(raw, &is) == nil && is:
		return deprecatedWord
	}
	return ""
}

// A moduleEnd is what the go.mod file of a module version says of it.
type moduleEnd struct {
	text string
	at   time.Time
}

// noteModule remembers what a go.mod file says of its module: a comment "Deprecated:".
func (r *Resolver) noteModule(path, version string, text []byte, at time.Time) {
	if at.IsZero() || !bytes.Contains(text, []byte("Deprecated:")) {
		return
	}
	f, err := modfile.ParseLax("go.mod", text, nil)
	if err != nil || f.Module == nil || f.Module.Deprecated == "" {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.modules == nil {
		r.modules = map[string]moduleEnd{}
	}
	r.modules[path+"@"+version] = moduleEnd{noticeText(f.Module.Deprecated), at}
}

// moduleFacts adds to a resolution what the go.mod file of the module's latest version says of the version in use, or, where
// that was not asked for, what its own says.
func (r *Resolver) moduleFacts(q Query, res *Resolution) {
	p, err := packageurl.FromString(q.PURL)
	if err != nil || p.Type != packageurl.TypeGolang {
		return
	}
	path := registryName(q, p)
	r.mu.Lock()
	defer r.mu.Unlock()
	if says := r.latest[path]; says != nil {
		res.Facts = res.Facts.or(says(q.Version))
	} else if end, ok := r.modules[path+"@"+q.Version]; ok {
		res.Deprecated, res.DeprecatedOn = end.text, end.at.UTC().Format(time.DateOnly)
	}
	if res.Source == "" && res.Facts != (Facts{}) {
		res.Source = "go.mod of " + path
	}
}

// moduleTime gives since when a module version in a folder has been out, by its .info file, or else at least been here.
func moduleTime(base string) time.Time {
	var info struct{ Time time.Time }
	if b, err := readFile(base+".info", maxInfo); err == nil && json.Unmarshal(b, &info) == nil && !info.Time.IsZero() {
		return info.Time
	}
	if stat, err := os.Stat(base + ".mod"); err == nil {
		return stat.ModTime()
	}
	return time.Time{}
}

// movedOn matches what is said of a package that goes on under another name, and so tells nothing of its upstream.
var movedOn = regexp.MustCompile(`(?i)\b(?:renamed|moved|new name|now (?:published|available|called|named|part)|merged into|package name|new package|major version|v\d+)\b`)

// DeprecatedUpstreams gives notices for the upstreams whose packages in use are all deprecated, in their latest version as far
// as that is known: none of them from a folder of a larger repository, and none that goes on in the same place or under another
// name. The date is the latest on which one of them is first known to have been so.
func DeprecatedUpstreams(found map[string]Resolution) Notices {
	all := Notices{}
	alive := map[string]bool{}
	ends := map[string]map[string]Resolution{} // by upstream and package, whatever the version
	for purl, res := range found {
		p, err := packageurl.FromString(purl)
		if err != nil || res.Upstream == "" {
			continue
		}
		if res.DeprecatedAlone {
			res.Deprecated = ""
		}
		name := bare(p)
		if ends[res.Upstream] == nil {
			ends[res.Upstream] = map[string]Resolution{}
		}
		said := strings.ToLower(res.Deprecated)
		if res.Folder != "" || said != "" && (movedOn.MatchString(said) || strings.Contains(said, res.Upstream)) {
			alive[res.Upstream] = true
		}
		// A module's go.mod speaks for its versions before, so that one version that says it is enough for the package.
		if old, ok := ends[res.Upstream][name]; !ok || old.Deprecated == "" || res.Deprecated != "" && res.DeprecatedOn < old.DeprecatedOn {
			ends[res.Upstream][name] = res
		}
	}
	for id, packages := range ends {
		if alive[id] {
			continue
		}
		var last Notice
		for name, res := range packages {
			if res.Deprecated == "" {
				last = Notice{}
				break
			}
			n := Notice{Kind: Deprecated, Date: res.DeprecatedOn, Source: name, Text: res.Deprecated}
			if n.Date > last.Date || n.Date == last.Date && n.Source < last.Source {
				last = n
			}
		}
		if last.Date != "" {
			all[id] = []Notice{last}
		}
	}
	return all
}
