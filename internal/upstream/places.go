package upstream

import (
	"net/url"
	"slices"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/dependency"
)

// A place is a registry that may be asked.
type place struct {
	base string // http(s) address without credentials, query or a slash at its end
	auth string // Authorization header for addresses below base; may be empty
}

// places are what a user's own configuration says about the registries of one kind.
type places struct {
	own      []place                                // that the user's settings name, in the order in which they are asked
	scanned  []place                                // that settings in the scanned folder name; as those of a lockfile, for packages of which it names none
	login    func(base string) string               // Authorization header that the user keeps for a registry that only a lockfile names; may be nil
	replaces bool                                   // own stand for the built-in registry alone: what a file takes from another is nothing to them
	besides  bool                                   // the built-in registry is asked after own too, as the client does
	fallback func() []place                         // the client's built-in registry, asked of the client itself when nothing else names one; may be nil
	builtIn  func(address string) bool              // whether an address in a lockfile is the built-in registry by another name; may be nil
	among    func(name string, all []place) []place // which of the places may hear of a package; nil: all
	mirror   func(base string) string               // what stands in the place of a registry that a lockfile names; may be nil
	private  func(name string) bool                 // names that nobody but the user's own registries may hear of; may be nil
}

// A standing says where the places to ask about a package come from.
type standing int

const (
	named   standing = iota // the user's settings or the scanned file name them
	builtIn                 // the client's own default: a public registry, so that the package's name is no secret
	nowhere                 // nothing names one
)

// order gives the places to ask about a package: the user's own; then the registry that the scanned file names, which knows the
// package's name already; and only where neither names one, the client's built-in registry.
func (p places) order(hints []dependency.Hint) ([]place, standing) {
	var locked []place
	elsewhere := false // the file names a registry that cannot be asked, and no other need hear of the package
	for i, h := range hints {
		if i == maxHints {
			break
		}
		if h.Kind != "registry" || p.builtIn != nil && p.builtIn(h.URL) {
			continue
		}
		base := registryBase(h.URL)
		if base == "" {
			elsewhere = true
			continue
		}
		if p.mirror != nil {
			base = p.mirror(base)
		}
		one := place{base: base}
		if p.login != nil {
			one.auth = p.login(base)
		}
		locked = append(locked, one)
	}
	if len(locked) == 0 && !elsewhere {
		locked = p.scanned
	}
	all := locked
	if !p.replaces || len(locked) == 0 && !elsewhere {
		all = slices.Concat(p.own, locked)
	}
	if p.besides && p.fallback != nil && len(locked) == 0 && !elsewhere && len(all) > 0 {
		all = append(all, p.fallback()...)
	}
	if all = distinct(all); len(all) > 0 || elsewhere {
		return all, named
	}
	if p.fallback != nil {
		if all = p.fallback(); len(all) > 0 {
			return all, builtIn
		}
	}
	return nil, nowhere
}

// distinct leaves out places that stood before.
func distinct(all []place) (out []place) {
	for _, a := range all {
		if !slices.ContainsFunc(out, func(o place) bool { return o.base == a.base }) {
			out = append(out, a)
		}
	}
	return out
}

// has says whether the user's settings name an address.
func (p places) has(base string) bool {
	return slices.ContainsFunc(p.own, func(a place) bool { return a.base == base })
}

// names says whether the user's settings, or their client's, name a host.
func (p places) names(host string) bool {
	is := func(a place) bool {
		u, err := url.Parse(a.base)
		return err == nil && u.Hostname() == host
	}
	return slices.ContainsFunc(p.own, is) || p.fallback != nil && slices.ContainsFunc(p.fallback(), is)
}

// newPlace reads the address of a registry with the credentials in it, which count before those that the user keeps elsewhere.
func newPlace(raw string, logins map[string]string) (place, bool) {
	base := registryBase(raw)
	if base == "" {
		return place{}, false
	}
	u, err := url.Parse(strings.TrimSpace(raw))
	if err != nil {
		return place{}, false
	}
	p := place{base: base, auth: logins[u.Hostname()]}
	if u.User != nil {
		p.auth = basic(u.User.Username(), password(u.User))
	}
	return p, true
}

// elsewhere asks for what a place itself leads to, with the login for it only where that is the same host.
func (p place) elsewhere(address string, limit int64) request {
	r := request{url: address, limit: limit}
	if hostOf(address) == hostOf(p.base) && strings.HasPrefix(address, p.base[:strings.Index(p.base, ":")+1]) {
		r.auth = p.auth
	}
	return r
}

// request asks for what lies below a place.
func (p place) request(below string, limit int64) request {
	return request{url: p.base + "/" + below, auth: p.auth, limit: limit}
}
