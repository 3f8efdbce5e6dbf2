package upstream

import (
	"cmp"
	"context"
	"fmt"
	"maps"
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
	Version      string            // of the program, which tells hosts who asks
	Environ      []string          // the user's environment variables; nil: those of this process

	// Run asks a program for a setting that no file has: go for GOPROXY, npm for its registry. Nil runs the program, in a folder
	// of its own. It is not called when Offline; then the last answer that the cache holds counts.
	Run func(ctx context.Context, name string, args ...string) (string, error)

	// Follow names the repositories (host/owner/name) whose forge is asked whether they have moved: those whose history must be
	// fetched from there anyway. Nil: none.
	Follow func(upstream string) bool

	etc string // folder of settings for all users of the machine; empty: /etc. Tests have one of their own.
}

// A Resolver finds the repositories behind packages. It may be used by several goroutines at once.
type Resolver struct {
	overrides  []override
	parallel   int
	offline    bool
	factsFor   time.Duration
	movedFor   time.Duration
	follows    func(upstream string) bool
	fetch      *fetcher
	goSettings func() goSettings
	npm        func() npmSettings
	places     map[string]func() places // by type of package URL
	cargoHome  string                   // Cargo's own folder, with what it has fetched

	mavenRepository func() string // folder; empty if there is none
	gradleHome      string        // Gradle's own folder, likewise
	podHome         string        // where CocoaPods keeps specifications, likewise
	nugetPackages   func() string // folder of what NuGet has unpacked; empty if there is none

	mu      sync.Mutex
	modules map[string]moduleEnd                  // by module path and version, from the go.mod files that were asked for
	latest  map[string]func(version string) Facts // by module path, what the go.mod file of the latest version says
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
	env.etc = either(c.etc, "/etc")
	r := &Resolver{overrides: overrides, parallel: c.Parallel, offline: c.Offline, factsFor: factsPatience, movedFor: movedPatience, follows: c.Follow,
		latest: make(map[string]func(string) Facts)}
	// Read when first needed, and whatever the first caller's patience.
	r.goSettings = sync.OnceValue(func() goSettings { return readGoSettings(context.Background(), env) })
	r.npm = sync.OnceValue(func() npmSettings { return readNPMSettings(context.Background(), env, c.Project) })
	r.cargoHome = cargoHome(env)
	r.podHome = podRepositories(env)
	r.gradleHome = either(onlyAbsolute(env.get("GRADLE_USER_HOME")), below(env.home(), ".gradle"))
	r.nugetPackages = sync.OnceValue(func() string { return nugetPackagesFolder(env) })
	r.places = make(map[string]func() places)
	for i := range registries {
		if reg := &registries[i]; reg.settings != nil {
			r.places[reg.kind] = sync.OnceValue(func() places {
				p := reg.settings(context.Background(), env, c.Project)
				if p.fallback != nil {
					p.fallback = sync.OnceValue(p.fallback)
				}
				return p
			})
		}
	}
	r.mavenRepository = sync.OnceValue(func() string { return readMavenRepository(env) })
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
	for _, settings := range r.places {
		if settings().names(host) {
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

// A job is what is known about one query before and after asking.
type job struct {
	query Query
	known []candidate
	sure  bool   // known needs no second opinion; what is asked is asked for facts
	ask   string // key of the question to ask over the network; empty if none
	err   error
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
		j.sure = surest(j.known) >= sureEnough
		if j.sure && (!q.Direct || fromRepository(q, p)) {
			continue
		}
		reg := registryOf(p.Type)
		if reg == nil {
			j.err = fmt.Errorf("no address of a repository in the file, and registries of type %s are not asked", p.Type)
			continue
		}
		ask, about := r.questionAbout(reg, q, p)
		if about == nil {
			j.err = errNoPlace
			continue
		}
		j.ask = ask
		if questions[j.ask] == nil {
			questions[j.ask] = about
		}
		asked := questions[j.ask]
		asked.wanted, asked.direct = asked.wanted || !j.sure, asked.direct || q.Direct
	}
	return jobs, questions
}

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
			last.Name, last.Version, last.Direct = either(last.Name, q.Name), either(last.Version, q.Version), last.Direct || q.Direct
			last.Said = last.Said.Or(q.Said)
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
	r.ask(ctx, questions)
	out := make(map[string]Resolution, len(jobs))
	var open gaps
	for _, j := range jobs {
		if q := questions[j.ask]; q != nil {
			j.known = append(j.known, q.found...)
			j.err = q.err
		}
	}
	r.follow(ctx, jobs)
	for _, j := range jobs {
		var facts Facts
		if q := questions[j.ask]; q != nil {
			facts = q.factsOf(j.query.Version)
		}
		res := choose(j.known)
		res.Facts = facts
		if name := replaces(j.query.Hints); name != "" && res.Upstream != "" {
			res.Evidence += ", in place of " + name
		}
		r.moduleFacts(j.query, &res)
		res.Facts = res.Facts.orSaid(j.query.Said, r.fetch.now())
		switch {
		case res.Upstream == "":
			open.add(j.query.PURL, j.err)
		case j.ask != "" && !j.sure && j.err != nil && gravity(j.err) > 0:
			res.Evidence += "; a surer rule got no answer"
		}
		out[j.query.PURL] = res
	}
	oneAddress(out)
	return out, open.list()
}

// factsPatience is how long a run waits for facts alone, once it knows the repositories: they are told of packages, and
// nothing rests on them. What is not there by then is not known; the next run finds what the cache has kept.
const factsPatience = 10 * time.Second

// ask asks the questions: first those on which a repository depends, packages that subjects name themselves before others.
func (r *Resolver) ask(ctx context.Context, questions map[string]*question) {
	order := slices.SortedFunc(maps.Keys(questions), func(a, b string) int {
		switch {
		case questions[a].direct == questions[b].direct:
			return cmp.Compare(a, b)
		case questions[a].direct:
			return -1
		}
		return 1
	})
	each := func(do func(*question)) {
		var g errgroup.Group
		g.SetLimit(r.parallel)
		for _, key := range order {
			g.Go(func() error {
				do(questions[key])
				return nil
			})
		}
		_ = g.Wait() // never an error
	}
	each(func(q *question) {
		if q.wanted {
			q.found, q.err = r.take(ctx, q, q.steps)
		}
	})
	within, cancel := context.WithTimeout(ctx, r.factsFor)
	defer cancel()
	each(func(q *question) {
		if !q.wanted {
			q.found, q.err = r.take(within, q, q.steps)
		}
		r.askFacts(within, q)
	})
}

// Plan gives, per host, how many requests Resolve would send at most for these queries: places that are asked only when an
// earlier one has no answer are counted too. Nothing is sent.
func (r *Resolver) Plan(queries []Query) map[string]int {
	p := planned{hosts: make(map[string]int), shared: make(map[string]bool)}
	if r.offline {
		return p.hosts
	}
	_, questions := r.prepare(queries)
	for _, q := range questions {
		p.question(r, q)
	}
	return p.hosts
}
