package history_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mainstay-oss/mainstay/internal/gap"
	"github.com/mainstay-oss/mainstay/internal/gittest"
	"github.com/mainstay-oss/mainstay/internal/history"
	"github.com/mainstay-oss/mainstay/internal/upstream"
)

const pump = "github.com/acme/pump"

const pumpWorld = `
	file .mailmap
	| Ada <ada@example.org> <ada@old.example>
	file README
	| a pump
	2020-01-02 Ada <ada@example.org> repeat 5 every 7d
	tag v1.0
	2020-03-01 Bob <bob@example.org> "mend it (#7)"
	tag-annotated v1.1 2020-03-02
	pull 7 2020-02-28 Bob <bob@example.org>
	pull 8 2020-04-01 Cy <cy@example.org>
	branch trunk
`

// day gives noon UTC of a date.
func day(t testing.TB, date string) time.Time {
	t.Helper()
	at, err := time.Parse(time.DateOnly, date)
	if err != nil {
		t.Fatal(err)
	}
	return at.Add(12 * time.Hour)
}

// A place is a git server with the repository acme/pump and a cache to fetch into.
type place struct {
	t      *testing.T
	root   string
	server *gittest.Server
	config history.Config
	now    time.Time
}

func newPlace(t *testing.T, world string) *place {
	p := &place{t: t, root: t.TempDir(), now: day(t, "2021-01-01")}
	gittest.BuildAt(t, p.repository(), world)
	p.server = gittest.Serve(t, p.root)
	p.config = history.Config{CacheDir: filepath.Join(t.TempDir(), "cache"), Now: func() time.Time { return p.now }}
	return p
}

func (p *place) repository() string { return filepath.Join(p.root, "acme", "pump.git") }

// find asks a new Finder, as the next run of the program would.
func (p *place) find() (*history.History, error) {
	return history.NewFinder(p.config).Find(p.t.Context(), pump, p.server.URL+"/acme/pump.git")
}

func (p *place) mustFind(source history.Source, commits int) *history.History {
	p.t.Helper()
	h, err := p.find()
	if err != nil {
		p.t.Fatal(err)
	}
	if h.Source != source || len(h.Commits) != commits || h.Upstream != pump {
		p.t.Fatalf("%s from %s with %d commits, want %s with %d", h.Upstream, h.Source, len(h.Commits), source, commits)
	}
	return h
}

// kind gives the kind of a *history.Error.
func kind(t testing.TB, err error) gap.Kind {
	t.Helper()
	var e *history.Error
	if !errors.As(err, &e) {
		t.Fatalf("not a *history.Error: %v", err)
	}
	return e.Kind
}

func TestFetch(t *testing.T) {
	t.Parallel()
	p := newPlace(t, pumpWorld)
	h := p.mustFind(history.Network, 6)
	if !h.ObservedUntil.Equal(p.now) {
		t.Errorf("observed until %s, want %s", h.ObservedUntil, p.now)
	}
	want := []history.Tag{{Created: day(t, "2020-01-30").Unix(), Name: "v1.0"}, {Created: day(t, "2020-03-02").Unix(), Name: "v1.1"}}
	if diff := cmp.Diff(want, h.Tags); diff != "" {
		t.Errorf("tags: %s", diff)
	}
	if h.PullsKnown || len(h.Pulls) > 0 {
		t.Error("pull heads came along")
	}
	if len(h.Aliases) != 1 {
		t.Errorf("aliases of .mailmap: %v", h.Aliases)
	}
	requests := len(p.server.Requests())
	if n := looseOrPacked(t, p.config.CacheDir); n > 10 {
		t.Errorf("%d objects for six commits, a tag, a tree and a file", n)
	}

	// The same day the cache serves.
	p.now = p.now.Add(23 * time.Hour)
	h = p.mustFind(history.Cache, 6)
	if want := day(t, "2021-01-01"); !h.ObservedUntil.Equal(want) {
		t.Errorf("observed until %s, want %s", h.ObservedUntil, want)
	}
	if n := len(p.server.Requests()); n != requests {
		t.Errorf("%d requests for a fresh entry", n-requests)
	}
	if plan := history.NewFinder(p.config).Plan([]string{pump}, 0); len(plan) != 0 {
		t.Errorf("plan %v for a fresh entry", plan)
	}

	// Later it is brought up to date: new commits, a moved and a deleted tag, another default branch.
	p.now = p.now.Add(48 * time.Hour)
	os.RemoveAll(p.repository())
	gittest.BuildAt(t, p.repository(), strings.NewReplacer("trunk", "main", "tag v1.0", "", "2020-03-02", "2020-03-03").Replace(pumpWorld)+
		"2021-01-02 Dee <dee@example.org> repeat 3 every 1h\n")
	h = p.mustFind(history.Network, 9)
	if len(h.Tags) != 1 || h.Tags[0].Created != day(t, "2020-03-03").Unix() {
		t.Errorf("tags after the update: %v", h.Tags)
	}

	// What lies before the date of interest need not be fetched again.
	p.now = p.now.Add(48 * time.Hour)
	requests = len(p.server.Requests())
	p.config.AsOf = day(t, "2020-06-01")
	p.mustFind(history.Cache, 9)
	if n := len(p.server.Requests()); n != requests {
		t.Errorf("%d requests though the entry is younger than the date of interest", n-requests)
	}
}

// looseOrPacked counts the objects of the one repository in a cache.
func looseOrPacked(t testing.TB, cache string) (n int) {
	t.Helper()
	out, err := exec.Command("git", "--git-dir="+filepath.Join(cache, filepath.FromSlash(pump)+".git"), "count-objects", "-v").Output()
	if err != nil {
		t.Fatal(err)
	}
	var loose, packed int
	for line := range strings.Lines(string(out)) {
		fmt.Sscanf(line, "count: %d", &loose)
		fmt.Sscanf(line, "in-pack: %d", &packed)
	}
	return loose + packed
}

func TestPulls(t *testing.T) {
	t.Parallel()
	p := newPlace(t, pumpWorld)
	f := history.NewFinder(p.config)
	h, err := f.Find(t.Context(), pump, p.server.URL+"/acme/pump.git")
	if err != nil {
		t.Fatal(err)
	}
	if h, err = f.Pulls(t.Context(), h); err != nil {
		t.Fatal(err)
	}
	if !h.PullsKnown || len(h.Pulls) != 2 || h.Pulls[1].Number != 8 || h.Pulls[1].Authored != day(t, "2020-04-01").Unix() || h.Source != history.Network {
		t.Errorf("pulls %v, known %v, from %s", h.Pulls, h.PullsKnown, h.Source)
	}
	// From now on they are kept, and brought up to date with the rest.
	if h = p.mustFind(history.Cache, 6); len(h.Pulls) != 2 {
		t.Errorf("pulls from the cache: %v", h.Pulls)
	}
	os.RemoveAll(p.repository())
	gittest.BuildAt(t, p.repository(), pumpWorld+"pull 9 2020-05-01 Cy <cy@example.org>\n")
	p.now = p.now.Add(48 * time.Hour)
	if h = p.mustFind(history.Network, 6); len(h.Pulls) != 3 {
		t.Errorf("pulls after an update: %v", h.Pulls)
	}
	p.config.Offline = true
	requests := len(p.server.Requests())
	if again, err := history.NewFinder(p.config).Pulls(t.Context(), h); err != nil || again != h || len(p.server.Requests()) != requests {
		t.Errorf("offline: %v, %v, %d requests", again, err, len(p.server.Requests())-requests)
	}
}

func TestOffline(t *testing.T) {
	t.Parallel()
	p := newPlace(t, pumpWorld)
	p.config.Offline = true
	if _, err := p.find(); kind(t, err) != gap.Offline {
		t.Errorf("nothing cached: %v", err)
	}
	if plan := history.NewFinder(p.config).Plan([]string{pump}, 0); len(plan) != 0 {
		t.Errorf("plan %v", plan)
	}
	p.config.Offline = false
	p.mustFind(history.Network, 6)
	requests := len(p.server.Requests())
	p.config.Offline = true
	p.now = p.now.AddDate(3, 0, 0)
	if h := p.mustFind(history.Cache, 6); !h.ObservedUntil.Equal(day(t, "2021-01-01")) {
		t.Errorf("observed until %s", h.ObservedUntil)
	}
	if n := len(p.server.Requests()); n != requests {
		t.Errorf("%d requests offline", n-requests)
	}
}

func TestNoFilter(t *testing.T) {
	t.Parallel()
	p := newPlace(t, pumpWorld)
	p.server = gittest.Serve(t, p.root, "uploadpack.allowFilter=false")
	if h := p.mustFind(history.Network, 6); len(h.Aliases) != 1 {
		t.Errorf("aliases %v", h.Aliases)
	}
	p.now = p.now.AddDate(0, 0, 2)
	p.mustFind(history.Network, 6)
}

func TestFetchFailures(t *testing.T) {
	t.Parallel()
	p := newPlace(t, pumpWorld)
	gittest.BuildAt(t, filepath.Join(p.root, "acme", "empty.git"), "")
	gittest.BuildAt(t, filepath.Join(p.root, "acme", "lost.git"), "2020-01-02 Ada <a@example.org>\n")
	if err := os.WriteFile(filepath.Join(p.root, "acme", "lost.git", "HEAD"), []byte("ref: refs/heads/gone\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	shallow := filepath.Join(p.root, "acme", "shallow.git")
	if out, err := exec.Command("git", "clone", "-q", "--bare", "--depth=2", "file://"+p.repository(), shallow).CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	locked := http.NewServeMux()
	locked.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("WWW-Authenticate", `Basic realm="private"`)
		w.WriteHeader(http.StatusUnauthorized)
	})
	private := serve(t, locked)
	f := history.NewFinder(p.config)
	for i, c := range []struct {
		url  string
		want gap.Kind // "" for none
	}{
		{p.server.URL + "/acme/none.git", gap.Vanished},
		{private + "/acme/pump.git", gap.Vanished},
		{p.server.URL + "/acme/empty.git", gap.EmptyRepository},
		{p.server.URL + "/acme/lost.git", ""},
		{p.server.URL + "/acme/shallow.git", gap.Shallow},
		{"file://" + p.repository(), gap.NoHistory},
		{p.repository(), gap.NoHistory},
		{"ext::sh -c touch% /tmp/x", gap.NoHistory},
		{"--upload-pack=touch", gap.NoHistory},
		{"git://127.0.0.1/x", gap.NoHistory},
		{"http://-oProxyCommand=x/y", gap.NoHistory},
		{"-oProxyCommand=x@host:y", gap.NoHistory},
		{"a@-oProxyCommand=x:y", gap.NoHistory},
	} {
		id := fmt.Sprintf("github.com/acme/x%d", i)
		h, err := f.Find(t.Context(), id, c.url)
		switch {
		case c.want == "" && (err != nil || len(h.Commits) != 1):
			t.Errorf("%s: %v", c.url, err)
		case c.want != "" && kind(t, err) != c.want:
			t.Errorf("%s: %v, want %s", c.url, err, c.want)
		}
	}
	if _, err := f.Find(t.Context(), "../../etc", ""); kind(t, err) != gap.NoHistory {
		t.Errorf("%v", err)
	}
	// What failed is not asked again in this run, and leaves nothing behind.
	requests := len(p.server.Requests())
	url := p.server.URL + "/acme/none.git"
	if _, err := f.Find(t.Context(), "github.com/acme/x0", url); kind(t, err) != gap.Vanished || len(p.server.Requests()) != requests {
		t.Errorf("%v, %d more requests", err, len(p.server.Requests())-requests)
	}
	for _, left := range entries(t, filepath.Join(p.config.CacheDir, "github.com", "acme")) {
		if strings.Contains(left, ".new-") {
			t.Errorf("left behind: %s", left)
		}
	}
}

func entries(t testing.TB, dir string) (names []string) {
	t.Helper()
	all, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range all {
		names = append(names, e.Name())
	}
	return names
}

// serve answers with h on the loopback interface.
func serve(t testing.TB, h http.Handler) (url string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &http.Server{Handler: h}
	go s.Serve(l)
	t.Cleanup(func() { s.Close() })
	return "http://" + l.Addr().String()
}

// TestVanishedLater: what was fetched stays good when the repository goes.
func TestVanishedLater(t *testing.T) {
	t.Parallel()
	p := newPlace(t, pumpWorld)
	p.mustFind(history.Network, 6)
	os.RemoveAll(p.repository())
	p.now = p.now.AddDate(0, 1, 0)
	if h := p.mustFind(history.Cache, 6); !h.ObservedUntil.Equal(day(t, "2021-01-01")) {
		t.Errorf("observed until %s", h.ObservedUntil)
	}
}

// TestDeadHost: a host that refuses is tried at most twice, whatever the number of upstreams, and the gap names it.
func TestDeadHost(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	f := history.NewFinder(history.Config{CacheDir: t.TempDir()})
	start := time.Now()
	var wait sync.WaitGroup
	for i := range 40 {
		wait.Go(func() {
			_, err := f.Find(t.Context(), fmt.Sprintf("github.com/acme/x%d", i), "http://"+address+"/acme/x")
			var e *history.Error
			if !errors.As(err, &e) || e.Kind != gap.HostUnreachable || e.Gap().What != "127.0.0.1" {
				t.Errorf("%v", err)
			}
		})
	}
	wait.Wait()
	if took := time.Since(start); took > 8*time.Second {
		t.Errorf("a dead host cost %s", took)
	}
}

// TestSilentHost: a host that accepts connections and says nothing is given up once for all.
func TestSilentHost(t *testing.T) {
	t.Parallel()
	address := listen(t)
	for _, scheme := range []string{"http", "https"} {
		t.Run(scheme, func(t *testing.T) {
			t.Parallel()
			const patience = history.Patience / 20
			f := history.NewFinder(history.Config{CacheDir: t.TempDir(), Patience: patience})
			start := time.Now()
			var wait sync.WaitGroup
			for i := range 20 {
				wait.Go(func() {
					_, err := f.Find(t.Context(), fmt.Sprintf("github.com/acme/x%d", i), scheme+"://"+address+"/acme/x")
					if kind(t, err) != gap.HostUnreachable {
						t.Errorf("%v", err)
					}
				})
			}
			wait.Wait()
			if took := time.Since(start); took > patience+2*time.Second { // 20 would take 3.5 s one by one
				t.Errorf("a silent host cost %s", took)
			}
		})
	}
}

// listen gives the address of a host that accepts connections and never answers.
func listen(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l.Addr().String()
}

// TestAllSilent: registries, module proxies and git hosts that accept connections and never answer cost what both stages
// allow, whatever their number and order; unscaled that is less than ten seconds.
func TestAllSilent(t *testing.T) {
	t.Parallel()
	if all := upstream.Patience + history.Patience; all > 9500*time.Millisecond {
		t.Errorf("hosts that do not answer can cost %s", all)
	}
	const scale, hosts = 20, 10
	var proxies, registries []string
	for range hosts {
		proxies = append(proxies, "http://"+listen(t))
		registries = append(registries, "http://"+listen(t))
	}
	home := t.TempDir()
	var npmrc strings.Builder
	var queries []upstream.Query
	for i, r := range registries {
		fmt.Fprintf(&npmrc, "@s%d:registry=%s\n", i, r)
		queries = append(queries, upstream.Query{PURL: fmt.Sprintf("pkg:npm/%%40s%d/x@1.0.0", i), Name: fmt.Sprintf("@s%d/x", i), Version: "1.0.0"},
			upstream.Query{PURL: fmt.Sprintf("pkg:golang/go.acme.example/x%d@v1.0.0", i), Name: fmt.Sprintf("go.acme.example/x%d", i), Version: "v1.0.0"})
	}
	if err := os.WriteFile(filepath.Join(home, ".npmrc"), []byte(npmrc.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := upstream.New(upstream.Config{
		AllowPrivate: true, Patience: upstream.Patience / scale,
		Environ: []string{"HOME=" + home, "USERPROFILE=" + home, "GOENV=off", "GOPROXY=" + strings.Join(proxies, "|")},
		Run:     func(context.Context, string, ...string) (string, error) { return "", errors.New("no programs here") },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	f := history.NewFinder(history.Config{CacheDir: t.TempDir(), Patience: history.Patience / scale})

	start := time.Now()
	for i := range hosts { // module files come first
		if _, err := r.GoMod(t.Context(), fmt.Sprintf("go.acme.example/m%d", i), "v1.0.0"); !errors.Is(err, upstream.ErrUnreachable) {
			t.Errorf("%v", err)
		}
	}
	if _, gaps := r.Resolve(t.Context(), queries); len(gaps) == 0 {
		t.Error("no gaps")
	}
	looked := time.Since(start)
	for i := range hosts { // one after the other, the worst case
		_, err := f.Find(t.Context(), fmt.Sprintf("github.com/acme/x%d", i), "http://"+listen(t)+"/acme/x")
		if kind(t, err) != gap.HostUnreachable {
			t.Errorf("%v", err)
		}
	}
	// Starting programs takes its time on a busy machine; waiting for each host would take 5.2 s.
	if took, bound := time.Since(start), (upstream.Patience+history.Patience)/scale; took > bound+1500*time.Millisecond {
		t.Errorf("all silent: %s, of it %s for registries; bound %s", took, looked, bound)
	} else {
		t.Logf("%s, of it %s for registries; bound %s", took, looked, bound)
	}
}

// TestKilled: a run that ends in the midst of a fetch leaves nothing that passes for a repository, and the next is not
// disturbed by what it left.
func TestKilled(t *testing.T) {
	t.Parallel()
	p := newPlace(t, pumpWorld)
	ctx, cancel := context.WithCancel(t.Context())
	p.server.Hold(func(r *http.Request) {
		if r.Method == http.MethodPost && len(p.server.Requests()) > 3 {
			cancel()
		}
	})
	_, err := history.NewFinder(p.config).Find(ctx, pump, p.server.URL+"/acme/pump.git")
	if kind(t, err) != gap.OutOfBudget {
		t.Fatalf("%v", err)
	}
	acme := filepath.Join(p.config.CacheDir, "github.com", "acme")
	if got := entries(t, acme); !slices.Equal(got, []string{"pump.git.lock"}) {
		t.Errorf("left behind: %v", got)
	}
	p.server.Hold(nil)
	// What kill -9 leaves.
	for _, name := range []string{"pump.git.new-1/objects", "pump.git/objects/pack"} {
		if err := os.MkdirAll(filepath.Join(acme, filepath.FromSlash(name)), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	p.config.Offline = true
	if _, err := p.find(); kind(t, err) != gap.Offline {
		t.Fatalf("half an entry was read: %v", err)
	}
	p.config.Offline = false
	p.mustFind(history.Network, 6)
	entry := filepath.Join(acme, "pump.git")
	for _, name := range []string{"packed-refs.lock", "refs/heads/main.lock", "objects/pack/tmp_pack_x"} {
		if err := os.WriteFile(filepath.Join(entry, filepath.FromSlash(name)), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	p.now = p.now.AddDate(0, 0, 2)
	p.mustFind(history.Network, 6)
	if got := entries(t, acme); !slices.Equal(got, []string{"pump.git", "pump.git.lock"}) {
		t.Errorf("left behind: %v", got)
	}
}

// TestDamagedCache: an entry that cannot be read is fetched afresh; offline it is a gap.
func TestDamagedCache(t *testing.T) {
	t.Parallel()
	p := newPlace(t, pumpWorld)
	p.mustFind(history.Network, 6)
	packs, err := filepath.Glob(filepath.Join(p.config.CacheDir, "github.com", "acme", "pump.git", "objects", "pack", "*.pack"))
	if err != nil || len(packs) == 0 {
		t.Fatalf("%v %v", packs, err)
	}
	for _, pack := range packs {
		os.Chmod(pack, 0o600)
		if err := os.WriteFile(pack, []byte("PACK but no pack"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p.config.Offline = true
	if _, err := p.find(); kind(t, err) != gap.Corrupt {
		t.Errorf("%v", err)
	}
	p.config.Offline = false
	p.mustFind(history.Network, 6)
}

// TestFindSideBySide: one upstream is fetched once, whoever asks.
func TestFindSideBySide(t *testing.T) {
	t.Parallel()
	p := newPlace(t, pumpWorld)
	alone := newPlace(t, pumpWorld)
	alone.mustFind(history.Network, 6)
	one, two := history.NewFinder(p.config), history.NewFinder(p.config) // two runs at the same time
	var wait sync.WaitGroup
	for i := range 8 {
		wait.Go(func() {
			f := one
			if i%2 == 1 {
				f = two
			}
			h, err := f.Find(t.Context(), pump, p.server.URL+"/acme/pump.git")
			if err != nil || len(h.Commits) != 6 {
				t.Errorf("%v", err)
			}
		})
	}
	wait.Wait()
	// The second run asks the host whether it answers only if it comes first.
	if got, want := len(p.server.Requests()), len(alone.server.Requests()); got != want {
		t.Errorf("%d requests, %d for one alone", got, want)
	}
}
