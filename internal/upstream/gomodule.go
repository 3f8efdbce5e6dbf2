package upstream

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/mod/module"
	"golang.org/x/net/html"
)

const (
	maxInfo  = 64 << 10  // bytes of a proxy's .info
	maxGoMod = 4 << 20   // bytes of a go.mod; the largest known are under 200 kB
	maxPage  = 512 << 10 // bytes of a page that may hold a go-import tag, which stands in its head
)

// GoMod gives the go.mod file of a module version: from the user's module cache, else from the first proxy of the user's Go
// configuration that has it. A module that no proxy may hear of is not fetched. Errors are or wrap ErrNotFound, ErrOffline,
// ErrUnreachable or the context's.
func (r *Resolver) GoMod(ctx context.Context, path, version string) ([]byte, error) {
	file, err := modulePath(path, version)
	if err != nil {
		return nil, err
	}
	s := r.goSettings()
	if s.modCache != "" {
		if b, err := readFile(filepath.Join(s.modCache, "cache", "download", filepath.FromSlash(file+".mod")), maxGoMod); err == nil {
			r.noteModule(path, version, b, moduleTime(filepath.Join(s.modCache, "cache", "download", filepath.FromSlash(file))))
			return b, nil
		}
	}
	fail := fmt.Errorf("go.mod of %s@%s: %w", path, version, ErrNotFound)
	if s.private(path) {
		return nil, fail
	}
	for _, p := range s.proxies {
		b, at, err := r.fromProxy(ctx, p, file+".mod", maxGoMod)
		if err == nil {
			r.noteModule(path, version, b, at)
			return b, nil
		}
		fail = fmt.Errorf("go.mod of %s@%s: %w", path, version, err)
		if !p.anyError && !errors.Is(err, ErrNotFound) {
			break
		}
	}
	return nil, fail
}

// PlanGoMod names the host that GoMod would ask first for a module version, sending nothing. It is empty if the module
// cache has the file, or if no proxy may hear of the module.
func (r *Resolver) PlanGoMod(path, version string) (host string) {
	file, err := modulePath(path, version)
	if err != nil || r.offline {
		return ""
	}
	s := r.goSettings()
	if s.private(path) {
		return ""
	}
	if s.modCache != "" {
		if _, err := os.Stat(filepath.Join(s.modCache, "cache", "download", filepath.FromSlash(file+".mod"))); err == nil {
			return ""
		}
	}
	for _, p := range s.proxies {
		if u, err := url.Parse(p.base); err == nil && u.Host != "" {
			return u.Host
		}
	}
	return ""
}

// modulePath gives the path of a module version below a proxy or the module cache, without its suffix.
func modulePath(path, version string) (string, error) {
	if err := module.CheckPath(path); err != nil {
		return "", err
	}
	p, err := module.EscapePath(path)
	if err != nil {
		return "", err
	}
	v, err := module.EscapeVersion(version)
	if err != nil {
		return "", err
	}
	return p + "/@v/" + v, nil
}

// fromProxy reads one file of a proxy, and tells when it had it; a proxy may be a folder.
func (r *Resolver) fromProxy(ctx context.Context, p goProxy, file string, limit int64) ([]byte, time.Time, error) {
	if p.folder != "" {
		b, err := readFile(filepath.Join(p.folder, filepath.FromSlash(file)), limit)
		if errors.Is(err, os.ErrNotExist) {
			err = ErrNotFound
		}
		return b, moduleTime(strings.TrimSuffix(filepath.Join(p.folder, filepath.FromSlash(file)), ".mod")), err
	}
	resp, err := r.fetch.get(ctx, p.request(file, limit))
	if err != nil {
		return nil, time.Time{}, err
	}
	return resp.body, resp.at, statusError(resp.status)
}

func (p goProxy) request(file string, limit int64) request {
	list := strings.HasSuffix(file, "/@v/list")
	return request{url: p.base + "/" + file, auth: p.auth, limit: limit, forever: strings.Contains(file, "/@v/") && !list, shared: list || strings.HasSuffix(file, "/@latest")}
}

// statusError turns what is not an answer into an error.
func statusError(status int) error {
	switch status {
	case http.StatusOK:
		return nil
	case http.StatusNotFound, http.StatusGone:
		return ErrNotFound
	case http.StatusRequestEntityTooLarge:
		return errTooLarge
	}
	return fmt.Errorf("answers %d %s", status, http.StatusText(status))
}

// askGo plans the questions about a Go module: the module cache and proxies for an Origin, then the module's own host for a
// go-import tag where the user's configuration lets modules be looked up directly; and for facts its versions and the go.mod
// file of the highest, which speaks for the module.
func askGo(r *Resolver, a asked) (steps, facts []step) {
	s := r.goSettings()
	path, private := a.name, s.private(a.name)
	latest := ""
	if p, err := module.EscapePath(path); err == nil && module.CheckPath(path) == nil {
		latest = p + "/@latest"
	}
	file := latest
	if a.Version != "" {
		file, _ = modulePath(path, a.Version) // empty if it is none
	}
	origin := func(b []byte) (answer, error) { return readOrigin(b, path) }
	if file != "" {
		if a.Version != "" {
			file += ".info"
			if s.modCache != "" {
				steps = append(steps, step{from: "go module cache", file: filepath.Join(s.modCache, "cache", "download", filepath.FromSlash(file)), limit: maxInfo, read: origin, goOn: always})
			}
		}
		if r.offline && !s.known && !private {
			steps = append(steps, step{unknown: true, goOn: always})
		}
	}
	for _, p := range s.proxies {
		if private || file == "" {
			break
		}
		steps = append(steps, p.step(file, maxInfo, origin))
		facts = append(facts, r.askGoLatest(path, p))
	}
	host, _, _ := strings.Cut(path, "/")
	itself, is := fromModulePath(path) // of the repository: its page has nothing to add
	is = is && surest([]candidate{itself}) >= sureEnough
	if _, err := cleanHost(host, private); err == nil && !is && (s.direct || private) && module.CheckPath(path) == nil {
		page := request{url: "https://" + path + "?go-get=1", limit: maxPage, firstPart: true}
		steps = append(steps, step{request: page, read: reads(func(b []byte) ([]candidate, error) { return readGoImport(b, path) }), goOn: always})
	}
	return steps, facts
}

// step asks a proxy for a file of its.
func (p goProxy) step(file string, limit int64, read func([]byte) (answer, error)) step {
	goOn := onlyNotFound
	if p.anyError {
		goOn = always
	}
	if p.folder != "" {
		return step{from: "go module proxy", file: filepath.Join(p.folder, filepath.FromSlash(file)), limit: limit, read: read, goOn: goOn}
	}
	return step{request: p.request(file, limit), read: read, goOn: goOn}
}

// readOrigin reads the Origin of a proxy's .info.
func readOrigin(b []byte, path string) (answer, error) {
	var info struct {
		Version, Time string
		Origin        struct{ VCS, URL, Subdir string }
	}
	if err := json.Unmarshal(b, &info); err != nil {
		return answer{}, err
	}
	said := answer{facts: func(version string) Facts {
		if version == "" || version == info.Version {
			return Facts{Released: dayOf(info.Time)}
		}
		return Facts{}
	}}
	o := info.Origin
	if o.URL == "" || o.VCS != "" && o.VCS != "git" {
		return said, nil
	}
	a, err := originAddress(o.URL)
	if err != nil {
		return said, err
	}
	a.Folder = cleanFolder(o.Subdir)
	said.found = []candidate{{Address: a, method: ProxyOrigin, evidence: "Origin of " + path + " in the module proxy"}}
	return said, nil
}

// originAddress cleans an address that somebody already ran git against, so that its host serves git whatever its name.
func originAddress(raw string) (Address, error) {
	if _, err := ParseAddress(raw); err != nil && !strings.HasSuffix(raw, ".git") {
		if u, _, _ := strings.Cut(raw, "?"); strings.HasPrefix(u, "https://") {
			return ParseAddress("git+" + strings.TrimSuffix(u, "/") + ".git")
		}
	}
	return ParseAddress(raw)
}

// readGoImport reads the go-import tag for a module: the one whose prefix the path has, as the go command chooses it. Only
// git repositories count.
func readGoImport(page []byte, path string) ([]candidate, error) {
	z := html.NewTokenizer(bytes.NewReader(page))
	z.SetMaxBuf(64 << 10)
	for range 10_000 {
		kind := z.Next()
		if kind == html.ErrorToken {
			break
		}
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
			continue
		}
		token := z.Token()
		if token.Data == "body" {
			break
		}
		if token.Data != "meta" {
			continue
		}
		var name, content string
		for _, a := range token.Attr {
			switch a.Key {
			case "name":
				name = a.Val
			case "content":
				content = a.Val
			}
		}
		f := strings.Fields(content)
		if name != "go-import" || len(f) != 3 && len(f) != 4 || f[1] != "git" {
			continue
		}
		rest, ok := strings.CutPrefix(path, f[0])
		if !ok || rest != "" && rest[0] != '/' {
			continue
		}
		a, err := originAddress(f[2])
		if err != nil {
			return nil, err
		}
		folder := strings.TrimPrefix(majorSuffix.ReplaceAllString(rest, ""), "/")
		if len(f) == 4 {
			folder = f[3] + "/" + folder
		}
		a.Folder = cleanFolder(folder)
		return []candidate{{Address: a, method: GoGet, evidence: "go-import tag of " + f[0]}}, nil
	}
	return nil, nil
}
