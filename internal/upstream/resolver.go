package upstream

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/package-url/packageurl-go"
	"golang.org/x/sync/errgroup"

	"github.com/mainstay-oss/mainstay/internal/dependency"
	"github.com/mainstay-oss/mainstay/internal/gap"
)

// Config says how repositories are looked for. Its zero value asks the registries of the user's own configuration, except
// those at private addresses, and keeps nothing.
type Config struct {
	Overrides    map[string]string // package URL without version, beginning of one followed by *, or module path → repository address
	Cache        string            // folder for answers of registries; empty: nothing is kept
	Offline      bool              // nothing is sent; what the cache and the module cache hold is used
	AllowPrivate bool              // hosts that the user's configuration names may have private addresses
	Project      string            // scanned folder; its .npmrc may name registries, no more trusted than its lockfile; may be empty
	Parallel     int               // packages looked up at once; default 16
	FreshFor     time.Duration     // how long a kept answer counts without asking again; default one day
	Patience     time.Duration     // for hosts that do not answer, all together; default the constant Patience
	Environ      []string          // the user's environment variables; nil: those of this process

	// Run asks a program for a setting that no file has: go for GOPROXY, npm for its registry. Nil runs the program, in a folder
	// of its own. It is not called when Offline; then the last answer that the cache holds counts.
	Run func(ctx context.Context, name string, args ...string) (string, error)
}

// A Resolver finds the repositories behind packages. It may be used by several goroutines at once.
type Resolver struct {
	overrides  []override
	parallel   int
	offline    bool
	fetch      *fetcher
	goSettings func() goSettings
	npm        func() npmSettings

	mu      sync.Mutex
	modules map[string]moduleEnd // by module path and version, from the go.mod files that were asked for
}

// New makes a resolver. The error names the override that cannot be understood.
func New(c Config) (*Resolver, error) {
	overrides, err := parseOverrides(c.Overrides)
	if err != nil {
		return nil, err
	}
	if c.Environ == nil {
		c.Environ = os.Environ()
	}
	if c.Run == nil {
		c.Run = programRunner(c.Environ, programPatience)
	}
	if c.Patience <= 0 {
		c.Patience = Patience
	}
	if c.FreshFor == 0 {
		c.FreshFor = defaultFreshFor
	}
	if c.Parallel <= 0 {
		c.Parallel = 16
	}
	env := newEnvironment(c.Environ, keepAnswers(c))
	r := &Resolver{overrides: overrides, parallel: c.Parallel, offline: c.Offline}
	// Read when first needed, and whatever the first caller's patience.
	r.goSettings = sync.OnceValue(func() goSettings { return readGoSettings(context.Background(), env) })
	r.npm = sync.OnceValue(func() npmSettings { return readNPMSettings(context.Background(), env, c.Project) })
	r.fetch = newFetcher(c, env, func(host string) bool { return c.AllowPrivate && r.configured(host) })
	return r, nil
}

// Close gives connections back. The resolver can still be used.
func (r *Resolver) Close() { r.fetch.client.CloseIdleConnections() }

// configured says whether the user's own configuration names a host.
func (r *Resolver) configured(host string) bool {
	s := r.goSettings()
	for _, p := range s.proxies {
		if u, err := url.Parse(p.base); err == nil && u.Hostname() == host {
			return true
		}
	}
	for _, pattern := range strings.Split(s.noProxy, ",") {
		first, _, _ := strings.Cut(pattern, "/")
		if ok, err := path.Match(first, host); err == nil && ok && strings.Contains(first, ".") {
			return true
		}
	}
	npm := r.npm()
	if slices.Contains(npm.hosts(), host) {
		return true
	}
	u, err := url.Parse(npm.fallback())
	return err == nil && u.Hostname() == host && host != ""
}

// A step is one place to look for an answer: a file or an address.
type step struct {
	unknown   bool   // the place is one that only a program knows, and none may be started
	file      string // of the module cache or of a proxy that is a folder
	limit     int64  // bytes of file
	request   request
	read      func([]byte) ([]candidate, error)
	goOn      func(error) bool // whether the next step may be taken after this error
	stopEmpty bool             // an answer without a repository is the last word
}

func always(error) bool           { return true }
func onlyNotFound(err error) bool { return errors.Is(err, ErrNotFound) }

// take takes steps until one names a repository. The error is the gravest met on the way, if none did.
func (r *Resolver) take(ctx context.Context, steps []step) ([]candidate, error) {
	var worst error
	for _, s := range steps {
		b, at, err := r.body(ctx, s)
		if err == nil {
			var c []candidate
			if c, err = s.read(b); len(c) > 0 {
				for i := range c {
					c[i].said = at
				}
				return c, nil
			}
			if s.stopEmpty && err == nil {
				return nil, worst
			}
		}
		if err == nil {
			continue
		}
		if worst == nil || gravity(err) > gravity(worst) {
			worst = err
		}
		if !s.goOn(err) { // the end of ctx is no reason to stop: a later place may have a kept answer
			break
		}
	}
	return nil, worst
}

// body gives a step's answer and when it was given.
func (r *Resolver) body(ctx context.Context, s step) ([]byte, time.Time, error) {
	if s.unknown {
		return nil, time.Time{}, ErrOffline
	}
	if s.file != "" {
		b, err := readFile(s.file, s.limit)
		if errors.Is(err, os.ErrNotExist) {
			err = ErrNotFound
		}
		return b, time.Time{}, err
	}
	resp, err := r.fetch.get(ctx, s.request)
	if err != nil {
		return nil, time.Time{}, err
	}
	if err := statusError(resp.status); err != nil {
		if errors.Is(err, ErrNotFound) {
			return nil, time.Time{}, err
		}
		u, _ := url.Parse(s.request.url)
		return nil, time.Time{}, fmt.Errorf("%s %w", u.Host, err)
	}
	return resp.body, resp.at, nil
}

// gravity orders errors by how much they say about why nothing was found.
func gravity(err error) int {
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return 4
	case errors.Is(err, ErrUnreachable):
		return 3
	case errors.Is(err, ErrOffline):
		return 2
	case errors.Is(err, ErrNotFound):
		return 0
	}
	return 1
}

// A job is what is known about one query before and after asking.
type job struct {
	query Query
	known []candidate
	ask   string // key of the question to ask over the network; empty if none
	err   error
}

// A question is asked once for all packages that need its answer.
type question struct {
	steps  []step
	answer []candidate
	err    error
}

// prepare applies the rules that ask nobody, and gathers the questions that are left.
func (r *Resolver) prepare(queries []Query) ([]*job, map[string]*question) {
	var jobs []*job
	questions := make(map[string]*question)
	for _, q := range unique(queries) {
		j := &job{query: q}
		jobs = append(jobs, j)
		p, err := packageurl.FromString(q.PURL)
		if err != nil {
			j.err = badPURL{err}
			continue
		}
		if c, ok := overridden(r.overrides, q, p); ok {
			j.known = []candidate{c}
			continue
		}
		j.known = local(q, p)
		if surest(j.known) >= sureEnough {
			continue
		}
		name := registryName(q, p)
		var steps []step
		switch p.Type {
		case packageurl.TypeGolang:
			j.ask = "go " + name + " " + q.Version
			steps = r.askGo(name, q.Version)
		case packageurl.TypeNPM:
			steps = r.askNPM(name, q.Hints)
			j.ask = "npm " + name
			for _, s := range steps {
				j.ask += " " + s.request.url
			}
		default:
			j.err = fmt.Errorf("no address of a repository in the file, and no registry of type %s is asked yet", p.Type)
			continue
		}
		if len(steps) == 0 {
			j.ask = ""
			j.err = errors.New("your configuration names no place to ask")
			continue
		}
		if questions[j.ask] == nil {
			questions[j.ask] = &question{steps: steps}
		}
	}
	return jobs, questions
}

type badPURL struct{ error }

// unique sorts queries by purl and joins those about the same one.
func unique(queries []Query) []Query {
	all := slices.Clone(queries)
	order := func(a, b dependency.Hint) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.URL, b.URL))
	}
	for i := range all {
		all[i].Hints = slices.SortedFunc(slices.Values(all[i].Hints), order)
	}
	slices.SortFunc(all, func(a, b Query) int {
		return cmp.Or(cmp.Compare(a.PURL, b.PURL), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Version, b.Version),
			slices.CompareFunc(a.Hints, b.Hints, order))
	})
	var out []Query
	for _, q := range all {
		if n := len(out); n > 0 && out[n-1].PURL == q.PURL {
			last := &out[n-1]
			last.Name, last.Version = either(last.Name, q.Name), either(last.Version, q.Version)
			last.Hints = slices.Compact(slices.SortedFunc(slices.Values(append(last.Hints, q.Hints...)), order))
			continue
		}
		out = append(out, q)
	}
	return out
}

// Resolve finds the repository behind each package. The result has an entry for every purl; one without Upstream was not
// resolved, which a gap explains. It does not depend on the order of the queries. When ctx ends, or has ended, what needs no network is still returned.
func (r *Resolver) Resolve(ctx context.Context, queries []Query) (map[string]Resolution, []gap.Gap) {
	jobs, questions := r.prepare(queries)
	var g errgroup.Group
	g.SetLimit(r.parallel)
	for _, q := range questions {
		g.Go(func() error {
			q.answer, q.err = r.take(ctx, q.steps)
			return nil
		})
	}
	_ = g.Wait() // never an error
	out := make(map[string]Resolution, len(jobs))
	var open gaps
	for _, j := range jobs {
		if q := questions[j.ask]; q != nil {
			j.known = append(j.known, q.answer...)
			j.err = q.err
		}
		res := choose(j.known)
		r.deprecatedModule(j.query, &res)
		switch {
		case res.Upstream == "":
			open.add(j.query.PURL, j.err)
		case j.ask != "" && j.err != nil && gravity(j.err) > 0:
			res.Evidence += "; a surer rule got no answer"
		}
		out[j.query.PURL] = res
	}
	oneAddress(out)
	return out, open.list()
}

// Plan gives, per host, how many requests Resolve would send at most for these queries: places that are asked only when an
// earlier one has no answer are counted too. Nothing is sent.
func (r *Resolver) Plan(queries []Query) map[string]int {
	hosts := make(map[string]int)
	if r.offline {
		return hosts
	}
	_, questions := r.prepare(queries)
	for _, q := range questions {
		for _, s := range q.steps {
			body, here := r.atHand(s)
			if here && body == nil {
				continue
			}
			if here {
				if c, err := s.read(body); len(c) > 0 || s.stopEmpty && err == nil {
					break
				}
				continue
			}
			if u, err := url.Parse(s.request.url); err == nil {
				hosts[u.Host]++
			}
		}
	}
	return hosts
}

// atHand gives a step's answer if it takes no request to have it; the body is nil if it is known that there is none.
func (r *Resolver) atHand(s step) (body []byte, here bool) {
	if s.file != "" {
		body, _ = readFile(s.file, s.limit)
		return body, true
	}
	e, _, enough := r.fetch.cached(s.request)
	if !enough || e.Status != http.StatusOK {
		return nil, enough
	}
	return e.Body, true
}

func surest(all []candidate) float64 {
	best := 0.0
	for _, c := range all {
		v, _ := confidence(c.method)
		best = max(best, v)
	}
	return best
}

// choose weighs the rules' answers: the surest wins, and pays for being contradicted.
func choose(all []candidate) Resolution {
	if len(all) == 0 {
		return Resolution{}
	}
	all = slices.SortedFunc(slices.Values(all), func(a, b candidate) int {
		_, ra := confidence(a.method)
		_, rb := confidence(b.method)
		return cmp.Or(cmp.Compare(ra, rb), cmp.Compare(a.ID, b.ID), cmp.Compare(b.Folder, a.Folder), cmp.Compare(a.URL, b.URL), cmp.Compare(a.evidence, b.evidence))
	})
	win := all[0]
	sure, _ := confidence(win.method)
	res := Resolution{Upstream: win.ID, URL: win.URL, Folder: win.Folder, Method: win.method, Confidence: sure, Evidence: win.evidence}
	against := 0.0
	for _, c := range all {
		if c.deprecated != "" {
			res.Deprecated, res.DeprecatedOn = c.deprecated, c.said.UTC().Format(time.DateOnly)
			break
		}
	}
	for _, c := range all[1:] {
		switch {
		case c.ID == win.ID:
			if res.Folder == "" {
				res.Folder = c.Folder
			}
		case c.method == NestedGroup: // a guess, now known to be wrong
		default:
			if v, _ := confidence(c.method); v > against {
				against = v
				res.Evidence += fmt.Sprintf("; but %s says %s", c.evidence, c.ID)
			}
		}
	}
	res.Confidence *= 1 - against/2
	return res
}

// oneAddress gives all packages of an upstream the same address to clone from: sources differ in upper and lower case.
func oneAddress(m map[string]Resolution) {
	best := make(map[string]string)
	for _, r := range m {
		if old, ok := best[r.Upstream]; !ok || r.URL < old {
			best[r.Upstream] = r.URL
		}
	}
	for k, r := range m {
		r.URL = best[r.Upstream]
		m[k] = r
	}
}

// gaps gathers what was not resolved, one gap a cause where the cause is shared.
type gaps struct {
	single []gap.Gap
	shared map[string]*gap.Gap // by kind and host
}

func (g *gaps) add(purl string, err error) {
	one := gap.Gap{Stage: gap.Upstream, Kind: gap.Unresolved, What: purl, Count: 1}
	var he *hostError
	var bad badPURL
	switch {
	case err == nil, errors.Is(err, ErrNotFound):
		// The kind says it all.
	case errors.As(err, &bad):
		one.Kind, one.Detail = gap.BadPURL, bad.Error()
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		one.Kind, one.What = gap.OutOfBudget, ""
	case errors.Is(err, ErrOffline):
		one.Kind, one.What = gap.Offline, ""
	case errors.As(err, &he):
		one.Kind, one.What, one.Detail = gap.HostUnreachable, he.host, he.cause.Error()
	default:
		one.Detail = err.Error()
	}
	switch one.Kind {
	case gap.OutOfBudget, gap.Offline, gap.HostUnreachable:
		key := string(one.Kind) + " " + one.What
		if g.shared == nil {
			g.shared = make(map[string]*gap.Gap)
		}
		if old := g.shared[key]; old != nil {
			old.Count++
			old.Detail = min(old.Detail, one.Detail)
			return
		}
		g.shared[key] = &one
	default:
		g.single = append(g.single, one)
	}
}

func (g *gaps) list() []gap.Gap {
	all := g.single
	for _, s := range g.shared {
		all = append(all, *s)
	}
	gap.Sort(all)
	return all
}
