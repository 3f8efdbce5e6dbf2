package upstream

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/url"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/BurntSushi/toml"
	"golang.org/x/mod/semver"
)

const (
	maxIndex     = 4 << 20   // bytes of what an index says of a crate; the largest known have some hundred kB
	crateStart   = 128 << 10 // bytes of a crate's archive that are fetched: its manifest stands near the beginning
	maxCrateText = 1 << 20   // bytes of a file in it
)

var crateName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$`)

// askCrate plans the questions about a crate. Nobody is asked where Cargo has the crate already. Otherwise its archive is read in
// its first part: it holds the manifest with the repository, and where in the repository the crate lay. Archives and indexes are
// plain files made to be fetched by many; the registry's own interface would have to be asked once a second at most
// (https://doc.rust-lang.org/cargo/reference/registry-index.html; RFC 2789).
func askCrate(r *Resolver, a asked) (steps, facts []step) {
	if !crateName.MatchString(a.name) || a.Version != "" && !semver.IsValid("v"+a.Version) {
		return nil, nil
	}
	if home := r.cargoHome; home != "" {
		if a.Version != "" {
			found, _ := filepath.Glob(filepath.Join(home, "registry", "src", "*", a.name+"-"+a.Version, "Cargo.toml")) // only the pattern can be bad
			for _, file := range found {
				steps = append(steps, step{file: file, from: "cargo registry cache", limit: maxCrateText, goOn: always, read: func(b []byte) (answer, error) {
					vcs, _ := readFile(filepath.Join(filepath.Dir(file), vcsInfo), maxCrateText) // older crates have none
					return readCargoToml(b, vcs, a.name)
				}})
			}
		}
		kept, _ := filepath.Glob(filepath.Join(home, "registry", "index", "*", ".cache", filepath.FromSlash(indexPath(a.name))))
		for _, file := range kept {
			facts = append(facts, step{file: file, from: "cargo registry cache", limit: maxIndex, goOn: always, read: readCrateIndex})
		}
	}
	for _, at := range a.at {
		config := at.request("config.json", maxConfig)
		config.shared = true
		index := at.request(indexPath(a.name), maxIndex)
		archive := func(version string) step {
			return step{request: config, goOn: always, follow: 1, read: func(b []byte) (answer, error) {
				address, err := crateAddress(b, a.name, version)
				if err != nil {
					return answer{}, err
				}
				get := at.elsewhere(address, crateStart)
				get.firstPart, get.forever = true, true
				return answer{then: []step{{request: get, goOn: always, read: func(b []byte) (answer, error) { return readCrate(b, a.name) }}}}, nil
			}}
		}
		if a.Version != "" {
			steps = append(steps, archive(a.Version))
			facts = append(facts, step{request: index, goOn: always, read: readCrateIndex})
			continue
		}
		steps = append(steps, step{request: index, goOn: always, follow: 2, read: func(b []byte) (answer, error) {
			said, err := readCrateIndex(b)
			if err == nil {
				if latest := said.facts("").Latest; latest != "" {
					said.then = []step{archive(latest)}
				}
			}
			return said, err
		}})
	}
	return steps, facts
}

// indexPath is where an index keeps a crate.
func indexPath(name string) string {
	name = strings.ToLower(name)
	switch len(name) {
	case 1, 2:
		return string('0'+rune(len(name))) + "/" + name
	case 3:
		return "3/" + name[:1] + "/" + name
	}
	return name[:2] + "/" + name[2:4] + "/" + name
}

// crateAddress fills in the address of archives that an index's config.json gives. It must lie on the web.
func crateAddress(config []byte, name, version string) (string, error) {
	var c struct{ DL string }
	if err := json.Unmarshal(config, &c); err != nil {
		return "", err
	}
	prefix := path.Dir(indexPath(name))
	if !strings.Contains(c.DL, "{") {
		c.DL = strings.TrimSuffix(c.DL, "/") + "/{crate}/{version}/download"
	}
	address := strings.NewReplacer("{crate}", url.PathEscape(name), "{version}", url.PathEscape(version), "{prefix}", prefix, "{lowerprefix}", prefix).Replace(c.DL)
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || strings.Contains(address, "{") {
		return "", errNoPlace
	}
	return address, nil
}

// readCrateIndex reads what an index says of a crate: a line of JSON for each version, in the file that Cargo keeps with NULs and
// version numbers between them.
func readCrateIndex(b []byte) (answer, error) {
	of := map[string]Facts{}
	var crate Facts
	bad := error(nil)
	for _, line := range bytes.FieldsFunc(b, func(r rune) bool { return r == '\n' || r == 0 }) {
		if line[0] != '{' {
			continue
		}
		var v struct {
			Vers      string
			Yanked    bool
			Published string `json:"pubtime"`
		}
		if err := json.Unmarshal(line, &v); err != nil {
			bad = err
			continue
		}
		f := Facts{Released: dayOf(v.Published)}
		if v.Yanked {
			f.Yanked = yankedWord
		} else if newer(v.Vers, crate.Latest) {
			crate.Latest, crate.LatestReleased = v.Vers, f.Released
		}
		of[v.Vers] = f
	}
	if len(of) == 0 {
		return answer{}, bad
	}
	return answer{facts: func(version string) Facts { return of[version].or(crate) }}, nil
}

// vcsInfo is the file in which Cargo notes where a crate lay when it was packed.
const vcsInfo = ".cargo_vcs_info.json"

// readCrate reads the manifest in the beginning of a crate's archive.
func readCrate(b []byte, name string) (answer, error) {
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return answer{}, err
	}
	files := tar.NewReader(io.LimitReader(z, 32<<20)) // bytes of what they are, packed ever so tightly
	var manifest, vcs []byte
	for range 10_000 {
		h, err := files.Next()
		if err != nil { // the end of what was fetched
			break
		}
		_, base, inside := strings.Cut(h.Name, "/")
		if !inside || base != "Cargo.toml" && base != vcsInfo {
			continue
		}
		text, err := readAll(files, maxCrateText)
		if err != nil {
			break
		}
		if base == vcsInfo {
			vcs = text
			continue
		}
		manifest = text
		break // names stand in order, and that of the other begins with a dot
	}
	if manifest == nil {
		return answer{}, nil
	}
	return readCargoToml(manifest, vcs, name)
}

// readCargoToml reads where a crate's manifest says that it is developed, and what Cargo noted.
func readCargoToml(b, vcs []byte, name string) (answer, error) {
	var m struct {
		Package struct{ Name, Repository, Homepage any }
	}
	if _, err := toml.Decode(string(b), &m); err != nil {
		return answer{}, err
	}
	folder := struct {
		Path string `json:"path_in_vcs"`
	}{}
	_ = json.Unmarshal(vcs, &folder) // without, the folder is not known
	text := func(v any) string { s, _ := v.(string); return s }
	var a answer
	if c, ok := found(text(m.Package.Repository), "", Repository, "repository in the Cargo.toml of "+name); ok {
		if c.Folder == "" {
			c.Folder = cleanFolder(folder.Path)
		}
		a.found = append(a.found, c)
	}
	if c, ok := found(text(m.Package.Homepage), "", Website, "homepage in the Cargo.toml of "+name); ok {
		if host, _, _ := strings.Cut(c.ID, "/"); forges[host].owned {
			a.found = append(a.found, c)
		}
	}
	return a, nil
}
