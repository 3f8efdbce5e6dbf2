package upstream

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// forgeWorld is a world whose forges know repositories: "there" for one that is, a number for an answer of that status, and
// otherwise the address that they send on to.
func forgeWorld(t *testing.T, repositories map[string]string) *world {
	t.Helper()
	w := newWorld("")
	for at := range repositories {
		host, _, _ := strings.Cut(at, "/")
		w.hook[host] = func(out http.ResponseWriter, r *http.Request) {
			path, asked := strings.CutSuffix(r.URL.RequestURI(), "/info/refs?service=git-upload-pack")
			if !asked {
				t.Errorf("asked for %s%s", r.Host, r.URL)
			}
			to := repositories[strings.TrimSuffix(r.Host+path, ".git")]
			status := 0
			switch _, err := fmt.Sscan(to, &status); {
			case to == "there":
				_, _ = out.Write([]byte("001e# service=git-upload-pack\n"))
			case err == nil:
				out.WriteHeader(status)
			case to == "":
				out.WriteHeader(http.StatusUnauthorized) // what forges say of what nobody may see, or is not there
			default:
				out.Header().Set("Location", to)
				out.WriteHeader(http.StatusMovedPermanently)
			}
		}
	}
	return w
}

func everything(string) bool { return true }

func refs(repository string) string {
	return "https://" + repository + ".git/info/refs?service=git-upload-pack"
}

// One package each, whose lockfile names the repository.
func TestMovedRepositories(t *testing.T) {
	t.Parallel()
	w := forgeWorld(t, map[string]string{
		"github.com/acme/pump":  "there",
		"github.com/old/valve":  refs("github.com/Acme/Valve"),
		"github.com/Acme/Valve": "there",
		"github.com/old/lever":  "/acme/lever.git/info/refs?service=git-upload-pack", // relative to what was asked
		"github.com/acme/lever": "there",
		"github.com/a/one":      refs("github.com/b/one"),
		"github.com/b/one":      refs("github.com/c/one"),
		"github.com/c/one":      refs("gitlab.com/d/deep/one"),
		"gitlab.com/d/deep/one": "there",
		"github.com/a/far":      refs("github.com/b/far"),
		"github.com/b/far":      refs("github.com/c/far"),
		"github.com/c/far":      refs("github.com/d/far"),
		"github.com/d/far":      refs("github.com/e/far"),
		"github.com/e/far":      "there",
		"github.com/a/loop":     refs("github.com/b/loop"),
		"github.com/b/loop":     refs("github.com/a/loop"),
		"github.com/a/self":     refs("github.com/a/self"),
		"github.com/a/Case":     refs("github.com/A/case"),
		"github.com/A/case":     "there",
		"github.com/a/hidden":   "401",
		"github.com/a/gone":     "404",
		"github.com/a/erased":   "410",
		"github.com/a/broken":   "500",
		"github.com/a/lost":     refs("github.com/b/lost"),
		"github.com/b/lost":     "404",
		"github.com/a/login":    "https://github.com/login",
		"github.com/a/page":     "https://github.com/b/page",
		"github.com/a/plain":    strings.Replace(refs("github.com/b/plain"), "https", "http", 1),
		"github.com/a/inside":   refs("127.0.0.1/b/inside"),
		"github.com/a/local":    refs("git.acme.internal/b/local"),
		"github.com/a/user":     strings.Replace(refs("github.com/b/user"), "://", "://me:secret@", 1),
		"github.com/a/port":     refs("github.com:8443/b/port"),
		"git.example.org/a/own": refs("github.com/acme/own"),
		"github.com/acme/own":   "there",
	})
	want := map[string]string{ // by what the lockfile names; what is not listed stays as it is
		"github.com/old/valve":  "github.com/acme/valve https://github.com/Acme/Valve",
		"github.com/old/lever":  "github.com/acme/lever https://github.com/acme/lever",
		"github.com/a/one":      "gitlab.com/d/deep/one https://gitlab.com/d/deep/one",
		"github.com/b/one":      "gitlab.com/d/deep/one https://gitlab.com/d/deep/one",
		"git.example.org/a/own": "github.com/acme/own https://github.com/acme/own",
		"github.com/b/far":      "github.com/e/far https://github.com/e/far", // three moves are followed, four are not
	}
	r := w.resolver(t, Config{Follow: everything})
	var queries []Query
	for _, at := range []string{"github.com/acme/pump", "github.com/old/valve", "github.com/old/lever", "github.com/a/one", "github.com/b/one", "github.com/a/far", "github.com/b/far",
		"github.com/a/loop", "github.com/a/self", "github.com/a/Case", "github.com/a/hidden", "github.com/a/gone", "github.com/a/erased", "github.com/a/broken", "github.com/a/lost", "github.com/a/login",
		"github.com/a/page", "github.com/a/plain", "github.com/a/inside", "github.com/a/local", "github.com/a/user", "github.com/a/port", "git.example.org/a/own"} {
		queries = append(queries, hint("pkg:generic/"+at, "vcs", "https://"+at))
	}
	planned := r.PlanMoved(queries)
	got, gaps := r.Resolve(t.Context(), queries)
	if len(gaps) > 0 {
		t.Errorf("gaps %+v", gaps)
	}
	for _, q := range queries {
		at := strings.TrimPrefix(q.PURL, "pkg:generic/")
		res := got[q.PURL]
		wanted, evidence := want[at], "vcs address in the file, moved from "+at
		if wanted == "" {
			wanted, evidence = strings.ToLower(at)+" https://"+at, "vcs address in the file"
		}
		if s := res.Upstream + " " + res.URL; s != wanted || res.Evidence != evidence || res.Confidence != 0.9 || res.Method != LockHint {
			t.Errorf("%s: %s, %s\nwant %s, %s", at, s, res.Evidence, wanted, evidence)
		}
	}
	sent := w.sent()
	most := 0
	for _, n := range planned {
		most += n
	}
	if len(sent) > most || len(planned) != 2 { // the hosts that are named before anybody is asked
		t.Errorf("%d requests, planned at most %v", len(sent), planned)
	}
	for _, s := range sent {
		if host, _, _ := strings.Cut(s, "/"); !slices.Contains([]string{"github.com", "gitlab.com", "git.example.org"}, host) {
			t.Errorf("%s was asked", s)
		}
	}
}

// Old and new address are one upstream, with one address to clone from, and sources that give one each agree.
func TestMovedIsOneUpstream(t *testing.T) {
	t.Parallel()
	w := forgeWorld(t, map[string]string{"github.com/old/valve": refs("github.com/acme/valve"), "github.com/acme/valve": "there"})
	r := w.resolver(t, Config{Follow: everything})
	both := hint("pkg:pypi/both@1", "vcs", "https://github.com/old/valve/tree/main/py", "website", "https://github.com/acme/valve")
	got, _ := r.Resolve(t.Context(), []Query{gomod("github.com/old/valve", "v1.0.0"), hint("pkg:pypi/new@1", "vcs", "https://github.com/Acme/Valve"), both})
	for purl, want := range map[string]string{
		"pkg:golang/github.com/old/valve@v1.0.0": "github.com/acme/valve | module-path 0.98",
		"pkg:pypi/new@1":                         "github.com/acme/valve | lock-hint 0.9",
		"pkg:pypi/both@1":                        "github.com/acme/valve / py | lock-hint 0.9",
	} {
		if s := short(got[purl]); s != want || got[purl].URL != "https://github.com/Acme/Valve" {
			t.Errorf("%s: %s at %s, want %s", purl, s, got[purl].URL, want)
		}
	}
}

// A fork is the upstream, and says of what it is one.
func TestForkSaysOfWhat(t *testing.T) {
	t.Parallel()
	fork := hint("pkg:golang/github.com/fork/valve@v1.0.1", "replaces", "https://example.com/acme/valve")
	got, gaps := newWorld("").resolver(t, Config{Offline: true}).Resolve(t.Context(), []Query{fork})
	res := got[fork.PURL]
	if s := short(res); s != "github.com/fork/valve | module-path 0.98" || !strings.HasSuffix(res.Evidence, ", in place of example.com/acme/valve") || len(gaps) > 0 {
		t.Errorf("%s, %s, gaps %v", s, res.Evidence, gaps)
	}
}

// What the user says stands; what Follow does not name is not asked about; answers are kept for a month, and count offline.
func TestMovedIsAskedSparingly(t *testing.T) {
	t.Parallel()
	w := forgeWorld(t, map[string]string{"github.com/old/valve": refs("github.com/acme/valve"), "github.com/acme/valve": "there", "github.com/a/hidden": "401"})
	cache := t.TempDir()
	now := time.Date(2025, 6, 1, 0, 0, 0, 0, time.UTC)
	queries := []Query{gomod("github.com/old/valve", "v1.0.0"), gomod("github.com/a/hidden", "v1.0.0")}
	for _, c := range []struct {
		name    string
		config  Config
		after   time.Duration
		planned int
		sent    int
		want    string
	}{
		{"nothing kept, offline", Config{Cache: cache, Follow: everything, Offline: true}, 0, 0, 0, "github.com/old/valve"},
		{"nobody to follow", Config{Cache: cache}, 0, 0, 0, "github.com/old/valve"},
		{"none to follow", Config{Cache: cache, Follow: func(string) bool { return false }}, 0, 0, 0, "github.com/old/valve"},
		{"an override", Config{Follow: everything, Overrides: map[string]string{"pkg:golang/*": "https://github.com/old/valve"}}, 0, 0, 0, "github.com/old/valve"},
		{"first", Config{Cache: cache, Follow: everything}, 0, 8, 3, "github.com/acme/valve"},
		{"offline", Config{Cache: cache, Follow: everything, Offline: true}, 0, 0, 0, "github.com/acme/valve"},
		{"a day later", Config{Cache: cache, Follow: everything}, 24 * time.Hour, 0, 0, "github.com/acme/valve"},
		{"a month later", Config{Cache: cache, Follow: everything}, 30 * 24 * time.Hour, 8, 3, "github.com/acme/valve"},
	} {
		now = now.Add(c.after)
		r := w.resolver(t, c.config)
		r.fetch.now = func() time.Time { return now }
		w.requests = nil
		planned := r.PlanMoved(queries)["github.com"]
		got, gaps := r.Resolve(t.Context(), queries)
		if s := got[queries[0].PURL].Upstream; s != c.want || planned != c.planned || len(w.sent()) != c.sent || len(gaps) > 0 {
			t.Errorf("%s: %s, want %s; %d requests, want %d; planned %d, want %d; gaps %v", c.name, s, c.want, len(w.sent()), c.sent, planned, c.planned, gaps)
		}
	}
}

// A repository that only a registry names is asked about too, and a forge that has no time leaves names as they are, once it
// has been asked politely.
func TestMovedForgeHasNoTime(t *testing.T) {
	t.Parallel()
	w := newWorld("-- registry.example/valve/latest --\n{\"repository\": \"https://github.com/old/valve\"}\n")
	w.hook["github.com"] = func(out http.ResponseWriter, _ *http.Request) { out.WriteHeader(http.StatusTooManyRequests) }
	r := w.resolver(t, Config{Follow: everything, Environ: []string{"npm_config_registry=https://registry.example/"}})
	got, gaps := r.Resolve(t.Context(), []Query{npm("valve", "1.0.0", "")})
	if s := short(got["pkg:npm/valve@1.0.0"]); s != "github.com/old/valve | npm-repository 0.85" || len(gaps) > 0 {
		t.Errorf("%s, gaps %v", s, gaps)
	}
	want := []string{"github.com/old/valve.git/info/refs?service=git-upload-pack", "github.com/old/valve.git/info/refs?service=git-upload-pack",
		"github.com/old/valve.git/info/refs?service=git-upload-pack", "registry.example/valve/latest"}
	if diff := cmp.Diff(want, w.sent()); diff != "" {
		t.Error(diff)
	}
}

// A run asks about so many at most, and waits so long at most.
func TestMovedIsBounded(t *testing.T) {
	t.Parallel()
	w := newWorld("")
	w.hook["github.com"] = func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	r := w.resolver(t, Config{Follow: everything, Patience: time.Minute})
	r.movedFor = 20 * time.Millisecond
	got, gaps := r.Resolve(t.Context(), []Query{gomod("github.com/old/valve", "v1.0.0")})
	if s := short(got["pkg:golang/github.com/old/valve@v1.0.0"]); s != "github.com/old/valve | module-path 0.98" || len(gaps) > 0 {
		t.Errorf("%s, gaps %v", s, gaps)
	}
	var jobs []*job
	for i := range maxAsked + 500 {
		q := gomod(fmt.Sprintf("github.com/o/n%04d", i), "v1.0.0")
		q.Direct = i >= maxAsked
		c, _ := fromModulePath(q.Name)
		jobs = append(jobs, &job{query: q, known: []candidate{c}})
	}
	all := r.movable(jobs)
	if len(all) != maxAsked || all[0].ID != "github.com/o/n1000" || all[500].ID != "github.com/o/n0000" {
		t.Errorf("%d are asked about, %v first", len(all), all[0])
	}
}

func FuzzSentOn(f *testing.F) {
	for _, seed := range []string{refs("github.com/acme/valve"), "/acme/valve.git/info/refs?service=git-upload-pack", "https://github.com/login", "//git.example.org/a/b/info/refs?service=git-upload-pack",
		"https://me@github.com/a/b/info/refs?service=git-upload-pack", "https://127.0.0.1/a/b/info/refs?service=git-upload-pack", "https://github.com:443/a/b.git/info/refs?service=git-upload-pack", "%zz", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, location string) {
		address, to, ok := sentOn("https://github.com/a/one.git"+movedTail, http.StatusFound, location)
		if !ok {
			return
		}
		again, err := ParseAddress(address)
		if err != nil || again.ID != to.ID || !strings.HasPrefix(address, "https://") || strings.ContainsAny(address, "@?# \n") || to.Folder != "" {
			t.Errorf("%q leads to %q, %+v, %v", location, address, to, err)
		}
	})
}

// BenchmarkMoved asks about 600 repositories on a forge that takes 50 ms to answer.
func BenchmarkMoved(b *testing.B) {
	w := newWorld("")
	w.hook["github.com"] = func(_ http.ResponseWriter, _ *http.Request) { time.Sleep(50 * time.Millisecond) }
	var queries []Query
	for i := range 600 {
		queries = append(queries, gomod(fmt.Sprintf("github.com/acme/n%d", i), "v1.0.0"))
	}
	for b.Loop() {
		r := w.resolver(b, Config{Follow: everything})
		r.movedFor = time.Minute
		if _, gaps := r.Resolve(b.Context(), queries); len(gaps) > 0 || len(w.sent()) != 600 {
			b.Fatal(len(w.sent()), gaps)
		}
		w.requests = nil
	}
}
